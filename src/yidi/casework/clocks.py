"""The clock of a case: started when it is handed in, paused while evidence is asked for, stopped by the decision."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from yidi.casework.models import Case
from yidi.casework.terms import Clock
from yidi.reference.working_days import after_working_days, announced_until, working_days_between


@dataclass(frozen=True, slots=True)
class Term:
    """The time that an agency has for a decision: working days, and the reading that says so."""

    days: int
    reading: str


def turned(case: Case, now: Clock, then: Clock, today: date, term: Term | None) -> dict[str, Any]:
    """The clock's columns after a move from a state with the clock `now` to one with the clock `then`."""
    if now is then:
        return {}
    if then is Clock.STOPPED:
        return {"decided_on": today, "paused_on": None}
    if now is Clock.STOPPED:
        return _started(today, term)
    if then is Clock.PAUSED:
        return {"paused_on": today}
    return _resumed(case, today)


def _started(today: date, term: Term | None) -> dict[str, Any]:
    return {
        "submitted_on": today,
        "due_on": after_working_days(today, term.days) if term else None,
        "due_by": term.reading if term else "",
        "paused_on": None,
        "decided_on": None,
    }


def _resumed(case: Case, today: date) -> dict[str, Any]:
    """The term grows by the working days of the pause."""
    if case.due_on is None or case.paused_on is None:
        return {"paused_on": None}
    waited = working_days_between(case.paused_on, today)
    return {"paused_on": None, "due_on": after_working_days(case.due_on, waited)}


def days_left(case: Case, today: date) -> int | None:
    """Working days until the decision is due, negative once it is overdue; None where nothing is due.

    A paused clock stands still: the days that were left at the pause.
    """
    if case.due_on is None or case.decided_on is not None:
        return None
    reference = case.paused_on or today
    if case.due_on >= reference:
        return working_days_between(reference, case.due_on)
    return -working_days_between(case.due_on, reference)


def is_provisional(case: Case) -> bool:
    """Whether the term reaches beyond the last year whose holidays are announced, so that its end may still move."""
    return case.due_on is not None and case.due_on > announced_until()
