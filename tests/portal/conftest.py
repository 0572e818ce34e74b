"""What the portal's tests share."""

from datetime import date, datetime, tzinfo

import pytest
from django.utils import timezone

TODAY = date(2026, 11, 22)


REAL = timezone.localdate


def _day(value: datetime | None = None, zone: tzinfo | None = None) -> date:
    return TODAY if value is None else REAL(value, zone)


@pytest.fixture(autouse=True)
def _fixed_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "localdate", _day)
