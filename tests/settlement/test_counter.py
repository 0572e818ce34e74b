"""The steps of a cashier: once each, never for another provider, nothing at other amounts than were said."""

import secrets
import threading
from datetime import date
from typing import Any

import pytest
from django.db import connection

from tests.accounts.factories import a_clerk
from tests.people.factories import a_coverage, an_identity
from tests.settlement.factories import (
    HYPERTENSION,
    PLAIN,
    World,
    a_hospital,
    a_world,
    described,
    registration,
    settled,
)
from yidi.accounts.actors import Actor, ActorKind
from yidi.accounts.errors import NotAllowed
from yidi.accounts.terms import Role
from yidi.audit.models import Look
from yidi.filing.errors import NoFiling
from yidi.ledger.models import Posting
from yidi.operations.checks import all_checks
from yidi.people.errors import NotInsured, UnknownPerson
from yidi.people.services import end_coverage
from yidi.providers.errors import UnknownProvider
from yidi.settlement import counter, services
from yidi.settlement.errors import (
    AlreadyCancelled,
    AlreadySettled,
    AmountsChanged,
    DuplicateVisit,
    LineDiffers,
    NoLines,
    TotalMismatch,
    UndoneSince,
    UnknownLine,
)
from yidi.settlement.models import Settlement, Visit, VisitLine
from yidi.settlement.queries import settled_at, settlement_at, standing_of, unsettled_at, visit_at
from yidi.values.errors import Refusal
from yidi.values.money import MICRO, QUANTUM
from yidi.values.terms import Situation

pytestmark = pytest.mark.django_db
CASHIER = Actor(ActorKind.CLERK, "收费员甲", "310000", frozenset({Role.CASHIER}))


@pytest.fixture
def world() -> World:
    return a_world()


def a_visit(world: World, yuan: int = 1000, **options: Any) -> Visit:
    visit = services.open_visit(world.provider, world.coverage, registration(), CASHIER)
    described(visit, **options)
    counter.add_line(visit, "1", PLAIN, "药品", QUANTUM, yuan * MICRO, CASHIER)
    return visit


def settle(visit: Visit, token: str = "", **different: Any) -> Settlement:
    decision = counter.presettled(visit).decision
    given = {"total": decision.split.total, "funds": decision.funds}
    return counter.settle(visit, token or secrets.token_hex(16), actor=CASHIER, **(given | different))


class TestWhoseCounter:
    def test_the_cashiers_own_provider(self, world: World) -> None:
        user = a_clerk("shou", Role.CASHIER, region="310000", provider_code=world.provider.code)
        assert counter.provider_of(user) == world.provider

    def test_nobody_elses(self, world: World) -> None:
        with pytest.raises(NotAllowed):
            counter.provider_of(a_clerk("shen", Role.REVIEWER, region="310000"))
        with pytest.raises(NotAllowed):
            counter.provider_of(a_clerk("qian", region="310000", provider_code=world.provider.code))
        with pytest.raises(UnknownProvider):
            counter.provider_of(a_clerk("shou", Role.CASHIER, region="310000", provider_code="H00000000000"))

    def test_what_lies_at_another_counter_is_not_there(self, world: World) -> None:
        visit, other = a_visit(world), a_hospital(2)
        settlement = settle(visit)
        for wanted in (visit_at, settlement_at):
            with pytest.raises(Refusal):
                wanted(other, visit.number if wanted is visit_at else settlement.number)
        assert not settled_at(other).exists()
        assert settlement_at(world.provider, settlement.number) == settlement


class TestThePerson:
    def test_is_found_and_the_look_is_noted(self, world: World) -> None:
        person = counter.find(f" {an_identity(1).lower()} ", CASHIER)
        (way,) = counter.ways_insured(person, world.provider)
        assert (way.coverage, way.diseases, way.hindrance) == (world.coverage, (HYPERTENSION,), None)
        assert way.situation is Situation.LONG_TERM_RESIDENT
        look = Look.objects.get()
        assert (look.actor, look.person, look.reason) == (CASHIER.name, person.number, counter.WHY)

    def test_is_not_known(self) -> None:
        with pytest.raises(UnknownPerson) as refused:
            counter.find(an_identity(9), CASHIER)
        assert an_identity(9) not in str(refused.value)

    def test_is_not_insured_any_more(self, world: World) -> None:
        end_coverage(world.coverage, date(2025, 1, 31))
        with pytest.raises(NotInsured):
            counter.ways_insured(world.coverage.person, world.provider)

    def test_what_would_hinder_settling_is_told_beforehand(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(*_: Any) -> None:
            raise NoFiling(care="上海市")

        monkeypatch.setattr(counter, "check_settles_directly", refuse)
        coverage, provider = a_coverage(), a_hospital()
        (way,) = counter.ways_insured(coverage.person, provider)
        assert way.situation is Situation.UNFILED
        assert isinstance(way.hindrance, NoFiling)


class TestRegistering:
    def test_twice_is_once(self, world: World) -> None:
        wanted = registration("MZ1")
        one, two = (counter.register(world.provider, world.coverage, wanted, CASHIER) for _ in range(2))
        assert one == two
        assert list(unsettled_at(world.provider)) == [one]

    def test_one_number_for_two_people_is_refused(self, world: World) -> None:
        counter.register(world.provider, world.coverage, registration("MZ1"), CASHIER)
        with pytest.raises(DuplicateVisit):
            counter.register(world.provider, a_coverage(2), registration("MZ1"), CASHIER)


class TestLines:
    def test_twice_is_once(self, world: World) -> None:
        visit = a_visit(world)
        again = counter.add_line(visit, "1", PLAIN, "药品", QUANTUM, 1000 * MICRO, CASHIER)
        assert list(visit.lines.all()) == [again]
        assert counter.next_serial(visit) == "2"

    def test_another_under_the_same_serial_is_refused(self, world: World) -> None:
        visit = a_visit(world)
        for code, quantity, price in (
            ("B1", QUANTUM, 1000),
            (PLAIN, 2 * QUANTUM, 1000),
            (PLAIN, QUANTUM, 999),
        ):
            with pytest.raises(LineDiffers):
                counter.add_line(visit, "1", code, "药品", quantity, price * MICRO, CASHIER)
        assert counter.total_of(counter.lines_of(visit)) == 100_000

    def test_what_is_in_no_catalogue_is_the_persons(self, world: World) -> None:
        visit = a_visit(world)
        line = counter.add_line(visit, "2", counter.NOT_LISTED, "挂号费", QUANTUM, 5 * MICRO, CASHIER)
        assert (line.name, line.excluded, line.klass) == ("挂号费", 500, "C")

    def test_one_is_taken_back(self, world: World) -> None:
        visit = a_visit(world)
        counter.add_line(visit, "2", PLAIN, "药品", QUANTUM, 5 * MICRO, CASHIER)
        services.withdraw_line(visit, "1", CASHIER)
        assert [line.serial for line in counter.lines_of(visit)] == ["2"]
        assert counter.next_serial(visit) == "3"
        with pytest.raises(UnknownLine):
            services.withdraw_line(visit, "1", CASHIER)

    def test_a_settled_bill_does_not_change(self, world: World) -> None:
        visit = a_visit(world)
        settle(visit)
        with pytest.raises(AlreadySettled):
            services.withdraw_line(visit, "1", CASHIER)
        with pytest.raises(AlreadySettled):
            counter.add_line(visit, "2", PLAIN, "药品", QUANTUM, MICRO, CASHIER)


class TestSettling:
    def test_comes_to_what_was_presettled(self, world: World) -> None:
        visit = a_visit(world)
        decision = counter.presettled(visit).decision
        assert [line.line.code for line in decision.split.lines] == [PLAIN]
        settlement = settle(visit)
        assert (settlement.total, sum(settlement.funds.values())) == (100_000, decision.funds)
        assert standing_of(visit) == settlement
        assert not unsettled_at(world.provider).exists()

    def test_presettling_writes_nothing(self, world: World) -> None:
        visit = a_visit(world)
        before = (VisitLine.objects.count(), Posting.objects.count())
        counter.presettled(visit)
        assert (VisitLine.objects.count(), Posting.objects.count()) == before

    def test_the_same_token_twice_is_one_settlement(self, world: World) -> None:
        visit, token = a_visit(world), secrets.token_hex(16)
        decision = counter.presettled(visit).decision
        given = {"total": 100_000, "funds": decision.funds, "actor": CASHIER}
        assert counter.settle(visit, token, **given) == counter.settle(visit, token, **given)
        assert Settlement.objects.count() == Posting.objects.count() == 1

    def test_another_token_for_a_settled_visit_is_refused(self, world: World) -> None:
        visit = a_visit(world)
        funds = counter.presettled(visit).decision.funds
        settle(visit)
        with pytest.raises(AlreadySettled):
            counter.settle(visit, secrets.token_hex(16), 100_000, funds, CASHIER)

    def test_one_token_at_two_visits_is_two_settlements(self, world: World) -> None:
        token = secrets.token_hex(16)
        assert settle(a_visit(world), token) != settle(a_visit(world), token)

    def test_other_amounts_than_were_said_settle_nothing(self, world: World) -> None:
        """Somewhere else the person was settled in the meantime: the deductible is used up."""
        visit = a_visit(world)
        shown = counter.presettled(visit).decision.funds
        other = settled(world, "1000.00")
        now = counter.presettled(visit).decision.funds
        assert now != shown, "the other bill must matter for this test"
        with pytest.raises(AmountsChanged):
            counter.settle(visit, secrets.token_hex(16), 100_000, shown, CASHIER)
        assert list(Settlement.objects.all()) == [other]
        assert settle(visit).funds

    def test_a_bill_that_grew_is_not_settled_at_the_old_total(self, world: World) -> None:
        visit = a_visit(world)
        funds = counter.presettled(visit).decision.funds
        counter.add_line(visit, "2", counter.NOT_LISTED, "挂号费", QUANTUM, 5 * MICRO, CASHIER)
        with pytest.raises(TotalMismatch):
            counter.settle(visit, secrets.token_hex(16), 100_000, funds, CASHIER)

    def test_without_lines_there_is_nothing_to_settle(self, world: World) -> None:
        visit = a_visit(world)
        services.withdraw_line(visit, "1", CASHIER)
        with pytest.raises(NoLines):
            counter.presettled(visit)

    def test_after_a_cancellation_the_old_token_settles_nothing(self, world: World) -> None:
        visit, token = a_visit(world), secrets.token_hex(16)
        settlement = settle(visit, token)
        counter.cancel(settlement, secrets.token_hex(16), CASHIER)
        with pytest.raises(UndoneSince):
            settle(visit, token)
        assert settle(visit) != settlement

    def test_cancelling_twice_is_once(self, world: World) -> None:
        settlement, token = settle(a_visit(world)), secrets.token_hex(16)
        assert counter.cancel(settlement, token, CASHIER) == counter.cancel(settlement, token, CASHIER)
        with pytest.raises(AlreadyCancelled):
            counter.cancel(settlement, secrets.token_hex(16), CASHIER)
        assert [finding for check in all_checks() for finding in check.find()] == []


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("same_token", [True, False])
def test_two_clicks_at_the_same_moment_settle_once(same_token: bool) -> None:
    visit = a_visit(a_world())
    funds = counter.presettled(visit).decision.funds
    tokens = [secrets.token_hex(16)] * 4 if same_token else [secrets.token_hex(16) for _ in range(4)]
    together, outcomes = threading.Barrier(4), list[Any]()

    def click(token: str) -> None:
        try:
            together.wait(30)
            mine = Visit.objects.select_related("provider", "coverage__person").get(pk=visit.pk)
            outcomes.append(counter.settle(mine, token, 100_000, funds, CASHIER).pk)
        except AlreadySettled:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=click, args=(token,)) for token in tokens]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    (settlement,) = Settlement.objects.all()
    wanted = [settlement.pk] * 4 if same_token else [settlement.pk, *["refused"] * 3]
    assert sorted(outcomes, key=str) == sorted(wanted, key=str)
    assert Posting.objects.count() == 1
    assert [finding for check in all_checks() for finding in check.find()] == []
