"""Letting the demo's history happen on the days it tells of."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from unittest import mock
from zoneinfo import ZoneInfo

from django.utils import timezone

SHANGHAI = ZoneInfo("Asia/Shanghai")
TEN = time(10, 0, tzinfo=SHANGHAI)


@contextmanager
def as_if_on(day: date) -> Iterator[None]:
    """Whatever asks Django for the time hears ten in the morning of that day. For invented histories alone."""
    moment = datetime.combine(day, TEN)
    with mock.patch.object(timezone, "now", return_value=moment):
        yield
