"""Amounts as financial documents spell them: in capital numerals, which cannot be altered by a stroke."""

from yidi.values.money import FEN

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_UNITS = ((100_000_000, "亿"), (10_000, "万"), (1_000, "仟"), (100, "佰"), (10, "拾"))


def capitals(fen: int) -> str:
    """An amount of fen in capital numerals.

    >>> capitals(0), capitals(10_000_005), capitals(101_060), capitals(50), capitals(-7)
    ('零元整', '壹拾万元零伍分', '壹仟零壹拾元陆角整', '伍角整', '负柒分')
    """
    yuan, rest = divmod(abs(fen), FEN)
    jiao, single = divmod(rest, 10)
    text = f"{_whole(yuan)}元" if yuan or not rest else ""
    if jiao:
        text += f"{_DIGITS[jiao]}角"
    elif single and yuan:
        text += _DIGITS[0]
    text += f"{_DIGITS[single]}分" if single else "整"
    return f"负{text}" if fen < 0 else text


def _whole(number: int) -> str:
    for size, unit in _UNITS:
        if number >= size:
            head, rest = divmod(number, size)
            gap = _DIGITS[0] if 0 < rest < size // 10 else ""
            return _whole(head) + unit + gap + (_whole(rest) if rest else "")
    return _DIGITS[number]
