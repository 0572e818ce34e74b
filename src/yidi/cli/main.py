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
    "replay": ("yidi.cli.replay", "replay", "按留存规则重算一笔结算或手工报销，逐项核对。"),
    "simulate": ("yidi.cli.simulate", "simulate", "按规则库批量结算就诊文件，并与另一套规则比较。"),
    "generate": ("yidi.cli.generate", "generate", "生成一年的跨省门诊就诊（合成数据）。"),
    "load-reference": ("yidi.cli.load_reference", "load_reference", "装载目录与定点机构登记。"),
}
"""Command → (module, function, one line of help)."""

BAD_INPUT = 2
"""Exit status for wrong input."""

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

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run a command line. Wrong input ends in one message on standard error and exit status 2."""
        try:
            status = super().main(*args, **{**kwargs, "standalone_mode": False})
        except click.exceptions.NoArgsIsHelpError as error:
            click.echo(error.format_message(), err=True)
            sys.exit(BAD_INPUT)
        except click.UsageError as error:
            _refuse(f"[CLI-USAGE] {_said(error)}。用 {_path(error)} --help 查看用法。")
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


def _path(error: click.UsageError) -> str:
    return error.ctx.command_path if error.ctx else "yidi"


def _said(error: click.UsageError) -> str:
    """What click found wrong, in Chinese where it names its kind."""
    if isinstance(error, click.exceptions.NoSuchCommand):
        return f"没有命令 {error.command_name}"
    if isinstance(error, click.NoSuchOption):
        return f"没有选项 {error.option_name}"
    name = getattr(getattr(error, "param", None), "human_readable_name", "")
    if isinstance(error, click.MissingParameter):
        return f"缺少参数 {name}"
    if isinstance(error, click.BadParameter):
        return f"参数 {name} 的值不对（{error.message.rstrip('.')}）"
    return error.message.rstrip(".")


@click.group(
    cls=Commands,
    help="异地 yidi：跨省异地就医门诊费用的资格、备案、结算与报销。\n\nyidi COMMAND --help 查看每个命令的用法。",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="yidi")
def cli() -> None:
    pass


def django_ready() -> None:
    """Load Django's settings and apps. Called by commands that need the server part. Raises ServerPartMissing, BadSetting."""
    import os

    try:
        import django
        import environ  # noqa: F401
    except ImportError as missing:
        from yidi.cli.errors import ServerPartMissing

        raise ServerPartMissing(package=missing.name) from None

    from yidi.cli.environment import check_environment

    check_environment()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yidi.site.settings")
    django.setup()
