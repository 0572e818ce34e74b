"""Visits of one person, one after another: deductible, ceiling, cancelling, and what is booked."""

from datetime import date

import pytest

from tests.accounts.factories import HOSPITAL
from tests.people.factories import a_coverage
from tests.settlement.factories import (
    CHRONIC,
    DAY,
    GENERAL,
    HYPERTENSION,
    LIMITED,
    OTHER_DISEASE,
    OWN,
    PLAIN,
    RESTRICTED,
    SHARED,
    UNLISTED,
    World,
    a_catalogue,
    a_hospital,
    a_line,
    a_visit,
    a_world,
    bill_of,
    cancelled,
    settle,
    settled,
)
from yidi.audit.models import Event
from yidi.benefit.adjudicate import Counter
from yidi.benefit.explain import explain
from yidi.ledger.models import Account, Entry
from yidi.ledger.services import used_counters
from yidi.settlement import queries, services
from yidi.settlement.models import Settlement
from yidi.settlement.states import SettlementKind
from yidi.values.terms import Situation

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return a_world()


def balances() -> dict[str, int]:
    """What every account holds, in fen; accounts at zero left out."""
    sums: dict[str, int] = {}
    for entry in Entry.objects.select_related("account"):
        sums[str(entry.account)] = sums.get(str(entry.account), 0) + entry.amount
    return {account: amount for account, amount in sums.items() if amount}


def counters(world: World) -> dict[tuple[str, str], int]:
    return {
        (name.measure, name.period): amount
        for name, amount in used_counters(world.coverage).items()
        if amount
    }


def test_deductible_and_ceiling_run_across_visits(world: World) -> None:
    """Retired, tertiary: 300 deductible a year, then 60 %, at most 3000 a year."""
    visits = [
        ("200.00", DAY),
        ("300.00", DAY),
        ("4800.00", DAY),
        ("500.00", DAY),
        ("500.00", date(2026, 1, 5)),
    ]
    paid = [settled(world, yuan, day=day) for yuan, day in visits]
    assert [(row.deductible, row.shared, row.cut, row.fund) for row in paid] == [
        (20_000, 0, 0, 0),
        (10_000, 8_000, 0, 12_000),
        (0, 192_000, 0, 288_000),
        (0, 20_000, 30_000, 0),
        (30_000, 8_000, 0, 12_000),
    ]
    assert all(row.total == row.fund + row.cash + row.account for row in paid)
    assert counters(world) == {
        ("deductible", "2025"): 30_000,
        ("fund", "2025"): 300_000,
        ("cost", "2025"): 550_000,
        ("deductible", "2026"): 30_000,
        ("fund", "2026"): 12_000,
        ("cost", "2026"): 20_000,
    }


def test_a_visit_is_cut_exactly_at_the_ceiling(world: World) -> None:
    settled(world, "300.00")
    settled(world, "4999.98")
    row = settled(world, "10.00")
    assert (row.fund, row.cut, row.cash) == (1, 599, 999)
    assert used_counters(world.coverage)[Counter(str(GENERAL), "fund", "2025")] == 300_000
    assert settled(world, "10.00").fund == 0


def test_a_chronic_disease_visit_is_split_by_the_care_regions_catalogue(world: World) -> None:
    lines = [
        a_line(PLAIN, "24.01", "4"),
        a_line(SHARED, "65.50"),
        a_line(OWN, "4.50"),
        a_line(LIMITED, "30.00"),
        a_line(OTHER_DISEASE, "18.00"),
        a_line(UNLISTED, "7.00"),
        a_line(RESTRICTED, "11.00"),
        a_line(RESTRICTED, "12.00", approved=True),
    ]
    visit = a_visit(world, lines, CHRONIC)
    stored = [
        (row.code, row.excluded, row.over_limit, row.upfront, row.in_scope, row.reason)
        for row in visit.lines.order_by("pk")
    ]
    assert stored == [
        (PLAIN, 0, 0, 0, 9604, "payable"),
        (SHARED, 0, 0, 655, 5895, "payable"),
        (OWN, 450, 0, 0, 0, "class-c"),
        (LIMITED, 0, 1000, 0, 2000, "payable"),
        (OTHER_DISEASE, 1800, 0, 0, 0, "not-of-disease"),
        (UNLISTED, 700, 0, 0, 0, "class-c"),
        (RESTRICTED, 1100, 0, 0, 0, "not-approved"),
        (RESTRICTED, 0, 0, 0, 1200, "payable"),
    ]
    parts = {"excluded": 4050, "over_limit": 1000, "upfront": 655, "in_scope": 18_699}
    row = settle(visit, parts=parts)
    assert {name: getattr(row, name) for name in parts} == parts
    assert (row.total, row.deductible, row.fund) == (24_404, 0, 15_894)
    assert (row.situation, row.level, row.on) == ("long-term-resident", "tertiary", DAY)
    assert used_counters(world.coverage)[Counter(f"{CHRONIC}:{HYPERTENSION}", "fund", "2025")] == 15_894


def test_general_care_does_not_ask_for_the_disease(world: World) -> None:
    visit = a_visit(world, [a_line(OTHER_DISEASE, "18.00")])
    assert visit.lines.get().in_scope == 1800


def test_presettling_changes_nothing_and_says_what_settling_will_give(world: World) -> None:
    visit = a_visit(world, [a_line(PLAIN, "800.00")])
    told = [services.presettle(visit, bill_of(visit)).decision for _ in range(2)]
    assert told[0] == told[1]
    assert used_counters(world.coverage) == {}
    assert not Settlement.objects.exists()
    row = settle(visit)
    assert (row.fund, row.cash) == (told[0].fund, told[0].cash) == (30_000, 50_000)


def test_what_is_booked(world: World) -> None:
    settled(world, "800.00")
    settled(world, "100.00", CHRONIC)
    assert balances() == {
        "360100:fund-expense:basic:": 38_500,
        "360100:due-to:basic:310000": -38_500,
        "310000:due-from:basic:360100": 38_500,
        "310000:provider-payable:basic:H31010600001": -38_500,
    }


def test_a_cancelled_settlement_leaves_everything_as_before(world: World) -> None:
    settled(world, "500.00")
    books, counted = balances(), counters(world)
    row = settled(world, "800.00")
    assert (balances(), counters(world)) != (books, counted)
    undone = cancelled(row)
    assert (balances(), counters(world)) == (books, counted)
    row.refresh_from_db()
    assert row.is_cancelled
    assert (undone.kind, undone.cancels, undone.visit, undone.fund) == ("cancel", row, row.visit, row.fund)
    assert undone.posting.reverses == row.posting
    again = settle(row.visit)
    assert (again.fund, again.pk != row.pk) == (row.fund, True)
    assert cancelled(again).pk != undone.pk


def test_the_order_of_cancelling_does_not_matter(world: World) -> None:
    first, second, third = settled(world, "500.00"), settled(world, "800.00"), settled(world, "900.00")
    for row in (second, first, third):
        cancelled(row)
    assert balances() == {}
    assert counters(world) == {}
    assert Account.objects.count() == 4


def test_two_batches_of_a_visit_are_settled_one_at_a_time(world: World) -> None:
    visit = a_visit(world, [a_line(PLAIN, "400.00")])
    services.add_lines(visit, "B2", [a_line(PLAIN, "50.00")], HOSPITAL)
    assert settle(visit, batch="B2").total == 5_000


def test_withdrawing_lines(world: World) -> None:
    visit = a_visit(world, [a_line(PLAIN, "1.00", serial="1"), a_line(PLAIN, "2.00", serial="2")])
    services.add_lines(visit, "B2", [a_line(PLAIN, "3.00", serial="3")], HOSPITAL)
    assert services.withdraw_lines(visit, "B1", HOSPITAL) == 2
    assert [row.serial for row in visit.lines.all()] == ["3"]
    assert services.withdraw_lines(visit, None, HOSPITAL) == 1
    assert services.withdraw_lines(visit, None, HOSPITAL) == 0
    services.add_lines(visit, "B1", [a_line(PLAIN, "1.00", serial="1")], HOSPITAL)


def test_withdrawing_a_visit_frees_its_number(world: World) -> None:
    visit = a_visit(world, [a_line(PLAIN, "1.00")])
    services.withdraw_visit(visit, HOSPITAL)
    same = services.Registration(visit.provider_number, visit.began, "D1", "医师", "内科")
    assert services.open_visit(world.provider, world.coverage, same, HOSPITAL).pk != visit.pk


def test_a_later_upload_replaces_the_diagnoses(world: World) -> None:
    visit = a_visit(world, [])
    other = [
        services.NewDiagnosis(1, "1", "E11.900", "2型糖尿病"),
        services.NewDiagnosis(2, "1", "I10.x00", "高血压病"),
    ]
    services.describe_visit(visit, GENERAL, "", False, other, HOSPITAL)
    assert [str(found) for found in visit.diagnoses.order_by("rank")] == [
        "E11.900 2型糖尿病",
        "I10.x00 高血压病",
    ]


@pytest.mark.parametrize(
    ("region", "situation"),
    [("360102", Situation.LOCAL), ("360702", Situation.EXEMPT)],
    ids=["home", "province"],
)
def test_care_in_the_home_province_needs_no_filing(region: str, situation: Situation) -> None:
    a_catalogue("360000")
    world = World(a_coverage(), a_hospital(2, region))
    if situation is Situation.LOCAL:
        world.provider.services.all().delete()
    row = settled(world, "800.00")
    assert (row.situation, row.fund) == (situation, 30_000)


def test_an_emergency_counts_as_filed_and_is_reduced(world: World) -> None:
    """10 % upfront first: 800 → 720 → less 300 → 420 × 60 % (facts JX-302)."""
    world.coverage.filings.all().delete()
    visit = a_visit(world, [a_line(PLAIN, "800.00")], emergency=True)
    row = settle(visit)
    assert (row.situation, row.away_upfront, row.deductible, row.fund) == ("emergency", 8_000, 30_000, 25_200)


def test_a_filing_made_after_the_visit_still_counts_when_settling(world: World) -> None:
    world.coverage.filings.update(starts=date(2025, 6, 20))
    assert settled(world, "800.00").situation == Situation.LONG_TERM_RESIDENT


def test_a_settlement_is_replayed_from_what_was_kept_with_it(world: World) -> None:
    settled(world, "500.00")
    row = settle(a_visit(world, [a_line(PLAIN, "300.00"), a_line(SHARED, "100.00")]))
    settled(world, "900.00")
    decision = queries.decision_of(row)
    assert (decision.fund, decision.deductible, decision.cash) == (row.fund, row.deductible, row.cash)
    assert decision.split.total == 40_000
    assert [line.line.code for line in decision.split.lines] == [PLAIN, SHARED]
    assert explain(decision).adds_up()
    assert row.rule.digest == decision.rule.digest


def test_finding_visits_and_settlements(world: World) -> None:
    row = settled(world, "500.00", invoice="0001")
    visit = row.visit
    person = world.coverage.person
    assert queries.visit_of(world.provider, visit.number, person.number) == visit
    assert queries.settlement_of(visit, row.number) == row
    assert queries.by_message(world.provider, SettlementKind.SETTLE, row.provider_message) == row
    assert queries.by_message(world.provider, SettlementKind.CANCEL, row.provider_message) is None
    undone = cancelled(row)
    assert queries.by_message(world.provider, SettlementKind.CANCEL, undone.provider_message) == undone


def test_every_change_is_in_the_audit_trail(world: World) -> None:
    row = settled(world, "500.00")
    undone = cancelled(row)
    services.withdraw_lines(row.visit, "B1", HOSPITAL)
    services.withdraw_visit(row.visit, HOSPITAL)
    trail = Event.objects.filter(actor=HOSPITAL.name).order_by("pk").values_list("action", "subject")
    assert list(trail) == [
        ("settlement:open", row.visit.number),
        ("settlement:describe", row.visit.number),
        ("settlement:lines", row.visit.number),
        ("settlement:settle", row.number),
        ("settlement:cancel", row.number),
        ("settlement:withdraw-lines", row.visit.number),
        ("settlement:withdraw", row.visit.number),
    ]
    assert str(undone) == undone.number == f"{undone.pk:012d}"
    assert str(row.visit) == row.visit.number
