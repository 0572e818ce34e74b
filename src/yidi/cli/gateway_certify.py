"""yidi gateway certify"""

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from yidi.cli.database import migrated_database

if TYPE_CHECKING:
    from yidi.demo.kit import Kit
    from yidi.gateway.certification.reports import Report
    from yidi.gateway.models import Institution

REFRESH_S = 2
STYLES = {
    "pass": "green",
    "fail": "red",
    "unseen": "yellow",
    "passed": "green",
    "failed": "red",
    "incomplete": "yellow",
}
HELP = """对接检查：观察一家机构的报文，对照检查单，出具报告。

DEED 为 begin 时开始一次检查；演示环境（YIDI_DEMO=1）中同时发给测试人员与测试就诊，并由引擎算出每一笔应得的金额。
为 end 时结束并写出报告。不写 DEED 时显示目前的结果；--watch 持续显示，按 Ctrl-C 停止。
"""


@click.command(help=HELP)
@click.argument("deed", type=click.Choice(["show", "begin", "end"]), default="show", required=False)
@click.option("--institution", "code", required=True, help="机构编号。")
@click.option("--watch", is_flag=True, help="持续显示，直到按 Ctrl-C。")
@click.option(
    "--report",
    type=click.Path(dir_okay=False, path_type=Path),
    help="报告页（HTML）写到这个文件；end 时默认为当前文件夹。",
)
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
@click.option(
    "--language", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="报告的语言。"
)
def certify(deed: str, code: str, watch: bool, report: Path | None, as_json: bool, language: str) -> None:
    migrated_database()
    from yidi.accounts.actors import SYSTEM
    from yidi.gateway.certification import runs
    from yidi.gateway.institutions import by_code

    institution = by_code(code)
    if deed == "begin":
        _begin(institution, as_json)
        return
    run = runs.end(institution, SYSTEM) if deed == "end" else runs.latest(institution)
    if watch and not as_json:
        _follow(institution, language)
    from yidi.gateway.certification import reports

    found = reports.report_of(run)
    if as_json:
        click.echo(json.dumps(reports.as_json(found), ensure_ascii=False, indent=2))
    elif not watch:
        Console().print(_shown(found, language))
    file = report or (Path(f"certification-{code}.html") if deed == "end" else None)
    if file:
        file.write_text(reports.as_html(found, language), encoding="utf-8")
        click.echo(f"报告页：{file}", err=as_json)


def _begin(institution: "Institution", as_json: bool) -> None:
    from django.conf import settings
    from django.db import transaction

    from yidi.accounts.actors import SYSTEM
    from yidi.gateway.certification import runs

    with transaction.atomic():
        run = runs.begin(institution, SYSTEM)
        if not settings.DEMO:
            click.echo("检查已开始。测试人员与测试就诊只在演示环境（YIDI_DEMO=1）中发给。")
            return
        from yidi.demo.kit import hand_out

        kit = hand_out(institution)
        runs.expect(run, kit.scenarios)
    if as_json:
        click.echo(json.dumps(kit.plain(), ensure_ascii=False, indent=2))
    else:
        _print_kit(kit)


def _print_kit(kit: "Kit") -> None:
    console = Console()
    people = Table("人员", "姓名", "身份证号码", "人员编号", "备案", title="测试人员（合成）")
    for person in kit.people:
        people.add_row(
            person.key, person.name, person.identity, person.number, "已备案" if person.filed else "未备案"
        )
    console.print(people)
    for visit in kit.visits:
        kind = f"医疗类别 {visit.kind}" + (f"，病种 {visit.disease}" if visit.disease else "")
        lines = Table(
            "医保编码",
            "名称",
            "数量",
            "单价",
            title=f"{visit.id} {visit.title}（{visit.who}；{kind}；诊断 {visit.diagnosis}）",
        )
        for row in visit.lines:
            lines.add_row(*row)
        console.print(lines)
        console.print(visit.expected + ("；结算后撤销（2208）" if visit.cancel else ""))
    console.print("检查已开始。请按上述顺序办理，再制造检查单要求的错误与故障。")


def _follow(institution: "Institution", language: str) -> None:
    from yidi.gateway.certification import reports, runs

    def now() -> Group:
        return _shown(reports.report_of(runs.latest(institution)), language)

    with Live(now(), screen=False, auto_refresh=False) as live:
        try:
            while True:
                time.sleep(REFRESH_S)
                live.update(now(), refresh=True)
        except KeyboardInterrupt:
            return


def _shown(report: "Report", language: str) -> Group:
    from yidi.gateway.certification.reports import WORDS, remark

    said = {name: getattr(words, language) for name, words in WORDS.items()}
    table = Table(said["rule"], said["result"], said["advice"])
    for line in report.lines:
        remarked = remark(line.rule, language)
        optional = f" ({remarked})" if remarked else ""
        verdict = Text(line.verdict.label(language), style=STYLES[line.verdict])
        advice = getattr(line.rule.advice, language) if line.verdict != "pass" else ""
        table.add_row(getattr(line.rule.title, language) + optional, verdict, advice)
    total = sum(report.transactions.values())
    summary = f"{said['verdict']} {said[report.verdict]}；{said['messages']} {total}；{said['refused']} {report.refused}"
    return Group(table, Text(summary, style=STYLES[report.verdict]))
