"""Bank accounts: digits alone, never repeated in full by a refusal or a mask."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yidi.values.bank_accounts import mask_bank_account, parse_bank_account
from yidi.values.errors import BadValue


@pytest.mark.parametrize(
    "text", ["", "1" * 11, "1" * 31, "６" * 16, "٣" * 16, "62170000123x5678", "=1+622222222222"]
)
def test_what_is_no_account(text: str) -> None:
    with pytest.raises(BadValue, match="12 至 30 位数字"):
        parse_bank_account(text)


def test_a_refusal_does_not_repeat_the_number() -> None:
    with pytest.raises(BadValue) as caught:
        parse_bank_account("6217000012345678X")
    assert "6217" not in str(caught.value)


@given(st.from_regex(r"[0-9]{12,30}", fullmatch=True), st.integers(1, 11))
def test_blanks_do_not_matter_and_a_mask_shows_four_digits(number: str, at: int) -> None:
    assert parse_bank_account(f" {number[:at]} {number[at:]}") == number
    masked = mask_bank_account(number)
    assert len(masked) == len(number)
    assert masked.strip("*") == number[-4:]
