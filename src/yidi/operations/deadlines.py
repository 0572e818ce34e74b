"""The clock of a case, as its pages tell it: until when, how sure that is, and whether it stands still."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from yidi.casework.clocks import days_left, is_provisional
from yidi.operations.cases import room_of
from yidi.policy.book import book
from yidi.policy.cases import decision_term
from yidi.values.terms import Scheme


@dataclass(frozen=True, slots=True)
class Deadline:
    """The time that the agency has for one case."""

    due_on: date
    """The last day; of a paused clock, as it was at the pause."""
    left: int
    """Working days until then, negative once it is overdue; of a paused clock, as many as were left at the pause."""
    days: int | None
    """Working days of the whole term; None where the rules on record no longer say."""
    reading: str
    """The reading that states the term."""
    unverified: bool
    """Whether no adopted rule states it."""
    grade: str
    """The grade of its source; empty where the rules on record no longer say."""
    provisional: bool
    """Whether it lies beyond the last year whose holidays are announced."""
    paused: bool

    @property
    def overdue(self) -> bool:
        """Whether the last day has passed."""
        return self.left < 0


def deadline(case: Any, today: date) -> Deadline | None:
    """The clock of a case that runs or is paused; None where nothing is due."""
    left = days_left(case, today)
    if left is None:
        return None
    coverage = case.coverage
    term = decision_term(
        book(), coverage.pool, Scheme(coverage.scheme), room_of(case).kind, case.submitted_on
    )
    known = term if term is not None and term.reading == case.due_by else None
    return Deadline(
        due_on=case.due_on,
        left=left,
        days=known.days if known else None,
        reading=case.due_by,
        unverified=known.unverified if known else True,
        grade=known.grade if known else "",
        provisional=is_provisional(case),
        paused=case.paused_on is not None,
    )
