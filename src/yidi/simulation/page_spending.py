"""Sections on money: from the total to what people pay, what the funds pay for whom, and what is refused."""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

from yidi.simulation import figures
from yidi.simulation.charts import Bar, Chart, Piece, Row, Said
from yidi.simulation.figures import Amounts, Line
from yidi.simulation.markup import tag
from yidi.simulation.page_lines import COLOURS, LIGHT, SHOWN, compared_table, legend, line_tables, paid_table
from yidi.simulation.page_parts import (
    Cell,
    Columns,
    Section,
    Unit,
    amount,
    apart,
    count,
    signed,
    table,
)

if TYPE_CHECKING:
    from yidi.simulation.report import Report

TITLES = {
    "standing": Said("按险种与人员类别", "By scheme and standing"),
    "pool": Said("按统筹区", "By pool"),
    "level": Said("按医疗机构级别", "By level of provider"),
    "draw": Said("按待遇与病种", "By benefit and disease"),
    "situation": Said("按就医情形", "By situation"),
}
Of = Callable[[Amounts], int]


def sections(report: "Report") -> Iterator[Section]:
    """All sections on money."""
    yield _from_total_to_person(report)
    yield _by(report, "standing", "scheme")
    yield _by(report, "pool")
    yield _by(report, "level")
    yield _by(report, "draw", "benefit")
    yield _by(report, "situation")
    yield _refused(report)


# from the total to what people pay

STEPS: tuple[tuple[Said, Of, Of], ...] = (
    (Said("总费用", "total"), lambda side: 0, lambda side: side.paid_total),
    (
        Said("－统筹基金", "basic fund"),
        lambda side: side.paid_total - side.fund,
        lambda side: side.paid_total,
    ),
    (Said("－补充层", "layers above"), lambda side: side.person, lambda side: side.person + side.layers),
    (Said("＝个人负担", "people pay"), lambda side: 0, lambda side: side.person),
)
"""From where to where the bar of each step reaches."""
PARTS: tuple[tuple[Said, Of], ...] = (
    (Said("政策范围外", "outside the scope"), lambda side: side.outside),
    (Said("先行自付", "upfront share"), lambda side: side.upfront),
    (Said("起付线", "deductible"), lambda side: side.deductible),
    (Said("按比例自付及封顶线以上", "own share and above ceilings"), lambda side: side.own_share),
)
"""What the basic fund does not pay."""
FUNDS: tuple[tuple[Said, Of], ...] = (
    (Said("职工大额", "large-sum"), lambda side: side.large_sum),
    (Said("大病保险", "serious illness"), lambda side: side.serious_illness),
    (Said("公务员补助", "civil servant"), lambda side: side.civil_servant),
    (Said("医疗救助", "medical aid"), lambda side: side.medical_aid),
)


def _from_total_to_person(report: "Report") -> Section:
    sides = report.whole.sides
    unit = Unit.of(max((side.paid_total for side in sides), default=0))
    steps = tuple(
        Row(
            said,
            tuple(_bar(unit, start(side), end(side), COLOURS[place]) for place, side in enumerate(sides)),
        )
        for said, start, end in STEPS
    )
    return Section(
        Said("从总费用到个人负担", "From the total to what people pay"),
        charts=(
            Chart(
                "steps",
                unit.named("已结算费用由谁支付", "Who pays for the visits settled"),
                Said(
                    "从总费用减去统筹基金和补充层，余下是个人负担。",
                    "The total less the basic fund and the layers above it is what people pay.",
                ),
                legend(report),
                steps,
            ),
            Chart(
                "parts",
                unit.named("统筹基金没有支付的部分", "What the basic fund does not pay"),
                Said(
                    "由政策范围外、先行自付、起付线、按比例自付及封顶线以上依次累加。",
                    "Outside the scope, upfront share, deductible, own share and above ceilings, one on the other.",
                ),
                legend(report),
                tuple(_parts(sides, unit)),
            ),
        ),
        tables=(_steps_table(report),),
    )


def _bar(unit: Unit, start: int, end: int, colour: str) -> Bar:
    return Bar((Piece(start, end, colour),), unit.text(end - start))


def _parts(sides: tuple[Amounts, ...], unit: Unit) -> Iterator[Row]:
    reached = [0 for _ in sides]
    for said, of in PARTS:
        ends = [start + of(side) for start, side in zip(reached, sides, strict=True)]
        yield Row(
            said,
            tuple(
                _bar(unit, *ends_, COLOURS[place])
                for place, ends_ in enumerate(zip(reached, ends, strict=True))
            ),
        )
        reached = ends


def _steps_table(report: "Report") -> Element:
    def row(said: Said, of: Of) -> list[Cell]:
        values = [of(side) for side in report.whole.sides]
        change = [signed(values[1] - values[0])] if len(values) > 1 else []
        return [apart(said.zh, said.en), *map(amount, values), *change]

    rows = [
        row(Said("已结算总费用", "total of the visits settled"), lambda side: side.paid_total),
        row(Said("　政策范围内", "in scope"), lambda side: side.paid_in_scope),
        row(Said("统筹基金支付", "basic fund"), lambda side: side.fund),
        row(Said("补充层支付", "layers above"), lambda side: side.layers),
    ]
    if any(of(side) for _, of in FUNDS for side in report.whole.sides):
        rows += [row(Said(f"　{said.zh}", said.en), of) for said, of in FUNDS]
    rows.append(row(Said("个人负担", "people pay"), lambda side: side.person))
    rows.append(
        row(Said("统筹基金未支付", "not paid by the basic fund"), lambda side: side.paid_total - side.fund)
    )
    rows += [row(Said(f"　{said.zh}", said.en), of) for said, of in PARTS]
    rows.append(row(Said("拒付就诊的总费用", "total of the visits refused"), lambda side: side.refused_total))
    heads = [rules.title for rules in report.about.rule_sets[: report.sides]]
    change = [Said("变化", "change")] if len(heads) > 1 else []
    columns = Columns.plain(Said("项目", "item"), *heads, *change)
    return table(Said("金额（元）", "Amounts (yuan)"), columns, rows)


# by something


def _by(report: "Report", by: str, above: str = "") -> Section:
    found = report.lines[by]
    shown = (
        found
        if len(found) <= SHOWN
        else figures.most(found, SHOWN, lambda line: max(side.funds for side in line.sides))
    )
    unit = Unit.of(max((side.funds for line in shown for side in line.sides), default=0))
    title = unit.named("基金支付", "What the funds pay")
    kinds = []
    if any(side.layers for line in shown for side in line.sides):
        kinds = [(COLOURS, Said("统筹基金", "basic fund")), (LIGHT, Said("补充层", "layers above"))]
    chart = Chart(
        f"by-{by}",
        title,
        Said(f"{TITLES[by].zh}列出基金支付金额。", f"What the funds pay, {TITLES[by].en.lower()}."),
        legend(report, *kinds),
        tuple(_fund_row(line, unit) for line in shown),
    )
    note = None
    if len(found) > SHOWN:
        note = Said(
            f"列出基金支付最多的 {SHOWN} 项，其余 {len(found) - SHOWN} 项合并；全部见文末。",
            f"The {SHOWN} for which the funds pay most; the other {len(found) - SHOWN} in one line. All stand at the end.",
        )
    ways = [(above, report.lines[above])] if above else []
    ways.append((by, shown))
    beside = compared_table if report.sides > 1 else paid_table
    return Section(
        TITLES[by],
        note,
        (chart,),
        tuple(beside(report, *way) for way in ways),
        tuple(drawn for way in ways for drawn in line_tables(report, *way)),
    )


def _fund_row(line: Line, unit: Unit) -> Row:
    bars = (
        Bar(
            (Piece(0, side.fund, COLOURS[place]), Piece(side.fund, side.funds, LIGHT[place])),
            unit.text(side.funds),
        )
        for place, side in enumerate(line.sides)
    )
    return Row(Said(line.name.zh, line.name.en), tuple(bars))


# refusals


def _refused(report: "Report") -> Section:
    by_side = [figures.by_code(found) for found in report.refused.values()]
    codes = list(dict.fromkeys(item.code for found in by_side for item in found))
    visits = [{item.code: item.visits for item in found} for found in by_side]
    rows = []
    for code in codes:
        bars = (
            Bar((Piece(0, side.get(code, 0), COLOURS[place]),), count(side.get(code, 0)))
            for place, side in enumerate(visits)
        )
        zh, en = figures.refused_as(code)
        rows.append(Row(Said(zh, en), tuple(bars)))
    title = Said("拒付的就诊", "Visits refused")
    if not codes:
        return Section(title, Said("没有拒付的就诊。", "No visit is refused."))
    chart = Chart(
        "refused",
        Said("拒付人次（按原因）", "Visits refused, by reason"),
        Said("按原因列出拒付人次。", "How many visits are refused, by reason."),
        legend(report),
        tuple(rows),
    )
    return Section(title, charts=(chart,), tables=tuple(_refused_tables(report)))


def _refused_tables(report: "Report") -> Iterator[Element]:
    columns = Columns.plain(
        Said("代码", "code"),
        Said("人次", "visits"),
        Said("总费用", "total"),
        Said("范围内", "in scope"),
        Said("说明", "reason"),
    )
    for rules, side, found in zip(
        report.about.rule_sets, report.whole.sides, report.refused.values(), strict=False
    ):
        rows: list[Sequence[Cell]] = [
            (
                tag("code", item.code),
                count(item.visits),
                amount(item.total),
                amount(item.in_scope),
                tag("span", apart(item.zh, item.en), class_="long"),
            )
            for item in found[:SHOWN]
        ]
        rest = found[SHOWN:]
        if rest:
            sums = [
                sum(column)
                for column in zip(*((item.visits, item.total, item.in_scope) for item in rest), strict=True)
            ]
            rows.append(
                (
                    apart(f"其余 {len(rest)} 项", f"{len(rest)} others"),
                    count(sums[0]),
                    amount(sums[1]),
                    amount(sums[2]),
                    "",
                )
            )
        total = (
            apart("合计", "all"),
            count(side.refused),
            amount(side.refused_total),
            amount(side.refused_in_scope),
            "",
        )
        caption = Said(
            f"{rules.title.zh}：拒付原因（元）", f"{rules.title.en}: why visits are refused (yuan)"
        )
        yield table(caption, columns, rows, total)
