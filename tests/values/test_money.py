"""Money is exact: what is spelt is what is held, and what cannot be held is refused."""

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import floor

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from yidi.values import money
from yidi.values.errors import BadValue

MOST = 10**14
"""One more than the whole part that N(16,2) can hold."""
FEN = st.integers(-MOST * 100 + 1, MOST * 100 - 1)
PPM = st.integers(0, money.PPM)


@given(FEN)
def test_yuan_round_trip(fen: int) -> None:
    assert money.parse_yuan(money.yuan_text(fen)) == fen
    assert money.parse_yuan(money.as_decimal(fen)) == fen
    assert Decimal(money.yuan_text(fen)) == Decimal(fen) / 100


@given(st.integers(0, 10**13), st.sampled_from([money.FEN, money.QUANTUM, money.MICRO]), st.integers(0, 6))
def test_decimal_text_round_trip(value: int, scale: int, least: int) -> None:
    text = money.decimal_text(value, scale, least)
    assert money.parse_scaled(text, scale) == value
    assert len(text.partition(".")[2]) >= least


@given(PPM)
def test_percent_round_trip(ratio: int) -> None:
    assert money.parse_percent(money.percent_text(ratio)) == ratio


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("0", 0),
        ("0.1", 10),
        (".5", 50),
        ("5.", 500),
        ("1234.56", 123456),
        ("1234.5600", 123456),
        ("-0.01", -1),
        ("+3", 300),
        (" 12 ", 1200),
        ("1E+3", 100_000),
        (7, 700),
        (Decimal("0.10"), 10),
        (Decimal("1.23456789E+7"), 1_234_567_890),
        ("99999999999999.99", MOST * 100 - 1),
        ("0e999999999", 0),
    ],
)
def test_yuan(text: str | int | Decimal, fen: int) -> None:
    assert money.parse_yuan(text) == fen


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "NaN",
        "sNaN",
        "Infinity",
        "-inf",
        "1e400",
        "1e-400",
        "100000000000000",
        "0.001",
        "1.005",
        "0.010000000000000000000000000000000000001",
        "١٢",
        "１２",
        "一百",
        "1 000",
        "1,000",
        "1_000",
        "1.2.3",
        "12元",
        "0x10",
        "--1",
        "1e",
        "1e99999999999999999999",
        True,
        None,
        Decimal("NaN"),
        Decimal("0.001"),
    ],
)
def test_what_is_no_amount_is_refused(text: object) -> None:
    with pytest.raises(BadValue) as refused:
        money.parse_yuan(text)  # type: ignore[arg-type]
    assert refused.value.details["what"] == "金额"
    assert str(text).strip() in refused.value.message


@pytest.mark.parametrize(
    ("parse", "good", "held", "bad"),
    [
        (money.parse_yuan, "1.23", 123, "1.234"),
        (money.parse_quantity, "1.2345", 12_345, "1.23456"),
        (money.parse_price, "1.234567", 1_234_567, "1.2345678"),
    ],
)
def test_each_parser_has_its_decimals(parse: Callable[[str], int], good: str, held: int, bad: str) -> None:
    assert parse(good) == held
    with pytest.raises(BadValue, match="位小数"):
        parse(bad)


@pytest.mark.parametrize(
    ("text", "ppm"),
    [("0%", 0), ("100%", 1_000_000), ("62.5%", 625_000), (" 8% ", 80_000), ("0.0001%", 1)],
)
def test_percent(text: str, ppm: int) -> None:
    assert money.parse_percent(text) == ppm


@pytest.mark.parametrize(
    "text", ["65", 65, 0.65, None, "", "%", "101%", "-1%", "100.0001%", "0.00001%", "65％"]
)
def test_what_is_no_percentage_is_refused(text: object) -> None:
    with pytest.raises(BadValue):
        money.parse_percent(text)  # type: ignore[arg-type]


@given(st.integers(-(10**18), 10**18), st.integers(1, 10**12))
@example(5, 2)
@example(-5, 2)
def test_half_up_is_half_away_from_zero(numerator: int, denominator: int) -> None:
    quotient = Fraction(numerator, denominator)
    away = floor(abs(quotient) + Fraction(1, 2))
    assert money.half_up(numerator, denominator) == (away if quotient >= 0 else -away)


@given(st.integers(-(10**12), 10**12), st.integers(1, 10**6))
def test_half_up_is_the_same_on_both_sides_of_zero(numerator: int, denominator: int) -> None:
    assert money.half_up(-numerator, denominator) == -money.half_up(numerator, denominator)


@given(st.integers(0, 10**12), PPM)
@example(1, 500_000)
@example(1, 499_999)
def test_part_of_is_decimals_half_up(amount: int, ratio: int) -> None:
    exact = (Decimal(amount) * Decimal(ratio) / Decimal(money.PPM)).quantize(Decimal(1), ROUND_HALF_UP)
    assert money.part_of(amount, ratio) == exact
    assert 0 <= money.part_of(amount, ratio) <= amount


@given(st.integers(1, 10**9), st.integers(0, 10**12))
@example(10_000, 5_000)
@example(20_000, 2_500)
def test_line_amount_is_decimals_half_up(quantity: int, price_micro: int) -> None:
    count = Decimal(quantity) / money.QUANTUM
    price = Decimal(price_micro) / money.MICRO
    yuan = (count * price).quantize(Decimal("0.01"), ROUND_HALF_UP)
    assert money.line_amount(quantity, price_micro) == yuan * 100
