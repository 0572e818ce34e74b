"""Booking. Every function here runs inside the transaction of the case that it books."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import BigIntegerField, Q, QuerySet, Sum

from yidi.benefit.adjudicate import Counter as CounterName
from yidi.benefit.adjudicate import Decision, counters_read
from yidi.ledger.models import (
    AMOUNTS,
    FUNDS,
    PARTS,
    Account,
    AccountKind,
    Counter,
    CounterMove,
    DecisionRule,
    Entry,
    Posting,
    PostingKind,
)
from yidi.people.models import Coverage, Person
from yidi.policy.rules import BenefitRule
from yidi.reference import regions
from yidi.statements import Query, Slot, insert
from yidi.values.terms import Fund

AccountName = tuple[str, AccountKind, Fund, str]
"""(region, kind, fund, whom it stands against)"""


def lock_person(coverage: Coverage) -> None:
    """Hold the person's row until the transaction ends: two bills of one person are decided one after the other.

    Rows that refer to the person may be added meanwhile (`no_key`): whoever tells a person of a case, that case held,
    must not wait for somebody who holds the person and waits for that case.
    """
    Person.objects.select_for_update(of=("self",), no_key=True).get(pk=coverage.person_id)


def _owner(coverage: Coverage) -> dict[str, Any]:
    """Whose counters a bill under this coverage reads and moves."""
    return {
        "person_id": coverage.person_id,
        "pool": regions.pool_of(coverage.pool),
        "scheme": coverage.scheme,
    }


def used_counters(coverage: Coverage) -> dict[CounterName, int]:
    """All running totals of the person in the coverage's pool and scheme, in fen."""
    rows = _USED.all(**_owner(coverage))
    return {CounterName(scope, measure, period): amount for scope, measure, period, amount in rows}


_USED = Query(
    lambda: Counter.objects.filter(
        person_id=Slot("person_id", BigIntegerField()), pool=Slot("pool"), scheme=Slot("scheme")
    ).values_list("scope", "measure", "period", "amount")
)


def used_before(coverage: Coverage, posting: Posting | None) -> dict[CounterName, int]:
    """The person's running totals as they were before a posting, in fen; as they are now where there is none."""
    if posting is None:
        return used_counters(coverage)
    owner = {f"counter__{name}": value for name, value in _owner(coverage).items()}
    moves = CounterMove.objects.filter(**owner, posting_id__lt=posting.pk)
    rows = moves.values_list("counter__scope", "counter__measure", "counter__period").annotate(Sum("amount"))
    return {CounterName(scope, measure, period): amount for scope, measure, period, amount in rows}


def counters_for(rule: BenefitRule, on: date, used: Mapping[CounterName, int]) -> dict[CounterName, int]:
    """Of a person's counters those that a decision by this rule on this day reads, in fen; missing = 0."""
    return {name: used.get(name, 0) for name in sorted(counters_read(rule, on))}


def post(kind: PostingKind, subject: str, at: datetime, entries: Mapping[AccountName, int]) -> Posting:
    """Add a posting with its entries; amounts of zero leave no entry. Raises ValueError where they do not balance."""
    _must_balance(entries)
    posting = Posting(kind=str(kind), subject=subject, at=at)
    insert([posting])
    accounts = _accounts(entries)
    insert(
        [
            Entry(posting=posting, account_id=accounts[name], amount=amount)
            for name, amount in entries.items()
            if amount
        ]
    )
    return posting


def _must_balance(entries: Mapping[AccountName, int]) -> None:
    for region in {name[0] for name in entries}:
        if sum(amount for name, amount in entries.items() if name[0] == region):
            raise ValueError(f"entries of {region} do not balance: {entries}")


def _accounts(names: Collection[AccountName]) -> dict[tuple[str, str, str, str], int]:
    """The rows of accounts by name, opened where they are new."""
    found = _find_accounts(names)
    if any(name not in found for name in names):
        opened = (
            Account(region=region, kind=str(kind), fund=str(fund), other=other)
            for region, kind, fund, other in names
        )
        Account.objects.bulk_create(opened, ignore_conflicts=True)
        found = _find_accounts(names)
    return found


def _find_accounts(names: Collection[AccountName]) -> dict[tuple[str, str, str, str], int]:
    pairs = sorted({(region, other) for region, _, _, other in names})
    found: dict[tuple[str, str, str, str], int] = {}
    for start in range(0, len(pairs), PAIRS):
        asked = [pairs[min(start + place, len(pairs) - 1)] for place in range(PAIRS)]
        regions_asked = {f"region{place}": region for place, (region, _) in enumerate(asked)}
        others_asked = {f"other{place}": other for place, (_, other) in enumerate(asked)}
        found |= {tuple(name): key for *name, key in _ACCOUNTS.all(**regions_asked, **others_asked)}
    return found


PAIRS = 4
"""Pairs of a region and whom it stands against that accounts are looked up by at once: those of a settlement."""


def _accounts_of_pairs() -> QuerySet[Account, tuple[Any, ...]]:
    asked = Q()
    for place in range(PAIRS):
        asked |= Q(region=Slot(f"region{place}"), other=Slot(f"other{place}"))
    return Account.objects.filter(asked).values_list("region", "kind", "fund", "other", "pk")


_ACCOUNTS = Query(_accounts_of_pairs)


def mirror(posting: Posting, subject: str, at: datetime, kind: PostingKind = PostingKind.CANCEL) -> Posting:
    """Undo a posting by its mirror image: every entry and counter move with the other sign.

    The person must be locked.
    """
    mirrored = Posting.objects.create(kind=str(kind), subject=subject, at=at, reverses=posting)
    Entry.objects.bulk_create(
        Entry(posting=mirrored, account_id=entry.account_id, amount=-entry.amount)
        for entry in posting.entries.all()
    )
    _move(mirrored, [(move.counter, -move.amount) for move in posting.moves.select_related("counter")])
    return mirrored


def count(posting: Posting, coverage: Coverage, moves: Mapping[CounterName, int]) -> None:
    """Add a decision's moves to the coverage's counters. The person must be locked."""
    owner = _owner(coverage)
    moved = [Counter(**owner, **name._asdict(), amount=amount) for name, amount in moves.items() if amount]
    kept = insert(moved, _ADD_TO_COUNTER, ("scope", "measure", "period", "id"))
    keys = {CounterName(scope, measure, period): key for scope, measure, period, key in kept}
    insert(
        [
            CounterMove(
                posting=posting,
                counter_id=keys[CounterName(row.scope, row.measure, row.period)],
                amount=row.amount,
            )
            for row in moved
        ]
    )


_ADD_TO_COUNTER = (
    "(person_id, pool, scheme, scope, measure, period)"
    " DO UPDATE SET amount = ledger_counter.amount + excluded.amount"
)


def _move(posting: Posting, changes: Sequence[tuple[Counter, int]]) -> None:
    CounterMove.objects.bulk_create(
        CounterMove(posting=posting, counter=counter, amount=amount) for counter, amount in changes
    )
    for counter, amount in changes:
        counter.amount += amount
    Counter.objects.bulk_update([counter for counter, _ in changes], ["amount"])


def keep_rule(rule: BenefitRule) -> str:
    """The digest under which a rule is stored; it is added at its first use."""
    digest = rule.digest
    if not _KEPT.all(digest=digest):
        DecisionRule.objects.get_or_create(digest=digest, defaults={"canonical": rule.canonical()})
    return digest


_KEPT = Query(lambda: DecisionRule.objects.filter(digest=Slot("digest")).values_list("digest"))


def amounts_of(decision: Decision) -> dict[str, int]:
    """Every amount of a decision by its column of `Adjudicated`, in fen."""
    of_split = ("total", *PARTS)
    return {
        name: decision.paid_by(FUNDS[name])
        if name in FUNDS
        else getattr(decision.split if name in of_split else decision, name)
        for name in AMOUNTS
    }


def funds_of(decision: Decision) -> dict[Fund, int]:
    """What each fund pays by a decision, in fen; those that pay nothing are left out."""
    paid = {fund: decision.paid_by(fund) for fund in FUNDS.values()}
    return {fund: amount for fund, amount in paid.items() if amount}


def decision_columns(decision: Decision, used: Mapping[CounterName, int]) -> dict[str, Any]:
    """The columns of `Adjudicated` for a decision, its rule kept."""
    read = counters_for(decision.rule, decision.on, used)
    return {
        **amounts_of(decision),
        "rule_id": keep_rule(decision.rule),
        "used_before": [[*name, amount] for name, amount in read.items()],
    }


def settlement_entries(
    home: str, care: str, provider: str, funds: Mapping[Fund, int]
) -> dict[AccountName, int]:
    """What a direct settlement books, in fen: each home fund owes the care region, which owes the provider."""
    entries: dict[AccountName, int] = {}
    for fund, amount in funds.items():
        entries |= {
            (home, AccountKind.FUND_EXPENSE, fund, ""): amount,
            (home, AccountKind.DUE_TO_REGION, fund, care): -amount,
            (care, AccountKind.DUE_FROM_REGION, fund, home): amount,
            (care, AccountKind.PROVIDER_PAYABLE, fund, provider): -amount,
        }
    return entries


def claim_entries(home: str, funds: Mapping[Fund, int]) -> dict[AccountName, int]:
    """What an approved claim books, in fen: each home fund owes the person."""
    entries: dict[AccountName, int] = {}
    for fund, amount in funds.items():
        entries |= {
            (home, AccountKind.FUND_EXPENSE, fund, ""): amount,
            (home, AccountKind.PERSON_PAYABLE, fund, ""): -amount,
        }
    return entries


def payment_entries(home: str, funds: Mapping[Fund, int]) -> dict[AccountName, int]:
    """What paying a claim books, in fen."""
    entries: dict[AccountName, int] = {}
    for fund, amount in funds.items():
        entries |= {
            (home, AccountKind.PERSON_PAYABLE, fund, ""): amount,
            (home, AccountKind.BANK, fund, ""): -amount,
        }
    return entries


def counters_of(stored: Sequence[Sequence[Any]]) -> dict[CounterName, int]:
    """The counters that `decision_columns` wrote down."""
    return {CounterName(scope, measure, period): amount for scope, measure, period, amount in stored}
