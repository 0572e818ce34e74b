"""yidi policy language | schema"""

import sys
from collections.abc import Callable
from pathlib import Path

import click

from yidi.cli.policy_errors import NotWritten, StalePage
from yidi.values.system import reason

Written = click.Path(dir_okay=False, path_type=Path)


def _put(text: str, out: Path | None, check: Path | None, command: str) -> None:
    """Print a page, write it, or tell whether a file holds it."""
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


def _options(command: Callable[..., None]) -> Callable[..., None]:
    command = click.option("--check", type=Written, help="核对这个文件是否最新；不是则退出码 1。")(command)
    return click.option("--out", type=Written, help="写到这个文件，而不是标准输出。")(command)


@click.command(help="规则包语言的参考页（Markdown）：每种写法与形状的含义、例子、次序、证明。由代码生成。")
@_options
def language(out: Path | None, check: Path | None) -> None:
    from yidi.policy.language_page import page

    _put(page(), out, check, "language")


@click.command(help="规则包的 JSON Schema：编辑器（yaml-language-server）据此补全与校验。由代码生成。")
@_options
def schema(out: Path | None, check: Path | None) -> None:
    from yidi.policy.schema import schema_text

    _put(schema_text(), out, check, "schema")
