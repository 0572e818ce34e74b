"""yidi gateway reference | openapi"""

from pathlib import Path

import click

from yidi.cli.generated import options, put
from yidi.cli.main import django_ready


@click.command(help="接口说明（Markdown）：每个交易的字段、错误、样例，未证实之处逐项标明。由交易声明生成。")
@options
def reference(out: Path | None, check: Path | None) -> None:
    django_ready()
    from yidi.gateway.reference.markdown import page

    put(page(), out, check, "gateway reference")


@click.command(help="接口的 OpenAPI 3.1 文档（JSON）。由交易声明生成，与 /gateway/docs/openapi.json 相同。")
@options
def openapi(out: Path | None, check: Path | None) -> None:
    django_ready()
    from yidi.gateway.reference.openapi import text

    put(text(), out, check, "gateway openapi")
