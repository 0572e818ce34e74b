"""Names of files as people gave them, made harmless to show. No such name ever becomes a path."""

import unicodedata

MOST = 80
"""Characters of a name that are kept."""
UNNAMED = "未命名"
_HIDDEN = ("C", "Zl", "Zp")
"""Unicode categories that show nothing or turn the reading direction: controls, formats, halves of pairs, line ends."""


def display_name(given: str) -> str:
    """The last part of a name, on one line, without anything invisible, at most `MOST` characters.

    >>> display_name("../../诊断书\\u202e.jpg"), display_name("\\0")
    ('诊断书.jpg', '未命名')
    """
    last = unicodedata.normalize("NFC", given).replace("\\", "/").rstrip("/ ").rpartition("/")[2]
    spaced = "".join(" " if char.isspace() else char for char in last)
    seen = "".join(char for char in spaced if not unicodedata.category(char).startswith(_HIDDEN))
    name = " ".join(seen.split()).lstrip(". ")
    if len(name) > MOST:
        stem, dot, ending = name.rpartition(".")
        tail = f"…{dot}{ending}" if stem and len(ending) <= 5 else "…"
        name = name[: MOST - len(tail)] + tail
    return name or UNNAMED


def with_ending(name: str, ending: str) -> str:
    """The name with the ending of what is kept, instead of the one it came with.

    >>> with_ending("诊断书.HEIC", ".jpg"), with_ending("未命名", ".pdf")
    ('诊断书.jpg', '未命名.pdf')
    """
    stem, _dot, old = name.rpartition(".")
    return (stem if stem and len(old) <= 5 else name) + ending
