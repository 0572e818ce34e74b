"""Which period a day of service counts in."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yidi.values.periods import Per, benefit_year, last_day_of_term, period_key


@pytest.mark.parametrize(
    ("day", "year", "quarter", "month"),
    [
        (date(2026, 1, 1), "2026", "2026Q1", "2026-01"),
        (date(2026, 3, 31), "2026", "2026Q1", "2026-03"),
        (date(2026, 4, 1), "2026", "2026Q2", "2026-04"),
        (date(2026, 9, 30), "2026", "2026Q3", "2026-09"),
        (date(2026, 12, 31), "2026", "2026Q4", "2026-12"),
        (date(2027, 1, 1), "2027", "2027Q1", "2027-01"),
    ],
)
def test_the_name_of_each_period(day: date, year: str, quarter: str, month: str) -> None:
    assert period_key("year", day) == year
    assert period_key("quarter", day) == quarter
    assert period_key("month", day) == month
    assert period_key("visit", day) == ""


@given(st.dates(), st.dates())
def test_a_shorter_period_lies_within_a_longer_one(one: date, other: date) -> None:
    def same(per: Per) -> bool:
        return period_key(per, one) == period_key(per, other)

    assert not same("month") or same("quarter")
    assert not same("quarter") or same("year")
    assert same("year") == (benefit_year(one) == benefit_year(other))
    assert same("month") == ((one.year, one.month) == (other.year, other.month))


@pytest.mark.parametrize(
    ("starts", "months", "last"),
    [
        (date(2025, 1, 1), 6, date(2025, 6, 30)),
        (date(2025, 3, 15), 12, date(2026, 3, 14)),
        (date(2025, 12, 1), 1, date(2025, 12, 31)),
        (date(2025, 12, 31), 12, date(2026, 12, 30)),
        (date(2025, 1, 31), 1, date(2025, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2025, 1, 29), 1, date(2025, 2, 28)),
        (date(2024, 1, 29), 1, date(2024, 2, 28)),
        (date(2025, 8, 31), 6, date(2026, 2, 28)),
        (date(2025, 10, 31), 1, date(2025, 11, 30)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 28)),
        (date(2023, 3, 1), 12, date(2024, 2, 29)),
    ],
)
def test_a_term_ends_the_day_before_or_with_its_month(starts: date, months: int, last: date) -> None:
    assert last_day_of_term(starts, months) == last


@given(st.dates(max_value=date(9000, 1, 1)), st.integers(1, 600))
def test_a_longer_term_ends_later(starts: date, months: int) -> None:
    assert starts <= last_day_of_term(starts, months) < last_day_of_term(starts, months + 1)
