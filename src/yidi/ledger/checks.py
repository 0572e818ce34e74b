"""The invariants of the books themselves."""

from collections.abc import Callable, Iterator

from django.db.models import F, Sum, Value
from django.db.models.functions import Coalesce

from yidi.audit.findings import Check, Finding
from yidi.benefit.adjudicate import Decision
from yidi.ledger.models import AMOUNTS, AccountKind, Adjudicated, Counter, DecisionRule, Entry
from yidi.ledger.services import amounts_of
from yidi.policy.rules import restore
from yidi.values.errors import Refusal
from yidi.values.money import yuan_text


def _unbalanced() -> Iterator[Finding]:
    sums = Entry.objects.values("posting_id", "posting__subject", "account__region").annotate(
        sum=Sum("amount")
    )
    for row in sums.exclude(sum=0).order_by("posting_id").iterator():
        yield Finding(
            f"posting {row['posting_id']} ({row['posting__subject']})",
            f"{row['account__region']} 的分录合计 {yuan_text(row['sum'])} 元，应为 0",
        )


def _counters() -> Iterator[Finding]:
    counted = Counter.objects.annotate(moved=Coalesce(Sum("moves__amount"), Value(0)))
    for row in counted.exclude(moved=F("amount")).order_by("pk").iterator():
        yield Finding(f"counter {row.pk}", f"{row}，而账上变动合计 {yuan_text(row.moved)} 元")


def _mirrors() -> Iterator[Finding]:
    reversed_sums = {
        (row["posting__reverses_id"], row["account_id"]): row["sum"]
        for row in Entry.objects.filter(posting__reverses__isnull=False)
        .values("posting__reverses_id", "account_id")
        .annotate(sum=Sum("amount"))
    }
    originals = Entry.objects.filter(posting__reversed_by__isnull=False).values_list(
        "posting_id", "account_id", "amount"
    )
    for posting, account, amount in originals.order_by("posting_id").iterator():
        undone = reversed_sums.pop((posting, account), 0)
        if amount + undone:
            yield Finding(f"posting {posting}", f"账户 {account} 冲销后仍余 {yuan_text(amount + undone)} 元")
    for (reversed_posting, account), amount in reversed_sums.items():
        yield Finding(f"posting {reversed_posting}", f"冲销分录多出账户 {account} 的 {yuan_text(amount)} 元")


def _between_regions() -> Iterator[Finding]:
    def sums(kind: AccountKind) -> dict[tuple[str, str, str], int]:
        rows = Entry.objects.filter(account__kind=str(kind)).values_list(
            "account__region", "account__other", "account__fund"
        )
        totals = rows.annotate(total=Coalesce(Sum("amount"), Value(0)))
        return {(region, other, fund): total for region, other, fund, total in totals}

    owed, claimed = sums(AccountKind.DUE_TO_REGION), sums(AccountKind.DUE_FROM_REGION)
    for home, care, fund in sorted({*owed, *((home, care, fund) for care, home, fund in claimed)}):
        debt, claim = -owed.get((home, care, fund), 0), claimed.get((care, home, fund), 0)
        if debt != claim:
            yield Finding(
                f"{home}→{care} {fund}", f"参保地应付 {yuan_text(debt)} 元，就医地应收 {yuan_text(claim)} 元"
            )


UNREADABLE = (KeyError, TypeError, ValueError)
"""What reading a kept rule or kept counters raises where they are none any more."""


def _rules() -> Iterator[Finding]:
    for kept in DecisionRule.objects.order_by("digest").iterator():
        try:
            sound = restore(kept.canonical).digest == kept.digest
        except UNREADABLE:
            sound = False
        if not sound:
            yield Finding(f"rule {kept.digest[:12]}", "规则内容与其摘要不符")


CHECKS = (
    Check("LEDGER-BALANCE", "每笔记账在每个地区内借贷相等", _unbalanced),
    Check("LEDGER-MIRROR", "每笔冲销与原记账逐账户抵消", _mirrors),
    Check("LEDGER-REGIONS", "甲地应付乙地等于乙地应收甲地", _between_regions),
    Check("LEDGER-COUNTERS", "年度累计等于账上变动之和", _counters),
    Check("LEDGER-RULES", "留存的规则与其摘要相符", _rules),
)


def replayed(number: str, row: Adjudicated, decide: Callable[[], Decision]) -> Iterator[Finding]:
    """Compare every amount of a stored decision with the same decision made again."""
    try:
        again = amounts_of(decide())
    except (Refusal, *UNREADABLE) as reason:
        yield Finding(number, f"按留存的规则与累计无法重算：{reason}")
        return
    wrong = [name for name in AMOUNTS if getattr(row, name) != again[name]]
    if wrong:
        yield Finding(number, f"按留存规则重算，{'、'.join(wrong)} 不符")
