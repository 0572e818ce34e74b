"""The recovery table: where it broke and what the centre knows → the messages that are sent, and how it ends."""

import pytest

from tests.his.centre import Centre
from tests.his.factories import NUMBER, House, Killed, plan, visit
from yidi.his.faults import Fault
from yidi.his.journal import VisitState

BEFORE, AFTER, CUT, LATE, TWICE = Fault.DROP_BEFORE, Fault.DROP_AFTER, Fault.CUT, Fault.LATE, Fault.TWICE
KILLED, KILLED_AFTER = Fault.KILL_BEFORE, Fault.KILL_AFTER

SETTLE = [
    # the centre's habits, what befalls the sendings of each 2207 → messages from the first 2207 on
    ({}, (BEFORE,), "2207"),
    ({}, (AFTER,), "2207 2207"),
    ({}, (CUT,), "2207 2207"),
    ({}, (TWICE,), "2207 2207"),
    ({}, (BEFORE, AFTER), "2207 2207"),
    ({}, (AFTER, CUT), "2207 2207 2207"),
    ({}, (LATE,), "2207"),
    ({"replays": False}, (BEFORE,), "2207"),
    ({"replays": False}, (AFTER,), "2207 5203"),
    ({"replays": False}, (CUT,), "2207 5203"),
    ({"replays": False}, (LATE,), "5203 2601 2206 5203 2601 2206 5203 2601 2206 5203 2601"),
    ({}, (KILLED,), "| 2207"),
    ({}, (KILLED_AFTER,), "2207 | 2207"),
    ({"replays": False}, (KILLED_AFTER,), "2207 | 5203"),
    ({"replays": False}, (KILLED,), "| 5203 2601 1 2206 2207"),
]


def from_first(kind: str, seen: list[str]) -> str:
    return " ".join(seen[seen.index(kind) :]) if kind in seen else ""


def run(house: House, work: str) -> None:
    """Do it, restarting the client whenever it dies."""
    for _ in range(5):
        try:
            getattr(house.hospital, work)(NUMBER)
        except Killed:
            house.restart()
        else:
            return


@pytest.mark.parametrize(
    "habits", [{}, {"replays": False}, {"remembers": False}, {"replays": False, "remembers": False}]
)
@pytest.mark.parametrize(
    "faults", [(), (BEFORE,), (AFTER,), (CUT,), (TWICE,), (BEFORE, CUT), (KILLED,), (KILLED_AFTER,)]
)
@pytest.mark.parametrize("kind", ["1101", "2201", "2203", "2204", "2206", "2207"])
def test_one_visit_one_settlement(kind: str, faults: tuple[Fault, ...], habits: dict) -> None:
    house = House(Centre(**habits), plan(kind, *faults))
    house.hospital.open_visit(visit())
    run(house, "settle")
    (settled,) = house.centre.standing()
    standing = house.journal.standing(NUMBER)
    assert standing is not None
    assert standing.setl_id == settled["setl_id"]
    assert house.journal.visit(NUMBER).state is VisitState.SETTLED
    assert not house.journal.open_messages()
