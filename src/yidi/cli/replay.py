"""yidi replay"""

import json
import sys
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.table import Table

from yidi.cli.database import migrated_database
from yidi.values.money import yuan_text

if TYPE_CHECKING:
    from yidi.operations.replay import Replay

NAMES = {
    "total": "医疗费总额",
    "excluded": "全自费",
    "over_limit": "超限价",
    "upfront": "先行自付（目录）",
    "in_scope": "政策范围内",
    "upfront_at_home": "先行自付（参保地）",
    "away_upfront": "先行自付（异地）",
    "deductible": "起付线",
    "over_cost": "超费用限额",
    "shared": "按比例自付",
    "cut": "超基金限额",
    "fund": "基本统筹基金",
    "large_sum": "大额补助",
    "serious_illness": "大病保险",
    "civil_servant": "公务员补助",
    "medical_aid": "医疗救助",
    "account": "个人账户",
    "family_account": "家庭共济账户",
    "cash": "现金",
}
"""What the amounts of a decision are called."""


@click.command(
    help="按留存的规则摘要与累计，把一笔结算（12 位编号）或一笔手工报销（C 开头）重新计算一遍，与当时的结果逐项核对。"
    "\n\n全部相符时退出码 0，否则 1。"
)
@click.argument("number")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
def replay(number: str, as_json: bool) -> None:
    migrated_database()
    from yidi.operations.replay import replay as again

    result = again(number)
    if as_json:
        click.echo(json.dumps(_as_json(result), ensure_ascii=False))
    else:
        _print(result)
    sys.exit(1 if result.differing else 0)


def _as_json(result: "Replay") -> dict[str, object]:
    return {
        "number": result.number,
        "on": str(result.on),
        "decided_at": result.at.isoformat(),
        "rule": result.digest,
        "ok": not result.differing,
        "stored": {name: yuan_text(fen) for name, fen in result.stored.items()},
        "again": {name: yuan_text(fen) for name, fen in result.again.items()},
    }


def _print(result: "Replay") -> None:
    from yidi.benefit.explain import explain
    from yidi.operations.printing import print_conflicts, print_steps

    console = Console()
    console.print(f"{result.number}：就医日期 {result.on}，决定于 {result.at:%Y-%m-%d %H:%M}")
    console.print(f"规则摘要 {result.digest}", style="dim")
    table = Table("项目", "当时（元）", "重算（元）", "核对")
    for name, fen in result.stored.items():
        if fen or result.again[name]:
            same = fen == result.again[name]
            mark = "[green]相符[/green]" if same else "[red]不符[/red]"
            table.add_row(NAMES[name], yuan_text(fen), yuan_text(result.again[name]), mark)
    console.print(table)
    print_steps(console, explain(result.decision))
    print_conflicts(console, result.decision)
    said = "、".join(NAMES[name] for name in result.differing)
    console.print(f"[red]不符：{said}。请运行 yidi audit。[/red]" if said else "重算与当时的结果逐项相符。")
