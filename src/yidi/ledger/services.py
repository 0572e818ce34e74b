"""Booking. Every function here runs inside the transaction of the case that it books."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import F

from yidi.benefit.adjudicate import Counter as CounterName
from yidi.benefit.adjudicate import Decision
from yidi.ledger.models import (
    Account,
    AccountKind,
    Counter,
    CounterMove,
    DecisionRule,
    Entry,
    Posting,
    PostingKind,
)
from yidi.people.models import Coverage
from yidi.policy.rules import BenefitRule
from yidi.values.terms import Fund

AccountName = tuple[str, AccountKind, Fund, str]
"""(region, kind, fund, whom it stands against)"""


def lock_coverage(coverage: Coverage) -> None:
    """Hold the coverage row until the transaction ends: two bills of one person are decided one after the other."""
    Coverage.objects.select_for_update(of=("self",)).get(pk=coverage.pk)


def used_counters(coverage: Coverage) -> dict[CounterName, int]:
    """All running totals of a coverage, in fen."""
    rows = Counter.objects.filter(coverage=coverage).values_list("scope", "measure", "period", "amount")
    return {CounterName(scope, measure, period): amount for scope, measure, period, amount in rows}


def post(
    kind: PostingKind,
    subject: str,
    at: datetime,
    entries: Mapping[AccountName, int],
    reverses: Posting | None = None,
) -> Posting:
    """Add a posting with its entries; amounts of zero leave no entry. Raises ValueError where they do not balance."""
    _must_balance(entries)
    posting = Posting.objects.create(kind=str(kind), subject=subject, at=at, reverses=reverses)
    Entry.objects.bulk_create(
        Entry(posting=posting, account=_account(name), amount=amount)
        for name, amount in entries.items()
        if amount
    )
    return posting


def _must_balance(entries: Mapping[AccountName, int]) -> None:
    for region in {name[0] for name in entries}:
        if sum(amount for name, amount in entries.items() if name[0] == region):
            raise ValueError(f"entries of {region} do not balance: {entries}")


def _account(name: AccountName) -> Account:
    region, kind, fund, other = name
    account, _ = Account.objects.get_or_create(region=region, kind=str(kind), fund=str(fund), other=other)
    return account


def mirror(posting: Posting, subject: str, at: datetime) -> Posting:
    """Undo a posting by its mirror image: every entry and counter move with the other sign."""
    mirrored = Posting.objects.create(kind=str(PostingKind.CANCEL), subject=subject, at=at, reverses=posting)
    Entry.objects.bulk_create(
        Entry(posting=mirrored, account_id=entry.account_id, amount=-entry.amount)
        for entry in posting.entries.all()
    )
    for move in posting.moves.order_by("counter_id"):
        _move(mirrored, move.counter_id, -move.amount)
    return mirrored


def count(posting: Posting, coverage: Coverage, moves: Mapping[CounterName, int]) -> None:
    """Add a decision's moves to the coverage's counters."""
    for name, amount in sorted(moves.items()):
        counter, _ = Counter.objects.get_or_create(
            coverage=coverage, scope=name.scope, measure=name.measure, period=name.period
        )
        _move(posting, counter.pk, amount)


def _move(posting: Posting, counter_id: int, amount: int) -> None:
    if amount:
        CounterMove.objects.create(posting=posting, counter_id=counter_id, amount=amount)
        Counter.objects.filter(pk=counter_id).update(amount=F("amount") + amount)


def keep_rule(rule: BenefitRule) -> DecisionRule:
    """The stored form of a rule, added at its first use."""
    kept, _ = DecisionRule.objects.get_or_create(digest=rule.digest, defaults={"canonical": rule.canonical()})
    return kept


def decision_columns(decision: Decision, used: Mapping[CounterName, int]) -> dict[str, Any]:
    """The columns of `Adjudicated` for a decision, its rule kept."""
    split = decision.split
    return {
        "total": split.total,
        "excluded": split.excluded,
        "over_limit": split.over_limit,
        "upfront": split.upfront,
        "in_scope": split.in_scope,
        "away_upfront": decision.away_upfront,
        "deductible": decision.deductible,
        "over_cost": decision.over_cost,
        "shared": decision.shared,
        "cut": decision.cut,
        "fund": decision.fund,
        "account": decision.account,
        "cash": decision.cash,
        "rule": keep_rule(decision.rule),
        "used_before": [[*name, amount] for name, amount in sorted(used.items())],
    }


def settlement_entries(home: str, care: str, provider: str, fund: int) -> dict[AccountName, int]:
    """What a direct settlement books, in fen: the home fund owes the care region, which owes the provider."""
    return {
        (home, AccountKind.FUND_EXPENSE, Fund.BASIC, ""): fund,
        (home, AccountKind.DUE_TO_REGION, Fund.BASIC, care): -fund,
        (care, AccountKind.DUE_FROM_REGION, Fund.BASIC, home): fund,
        (care, AccountKind.PROVIDER_PAYABLE, Fund.BASIC, provider): -fund,
    }


def claim_entries(home: str, fund: int) -> dict[AccountName, int]:
    """What an approved claim books, in fen: the home fund owes the person."""
    return {
        (home, AccountKind.FUND_EXPENSE, Fund.BASIC, ""): fund,
        (home, AccountKind.PERSON_PAYABLE, Fund.BASIC, ""): -fund,
    }


def payment_entries(home: str, fund: int) -> dict[AccountName, int]:
    """What paying a claim books, in fen."""
    return {
        (home, AccountKind.PERSON_PAYABLE, Fund.BASIC, ""): fund,
        (home, AccountKind.BANK, Fund.BASIC, ""): -fund,
    }


def replay(stored: Sequence[Sequence[Any]]) -> dict[CounterName, int]:
    """The counters that `decision_columns` wrote down."""
    return {CounterName(scope, measure, period): amount for scope, measure, period, amount in stored}
