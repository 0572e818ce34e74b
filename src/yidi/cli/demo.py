"""yidi demo"""

import os
import sys
from pathlib import Path

import click
from rich.console import Console

from yidi.cli.main import django_ready
from yidi.cli.ports import free_port, refuse_taken

PORT = 8000


@click.command(
    help="把主流程从头走一遍：资格认定、备案、医院经 HTTP 结算、撤销、触顶、手工报销、核账；随后在 "
    f"http://127.0.0.1:{PORT} 提供网页，按 Ctrl-C 结束。数据库是演示专用的，每次重建；人员均为合成。"
)
@click.option("--serve/--no-serve", default=True, help="讲完之后是否继续提供网页。")
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    default=None,
    help=f"端口；默认 {PORT}，--no-serve 时任选空闲端口。",
)
def demo(serve: bool, port: int | None) -> None:
    home = Path(os.environ.get("YIDI_HOME", "var")).resolve() / "demo"
    os.environ.update(YIDI_HOME=str(home), YIDI_DEMO="1", DATABASE_URL=f"sqlite:///{home / 'demo.sqlite3'}")
    chosen = port or (PORT if serve else free_port())
    refuse_taken("127.0.0.1", chosen)
    django_ready()
    from yidi.demo.story import tell

    console = Console(width=None if sys.stdout.isatty() else 120)
    url = f"http://127.0.0.1:{chosen}/"
    story, server = tell(console, chosen, url)
    try:
        if serve and not story.wrong:
            console.print(f"网页在 {url} 。按 Ctrl-C 结束。")
            server.wait()
    except KeyboardInterrupt:
        console.print("已停止。")
    finally:
        server.terminate()
        server.wait()
    sys.exit(1 if story.wrong else 0)
