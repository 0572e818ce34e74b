"""The recovery table: where it broke and what the centre does → the messages that are sent, and how it ends."""

import pytest

from tests.his.centre import Centre
from tests.his.factories import NUMBER, House, Killed, plan, visit
from yidi.his.errors import StillUnknown, WrongReply
from yidi.his.faults import Fault
from yidi.his.journal import VisitState
from yidi.his.messages import State
from yidi.his.recovery import TABLE, WITHOUT_REPLAY, Kind, Known, Step

BEFORE, AFTER, CUT, LATE, TWICE = Fault.DROP_BEFORE, Fault.DROP_AFTER, Fault.CUT, Fault.LATE, Fault.TWICE
KILLED, KILLED_AFTER = Fault.KILL_BEFORE, Fault.KILL_AFTER
KEEPS, ASKED, FORGETS = {}, {"replays": False}, {"replays": False, "remembers": False}
"""Centres that keep replies; that do not; that besides know nothing to reverse where nothing arrived."""

SETTLE = [
    # the centre, what befalls the sendings of 2207 → what the centre saw from then on; | is a restart
    (KEEPS, (), "2207"),
    (KEEPS, (BEFORE,), "2207"),
    (KEEPS, (AFTER,), "2207 2207"),
    (KEEPS, (CUT,), "2207 2207"),
    (KEEPS, (TWICE,), "2207 2207"),
    (KEEPS, (LATE,), "2207"),
    (KEEPS, (BEFORE, AFTER), "2207 2207"),
    (KEEPS, (AFTER, CUT), "2207 2207 2207"),
    (KEEPS, (KILLED,), "| 2207"),
    (KEEPS, (KILLED_AFTER,), "2207 | 2207"),
    (KEEPS, (AFTER, KILLED_AFTER), "2207 2207 | 2207"),
    (ASKED, (BEFORE,), "2207"),
    (ASKED, (AFTER,), "2207 5203"),
    (ASKED, (CUT,), "2207 5203"),
    (ASKED, (TWICE,), "2207 2207 5203"),
    (ASKED, (LATE,), "5203 2601 2206 2207"),
    (ASKED, (KILLED,), "| 5203 2601 2206 2207"),
    (ASKED, (KILLED_AFTER,), "2207 | 5203"),
    (FORGETS, (LATE,), "5203 2601 2206 2207"),
    (FORGETS, (KILLED,), "| 5203 2601 2206 2207"),
]
CANCEL = [
    (KEEPS, (BEFORE,), "2208"),
    (KEEPS, (AFTER,), "2208 2208"),
    (KEEPS, (CUT,), "2208 2208"),
    (KEEPS, (TWICE,), "2208 2208"),
    (KEEPS, (KILLED,), "| 2208"),
    (KEEPS, (KILLED_AFTER,), "2208 | 2208"),
    (ASKED, (AFTER,), "2208 5203"),
    (ASKED, (TWICE,), "2208 2208 5203"),
    (ASKED, (LATE,), "5203 2601 2208"),
    (ASKED, (KILLED,), "| 5203 2601 2208"),
    (ASKED, (KILLED_AFTER,), "2208 | 5203"),
    (FORGETS, (LATE,), "5203 2601 2208"),
]


def run(house: House, work: str) -> None:
    """Do it, restarting the client whenever it dies."""
    while True:
        try:
            getattr(house.hospital, work)(NUMBER)
        except Killed:
            house.centre.seen.append("|")
            house.restart()
        else:
            return


def ready(habits: dict, kind: str, *faults: Fault) -> House:
    house = House(Centre(**habits), plan(kind, *faults))
    house.hospital.open_visit(visit())
    return house


@pytest.mark.parametrize(("habits", "faults", "messages"), SETTLE)
def test_a_settlement(habits: dict, faults: tuple[Fault, ...], messages: str) -> None:
    house = ready(habits, "2207", *faults)
    house.hospital.presettle(NUMBER)
    house.centre.seen.clear()
    run(house, "settle")
    assert " ".join(house.centre.seen).removeprefix("2206 ") == messages
    _agree(house)
    house.arrive()
    house.hospital.recover()
    _agree(house)


def _agree(house: House) -> None:
    """The centre has one settlement that stands, and it is the one in the books."""
    (settled,) = house.centre.standing()
    standing = house.journal.standing(NUMBER)
    assert standing is not None
    assert standing.setl_id == settled["setl_id"]
    assert house.journal.visit(NUMBER).state is VisitState.SETTLED
    assert not house.journal.open_messages()


@pytest.mark.parametrize(("habits", "faults", "messages"), CANCEL)
def test_a_cancellation(habits: dict, faults: tuple[Fault, ...], messages: str) -> None:
    house = ready(habits, "2208", *faults)
    house.hospital.settle(NUMBER)
    house.centre.seen.clear()
    run(house, "cancel")
    assert " ".join(house.centre.seen) == messages
    house.arrive()
    assert house.centre.standing() == []
    assert house.journal.standing(NUMBER) is None
    assert house.journal.visit(NUMBER).state is VisitState.CANCELLED
    assert not house.journal.open_messages()


@pytest.mark.parametrize("fault", Fault)
@pytest.mark.parametrize("kind", ["1101", "2201", "2203", "2204", "2206"])
def test_what_comes_before_is_sent_again(kind: str, fault: Fault) -> None:
    house = ready(KEEPS, kind, fault, fault)
    run(house, "settle")
    house.arrive()
    _agree(house)
    assert len(house.centre.visits) == 1


def test_a_late_settlement_that_came_after_its_reversal_is_found_by_its_number() -> None:
    """The centre does not remember reversals: the first message arrives after all, and the second is refused."""
    house = ready(FORGETS, "2207", LATE)
    post = house.centre.answer

    def arriving(text: bytes) -> object:
        answer = post(text)
        if house.centre.seen[-1] == "2601":
            house.arrive()
        return answer

    house.centre.answer = arriving  # type: ignore[method-assign, assignment]
    run(house, "settle")
    assert house.centre.seen[-4:] == ["2207", "2206", "2207", "5203"]
    _agree(house)


def test_a_dead_line_leaves_the_message_open_and_the_visit_alone() -> None:
    house = ready(KEEPS, "2207", *[AFTER] * 6)
    for _ in range(2):
        with pytest.raises(StillUnknown, match="yidi his recover"):
            house.hospital.settle(NUMBER)
        (message,) = house.journal.open_messages()
        assert (message.kind, message.state) == ("2207", State.UNKNOWN)
    _, still = house.restart().recover()
    assert still == []
    _agree(house)


def test_wrong_amounts_are_reversed_and_left_for_a_person() -> None:
    house = ready({"wrong": "fund_pay_sumamt"}, "2207")
    with pytest.raises(WrongReply, match=r"I2 .*已冲正，没有入账"):
        house.hospital.settle(NUMBER)
    assert house.centre.standing() == []
    assert house.journal.standing(NUMBER) is None
    record = house.journal.visit(NUMBER)
    assert (record.state, "I2" in record.note) == (VisitState.DISPUTED, True)
    assert not house.journal.open_messages()


def test_killed_between_wrong_amounts_and_their_reversal_they_are_reversed_all_the_same() -> None:
    house = House(Centre(wrong="acct_pay"), plan("2601", KILLED))
    house.hospital.open_visit(visit())
    with pytest.raises(Killed):
        house.hospital.settle(NUMBER)
    house.restart().recover()
    assert house.centre.standing() == []
    assert house.journal.visit(NUMBER).state is not VisitState.SETTLED


def test_a_centre_that_settles_twice_has_the_second_one_reversed() -> None:
    house = ready(KEEPS, "2207")
    first = house.hospital.settle(NUMBER)
    house.centre.standing = lambda visit="": []  # type: ignore[method-assign]
    with pytest.raises(WrongReply, match="又结算了一次"):
        house.hospital.settle_twice(NUMBER)
    del house.centre.standing  # type: ignore[misc]
    assert [one["setl_id"] for one in house.centre.standing()] == [first.setl_id]
    assert house.journal.standing(NUMBER) == first


def test_every_situation_has_an_answer() -> None:
    """Both tables answer whatever their steps can come to know about that kind of message."""
    learnt = {
        Step.SEND: {Known.SILENT, Known.ANSWERED, Known.REFUSED, Known.DOUBTED, Known.WRONG},
        Step.ASK: {Known.FOUND, Known.UNDONE, Known.ABSENT, Known.WRONG, Known.UNREACHABLE},
        Step.REVERSE: {Known.REVERSED, Known.NOT_REVERSED, Known.UNREACHABLE},
    }
    for table in (TABLE, WITHOUT_REPLAY):
        for kind in Kind:
            pending, met = {Known.NEW, Known.NEVER_SENT, Known.INTERRUPTED}, set()
            while pending:
                known = pending.pop()
                met.add(known)
                pending |= learnt.get(table[kind, known], set()) - met
            assert (Known.ABSENT in met) == (kind in (Kind.SETTLE, Kind.CANCEL))
