"""A month applied for while one of its settlements is reversed: one of the two is refused."""

import time
from datetime import timedelta
from unittest import mock

import pytest
from django.utils import timezone

from tests.accounts.factories import HOSPITAL
from tests.casework.at_once import at_once
from tests.settlement.factories import a_world, settled
from yidi.clearing import services
from yidi.clearing.models import Application
from yidi.clearing.queries import Period, month_of, records, standing_count, totals
from yidi.clearing.states import Amount
from yidi.settlement.models import Settlement
from yidi.settlement.services import reverse
from yidi.settlement.states import SettlementKind

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def reverse_late(row: Settlement, *rest: object) -> None:
    time.sleep(0.3)
    reverse(row, *rest)  # type: ignore[arg-type]


def test_applied_for_and_reversed_at_once() -> None:
    world = a_world()
    row = settled(world, "800.00")
    last = timezone.localdate().replace(day=1) - timedelta(days=1)
    Settlement.objects.update(at=timezone.now() - timedelta(days=timezone.localdate().day))
    row.refresh_from_db()
    month = month_of(f"{last:%Y}", f"{last:%m}")
    rows = records(Period(world.provider, *month))
    claimed = {**totals(rows), Amount.COUNT: standing_count(rows)}
    with mock.patch.object(services.settlements, "reverse", reverse_late):
        refused = at_once(
            lambda: services.apply(world.provider, month, month, claimed, HOSPITAL),
            lambda: services.reverse(row, "R1", HOSPITAL),
        )
    assert len(refused) == 1
    assert (
        Application.objects.count()
        == Settlement.objects.filter(kind=str(SettlementKind.SETTLE), is_reversed=False).count()
    )
