"""Each change in clearing: one function, one transaction."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from yidi.accounts.actors import Actor
from yidi.audit.moves import locked, move
from yidi.audit.services import record
from yidi.clearing import comparing, errors
from yidi.clearing.comparing import Compared
from yidi.clearing.models import AllocationLine, Application, Confirmation, Difference, Month, Reconciliation
from yidi.clearing.queries import Period, case_number, payable, records, standing_count, to_allocate, totals
from yidi.clearing.states import (
    APPLICATION_TRANSITIONS,
    CONFIRMATION_TRANSITIONS,
    Amount,
    ApplicationState,
    ConfirmationState,
    MonthFault,
    MonthState,
    Outcome,
    Scope,
)
from yidi.providers.models import Provider
from yidi.reference import regions
from yidi.settlement import services as settlements
from yidi.settlement.models import Settlement
from yidi.values.money import yuan_text

Amounts = Mapping[Amount, int]
Days = tuple[date, date]
"""The first and the last of them."""
_BATCH = 500


@transaction.atomic
def reconcile_totals(asked: Period, given: Amounts, message: str, actor: Actor) -> Reconciliation:
    """Compare a provider's totals with ours, and keep how they compared."""
    ours = totals(records(asked))
    return _keep(asked, Scope.TOTALS, given, ours, comparing.outcome_of(given, ours), message, actor)


@transaction.atomic
def reconcile_records(
    asked: Period, given: Amounts, text: str, message: str, actor: Actor
) -> tuple[Reconciliation, Iterator[Compared]]:
    """Compare a provider's records with ours row by row, and keep where they differ.

    Comes back with every row of either side, which may be read once more. Raises BadRows, FileTotals.
    """
    theirs = comparing.read(text)
    in_file = comparing.sums(theirs)
    wrong = comparing.differing({word: given[word] for word in in_file}, in_file)
    if wrong:
        raise errors.FileTotals(differences="；".join(wrong).replace("中心", "文件"))
    rows = records(asked)

    def compared() -> Iterator[Compared]:
        return comparing.compare(theirs, rows.iterator(chunk_size=_BATCH), asked)

    different = [row for row in compared() if row.outcome is not Outcome.EQUAL]
    ours = totals(rows)
    outcome = comparing.outcome_of(given, ours)
    if different and outcome is Outcome.EQUAL:
        outcome = Outcome.DIFFERENT
    kept = _keep(asked, Scope.RECORDS, given, ours, outcome, message, actor)
    Difference.objects.bulk_create(
        (
            Difference(
                reconciliation=kept,
                settlement=row.record.settlement,
                outcome=str(row.outcome),
                memo=row.memo[:500],
            )
            for row in different
        ),
        batch_size=_BATCH,
    )
    return kept, compared()


def _keep(
    asked: Period,
    scope: Scope,
    given: Amounts,
    ours: Amounts,
    outcome: Outcome,
    message: str,
    actor: Actor,
) -> Reconciliation:
    kept = Reconciliation.objects.create(
        provider=asked.provider,
        scope=str(scope),
        since=asked.since,
        until=asked.until,
        scheme=str(asked.scheme or ""),
        with_refunds=asked.with_refunds,
        given=comparing.stored(given),
        ours=comparing.stored({word: ours[word] for word in given}),
        outcome=str(outcome),
        said="；".join(comparing.differing(given, ours))[:500],
        message=message,
        actor=actor.name,
        at=timezone.now(),
    )
    record(actor, "clearing:reconcile", str(asked.provider.code), f"{scope.zh} {outcome.zh}")
    return kept


@transaction.atomic
def apply(provider: Provider, month: Days, days: Days, claimed: Amounts, actor: Actor) -> Application:
    """Apply for the money of a month that has ended; the days claimed must be all of it.

    Raises NotWholeMonth, BadMonth, TotalsDiffer, AlreadyApplied.
    """
    first, last = month
    if days != month:
        raise errors.NotWholeMonth(first=first, last=last, since=days[0], until=days[1])
    if last >= timezone.localdate():
        raise errors.BadMonth(given=f"{first:%Y%m}", why=MonthFault.GOING_ON)
    _hold(provider)
    rows = records(Period(provider, first, last))
    ours = {**totals(rows), Amount.COUNT: standing_count(rows)}
    wrong = comparing.differing(claimed, ours)
    if wrong:
        raise errors.TotalsDiffer(differences="；".join(wrong))
    columns = {word.name.lower(): value for word, value in ours.items()}
    others = Application.objects.filter(provider=provider, month=f"{first:%Y%m}")
    made, is_new = others.exclude(state=str(ApplicationState.WITHDRAWN)).get_or_create(
        defaults={**columns, "provider": provider, "month": f"{first:%Y%m}", "at": timezone.now()}
    )
    if not is_new:
        raise errors.AlreadyApplied(month=made.month, number=made.number, state=ApplicationState(made.state))
    record(actor, "clearing:apply", made.number)
    return made


def _hold(provider: Provider) -> None:
    """Keep what a provider is counted for and what it takes back apart until the transaction ends; it still settles."""
    Provider.objects.select_for_update(no_key=True).get(pk=provider.pk)


@transaction.atomic
def reverse(row: Settlement, message: str, actor: Actor) -> None:
    """Take a settlement or a cancellation back as though its message had never come (冲正), while no application counts it.

    What was applied for stays as it was; a cancellation or a new settlement counts in its own month. Raises
    MonthApplied and what `settlement.services.reverse` raises.
    """
    _hold(row.provider)
    if not row.is_reversed:
        vanishing = (row, *row.undoings.filter(is_reversed=False))
        months = {f"{timezone.localdate(each.at):%Y%m}" for each in vanishing}
        counted = Application.objects.filter(provider=row.provider, month__in=months)
        applied = counted.exclude(state=str(ApplicationState.WITHDRAWN)).first()
        if applied is not None:
            raise errors.MonthApplied(
                settlement=row.number,
                month=applied.month,
                number=applied.number,
                state=ApplicationState(applied.state),
            )
    settlements.reverse(row, message, actor)


@transaction.atomic
def withdraw(provider: Provider, number: str, actor: Actor) -> None:
    """Take an application back while nobody has taken it up. Raises UnknownApplication, IllegalMove."""
    key = int(number) if number.isascii() and number.isdigit() and len(number) <= 18 else -1
    found = Application.objects.filter(provider=provider, pk=key).first()
    if found is None:
        raise errors.UnknownApplication(number=number)
    move(found, APPLICATION_TRANSITIONS, ApplicationState.WITHDRAWN, actor, "clearing:withdraw")


@dataclass(frozen=True, slots=True)
class Row:
    """A settlement as a provider confirms it; amounts in fen."""

    number: str
    case: str
    identity: str
    at: datetime
    total: int
    payable: int
    included: bool


@transaction.atomic
def confirm(
    provider: Provider,
    month: Days,
    announced: int,
    rows: Sequence[Row],
    number: str,
    actor: Actor,
) -> Confirmation:
    """Take a provider's word on settlements of a month: all rows or none.

    `number` is that of our reply. Raises RowsMiscounted, MonthClosed, BadRows.
    """
    if announced != len(rows):
        raise errors.RowsMiscounted(given=announced, found=len(rows))
    opened = _open_month(provider, month)
    ours = {row.number: row for row in to_allocate(provider, *month)}
    held = set(
        AllocationLine.objects.filter(holds=True, settlement__in=ours.values()).values_list(
            "settlement_id", flat=True
        )
    )
    comparing.refuse(list(_faults(rows, ours, held)))
    confirmation = Confirmation.objects.create(
        month=opened, provider=provider, number=number, at=timezone.now()
    )
    AllocationLine.objects.bulk_create(
        (_line(confirmation, ours[row.number], row.included) for row in rows), batch_size=_BATCH
    )
    record(actor, "clearing:confirm", number, f"{opened.number} {len(rows)} 行")
    return confirmation


def _open_month(provider: Provider, month: Days) -> Month:
    """The month of the provider's care region, held until the transaction ends. Raises MonthClosed."""
    first, _ = month
    region = regions.pool_of(provider.region)
    found, _ = Month.objects.get_or_create(region=region, month=f"{first:%Y%m}")
    held: Month = locked(found)
    if held.state != MonthState.OPEN:
        raise errors.MonthClosed(region=regions.full_name(region), month=held.month)
    return held


def _faults(rows: Sequence[Row], ours: Mapping[str, Settlement], held: set[int]) -> Iterator[str]:
    """What is wrong with the rows of a confirmation, by row."""
    seen: set[str] = set()
    for rank, row in enumerate(rows, start=1):
        settlement = ours.get(row.number)
        if settlement is None:
            yield f"第 {rank} 行：结算“{row.number}”不在这个月的异地清分明细中"
        elif row.number in seen:
            yield f"第 {rank} 行：结算“{row.number}”重复"
        elif settlement.pk in held:
            yield f"第 {rank} 行：结算“{row.number}”已经确认过，如需更改请先回退"
        else:
            yield from (f"第 {rank} 行：{wrong}" for wrong in _differences(row, settlement))
        seen.add(row.number)


def _differences(row: Row, settlement: Settlement) -> Iterator[str]:
    if row.case != case_number(settlement):
        yield f"就诊登记号应为 {case_number(settlement)}"
    if row.identity.upper() != settlement.visit.coverage.person.identity:
        yield "证件号码与该笔结算的参保人不符"
    if row.at != settlement.at.replace(microsecond=0):
        yield f"就诊结算时间应为 {timezone.localtime(settlement.at):%Y-%m-%d %H:%M:%S}"
    if row.total != settlement.total:
        yield f"总费用 {yuan_text(row.total)} 元，结算时为 {yuan_text(settlement.total)} 元"
    if row.payable != payable(settlement):
        yield f"经办机构支付总额 {yuan_text(row.payable)} 元，结算时为 {yuan_text(payable(settlement))} 元"


def _line(confirmation: Confirmation, settlement: Settlement, included: bool) -> AllocationLine:
    return AllocationLine(
        confirmation=confirmation,
        settlement=settlement,
        home=regions.pool_of(settlement.visit.coverage.pool),
        total=settlement.total,
        payable=payable(settlement),
        included=included,
    )


@transaction.atomic
def roll_back(provider: Provider, month: Days, number: str | None, actor: Actor) -> int:
    """Take a provider's confirmations of a month back: one by its number, or all of them (None), which may be none.

    Returns how many. Raises MonthClosed, UnknownConfirmation, IllegalMove.
    """
    opened = _open_month(provider, month)
    theirs = Confirmation.objects.filter(month=opened, provider=provider).order_by("pk")
    if number is None:
        wanted = list(theirs.filter(state=str(ConfirmationState.CONFIRMED)))
    else:
        wanted = list(theirs.filter(number=number))
        if not wanted:
            raise errors.UnknownConfirmation(month=opened.month, number=number)
    for confirmation in wanted:
        move(
            confirmation, CONFIRMATION_TRANSITIONS, ConfirmationState.ROLLED_BACK, actor, "clearing:roll-back"
        )
        confirmation.lines.update(holds=False)
    return len(wanted)
