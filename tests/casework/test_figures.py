"""Figures about cases: what came in, how it was decided, how long that took."""

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest

from tests.filing.factories import a_filing
from tests.people.factories import a_coverage
from tests.qualification.factories import a_qualification
from yidi.casework.figures import Figures, figures
from yidi.filing.models import Filing
from yidi.filing.states import IN_EFFECT
from yidi.filing.states import MACHINE as FILINGS
from yidi.filing.states import State as FilingState
from yidi.qualification.models import Qualification
from yidi.qualification.states import GRANTED, MACHINE, State

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 3, 2)
TODAY = date(2026, 5, 20)
NUMBERS = iter(range(1, 999))


def a_case(state: State, submitted: date | None, days: int | None = None, **columns: Any) -> None:
    """A case of a person of its own; `days` after it was handed in it was decided."""
    decided = submitted + timedelta(days=days) if submitted and days is not None else None
    coverage = a_coverage(next(NUMBERS), pool=columns.pop("pool", "360100"))
    a_qualification(state, coverage, submitted_on=submitted, decided_on=decided, **columns)


def counted(region: str = "360100", first: date = date(2026, 1, 1), last: date = TODAY) -> Figures:
    return figures(Qualification.objects.all(), MACHINE, GRANTED, region, first, last, TODAY)


def test_nothing_is_no_figure() -> None:
    assert counted() == Figures({}, 0, 0, None, 0, 0, 0)
    assert counted().share_granted is None


def test_what_came_in_and_how_it_was_decided() -> None:
    a_case(State.APPROVED, MONDAY, 1)
    a_case(State.EXPIRED, MONDAY, 4)
    a_case(State.REJECTED, date(2026, 4, 7), 7)
    a_case(State.WITHDRAWN, MONDAY, 2)
    a_case(State.SUBMITTED, date(2026, 5, 6), due_on=date(2026, 5, 19), due_by="x")
    a_case(State.UNDER_REVIEW, date(2026, 5, 6), due_on=TODAY, due_by="x")
    a_case(State.SUBMITTED, date(2026, 5, 7))
    a_case(State.MORE_EVIDENCE, date(2026, 5, 7), due_on=date(2026, 5, 8), due_by="x")
    a_case(State.DRAFT, None)
    a_case(State.APPROVED, MONDAY, 30, pool="360700")
    found = counted()
    assert found == Figures(
        by_month={date(2026, 3, 1): 3, date(2026, 4, 1): 1, date(2026, 5, 1): 4},
        granted=2,
        rejected=1,
        days_to_decide=4,
        in_hand=3,
        overdue=1,
        waiting=1,
    )
    assert found.share_granted == Fraction(2, 3)
    assert list(found.by_month) == sorted(found.by_month)


def test_the_middle_of_an_even_number_is_the_longer() -> None:
    a_case(State.APPROVED, MONDAY, 1)
    a_case(State.APPROVED, MONDAY, 4)
    assert counted().days_to_decide == 4


def test_a_region_counts_what_lies_in_it_and_a_period_what_falls_in_it() -> None:
    a_case(State.APPROVED, MONDAY, 1)
    a_case(State.APPROVED, MONDAY, 1, pool="360700")
    a_case(State.APPROVED, MONDAY, 1, pool="410100")
    assert [counted(region).granted for region in ("360100", "360000", "CN", "310000")] == [1, 2, 3, 0]
    assert counted("CN", last=MONDAY).granted == 0
    assert counted("CN", first=date(2026, 3, 3)).by_month == {}
    assert counted("CN", first=date(2026, 3, 3)).granted == 3


def test_what_takes_effect_at_once_says_nothing_of_clerks() -> None:
    day = {"submitted_on": MONDAY, "decided_on": MONDAY}
    for number in (1, 2, 3):
        a_filing(coverage=a_coverage(number), decided_by="yidi", **day)
    slow = {"submitted_on": MONDAY, "decided_on": date(2026, 3, 6), "decided_by": "reviewer"}
    a_filing(FilingState.REPLACED, a_coverage(4), **slow)
    found = figures(Filing.objects.all(), FILINGS, IN_EFFECT, "360100", MONDAY, TODAY, TODAY)
    assert (found.granted, found.days_to_decide) == (4, 4)
