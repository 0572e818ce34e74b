"""What the portal's tests share."""

from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

TODAY = date(2026, 11, 22)


@pytest.fixture(autouse=True, scope="session")
def _collected_nowhere() -> None:
    """The static files come from the apps; the folder for collected ones only has to exist, or the server warns."""
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture(autouse=True)
def _fixed_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda: TODAY)
