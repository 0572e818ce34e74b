"""Tables of figures: shown on a page and written to a spreadsheet from the same rows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from yidi.evidence.sheets import Cell, Value, write_sheet
from yidi.evidence.sheets import Column as SheetColumn
from yidi.pages.language import language
from yidi.pages.templatetags.pages import yuan
from yidi.values.money import PPM, as_decimal, percent_text
from yidi.values.terms import Term


class Kind(Term):
    """What a column holds."""

    WORD = "word", "文字", "text"
    NAME = "name", "名称（只有中文）", "name, in Chinese only"
    COUNT = "count", "个数", "count"
    MONEY = "money", "金额（分）", "money in fen"
    SHARE = "share", "比例", "share in ppm"


NOTHING = "—"
_SAID: Mapping[Kind, Callable[[Any], str]] = {
    Kind.WORD: str,
    Kind.NAME: str,
    Kind.COUNT: str,
    Kind.MONEY: yuan,
    Kind.SHARE: percent_text,
}
_WRITTEN: Mapping[Kind, Callable[[Any], Value]] = {
    Kind.WORD: str,
    Kind.NAME: str,
    Kind.COUNT: Decimal,
    Kind.MONEY: as_decimal,
    Kind.SHARE: lambda ppm: as_decimal(ppm, PPM // 100),
}
_UNITS = {Kind.MONEY: ("（元）", " (yuan)"), Kind.SHARE: ("（%）", " (%)")}


@dataclass(frozen=True, slots=True)
class Column:
    """A heading in both languages, and what stands under it."""

    zh: str
    en: str
    kind: Kind = Kind.WORD

    @property
    def is_number(self) -> bool:
        """Whether it is set to the right."""
        return self.kind not in (Kind.WORD, Kind.NAME)

    @property
    def is_name(self) -> bool:
        """Whether it holds names that stay Chinese on an English page."""
        return self.kind is Kind.NAME

    def said(self, value: Any) -> str:
        """A value as the page shows it."""
        return NOTHING if value is None else _SAID[self.kind](value)

    def label(self) -> str:
        """The heading in the page's language, with its unit."""
        zh, en = _UNITS.get(self.kind, ("", ""))
        return self.en + en if language() == "en" else self.zh + zh


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under columns. `name` is its part of an address."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Any]]
    """A value for each column, None where there is none; the first names the row."""

    @property
    def shown(self) -> list[list[tuple[Column, str]]]:
        """Each row's cells as texts, beside their columns."""
        return [
            [(column, column.said(value)) for column, value in zip(self.columns, row, strict=True)]
            for row in self.rows
        ]

    def sheet(self) -> bytes:
        """The table as .xlsx."""
        columns = [
            SheetColumn(str(place), column.label(), column.label(), _held(column), width=18)
            for place, column in enumerate(self.columns)
        ]
        rows = [
            {
                str(place): None if value is None else _WRITTEN[column.kind](value)
                for place, (column, value) in enumerate(zip(self.columns, row, strict=True))
            }
            for row in self.rows
        ]
        return write_sheet(self.title, columns, rows, language())


def _held(column: Column) -> Cell:
    return Cell.NUMBER if column.is_number else Cell.TEXT
