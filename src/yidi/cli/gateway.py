"""yidi gateway: the hospital interface, for those who connect to it."""

import click

from yidi.cli.commands import commands_of

COMMANDS = {
    "reference": (
        "yidi.cli.gateway_pages",
        "reference",
        "接口说明（Markdown）：每个交易的字段、错误、样例。",
    ),
    "openapi": ("yidi.cli.gateway_pages", "openapi", "接口的 OpenAPI 3.1 文档（JSON）。"),
    "faults": (
        "yidi.cli.gateway_faults",
        "faults",
        "故障台：按机构制造断线、迟到、重复等故障（仅演示环境）。",
    ),
}
"""Command → (module, function, one line of help)."""


@click.group(cls=commands_of(COMMANDS), help="定点医药机构接口：说明、OpenAPI 文档、厂商测试。")
def gateway() -> None:
    pass
