"""Days as people and other systems spell them."""

import re
import unicodedata
from datetime import date

_DAY = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{2})(\d{2}))(?:[ T].*)?", re.ASCII)


def day_of(text: str) -> date | None:
    """The day that a text names, a time behind it left aside; None where it names none.

    >>> day_of("2026年1月2日"), day_of("20260102"), day_of("2026-01-02 08:30:00") == day_of("2026/1/2")
    (datetime.date(2026, 1, 2), datetime.date(2026, 1, 2), True)
    """
    match = _DAY.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if match is None:
        return None
    year, month, day = (int(part) for part in match.groups() if part is not None)
    try:
        return date(year, month, day)
    except ValueError:
        return None
