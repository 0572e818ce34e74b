"""yidi serve"""

import os

import click

from yidi.cli.database import migrated_database
from yidi.cli.main import django_ready
from yidi.cli.ports import refuse_taken

THREADS = 32
"""Per process. One that waits for the rest of a request's body is taken until the sender goes on or goes away."""
HEADER_TIMEOUT_MS = 10_000

HELP = """启动服务：网页在 http://127.0.0.1:PORT/，定点医药机构接口在 /fsi/api/。按 Ctrl-C 停止。

对外提供服务时，前面必须有一个会先收完整个请求再转发的 HTTPS 反向代理（如 nginx，默认即如此）：
只发一半报文而不断开的连接会一直占用一个线程，占满 --workers × --threads 个后其他请求便得不到处理。
"""


@click.command(help=HELP)
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="端口。")
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="监听地址；对外提供服务时请置于 HTTPS 反向代理之后。",
)
@click.option(
    "--workers", type=click.IntRange(1, 64), default=None, help="进程数；默认 SQLite 为 1，其余为 2。"
)
@click.option(
    "--threads", type=click.IntRange(1, 256), default=THREADS, show_default=True, help="每个进程的线程数。"
)
@click.option("--migrate", is_flag=True, help="启动前建立或更新数据库表。")
def serve(port: int, host: str, workers: int | None, threads: int, migrate: bool) -> None:
    django_ready()
    refuse_taken(host, port)
    prepare_database(migrate)
    from django.db import connection

    connection.close()
    from granian import Granian
    from granian.constants import Interfaces
    from granian.http import HTTP1Settings
    from granian.log import LogLevels

    click.echo(f"yidi 在 http://{host}:{port}/ ，按 Ctrl-C 停止。")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yidi.site.settings")
    Granian(
        "yidi.site.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers or (1 if connection.vendor == "sqlite" else 2),
        blocking_threads=threads,
        http1_settings=HTTP1Settings(header_read_timeout=HEADER_TIMEOUT_MS),
        log_access=False,
        log_level=LogLevels.error,
        respawn_failed_workers=True,
    ).serve()


def prepare_database(migrate: bool) -> None:
    """Bring the database up to date, or refuse to serve one that is not. Raises DatabaseDown, NotMigrated."""
    from django.conf import settings

    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    migrated_database(migrate)
