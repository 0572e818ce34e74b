"""What a region's cases come to together: how many, how fast, how they came out, how much money. Sums are the database's.

Whoever may not see people's records is not shown amounts of a disease behind which stand fewer than `FEWEST` people:
such diseases are shown together (`Money.merged`), with so many others that at least that many people stand behind them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import reduce
from operator import add
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth

from yidi.accounts.actors import SYSTEM
from yidi.claims.models import ClaimAssessment
from yidi.claims.states import State as ClaimState
from yidi.claims.terms import RejectReason as ClaimReason
from yidi.filing.states import IN_EFFECT
from yidi.filing.states import RejectReason as FilingReason
from yidi.ledger.models import FUNDS
from yidi.operations.cases import ROOMS
from yidi.qualification.states import GRANTED
from yidi.qualification.states import RejectReason as QualificationReason
from yidi.reference.working_days import working_days_between
from yidi.settlement.models import Settlement
from yidi.settlement.states import SettlementKind
from yidi.values.money import PPM, half_up
from yidi.values.terms import CaseKind, Term

FEWEST = 5
"""People behind an amount of one disease that anybody with figures may see."""
ACCEPTED: Mapping[CaseKind, tuple[Term, ...]] = {
    CaseKind.QUALIFICATION: GRANTED,
    CaseKind.FILING: IN_EFFECT,
    CaseKind.CLAIM: (ClaimState.APPROVED, ClaimState.PAID),
}
"""In which states the last decision on a case was for the applicant."""
REASONS: Mapping[CaseKind, type[Term]] = {
    CaseKind.QUALIFICATION: QualificationReason,
    CaseKind.FILING: FilingReason,
    CaseKind.CLAIM: ClaimReason,
}


@dataclass(frozen=True, slots=True)
class Scope:
    """What is counted: the cases of some pools, in a period whose last day belongs to it."""

    pools: tuple[str, ...]
    first: date
    last: date

    @property
    def period(self) -> tuple[date, date]:
        """As a range of the database."""
        return self.first, self.last

    def cases(self, kind: CaseKind) -> QuerySet[Any]:
        """All cases of a kind in the pools, of whatever day."""
        found: QuerySet[Any] = ROOMS[kind].model.objects.filter(coverage__pool__in=self.pools).order_by()
        return found

    def decided(self, kind: CaseKind) -> QuerySet[Any]:
        """Those on which the last decision fell in the period."""
        last_words = [*map(str, ACCEPTED[kind]), str(ROOMS[kind].machine.rejected)]
        return self.cases(kind).filter(decided_on__range=self.period, state__in=last_words)


@dataclass(frozen=True, slots=True)
class Volume:
    """The cases of one month, by kind."""

    month: date
    """Its first day."""
    handed_in: Mapping[CaseKind, int]
    """A case that was appealed counts in the month of the appeal."""
    decided: Mapping[CaseKind, int]


def volumes(scope: Scope) -> list[Volume]:
    """Month by month, months in which nothing happened included."""
    handed_in, decided = {}, {}
    for kind in ROOMS:
        arrived = scope.cases(kind).filter(submitted_on__range=scope.period)
        handed_in[kind] = _by_month(arrived, "submitted_on")
        decided[kind] = _by_month(scope.decided(kind), "decided_on")
    return [
        Volume(
            month,
            {kind: handed_in[kind].get(month, 0) for kind in ROOMS},
            {kind: decided[kind].get(month, 0) for kind in ROOMS},
        )
        for month in months(scope.first, scope.last)
    ]


def months(first: date, last: date) -> list[date]:
    """The first days of the months that a period touches.

    >>> [f"{month:%Y-%m}" for month in months(date(2026, 11, 30), date(2027, 1, 1))]
    ['2026-11', '2026-12', '2027-01']
    """
    numbers = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [date(number // 12, number % 12 + 1, 1) for number in numbers]


def _by_month(rows: QuerySet[Any], column: str) -> dict[date, int]:
    counted = rows.annotate(month=TruncMonth(column)).values_list("month").annotate(Count("pk"))
    return dict(counted)


@dataclass(frozen=True, slots=True)
class Load:
    """What lies on the desks now, of one kind."""

    open: int
    overdue: int
    waiting: int
    """For the applicant."""


def load(scope: Scope, today: date) -> dict[CaseKind, Load]:
    """What lies on the desks today, whenever it came in."""
    found = {}
    for kind, room in ROOMS.items():
        in_hand = Q(state__in=room.in_hand())
        counts = scope.cases(kind).aggregate(
            open=Count("pk", filter=in_hand),
            overdue=Count("pk", filter=in_hand & Q(due_on__lt=today)),
            waiting=Count("pk", filter=Q(state__in=room.waiting())),
        )
        found[kind] = Load(**counts)
    return found


@dataclass(frozen=True, slots=True)
class Outcomes:
    """How the cases of one kind came out that were decided in the period."""

    accepted: int
    at_once: int
    """Of these, how many took effect by rule, without anybody deciding."""
    rejected: int

    @property
    def accepted_ppm(self) -> int | None:
        """The share of those decided by somebody that was accepted, to a tenth of a percent; None where nothing was."""
        accepted = self.accepted - self.at_once
        decided = accepted + self.rejected
        return half_up(accepted * 1000, decided) * (PPM // 1000) if decided else None


def outcomes(scope: Scope) -> dict[CaseKind, Outcomes]:
    """How they came out, by the last decision on each."""
    found = {}
    for kind in ROOMS:
        accepted = Q(state__in=[str(state) for state in ACCEPTED[kind]])
        counts = scope.decided(kind).aggregate(
            accepted=Count("pk", filter=accepted),
            at_once=Count("pk", filter=accepted & Q(decided_by=SYSTEM.name)),
            rejected=Count("pk", filter=~accepted),
        )
        found[kind] = Outcomes(**counts)
    return found


@dataclass(frozen=True, slots=True)
class Times:
    """How long decisions took, in working days from handing in, waits for the applicant included."""

    count: int
    median: int | None
    """Half took no longer; None of none."""
    ninth: int | None
    """Nine in ten took no longer."""


def times(scope: Scope) -> dict[CaseKind, Times]:
    """How long the decisions of the period took that somebody made."""
    found = {}
    for kind in ROOMS:
        by_hand = scope.decided(kind).exclude(decided_by=SYSTEM.name).filter(submitted_on__isnull=False)
        spans = by_hand.values_list("submitted_on", "decided_on").annotate(Count("pk"))
        took = sorted((working_days_between(start, end), count) for start, end, count in spans)
        found[kind] = Times(sum(count for _, count in took), _rank(took, 50), _rank(took, 90))
    return found


def _rank(took: Iterable[tuple[int, int]], percent: int) -> int | None:
    """The least number of days within which so many percent were decided (nearest rank)."""
    rows = list(took)
    wanted = -(-sum(count for _, count in rows) * percent // 100)
    for days, count in rows:
        wanted -= count
        if wanted <= 0:
            return days
    return None


def reasons(scope: Scope) -> dict[CaseKind, list[tuple[Term, int]]]:
    """Why the cases were refused that stand refused and were decided in the period, the most frequent first."""
    found = {}
    for kind, words in REASONS.items():
        refused = scope.decided(kind).filter(state=str(ROOMS[kind].machine.rejected)).exclude(rejected_for="")
        counts = refused.values_list("rejected_for").annotate(number=Count("pk"))
        found[kind] = [(words(word), number) for word, number in counts.order_by("-number", "rejected_for")]
    return found


# money

Key = tuple[str, str]
"""Benefit and disease; no disease where the benefit is of none."""
_FUNDS = reduce(add, map(F, FUNDS))


@dataclass(slots=True)
class Money:
    """What the bills of some diseases come to, in fen, and how many bills there are of either way."""

    keys: frozenset[Key]
    settled: int = 0
    claimed: int = 0
    total: int = 0
    funds: int = 0
    people: int = field(default=0, repr=False)
    """At least so many stand behind it; not to be shown."""
    hidden: bool = False
    """Whether too few people stand behind it to show what it comes to."""

    @property
    def person(self) -> int:
        """What the funds do not pay."""
        return self.total - self.funds

    @property
    def merged(self) -> bool:
        """Whether it is of several diseases, each of too few people."""
        return len(self.keys) > 1


def money(scope: Scope, *, every_disease: bool) -> list[Money]:
    """Bills by the day of service, by benefit and disease, those that cost the funds most first.

    Direct settlements that stand, and claims that were approved. Without `every_disease`, diseases of few people are
    shown together, last, or hidden where even together they are of few.
    """
    found: dict[Key, Money] = {}
    for column, prefix, rows in (
        ("settled", "visit__", _settlements(scope)),
        ("claimed", "claim__", _assessments(scope)),
    ):
        sums = rows.values_list(f"{prefix}benefit", f"{prefix}disease").annotate(
            bills=Count("pk"),
            whole=Sum("total"),
            by_funds=Sum(_FUNDS),
            people=Count(f"{prefix}coverage__person", distinct=True),
        )
        for benefit, disease, bills, total, funds, people in sums.order_by():
            row = found.setdefault((benefit, disease), Money(frozenset({(benefit, disease)})))
            setattr(row, column, bills)
            row.total, row.funds = row.total + total, row.funds + funds
            row.people = max(row.people, people)
    rows_found = sorted(found.values(), key=lambda row: (-row.funds, -row.total, sorted(row.keys)))
    return rows_found if every_disease else _without_few(scope, rows_found)


def _settlements(scope: Scope) -> QuerySet[Settlement]:
    return Settlement.objects.filter(
        kind=str(SettlementKind.SETTLE),
        is_cancelled=False,
        on__range=scope.period,
        visit__coverage__pool__in=scope.pools,
    )


def _assessments(scope: Scope) -> QuerySet[ClaimAssessment]:
    return ClaimAssessment.objects.filter(
        round=F("claim__appeals"),
        claim__state__in=[str(state) for state in ACCEPTED[CaseKind.CLAIM]],
        claim__on__range=scope.period,
        claim__coverage__pool__in=scope.pools,
    )


def _without_few(scope: Scope, rows: list[Money]) -> list[Money]:
    """The rows with those of few people in one, and with so many others that it is no longer of few."""
    shown = [row for row in rows if row.people >= FEWEST]
    few = [row for row in rows if row.people < FEWEST]
    if not few:
        return shown
    together = _together(scope, few)
    while together.people < FEWEST and shown:
        fewest = min(shown, key=lambda row: (row.people, row.total))
        shown.remove(fewest)
        few.append(fewest)
        together = _together(scope, few)
    together.hidden = together.people < FEWEST
    return [*shown, together]


def _together(scope: Scope, rows: list[Money]) -> Money:
    result = Money(frozenset().union(*(row.keys for row in rows)))
    for row in rows:
        for column in ("settled", "claimed", "total", "funds"):
            setattr(result, column, getattr(result, column) + getattr(row, column))
    result.people = max(
        _people(_settlements(scope), "visit__", result.keys),
        _people(_assessments(scope), "claim__", result.keys),
    )
    return result


def _people(rows: QuerySet[Any], prefix: str, keys: Iterable[Key]) -> int:
    any_of = reduce(
        lambda one, other: one | other,
        (Q(**{f"{prefix}benefit": benefit, f"{prefix}disease": disease}) for benefit, disease in keys),
    )
    return int(rows.filter(any_of).values(f"{prefix}coverage__person").distinct().count())
