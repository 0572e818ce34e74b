"""The generator's parameters: from the national statistics, or assumed and said so."""

from decimal import Decimal

import pytest

from yidi.simulation.parameters import ANNUAL, ASSUMED, LONG, MIXES, QUICK, figure, figures, parameters


def test_every_parameter_says_where_it_comes_from() -> None:
    rows = parameters(2025).rows
    assert len({row.name for row in rows}) == len(rows)
    for row in rows:
        assert row.source == ASSUMED or all(
            item.startswith("https://www.nhsa.gov.cn/") for item in row.source.split()
        )
        assert row.unit
        assert row.zh


def test_what_the_statistics_say() -> None:
    stated = parameters(2025)
    assert stated["national.visits"] == 292_000_000
    # 10793.8 of 38856.1 (10 000 people), and 6743.4 (100 million yuan) over 279033.3 (10 000 visits).
    assert stated["employee.retired"] == (Decimal("10793.8") / Decimal("38856.1")).quantize(
        Decimal("0.000001")
    )
    assert stated["cost.general.employee"] == Decimal("241.67")
    assert stated["scheme.employee"] + stated["scheme.resident"] == 1
    # Visits to hospitals and purchases make up all visits settled.
    hospital = Decimal("13272.7") + Decimal("7445.5") - Decimal("1582.3")
    bought = stated["scheme.employee"] * stated["pharmacy.employee"]
    bought += stated["scheme.resident"] * stated["pharmacy.resident"]
    assert abs(bought - (1 - hospital / 29_200)) < Decimal("0.00001")


def test_shares_add_up() -> None:
    stated = parameters(2025)
    for group in (*MIXES, "scheme", "employee"):
        assert sum(stated.group(group).values()) == 1


@pytest.mark.parametrize(("year", "taken"), [(2000, 2023), (2023, 2023), (2024, 2024), (2099, 2025)])
def test_a_year_without_statistics_takes_the_nearest_before(year: int, taken: int) -> None:
    assert figure(QUICK, "门诊费用跨省直接结算人次", year).year == taken


def test_numbers_that_are_divided_are_of_one_year() -> None:
    both = figures(2023, (ANNUAL, "居民医保药店购药费用"), (ANNUAL, "居民医保药店购药人次"))
    assert {item.year for item in both} == {2024}
    assert figure(LONG, "职工医保参保人数", 2021).value == Decimal("354309000")
