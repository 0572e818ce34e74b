"""yidi jobs: what a clock starts, and how it went."""

import json
import sys
from collections.abc import Mapping
from datetime import datetime

import click
from rich.console import Console
from rich.table import Table

from yidi.cli.commands import commands_of
from yidi.cli.database import migrated_database

COMMANDS = {
    "run": ("yidi.cli.jobs", "run", "把全部定时任务跑一遍；可重复、可同时运行。"),
    "show": ("yidi.cli.jobs", "show", "各任务最近一次的情况，待发消息各有多少。"),
}
"""Command → (module, function, one line of help)."""


@click.group(
    cls=commands_of(COMMANDS),
    help="定时任务：到期、提醒、发送、清理。由 cron 等定时运行，见 docs/operations.md。",
)
def jobs() -> None:
    pass


@click.command(
    help="依次结束到期的备案与资格、写提醒、发送短信与邮件、清理。正由别处运行的任务跳过。有任务出错时退出码 1。"
)
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
def run(as_json: bool) -> None:
    migrated_database()
    from yidi.operations.jobs import run_all

    results = []
    for ran in run_all():
        results.append(ran)
        if not as_json:
            click.echo(f"{ran.job.zh}：{_said(ran.outcome, failed=ran.failed)}")
    if as_json:
        rows = [{"job": ran.job, "failed": ran.failed, "outcome": ran.outcome} for ran in results]
        click.echo(json.dumps(rows, ensure_ascii=False))
    sys.exit(1 if any(ran.failed for ran in results) else 0)


def _said(outcome: Mapping[str, int] | None, *, failed: bool) -> str:
    if failed:
        return "出错，原因见日志"
    if outcome is None:
        return "正由另一处运行，跳过"
    return "，".join(f"{name} {count}" for name, count in outcome.items()) or "没有要办的"


@click.command(help="列出各任务最近一次的起止与结果，以及待发消息的进度。")
def show() -> None:
    migrated_database()
    from yidi.notices.queries import outbox
    from yidi.operations.jobs import Job
    from yidi.operations.models import JobRun

    rows = {row.job: row for row in JobRun.objects.all()}
    table = Table("任务", "开始", "结束", "结果")
    for job in Job:
        row = rows.get(str(job))
        if row is None:
            table.add_row(job.zh, "—", "—", "还没有运行过")
        else:
            result = "正在运行" if row.holder else _said(row.outcome, failed=row.failed)
            table.add_row(job.zh, _time(row.started_at), _time(row.ended_at), result)
    console = Console()
    console.print(table)
    waiting = Table("渠道", "进度", "条数")
    for channel, stage, count in outbox():
        waiting.add_row(channel.zh, stage.zh, str(count))
    console.print(waiting)


def _time(moment: datetime | None) -> str:
    from django.utils import timezone

    return f"{timezone.localtime(moment):%F %T}" if moment else "—"
