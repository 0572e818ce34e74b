"""Lines of a bill in a spreadsheet: the empty form, lines written into it, and lines read from it."""

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import BinaryIO

from yidi.benefit.errors import AmountMismatch
from yidi.benefit.split import FeeLine, check_amount
from yidi.claims.drafting import MOST_LINES
from yidi.claims.errors import BadLineText, BadRows, NoRows, TooManyLines
from yidi.claims.services import NOT_LISTED
from yidi.evidence.checks import Readable
from yidi.evidence.sheets import Cell, Column, SheetRow, Value, read_sheet, write_sheet
from yidi.values.errors import BadValue
from yidi.values.money import (
    FEN,
    MICRO,
    QUANTUM,
    as_decimal,
    line_amount,
    parse_price,
    parse_quantity,
    parse_yuan,
)

COLUMNS = (
    Column("code", "医保目录编码", "Catalogue code", required=False, width=28),
    Column("name", "项目名称", "Item", width=36),
    Column("quantity", "数量", "Count", Cell.NUMBER, width=10),
    Column("price", "单价（元）", "Unit price (yuan)", Cell.NUMBER, width=14),
    Column("amount", "金额（元）", "Amount (yuan)", Cell.NUMBER, required=False, width=14),
)
PLACES = {"quantity": 4, "price": 6, "amount": 2}
"""Decimals that a number may have."""
AS_TEXT = tuple(replace(column, holds=Cell.TEXT, gaps=True) for column in COLUMNS)
"""As the cells are read, so that whatever is wrong with a row is told at once."""
EXAMPLE = {
    "code": "XA10BAE096A010010181227",
    "name": "盐酸二甲双胍缓释片",
    "quantity": "2",
    "price": "15.60",
    "amount": "31.20",
}
TITLE = {"zh": "费用明细", "en": "Lines of the bill"}
NOTES = {
    "zh": (
        ("怎样填写",),
        ("1. 在“费用明细”表中，一行填一个收费项目，照费用清单抄写；不要合并项目，也不要写合计行。",),
        (
            "2. 医保目录编码：费用清单上有就照抄；没有可以不填，由经办人核对。"
            f"确知不在医保目录内的，填“{NOT_LISTED}”。",
        ),
        ("3. 数量最多 4 位小数，单价最多 6 位小数，金额最多 2 位小数，单位是元。",),
        ("4. 金额 = 数量 × 单价，四舍五入到分；不填金额时由系统计算。",),
        (f"5. 最多 {MOST_LINES} 行。各行金额合计应等于票据总金额。",),
        ("示例",),
    ),
    "en": (
        ("How to fill in",),
        ("1. One item of the fee list per row, as it stands there; no items added up, no row of totals.",),
        (
            f"2. Catalogue code: as on the fee list; if it shows none, leave it empty; for what is in no catalogue “{NOT_LISTED}”.",
        ),
        ("3. At most 4 decimals of the count, 6 of the unit price, 2 of the amount; in yuan.",),
        ("4. Amount = count × unit price, rounded to the fen; left empty, it is computed.",),
        (f"5. At most {MOST_LINES} rows. Together they come to the total of the invoice.",),
        ("Example",),
    ),
}


def template_sheet(language: str = "zh") -> bytes:
    """The empty form as .xlsx, with a second sheet that says how to fill it in and shows an example."""
    heads = tuple(column.en if language == "en" else column.zh for column in COLUMNS)
    example = tuple(EXAMPLE[column.key] for column in COLUMNS)
    return write_sheet(TITLE[language], COLUMNS, [], language, (*NOTES[language], heads, example))


def sheet_of(lines: Iterable[FeeLine], language: str = "zh") -> bytes:
    """Lines as .xlsx in the form's columns, to be mended there and read again."""
    rows: list[Mapping[str, Value]] = [
        {
            "code": line.code,
            "name": line.name,
            "quantity": as_decimal(line.quantity, QUANTUM),
            "price": as_decimal(line.price_micro, MICRO),
            "amount": as_decimal(line.amount, FEN),
        }
        for line in lines
    ]
    return write_sheet(TITLE[language], COLUMNS, rows, language)


def lines_from_sheet(stream: "Readable | BinaryIO") -> list[FeeLine]:
    """The lines of a filled-in form, .xlsx or .csv; their serials are the rows of the sheet.

    Raises BadRows, which names every row that is wrong (`details["rows"]`: its number, and what in two languages),
    NoRows, TooManyLines, and what `read_sheet` raises.
    """
    rows = read_sheet(stream, AS_TEXT)
    if not rows:
        raise NoRows()
    if len(rows) > MOST_LINES:
        raise TooManyLines(most=MOST_LINES, count=len(rows))
    lines, faults = [], []
    for row in rows:
        try:
            lines.append(line_of(row))
        except BadLineText as wrong:
            faults.append((row.number, wrong.details["why"], wrong.details["why_en"]))
    if faults:
        raise BadRows(
            count=len(faults),
            faults="；".join(f"第 {number} 行：{zh}" for number, zh, _ in faults),
            faults_en="; ".join(f"row {number}: {en}" for number, _, en in faults),
            rows=tuple(faults),
        )
    return lines


def line_of(row: SheetRow) -> FeeLine:
    """One row, of texts by the keys of `COLUMNS`, as a line. Raises BadLineText."""
    name = _text(row, "name")
    if not name:
        raise _lacks("name")
    quantity, price = _parsed(row, "quantity", parse_quantity), _parsed(row, "price", parse_price)
    if quantity <= 0:
        raise _wrong("数量应大于 0", "the count must be above 0")
    if price < 0:
        raise _wrong("单价不能为负数", "the unit price cannot be negative")
    amount = _parsed(row, "amount", parse_yuan) if _number(row, "amount") else line_amount(quantity, price)
    line = FeeLine(str(row.number), _text(row, "code"), name, quantity, price, amount)
    try:
        check_amount(line)
    except AmountMismatch as wrong:
        amounts = wrong.details
        raise _wrong(
            f"金额应为 {amounts['expected']} 元，写的是 {amounts['amount']} 元",
            f"the amount should be {amounts['expected']} yuan and is {amounts['amount']}",
        ) from None
    return line


def _wrong(zh: str, en: str) -> BadLineText:
    return BadLineText(why=zh, why_en=en)


def _parsed(row: SheetRow, key: str, parse: Callable[[str], int]) -> int:
    text = _number(row, key)
    if not text:
        raise _lacks(key)
    try:
        return parse(text)
    except BadValue as wrong:
        en = f"“{_column(key).en}” should be a number with at most {PLACES[key]} decimals"
        raise _wrong(f"{wrong.details['what']}{wrong.details['why']}", en) from None


def _lacks(key: str) -> BadLineText:
    return _wrong(f"{_column(key).zh}没有填写", f"“{_column(key).en}” is not filled in")


def _column(key: str) -> Column:
    return next(column for column in COLUMNS if column.key == key)


def _text(row: SheetRow, key: str) -> str:
    return str(row.cells[key] or "").strip()


def _number(row: SheetRow, key: str) -> str:
    """A number as people write it in a table: thousands with commas, a sign of the currency, full-width digits."""
    text = unicodedata.normalize("NFKC", _text(row, key)).replace(",", "")
    return text.removeprefix("¥").removesuffix("元").strip()
