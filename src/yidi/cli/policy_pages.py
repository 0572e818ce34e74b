"""yidi policy language | schema"""

from pathlib import Path

import click

from yidi.cli.generated import options, put


@click.command(help="规则包语言的参考页（Markdown）：每种写法与形状的含义、例子、次序、证明。由代码生成。")
@options
def language(out: Path | None, check: Path | None) -> None:
    from yidi.policy.language_page import page

    put(page(), out, check, "policy language")


@click.command(help="规则包的 JSON Schema：编辑器（yaml-language-server）据此补全与校验。由代码生成。")
@options
def schema(out: Path | None, check: Path | None) -> None:
    from yidi.policy.schema import schema_text

    put(schema_text(), out, check, "policy schema")
