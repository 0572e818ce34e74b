"""Payments of claims: what is due, each paid once and only as it was seen, and a list that tells a bank no more than it needs."""

import io
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.accounts.factories import CLEARING, FOREIGN_CLERK, PROVINCE_CLERK, SUPERVISOR
from tests.claims.factories import ACCOUNT, BANK, a_claim, an_unfiled_world, approved_at_nothing, person_of
from tests.people.factories import a_coverage
from tests.qualification.factories import a_qualification
from tests.settlement.factories import World, a_hospital
from yidi.accounts.actors import Actor, ActorKind
from yidi.accounts.errors import NotAllowed
from yidi.accounts.terms import Role
from yidi.audit.models import Event, Look
from yidi.claims import services as claims
from yidi.claims.models import Claim
from yidi.claims.states import State
from yidi.ledger.models import Posting
from yidi.operations import payments
from yidi.operations.checks import all_checks
from yidi.operations.errors import TooManyCases, TooManyRows
from yidi.operations.handling import offers, version_of
from yidi.operations.payments import due, paid, pay, payment_list, sum_of, versions
from yidi.operations.terms import Offer
from yidi.people.models import Person

pytestmark = pytest.mark.django_db


def approved(count: int = 1) -> list[Claim]:
    """So many approved claims of as many people, at one hospital."""
    first = an_unfiled_world()
    worlds = [first, *(World(a_coverage(number), first.provider) for number in range(2, count + 1))]
    return [a_claim(State.APPROVED, world, f"{number:04d}") for number, world in enumerate(worlds)]


def seen(clerk: Actor = CLEARING) -> dict[str, int]:
    return versions(due(clerk))


def test_what_is_due_is_what_was_approved_and_not_paid() -> None:
    one, two, three = approved(3)
    claims.pay(two, CLEARING)
    rows = list(due(CLEARING))
    assert [row.claim for row in rows] == [one, three]
    assert [row.amount for row in rows] == [sum(row.funds.values()) for row in rows]
    assert rows[0].amount > 0
    together = sum_of(due(CLEARING))
    assert (together.count, together.amount) == (2, sum(row.amount for row in rows))
    assert sum_of(due(FOREIGN_CLERK)) == payments.Together(0, 0)
    assert due(PROVINCE_CLERK).count() == 2


def test_what_comes_to_nothing_is_not_due_and_not_paid() -> None:
    claim = approved_at_nothing()
    assert not due(CLEARING).exists()
    assert Offer.PAY not in offers(claim, CLEARING)
    assert Offer.PAY in offers(a_claim(State.APPROVED, World(claim.coverage, a_hospital(2)), "2"), CLEARING)
    (answer,) = pay({claim.number: version_of(claim.number)}, CLEARING)
    assert answer.refusal is not None
    assert answer.refusal.code == "CLAIM-NOTHING"
    assert not Posting.objects.filter(kind="claim-payment").exists()
    assert [finding for check in all_checks() for finding in check.find()] == []


def test_several_are_paid_and_each_is_answered_for() -> None:
    one, two = approved(2)
    answers = pay(seen(), CLEARING)
    assert [(answer.number, answer.refusal) for answer in answers] == [(one.number, None), (two.number, None)]
    assert not due(CLEARING).exists()
    rows = list(paid(CLEARING))
    assert [row.claim for row in rows] == [two, one]
    assert {row.paid_by for row in rows} == {CLEARING.name}
    assert all(
        row.paid_at == Event.objects.get(action="claims:paid", subject=row.claim.number).at for row in rows
    )
    assert [finding for check in all_checks() for finding in check.find()] == []


def test_again_nothing_is_paid_twice() -> None:
    (claim,) = approved()
    before = seen()
    pay(before, CLEARING)
    postings = Posting.objects.count()
    (answer,) = pay(before, CLEARING)
    assert answer.refusal is not None
    assert answer.refusal.code == "CASE-CHANGED"
    assert Posting.objects.count() == postings
    assert claim.number == answer.number


def test_what_changed_since_it_was_seen_is_not_paid() -> None:
    """An appeal in the meantime: the amount on the list is no longer the one that would be paid."""
    one, two = approved(2)
    before = seen()
    claims.appeal(one, "金额不对", person_of(one.coverage))
    claims.assess(one, CLERK_TWO)
    claims.approve(one, SUPERVISOR_TWO)
    answers = {answer.number: answer.refusal for answer in pay(before, CLEARING)}
    assert answers[two.number] is None
    assert answers[one.number].code == "CASE-CHANGED"  # type: ignore[union-attr]
    assert Claim.objects.get(pk=one.pk).state == State.APPROVED


CLERK_TWO = Actor(ActorKind.CLERK, "南昌经办丑", "360100", frozenset({Role.REVIEWER}))
SUPERVISOR_TWO = Actor(ActorKind.CLERK, "南昌主管寅", "360100", frozenset({Role.SUPERVISOR}))


@pytest.mark.parametrize("number", ["", "C0000000000", "X", "Q0000000001", "C٣", "' OR 1=1"])
def test_what_is_no_claim_of_ours_is_not_paid(number: str) -> None:
    a_qualification()
    (answer,) = pay({number: 0}, CLEARING)
    assert answer.refusal is not None
    assert answer.refusal.code == "CASE-UNKNOWN"


def test_another_regions_claim_is_not_there() -> None:
    (claim,) = approved()

    (answer,) = pay(versions(due(CLEARING)), FOREIGN_CLERK)
    assert answer.refusal is not None
    assert answer.refusal.code == "CASE-UNKNOWN"
    assert Claim.objects.get(pk=claim.pk).state == State.APPROVED


def test_whoever_approved_does_not_pay() -> None:
    approved()
    both = Actor(ActorKind.CLERK, SUPERVISOR.name, "360100", frozenset({Role.CLEARING}))
    (answer,) = pay(seen(), both)
    assert answer.refusal is not None
    assert answer.refusal.code == "CASE-SAME-CLERK"


def test_too_many_at_once_pay_nothing() -> None:
    approved()
    wanted = seen() | {f"C{number:010d}": 0 for number in range(100, 200)}
    with pytest.raises(TooManyCases):
        pay(wanted, CLEARING)
    assert due(CLEARING).count() == 1


@pytest.mark.parametrize("ask", [due, paid, payment_list])
def test_only_those_who_pay_see_it(ask: Any) -> None:
    with pytest.raises(NotAllowed):
        ask(SUPERVISOR)


class TestTheListForTheBank:
    def rows(self) -> list[tuple[Any, ...]]:
        book = load_workbook(io.BytesIO(payment_list(CLEARING)))
        return list(book.active.iter_rows(values_only=True))

    def test_names_payee_and_amount_and_nothing_else(self) -> None:
        (claim,) = approved()
        head, row = self.rows()
        assert head == ("办件编号", "收款人", "开户银行", "收款账号", "金额（元）", "批准日期")
        (shown,) = due(CLEARING)
        assert row[:4] == (claim.number, "测试甲", BANK, ACCOUNT)
        assert row[4] * 100 == shown.amount
        content = " ".join(map(str, row))
        assert claim.coverage.person.identity not in content
        assert "I10" not in content

    def test_everybody_on_it_was_looked_at(self) -> None:
        approved(2)
        self.rows()
        assert Look.objects.filter(what="payments", actor=CLEARING.name).count() == 2
        assert Event.objects.get(action="payments:export").reason == "2 笔"

    def test_a_name_is_no_formula(self) -> None:
        approved()
        Person.objects.update(name='=HYPERLINK("http://x")')
        cell = load_workbook(io.BytesIO(payment_list(CLEARING))).active["B2"]
        assert cell.data_type == "s"

    def test_too_long(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(payments, "MOST_ROWS", 0)
        approved()
        with pytest.raises(TooManyRows):
            payment_list(CLEARING)


def test_the_number_of_queries_does_not_grow(django_assert_max_num_queries: Any) -> None:
    a_hospital(9)
    approved(3)
    with django_assert_max_num_queries(2):
        versions(list(due(CLEARING)))
    pay(seen(), CLEARING)
    with django_assert_max_num_queries(1):
        list(paid(CLEARING))
