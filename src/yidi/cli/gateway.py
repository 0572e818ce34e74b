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
}
"""Command → (module, function, one line of help)."""


@click.group(cls=commands_of(COMMANDS), help="定点医药机构接口：说明与 OpenAPI 文档。")
def gateway() -> None:
    pass
