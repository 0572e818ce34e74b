"""The report as one page: opens offline, needs no script, prints; Chinese first, English beside it."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

from yidi.simulation import page_people, page_spending
from yidi.simulation.charts import Said
from yidi.simulation.markup import both, document, tag
from yidi.simulation.page_lines import SHOWN, full_tables
from yidi.simulation.page_parts import Columns, Section, Unit, apart, count, percent, signed, table

if TYPE_CHECKING:
    from yidi.simulation.report import Report

STYLE = Path(__file__).with_name("report.css")
TITLE = Said("医保待遇模拟报告", "Benefit simulation report")
UNVERIFIED = Said(
    "含未核实的规则：标有“未核实”的行，其金额部分来自未经核实的口径，只供估算。",
    "With rules that are not verified: lines marked 未核实 (not verified) rest in part on readings that have not been "
    "verified and are estimates.",
)


def page(report: "Report") -> str:
    """The text of the page."""
    sections = [*page_spending.sections(report), *page_people.sections(report), *_rest(report)]
    return document(
        tag(
            "html",
            tag(
                "head",
                tag("meta", charset="utf-8"),
                tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
                tag("meta", name="color-scheme", content="light"),
                tag("title", f"{TITLE.zh} {TITLE.en}"),
                tag("style", STYLE.read_text(encoding="utf-8")),
            ),
            tag(
                "body",
                tag(
                    "header",
                    tag("div", tag("h1", *both(TITLE.zh, TITLE.en)), *_subtitle(report), class_="page"),
                ),
                tag(
                    "main",
                    *_notices(report),
                    _key_figures(report),
                    *(item.draw() for item in sections),
                    class_="page",
                ),
                tag("footer", tag("p", f"yidi {report.about.version}", class_="page")),
            ),
            lang="zh-CN",
        )
    )


def _subtitle(report: "Report") -> Iterator[Element]:
    if report.dates:
        first, last = report.dates
        yield tag("p", *both(f"就诊日期 {first} 至 {last}", f"Days of service {first} to {last}"))


def _notices(report: "Report") -> Iterator[Element]:
    if report.about.synthetic:
        yield tag(
            "p",
            tag("strong", "合成数据"),
            " ",
            *both(report.about.data.zh, report.about.data.en),
            class_="notice",
        )
    if report.whole.unverified:
        yield tag("p", tag("strong", "未核实"), " ", *both(UNVERIFIED.zh, UNVERIFIED.en), class_="notice")
    if not report.whole.visits:
        yield tag("p", *both("没有就诊。", "There are no visits."), class_="notice")


def _key_figures(report: "Report") -> Element:
    whole, years = report.whole, report.years["all"][0]
    unit = Unit.of(whole.total)
    facts: list[tuple[Said, str]] = [
        (Said("就诊人次", "visits"), count(whole.visits)),
        (Said("就诊人数", "people"), count(whole.people)),
        (unit.named("总费用", "total"), unit.text(whole.total)),
    ]
    for side, rules in zip(whole.sides, report.about.rule_sets, strict=False):
        zh, en = rules.title.zh, rules.title.en
        facts.append((unit.named(f"{zh}：基金支付", f"{en}: funds pay"), unit.text(side.funds)))
        facts.append((Said(f"{zh}：基金占已结算费用", f"{en}: of the costs settled"), percent(side.share)))
        facts.append((Said(f"{zh}：拒付人次", f"{en}: visits refused"), count(side.refused)))
    if len(whole.sides) > 1:
        facts.append((Said("基金支出变化（元）", "change of what funds pay (yuan)"), signed(whole.change)))
        changed = f"{count(years.gainers)} / {count(years.losers)}"
        facts.append((Said("受益／受损人年", "person-years that gain / lose"), changed))
    pairs = (tag("div", tag("dt", *both(name.zh, name.en)), tag("dd", value)) for name, value in facts)
    return tag("dl", *pairs, class_="key")


def _rest(report: "Report") -> Iterator[Section]:
    yield _rests_on(report)
    yield _how(report)
    long = [by for by in ("pool", "draw") if len(report.lines[by]) > SHOWN]
    if long:
        yield Section(
            Said("全部统筹区与病种", "All pools and diseases"),
            tables=tuple(drawn for by in long for drawn in full_tables(report, by)),
        )


def _rests_on(report: "Report") -> Section:
    about = report.about
    rules = [
        (
            apart(rules.title.zh, rules.title.en),
            tag("code", rules.digest),
            rules.reading or "已采用的口径 adopted readings",
            "是 yes" if rules.unverified else "否 no",
        )
        for rules in about.rule_sets
    ]
    columns = Columns.plain(
        Said("规则", "rules"),
        Said("规则库摘要（SHA-256）", "digest of the rule book"),
        Said("口径", "reading"),
        Said("缺规则时用未核实的口径", "unverified readings where nothing better exists"),
    )
    tables = [table(Said("规则", "Rules"), columns, rules)]
    if about.parameters:
        stated = [
            (apart(item.zh, item.name), tag("span", item.value), tag("span", item.source, class_="long"))
            for item in about.parameters
        ]
        columns = Columns.plain(Said("参数", "parameter"), Said("值", "value"), Said("来源", "source"))
        tables.append(table(Said("数据的参数", "Parameters of the data"), columns, stated))
    if about.files:
        files = [(item.name, count(item.rows), tag("code", item.digest)) for item in about.files]
        columns = Columns.plain(
            Said("文件", "file"),
            Said("就诊人次", "visits"),
            Said("文件摘要（SHA-256）", "digest of the file"),
        )
        tables.append(table(Said("就诊文件", "Files of visits"), columns, files))
    return Section(Said("依据", "What this rests on"), note=about.data, tables=tuple(tables))


HOW = (
    Said(
        "金额以分为单位精确累计，表中以元列示，没有四舍五入；图中的数按图题所示单位取两位小数。",
        "Amounts are added up exactly, in fen, and shown in yuan without rounding; figures in charts are rounded to two "
        "decimals of the unit named.",
    ),
    Said(
        "基金支付＝统筹基金＋补充层（职工大额、大病保险、公务员补助、医疗救助）；个人负担＝已结算的总费用－基金支付，其中包括个人账户支付的部分。",
        "Funds are the basic pooled fund and the layers above it (large-sum, serious illness, civil servant, medical aid). "
        "What people pay is the total less these; an account of their own may pay part of it.",
    ),
    Said(
        "拒付的就诊没有可用的规则，不知道应付多少，单独列出，不计入任何支付金额。",
        "Visits that no rule answers for are refused: what they would have come to is not known; they stand apart and are "
        "in no amount paid.",
    ),
    Said(
        "人数按人去重，同一人可出现在几行中，所以各行人数之和可大于合计。人年归入该年最后一次就诊的统筹区和人员类别。",
        "People are counted once a line; one person may stand in several lines, which therefore may add up to more than "
        "all. A person's year stands in the pool and standing of its last visit.",
    ),
    Said(
        "受益与受损只比较两套规则结算了同样就诊的人年。",
        "Gains and losses compare the person-years of which both sets of rules pay the same visits.",
    ),
    Said(
        "分位数由固定边界的整数直方图得出：5.12 元以下精确，以上每格宽度不超过金额的 1/256（0.4%），所列为所在格的上下限。"
        "十等分按整格划分，金额相同的人年不拆开，所以各组人年数略有不同。",
        "Quantiles come from a histogram of whole numbers with fixed edges: exact below 5.12 yuan, above it no bin is "
        "wider than 1/256 (0.4%) of its amounts; the limits of the bin are given. Tenths are cut between bins, so that "
        "equal amounts stay together and groups differ a little in size.",
    ),
)


def _how(report: "Report") -> Section:
    shown = HOW if report.sides > 1 else [item for item in HOW if "受益" not in item.zh]
    items = [tag("li", *both(item.zh, item.en)) for item in shown]
    return Section(Said("口径说明", "How to read the figures"), tables=(tag("ul", *items),))
