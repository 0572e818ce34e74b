"""Groups of commands whose modules are imported when they are asked for, with help and usage errors in Chinese."""

import importlib
import sys
from collections.abc import Mapping
from typing import Any

import click

from yidi.cli.usage import said

BAD_INPUT = 2
"""Exit status for wrong input."""

Table = Mapping[str, tuple[str, str, str]]
"""Command → (module, function, one line of help)."""

_HEADINGS = {"Options": "选项", "Commands": "命令"}


class Formatter(click.HelpFormatter):
    """Help pages with Chinese headings."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, prefix or "用法：")

    def section(self, name: str) -> Any:
        return super().section(_HEADINGS.get(name, name))


class Context(click.Context):
    """A command's context, with help pages in Chinese."""

    formatter_class = Formatter


click.Command.context_class = Context


class Commands(click.Group):
    """The commands of a table, each imported when it is asked for."""

    table: Table = {}

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.table:
            return None
        module, function, _ = self.table[cmd_name]
        command: click.Command = getattr(importlib.import_module(module), function)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("命令"):
            formatter.write_dl([(name, line) for name, (_, _, line) in self.table.items()])

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run a command line. Wrong input ends in one message on standard error and exit status 2."""
        try:
            status = super().main(*args, **{**kwargs, "standalone_mode": False})
        except click.exceptions.NoArgsIsHelpError as error:
            click.echo(error.format_message(), err=True)
            sys.exit(BAD_INPUT)
        except click.UsageError as error:
            path = error.ctx.command_path if error.ctx else "yidi"
            _refuse(f"[CLI-USAGE] {said(error)}。用 {path} --help 查看用法。")
        except click.Abort:
            sys.exit(130)
        except Exception as error:
            # A refusal has a code and a message of its own; anything else is a defect and keeps its traceback.
            if not (hasattr(error, "code") and hasattr(error, "english")):
                raise
            _refuse(str(error))
        sys.exit(status if isinstance(status, int) else 0)


def _refuse(message: str) -> None:
    click.echo(f"错误 {message}", err=True)
    sys.exit(BAD_INPUT)


def commands_of(table: Table) -> type[Commands]:
    """The kind of group that holds the commands of a table."""
    return type("Commands", (Commands,), {"table": table})
