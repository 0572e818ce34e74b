"""The invariants of settlements: bill, books and counters tell one story."""

from collections.abc import Iterator
from functools import partial

from django.db.models import F, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from yidi.audit.findings import Check, Finding
from yidi.ledger.checks import replayed
from yidi.ledger.models import AMOUNTS, PARTS, AccountKind, CounterMove, Entry, Posting, PostingKind
from yidi.settlement.models import Settlement, VisitLine
from yidi.settlement.queries import decision_of
from yidi.settlement.states import SettlementKind
from yidi.values.money import yuan_text


def _sign(row: Settlement) -> int:
    return 1 if row.kind == SettlementKind.SETTLE else -1


def _booked() -> Iterator[Finding]:
    spent = (
        Entry.objects.filter(posting=OuterRef("posting"), account__kind=str(AccountKind.FUND_EXPENSE))
        .order_by()
        .values("posting")
        .annotate(sum=Sum("amount"))
        .values("sum")
    )
    rows = Settlement.objects.annotate(spent=Coalesce(Subquery(spent), Value(0)))
    for row in rows.order_by("pk").iterator():
        if row.spent != _sign(row) * row.fund:
            yield Finding(row.number, f"基金支付 {yuan_text(row.fund)} 元，账上 {yuan_text(row.spent)} 元")


def _counted() -> Iterator[Finding]:
    moves = (
        CounterMove.objects.filter(
            posting=OuterRef("posting"),
            counter__scope=OuterRef("visit__benefit"),
            counter__period__regex="^[0-9]{4}$",  # a year: months and quarters count the same money again
        )
        .order_by()
        .values("posting")
        .annotate(sum=Sum("amount"))
        .values("sum")
    )
    rows = Settlement.objects.annotate(
        paid=Coalesce(Subquery(moves.filter(counter__measure="fund")), Value(0)),
        taken=Coalesce(Subquery(moves.filter(counter__measure="deductible")), Value(0)),
    )
    for row in rows.order_by("pk").iterator():
        if (row.paid, row.taken) != (_sign(row) * row.fund, _sign(row) * row.deductible):
            yield Finding(row.number, "计入年度累计的基金支付或起付线与结算不符")


def _providers() -> Iterator[Finding]:
    owed = dict(
        Entry.objects.filter(account__kind=str(AccountKind.PROVIDER_PAYABLE))
        .values_list("account__other")
        .annotate(sum=-Sum("amount"))
    )
    standing = dict(
        Settlement.objects.filter(kind=str(SettlementKind.SETTLE), is_cancelled=False)
        .values_list("provider__code")
        .annotate(sum=Sum("fund"))
    )
    for code in sorted({*owed, *standing}):
        if owed.get(code, 0) != standing.get(code, 0):
            both = (yuan_text(owed.get(code, 0)), yuan_text(standing.get(code, 0)))
            yield Finding(code, "账上应付 {} 元，未撤销结算合计 {} 元".format(*both))


def _cancellations() -> Iterator[Finding]:
    for row in Settlement.objects.filter(is_cancelled=True, cancellation__isnull=True).iterator():
        yield Finding(row.number, "标为已撤销而没有撤销记录")
    same = Q()
    for name in AMOUNTS:
        same &= Q(**{name: F(f"cancels__{name}")})
    same &= Q(cancels__is_cancelled=True, posting__reverses=F("cancels__posting"))
    for row in Settlement.objects.filter(kind=str(SettlementKind.CANCEL)).exclude(same).iterator():
        yield Finding(row.number, "撤销记录与原结算不符")


def _lines() -> Iterator[Finding]:
    lines = (
        VisitLine.objects.filter(visit=OuterRef("visit"), batch=OuterRef("batch")).order_by().values("visit")
    )
    sums = {
        f"lines_{part}": Coalesce(Subquery(lines.annotate(sum=Sum(part)).values("sum")), Value(0))
        for part in PARTS
    }
    standing = Settlement.objects.filter(kind=str(SettlementKind.SETTLE), is_cancelled=False)
    for row in standing.annotate(**sums).order_by("pk").iterator():
        wrong = [part for part in PARTS if getattr(row, part) != getattr(row, f"lines_{part}")]
        if wrong:
            yield Finding(row.number, f"{'、'.join(wrong)} 与费用明细合计不符")


def _orphans() -> Iterator[Finding]:
    kinds = [str(PostingKind.SETTLEMENT), str(PostingKind.CANCEL)]
    for posting in Posting.objects.filter(kind__in=kinds, settlement__isnull=True).order_by("pk").iterator():
        yield Finding(f"posting {posting.pk}", "记账没有对应的结算")


def _replayed() -> Iterator[Finding]:
    rows = Settlement.objects.filter(kind=str(SettlementKind.SETTLE)).select_related("rule", "visit")
    for row in rows.order_by("pk").iterator():
        yield from replayed(row.number, row, partial(decision_of, row))


CHECKS = (
    Check("SETL-BOOKED", "每笔结算与其记账金额相等", _booked),
    Check("SETL-COUNTED", "每笔结算与其计入累计的金额相等", _counted),
    Check("SETL-PROVIDERS", "应付定点机构等于其未撤销结算之和", _providers),
    Check("SETL-CANCELS", "每笔撤销与原结算逐项相反", _cancellations),
    Check("SETL-LINES", "结算的四部分金额各等于费用明细之和", _lines),
    Check("SETL-ORPHANS", "没有无主的结算记账", _orphans),
    Check("SETL-REPLAY", "按留存的规则与累计重算，金额不变", _replayed),
)
