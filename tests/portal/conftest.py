"""What the portal's tests share."""

from datetime import date

import pytest
from django.utils import timezone

TODAY = date(2026, 11, 22)


@pytest.fixture(autouse=True)
def _fixed_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda: TODAY)
