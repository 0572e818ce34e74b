"""Which records count in a period, what they come to, and what there is to allocate."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import reduce
from operator import add

from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils import timezone

from yidi.clearing.errors import BadMonth, BadPeriod, WrongAgency
from yidi.clearing.states import Amount, MonthFault
from yidi.ledger.models import FUNDS
from yidi.providers.models import Provider
from yidi.reference import regions
from yidi.settlement.models import Settlement
from yidi.settlement.states import SettlementKind
from yidi.values.terms import Scheme

PAGE = 100
"""Rows of the month's detail that go out at a time (interface §4.24)."""
FIRST_YEAR = 1900
"""An earlier year is a slip of the pen, and its first moments no database can tell in another zone."""
REFUND = str(SettlementKind.CANCEL)
_JOINED = ("visit__provider", "visit__coverage__person")


@dataclass(frozen=True, slots=True)
class Period:
    """Whose records of which days are looked at. `scheme` None = all of them."""

    provider: Provider
    since: date
    until: date
    scheme: Scheme | None = None
    with_refunds: bool = True
    outpatient: bool = True
    """Of another class of clearing this centre has no records."""


def check_period(provider: Provider, since: date, until: date, agency: str) -> None:
    """Raises BadPeriod, WrongAgency where a provider may not have these days compared."""
    if until < since:
        raise BadPeriod(since=since, until=until)
    own = regions.pool_of(provider.region)
    if not regions.is_insurance_region(agency) or regions.pool_of(agency) != own:
        raise WrongAgency(given=agency, actual=f"{regions.full_name(own)}（{own}）")


def first_moment(day: date) -> datetime:
    """When a day begins in China."""
    return timezone.make_aware(datetime.combine(day, time.min))


def records(asked: Period) -> QuerySet[Settlement]:
    """Settlements and refunds of a period by the day on which they were made; what was reversed counts as never sent."""
    rows = Settlement.objects.filter(
        Q(kind=str(SettlementKind.SETTLE)) | Q(kind=REFUND, cancels__is_reversed=False),
        is_reversed=False,
        provider=asked.provider,
        at__gte=first_moment(asked.since),
        at__lt=first_moment(asked.until + timedelta(days=1)),
    )
    if asked.scheme is not None:
        rows = rows.filter(visit__coverage__scheme=str(asked.scheme))
    if not asked.with_refunds:
        rows = rows.exclude(kind=REFUND)
    return rows.select_related(*_JOINED).order_by("pk") if asked.outpatient else rows.none()


_SUMS = {
    Amount.TOTAL: F("total"),
    Amount.IN_SCOPE: F("in_scope"),
    Amount.FUND: reduce(add, map(F, FUNDS)),
    Amount.ACCOUNT: F("account") + F("family_account"),
    Amount.CASH: F("cash"),
}


def totals(rows: QuerySet[Settlement]) -> dict[Amount, int]:
    """What records come to: how many they are, and sums in fen in which refunds are negative."""
    columns = {f"sum_{word.name.lower()}": Sum(column) for word, column in _SUMS.items()}
    found = dict.fromkeys(Amount, 0)
    kinds = rows.order_by().values_list("kind").annotate(Count("pk"), **columns)
    for kind, count, *sums in kinds:
        sign = -1 if kind == REFUND else 1
        found[Amount.COUNT] += count
        for word, amount in zip(_SUMS, sums, strict=True):
            found[word] += sign * amount
    return found


def standing_count(rows: QuerySet[Settlement]) -> int:
    """How many settlements there are, each refund taking one away."""
    refunds = rows.filter(kind=REFUND).count()
    return rows.count() - 2 * refunds


def month_of(year: str, month: str) -> tuple[date, date]:
    """The first and the last day of a month. Raises BadMonth, also for a month that has not come."""
    given = f"{year}-{month}"
    try:
        first = date(int(year), int(month), 1)
    except ValueError:
        raise BadMonth(given=given, why=MonthFault.MISSPELT) from None
    if first.year < FIRST_YEAR:
        raise BadMonth(given=given, why=MonthFault.MISSPELT)
    if first > timezone.localdate():
        raise BadMonth(given=given, why=MonthFault.TO_COME)
    following = (first + timedelta(days=31)).replace(day=1)
    return first, following - timedelta(days=1)


def to_allocate(provider: Provider, first: date, last: date) -> QuerySet[Settlement]:
    """The standing settlements of a month of people insured elsewhere, in order."""
    standing = records(Period(provider, first, last)).filter(
        kind=str(SettlementKind.SETTLE), is_cancelled=False
    )
    own = regions.pool_of(provider.region)
    local = [code for code in regions.below(own) if regions.pool_of(code) == own]
    return standing.exclude(visit__coverage__pool__in=local)


def page(provider: Provider, first: date, last: date, start: int) -> list[Settlement]:
    """A page of what there is to allocate, from a row counted from one."""
    return list(to_allocate(provider, first, last)[start - 1 : start - 1 + PAGE])


def case_number(settlement: Settlement) -> str:
    """The number of a case between regions: S, the home pool, the day of service, seven digits of the visit's number."""
    home = regions.pool_of(settlement.visit.coverage.pool)
    return f"S{home}{settlement.on:%y%m%d}{settlement.visit.number[-7:]}"


def payable(settlement: Settlement) -> int:
    """All that the insurance pays of a settlement, in fen: the total less the cash."""
    return settlement.total - settlement.cash
