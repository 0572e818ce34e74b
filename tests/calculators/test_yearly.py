"""What residents pay in a year, and the state with them: the pool's own amount, or the least the nation asks for."""

import pytest

from yidi.calculators.contribution import yearly
from yidi.policy.book import book
from yidi.policy.errors import MissingParameter
from yidi.values.terms import Payer

NANCHANG, XIAN, XUANCHENG, GUANGZHOU = "360100", "610100", "341800", "440100"
PERSON, STATE = Payer.PERSON, Payer.STATE


@pytest.mark.parametrize(
    ("fact", "pool", "payer", "year", "amount", "at_least"),
    [
        ("N-1001", GUANGZHOU, PERSON, 2024, 40_000, True),
        ("N-1001", GUANGZHOU, STATE, 2024, 67_000, True),
        ("N-1002", GUANGZHOU, PERSON, 2025, 40_000, True),
        ("N-1002", GUANGZHOU, STATE, 2025, 70_000, True),
        ("N-1003", GUANGZHOU, STATE, 2026, 72_400, True),
        ("JX-416", NANCHANG, PERSON, 2025, 40_000, False),
        ("N-1002", NANCHANG, STATE, 2025, 70_000, True),
        ("SN-14", XIAN, PERSON, 2026, 40_000, False),
        ("N-1003", XIAN, STATE, 2026, 72_400, True),
    ],
)
def test_the_adopted_amounts(
    fact: str, pool: str, payer: Payer, year: int, amount: int, at_least: bool
) -> None:
    found = yearly(book(), pool, payer, year)
    assert (found.amount, found.at_least) == (amount, at_least)
    assert fact in found.origin.facts
    assert found.origin.grade == ("A" if at_least else "B")
    assert not found.below_least


@pytest.mark.parametrize(
    ("fact", "pool", "payer", "year", "reading", "amount", "below"),
    [
        ("JX-416", NANCHANG, STATE, 2025, "nc-subsidy", 67_000, True),
        ("SN-14", XIAN, STATE, 2026, "sx-faq-subsidy", 70_000, True),
        ("AH-01", XUANCHENG, PERSON, 2026, "hfut", 40_000, False),
    ],
)
def test_amounts_that_are_called_by_name(
    fact: str, pool: str, payer: Payer, year: int, reading: str, amount: int, below: bool
) -> None:
    found = yearly(book(), pool, payer, year, reading)
    assert (found.amount, found.at_least, found.below_least) == (amount, False, below)
    assert fact in found.origin.facts


@pytest.mark.parametrize(
    ("pool", "payer", "year"),
    [
        (GUANGZHOU, PERSON, 2023),
        (GUANGZHOU, PERSON, 2026),
        (XUANCHENG, PERSON, 2026),
        (NANCHANG, STATE, 2027),
        (NANCHANG, Payer.EMPLOYER, 2025),
    ],
)
def test_a_year_of_which_no_source_speaks_is_not_guessed(pool: str, payer: Payer, year: int) -> None:
    with pytest.raises(MissingParameter, match="年缴费标准"):
        yearly(book(), pool, payer, year)


def test_where_the_nation_says_nothing_no_least_is_known() -> None:
    assert yearly(book(), XIAN, PERSON, 2026).national_least is None
