"""The invariants of the books themselves, and those of every case that is booked in them."""

from collections import Counter as Totals
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from heapq import merge
from itertools import groupby
from typing import Any, NamedTuple

from django.db.models import F, Sum, Value
from django.db.models.functions import Coalesce

from yidi.audit.findings import Check, Finding, paired
from yidi.benefit.adjudicate import Counter as CounterName
from yidi.benefit.adjudicate import Decision, adjudicate
from yidi.benefit.split import whole_split
from yidi.ledger.invoices import normalized
from yidi.ledger.models import (
    AMOUNTS,
    AccountKind,
    Adjudicated,
    Counter,
    CounterMove,
    DecisionRule,
    Entry,
    Invoice,
    InvoiceUse,
    Posting,
)
from yidi.ledger.services import amounts_of, counters_for, counters_of
from yidi.people.models import Coverage
from yidi.policy.rules import restore
from yidi.reference import regions
from yidi.values.errors import Refusal
from yidi.values.money import yuan_text

CHUNK = 500
"""Rows read at a time together with their entries and moves."""
UNREADABLE = (Refusal, KeyError, TypeError, ValueError)
"""What reading a kept rule or kept counters raises where they are none any more, or deciding by them."""

Amounts = Mapping[Any, int]
"""Fen by name, a tuple of words: of an account, or of a counter with its owner."""


def entries_in(posting: Posting) -> Amounts:
    """What a posting holds on each account."""
    rows = ((entry.account, entry.amount) for entry in posting.entries.all())
    return {(row.region, row.kind, row.fund, row.other): amount for row, amount in rows}


def moves_in(posting: Posting) -> Amounts:
    """What a posting adds to each counter: person, pool, scheme and the counter's name."""
    rows = ((move.counter, move.amount) for move in posting.moves.all())
    return {
        (str(row.person_id), row.pool, row.scheme, row.scope, row.measure, row.period): amount
        for row, amount in rows
    }


def differences(subject: str, held: Amounts, due: Amounts) -> Iterator[Finding]:
    """One finding that names whatever is not as it is due; what is missing counts as nothing."""
    wrong = [name for name in sorted({*held, *due}) if held.get(name, 0) != due.get(name, 0)]
    if wrong:
        told = (
            f"{'/'.join(filter(None, name))} 账上 {yuan_text(held.get(name, 0))} 元，"
            f"应为 {yuan_text(due.get(name, 0))} 元"
            for name in wrong
        )
        yield Finding(subject, "；".join(told))


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
    both = ("entries__account", "moves__counter", "reverses__entries__account", "reverses__moves__counter")
    mirrors = Posting.objects.filter(reverses__isnull=False).select_related("reverses")
    for posting in mirrors.prefetch_related(*both).order_by("pk").iterator(chunk_size=CHUNK):
        undone: Posting = posting.reverses  # type: ignore[assignment]
        for read in (entries_in, moves_in):
            due = {name: -amount for name, amount in read(undone).items()}
            yield from differences(f"posting {posting.pk}", read(posting), due)


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
    Check("LEDGER-MIRROR", "每笔冲销与原记账逐账户、逐累计抵消", _mirrors),
    Check("LEDGER-REGIONS", "甲地应付乙地等于乙地应收甲地", _between_regions),
    Check("LEDGER-COUNTERS", "年度累计等于账上变动之和", _counters),
    Check("LEDGER-RULES", "留存的规则与其摘要相符", _rules),
)


@dataclass(frozen=True, slots=True)
class Case:
    """A decided and booked bill, or the cancellation of one, as its room tells it."""

    number: str
    coverage: Coverage
    on: date
    """Day of service."""
    decided: Adjudicated
    """The decision that is booked; of a cancellation, the one that it undoes."""
    posting: Posting
    entries: Amounts
    """What the bill must book; a cancellation books its mirror image."""
    sign: int = 1
    """-1 of a cancellation."""

    @property
    def owner(self) -> tuple[int, str, str]:
        """Whose counters it reads and moves: person, pool, scheme."""
        return self.coverage.person_id, regions.pool_of(self.coverage.pool), self.coverage.scheme

    @property
    def place(self) -> tuple[int, int, int]:
        """Where it stands in a person's history: before its own moves."""
        return self.coverage.person_id, self.posting.pk, 0


def booked(cases: Iterable[Case]) -> Iterator[Finding]:
    """Each posting must hold exactly the entries that its case makes."""
    for case in cases:
        due = {name: case.sign * amount for name, amount in case.entries.items()}
        yield from differences(case.number, entries_in(case.posting), due)


def counted(cases: Iterable[Case]) -> Iterator[Finding]:
    """Each posting must move exactly the counters that its decision, made again, moves: its own person's."""
    for case in cases:
        try:
            moves = decided_again(case.decided, case.on).moves
        except UNREADABLE as reason:
            yield _undecidable(case.number, reason)
            continue
        owner = tuple(map(str, case.owner))
        due = {(*owner, *name): case.sign * amount for name, amount in moves.items()}
        yield from differences(case.number, moves_in(case.posting), due)


def founded(cases: Iterable[Case]) -> Iterator[Finding]:
    """Each decision must stand on a rule of the person's pool and scheme and on the counters as they were.

    `cases` without cancellations, by person and posting.
    """
    for case, before in _with_totals_before(cases):
        try:
            rule = restore(case.decided.rule.canonical)
            used, due = counters_of(case.decided.used_before), counters_for(rule, case.on, before)
        except UNREADABLE as reason:
            yield _undecidable(case.number, reason)
            continue
        if (rule.pool, rule.scheme) != case.owner[1:]:
            yield Finding(case.number, f"所依据的规则属于 {rule.pool} {rule.scheme}，不是参保人的")
        if used != due:
            yield Finding(case.number, f"所依据的累计（分）{_told(used)} 不是此前的账上变动之和 {_told(due)}")


def _told(counters: Mapping[CounterName, int]) -> str:
    return "、".join(f"{'/'.join(map(str, name))}={amount}" for name, amount in counters.items()) or "无"


class _Move(NamedTuple):
    """One counter move in a person's history."""

    person: int
    posting: int
    owner: tuple[int, str, str]
    name: CounterName
    amount: int

    @property
    def place(self) -> tuple[int, int, int]:
        return self.person, self.posting, 1


def _all_moves() -> Iterator[_Move]:
    rows = CounterMove.objects.order_by("counter__person_id", "posting_id").select_related("counter")
    for row in rows.iterator():
        of = row.counter
        owner, name = (of.person_id, of.pool, of.scheme), CounterName(of.scope, of.measure, of.period)
        yield _Move(of.person_id, row.posting_id, owner, name, row.amount)


def _with_totals_before(cases: Iterable[Case]) -> Iterator[tuple[Case, Mapping[CounterName, int]]]:
    """Each case with its owner's totals by all earlier postings. Holds one person's totals at a time.

    The cases are read before the moves, so that whatever is booked meanwhile cannot be missing among the moves.
    """
    history: Iterator[Case | _Move] = merge(cases, _all_moves(), key=lambda event: event.place)
    for _, events in groupby(history, key=lambda event: event.place[0]):
        totals: dict[tuple[int, str, str], Totals[CounterName]] = defaultdict(Totals)
        for event in events:
            if isinstance(event, Case):
                yield event, totals[event.owner]
            else:
                totals[event.owner][event.name] += event.amount


def decided_again(row: Adjudicated, on: date) -> Decision:
    """The decision that the kept rule makes of the kept amounts and counters. Raises UNREADABLE."""
    split = whole_split(row.total, row.excluded, row.over_limit, row.upfront)
    return adjudicate(split, restore(row.rule.canonical), counters_of(row.used_before), on)


def replayed(number: str, row: Adjudicated, decide: Callable[[], Decision]) -> Iterator[Finding]:
    """Compare every amount of a stored decision with the same decision made again."""
    try:
        again = amounts_of(decide())
    except UNREADABLE as reason:
        yield _undecidable(number, reason)
        return
    wrong = [name for name in AMOUNTS if getattr(row, name) != again[name]]
    if wrong:
        yield Finding(number, f"按留存规则重算，{'、'.join(wrong)} 不符")


def _undecidable(number: str, reason: Exception) -> Finding:
    return Finding(number, f"按留存的规则与累计无法重算：{reason}")


def registered(use: InvoiceUse, standing: Iterable[tuple[str, str]]) -> Iterator[Finding]:
    """Compare the register of used invoices with the cases that stand: (subject, invoice), by subject."""
    rows = Invoice.objects.filter(use=str(use)).order_by("subject", "number")
    kept = ((f"{row.subject} {row.number}", row) for row in rows.iterator())
    cases = ((f"{subject} {normalized(invoice)}", subject) for subject, invoice in standing)
    for key, row, subject in paired(kept, cases):
        if subject is None:
            yield Finding(key, "票据登记为已使用，而没有有效的结算或报销")
        elif row is None:
            yield Finding(key, "有效的结算或报销，其票据没有登记为已使用")
