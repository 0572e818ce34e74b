"""The one font of all documents: Noto Sans CJK, from a package, never from the machine."""

import struct
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

import typst

FAMILY = "Noto Sans CJK SC"
"""Simplified Chinese forms; Latin letters and digits are in it too."""
_PACKAGE = "manimgx_fonts_cjk"
_FORMAT_12 = 12
"""The table of characters that reaches beyond the first 65,536: rare names are there."""


@lru_cache(maxsize=1)
def fonts() -> typst.Fonts:
    """The font, opened once. It may be shared between threads, which compilers may not."""
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[Path(str(files(_PACKAGE)))]
    )


@lru_cache(maxsize=1)
def characters() -> frozenset[int]:
    """The code points that the font has a glyph for."""
    face = next(face for face in fonts().fonts() if face.family == FAMILY)
    with open(str(face.path), "rb") as file:
        data = file.read()
    (face_at,) = struct.unpack_from(">I", data, 12 + 4 * face.index)
    table_at = _table(data, face_at, b"cmap")
    (count,) = struct.unpack_from(">H", data, table_at + 2)
    for number in range(count):
        _, _, offset = struct.unpack_from(">HHI", data, table_at + 4 + 8 * number)
        (kind,) = struct.unpack_from(">H", data, table_at + offset)
        if kind == _FORMAT_12:
            return frozenset(_format_12(data, table_at + offset))
    raise LookupError(f"{FAMILY} has no character table of format {_FORMAT_12}")


def _table(data: bytes, face_at: int, tag: bytes) -> int:
    """Where a table of a face begins."""
    (count,) = struct.unpack_from(">H", data, face_at + 4)
    for number in range(count):
        name, _, offset, _ = struct.unpack_from(">4sIII", data, face_at + 12 + 16 * number)
        if name == tag:
            return int(offset)
    raise LookupError(f"{FAMILY} has no table {tag!r}")


def _format_12(data: bytes, at: int) -> list[int]:
    (count,) = struct.unpack_from(">I", data, at + 12)
    found: list[int] = []
    for number in range(count):
        first, last, glyph = struct.unpack_from(">III", data, at + 16 + 12 * number)
        found += range(first if glyph else first + 1, last + 1)
    return found
