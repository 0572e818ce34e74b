"""What the hospital knows, in one SQLite file: every message before it is sent, every visit, every settlement.

The file holds personal data as it was sent: it is made readable for its owner alone, and kept like the hospital's records.
"""

import json
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from yidi.his.errors import UnknownRecord
from yidi.his.messages import OPEN, SEQUENCES, SHANGHAI, Message, State, message_number

BUSY_S = 30
MEMORY = ":memory:"

SCHEMA = """
CREATE TABLE IF NOT EXISTS message (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    msgid TEXT NOT NULL UNIQUE,
    infno TEXT NOT NULL,
    visit TEXT NOT NULL,
    text TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    refers TEXT NOT NULL DEFAULT '',
    reply TEXT,
    note TEXT NOT NULL DEFAULT '',
    prepared_at TEXT NOT NULL,
    sent_at TEXT,
    ended_at TEXT,
    CHECK (state IN ('prepared', 'sent', 'answered', 'refused', 'unknown', 'resolved', 'dropped')),
    CHECK ((state = 'prepared') <= (attempts = 0)),
    CHECK ((state IN ('sent', 'answered', 'refused')) <= (attempts > 0)),
    CHECK ((state IN ('answered', 'refused')) <= (reply IS NOT NULL))
);
CREATE INDEX IF NOT EXISTS message_of_visit ON message (visit, infno);
CREATE INDEX IF NOT EXISTS message_open ON message (state) WHERE state IN ('prepared', 'sent', 'unknown');
CREATE TABLE IF NOT EXISTS visit (
    number TEXT PRIMARY KEY,
    data TEXT NOT NULL,
    state TEXT NOT NULL,
    step INTEGER NOT NULL DEFAULT 0,
    psn_no TEXT NOT NULL DEFAULT '',
    home TEXT NOT NULL DEFAULT '',
    insutype TEXT NOT NULL DEFAULT '',
    mdtrt_id TEXT NOT NULL DEFAULT '',
    note TEXT NOT NULL DEFAULT '',
    CHECK (state IN ('new', 'read', 'registered', 'described', 'uploaded', 'settled', 'cancelled', 'withdrawn', 'disputed'))
);
CREATE TABLE IF NOT EXISTS settlement (
    setl_id TEXT PRIMARY KEY,
    msgid TEXT NOT NULL,
    visit TEXT NOT NULL REFERENCES visit,
    undoes TEXT UNIQUE REFERENCES settlement,
    stands INTEGER NOT NULL,
    counts INTEGER NOT NULL DEFAULT 1,
    at TEXT NOT NULL,
    insutype TEXT NOT NULL,
    clr_type TEXT NOT NULL,
    clr_optins TEXT NOT NULL,
    total INTEGER NOT NULL,
    fund INTEGER NOT NULL,
    account INTEGER NOT NULL,
    cash INTEGER NOT NULL,
    CHECK (undoes IS NULL OR (NOT stands AND total <= 0)),
    CHECK (stands <= counts)
);
CREATE UNIQUE INDEX IF NOT EXISTS settlement_stands_once ON settlement (visit) WHERE stands;
"""
"""Amounts are in fen. `stands`: neither cancelled nor reversed. `counts`: part of the reconciliation; a settlement that was
reversed (2601) counts as never sent."""


class VisitState(StrEnum):
    NEW = "new"
    READ = "read"
    REGISTERED = "registered"
    DESCRIBED = "described"
    UPLOADED = "uploaded"
    """Its lines are at the centre and no settlement stands."""
    SETTLED = "settled"
    CANCELLED = "cancelled"
    WITHDRAWN = "withdrawn"
    DISPUTED = "disputed"
    """Left for a person to look at; `note` says why."""


@dataclass(frozen=True, slots=True)
class VisitRecord:
    """A visit as far as it has come."""

    number: str
    data: Mapping[str, Any]
    state: VisitState
    step: int
    """How many steps of its script are done."""
    psn_no: str
    home: str
    insutype: str
    mdtrt_id: str
    note: str


@dataclass(frozen=True, slots=True)
class SettlementRecord:
    """A settlement or cancellation as the centre answered it; amounts in fen, negative in a cancellation."""

    setl_id: str
    msgid: str
    visit: str
    undoes: str | None
    stands: bool
    counts: bool
    at: str
    insutype: str
    clr_type: str
    clr_optins: str
    total: int
    fund: int
    account: int
    cash: int


MESSAGE = "msgid, infno, visit, text, state, attempts, refers, reply, note"
VISIT = "number, data, state, step, psn_no, home, insutype, mdtrt_id, note"
SETTLEMENT = ", ".join(SettlementRecord.__dataclass_fields__)


class Journal:
    """The hospital's file. May be used by several threads and processes at once."""

    def __init__(self, file: str) -> None:
        if file != MEMORY:
            Path(file).touch(mode=0o600)
        self._lock = threading.RLock()
        self._depth = 0
        self._db = sqlite3.connect(file, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
        self._db.row_factory = sqlite3.Row
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
            self._db.execute(f"PRAGMA {pragma}")
        self._db.executescript(SCHEMA)

    def close(self) -> None:
        self._db.close()

    @contextmanager
    def together(self) -> Iterator[None]:
        """What is written in this block is written whole or not at all."""
        with self._lock:
            if self._depth == 0:
                self._db.execute("BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield
            except BaseException:
                self._depth -= 1
                if self._depth == 0:
                    self._db.execute("ROLLBACK")
                raise
            self._depth -= 1
            if self._depth == 0:
                self._db.execute("COMMIT")

    def _rows(self, query: str, *values: Any) -> list[sqlite3.Row]:
        with self._lock:
            return self._db.execute(query, values).fetchall()

    # messages

    def prepare(
        self,
        code: str,
        infno: str,
        build: Callable[[str, datetime], Mapping[str, Any]],
        visit: str = "",
        refers: str = "",
    ) -> Message:
        """Write a new message down under a number of its own; `build` makes its body from number and time."""
        with self.together():
            now = datetime.now(SHANGHAI)
            ((sequence,),) = self._rows("SELECT coalesce(max(number), 0) + 1 FROM message")
            msgid = next(
                candidate
                for candidate in (message_number(code, now, sequence + more) for more in range(SEQUENCES))
                if not self._rows("SELECT 1 FROM message WHERE msgid = ?", candidate)
            )
            text = json.dumps(build(msgid, now), ensure_ascii=False)
            self._db.execute(
                "INSERT INTO message (msgid, infno, visit, text, state, refers, prepared_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (msgid, infno, visit, text, State.PREPARED, refers, _time(now)),
            )
            return self.message(msgid)

    def message(self, msgid: str) -> Message:
        """The message of that number as it is now. Raises UnknownRecord."""
        found = self._messages("WHERE msgid = ?", msgid)
        if not found:
            raise UnknownRecord(what="报文", number=msgid)
        return found[0]

    def _messages(self, where: str, *values: Any) -> list[Message]:
        rows = self._rows(f"SELECT {MESSAGE} FROM message {where}", *values)  # noqa: S608
        return [Message(**{**dict(row), "state": State(row["state"])}) for row in rows]

    def open_messages(self, visits: Sequence[str] | None = None) -> list[Message]:
        """The messages whose outcome is not known, in the order they were written."""
        found = self._messages(f"WHERE state IN ({_marks(OPEN)}) ORDER BY number", *OPEN)
        return [message for message in found if visits is None or message.visit in visits]

    def messages_of(self, visit: str, *kinds: str) -> list[Message]:
        """The messages of a visit, of those transactions (with or without their A), in the order they were written."""
        found = self._messages("WHERE visit = ? ORDER BY number", visit)
        return [message for message in found if not kinds or message.kind in kinds]

    def sendings(self, visit: str, kind: str) -> int:
        """How often messages of that transaction were sent for a visit."""
        return sum(message.attempts for message in self.messages_of(visit, kind))

    def latest_messages(self, limit: int, visit: str = "") -> list[Message]:
        """The newest messages, the oldest of them first."""
        found = self._messages("WHERE ? IN ('', visit) ORDER BY number DESC LIMIT ?", visit, limit)
        return found[::-1]

    def reversals_of(self, msgid: str) -> list[Message]:
        """The messages that undo that one."""
        return self._messages("WHERE refers = ? ORDER BY number", msgid)

    def sending(self, message: Message) -> Message:
        """Note, before the first byte leaves, that a message is sent (once more)."""
        with self.together():
            self._db.execute(
                "UPDATE message SET state = ?, attempts = attempts + 1, sent_at = ? WHERE msgid = ?",
                (State.SENT, _now(), message.msgid),
            )
            return self.message(message.msgid)

    def end(self, message: Message, state: State, reply: str | None = None, note: str = "") -> None:
        """Note what became of a message, or (UNKNOWN) that this is not known."""
        with self.together():
            self._db.execute(
                "UPDATE message SET state = ?, reply = coalesce(?, reply), note = ?, ended_at = ? WHERE msgid = ?",
                (state, reply, note, _now(), message.msgid),
            )

    # visits

    def add_visit(self, number: str, data: Mapping[str, Any]) -> None:
        """A new visit; one that is there already stays as it is."""
        with self.together():
            self._db.execute(
                "INSERT INTO visit (number, data, state) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                (number, json.dumps(data, ensure_ascii=False), VisitState.NEW),
            )

    def visit(self, number: str) -> VisitRecord:
        """The visit of that number. Raises UnknownRecord."""
        found = self._visits("WHERE number = ?", number)
        if not found:
            raise UnknownRecord(what="就诊", number=number)
        return found[0]

    def visits(self) -> list[VisitRecord]:
        return self._visits("ORDER BY number")

    def _visits(self, where: str, *values: Any) -> list[VisitRecord]:
        rows = self._rows(f"SELECT {VISIT} FROM visit {where}", *values)  # noqa: S608
        return [
            VisitRecord(**{**dict(row), "data": json.loads(row["data"]), "state": VisitState(row["state"])})
            for row in rows
        ]

    def change_visit(self, number: str, **columns: Any) -> None:
        with self.together():
            changes = ", ".join(f"{name} = ?" for name in columns)
            self._db.execute(
                f"UPDATE visit SET {changes} WHERE number = ?",  # noqa: S608
                (*columns.values(), number),
            )

    # settlements

    def book(self, record: SettlementRecord) -> None:
        """Enter a settlement or a cancellation; the same one twice is entered once."""
        with self.together():
            values = [getattr(record, name) for name in SettlementRecord.__dataclass_fields__]
            self._db.execute(
                f"INSERT INTO settlement ({SETTLEMENT}) VALUES ({_marks(values)}) ON CONFLICT (setl_id) DO NOTHING",  # noqa: S608
                values,
            )

    def change_settlement(self, setl_id: str, **columns: Any) -> None:
        with self.together():
            changes = ", ".join(f"{name} = ?" for name in columns)
            self._db.execute(
                f"UPDATE settlement SET {changes} WHERE setl_id = ?",  # noqa: S608
                (*columns.values(), setl_id),
            )

    def settlements(self) -> list[SettlementRecord]:
        """Everything settled and cancelled, in the order of the centre's times."""
        return self._settlements("ORDER BY at, setl_id")

    def settlement(self, setl_id: str) -> SettlementRecord | None:
        """The settlement or cancellation with the centre's number."""
        return next(iter(self._settlements("WHERE setl_id = ?", setl_id)), None)

    def settlement_by_message(self, msgid: str) -> SettlementRecord | None:
        """What that message settled or cancelled."""
        return next(iter(self._settlements("WHERE msgid = ?", msgid)), None)

    def standing(self, visit: str) -> SettlementRecord | None:
        """The visit's settlement that stands."""
        return next(iter(self._settlements("WHERE visit = ? AND stands", visit)), None)

    def _settlements(self, where: str, *values: Any) -> list[SettlementRecord]:
        rows = self._rows(f"SELECT {SETTLEMENT} FROM settlement {where}", *values)  # noqa: S608
        return [
            SettlementRecord(**{**dict(row), "stands": bool(row["stands"]), "counts": bool(row["counts"])})
            for row in rows
        ]


def _marks(values: Sequence[Any]) -> str:
    return ", ".join("?" * len(values))


def _now() -> str:
    return _time(datetime.now(SHANGHAI))


def _time(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds")
