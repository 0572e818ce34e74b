"""The clock of a case: terms in working days, pauses that cost the agency nothing, ends that may still move."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yidi.casework.clocks import Term, days_left, is_provisional, turned
from yidi.casework.terms import Clock
from yidi.qualification.models import Qualification
from yidi.reference.working_days import after_working_days, announced_until, is_working_day

TERM = Term(20, "service-list")
MONDAY = date(2026, 3, 2)
STOPPED, RUNNING, PAUSED = Clock.STOPPED, Clock.RUNNING, Clock.PAUSED
DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))


def a_case(**columns: Any) -> Qualification:
    """A case that no database knows of."""
    return Qualification(**columns)


def turn(case: Qualification, now: Clock, then: Clock, today: date, term: Term | None = None) -> None:
    for name, value in turned(case, now, then, today, term).items():
        setattr(case, name, value)


def test_handing_in_starts_the_clock_from_zero() -> None:
    case = a_case(paused_on=MONDAY, decided_on=MONDAY)
    turn(case, STOPPED, RUNNING, MONDAY, TERM)
    assert (case.submitted_on, case.due_on, case.due_by) == (MONDAY, date(2026, 3, 30), "service-list")
    assert (case.paused_on, case.decided_on) == (None, None)


def test_without_a_term_nothing_is_due() -> None:
    case = a_case()
    turn(case, STOPPED, RUNNING, MONDAY)
    assert (case.submitted_on, case.due_on, case.due_by) == (MONDAY, None, "")
    assert days_left(case, MONDAY) is None
    assert not is_provisional(case)
    turn(case, RUNNING, PAUSED, MONDAY)
    turn(case, PAUSED, RUNNING, MONDAY + timedelta(days=9))
    assert (case.due_on, case.paused_on) == (None, None)


def test_a_move_that_does_not_touch_the_clock_changes_nothing() -> None:
    for clock in Clock:
        assert turned(a_case(), clock, clock, MONDAY, TERM) == {}


@pytest.mark.parametrize("now", [RUNNING, PAUSED])
def test_a_decision_stops_the_clock(now: Clock) -> None:
    case = a_case(submitted_on=MONDAY, due_on=MONDAY, paused_on=MONDAY if now is PAUSED else None)
    turn(case, now, STOPPED, MONDAY + timedelta(days=1))
    assert (case.decided_on, case.paused_on, case.due_on) == (date(2026, 3, 3), None, MONDAY)
    assert days_left(case, date(2027, 1, 1)) is None, "decided: nothing is due any more"


@pytest.mark.parametrize(
    ("today", "left"),
    [("2026-03-02", 20), ("2026-03-03", 19), ("2026-03-29", 1), ("2026-03-30", 0), ("2026-03-31", -1)],
)
def test_how_many_working_days_are_left(today: str, left: int) -> None:
    case = a_case()
    turn(case, STOPPED, RUNNING, MONDAY, TERM)
    assert days_left(case, date.fromisoformat(today)) == left


def test_a_paused_clock_stands_still() -> None:
    case = a_case()
    turn(case, STOPPED, RUNNING, MONDAY, TERM)
    turn(case, RUNNING, PAUSED, date(2026, 3, 4))
    assert days_left(case, date(2026, 3, 4)) == days_left(case, date(2026, 6, 1)) == 18


@given(start=DAYS, days=st.integers(1, 60), until=st.integers(0, 90), wait=st.integers(0, 90))
def test_a_pause_costs_the_agency_no_day(start: date, days: int, until: int, wait: int) -> None:
    """Whatever the holidays: after the pause as many working days are left as before, even where it was overdue."""
    case = a_case()
    turn(case, STOPPED, RUNNING, start, Term(days, "made-up"))
    asked = start + timedelta(days=until)
    before = days_left(case, asked)
    turn(case, RUNNING, PAUSED, asked)
    turn(case, PAUSED, RUNNING, asked + timedelta(days=wait))
    assert days_left(case, asked + timedelta(days=wait)) == before
    assert case.due_on is not None
    assert is_working_day(case.due_on)


@given(start=DAYS, days=st.integers(1, 60))
def test_the_term_is_over_when_its_days_are(start: date, days: int) -> None:
    case = a_case()
    turn(case, STOPPED, RUNNING, start, Term(days, "made-up"))
    assert case.due_on == after_working_days(start, days)
    assert days_left(case, start) == days
    assert days_left(case, case.due_on) == 0


def test_a_date_beyond_the_last_notice_of_holidays_is_provisional() -> None:
    last = announced_until()
    assert not is_provisional(a_case(due_on=last))
    assert is_provisional(a_case(due_on=last + timedelta(days=1)))
