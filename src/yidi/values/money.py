"""Money, ratios and quantities as whole numbers: nothing here ever becomes a float.

| value      | unit of the int           | 100 % or 1 of it |
|------------|---------------------------|------------------|
| money      | fen                       | 100 = 1 yuan     |
| ratio      | ppm, parts per million    | 1_000_000        |
| unit price | micro-yuan                | 1_000_000        |
| quantity   | ten-thousandths of a unit | 10_000           |
"""

import re
from decimal import Decimal
from fractions import Fraction

from yidi.values.errors import BadValue

FEN = 100
PPM = 1_000_000
MICRO = 1_000_000
QUANTUM = 10_000

MAX_INTEGER_DIGITS = 14
"""Digits before the point that the interface's N(16,2) allows (interface §4)."""
MAX_TEXT = 64
"""Characters that a number may be spelt with."""

_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,9})?")
"""Decimal alone would also take other scripts' digits, underscores, NaN and Infinity."""


def half_up(numerator: int, denominator: int) -> int:
    """The quotient rounded half away from zero: the one rounding that money knows.

    >>> half_up(5, 2), half_up(-5, 2), half_up(7, 3)
    (3, -3, 2)
    """
    sign = -1 if (numerator < 0) != (denominator < 0) else 1
    return sign * ((2 * abs(numerator) + abs(denominator)) // (2 * abs(denominator)))


def part_of(amount: int, ratio_ppm: int) -> int:
    """The share `ratio_ppm` of `amount` fen, rounded half-up to the fen.

    >>> part_of(1001, 850_000)
    851
    """
    return half_up(amount * ratio_ppm, PPM)


def parse_scaled(text: str | int | Decimal, scale: int, what: str = "数字") -> int:
    """A decimal text as a whole number of 1/scale; refuses rather than rounds.

    Raises BadValue where the text is no plain decimal number, or has more decimals than `scale` can hold.
    """
    spelt = str(text).strip()
    if len(spelt) > MAX_TEXT or not _NUMBER.fullmatch(spelt):
        raise BadValue(text=spelt[:MAX_TEXT], what=what, why="不是数字")
    value = Decimal(spelt)
    if value and value.adjusted() >= MAX_INTEGER_DIGITS:
        raise BadValue(text=text, what=what, why=f"整数部分超过 {MAX_INTEGER_DIGITS} 位")
    if value and value.adjusted() < -MAX_INTEGER_DIGITS:
        raise BadValue(text=text, what=what, why="小数位数过多")
    scaled = Fraction(value) * scale  # not Decimal: its product would be rounded to 28 digits
    if scaled.denominator != 1:
        raise BadValue(text=text, what=what, why=f"最多 {len(str(scale)) - 1} 位小数")
    return scaled.numerator


def parse_yuan(text: str | int | Decimal) -> int:
    """Yuan, at most two decimals, as fen.

    >>> parse_yuan("1234.5")
    123450
    """
    return parse_scaled(text, FEN, "金额")


def parse_price(text: str | int | Decimal) -> int:
    """A unit price in yuan, at most six decimals, as micro-yuan."""
    return parse_scaled(text, MICRO, "单价")


def parse_quantity(text: str | int | Decimal) -> int:
    """A count, at most four decimals, in ten-thousandths."""
    return parse_scaled(text, QUANTUM, "数量")


def parse_percent(text: str) -> int:
    """A percentage such as `65%` as ppm. The sign is required: a bare number could be either.

    >>> parse_percent("62.5%")
    625000
    """
    if not isinstance(text, str) or not text.strip().endswith("%"):
        raise BadValue(text=text, what="比例", why="应写作百分数，例如 65%")
    ratio = parse_scaled(text.strip()[:-1], PPM // 100, "比例")
    if not 0 <= ratio <= PPM:
        raise BadValue(text=text, what="比例", why="应在 0% 与 100% 之间")
    return ratio


def line_amount(quantity: int, price_micro: int) -> int:
    """Count × price in fen, rounded half-up once (interface §7, I6).

    >>> line_amount(20_000, 3_455_000)
    691
    """
    return half_up(quantity * price_micro * FEN, QUANTUM * MICRO)


def decimal_text(value: int, scale: int, least: int = 0) -> str:
    """The exact decimal spelling of value/scale with at least `least` decimals.

    >>> decimal_text(123450, 100, 2), decimal_text(20_000, 10_000)
    ('1234.50', '2')
    """
    places = len(str(scale)) - 1
    sign, digits = ("-", -value) if value < 0 else ("", value)
    whole, rest = divmod(digits, scale)
    decimals = f"{rest:0{places}d}".rstrip("0").ljust(least, "0")
    return f"{sign}{whole}.{decimals}" if decimals else f"{sign}{whole}"


def yuan_text(fen: int) -> str:
    """Fen as yuan with two decimals: what people read."""
    return decimal_text(fen, FEN, 2)


def percent_text(ratio_ppm: int) -> str:
    """A ratio as people write it: `85%`, `62.5%`."""
    return decimal_text(ratio_ppm, PPM // 100) + "%"


def as_decimal(value: int, scale: int = FEN) -> Decimal:
    """The exact decimal number value/scale, for JSON and databases of other people."""
    return Decimal(value) / Decimal(scale)
