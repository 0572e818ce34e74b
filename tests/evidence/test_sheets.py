"""Tables: read within bounds, exactly, and by their headings; written so that no cell is a formula."""

import csv
import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from tests.evidence.factories import without_a_process
from yidi.evidence import sheets
from yidi.evidence.errors import CellsBad, ColumnsMissing, SheetTooLarge, SheetUnreadable
from yidi.evidence.sheets import Cell, Column, SheetRow, read_sheet, write_csv, write_sheet

CODE = Column("code", "医保目录编码", "code")
NAME = Column("name", "名称", "name", required=False)
PRICE = Column("price", "单价（元）", "unit price", Cell.NUMBER)
DAY = Column("day", "日期", "date", Cell.DATE, required=False)
COLUMNS = (CODE, NAME, PRICE, DAY)
HEADINGS = ["医保目录编码", "名称", "单价", "日期"]


def an_xlsx(*rows: list[Any], change: Callable[[Any], None] | None = None) -> io.BytesIO:
    book = Workbook()
    sheet: Any = book.active
    for row in rows:
        sheet.append(row)
    if change:
        change(sheet)
    written = io.BytesIO()
    book.save(written)
    written.seek(0)
    return written


def a_csv(text: str, coding: str = "utf-8") -> io.BytesIO:
    return io.BytesIO(text.encode(coding))


def repacked(book: io.BytesIO, part: str, change: Callable[[bytes], bytes]) -> io.BytesIO:
    """The same .xlsx with one part changed."""
    written = io.BytesIO()
    with zipfile.ZipFile(book) as source, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as result:
        for name in source.namelist():
            content = source.read(name)
            result.writestr(name, change(content) if name == part else content)
    written.seek(0)
    return written


def read_here(book: io.BytesIO, columns: Sequence[Column] = COLUMNS) -> list[SheetRow]:
    """Read without a process of its own, for tests that read many."""
    with without_a_process():
        return read_sheet(book, columns)


SHEET = "xl/worksheets/sheet1.xml"

# reading


def test_rows_are_read_by_their_headings_with_their_numbers() -> None:
    day = datetime(2026, 5, 6, 8, 30)  # noqa: DTZ001 (a spreadsheet knows no zones)
    book = an_xlsx(
        ["某医院门诊费用清单"],
        [None, "日期", "* 单价 ", "NAME", "医保目录编码"],
        [],
        ["x", day, 12.34, " 阿莫西林 ", "XJ01"],
        ["y", None, "1,234.50", None, 1234],
    )
    assert read_sheet(book, COLUMNS) == [
        SheetRow(4, {"code": "XJ01", "name": "阿莫西林", "price": Decimal("12.34"), "day": date(2026, 5, 6)}),
        SheetRow(5, {"code": "1234", "name": None, "price": Decimal("1234.50"), "day": None}),
    ]


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_is_read_as_spreadsheet_programs_write_it(coding: str) -> None:
    text = '医保目录编码,单价（元）,日期\r\n"0012",￥3.50元,2026年1月2日\r\n'
    assert read_here(a_csv(text, coding), COLUMNS) == [
        SheetRow(2, {"code": "0012", "name": None, "price": Decimal("3.50"), "day": date(2026, 1, 2)})
    ]


NUMBERS = {
    0.1 + 0.2: "0.3",
    33.480000000000004: "33.48",
    1e-07: "1E-7",
    123456789.12: "123456789.12",
    12: "12",
    "12.340": "12.340",
    "１２．５": "12.5",
    "-0.01": "-0.01",
}


def test_numbers_are_exact() -> None:
    rows = read_here(an_xlsx(HEADINGS, *(["a", None, stored, None] for stored in NUMBERS)), COLUMNS)
    read = [row.cells["price"] for row in rows]
    assert read == [Decimal(text) for text in NUMBERS.values()]
    assert all(isinstance(value, Decimal) for value in read)


def test_what_is_no_number_is_told() -> None:
    texts = ["nan", "inf", "1e5", "0x10", "1_000", "一百", "1.2.3", "1" * 30, True]
    with pytest.raises(CellsBad) as told:
        read_here(an_xlsx(HEADINGS, *(["a", None, text, None] for text in texts)), COLUMNS)
    assert told.value.message.count("不是数字") == len(texts)
    with pytest.raises(CellsBad, match="第 2 行“单价（元）”没有填写"):
        read_here(a_csv("医保目录编码,单价\na, \n"), COLUMNS)


NO_DAYS = ["2026-02-30", "2026-13-01", "20261301", "6-5-2026", "昨天", "2026-01-01x", "2026年1月"]
DAYS = ["2026-05-06", "2026/5/6", "2026.05.06", "20260506", "2026年5月6日", "2026-05-06 08:30:00"]


def test_days_as_people_write_them() -> None:
    head = "医保目录编码,单价,日期\n"
    rows = read_here(a_csv(head + "".join(f"a,1,{text}\n" for text in DAYS)), COLUMNS)
    assert {row.cells["day"] for row in rows} == {date(2026, 5, 6)}
    with pytest.raises(CellsBad) as told:
        read_here(a_csv(head + "".join(f"a,1,{text}\n" for text in NO_DAYS)), COLUMNS)
    assert told.value.message.count("不是日期") == len(NO_DAYS)
    with pytest.raises(CellsBad, match="不是日期"):
        read_here(an_xlsx(HEADINGS, ["a", None, 1, 45000.5]), COLUMNS)


def test_codes_are_texts() -> None:
    stored = {1234: "1234", 120.0: "120", 12.5: "12.5", True: "TRUE", "001": "001"}
    stored[datetime(2026, 1, 2)] = "2026-01-02"  # noqa: DTZ001
    rows = read_here(an_xlsx(HEADINGS, *([code, None, 1, None] for code in stored)), COLUMNS)
    assert [row.cells["code"] for row in rows] == list(stored.values())


def test_a_code_that_lost_digits_as_a_number_is_told() -> None:
    with pytest.raises(CellsBad, match="设为文本"):
        read_here(an_xlsx(HEADINGS, [36010219580315001, None, 1, None]), COLUMNS)


def test_all_bad_cells_are_told_at_once_and_the_first_ten_named() -> None:
    rows = [["a", None, "x", None]] * 12
    with pytest.raises(CellsBad) as told:
        read_here(an_xlsx(HEADINGS, *rows), COLUMNS)
    assert "12 处" in told.value.message
    assert "第 11 行" in told.value.message
    assert "第 12 行" not in told.value.message
    assert "row 2, unit price" in told.value.english


def test_missing_columns_are_named() -> None:
    with pytest.raises(ColumnsMissing) as told:
        read_here(an_xlsx(["名称", "医保目录编码"], ["x", "y"]), COLUMNS)
    assert "单价（元）" in told.value.message
    assert "医保目录编码" not in told.value.message
    assert "unit price" in told.value.english


def test_formulas_are_not_evaluated() -> None:
    """openpyxl stores no value with a formula: the cell counts as empty, never as the formula's text or result."""
    with pytest.raises(CellsBad, match="没有填写"):
        read_here(an_xlsx(HEADINGS, ["a", None, "=1+1", None]), COLUMNS)
    cached = repacked(
        an_xlsx(HEADINGS, ["a", None, "=1+1", None]), SHEET, lambda xml: xml.replace(b"<v />", b"<v>7.5</v>")
    )
    (row,) = read_here(cached, COLUMNS)
    assert row.cells["price"] == Decimal("7.5")


# bounds


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04 and then nothing",
        b"\x89PNG\r\n\x1a\n\0\0",
        b"\xff\xfe\xfd",
        b'a,"b',
        b"%PDF-1.7 \xff",
        b" \n ",
    ],
)
def test_what_is_no_table_is_refused(content: bytes) -> None:
    with pytest.raises((SheetUnreadable, ColumnsMissing)):
        read_here(io.BytesIO(content), COLUMNS)


@given(st.binary(max_size=300))
def test_no_bytes_at_all_break_the_reading(content: bytes) -> None:
    with pytest.raises((SheetUnreadable, ColumnsMissing)):
        read_here(io.BytesIO(content), COLUMNS)


PARTS = ["xl/workbook.xml", SHEET, "[Content_Types].xml", "xl/_rels/workbook.xml.rels"]


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("content", [b"", b"<a/>", b"\xff" * 20])
def test_a_book_with_a_broken_part_is_refused(part: str, content: bytes) -> None:
    with pytest.raises((SheetUnreadable, ColumnsMissing)):
        read_here(repacked(an_xlsx(HEADINGS, ["a", None, 1, None]), part, lambda _: content))


LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><worksheet>&c;</worksheet>"""


@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "xl/styles.xml"])
def test_a_book_with_entities_is_refused(part: str) -> None:
    with pytest.raises(SheetUnreadable):
        read_sheet(repacked(an_xlsx(HEADINGS), part, lambda _: LAUGHS), COLUMNS)


def test_a_book_that_takes_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "LIMITS", replace(sheets.LIMITS, wall_s=0.02))
    with pytest.raises(SheetTooLarge):
        read_sheet(an_xlsx(HEADINGS, ["a", None, 1, None]), COLUMNS)


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = repacked(an_xlsx(HEADINGS), SHEET, lambda _: b"\0" * (sheets.MOST_UNPACKED + 1))
    assert len(bomb.getvalue()) < 100_000
    with pytest.raises(SheetTooLarge):
        read_sheet(bomb, COLUMNS)


def test_a_zip_that_lies_about_its_size_is_refused() -> None:
    honest = repacked(an_xlsx(HEADINGS), SHEET, lambda _: b" " * 5_000_000 + b"<a/>").getvalue()
    lying = honest.replace((5_000_004).to_bytes(4, "little"), (100).to_bytes(4, "little"))
    assert lying != honest
    with pytest.raises(SheetUnreadable):
        read_here(io.BytesIO(lying), COLUMNS)


def test_a_book_of_many_parts_is_refused() -> None:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for number in range(sheets.MOST_PARTS + 1):
            archive.writestr(str(number), b"")
    written.seek(0)
    with pytest.raises(SheetTooLarge):
        read_here(written, COLUMNS)


def test_a_row_far_down_does_not_make_a_million_rows() -> None:
    far = repacked(
        an_xlsx(HEADINGS, ["a", None, 1, None]),
        SHEET,
        lambda xml: xml.replace(b'<row r="2"', b'<row r="1048576"').replace(b'2"', b'1048576"'),
    )
    with pytest.raises((SheetTooLarge, SheetUnreadable)):
        read_here(far, COLUMNS)


def test_many_rows_and_columns_and_bytes_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MOST_ROWS", 5)
    row = "a,1\n"
    head = "医保目录编码,单价\n"
    assert len(read_here(a_csv(head + row * 5), COLUMNS)) == 5
    for text in (
        head + row * 6,
        head + row * 100,
        head.strip() + "," * sheets.MOST_COLUMNS + "x\n",
    ):
        with pytest.raises(SheetTooLarge, match="最多 5 行"):
            read_here(a_csv(text), COLUMNS)
    with pytest.raises(SheetTooLarge):
        read_here(io.BytesIO(b"a" * (sheets.MOST_BYTES + 1)), COLUMNS)


def test_a_long_cell_is_told() -> None:
    with pytest.raises(CellsBad, match="超过 500 字"):
        read_here(a_csv("医保目录编码,单价\n" + "长" * 501 + ",1\n"), COLUMNS)


# writing

RISKY = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x")', "#N/A", "001", "a\0b\x1f", "甲"]


@pytest.mark.parametrize("text", RISKY)
def test_no_written_cell_is_a_formula(text: str) -> None:
    content = write_sheet(
        "明细/2026[1]", COLUMNS, [{"code": text, "price": Decimal("0.10"), "day": date(2026, 1, 2)}]
    )
    book: Any = load_workbook(io.BytesIO(content))
    sheet = book.active
    cell = sheet["A2"]
    assert (cell.data_type, cell.value) == ("s", text.replace("\0", "").replace("\x1f", ""))
    assert cell.number_format == "@"
    assert cell.quotePrefix == text.startswith(("=", "+", "-", "@", "\t"))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert b"<f>" not in archive.read(SHEET)
    assert (sheet["C2"].value, sheet["C2"].data_type) == (0.1, "n")
    assert sheet["D2"].number_format == "yyyy-mm-dd"
    assert [cell.value for cell in sheet[1]] == ["医保目录编码", "名称", "单价（元）", "日期"]
    assert sheet.freeze_panes == "A2"
    assert sheet.column_dimensions["A"].width == CODE.width


def test_headings_can_be_english() -> None:
    book: Any = load_workbook(io.BytesIO(write_sheet("", COLUMNS, [], "en")))
    assert [cell.value for cell in book.active[1]] == ["code", "name", "unit price", "date"]


rows = st.lists(
    st.fixed_dictionaries(
        {
            "code": st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=20),
            "name": st.none()
            | st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=20),
            "price": st.decimals(min_value=0, max_value=10**9, places=4),
            "day": st.none() | st.dates(date(1950, 1, 1), date(2100, 1, 1)),
        }
    ),
    max_size=5,
)


@settings(max_examples=25)  # each writes and reads a book
@given(rows)
def test_what_was_written_is_read(wanted: list[dict[str, Any]]) -> None:
    read = read_here(io.BytesIO(write_sheet("明细", COLUMNS, wanted)))
    assert [dict(row.cells) for row in read] == wanted


@pytest.mark.parametrize("risky", ["=1+1", "+1", "-1", "@SUM(1)", "\tx", "\rx"])
def test_a_text_with_commas_holds_no_formula_either(risky: str) -> None:
    text = write_csv((CODE, NAME), [{"code": risky, "name": '引号"和,逗号\n第二行'}], "en").decode(
        "utf-8-sig"
    )
    heading, row = csv.reader(io.StringIO(text, newline=""))
    assert heading == ["code", "name"]
    assert row[0][0] not in "=+-@\t\r"
    assert row[0].endswith(risky.strip())
    assert row[1] == '引号"和,逗号\n第二行'
