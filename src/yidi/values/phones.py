"""Telephone numbers of China, as people leave them to be called back."""

import re

from yidi.values.errors import BadValue

_FORM = re.compile(r"1\d{10}|0\d{2,3}-?\d{7,8}|[48]00\d{7}")


def parse_phone(text: str) -> str:
    """The number without blanks and without the country's code: a mobile, or a fixed line with its area code.

    Raises BadValue, whose message shows the last four characters alone.

    >>> parse_phone(" +86 138 0013 8000 "), parse_phone("0791-12345678")
    ('13800138000', '0791-12345678')
    """
    number = re.sub(r"\s", "", text).removeprefix("+86")
    if not _FORM.fullmatch(number):
        raise BadValue(
            text="…" + number[-4:],
            what="联系电话",
            why="应为 11 位手机号，或带区号的固定电话，如 0791-12345678",
        )
    return number


def mask_phone(number: str) -> str:
    """The number with its middle hidden, for pages.

    >>> mask_phone("13800138000"), mask_phone("0791-12345678")
    ('138****8000', '079******5678')
    """
    return number[:3] + "*" * max(len(number) - 7, 0) + number[-4:]
