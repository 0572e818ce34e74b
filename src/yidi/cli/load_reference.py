"""yidi load-reference"""

import click
from rich.progress import Progress

from yidi.cli.database import migrated_database


@click.command(
    help="把随附的定点机构登记装入数据库；可重复执行。随附的两地目录含演示值，只在 --demo 且 YIDI_DEMO=1 时装入。"
)
@click.option("--demo", is_flag=True, help="同时装入演示数据。")
def load_reference(demo: bool) -> None:
    migrated_database()
    from yidi.operations.loading import load_all

    with Progress(transient=True) as progress:
        for name, counts in load_all(demo, progress):
            progress.console.print(
                f"{name}：{counts.rows} 行，新增 {counts.created}，更新 {counts.updated}，未变 {counts.unchanged}"
            )
