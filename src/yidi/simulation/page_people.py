"""Sections on people: who gains and loses by a reform, tenths by what people pay, ceilings and deductibles."""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

from yidi.simulation import figures
from yidi.simulation.charts import Bar, Chart, Piece, Row, Said
from yidi.simulation.figures import Band, Tenth, Years, part
from yidi.simulation.page_lines import COLOURS, HEADS, SHOWN, legend, named
from yidi.simulation.page_parts import (
    Cell,
    Columns,
    Section,
    Unit,
    amount,
    apart,
    count,
    percent,
    signed,
    table,
)
from yidi.values.money import half_up
from yidi.values.terms import Scheme

if TYPE_CHECKING:
    from yidi.simulation.report import Report

GAIN, LOSE, SAME = "gain", "lose", "same"
ALL = Said("全部", "all")
HALF = 5
"""Tenths up to the median."""


def sections(report: "Report") -> Iterator[Section]:
    """All sections on people."""
    if report.sides > 1:
        yield _gainers(report)
        yield _gains(report)
    yield _tenths(report)
    yield _limits(report)


# gains and losses


def _gainers(report: "Report") -> Section:
    found = report.years["standing"]
    chart = Chart(
        "gainers",
        Said("受益与受损人年所占比例（受益／受损）", "Part of the person-years that gain / lose"),
        Said(
            "按人员类别列出比较规则下受益、不变和受损的人年比例。",
            "By standing: the parts of the person-years that gain, stay the same and lose.",
        ),
        ((GAIN, Said("受益", "gain")), (SAME, Said("不变", "the same")), (LOSE, Said("受损", "lose"))),
        tuple(_part_row(item) for item in found if item.compared),
    )
    bands = Chart(
        "bands",
        Said("按变化金额的人年数（受益／受损）", "Person-years by the size of the change (gain / lose)"),
        Said(
            "按基金支付变化的金额列出受益和受损的人年数。",
            "How many person-years gain and lose, by how much.",
        ),
        ((GAIN, Said("受益", "gain")), (LOSE, Said("受损", "lose"))),
        tuple(_both_ways(_band_name(band), band.gainers, band.losers, count) for band in report.bands),
        figures_apart=True,
    )
    whole = report.years["all"][0]
    not_compared = whole.years - whole.compared
    note = Said(
        f"人年的基金支付在比较规则下增加为受益，减少为受损。{count(not_compared)} 个人年没有比较：没有结算的就诊，或有的就诊只有一套规则结算。",
        f"A person-year gains where the funds pay more under the rules compared, and loses where they pay less. "
        f"{count(not_compared)} are not compared: no visit is paid, or only one set of rules pays some visit.",
    )
    tables = (_change_table(report, "scheme"), _change_table(report, "standing"), _band_table(report))
    return Section(Said("谁受益、谁受损", "Who gains and who loses"), note, (chart, bands), tables)


def _part_row(item: Years) -> Row:
    edges = [0, item.gainers, item.gainers + item.unchanged, item.compared]
    ppm = [part(edge, item.compared) or 0 for edge in edges]
    pieces = (Piece(ppm[place], ppm[place + 1], colour) for place, colour in enumerate((GAIN, SAME, LOSE)))
    figure = f"{_short(item.gainers, item.compared)} / {_short(item.losers, item.compared)}"
    return Row(Said(item.name.zh, item.name.en), (Bar(tuple(pieces), figure),))


def _short(of: int, whole: int) -> str:
    """A part in whole percent."""
    return f"{half_up(100 * of, whole)}%" if whole else "—"


def _both_ways(label: Said, gain: int, loss: int, text: Callable[[int], str]) -> Row:
    pieces = (Piece(-loss, 0, LOSE), Piece(0, gain, GAIN))
    return Row(label, (Bar(pieces, f"{text(gain)} / {text(loss)}"),))


def _band_name(band: Band) -> Said:
    over = amount(band.over).removesuffix(".00")
    if band.upto is None:
        return Said(f"{over} 元以上", f"above {over} yuan")
    upto = amount(band.upto).removesuffix(".00")
    return Said(f"{over}～{upto} 元", f"{over} to {upto} yuan")


def _gains(report: "Report") -> Section:
    def weight(item: Years) -> int:
        return item.gained + item.lost

    standing, pools = report.years["standing"], report.years["pool"]
    shown = sorted(pools, key=lambda item: (-weight(item), item.name.code))[:SHOWN]
    changed = [item for item in shown if weight(item)]
    return Section(
        Said("增减多少", "How much they gain and lose"),
        charts=(
            _money_chart("gained", Said("按人员类别", "by standing"), standing),
            *([_money_chart("gained-pool", Said("按统筹区", "by pool"), changed)] if changed else []),
        ),
        tables=(_change_table(report, "pool", shown),),
    )


def _money_chart(name: str, by: Said, found: Sequence[Years]) -> Chart:
    unit = Unit.of(max((max(item.gained, item.lost) for item in found), default=0))
    title = unit.named(f"基金支付的增加／减少，{by.zh}", f"More / less paid by the funds, {by.en}")
    return Chart(
        name,
        title,
        Said(
            "受益人年增加的金额向右，受损人年减少的金额向左。",
            "To the right what those gain who gain, to the left what those lose who lose.",
        ),
        ((GAIN, Said("增加", "gained")), (LOSE, Said("减少", "lost"))),
        tuple(
            _both_ways(Said(item.name.zh, item.name.en), item.gained, item.lost, unit.text) for item in found
        ),
        figures_apart=True,
    )


def _change_table(report: "Report", by: str, shown: Sequence[Years] | None = None) -> Element:
    found = report.years[by] if shown is None else shown
    whole = report.years["all"][0]
    columns = Columns.plain(
        HEADS[by],
        Said("比较的人年", "compared"),
        Said("受益", "gain"),
        Said("不变", "the same"),
        Said("受损", "lose"),
        Said("增加金额", "gained"),
        Said("减少金额", "lost"),
        Said("净变化", "net change"),
    )
    marked = _marked(report, by)
    rows = [[named(item.name, item.name.code in marked), *_as_text(_changes(item))] for item in found]
    others = len(report.years[by]) - len(found)
    if others:
        values = [
            of - sum(these)
            for of, these in zip(_changes(whole), zip(*map(_changes, found), strict=True), strict=True)
        ]
        rows.append([apart(f"其余 {others} 项", f"{others} others"), *_as_text(values)])
    total = [apart("合计", "all"), *_as_text(_changes(whole))]
    caption = Said(f"{HEADS[by].zh}：受益与受损（元）", f"{HEADS[by].en}: gains and losses (yuan)")
    return table(caption, columns, rows, total)


def _changes(item: Years) -> tuple[int, ...]:
    return item.compared, item.gainers, item.unchanged, item.losers, item.gained, item.lost


def _as_text(values: Sequence[int]) -> list[Cell]:
    *counts, gained, lost = values
    return [*map(count, counts), amount(gained), amount(lost), signed(gained - lost)]


def _marked(report: "Report", by: str) -> set[str]:
    """Codes of the lines that rest on values that are not verified."""
    return {line.name.code for line in report.lines[by] if line.unverified}


def _band_table(report: "Report") -> Element:
    columns = Columns.plain(
        Said("变化金额", "change"),
        Said("受益人年", "gain"),
        Said("增加金额", "gained"),
        Said("受损人年", "lose"),
        Said("减少金额", "lost"),
    )

    def cells(values: Sequence[int]) -> list[Cell]:
        gainers, gained, losers, lost = values
        return [count(gainers), amount(gained), count(losers), amount(lost)]

    values = [(band.gainers, band.gained, band.losers, band.lost) for band in report.bands]
    rows = [
        [apart(_band_name(band).zh, _band_name(band).en), *cells(these)]
        for band, these in zip(report.bands, values, strict=True)
    ]
    total = [apart("合计", "all"), *cells([sum(column) for column in zip(*values, strict=True)])]
    return table(Said("按变化金额（元）", "By the size of the change (yuan)"), columns, rows, total)


# tenths


def _tenths(report: "Report") -> Section:
    found = report.tenths["all"]
    unit = Unit.of(max((half_up(item.total, item.years) for item in found), default=0))
    colours = (("person", Said("个人负担", "people pay")), ("base", Said("基金支付", "funds pay")))
    charts = [
        Chart(
            "tenths",
            unit.named("每人年平均费用（右为个人负担）", "Mean per person-year (figures: what people pay)"),
            Said(
                "人年按全年个人负担由低到高十等分，列出每组平均的个人负担与基金支付。",
                "Person-years in tenths by what the person pays; the mean of what people and funds pay.",
            ),
            colours,
            tuple(_tenth_row(item, unit) for item in found),
        )
    ]
    if report.sides > 1:
        charts.append(_tenths_change(found))
    note = Said(
        "按现行规则下全年个人负担由低到高排列，只含有就诊得到结算的人年。",
        "In the order of what the person pays in the year under the rules in force; person-years with a visit paid.",
    )
    tables = [_quantile_table(report), _tenth_table(report, "all", ALL)]
    tables += [
        _tenth_table(report, str(scheme), Said(scheme.zh, scheme.en))
        for scheme in Scheme
        if report.tenths[str(scheme)] and len(report.lines["scheme"]) > 1
    ]
    # With both sides they are too wide to stand beside a chart.
    beside, below = ([], tables) if report.sides > 1 else (tables, [])
    title = Said("个人负担的分布", "How what people pay is spread")
    return Section(title, note, tuple(charts), tuple(beside), tuple(below))


def _tenth_name(item: Tenth) -> Said:
    return Said(f"第 {item.number} 组", f"tenth {item.number}")


def _tenth_row(item: Tenth, unit: Unit) -> Row:
    person, whole = half_up(item.person, item.years), half_up(item.total, item.years)
    return Row(
        _tenth_name(item),
        (Bar((Piece(0, person, "person"), Piece(person, whole, "base")), unit.text(person)),),
    )


def _tenths_change(found: Sequence[Tenth]) -> Chart:
    means = [
        (item, half_up(item.gained, item.compared), half_up(item.lost, item.compared))
        for item in found
        if item.compared
    ]
    unit = Unit.of(max((max(gain, loss) for _, gain, loss in means), default=0))
    return Chart(
        "tenths-change",
        unit.named("每人年平均增加／减少的基金支付", "Mean gained / lost per person-year compared"),
        Said(
            "按个人负担十等分，列出比较规则下平均增加和减少的基金支付。",
            "By tenth: the mean of what the funds pay more and less under the rules compared.",
        ),
        ((GAIN, Said("增加", "gained")), (LOSE, Said("减少", "lost"))),
        tuple(_both_ways(_tenth_name(item), gain, loss, unit.text) for item, gain, loss in means),
        figures_apart=True,
    )


def _quantile_table(report: "Report") -> Element:
    heads, columns = [], []
    for side, rules in zip(report.quantiles, report.about.rule_sets, strict=False):
        for name, said in (("all", ALL), *((str(scheme), Said(scheme.zh, scheme.en)) for scheme in Scheme)):
            found = report.quantiles[side][name]
            if found:
                two = report.sides > 1
                heads.append(
                    Said(f"{rules.title.zh}：{said.zh}", f"{rules.title.en}: {said.en}") if two else said
                )
                columns.append([_between(item.least, item.most) for item in found])
    names = [Said("中位数", "median") if tenth == HALF else Said(f"{tenth}0%", "") for tenth in range(1, 10)]
    rows: list[Sequence[Cell]] = [
        [apart(name.zh, name.en), *(column[place] for column in columns)]
        for place, name in enumerate(names)
        if columns
    ]
    caption = Said("全年个人负担的分位数（元）", "Quantiles of what a person pays in the year (yuan)")
    return table(caption, Columns.plain(Said("分位", "quantile"), *heads), rows)


def _between(least: int, most: int) -> str:
    return amount(least) if least == most else f"{amount(least)}–{amount(most)}"


def _tenth_table(report: "Report", name: str, said: Said) -> Element:
    two = report.sides > 1
    heads = [
        Said("组", "tenth"),
        Said("个人负担范围", "people pay"),
        Said("人年", "person-years"),
        Said("个人负担", "people pay, sum"),
        Said("统筹基金", "basic fund"),
        Said("补充层", "layers"),
    ]
    heads += [Said("受益人年", "gain"), Said("受损人年", "lose"), Said("净变化", "net change")] if two else []

    def cells(item: Tenth) -> list[Cell]:
        paid = [count(item.years), amount(item.person), amount(item.fund), amount(item.layers)]
        change = [count(item.gainers), count(item.losers), signed(item.gained - item.lost)] if two else []
        return [
            apart(_tenth_name(item).zh, _tenth_name(item).en),
            _between(item.least, item.most),
            *paid,
            *change,
        ]

    found = report.tenths[name]
    total = figures.together(found)
    foot = [apart("合计", "all"), *cells(total)[1:]] if total else None
    caption = Said(f"{said.zh}：按个人负担十等分（元）", f"{said.en}: tenths by what people pay (yuan)")
    return table(caption, Columns.plain(*heads), [cells(item) for item in found], foot)


# ceilings and deductibles


def _limits(report: "Report") -> Section:
    found = report.years["standing"]
    charts = [
        Chart(
            name,
            title,
            title,
            legend(report),
            tuple(
                Row(
                    Said(item.name.zh, item.name.en),
                    tuple(
                        _part_bar(getattr(item, name)[side], item.paying[side], side)
                        for side in range(report.sides)
                    ),
                )
                for item in found
            ),
        )
        for name, title in (
            ("at_ceiling", Said("达到封顶线的人年比例", "Part of the person-years that reach a ceiling")),
            (
                "under_deductible",
                Said("没有超过起付线的人年比例", "Part of the person-years that never pass the deductible"),
            ),
        )
    ]
    note = Said(
        "达到封顶线：该年至少一次支付被封顶线截断。没有超过起付线：付过起付线费用，统筹基金全年没有支付。只计有就诊得到结算的人年。",
        "Reach a ceiling: some payment of the year was cut by one. Never pass the deductible: paid towards it, and got "
        "nothing from the basic fund all year. Person-years with a visit paid.",
    )
    tables = (_limit_table(report, "standing"), _limit_table(report, "pool"))
    return Section(
        Said("封顶线与起付线", "Ceilings and deductibles"),
        note,
        tuple(charts),
        tables[: 1 + (len(report.years["pool"]) <= SHOWN)],
    )


def _part_bar(of: int, whole: int, side: int) -> Bar:
    return Bar((Piece(0, part(of, whole) or 0, COLOURS[side]),), percent(part(of, whole)))


def _limit_table(report: "Report", by: str) -> Element:
    of_side = (
        Said("有结算的人年", "with a visit paid"),
        Said("达到封顶线", "reach a ceiling"),
        Said("未过起付线", "under the deductible"),
    )
    of_all = (HEADS[by], Said("人年", "person-years"))
    sides = report.about.rule_sets[: report.sides]
    groups = tuple((rules.title if len(sides) > 1 else None, of_side) for rules in sides)

    def cells(item: Years) -> list[Cell]:
        fields = (item.paying, item.at_ceiling, item.under_deductible)
        return [count(item.years), *(count(field[side]) for side in range(len(sides)) for field in fields)]

    marked = _marked(report, by)
    rows = [[named(item.name, item.name.code in marked), *cells(item)] for item in report.years[by]]
    total = [apart("合计", "all"), *cells(report.years["all"][0])]
    caption = Said(
        f"{HEADS[by].zh}：封顶线与起付线（人年）", f"{HEADS[by].en}: ceilings and deductibles (person-years)"
    )
    return table(caption, Columns(((None, of_all), *groups)), rows, total)
