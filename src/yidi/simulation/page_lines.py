"""Tables of lines, each with its total: who pays, what changes, and everything in detail."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

from yidi.simulation.charts import Said
from yidi.simulation.figures import Amounts, Line, Name, part
from yidi.simulation.markup import tag
from yidi.simulation.page_parts import BLANK, Cell, Columns, amount, apart, count, percent, signed, table

if TYPE_CHECKING:
    from yidi.simulation.report import Report

SHOWN = 20
"""Lines of a long table that its section shows; the others stand at the end of the page."""
COLOURS = ("base", "reform")
LIGHT = ("base-light", "reform-light")
HEADS = {
    "scheme": Said("险种", "scheme"),
    "standing": Said("人员类别", "standing"),
    "pool": Said("统筹区", "pool"),
    "level": Said("级别", "level"),
    "benefit": Said("待遇", "benefit"),
    "draw": Said("待遇与病种", "benefit and disease"),
    "situation": Said("情形", "situation"),
}


def legend(report: "Report", *kinds: tuple[Sequence[str], Said]) -> tuple[tuple[str, Said], ...]:
    """The colours of a chart: of each kind, one for each side; what there is only one of is not named."""
    sides = report.about.rule_sets
    if not kinds:
        titles = ((COLOURS[side], rules.title) for side, rules in enumerate(sides))
        return tuple(titles) if len(sides) > 1 else ()
    return tuple(
        (
            colours[side],
            Said(f"{rules.title.zh}：{said.zh}", f"{rules.title.en}: {said.en}") if len(sides) > 1 else said,
        )
        for side, rules in enumerate(sides)
        for colours, said in kinds
    )


def paid_table(report: "Report", by: str, shown: Sequence[Line]) -> Element:
    """What funds and people pay, as a table that adds up."""
    columns = Columns.plain(
        HEADS[by],
        Said("人次", "visits"),
        Said("基金支付", "funds pay"),
        Said("个人负担", "people pay"),
        Said("基金占比", "share of funds"),
    )

    def cells(line: Line) -> list[Cell]:
        (side,) = line.sides
        return [count(line.visits), amount(side.funds), amount(side.person), percent(side.share)]

    return _short_table(report, by, shown, columns, cells, Said("谁支付", "who pays"))


def compared_table(report: "Report", by: str, shown: Sequence[Line]) -> Element:
    """What the funds pay by both sides, as a table that adds up."""
    base, reform = (rules.title for rules in report.about.rule_sets)
    columns = Columns.plain(
        HEADS[by],
        Said(f"{base.zh}：基金支付", f"{base.en}: funds"),
        Said(f"{reform.zh}：基金支付", f"{reform.en}: funds"),
        Said("变化", "change"),
        Said("变化比例", "in percent"),
    )

    def cells(line: Line) -> list[Cell]:
        before, after = (side.funds for side in line.sides)
        return [amount(before), amount(after), signed(line.change), percent(part(line.change, before))]

    return _short_table(
        report, by, shown, columns, cells, Said("基金支付的变化", "change of what the funds pay")
    )


def _short_table(
    report: "Report",
    by: str,
    shown: Sequence[Line],
    columns: Columns,
    cells: Callable[[Line], list[Cell]],
    said: Said,
) -> Element:
    rows: list[list[Cell]] = [[_named(line), *cells(line)] for line in shown]
    rows += [[name, *cells(rest)] for name, rest in _others(report, by, shown)]
    caption = Said(f"{HEADS[by].zh}：{said.zh}（元）", f"{HEADS[by].en}: {said.en} (yuan)")
    return table(caption, columns, rows, [apart("合计", "all"), *cells(report.whole)])


def _named(line: Line) -> Element:
    return named(line.name, line.unverified)


def named(name: Name, unverified: bool) -> Element:
    """A name, marked where some amount of it rests on values that are not verified."""
    badge = tag("span", "未核实", class_="badge") if unverified else None
    return apart(name.zh, name.en, badge)


def _others(report: "Report", by: str, shown: Sequence[Line]) -> Iterator[tuple[Element, Line]]:
    """The lines that are not shown, in one."""
    others = len(report.lines[by]) - len(shown)
    if others:
        yield apart(f"其余 {others} 项", f"{others} others"), _difference(report.whole, shown)


IN_DETAIL = Said("费用与支付", "costs and payments")


def full_tables(report: "Report", by: str) -> Iterator[Element]:
    """All lines of tables of which the section shows some."""
    return line_tables(report, by, report.lines[by], Said("全部明细", "all in detail"))


def line_tables(
    report: "Report", by: str, shown: Sequence[Line], said: Said = IN_DETAIL
) -> Iterator[Element]:
    """Lines in detail, a table for each side, which adds up: those not shown in one line, and the total."""
    marked = any(line.unverified for line in report.lines[by])
    columns = Columns.plain(
        HEADS[by],
        *(
            Said("人次", "visits"),
            Said("人数", "people"),
            Said("总费用", "total"),
            Said("范围内", "in scope"),
        ),
        *(Said("统筹基金", "basic fund"), Said("补充层", "layers"), Said("个人负担", "people")),
        *(Said("基金占比", "share of funds"), Said("触顶人次", "at a ceiling"), Said("拒付人次", "refused")),
        *([Said("基金中未核实", "funds, not verified")] if marked else []),
    )
    for place, rules in enumerate(report.about.rule_sets[: report.sides]):
        rows = [_cells(line, place, marked) for line in shown]
        for name, rest in _others(report, by, shown):
            visits, _, *more = _cells(rest, place, marked)[1:]
            rows.append([name, visits, BLANK, *more])
        total = [apart("合计", "all"), *_cells(report.whole, place, marked)[1:]]
        caption = Said(f"{HEADS[by].zh}：{said.zh}（元）", f"{HEADS[by].en}: {said.en} (yuan)")
        if report.sides > 1:
            caption = Said(f"{rules.title.zh}，{caption.zh}", f"{rules.title.en}, {caption.en}")
        yield table(caption, columns, rows, total)


def _cells(line: Line, place: int, marked: bool) -> list[Cell]:
    side = line.sides[place]
    return [
        _named(line),
        *(count(line.visits), count(line.people), amount(line.total), amount(line.in_scope)),
        *(amount(side.fund), amount(side.layers), amount(side.person), percent(side.share)),
        *(count(side.capped), count(side.refused)),
        *([amount(side.unverified_funds)] if marked else []),
    ]


def _difference(whole: Line, shown: Sequence[Line]) -> Line:
    """What the lines leave of the whole; nobody knows how many people it is."""

    def left(of: Callable[[Line], int]) -> int:
        return of(whole) - sum(map(of, shown))

    sides = []
    for place in range(len(whole.sides)):
        names = [item.name for item in fields(Amounts)]
        sides.append(Amounts(**{name: left(lambda line: getattr(line.sides[place], name)) for name in names}))  # noqa: B023
    return Line(
        whole.name,
        left(lambda line: line.visits),
        0,
        left(lambda line: line.total),
        left(lambda line: line.in_scope),
        tuple(sides),
    )
