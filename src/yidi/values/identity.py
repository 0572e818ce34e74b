"""Resident identity numbers (GB 11643): check digit, birth date, sex, masking."""

import re
from datetime import date

from yidi.values.errors import BadValue

LENGTH = 18
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_PRIVATE = re.compile(r"\d{17}[\dX]|\d{15}|1\d{10}", re.ASCII | re.IGNORECASE)


def check_digit(first_17: str) -> str:
    """The 18th character that belongs to the first 17 digits (GB 11643, ISO 7064 MOD 11-2).

    >>> check_digit("11010519491231002")
    'X'
    """
    return _CHECKS[sum(int(digit) * weight for digit, weight in zip(first_17, _WEIGHTS, strict=True)) % 11]


def parse_identity(text: str) -> str:
    """The identity number in its normal spelling (upper-case X).

    Raises BadValue for a wrong length, character, birth date or check digit. The place code is not checked here:
    people keep the code of a place that has since been renamed.
    """
    number = text.strip().upper()
    body = number[:17]
    if len(number) != LENGTH or not (body.isascii() and body.isdigit()):
        raise BadValue(text=mask_identity(number), what="身份证号", why="应为 17 位数字加 1 位校验码")
    if check_digit(body) != number[17]:
        raise BadValue(text=mask_identity(number), what="身份证号", why="校验码不符")
    birth_date(number)
    return number


def birth_date(number: str) -> date:
    """The birth date that the number carries. Raises BadValue where it is no date."""
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise BadValue(text=mask_identity(number), what="身份证号", why="出生日期不存在") from None


def is_male(number: str) -> bool:
    """Whether the 17th digit is odd."""
    return int(number[16]) % 2 == 1


def mask_identity(number: str) -> str:
    """The number with all but its first six and last two characters hidden: the form in which it may be shown."""
    return number[:6] + "*" * max(len(number) - 8, 0) + number[-2:] if len(number) > 8 else "*" * len(number)


def age_on(birth: date, day: date) -> int:
    """Completed years of age on `day`."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def holds_private_number(text: str) -> bool:
    """Whether an identity number (also an old one of 15 digits) or a mobile number stands in a text, right or mistyped.

    >>> [holds_private_number(text) for text in ("36010219580315001x", "wang 138 0013 8000", "wang1958")]
    [True, True, False]
    """
    return _PRIVATE.search(re.sub(r"[\s-]", "", text)) is not None
