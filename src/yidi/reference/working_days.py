"""Working days: the week, as the State Council's yearly notices on holidays change it."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache

from yidi.reference.tables import read_rows
from yidi.resources import data_path

COLUMNS = ("day", "kind", "holiday")
SATURDAY = 5
ONE_DAY = timedelta(days=1)


@lru_cache(maxsize=1)
def _exceptions() -> Mapping[date, bool]:
    """Days that a notice names, and whether people work on them."""
    rows = read_rows(data_path("reference", "working_days.csv"), COLUMNS)
    return {
        date.fromisoformat(row["day"]): row.one_of("kind", frozenset({"off", "work"})) == "work"
        for row in rows
    }


@lru_cache(maxsize=1)
def announced_until() -> date:
    """The last day that the notices on record speak for: after it only the plain week is known."""
    return date(max(_exceptions()).year, 12, 31)


def is_working_day(day: date) -> bool:
    """Whether people work on a day; by the plain week where no notice speaks for it.

    >>> is_working_day(date(2026, 10, 1)), is_working_day(date(2026, 10, 10)), is_working_day(date(2026, 10, 11))
    (False, True, False)
    """
    return _exceptions().get(day, day.weekday() < SATURDAY)


def after_working_days(day: date, count: int) -> date:
    """The last day of a term of `count` working days that begins after `day`.

    >>> after_working_days(date(2026, 9, 30), 2)
    datetime.date(2026, 10, 9)
    """
    while count > 0:
        day += ONE_DAY
        count -= is_working_day(day)
    return day


def working_days_between(first: date, last: date) -> int:
    """How many working days lie after `first`, up to and with `last`; none where `last` is not later.

    >>> working_days_between(date(2026, 9, 30), date(2026, 10, 9))
    2
    """
    days = (first + timedelta(days=number) for number in range(1, (last - first).days + 1))
    return sum(map(is_working_day, days))
