"""yidi gateway: what the makers of clients and the keepers of the centre do with the institutions' interface."""

import click

from yidi.cli.commands import commands_of

COMMANDS = {
    "faults": (
        "yidi.cli.gateway_faults",
        "faults",
        "故障台：按机构制造断线、迟到、重复等故障（仅演示环境）。",
    ),
}
"""Command → (module, function, one line of help)."""


@click.group(cls=commands_of(COMMANDS), help="定点医药机构接口的管理与厂商测试。")
def gateway() -> None:
    pass
