"""The command line's root. Nothing heavy is imported before a command is chosen."""

import importlib
import sys
from typing import Any

import click

from yidi import __version__

COMMANDS = {
    "demo": ("yidi.cli.demo", "demo", "把主流程从头走一遍（合成人员、真实 HTTP），随后提供网页。"),
    "serve": ("yidi.cli.serve", "serve", "启动服务：网页与定点医药机构接口。"),
    "estimate": ("yidi.cli.estimate", "estimate", "测算一张账单：金额与逐步解释。"),
    "policy": ("yidi.cli.policy", "policy", "查看与检查待遇规则。"),
    "audit": ("yidi.cli.audit", "audit", "核对账本、累计与结算，列出不符之处。"),
    "load-reference": ("yidi.cli.load_reference", "load_reference", "装载目录与定点机构登记。"),
}
"""Command → (module, function, one line of help)."""

BAD_INPUT = 2
"""Exit status for wrong input."""


class Commands(click.Group):
    """The commands of the table above, each imported when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, function, _ = COMMANDS[cmd_name]
        command: click.Command = getattr(importlib.import_module(module), function)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("命令"):
            formatter.write_dl([(name, line) for name, (_, _, line) in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except Exception as error:
            # A refusal has a message of its own; anything else is a defect and keeps its traceback.
            if not (hasattr(error, "code") and hasattr(error, "english")):
                raise
            click.echo(f"错误 {error}", err=True)
            sys.exit(BAD_INPUT)


@click.group(
    cls=Commands,
    help="异地 yidi：跨省异地就医门诊费用的资格、备案、结算、报销与清算。\n\nyidi COMMAND --help 查看每个命令的用法。",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="yidi")
def cli() -> None:
    pass


def django_ready() -> None:
    """Load Django's settings and apps. Called by commands that need the database, and by no other."""
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yidi.site.settings")
    django.setup()
