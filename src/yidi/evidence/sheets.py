"""Tables that people fill in or hospitals export: .xlsx and .csv read within bounds, .xlsx written.

Reading gives texts, exact decimals and dates, never floats. Formulas are never evaluated: of a cell with one, the value
that the spreadsheet program last stored is read. A number of a spreadsheet is read with 15 significant digits, which
are those that such a program keeps and shows.
"""

import csv
import io
import re
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum, auto
from typing import Any, BinaryIO

from django.conf import settings
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from yidi.evidence.checks import MEGABYTE, Readable, megabytes
from yidi.evidence.errors import CellsBad, ColumnsMissing, SheetTooLarge, SheetUnreadable
from yidi.values.errors import BadValue

MOST_ROWS = 5000
MOST_COLUMNS = 60
MOST_UNPACKED = 24 * MEGABYTE
"""Bytes of an .xlsx file when its parts are unpacked."""
MOST_PARTS = 200
MOST_CELL = 500
"""Characters of one cell."""
HEADING_WITHIN = 20
"""Rows in which the headings are looked for: exports carry a title above them."""
FAULTS_TOLD = 10
DIGITS_KEPT = 15
"""Significant digits that spreadsheet programs keep of a number."""

Value = str | Decimal | date | None


class Cell(Enum):
    """What a column holds."""

    TEXT = auto()
    NUMBER = auto()
    DATE = auto()


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: its name in code and its headings, with either of which a table may come."""

    key: str
    zh: str
    en: str
    holds: Cell = Cell.TEXT
    required: bool = True
    """Whether each row must fill it in; the column itself may be left out where it is not required."""
    width: int = 16
    """Of the written column, in characters."""
    gaps: bool = False
    """Whether rows may leave it empty although the column must be there: for readers that tell all faults of a row."""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row that has something in it."""

    number: int
    """As the spreadsheet program counts: the first row is 1."""
    cells: Mapping[str, Value]
    """By `Column.key`; None where nothing is there."""


def read_sheet(stream: "Readable | BinaryIO", columns: Sequence[Column]) -> list[SheetRow]:
    """The rows below the headings, in order, empty ones left out.

    Raises SheetUnreadable, SheetTooLarge, ColumnsMissing, and CellsBad, which tells of all cells at once.
    """
    content = stream.read(settings.EVIDENCE_MAX_FILE + 1)
    if len(content) > settings.EVIDENCE_MAX_FILE:
        raise _too_large()
    rows = _xlsx_rows(content) if content.startswith(b"PK") else _csv_rows(content)
    return _by_column(rows, columns)


def _too_large() -> SheetTooLarge:
    return SheetTooLarge(
        rows=MOST_ROWS,
        columns=MOST_COLUMNS,
        size=megabytes(settings.EVIDENCE_MAX_FILE),
        unpacked=megabytes(MOST_UNPACKED),
    )


RawRow = tuple[int, Sequence[Any]]


def _xlsx_rows(content: bytes) -> Iterator[RawRow]:
    """The rows of the first sheet. What is unpacked was measured before; zipfile reads no more than announced."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, EOFError, NotImplementedError) as error:
        raise SheetUnreadable() from error
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise _too_large()
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        sheet: Any = book.worksheets[0]
        sheet.reset_dimensions()
        yield from _bounded(
            sheet.iter_rows(
                max_row=MOST_ROWS + HEADING_WITHIN + 1, max_col=MOST_COLUMNS + 1, values_only=True
            )
        )
    except SheetTooLarge:
        raise
    except Exception as error:  # openpyxl raises whatever the missing or crooked part happens to lead to
        raise SheetUnreadable() from error


def _csv_rows(content: bytes) -> Iterator[RawRow]:
    """The rows of a text with commas, in UTF-8 or in the Chinese coding that spreadsheet programs write."""
    for coding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(coding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise SheetUnreadable()
    if not text.strip() or "\0" in text:
        raise SheetUnreadable()
    try:
        yield from _bounded(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise SheetUnreadable() from error


def _bounded(rows: Iterable[Sequence[Any]]) -> Iterator[RawRow]:
    """The rows with their numbers. Raises SheetTooLarge at the first one beyond the limits."""
    for number, row in enumerate(rows, start=1):
        if number > MOST_ROWS + HEADING_WITHIN or any(_filled(value) for value in row[MOST_COLUMNS:]):
            raise _too_large()
        yield number, row


def _filled(value: Any) -> bool:
    return value is not None and str(value).strip() != ""


def _plain(heading: Any) -> str:
    """A heading without what people add to it: spaces, stars, units in brackets."""
    text = unicodedata.normalize("NFKC", str(heading or "")).casefold()
    return re.sub(r"\(.*?\)|[\s*:_-]", "", text)


def _by_column(rows: Iterator[RawRow], columns: Sequence[Column]) -> list[SheetRow]:
    places, missing = None, list(columns)
    for number, row in rows:
        places, lacking = _headings(row, columns)
        if len(lacking) < len(missing):
            missing = lacking
        if not lacking or number >= HEADING_WITHIN:
            break
    if places is None or missing:
        wanted = [column for column in missing if column.required]
        raise ColumnsMissing(
            missing="、".join(column.zh for column in wanted),
            missing_en=", ".join(column.en for column in wanted),
        )
    return _values(rows, places)


def _headings(row: Sequence[Any], columns: Sequence[Column]) -> tuple[list[tuple[int, Column]], list[Column]]:
    """Where each column stands in a row of headings, and which required ones do not."""
    named = {_plain(value): place for place, value in reversed(list(enumerate(row))) if _filled(value)}
    found = [
        (named[name], column)
        for column in columns
        for name in [next((_plain(n) for n in (column.zh, column.en) if _plain(n) in named), None)]
        if name is not None
    ]
    there = {column.key for _, column in found}
    return found, [column for column in columns if column.required and column.key not in there]


def _values(rows: Iterator[RawRow], places: list[tuple[int, Column]]) -> list[SheetRow]:
    result, faults = [], []
    for number, row in rows:
        raw = {column: row[place] if place < len(row) else None for place, column in places}
        if not any(map(_filled, raw.values())):
            continue
        cells: dict[str, Value] = {}
        for column, value in raw.items():
            try:
                cells[column.key] = _value(value, column)
            except BadValue as fault:
                faults.append((number, column, str(fault.details["why"])))
        result.append(SheetRow(number, cells))
    if len(result) > MOST_ROWS:
        raise _too_large()
    if faults:
        told = faults[:FAULTS_TOLD]
        raise CellsBad(
            count=len(faults),
            faults="；".join(f"第 {number} 行“{column.zh}”{why}" for number, column, why in told),
            faults_en="; ".join(
                f"row {number}, {column.en} ({column.holds.name.lower()})" for number, column, _ in told
            ),
        )
    return result


def _value(value: Any, column: Column) -> Value:
    """A cell as its column wants it. Raises BadValue."""
    if not _filled(value):
        if column.required and not column.gaps:
            raise BadValue(text="", what=column.zh, why="没有填写")
        return None
    if len(str(value)) > MOST_CELL:
        raise BadValue(text="…", what=column.zh, why=f"超过 {MOST_CELL} 字")
    return _READ[column.holds](value, column)


def _exact(value: float) -> Decimal:
    """A stored number with the digits that a spreadsheet program shows of it."""
    return Decimal(format(value, f".{DIGITS_KEPT}g"))


def _text(value: Any, column: Column) -> str:
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        if abs(value) >= 10**DIGITS_KEPT:
            raise BadValue(
                text=value,
                what=column.zh,
                why=f"超过 {DIGITS_KEPT} 位数字会被表格软件改掉末尾，请把这一列设为文本后重填",
            )
        exact = _exact(value)
        return format(exact.quantize(Decimal(1)) if exact == exact.to_integral_value() else exact, "f")
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
    return str(value).strip()


def _number(value: Any, column: Column) -> Decimal:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _exact(value)
    text = (
        unicodedata.normalize("NFKC", str(value))
        .replace(",", "")
        .removeprefix("¥")
        .removesuffix("元")
        .strip()
    )
    if isinstance(value, bool) or not re.fullmatch(
        r"[+-]?(\d{1,20}(\.\d{0,12})?|\.\d{1,12})", text, re.ASCII
    ):
        raise BadValue(text=value, what=column.zh, why="不是数字")
    return Decimal(text)


_DAY = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{2})(\d{2}))(?:[ T].*)?", re.ASCII)


def _date(value: Any, column: Column) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    match = _DAY.fullmatch(unicodedata.normalize("NFKC", str(value)).strip())
    try:
        if match:
            year, *parts = (int(part) for part in match.groups() if part is not None)
            return date(year, *parts)
    except ValueError:
        pass
    raise BadValue(text=value, what=column.zh, why="不是日期，请写成 2026-01-31 这样")


_READ: dict[Cell, Callable[[Any, Column], Value]] = {
    Cell.TEXT: _text,
    Cell.NUMBER: _number,
    Cell.DATE: _date,
}
_FORMATS = {Cell.TEXT: "@", Cell.NUMBER: "General", Cell.DATE: "yyyy-mm-dd"}
_RISKY = ("=", "+", "-", "@", "\t", "\r")
"""How texts begin that a spreadsheet program may take for a formula."""
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")


def write_sheet(
    title: str,
    columns: Sequence[Column],
    rows: Iterable[Mapping[str, Value]],
    language: str = "zh",
    notes: Sequence[Sequence[str]] = (),
) -> bytes:
    """An .xlsx file with a row of headings that stays in sight. No cell of it is a formula, whatever it begins with.

    `notes` are the rows of a second sheet that says how to fill in the first.
    """
    book = Workbook()
    sheet: Any = book.active
    sheet.title = re.sub(r"[\[\]:*?/\\]", " ", _UNPRINTABLE.sub("", title)).strip("' ")[:31] or "Sheet"
    sheet.freeze_panes = "A2"
    for place, column in enumerate(columns, start=1):
        _write(sheet.cell(1, place), column.en if language == "en" else column.zh, Cell.TEXT)
        sheet.cell(1, place).font = Font(bold=True)
        sheet.cell(1, place).alignment = Alignment(wrap_text=True)
        letter = get_column_letter(place)
        sheet.column_dimensions[letter].width = column.width
        sheet.column_dimensions[letter].number_format = _FORMATS[column.holds]
    for number, row in enumerate(rows, start=2):
        for place, column in enumerate(columns, start=1):
            _write(sheet.cell(number, place), row.get(column.key), column.holds)
    if notes:
        page: Any = book.create_sheet("How to fill in" if language == "en" else "填写说明")
        for number, texts in enumerate(notes, start=1):
            for place, text in enumerate(texts, start=1):
                _write(page.cell(number, place), text, Cell.TEXT)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _write(cell: Any, value: Value, holds: Cell) -> None:
    cell.number_format = _FORMATS[holds]
    if isinstance(value, str):
        cell.value = _UNPRINTABLE.sub("", value)[:32_767]
        cell.data_type = "s"
        if value.startswith(_RISKY):
            cell.quotePrefix = True
    else:
        cell.value = value
