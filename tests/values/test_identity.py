"""Identity numbers: only those that can exist are taken, and none is shown whole."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yidi.values import identity
from yidi.values.errors import BadValue

VALID = "11010519491231002X"
"""The example in the standard itself (GB 11643)."""


def number(body: str) -> str:
    return body + identity.check_digit(body)


BODIES = st.builds(
    lambda place, day, order: f"{place:06d}{day:%Y%m%d}{order:03d}",
    st.integers(110000, 659999),
    st.dates(date(1900, 1, 1), date(2099, 12, 31)),
    st.integers(0, 999),
)


@given(BODIES)
def test_every_number_with_its_check_digit_is_taken(body: str) -> None:
    whole = number(body)
    assert identity.parse_identity(whole) == whole
    assert identity.parse_identity(f" {whole.lower()} ") == whole
    assert identity.birth_date(whole) == date(int(body[6:10]), int(body[10:12]), int(body[12:14]))
    assert identity.is_male(whole) == (body[16] in "13579")


@given(BODIES, st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(body: str, place: int, shift: int) -> None:
    wrong = body[:place] + str((int(body[place]) + shift) % 10) + body[place + 1 :]
    with pytest.raises(BadValue):
        identity.parse_identity(wrong + identity.check_digit(body))


@given(BODIES, st.integers(0, 15))
def test_two_neighbours_exchanged_are_found(body: str, place: int) -> None:
    swapped = body[:place] + body[place + 1] + body[place] + body[place + 2 :]
    if swapped != body:
        with pytest.raises(BadValue):
            identity.parse_identity(swapped + identity.check_digit(body))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "17 位"),
        ("123", "17 位"),
        (VALID[:-1], "17 位"),
        (VALID + "0", "17 位"),
        ("1101051949123100２X", "17 位"),
        ("11010519491231OO2X", "17 位"),
        ("110105194912310 2X", "17 位"),
        ("110105194912310021", "校验码"),
        ("11010519491231002Y", "校验码"),
        (number("11010519490230002"), "出生日期"),
        (number("11010519491301002"), "出生日期"),
        (number("11010519490001002"), "出生日期"),
        (number("11010500001231002"), "出生日期"),
    ],
)
def test_what_is_no_identity_number_is_refused(text: str, why: str) -> None:
    with pytest.raises(BadValue) as refused:
        identity.parse_identity(text)
    assert why in refused.value.message
    assert len(text) <= 8 or text not in refused.value.message


def test_a_refusal_shows_the_number_masked() -> None:
    with pytest.raises(BadValue, match=r"110105\*{10}21"):
        identity.parse_identity("110105194912310021")


@given(st.text(max_size=40))
def test_masking_shows_at_most_six_and_two(text: str) -> None:
    masked = identity.mask_identity(text)
    assert len(masked) == len(text)
    shown = [place for place, letter in enumerate(masked) if letter != "*"]
    assert all(place < 6 or place >= len(text) - 2 for place in shown)
    if len(text) <= 8:
        assert set(masked) <= {"*"}


@pytest.mark.parametrize(
    ("birth", "day", "age"),
    [
        (date(2000, 5, 2), date(2018, 5, 1), 17),
        (date(2000, 5, 2), date(2018, 5, 2), 18),
        (date(2000, 2, 29), date(2018, 2, 28), 17),
        (date(2000, 2, 29), date(2018, 3, 1), 18),
    ],
)
def test_age_counts_completed_years(birth: date, day: date, age: int) -> None:
    assert identity.age_on(birth, day) == age
