"""The parts that every section of the page is made of: sections, tables, amounts as text, units of charts."""

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from yidi.simulation.charts import Chart, Said
from yidi.simulation.markup import Child, both, tag
from yidi.values.money import FEN, decimal_text, half_up

HUNDREDTHS = 100
TEN_THOUSAND, HUNDRED_MILLION = 10_000 * FEN, 100_000_000 * FEN
BLANK = "—"
SIGNS = ("+", "−", BLANK)
"""What the text of a number may begin with besides a digit."""
Cell = Element | str


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, charts with tables beside them, wider tables below."""

    title: Said
    note: Said | None = None
    charts: tuple[Chart, ...] = ()
    tables: tuple[Element, ...] = ()
    below: tuple[Element, ...] = ()

    def draw(self) -> Element:
        note = tag("p", *both(self.note.zh, self.note.en), class_="note") if self.note else None
        figures = [_figure(chart) for chart in self.charts]
        shown = list(self.tables)
        if figures:
            charts = tag("div", *figures, class_="charts")
            tables = [tag("div", *self.tables)] if self.tables else []
            shown = [tag("div", charts, *tables, class_="beside" if tables else "abreast")]
        return tag("section", tag("h2", *both(self.title.zh, self.title.en)), note, *shown, *self.below)


def _figure(chart: Chart) -> Element:
    caption = tag("figcaption", *both(chart.title.zh, chart.title.en))
    return tag("figure", caption, chart.draw())


@dataclass(frozen=True, slots=True)
class Columns:
    """The heads of columns, in groups; a group without a name is no group. The first column is that of the names."""

    groups: tuple[tuple[Said | None, tuple[Said, ...]], ...]

    @classmethod
    def plain(cls, *heads: Said) -> "Columns":
        return cls(((None, heads),))

    def rows(self, first: Sequence[Cell]) -> list[Element]:
        """The head of a table that begins with that row."""
        heads = [head for _, those in self.groups for head in those]
        cells = [
            tag("th", *both(head.zh, head.en), scope="col", class_=_class(cell))
            for head, cell in zip(heads, first or [""] * len(heads), strict=True)
        ]
        if not any(group for group, _ in self.groups):
            return [tag("tr", *cells)]
        above = [
            tag("th", *both(group.zh, group.en), colspan=len(those), scope="colgroup")
            if group
            else tag("td", colspan=len(those))
            for group, those in self.groups
        ]
        return [tag("tr", *above), tag("tr", *cells)]


def _class(cell: Cell) -> str | None:
    number = isinstance(cell, str) and (cell[:1].isdigit() or cell[:1] in SIGNS)
    return "n" if number else None


def table(
    caption: Said, columns: Columns, rows: Sequence[Sequence[Cell]], total: Sequence[Cell] | None = None
) -> Element:
    """A table that scrolls by itself where the screen is narrow."""
    label = f"{caption.zh} {caption.en}"
    body = tag("tbody", *(_row(row) for row in rows))
    foot = tag("tfoot", _row(total)) if total else None
    head = tag("thead", *columns.rows(rows[0] if rows else ()))
    drawn = tag("table", head, body, foot, aria_label=label)
    scroll = tag("div", drawn, class_="scroll", tabindex=0, role="region", aria_label=label)
    return tag("div", tag("h3", *both(caption.zh, caption.en)), scroll)


def _row(cells: Sequence[Cell]) -> Element:
    first, *rest = cells
    return tag("tr", tag("th", first, scope="row"), *(_cell(cell) for cell in rest))


def _cell(cell: Cell) -> Element:
    return tag("td", cell, class_=_class(cell))


def apart(zh: str, en: str, *more: Child) -> Element:
    """A name in both languages in one cell."""
    first, second = both(zh, en)
    second.tail = " " if more else None
    return tag("span", first, second if en else None, *more)


def amount(fen: int) -> str:
    """Fen as yuan, exactly, with thousands apart."""
    sign, whole = ("−", -fen) if fen < 0 else ("", fen)
    return f"{sign}{whole // FEN:,}.{whole % FEN:02d}"


def signed(fen: int) -> str:
    """An amount with its sign."""
    return f"+{amount(fen)}" if fen > 0 else amount(fen)


def count(number: int) -> str:
    """A number of things, with thousands apart."""
    return f"{number:,}"


def percent(ppm: int | None) -> str:
    """A share with two decimals; — of nothing."""
    if ppm is None:
        return BLANK
    return decimal_text(half_up(ppm, HUNDREDTHS), HUNDREDTHS, 2).replace("-", "−") + "%"


@dataclass(frozen=True, slots=True)
class Unit:
    """The unit of the figures in a chart."""

    fen: int
    said: Said

    @classmethod
    def of(cls, most: int) -> "Unit":
        """The unit in which the largest amount of a chart reads well."""
        if most >= 10 * HUNDRED_MILLION:
            return cls(HUNDRED_MILLION, Said("亿元", "100 million yuan"))
        if most >= 10 * TEN_THOUSAND:
            return cls(TEN_THOUSAND, Said("万元", "10,000 yuan"))
        return cls(FEN, Said("元", "yuan"))

    def text(self, fen: int) -> str:
        """An amount in this unit, with two decimals."""
        return amount(half_up(fen * FEN, self.fen))

    def named(self, zh: str, en: str) -> Said:
        """A title with the unit."""
        return Said(f"{zh}（{self.said.zh}）", f"{en} ({self.said.en})")
