"""The invariants of settlements: bill, books and counters tell one story."""

from collections.abc import Iterator
from functools import partial, reduce
from operator import add

from django.db.models import Exists, F, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from yidi.audit.findings import Check, Finding
from yidi.ledger.checks import (
    CHUNK,
    Case,
    booked,
    counted,
    decided_again,
    founded,
    registered,
    replayed,
)
from yidi.ledger.models import AMOUNTS, FUNDS, PARTS, AccountKind, Entry, InvoiceUse, Posting, PostingKind
from yidi.ledger.services import settlement_entries
from yidi.reference import regions
from yidi.settlement.models import Settlement, VisitLine
from yidi.settlement.states import SettlementKind
from yidi.values.money import yuan_text

SETTLED = Q(kind=str(SettlementKind.SETTLE))
STANDING = SETTLED & Q(is_cancelled=False)
CANCEL, RESTORE = Q(kind=str(SettlementKind.CANCEL)), Q(kind=str(SettlementKind.RESTORE))
SIGNS = {SettlementKind.SETTLE: 1, SettlementKind.CANCEL: -1, SettlementKind.RESTORE: 1}


def _cases(also: Q, *read: str) -> Iterator[Case]:
    """Settlements, cancellations and restorations by person and posting."""
    rows = (
        Settlement.objects.filter(also)
        .select_related("posting", "rule", "cancels__cancels__rule", "provider", "visit__coverage")
        .order_by("visit__coverage__person_id", "posting_id")
    )
    for row in rows.prefetch_related(*read).iterator(chunk_size=CHUNK):
        yield _case(row)


def _case(row: Settlement) -> Case:
    coverage = row.visit.coverage
    home, care = regions.pool_of(coverage.pool), regions.pool_of(row.provider.region)
    return Case(
        number=row.number,
        coverage=coverage,
        on=row.on,
        decided=_decided(row),
        posting=row.posting,
        entries=settlement_entries(home, care, row.provider.code or "", row.funds),
        sign=SIGNS[SettlementKind(row.kind)],
    )


def _decided(row: Settlement) -> Settlement:
    """The settlement that a cancellation or a restoration goes back to."""
    return _decided(row.cancels) if row.cancels else row


def _booked() -> Iterator[Finding]:
    return booked(_cases(Q(), "posting__entries__account"))


def _counted() -> Iterator[Finding]:
    return counted(_cases(Q(), "posting__moves__counter"))


def _founded() -> Iterator[Finding]:
    return founded(_cases(SETTLED | RESTORE))


def _invoices() -> Iterator[Finding]:
    rows = Settlement.objects.filter(STANDING).exclude(invoice="").select_related("visit")
    standing = ((row.visit.number, row.invoice) for row in rows.order_by("visit_id").iterator())
    return registered(InvoiceUse.SETTLEMENT, standing)


_FUNDS = Sum(reduce(add, map(F, FUNDS)))


def _providers() -> Iterator[Finding]:
    owed = dict(
        Entry.objects.filter(account__kind=str(AccountKind.PROVIDER_PAYABLE))
        .values_list("account__other")
        .annotate(sum=-Sum("amount"))
    )
    standing = dict(Settlement.objects.filter(STANDING).values_list("provider__code").annotate(sum=_FUNDS))
    for code in sorted({*owed, *standing}):
        if owed.get(code, 0) != standing.get(code, 0):
            both = (yuan_text(owed.get(code, 0)), yuan_text(standing.get(code, 0)))
            yield Finding(code, "账上应付 {} 元，未撤销结算合计 {} 元".format(*both))


def _cancellations() -> Iterator[Finding]:
    undoings = Settlement.objects.filter(cancels=OuterRef("pk"), is_reversed=False)
    for row in Settlement.objects.filter(SETTLED, ~Exists(undoings), is_cancelled=True).iterator():
        yield Finding(row.number, "标为已撤销而没有撤销记录")
    for row in Settlement.objects.filter(CANCEL, ~Exists(undoings), is_reversed=True).iterator():
        yield Finding(row.number, "标为已冲正而没有冲正记录")
    same = Q()
    for name in AMOUNTS:
        same &= Q(**{name: F(f"cancels__{name}")})
    its_posting = Q(posting__reverses=F("cancels__posting"))
    restored = Q(posting__reverses__settlement__cancels__cancels=F("cancels"))
    cancels = CANCEL & (Q(is_reversed=True) | Q(cancels__is_cancelled=True)) & (its_posting | restored)
    restores = RESTORE & Q(cancels__is_reversed=True, cancels__kind=str(SettlementKind.CANCEL)) & its_posting
    undone = Settlement.objects.filter(CANCEL | RESTORE)
    for row in undone.exclude(same & (cancels | restores)).iterator():
        yield Finding(row.number, f"{SettlementKind(row.kind).zh}记录与所撤销的记录不符")


def _lines() -> Iterator[Finding]:
    lines = (
        VisitLine.objects.filter(visit=OuterRef("visit"), batch=OuterRef("batch")).order_by().values("visit")
    )
    sums = {
        f"lines_{part}": Coalesce(Subquery(lines.annotate(sum=Sum(part)).values("sum")), Value(0))
        for part in PARTS
    }
    standing = Settlement.objects.filter(STANDING)
    for row in standing.annotate(**sums).order_by("pk").iterator():
        wrong = [part for part in PARTS if getattr(row, part) != getattr(row, f"lines_{part}")]
        if wrong:
            yield Finding(row.number, f"{'、'.join(wrong)} 与费用明细合计不符")


def _orphans() -> Iterator[Finding]:
    kinds = [str(PostingKind.SETTLEMENT), str(PostingKind.CANCEL), str(PostingKind.RESTORE)]
    for posting in Posting.objects.filter(kind__in=kinds, settlement__isnull=True).order_by("pk").iterator():
        yield Finding(f"posting {posting.pk}", "记账没有对应的结算")


def _replayed() -> Iterator[Finding]:
    rows = Settlement.objects.filter(SETTLED).select_related("rule")
    for row in rows.order_by("pk").iterator():
        yield from replayed(row.number, row, partial(decided_again, row, row.on))


CHECKS = (
    Check("SETL-BOOKED", "每笔结算的记账与应记的分录逐项相等", _booked),
    Check("SETL-COUNTED", "每笔结算计入本人累计的金额与重算逐项相等", _counted),
    Check("SETL-BASIS", "每笔结算所依据的累计等于此前的账上变动之和", _founded),
    Check("SETL-INVOICES", "未撤销结算的票据与票据登记一一对应", _invoices),
    Check("SETL-PROVIDERS", "应付定点机构等于其未撤销结算之和", _providers),
    Check("SETL-CANCELS", "每笔撤销与原结算逐项相反", _cancellations),
    Check("SETL-LINES", "结算的四部分金额各等于费用明细之和", _lines),
    Check("SETL-ORPHANS", "没有无主的结算记账", _orphans),
    Check("SETL-REPLAY", "按留存的规则与累计重算，金额不变", _replayed),
)
