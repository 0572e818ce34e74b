"""Figures about cases for those who lead an agency. Counted from the rows as they are now, for one region."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from statistics import median_high

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncMonth

from yidi.accounts.actors import SYSTEM
from yidi.casework.machines import Machine
from yidi.casework.queries import AnyCase, in_hand, waiting, within
from yidi.reference.working_days import working_days_between
from yidi.values.transitions import State


@dataclass(frozen=True, slots=True)
class Figures:
    """How much came in, how it was decided, how long that took, and how much lies there today."""

    by_month: Mapping[date, int]
    """First day of each month → cases handed in in it. A case that came back by an appeal counts in that month alone."""
    granted: int
    """Decided in the period, and granted as they stand now: a rejection overturned by an appeal counts as granted."""
    rejected: int
    days_to_decide: int | None
    """Working days from handing in to the decision, waits for evidence included: the upper median of the cases decided
    in the period by people; None where there are none. What takes effect at once is left out."""
    in_hand: int
    """Waiting for the agency today, the overdue ones included."""
    overdue: int
    waiting: int
    """Waiting for the applicant today."""

    @property
    def share_granted(self) -> Fraction | None:
        """Of those decided; None where none was."""
        decided = self.granted + self.rejected
        return Fraction(self.granted, decided) if decided else None


def figures(
    cases: QuerySet[AnyCase],
    machine: Machine[State],
    granted: Collection[State],
    region: str,
    first: date,
    last: date,
    today: date,
) -> Figures:
    """The figures of a region's cases from `first` to `last`. `granted` are the states that a favourable decision leads to."""
    ours = within(cases, region)
    decided = ours.filter(decided_on__gte=first, decided_on__lte=last)
    favourable = decided.filter(state__in=[str(state) for state in granted])
    refused = decided.filter(state=str(machine.rejected))
    handed_in = ours.filter(submitted_on__gte=first, submitted_on__lte=last).order_by()
    months = handed_in.annotate(month=TruncMonth("submitted_on")).values("month").annotate(count=Count("pk"))
    spans = (favourable | refused).exclude(decided_by=SYSTEM.name).values_list("submitted_on", "decided_on")
    days = [working_days_between(start, end) for start, end in spans.iterator() if start and end]
    return Figures(
        by_month={row["month"]: row["count"] for row in months.order_by("month")},
        granted=favourable.count(),
        rejected=refused.count(),
        days_to_decide=median_high(days) if days else None,
        in_hand=in_hand(ours, machine).count(),
        overdue=in_hand(ours, machine).filter(due_on__lt=today).count(),
        waiting=waiting(ours, machine).count(),
    )
