"""The lines of a bill as a table that people fill in: works without scripts, keeps whatever was typed, names what is wrong."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from yidi.benefit.split import FeeLine
from yidi.claims.drafting import MOST_LINES
from yidi.claims.errors import BadLineText
from yidi.claims.sheets import line_of
from yidi.evidence.sheets import SheetRow
from yidi.pages.templatetags.pages import say
from yidi.values.money import FEN, MICRO, QUANTUM, decimal_text

CELLS = {"code": "entry", "name": "name", "quantity": "quantity", "price": "price", "amount": "amount"}
"""The cells of a row, and the names of their controls; the values of one row come at the same place of each.

What is called a code counts as a secret, which no session keeps (accounts.kept_input.NEVER_KEPT).
"""
APPROVED = "approved"
APPROVALS: Mapping[str, bool | None] = {"": None, "yes": True, "no": False}
"""Whether the hospital approved a restricted item, as the control spells it."""
GONE = "gone"
"""Under which the numbers of rows come that are to be taken away."""
BLANK_ROWS = 3
MORE_ROWS = 5


@dataclass
class Row:
    """One row as it was typed."""

    number: int
    cells: dict[str, str]
    approved: str = ""
    wrong: str = ""
    """What is wrong with it, in the page's language."""

    @property
    def blank(self) -> bool:
        """Whether nothing stands in it."""
        return not any(self.cells.values())


@dataclass
class LineTable:
    """All rows of a bill, blank ones at the end."""

    rows: list[Row]
    first: int = 1
    """The number of its first row, where it is a later part of a bill."""
    lines: list[FeeLine] = field(default_factory=list)
    """Those that were understood, after `read`."""

    @property
    def sum(self) -> int:
        """What the understood lines come to, in fen."""
        return sum(line.amount for line in self.lines)

    @property
    def faults(self) -> list[Row]:
        """The rows that were not understood."""
        return [row for row in self.rows if row.wrong]

    def read(self) -> bool:
        """Understand every row that is not blank; whether all were."""
        self.lines = []
        for row in self.rows:
            row.wrong = ""
            if row.blank:
                continue
            try:
                line = line_of(SheetRow(row.number, row.cells))
            except BadLineText as wrong:
                row.wrong = say(wrong)
            else:
                self.lines.append(_approved(line, APPROVALS.get(row.approved)))
        return not self.faults

    def extend(self, count: int) -> None:
        """Add blank rows, up to as many rows as a bill may have."""
        start = self.first + len(self.rows)
        stop = min(start + count, MOST_LINES + 1)
        self.rows += [Row(number, dict.fromkeys(CELLS, "")) for number in range(start, stop)]


def _approved(line: FeeLine, approved: bool | None) -> FeeLine:
    return FeeLine(line.serial, line.code, line.name, line.quantity, line.price_micro, line.amount, approved)


def table_of(lines: Iterable[FeeLine], blank: int = BLANK_ROWS, first: int = 1) -> LineTable:
    """Lines that are on record, to be changed; blank rows follow. `first` is the number of the first one."""
    spelt = {value: text for text, value in APPROVALS.items()}
    numbered = enumerate(lines, start=first)
    rows = [Row(number, _texts(line), spelt[line.approved]) for number, line in numbered]
    table = LineTable(rows, first)
    table.extend(blank)
    table.read()
    return table


def _texts(line: FeeLine) -> dict[str, str]:
    return {
        "code": line.code,
        "name": line.name,
        "quantity": decimal_text(line.quantity, QUANTUM),
        "price": decimal_text(line.price_micro, MICRO, 2),
        "amount": decimal_text(line.amount, FEN, 2),
    }


def typed_table(data: Any, first: int = 1) -> LineTable:
    """The rows as a form sent them (`request.POST`); more than a bill may have are cut off.

    A row whose number stands in `gone` is emptied: it is to be taken away.
    """
    columns = {name: data.getlist(control)[:MOST_LINES] for name, control in CELLS.items()}
    approvals = data.getlist(APPROVED)[:MOST_LINES]
    count = max((len(values) for values in columns.values()), default=0)
    gone = {*data.getlist(GONE)}
    rows = []
    for place in range(count):
        cells = {name: values[place] if place < len(values) else "" for name, values in columns.items()}
        if str(first + place) in gone:
            cells = dict.fromkeys(CELLS, "")
        rows.append(Row(first + place, cells, approvals[place] if place < len(approvals) else ""))
    table = LineTable(rows, first)
    table.read()
    return table
