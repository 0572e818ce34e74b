"""The invariants of clearing."""

from collections.abc import Iterator

from django.db.models import F, Q

from yidi.audit.findings import Check, Finding
from yidi.clearing.models import AllocationLine, Reconciliation
from yidi.clearing.states import ConfirmationState, Outcome
from yidi.reference import regions
from yidi.settlement.states import SettlementKind


def _lines() -> Iterator[Finding]:
    as_settled = Q(
        settlement__kind=str(SettlementKind.SETTLE),
        settlement__provider=F("confirmation__provider"),
        total=F("settlement__total"),
        payable=F("settlement__total") - F("settlement__cash"),
    )
    for line in AllocationLine.objects.exclude(as_settled).order_by("pk").iterator():
        yield Finding(f"line {line.pk}", "清分明细与其结算的机构或金额不符")


def _places() -> Iterator[Finding]:
    read = ("settlement__visit__coverage", "settlement__provider", "confirmation__month")
    for line in AllocationLine.objects.select_related(*read).order_by("pk").iterator():
        settlement = line.settlement
        home = regions.pool_of(settlement.visit.coverage.pool)
        care = regions.pool_of(settlement.provider.region)
        if home != line.home or care != line.confirmation.month.region or home == care:
            yield Finding(f"line {line.pk}", "清分明细的参保地或就医地与其结算不符")


def _states() -> Iterator[Finding]:
    confirmed = str(ConfirmationState.CONFIRMED)
    agree = Q(holds=True, confirmation__state=confirmed) | Q(holds=False) & ~Q(confirmation__state=confirmed)
    for line in AllocationLine.objects.exclude(agree).order_by("pk").iterator():
        yield Finding(f"line {line.pk}", "清分明细的效力与其确认的状态不符")


def _outcomes() -> Iterator[Finding]:
    equal = str(Outcome.EQUAL)
    for row in Reconciliation.objects.prefetch_related("differences").order_by("pk").iterator(chunk_size=500):
        is_equal = row.given == row.ours and not row.differences.all()
        if is_equal != (row.outcome == equal):
            yield Finding(f"reconciliation {row.pk}", "对账结论与所存的合计和差异不符")


CHECKS = (
    Check("CLEAR-LINES", "每条清分明细的机构与金额等于其结算", _lines),
    Check("CLEAR-PLACES", "每条清分明细的两地等于其结算的两地，且不是同一地", _places),
    Check("CLEAR-STATES", "已确认的清分明细有效，已回退的无效", _states),
    Check("CLEAR-OUTCOMES", "对账结论与所存的合计、差异一致", _outcomes),
)
