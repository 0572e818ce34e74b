"""The stretches of time over which a benefit counts: one date, four names."""

from datetime import date, timedelta
from typing import Literal

Per = Literal["year", "quarter", "month", "visit"]


def benefit_year(day_of_service: date) -> int:
    """The benefit year that a day of service falls in: the calendar year."""
    return day_of_service.year


def period_key(per: Per, day_of_service: date) -> str:
    """The name of the period that a day falls in; a visit is a period of its own and has none.

    >>> period_key("quarter", date(2026, 11, 22))
    '2026Q4'
    """
    year = benefit_year(day_of_service)
    if per == "year":
        return f"{year}"
    if per == "quarter":
        return f"{year}Q{(day_of_service.month + 2) // 3}"
    if per == "month":
        return f"{year}-{day_of_service.month:02d}"
    return ""


def last_day_of_term(first_day: date, months: int) -> date:
    """The last day of a term of whole months: the day before the same day, or, where that month has none, its last day.

    >>> last_day_of_term(date(2025, 6, 2), 24)
    datetime.date(2027, 6, 1)
    >>> last_day_of_term(date(2026, 1, 31), 1)
    datetime.date(2026, 2, 28)
    >>> last_day_of_term(date(2024, 2, 29), 12), last_day_of_term(date(2024, 2, 29), 48)
    (datetime.date(2025, 2, 28), datetime.date(2028, 2, 28))
    """
    years, month = divmod(first_day.month - 1 + months, 12)
    first = date(first_day.year + years, month + 1, 1)
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return min(first + timedelta(days=first_day.day - 2), following - timedelta(days=1))


def overlap(one: tuple[date, date | None], other: tuple[date, date | None]) -> bool:
    """Whether two stretches of days have a day in common; each has a first day, and a last one or none.

    >>> spring = date(2026, 3, 1), date(2026, 5, 31)
    >>> overlap(spring, (date(2026, 5, 31), None)), overlap(spring, (date(2026, 6, 1), None))
    (True, False)
    """
    (first, last), (start, end) = one, other
    return (last is None or start <= last) and (end is None or first <= end)
