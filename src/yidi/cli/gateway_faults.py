"""yidi gateway faults"""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.table import Table

from yidi.cli.commands import commands_of
from yidi.cli.database import migrated_database
from yidi.cli.main import django_ready
from yidi.gateway.faults.kinds import TAKES, FaultKind

if TYPE_CHECKING:
    from yidi.gateway.models import Institution

COMMANDS = {
    "kinds": ("yidi.cli.gateway_faults", "kinds", "列出故障种类与各自的参数。"),
    "set": ("yidi.cli.gateway_faults", "set_fault", "为一家机构布置一种故障。"),
    "list": ("yidi.cli.gateway_faults", "list_faults", "列出一家机构的故障与已发生的次数。"),
    "clear": ("yidi.cli.gateway_faults", "clear_faults", "撤去一家机构的全部故障。"),
}

HELP = """故障台：让厂商测试自己的客户端在断线、迟到、重复送达、金额有误、HTTP 5xx 时能否恢复。

只在 YIDI_DEMO=1 且 YIDI_FAULT_BENCH=1 的环境中可用；生产环境不装入，也不能开启。
故障按报文序号或按种子与比例发生：同样的报文、同样的设置，结果每次相同。
"""


@click.group(cls=commands_of(COMMANDS), help=HELP)
def faults() -> None:
    pass


of_institution = click.option("--institution", "code", required=True, help="机构编号。")


@click.command(help="列出故障种类、含义与参数。")
def kinds() -> None:
    table = Table("种类", "含义", "参数（--parameter）", "默认")
    for kind in FaultKind:
        takes = TAKES.get(kind)
        told = (f"{takes.zh}，{takes.bounds}", str(takes.default)) if takes else ("—", "—")
        table.add_row(str(kind), kind.zh, *told)
    Console().print(table)


def _numbers(ctx: click.Context, option: click.Parameter, text: str) -> list[int]:
    try:
        return [int(part) for part in text.split(",") if part.strip()]
    except ValueError:
        raise click.BadParameter("请写作以逗号分隔的整数，例如 1,3", ctx, option) from None


@click.command(help="为一家机构布置一种故障：按报文序号（--numbers），或按种子与比例（--seed、--rate）。")
@of_institution
@click.option("--kind", type=click.Choice(FaultKind.spellings()), required=True, help="故障种类。")
@click.option("--transaction", default="", help="只对这个交易计数和发生，例如 2207；默认所有交易。")
@click.option(
    "--numbers", callback=_numbers, default="", help="从布置时数起的第几条报文，逗号分隔，例如 1,3。"
)
@click.option("--seed", type=int, default=None, help="种子：与 --rate 合用。")
@click.option("--rate", type=click.IntRange(1, 100), default=None, help="每百条报文中发生几条。")
@click.option("--parameter", type=int, default=None, help="秒数、状态码或分，见 kinds。")
@click.option(
    "--minutes", type=click.IntRange(1, 10080), default=1440, show_default=True, help="多少分钟后失效。"
)
def set_fault(code: str, kind: str, rate: int | None, minutes: int, **when: Any) -> None:
    institution = _institution(code)
    from django.utils import timezone

    from yidi.accounts.actors import SYSTEM
    from yidi.gateway.faults.plans import lay

    until = timezone.now() + timedelta(minutes=minutes)
    rate_ppm = None if rate is None else rate * 10_000
    plan = lay(institution, FaultKind(kind), SYSTEM, until, rate_ppm=rate_ppm, **when)
    click.echo(f"已布置：{FaultKind(plan.kind).zh}，{timezone.localtime(until):%m-%d %H:%M} 前有效。")


@click.command(help="列出一家机构的故障：看过多少条报文，发生了多少次。")
@of_institution
def list_faults(code: str) -> None:
    institution = _institution(code)
    from django.utils import timezone

    from yidi.gateway.faults.plans import laid

    table = Table("种类", "参数", "交易", "何时发生", "有效至", "看过", "发生", "未能发生")
    for plan in laid(institution):
        when = (
            f"种子 {plan.seed}，{plan.rate_ppm // 10_000}%"
            if plan.rate_ppm
            else "第 " + "、".join(map(str, plan.numbers)) + " 条"
        )
        until = f"{timezone.localtime(plan.until):%m-%d %H:%M}"
        counts = (str(plan.seen), str(plan.struck), str(plan.passed_over))
        table.add_row(plan.kind, str(plan.parameter or "—"), plan.transaction or "全部", when, until, *counts)
    Console().print(table)


@click.command(help="撤去一家机构的全部故障。")
@of_institution
def clear_faults(code: str) -> None:
    institution = _institution(code)
    from yidi.accounts.actors import SYSTEM
    from yidi.gateway.faults.plans import clear

    click.echo(f"已撤去 {clear(institution, SYSTEM)} 项故障。")


def _institution(code: str) -> "Institution":
    """The institution, once it is certain that faults may happen here. Raises BenchOff, UnknownInstitution."""
    django_ready()
    from yidi.gateway.faults.plans import check_bench

    check_bench()
    migrated_database()
    from yidi.gateway.institutions import by_code

    return by_code(code)
