"""Tables that people fill in or hospitals export: .xlsx and .csv read within bounds, .xlsx written.

Reading gives texts, exact decimals and dates, never floats. Formulas are never evaluated: of a cell with one, the value
that the spreadsheet program last stored is read. A number of a spreadsheet is read with 15 significant digits, which
are those that such a program keeps and shows.
"""

import csv
import io
import json
import re
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum, auto
from typing import Any, BinaryIO

from yidi.evidence.checks import MEGABYTE, Readable, megabytes
from yidi.evidence.days import day_of
from yidi.evidence.errors import CellsBad, ColumnsMissing, SheetTooLarge, SheetUnreadable
from yidi.evidence.names import UNNAMED
from yidi.evidence.remaking import Limits, ordered
from yidi.values.errors import BadValue

MOST_ROWS = 5000
MOST_COLUMNS = 60
MOST_BYTES = 4 * MEGABYTE
LIMITS = Limits(cpu_s=10, output=20 * MEGABYTE)
MOST_UNPACKED = 12 * MEGABYTE
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
    content = stream.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise _too_large()
    rows = _xlsx_rows(content) if content.startswith(b"PK") else _csv_rows(content)
    return _by_column(rows, columns)


def _too_large() -> SheetTooLarge:
    return SheetTooLarge(
        rows=MOST_ROWS,
        columns=MOST_COLUMNS,
        size=megabytes(MOST_BYTES),
        unpacked=megabytes(MOST_UNPACKED),
    )


RawRow = tuple[int, Sequence[Any]]


def _xlsx_rows(content: bytes) -> Iterator[RawRow]:
    """The rows of the first sheet, read by the decoder. What is unpacked is measured before."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, EOFError, NotImplementedError) as error:
        raise SheetUnreadable() from error
    # zipfile gives no more of a part than it announces
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise _too_large()
    bounds = {"rows": MOST_ROWS + HEADING_WITHIN + 1, "columns": MOST_COLUMNS + 1}
    header, answer = ordered({"task": "rows", "kind": "xlsx", **asdict(LIMITS), **bounds}, content, UNNAMED)
    if header.get("refused") == "heavy":
        raise _too_large()
    if "refused" in header:
        raise SheetUnreadable()
    yield from _bounded([_cell(pair) for pair in row] for row in json.loads(answer))


def _cell(pair: tuple[str, str] | None) -> Any:
    """A value as the decoder gives it."""
    return None if pair is None else _GIVEN[pair[0]](pair[1])


_GIVEN: dict[str, Callable[[str], Any]] = {
    "text": str,
    "number": Decimal,
    "day": datetime.fromisoformat,
}


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
    """The rows below that one of the first which has all the headings."""
    missing = list(columns)
    for number, row in rows:
        places = _headings(row, columns)
        lacking = [column for column in columns if column.required and column not in places]
        if not lacking:
            return _values(rows, columns, places)
        missing = min(missing, lacking, key=len)
        if number >= HEADING_WITHIN:
            break
    raise ColumnsMissing(
        missing="、".join(column.zh for column in missing if column.required),
        missing_en=", ".join(column.en for column in missing if column.required),
    )


def _headings(row: Sequence[Any], columns: Sequence[Column]) -> dict[Column, int]:
    """Where each column stands in a row of headings; of two with the same name, the first."""
    named = {_plain(value): place for place, value in reversed(list(enumerate(row))) if _filled(value)}
    spelt = ((column, _plain(name)) for column in columns for name in (column.en, column.zh))
    return {column: named[name] for column, name in spelt if name in named}


def _values(
    rows: Iterator[RawRow], columns: Sequence[Column], places: Mapping[Column, int]
) -> list[SheetRow]:
    """The rows as their columns want them. Raises SheetTooLarge, CellsBad."""
    result: list[SheetRow] = []
    faults: list[tuple[int, Column, str]] = []
    for number, row in rows:
        padded = (*row, *[None] * (MOST_COLUMNS - len(row)))
        raw = {column: padded[places[column]] if column in places else None for column in columns}
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
        raise _cells_bad(faults)
    return result


def _cells_bad(faults: Sequence[tuple[int, Column, str]]) -> CellsBad:
    told = faults[:FAULTS_TOLD]
    wanted = {Cell.TEXT: "a text", Cell.NUMBER: "a number", Cell.DATE: "a date such as 2026-01-31"}
    return CellsBad(
        count=len(faults),
        faults="；".join(f"第 {number} 行“{column.zh}”{why}" for number, column, why in told),
        faults_en="; ".join(
            f"row {number}, {column.en}: should be {wanted[column.holds]}" for number, column, _ in told
        ),
    )


def _value(value: Any, column: Column) -> Value:
    """A cell as its column wants it. Raises BadValue."""
    if not _filled(value):
        if column.required and not column.gaps:
            raise BadValue(text="", what=column.zh, why="没有填写")
        return None
    if len(str(value)) > MOST_CELL:
        raise BadValue(text="…", what=column.zh, why=f"超过 {MOST_CELL} 字")
    return _READ[column.holds](value, column)


def _text(value: Any, column: Column) -> str:
    if isinstance(value, Decimal):
        if value.adjusted() >= DIGITS_KEPT:
            why = f"超过 {DIGITS_KEPT} 位的数字会被表格软件改掉末尾，请把这一列设为文本后重填"
            raise BadValue(text=value, what=column.zh, why=why)
        return format(value.normalize(), "f")
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
    return str(value).strip()


_NUMBER = re.compile(r"[+-]?(\d{1,20}(\.\d{0,12})?|\.\d{1,12})", re.ASCII)


def _number(value: Any, column: Column) -> Decimal:
    if isinstance(value, Decimal):
        return value
    text = unicodedata.normalize("NFKC", str(value)).replace(",", "")
    plain = text.strip().removeprefix("¥").removesuffix("元").strip()
    if not _NUMBER.fullmatch(plain):
        raise BadValue(text=value, what=column.zh, why="不是数字")
    return Decimal(plain)


def _date(value: Any, column: Column) -> date:
    day = value.date() if isinstance(value, datetime) else day_of(str(value))
    if day is None:
        raise BadValue(text=value, what=column.zh, why="不是日期，请写成 2026-01-31 这样")
    return day


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
    from openpyxl import Workbook  # half a second that only those who write a table shall wait
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

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


def write_csv(columns: Sequence[Column], rows: Iterable[Mapping[str, str]], language: str = "zh") -> bytes:
    """A text with commas that spreadsheet programs read as UTF-8. What they might take for a formula begins with an apostrophe."""
    written = io.StringIO(newline="")
    table = csv.writer(written)
    table.writerow(column.en if language == "en" else column.zh for column in columns)
    for row in rows:
        table.writerow(_harmless(row.get(column.key, "")) for column in columns)
    return written.getvalue().encode("utf-8-sig")


def _harmless(text: str) -> str:
    plain = _UNPRINTABLE.sub("", text)
    return f"'{plain}" if plain.startswith(_RISKY) else plain
