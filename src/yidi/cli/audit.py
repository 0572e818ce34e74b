"""yidi audit"""

import json
import sys

import click
from rich.console import Console
from rich.table import Table

from yidi.audit.findings import Check, Finding
from yidi.cli.database import migrated_database

SHOWN = 5
"""Findings printed per check."""


@click.command(help="核对整个数据库：账本平衡、年度累计、结算与记账、应收应付。全部相符时退出码 0，否则 1。")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
def audit(as_json: bool) -> None:
    migrated_database()
    from yidi.operations.checks import all_checks

    results = [(item, list(item.find())) for item in all_checks()]
    wrong = sum(len(findings) for _, findings in results)
    if as_json:
        rows = [
            {"check": item.code, "findings": [{"subject": row.subject, "what": row.zh} for row in findings]}
            for item, findings in results
        ]
        click.echo(json.dumps({"ok": not wrong, "checks": rows}, ensure_ascii=False))
    else:
        _print(results, wrong)
    sys.exit(1 if wrong else 0)


def _print(results: list[tuple[Check, list[Finding]]], wrong: int) -> None:
    table = Table("检查", "内容", "结果")
    for item, findings in results:
        table.add_row(
            item.code,
            item.zh,
            "[green]相符[/green]" if not findings else f"[red]{len(findings)} 处不符[/red]",
        )
    console = Console()
    console.print(table)
    for item, findings in results:
        for row in findings[:SHOWN]:
            console.print(f"[red]{item.code}[/red] {row.subject}：{row.zh}")
    console.print("账目相符。" if not wrong else f"共 {wrong} 处不符。")
