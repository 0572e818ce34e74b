"""Numbers of bank accounts to which money is paid."""

import re

from yidi.values.errors import BadValue

_FORM = re.compile(r"[0-9]{12,30}")
SHOWN = 4
"""Digits at the end that a masked number shows."""


def parse_bank_account(text: str) -> str:
    """The number without blanks and hyphens: 12 to 30 digits.

    Raises BadValue, whose message shows the last four characters alone.

    >>> parse_bank_account(" 6217 0000 1234-5678 ")
    '6217000012345678'
    """
    number = re.sub(r"[\s-]", "", text)
    if not _FORM.fullmatch(number):
        raise BadValue(
            text="…" + number[-SHOWN:],
            what="银行账号",
            why="应为 12 至 30 位数字，照卡面或存折抄写",
        )
    return number


def mask_bank_account(number: str) -> str:
    """The number with all but its last four digits hidden, for pages and letters.

    >>> mask_bank_account("6217000012345678")
    '************5678'
    """
    return "*" * (len(number) - SHOWN) + number[-SHOWN:]
