"""Booking: what does not balance is refused, what was booked can be mirrored, counters move with their postings."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction
from django.db.models import BigIntegerField

from tests.benefit.factories import DAY, a_ceiling, a_rule, an_origin
from tests.people.factories import a_coverage
from yidi.benefit.adjudicate import Balances, Counter, adjudicate
from yidi.benefit.split import whole_split
from yidi.ledger.models import (
    AMOUNTS,
    Account,
    AccountKind,
    CounterMove,
    DecisionRule,
    Entry,
    Posting,
    PostingKind,
)
from yidi.ledger.models import Counter as CounterRow
from yidi.ledger.services import (
    AccountName,
    amounts_of,
    claim_entries,
    count,
    counters_for,
    counters_of,
    decision_columns,
    keep_rule,
    lock_person,
    mirror,
    payment_entries,
    post,
    settlement_entries,
    used_counters,
)
from yidi.people.services import end_coverage, register_coverage
from yidi.policy.rules import AccountRule, restore
from yidi.settlement.models import Settlement
from yidi.values.terms import AccountPart, Fund, Scheme, Standing

pytestmark = pytest.mark.django_db

AT = datetime(2025, 6, 2, 3, tzinfo=UTC)
HOME, CARE = "360100", "310000"
FUND = Counter("general-outpatient", "fund", "2025")
DEDUCTIBLE = Counter("general-outpatient", "deductible", "2025")
OTHER = Counter("chronic-disease:M01600", "fund", "2025")


def booked(posting: Posting) -> dict[str, int]:
    return {str(entry.account): entry.amount for entry in posting.entries.select_related("account")}


def test_a_settlement_balances_in_both_regions() -> None:
    posting = post(
        PostingKind.SETTLEMENT, "1", AT, settlement_entries(HOME, CARE, "H31010600001", {Fund.BASIC: 12345})
    )
    assert booked(posting) == {
        "360100:fund-expense:basic:": 12345,
        "360100:due-to:basic:310000": -12345,
        "310000:due-from:basic:360100": 12345,
        "310000:provider-payable:basic:H31010600001": -12345,
    }


def test_a_claim_is_owed_and_then_paid() -> None:
    approved = post(PostingKind.CLAIM, "C1", AT, claim_entries(HOME, {Fund.BASIC: 700}))
    paid = post(PostingKind.CLAIM_PAYMENT, "C1", AT, payment_entries(HOME, {Fund.BASIC: 700}))
    assert booked(approved) == {"360100:fund-expense:basic:": 700, "360100:person-payable:basic:": -700}
    assert booked(paid) == {"360100:person-payable:basic:": 700, "360100:bank:basic:": -700}
    owed = Entry.objects.filter(account__kind="person-payable").values_list("amount", flat=True)
    assert sum(owed) == 0


def _name(region: str, kind: AccountKind) -> AccountName:
    return region, kind, Fund.BASIC, ""


@pytest.mark.parametrize(
    "entries",
    [
        {_name(HOME, AccountKind.FUND_EXPENSE): 1},
        {_name(HOME, AccountKind.FUND_EXPENSE): 2, _name(HOME, AccountKind.BANK): -1},
        {_name(HOME, AccountKind.FUND_EXPENSE): 1, _name(CARE, AccountKind.BANK): -1},
    ],
)
def test_what_does_not_balance_within_each_region_is_refused(entries: dict[AccountName, int]) -> None:
    with pytest.raises(ValueError, match="do not balance"):
        post(PostingKind.CLAIM, "C1", AT, entries)
    assert not Posting.objects.exists()
    assert not Account.objects.exists()


def test_nothing_is_booked_as_nothing() -> None:
    posting = post(PostingKind.CLAIM, "C1", AT, claim_entries(HOME, {Fund.BASIC: 0}))
    assert not posting.entries.exists()


def test_one_posting_for_one_subject() -> None:
    post(PostingKind.CLAIM, "C1", AT, claim_entries(HOME, {Fund.BASIC: 1}))
    post(PostingKind.CLAIM_PAYMENT, "C1", AT, payment_entries(HOME, {Fund.BASIC: 1}))
    with pytest.raises(IntegrityError), transaction.atomic():
        post(PostingKind.CLAIM, "C1", AT, claim_entries(HOME, {Fund.BASIC: 1}))


def test_counters_move_with_their_posting_and_back_with_its_mirror() -> None:
    coverage = a_coverage()
    first = post(PostingKind.SETTLEMENT, "1", AT, settlement_entries(HOME, CARE, "H1", {Fund.BASIC: 100}))
    count(first, coverage, {FUND: 100, DEDUCTIBLE: 30_000})
    second = post(PostingKind.SETTLEMENT, "2", AT, settlement_entries(HOME, CARE, "H1", {Fund.BASIC: 50}))
    count(second, coverage, {FUND: 50, DEDUCTIBLE: 0})
    assert used_counters(coverage) == {FUND: 150, DEDUCTIBLE: 30_000}
    assert CounterMove.objects.count() == 3, "a move of nothing is no move"
    undone = mirror(first, "1", AT)
    assert used_counters(coverage) == {FUND: 50, DEDUCTIBLE: 0}
    assert undone.reverses == first
    assert booked(undone) == {account: -amount for account, amount in booked(first).items()}
    with pytest.raises(IntegrityError), transaction.atomic():
        mirror(first, "1-again", AT)


def test_counters_belong_to_one_coverage() -> None:
    one, other = a_coverage(1), a_coverage(2)
    count(post(PostingKind.CLAIM, "C1", AT, claim_entries(HOME, {Fund.BASIC: 1})), one, {FUND: 1})
    assert used_counters(other) == {}
    lock_person(other)


def test_a_rule_is_kept_once_and_read_back() -> None:
    rule = a_rule(deductible=30_000, ceilings=[a_ceiling(200_000)])
    assert keep_rule(rule) == keep_rule(rule)
    kept = DecisionRule.objects.get()
    assert str(kept) == rule.digest
    assert restore(kept.canonical) == rule


def test_a_decision_is_written_down_with_what_it_was_made_from() -> None:
    account = AccountRule((AccountPart.IN_SCOPE,), an_origin())
    rule = a_rule(deductible=30_000, share_ppm=600_000, ceilings=[a_ceiling(200_000)])
    rule = replace(rule, own_account=account)
    used = {FUND: 5, DEDUCTIBLE: 10_000}
    split = whole_split(100_000, excluded=10_000)
    decision = adjudicate(split, rule, used, DAY, Balances(own=1_000))
    columns = decision_columns(decision, {**used, OTHER: 7})
    assert (columns["total"], columns["in_scope"], columns["fund"]) == (100_000, 90_000, 42_000)
    assert (columns["account"], columns["cash"]) == (1_000, 57_000)
    assert columns["used_before"] == [
        ["general-outpatient", "deductible", "2025", 10_000],
        ["general-outpatient", "fund", "2025", 5],
    ]
    assert counters_of(columns["used_before"]) == used


def test_a_counter_that_is_missing_is_written_down_as_nothing() -> None:
    rule = a_rule(deductible=30_000, ceilings=[a_ceiling(200_000)])
    assert counters_for(rule, DAY, {}) == counters_for(rule, DAY, {OTHER: 7}) == {FUND: 0, DEDUCTIBLE: 0}


def test_every_amount_of_a_decision_is_a_column() -> None:
    decision = adjudicate(whole_split(100_000, excluded=10_000), a_rule(deductible=30_000), {}, DAY)
    amounts = amounts_of(decision)
    assert tuple(amounts) == AMOUNTS
    columns = {field.name for field in Settlement._meta.get_fields() if isinstance(field, BigIntegerField)}
    assert set(AMOUNTS) == columns - {"id"}


@pytest.mark.parametrize(
    ("row", "constraint"),
    [
        ({"amount": -1}, "ledger_counter_not_negative"),
        ({"measure": "steps"}, "ledger_counter_measure"),
    ],
)
def test_the_database_refuses_an_impossible_counter(row: dict[str, object], constraint: str) -> None:
    owner = {"person": a_coverage().person, "pool": "360100", "scheme": "employee"}
    values = {**owner, "scope": "x", "measure": "fund", "period": "2025", "amount": 0, **row}
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        CounterRow.objects.create(**values)


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [({"kind": "pocket"}, "ledger_account_kind"), ({"fund": "pension"}, "ledger_account_fund")],
)
def test_the_database_refuses_an_impossible_account(changes: dict[str, str], constraint: str) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Account.objects.create(**{"region": HOME, "kind": "bank", "fund": "basic", **changes})


def test_the_database_refuses_an_entry_of_nothing_and_an_unknown_kind() -> None:
    posting = post(PostingKind.CLAIM, "C1", AT, claim_entries(HOME, {Fund.BASIC: 1}))
    account = Account.objects.create(region=HOME, kind="bank", fund="basic")
    with pytest.raises(IntegrityError, match="ledger_entry_not_zero"), transaction.atomic():
        Entry.objects.create(posting=posting, account=account, amount=0)
    with pytest.raises(IntegrityError, match="ledger_posting_kind"), transaction.atomic():
        Posting.objects.create(kind="gift", subject="1", at=AT)


def test_rows_of_the_books_say_what_they_are() -> None:
    coverage = a_coverage()
    posting = post(PostingKind.CLAIM, "C1", AT, claim_entries(HOME, {Fund.BASIC: 1}))
    count(posting, coverage, {FUND: 1})
    entry, move, counter = (
        posting.entries.order_by("pk").first(),
        posting.moves.get(),
        CounterRow.objects.get(),
    )
    assert str(posting) == "claim C1"
    assert str(entry) == f"{posting.pk}:{entry.account_id}:1"
    assert str(move) == f"{posting.pk}:{counter.pk}:1"
    assert str(counter) == f"{coverage.person_id}:360100:employee:general-outpatient:fund:2025=1"


def test_counters_go_on_when_cover_is_interrupted_and_resumed() -> None:
    first = a_coverage()
    posting = post(PostingKind.CLAIM, "C1", AT, claim_entries(HOME, {Fund.BASIC: 1}))
    count(posting, first, {FUND: 7})
    end_coverage(first, date(2025, 6, 30))
    second = register_coverage(first.person, first.pool, Scheme.EMPLOYEE, Standing.RETIRED, date(2025, 9, 1))
    assert used_counters(second)[FUND] == 7
    assert used_counters(a_coverage(2)) == {}
