"""The journal: numbers that never come twice, and a client that may die at any write."""

import sqlite3
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.his.centre import Centre
from tests.his.factories import CODE, NUMBER, House, Killed, visit
from yidi.his.errors import UnknownRecord
from yidi.his.journal import MEMORY, Journal, VisitState
from yidi.his.messages import OPEN, Message


def prepare(journal: Journal) -> Message:
    return journal.prepare(CODE, "1101", lambda msgid, now: {"msgid": msgid})


def test_numbers_are_unique_across_threads_and_restarts(tmp_path: Path) -> None:
    file = str(tmp_path / "his.sqlite3")
    journals = [Journal(file), Journal(file)]
    with ThreadPoolExecutor(4) as pool:
        messages = list(pool.map(lambda number: prepare(journals[number % 2]), range(40)))
    messages.append(prepare(Journal(file)))
    assert len({message.msgid for message in messages}) == 41
    assert all(len(message.msgid) == 30 and message.msgid.startswith(CODE) for message in messages)
    assert sorted(message.msgid[-4:] for message in messages) == [f"{number:04d}" for number in range(1, 42)]


def test_a_number_that_is_taken_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sequence has four digits and begins again; a clock may be set back."""
    journal = Journal(MEMORY)
    monkeypatch.setattr(
        "yidi.his.journal.message_number", lambda code, now, sequence: f"{code}{sequence % 3}"
    )
    assert [prepare(journal).msgid[-1] for _ in range(3)] == ["1", "2", "0"]
    monkeypatch.setattr(
        "yidi.his.journal.message_number", lambda code, now, sequence: f"{code}{sequence % 5}"
    )
    assert [prepare(journal).msgid[-1] for _ in range(2)] == ["4", "3"]


def test_its_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "his.sqlite3"
    Journal(str(file))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_what_is_not_there() -> None:
    journal = Journal(MEMORY)
    for ask in (journal.message, journal.visit):
        with pytest.raises(UnknownRecord, match="X1"):
            ask("X1")


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE message SET state = 'lost'",
        "UPDATE message SET state = 'sent'",
        "UPDATE message SET state = 'answered', attempts = 1",
        "UPDATE visit SET state = 'paid'",
    ],
)
def test_what_cannot_be(change: str) -> None:
    journal = Journal(MEMORY)
    prepare(journal)
    journal.add_visit(NUMBER, {})
    with pytest.raises(sqlite3.IntegrityError), journal.together():
        journal._db.execute(change)


class DyingJournal(Journal):
    """Dies at its n-th write, before or after it is on disk."""

    left = 10_000
    after = False

    @contextmanager
    def together(self) -> Iterator[None]:
        outermost = self._depth == 0
        with super().together():
            yield
            if outermost:
                self.left -= 1
            if outermost and self.left == 0 and not self.after:
                raise Killed
        if outermost and self.left == 0:
            raise Killed


WRITES = 24
"""What a visit writes from reading the person to its settlement: three times a message, and itself."""


@pytest.mark.parametrize("work", ["settle", "cancel"])
@pytest.mark.parametrize("after", [False, True])
def test_killed_at_any_write(work: str, after: bool) -> None:
    died = 0
    for left in range(1, WRITES):
        house = House(Centre())
        journal = DyingJournal(MEMORY)
        house.journal = house.hospital.journal = house.hospital._recovery._journal = journal
        house.transport._journal = journal
        house.hospital.open_visit(visit())
        if work == "cancel":
            house.hospital.settle(NUMBER)
        journal.left, journal.after = left, after
        try:
            getattr(house.hospital, work)(NUMBER)
        except Killed:
            died += 1
            journal.left = 10_000
            getattr(house.restart(), work)(NUMBER)
        standing: list[Any] = house.centre.standing()
        assert [one["setl_id"] for one in standing] == [
            one.setl_id for one in journal.settlements() if one.stands
        ]
        assert len(standing) == (work == "settle")
        assert journal.visit(NUMBER).state is (
            VisitState.SETTLED if work == "settle" else VisitState.CANCELLED
        )
        assert not [message for message in journal.latest_messages(99) if message.state in OPEN]
    assert died == (18 if work == "settle" else 3)
