"""What a region's claims come to together: how many, how fast, how much."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import add
from statistics import median_low

from django.db.models import Count, F, QuerySet, Sum

from yidi.casework.queries import within
from yidi.claims.models import Claim, ClaimAssessment
from yidi.claims.queries import open_for, seen_in, to_pay_in, waiting_in
from yidi.claims.states import State
from yidi.ledger.models import FUNDS
from yidi.reference.working_days import working_days_between
from yidi.values.money import PPM, half_up

ACCEPTED = (State.APPROVED, State.PAID)


@dataclass(frozen=True, slots=True)
class Figures:
    """A region's claims: those of a period, and what lies on its desks now. Money in fen."""

    handed_in: Mapping[str, int]
    """How many by month (`2026-01`) of handing in; a claim that was appealed counts in the month of the appeal."""
    decided: Mapping[str, int]
    """How many were approved or rejected, by month."""
    approved: int
    rejected: int
    paid_by_funds: Mapping[tuple[str, str], int]
    """What the funds pay of the approved ones, by benefit and disease (empty where it is none); most first."""
    median_days: int | None
    """Working days from handing in to the decision, waits for the applicant included: half take no longer. None of none."""
    open: int
    overdue: int
    waiting: int
    to_pay: int

    @property
    def approval_ppm(self) -> int | None:
        """The share of the decided that was approved; None where nothing was decided."""
        decided = self.approved + self.rejected
        return half_up(self.approved * PPM, decided) if decided else None


def figures(region: str, first: date, last: date, today: date) -> Figures:
    """The figures of the claims that were handed in, or decided, from `first` to `last`, in a region's pools."""
    rows = seen_in(region).order_by()
    decided = rows.filter(decided_on__range=(first, last), state__in=[*ACCEPTED, State.REJECTED])
    states = dict(decided.values_list("state").annotate(Count("pk")))
    in_hand = open_for(region)
    return Figures(
        handed_in=_by_month(rows.filter(submitted_on__range=(first, last)), "submitted_on"),
        decided=_by_month(decided, "decided_on"),
        approved=sum(states.get(str(state), 0) for state in ACCEPTED),
        rejected=states.get(str(State.REJECTED), 0),
        paid_by_funds=_by_disease(region, first, last),
        median_days=_median_days(decided),
        open=in_hand.count(),
        overdue=in_hand.filter(due_on__lt=today).count(),
        waiting=waiting_in(region).count(),
        to_pay=to_pay_in(region).count(),
    )


def _by_month(rows: QuerySet[Claim], column: str) -> dict[str, int]:
    months: Counter[str] = Counter()
    for day, count in rows.values_list(column).annotate(Count("pk")):
        months[f"{day:%Y-%m}"] += count
    return dict(sorted(months.items()))


def _by_disease(region: str, first: date, last: date) -> dict[tuple[str, str], int]:
    approved = within(Claim.objects.filter(state__in=ACCEPTED, decided_on__range=(first, last)), region)
    standing = ClaimAssessment.objects.filter(claim__in=approved, round=F("claim__appeals"))
    funds = reduce(add, map(F, FUNDS))
    sums = standing.values_list("claim__benefit", "claim__disease").annotate(sum=Sum(funds))
    return {
        (benefit, disease): paid
        for benefit, disease, paid in sums.order_by("-sum", "claim__benefit", "claim__disease")
    }


def _median_days(decided: QuerySet[Claim]) -> int | None:
    spans = decided.values_list("submitted_on", "decided_on").annotate(Count("pk"))
    days = [day for start, end, count in spans for day in [working_days_between(start, end)] * count]
    return median_low(days) if days else None
