"""Days and periods in the words of a document."""

from datetime import date

from yidi.benefit.sentences import Said


def said(pair: Said, language: str) -> str:
    """The Chinese or the English of a pair."""
    return pair[1] if language == "en" else pair[0]


def day_text(day: date | None, language: str = "zh") -> str:
    """A day as a letter writes it; empty for none.

    >>> day_text(date(2026, 3, 1)), day_text(date(2026, 3, 1), "en")
    ('2026年3月1日', '2026-03-01')
    """
    if day is None:
        return ""
    return day.isoformat() if language == "en" else f"{day.year}年{day.month}月{day.day}日"


def period_text(starts: date, ends: date | None, language: str = "zh") -> str:
    """From the first to the last day, or without a last one.

    >>> period_text(date(2026, 3, 1), None)
    '从2026年3月1日起'
    """
    first, last = day_text(starts, language), day_text(ends, language)
    if not last:
        return said(("从{}起", "from {}"), language).format(first)
    return said(("从{}起到{}止", "from {} to {}"), language).format(first, last)
