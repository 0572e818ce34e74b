"""The stretches of time over which a benefit counts: one date, four names."""

from datetime import date
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
