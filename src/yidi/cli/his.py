"""yidi his: a hospital's side of the interface."""

import json
import sys
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from yidi.cli.commands import commands_of
from yidi.his.config import read_config
from yidi.his.errors import BadInput, Refused
from yidi.his.hospital import Hospital
from yidi.his.journal import Journal
from yidi.his.messages import SHANGHAI, Message, State, parse, yuan
from yidi.his.reconcile import Result, Statement
from yidi.his.reconcile import reconcile as compare
from yidi.values.system import reason

COMMANDS = {
    "call": ("yidi.cli.his", "call", "发送一笔交易，打印回复；断线时自动恢复。"),
    "visit": ("yidi.cli.his", "visit", "从读卡到结算办理一次就诊，打印全部报文。"),
    "day": ("yidi.cli.his_day", "day", "演一天的门诊：几个窗口、网络出错、日终对账。"),
    "reconcile": ("yidi.cli.his", "reconcile", "与中心对账：总额、逐笔，并处理差异。"),
    "recover": ("yidi.cli.his", "recover", "把上次中断时结果不明的报文逐一查清。"),
    "journal": ("yidi.cli.his", "journal", "列出日志中的报文。"),
}
"""Command → (module, function, one line of help)."""

config_option = click.option(
    "--config", "config_file", type=click.Path(dir_okay=False, path_type=Path), default="his.toml", show_default=True,
    help="配置文件（TOML）。",
)  # fmt: skip


@click.group(
    cls=commands_of(COMMANDS),
    help="医院信息系统一侧的参考客户端：先记日志再发送，断线后按规程恢复，日终对账。样例见 yidi/his/README.md。",
)
def his() -> None:
    pass


def client(file: Path) -> Hospital:
    """The client that a configuration file describes. Raises BadConfig."""
    config = read_config(file)
    return Hospital(config, Journal(config.journal))


def read_json(file: str) -> Any:
    """What a file, or standard input for -, holds. Raises BadInput."""
    try:
        with click.open_file(file, encoding="utf-8") as opened:
            return parse(opened.read())
    except OSError as error:
        raise BadInput(file=file, why=reason(error)) from None
    except (ValueError, ArithmeticError, RecursionError):
        raise BadInput(file=file, why="不是有效的 UTF-8 JSON") from None


@click.command(help="发送交易 INFNO，FILE 是它的 input（JSON；- 为标准输入）。打印回复的 output。")
@click.argument("infno")
@click.argument("file")
@click.option("--home", default="", help="参保地医保区划；input 含人员编号时必填。")
@click.option("--visit", "number", default="", help="日志中的院内门诊号；结算与撤销据此入账。")
@config_option
def call(infno: str, file: str, home: str, number: str, config_file: Path) -> None:
    given = read_json(file)
    with client(config_file) as hospital:
        if number:
            hospital.journal.visit(number)
        output = hospital.call(infno, given, visit=number, home=home)
    if isinstance(output, bytes):
        sys.stdout.buffer.write(output)
    else:
        click.echo(json.dumps(output, ensure_ascii=False, indent=2, default=str))


@click.command(help="办理 FILE 中的一次就诊（JSON；- 为标准输入），每份报文打印一行 JSON。被中心拒绝即止。")
@click.argument("file")
@config_option
def visit(file: str, config_file: Path) -> None:
    data = read_json(file)
    if not isinstance(data, dict):
        raise BadInput(file=file, why="应为一个对象 {…}")
    with client(config_file) as hospital:
        number = hospital.open_visit(data)
        # A refusal is the last record below.
        with suppress(Refused):
            hospital.sign_in()
            hospital.settle(number)
            if data.get("cancel"):
                hospital.cancel(number)
        for message in hospital.journal.messages_of(number):
            if message.reply is not None:
                click.echo(json.dumps(_record(message), ensure_ascii=False))


def _record(message: Message) -> dict[str, Any]:
    return {"infno": message.infno, "request": json.loads(message.text), "reply": message.reply}


@click.command(help="查清上次中断时结果不明的报文：重发、查询、冲正。仍有不明的，退出码 1。")
@config_option
def recover(config_file: Path) -> int:
    with client(config_file) as hospital:
        closed, still = hospital.recover()
        for case in closed:
            state = hospital.journal.message(case.message.msgid).state
            click.echo(f"{case.message.infno} {case.message.msgid}：{SAID[state]}")
    for error in still:
        click.echo(str(error))
    click.echo(f"查清 {len(closed)} 份，仍不明 {len(still)} 份。")
    return 1 if still else 0


@click.command(
    "reconcile", help="与中心对总账（3201）、明细账（3202），列出差异及原因并处理。不平则退出码 1。"
)
@click.option("--from", "first", type=click.DateTime(["%Y-%m-%d"]), default=None, help="开始日期；默认今天。")
@click.option(
    "--to", "last", type=click.DateTime(["%Y-%m-%d"]), default=None, help="结束日期；默认同开始日期。"
)
@click.option("--resolve/--no-resolve", default=True, help="是否处理差异；否则只列出。")
@config_option
def reconcile(first: datetime | None, last: datetime | None, resolve: bool, config_file: Path) -> int:
    begins = (first or datetime.now(SHANGHAI)).date()
    ends = last.date() if last else begins
    with client(config_file) as hospital:
        statement = compare(hospital, begins, ends, resolve=resolve)
    print_statement(Console(), statement)
    return 0 if statement.even else 1


def print_statement(console: Console, statement: Statement) -> None:
    """What was compared and what differed."""
    table = Table(title="对总账（3201）")
    for name in ("经办机构", "险种", "清算类别"):
        table.add_column(name)
    for name in ("笔数", "总费用", "基金", "个人账户"):
        table.add_column(name, justify="right")
    table.add_column("结果")
    for one in statement.totals:
        result = "平" if one.result is Result.EVEN else one.why
        amounts = (yuan(one.total), yuan(one.fund), yuan(one.account))
        table.add_row(one.agency, one.insutype, one.clr_type, str(one.count), *amounts, result)
    console.print(table)
    for difference in statement.differences:
        row = difference.row
        done = f"[green]{difference.done}[/green]" if difference.done else "[red]待人工处理[/red]"
        console.print(f"{row.result.zh} 结算 {row.setl_id} 报文 {row.msgid}：{difference.cause} → {done}")
    for row in statement.rows:
        console.print(
            f"[red]仍有差异：{row.result.zh} 结算 {row.setl_id} 就诊 {row.mdtrt_id} {row.memo}[/red]"
        )
    for error in statement.unknown:
        console.print(f"[red]{error}[/red]")
    console.print(f"对明细账（3202）{statement.rounds} 遍，差异 {len(statement.rows)} 笔。")


@click.command(help="列出日志中最近的报文及其状态。")
@click.option("--visit", "number", default="", help="只看这个院内门诊号的。")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help="最多几份。")
@config_option
def journal(number: str, limit: int, config_file: Path) -> None:
    table = Table()
    for name in ("报文", "交易", "就诊", "状态", "发送次数", "说明"):
        table.add_column(name, overflow="fold")
    kept = Journal(read_config(config_file).journal)
    for message in kept.latest_messages(limit, number):
        table.add_row(
            message.msgid,
            message.infno,
            message.visit,
            SAID[message.state],
            str(message.attempts),
            message.note,
        )
    kept.close()
    Console().print(table)


SAID = {
    State.PREPARED: "已备好",
    State.SENT: "已发送",
    State.ANSWERED: "已答复",
    State.REFUSED: "被拒绝",
    State.UNKNOWN: "结果不明",
    State.RESOLVED: "已查清",
    State.DROPPED: "未发出，作废",
}
