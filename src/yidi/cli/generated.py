"""Pages and schemas that are made from the code: printed, written to a file, or compared with one."""

import sys
from collections.abc import Callable
from pathlib import Path

import click

from yidi.cli.policy_errors import NotWritten, StalePage
from yidi.values.system import reason

Written = click.Path(dir_okay=False, path_type=Path)


def put(text: str, out: Path | None, check: Path | None, command: str) -> None:
    """Print a page, write it, or tell whether a file holds it; `command` is what makes it anew."""
    if check is not None:
        if not check.exists() or check.read_text(encoding="utf-8") != text:
            click.echo(f"错误 {StalePage(file=check, command=command)}", err=True)
            sys.exit(1)
        return
    if out is not None:
        try:
            out.write_text(text, encoding="utf-8")
        except OSError as error:
            raise NotWritten(file=out, why=reason(error)) from None
        return
    click.echo(text, nl=False)


def options(command: Callable[..., None]) -> Callable[..., None]:
    """The options of such a command: `--out` and `--check`."""
    command = click.option("--check", type=Written, help="核对这个文件是否最新；不是则退出码 1。")(command)
    return click.option("--out", type=Written, help="写到这个文件，而不是标准输出。")(command)
