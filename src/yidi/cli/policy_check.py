"""yidi policy check | regions"""

import sys
from datetime import date, datetime
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from yidi.benefit.examples import check_examples
from yidi.policy.book import book, read_all
from yidi.policy.check import check_looked_at
from yidi.policy.lookup import matter_of
from yidi.reference import regions
from yidi.resources import data_path
from yidi.values.errors import Refusal
from yidi.values.terms import Scheme


@click.command(
    help="检查 policies/ 下的全部规则包：格式、来源、日期、算例。有误时逐条列出文件、行号与处理办法，退出码 2。"
)
@click.option(
    "--folder", type=click.Path(exists=True, file_okay=False, path_type=Path), help="另一个规则目录。"
)
def check(folder: Path | None) -> None:
    faults: list[Refusal] = []
    loaded = read_all(folder or data_path("policies"), faults)  # type: ignore[arg-type]
    faults.extend(check_looked_at(loaded.packs.values(), _today()))
    if not faults:
        faults.extend(check_examples(loaded))
    for fault in faults:
        click.echo(str(fault), err=True)
    if faults:
        sys.exit(2)
    rules = sum(len(item.pack.rules) for item in loaded.packs.values())
    examples = sum(len(item.pack.examples) for item in loaded.packs.values())
    click.echo(
        f"规则包 {len(loaded.packs)} 个、规则 {rules} 条、算例 {examples} 个，全部通过。摘要 {loaded.digest[:16]}"
    )


def _today() -> date:
    return datetime.now().astimezone().date()


@click.command("regions", help="列出有规则的地区：险种、待遇、口径与等级。")
def list_regions() -> None:
    table = Table()
    for heading in ("区划", "地区", "险种", "待遇", "已采用口径", "保留口径", "来源等级"):
        table.add_column(heading, overflow="fold")
    for (pool, scheme, benefit), loaded in sorted(book().packs.items()):
        rules = loaded.pack.rules
        table.add_row(
            pool,
            regions.full_name(pool),
            "全部" if scheme == "all" else Scheme(scheme).zh,
            matter_of(benefit).zh,
            "、".join(sorted({rule.reading for rule in rules if rule.adopted})),
            "、".join(sorted({rule.reading for rule in rules if not rule.adopted})),
            "".join(sorted({rule.source.grade for rule in rules})),
        )
    Console().print(table)
