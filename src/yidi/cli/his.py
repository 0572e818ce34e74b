"""yidi his: a hospital's side of the interface."""

import json
import sys
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
from yidi.his.messages import Message, State, parse

COMMANDS = {
    "call": ("yidi.cli.his", "call", "发送一笔交易，打印回复；断线时自动恢复。"),
    "visit": ("yidi.cli.his", "visit", "从读卡到结算办理一次就诊，打印全部报文。"),
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
    help="医院信息系统一侧的参考客户端：先记日志再发送，断线后按规程恢复，日终对账。样例见 src/yidi/his/README.md。",
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
        raise BadInput(file=file, why=error.strerror or "无法读取") from None
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
    hospital = client(config_file)
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
    hospital = client(config_file)
    number = hospital.open_visit(data)
    try:
        hospital.sign_in()
        hospital.settle(number)
        if data.get("cancel"):
            hospital.cancel(number)
    except Refused:
        # The refusal is the last record below.
        pass
    for message in hospital.journal.messages_of(number):
        if message.reply is not None:
            click.echo(json.dumps(_record(message), ensure_ascii=False))


def _record(message: Message) -> dict[str, Any]:
    return {"infno": message.infno, "request": json.loads(message.text), "reply": message.reply}


@click.command(help="查清上次中断时结果不明的报文：重发、查询、冲正。仍有不明的，退出码 1。")
@config_option
def recover(config_file: Path) -> int:
    hospital = client(config_file)
    closed, still = hospital.recover()
    for case in closed:
        state = hospital.journal.message(case.message.msgid).state
        click.echo(f"{case.message.infno} {case.message.msgid}：{SAID[state]}")
    for error in still:
        click.echo(str(error))
    click.echo(f"查清 {len(closed)} 份，仍不明 {len(still)} 份。")
    return 1 if still else 0


@click.command(help="列出日志中最近的报文及其状态。")
@click.option("--visit", "number", default="", help="只看这个院内门诊号的。")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help="最多几份。")
@config_option
def journal(number: str, limit: int, config_file: Path) -> None:
    table = Table()
    for name in ("报文", "交易", "就诊", "状态", "发送次数", "说明"):
        table.add_column(name, overflow="fold")
    for message in Journal(read_config(config_file).journal).latest_messages(limit, number):
        table.add_row(
            message.msgid,
            message.infno,
            message.visit,
            SAID[message.state],
            str(message.attempts),
            message.note,
        )
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
