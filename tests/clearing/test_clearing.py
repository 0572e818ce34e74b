"""What the database refuses, whom a month concerns, and how its detail is paged."""

from datetime import timedelta
from unittest import mock

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from tests.accounts.factories import HOSPITAL
from tests.clearing.factories import a_confirmation, a_row, reconciled, this_month
from tests.filing.factories import a_filing
from tests.people.factories import a_coverage
from tests.settlement.factories import (
    World,
    a_hospital,
    a_world,
    cancelled,
    settled,
)
from yidi.clearing import queries, services
from yidi.clearing.errors import BadRows, MonthClosed
from yidi.clearing.models import AllocationLine, Application, Confirmation, Difference, Month, Reconciliation
from yidi.clearing.queries import Period, page, records, standing_count, to_allocate, totals
from yidi.clearing.states import Amount, Outcome
from yidi.people.models import Coverage
from yidi.settlement.models import Settlement
from yidi.settlement.services import reverse
from yidi.values.transitions import IllegalMove

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return a_world()


def today(world: World) -> Period:
    return Period(world.provider, timezone.localdate(), timezone.localdate())


def test_what_counts_in_a_period(world: World) -> None:
    first, second, third = (settled(world, yuan) for yuan in ("800.00", "65.50", "20.00"))
    refund = cancelled(second)
    reverse(third, "R1", HOSPITAL)
    found = list(records(today(world)))
    assert found == [first, second, refund]
    assert totals(records(today(world)))[Amount.TOTAL] == 80_000
    assert standing_count(records(today(world))) == 1
    reverse(refund, "R2", HOSPITAL)
    assert list(records(today(world))) == [first, second]
    Settlement.objects.filter(pk=first.pk).update(at=F("at") - timedelta(days=1))
    assert list(records(today(world))) == [second]


@pytest.mark.parametrize(
    ("count", "outcome"), [(0, Outcome.CENTRE_MORE), (1, Outcome.DIFFERENT), (2, Outcome.PROVIDER_MORE)]
)
def test_whoever_has_more_records_has_more(world: World, count: int, outcome: Outcome) -> None:
    settled(world, "800.00")
    assert reconciled(world.provider, count).outcome == outcome


def test_nothing_on_either_side_is_equal(world: World) -> None:
    kept = reconciled(world.provider, 0)
    assert (kept.outcome, kept.said) == (Outcome.EQUAL, "")


def test_a_month_concerns_people_insured_elsewhere(world: World) -> None:
    away, moved = settled(world, "800.00"), a_coverage(2)
    a_filing(coverage=moved)
    local = settled(World(moved, world.provider), "10.00")
    Coverage.objects.filter(pk=moved.pk).update(pool="310106")
    assert list(to_allocate(world.provider, *this_month())) == [away]
    with pytest.raises(BadRows, match=local.number):
        services.confirm(world.provider, this_month(), 1, [a_row(local)], "C1", HOSPITAL)


def test_pages(world: World) -> None:
    rows = [settled(world, "10.00") for _ in range(3)]
    with mock.patch.object(queries, "PAGE", 2):
        assert [page(world.provider, *this_month(), start) for start in (1, 3, 4)] == [rows[:2], rows[2:], []]
        assert page(world.provider, *this_month(), 10**11) == []


def test_all_rows_or_none(world: World) -> None:
    good, bad = settled(world, "800.00"), settled(world, "65.50")
    cancelled(bad)
    bad.refresh_from_db()
    with pytest.raises(BadRows, match="第 2 行") as refused:
        services.confirm(
            world.provider, this_month(), 3, [a_row(good), a_row(bad), a_row(good)], "C1", HOSPITAL
        )
    assert len(refused.value.details["each"]) == 2
    assert not Confirmation.objects.exists()


def test_of_two_confirmations_one_is_rolled_back(world: World) -> None:
    rows = [settled(world, "800.00"), settled(world, "65.50")]
    for number, row in enumerate(rows):
        services.confirm(world.provider, this_month(), 1, [a_row(row)], f"C{number}", HOSPITAL)
    assert services.roll_back(world.provider, this_month(), "C0", HOSPITAL) == 1
    assert AllocationLine.objects.get(holds=True).settlement == rows[1]
    with pytest.raises(IllegalMove):
        services.roll_back(world.provider, this_month(), "C0", HOSPITAL)
    assert services.roll_back(world.provider, this_month(), None, HOSPITAL) == 1
    assert services.roll_back(a_hospital(9), this_month(), None, HOSPITAL) == 0
    Month.objects.update(state="closed")
    with pytest.raises(MonthClosed):
        services.roll_back(world.provider, this_month(), None, HOSPITAL)


def test_what_the_database_refuses(world: World) -> None:
    settled(world, "800.00")
    first, other = a_confirmation(world.provider, "C1"), reconciled(world.provider, 0)
    line = AllocationLine.objects.get()
    month = {"provider": world.provider, "month": "202601", "in_scope": 0, "at": timezone.now(), "count": 1}
    paid = {"total": 3, "fund": 1, "account": 1, "cash": 1}
    Application.objects.create(**month, **paid)
    lines = AllocationLine.objects.all()
    for clash in (
        lambda: AllocationLine.objects.bulk_create([_copied(line)]),
        lambda: lines.update(payable=F("total") + 1),
        lambda: lines.update(payable=-1),
        lambda: Month.objects.create(region=first.month.region, month=first.month.month),
        lambda: Month.objects.update(state="asleep"),
        lambda: Confirmation.objects.update(state="asleep"),
        lambda: Confirmation.objects.create(
            month=first.month, provider=world.provider, number="C1", at=timezone.now()
        ),
        lambda: Application.objects.create(**month, **paid),
        lambda: Application.objects.update(cash=2),
        lambda: Application.objects.update(state="asleep"),
        lambda: Reconciliation.objects.update(outcome="asleep"),
        lambda: Reconciliation.objects.update(scope="asleep"),
        lambda: Reconciliation.objects.update(scheme="asleep"),
        lambda: Reconciliation.objects.update(since=F("until") + timedelta(days=1)),
        lambda: Difference.objects.create(reconciliation=other, settlement="1", outcome="equal", memo=""),
    ):
        with pytest.raises(IntegrityError, match="clearing_"), transaction.atomic():
            clash()


def _copied(line: AllocationLine) -> AllocationLine:
    line.pk = None
    return line
