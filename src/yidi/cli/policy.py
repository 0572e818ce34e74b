"""yidi policy check | show | regions"""

import sys
from datetime import date, datetime
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from yidi.benefit.examples import check_examples
from yidi.policy.book import RuleBook, book, read_all
from yidi.policy.lookup import FILING, Lookup
from yidi.policy.resolve import benefit_rule, covered_diseases
from yidi.policy.rules import BenefitRule, Origin, Question
from yidi.reference import diseases, regions
from yidi.resources import data_path
from yidi.values.errors import Refusal
from yidi.values.money import percent_text, yuan_text
from yidi.values.terms import STANDINGS_OF, Benefit, Level, Scheme, Situation

PER = {"year": "年", "quarter": "季", "month": "月", "visit": "次"}
MODES = {"none": "不调整", "points": "减百分点 ", "factor": "乘系数 ", "upfront": "先行自付 "}
LEVELS = (Level.PRIMARY, Level.SECONDARY, Level.TERTIARY)


@click.group(help="查看与检查待遇规则。")
def policy() -> None:
    pass


@policy.command(
    help="检查 policies/ 下的全部规则包：格式、来源、日期、算例。有误时逐条列出文件、行号与处理办法，退出码 2。"
)
@click.option(
    "--folder", type=click.Path(exists=True, file_okay=False, path_type=Path), help="另一个规则目录。"
)
def check(folder: Path | None) -> None:
    faults: list[Refusal] = []
    loaded = read_all(folder or data_path("policies"), faults)  # type: ignore[arg-type]
    if not faults:
        faults.extend(check_examples(loaded))
    for fault in faults:
        click.echo(str(fault), err=True)
    if faults:
        sys.exit(2)
    rules = sum(len(item.pack.rules) for item in loaded.packs.values())
    examples = sum(len(item.pack.examples) for item in loaded.packs.values())
    click.echo(
        f"规则包 {len(loaded.packs)} 个、规则 {rules} 条、算例 {examples} 个，全部通过。摘要 {loaded.digest[:16]}"
    )


@policy.command("regions", help="列出有规则的地区：险种、待遇、口径与等级。")
def list_regions() -> None:
    table = Table()
    for heading in ("区划", "地区", "险种", "待遇", "已采用口径", "保留口径", "来源等级"):
        table.add_column(heading, overflow="fold")
    for (pool, scheme, benefit), loaded in sorted(book().packs.items()):
        rules = loaded.pack.rules
        table.add_row(
            pool,
            regions.full_name(pool),
            "全部" if scheme == "all" else Scheme(scheme).zh,
            "异地就医备案" if benefit == FILING else Benefit(benefit).zh,
            "、".join(sorted({rule.reading for rule in rules if rule.adopted})),
            "、".join(sorted({rule.reading for rule in rules if not rule.adopted})),
            "".join(sorted({rule.source.grade for rule in rules})),
        )
    Console().print(table)


@policy.command(help="显示某统筹区（POOL，六位医保区划代码，如 360100）在某日的待遇参数，逐项注明来源。")
@click.argument("pool")
@click.option("--on", "on", type=click.DateTime(["%Y-%m-%d"]), help="就医日期，默认今天。")
@click.option("--scheme", type=click.Choice([str(item) for item in Scheme]), default=None, help="险种。")
def show(pool: str, on: object, scheme: str | None) -> None:
    day = on.date() if on else datetime.now().astimezone().date()  # type: ignore[attr-defined]
    home = regions.pool_of(pool)
    console = Console()
    console.print(f"[bold]{regions.full_name(home)}（{home}）[/bold]  {day}")
    for item in [Scheme(scheme)] if scheme else list(Scheme):
        _show_scheme(console, book(), home, item, day)


def _show_scheme(console: Console, rules: RuleBook, home: str, scheme: Scheme, day: date) -> None:
    console.print(f"\n[bold]{scheme.zh}[/bold]")
    table = Table(show_lines=True)
    for heading in ("待遇", "人员", "机构", "起付线", "比例", "封顶线", "来源"):
        table.add_column(heading, overflow="fold")
    for benefit, disease in _benefits(rules, home, scheme, day):
        for standing in STANDINGS_OF[scheme]:
            for level in LEVELS:
                question = Question(home, scheme, standing, benefit, level, Situation.LOCAL, day, disease)
                name = benefit.zh + (f" {diseases.disease(disease).name}" if disease else "")
                try:
                    rule = benefit_rule(rules, question)
                except Refusal as refusal:
                    table.add_row(name, standing.zh, level.zh, "—", "—", "—", refusal.message)
                    continue
                table.add_row(name, standing.zh, level.zh, *_amounts(rule), _sources(rule.origins))
    console.print(table)
    _show_filing(console, rules, home, scheme, day)


def _show_filing(console: Console, rules: RuleBook, home: str, scheme: Scheme, day: date) -> None:
    """The away-from-home adjustments in use, and the nation's limits on reductions, whether adopted or not."""
    where = Lookup(rules, home, scheme, FILING, day)
    for _, statement in where.statements():
        for situation, doc in statement.adjustment.items():
            ratio = percent_text(doc.ratio) if doc.ratio else ""
            console.print(f"异地调整 {situation.zh}：{MODES[doc.mode]}{ratio}（{statement.id}）")
    for _, statement in rules.statements(home, scheme, FILING):
        for situation, most in statement.reduction_limits.items():
            adopted = "已采用" if statement.adopted else f"未采用，{statement.source.grade} 级"
            console.print(
                f"全国对降幅的限制 {situation.zh}：不超过 {percent_text(most)[:-1]} 个百分点（{statement.id}，{adopted}）"
            )


def _benefits(rules: RuleBook, home: str, scheme: Scheme, day: date) -> list[tuple[Benefit, str]]:
    covered = covered_diseases(rules, home, scheme, day)
    return [(Benefit.GENERAL_OUTPATIENT, ""), *((Benefit.CHRONIC_DISEASE, code) for code in covered)]


def _amounts(rule: BenefitRule) -> tuple[str, str, str]:
    deductible = (
        "无"
        if rule.deductible.none
        else f"{yuan_text(rule.deductible.amounts[0])} 元/{PER[rule.deductible.per]}"
    )
    ceilings = [
        "无"
        if item.amount is None
        else f"{yuan_text(item.certain_to)}–{yuan_text(item.amount)} 元/{PER[item.per]}（区间）"
        if item.certain_to is not None
        else f"{yuan_text(item.amount)} 元/{PER[item.per]}"
        for item in rule.ceilings
    ]
    return deductible, percent_text(rule.share.ppm), "；".join(ceilings)


def _sources(origins: tuple[Origin, ...]) -> str:
    """Each document once, with its grade, the layer that cites it and the reading; `estimate` gives clause and date."""
    cited = (
        f"{item.source}（{item.grade}）{regions.full_name(item.layer)}·{item.reading}" for item in origins
    )
    return "\n".join(dict.fromkeys(cited))
