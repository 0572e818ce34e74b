"""Amounts in capital numerals."""

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yidi.documents import amounts, forms, wording
from yidi.documents.amounts import capitals
from yidi.values.money import parse_yuan

DIGITS = {sign: value for value, sign in enumerate("零壹贰叁肆伍陆柒捌玖")}
UNITS = {"拾": 10, "佰": 100, "仟": 1_000}


@pytest.mark.parametrize(
    ("yuan", "text"),
    [
        ("0", "零元整"),
        ("0.05", "伍分"),
        ("0.50", "伍角整"),
        ("1", "壹元整"),
        ("1.01", "壹元零壹分"),
        ("1.10", "壹元壹角整"),
        ("10", "壹拾元整"),
        ("105", "壹佰零伍元整"),
        ("1005", "壹仟零伍元整"),
        ("10000", "壹万元整"),
        ("10500", "壹万零伍佰元整"),
        ("100010", "壹拾万零壹拾元整"),
        ("20300400.07", "贰仟零叁拾万零肆佰元零柒分"),
        ("100000001", "壹亿零壹元整"),
        ("1234567890.12", "壹拾贰亿叁仟肆佰伍拾陆万柒仟捌佰玖拾元壹角贰分"),
        ("-8.30", "负捌元叁角整"),
    ],
)
def test_capitals(yuan: str, text: str) -> None:
    assert capitals(parse_yuan(yuan)) == text


def read(text: str) -> int:
    """Whole yuan in capital numerals, read by other rules than they were written by."""
    for unit, size in (("亿", 100_000_000), ("万", 10_000)):
        head, found, rest = text.rpartition(unit)
        if found:
            return read(head) * size + read(rest)
    total = digit = 0
    for sign in text:
        if sign in UNITS:
            total += digit * UNITS[sign]
            digit = 0
        else:
            digit = DIGITS[sign]
    return total + digit


@given(st.integers(0, 10**14))
def test_every_amount_can_be_read_back(fen: int) -> None:
    text = capitals(fen)
    yuan, found, rest = text.rpartition("元")
    jiao, single = fen // 10 % 10, fen % 10
    assert (read(yuan) if found else 0) == fen // 100
    assert ("角" in rest) == (jiao > 0)
    assert ("分" in rest) == (single > 0) == (not text.endswith("整"))
    assert "零零" not in text


@pytest.mark.parametrize("module", [amounts, forms, wording], ids=lambda module: module.__name__)
def test_examples_in_docstrings_hold(module: object) -> None:
    outcome = doctest.testmod(module)  # type: ignore[arg-type]
    assert outcome.attempted > 0
    assert outcome.failed == 0
