"""Spreadsheets: the values of the first sheet, as the spreadsheet program stored them."""

import io
import json
from datetime import date, datetime
from typing import Any

from openpyxl import load_workbook

from yidi.evidence.decoding.orders import Answer, Order


def rows(content: bytes, order: Order) -> Answer:
    """The rows as JSON: of each cell None or a pair, the kind of its value and its text.

    A number is given with the digits that the file has, up to the fifteen that spreadsheet programs keep and show.
    Formulas are not evaluated: of a cell with one, the value that was stored is read.
    """
    book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    sheet: Any = book.worksheets[0]
    sheet.reset_dimensions()
    found = sheet.iter_rows(max_row=order["rows"], max_col=order["columns"], values_only=True)
    return {}, json.dumps([[pair(value) for value in row] for row in found]).encode()


def pair(value: Any) -> tuple[str, str] | None:
    """A cell's value as its kind and its text; None where there is nothing in it."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "text", str(value).upper()
    if isinstance(value, int | float):
        return "number", str(value) if isinstance(value, int) else format(value, ".15g")
    if isinstance(value, datetime | date):
        return "day", value.isoformat()
    return "text", str(value)
