"""Everyday questions by the shipped packs and by made-up ones: worked by hand from the facts."""

from datetime import date
from pathlib import Path

import pytest

from tests.policy.factories import book_of, pack
from yidi.calculators.contribution import bounds, contribution
from yidi.calculators.cover import newborn_cover, resident_cover
from yidi.calculators.errors import NewbornTooLate, NotYetOpen, OutsideBase
from yidi.calculators.prefund import alert, looked_into, prefund
from yidi.policy.book import book
from yidi.policy.errors import MissingParameter
from yidi.values.terms import Alert, Insurance, Payer

NANCHANG, SHAANXI = "360100", "610000"
DAY = date(2025, 3, 1)
CHECKED = date(2026, 3, 1)
"""A day in the year in which the undated source of the alerts was looked at."""
PAID_IN = [
    (Insurance.PENSION, Payer.FLEXIBLE, 455_900, 91_180),
    (Insurance.PENSION, Payer.FLEXIBLE, 2_279_500, 455_900),
    (Insurance.PENSION, Payer.EMPLOYER, 455_900, 72_944),
    (Insurance.PENSION, Payer.PERSON, 455_900, 36_472),
    (Insurance.MEDICAL, Payer.EMPLOYER, 455_900, 36_472),
    (Insurance.MEDICAL, Payer.PERSON, 455_900, 9_118),
    (Insurance.UNEMPLOYMENT, Payer.EMPLOYER, 455_900, 3_191),
    (Insurance.UNEMPLOYMENT, Payer.PERSON, 455_900, 1_368),
]
"""DX-031: insurance, payer, base and contribution of a month, in fen."""


def test_the_base_of_shaanxi() -> None:
    found = bounds(book(), SHAANXI, DAY)
    assert (found.average, found.floor, found.top) == (759_833, 455_900, 2_279_500)
    assert [found.base(wage) for wage in (0, 500_000, 9_999_999)] == [455_900, 500_000, 2_279_500]


def test_the_other_base_of_shaanxi_is_called_by_name() -> None:
    found = bounds(book(), SHAANXI, DAY, reading="sx-faq")
    assert (found.floor, found.top) == (465_000, 2_325_000)


def test_the_adopted_base_says_that_a_later_one_is_told_of() -> None:
    """Two successive years, not two values of one day; but no source says when the second begins (E-13)."""
    for on in (DAY, CHECKED):
        found = bounds(book(), SHAANXI, on)
        assert found.floor == 455_900
        assert "93003" in found.origin.note


@pytest.mark.parametrize(("insurance", "payer", "base", "paid"), PAID_IN)
def test_what_is_paid_in(insurance: Insurance, payer: Payer, base: int, paid: int) -> None:
    assert contribution(book(), SHAANXI, insurance, payer, base, DAY) == paid


def test_a_rate_that_is_not_on_record() -> None:
    with pytest.raises(OutsideBase, match="工伤保险由单位"):
        contribution(book(), SHAANXI, Insurance.WORK_INJURY, Payer.EMPLOYER, 455_900, DAY)
    with pytest.raises(MissingParameter):
        bounds(book(), NANCHANG, DAY)


@pytest.mark.parametrize(
    ("paid_on", "lapsed", "extra", "first_day", "months"),
    [
        (date(2025, 9, 15), 0, 0, date(2026, 1, 1), 0),
        (date(2026, 2, 28), 0, 0, date(2026, 2, 28), 0),
        (date(2026, 3, 1), 0, 0, date(2026, 6, 1), 3),
        (date(2026, 3, 31), 1, 0, date(2026, 7, 31), 4),
        (date(2026, 3, 1), 3, 2, date(2026, 7, 1), 4),
        (date(2026, 3, 1), 1, 5, date(2026, 6, 1), 3),
        (date(2025, 9, 20), 1, 0, date(2026, 1, 20), 4),
    ],
)
def test_when_a_residents_cover_starts(
    paid_on: date, lapsed: int, extra: int, first_day: date, months: int
) -> None:
    found = resident_cover(book(), NANCHANG, paid_on, 2026, lapsed, extra)
    assert (found.first_day, found.waiting_months) == (first_day, months)
    assert str(first_day) in found.zh
    assert str(first_day) in found.en


def test_paying_before_the_period_opens() -> None:
    with pytest.raises(NotYetOpen, match="2025-09-15"):
        resident_cover(book(), NANCHANG, date(2025, 9, 14), 2026)


@pytest.mark.parametrize(
    ("enrolled_on", "first_day"),
    [
        (date(2025, 4, 11), date(2025, 1, 11)),
        (date(2025, 4, 12), date(2025, 4, 13)),
        (date(2026, 1, 11), date(2026, 1, 12)),
    ],
)
def test_newborns(enrolled_on: date, first_day: date) -> None:
    assert newborn_cover(book(), NANCHANG, date(2025, 1, 11), enrolled_on).first_day == first_day


def test_no_newborn_any_more() -> None:
    with pytest.raises(NewbornTooLate, match="365"):
        newborn_cover(book(), NANCHANG, date(2025, 1, 11), date(2026, 1, 12))


@pytest.mark.parametrize(
    ("month", "said"),
    [
        (690_000_000, Alert.NONE),
        (699_999_999, Alert.NONE),
        (700_000_000, Alert.YELLOW),
        (720_000_000, Alert.YELLOW),
        (900_000_000, Alert.RED),
        (910_000_000, Alert.RED),
    ],
)
def test_money_paid_ahead(month: int, said: Alert) -> None:
    """DX-030: a quarter's average of 5,000,000 yuan a month."""
    quarter = (400_000_000, 500_000_000, 600_000_000)
    ahead = prefund(book(), quarter, CHECKED, reading="n22-retold")
    assert ahead == 1_000_000_000
    assert alert(book(), month, ahead, CHECKED) is said


def test_a_stay_above_the_amount_is_looked_into() -> None:
    """N-610: 30,000 yuan itself is not above it; before the source was seen there is no answer."""
    assert [looked_into(book(), fen, CHECKED) for fen in (0, 3_000_000, 3_000_001)] == [False, False, True]
    with pytest.raises(MissingParameter, match="费用协查金额"):
        looked_into(book(), 3_000_001, DAY)


def test_the_quota_has_no_adopted_source() -> None:
    with pytest.raises(MissingParameter, match="预付金额度"):
        prefund(book(), (1,), DAY)


def test_a_pool_may_state_its_own(tmp_path: Path) -> None:
    own = pack("base: {yearly_wage: 120000, floor: 50%, top: 2}", pool=SHAANXI, benefit="contribution")
    found = bounds(book_of(tmp_path, one=own), SHAANXI, DAY)
    assert (found.average, found.floor, found.top) == (1_000_000, 500_000, 2_000_000)
