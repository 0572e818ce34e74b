"""yidi his day: a scripted day at a hospital, against a centre of its own or one that is there."""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.panel import Panel
from rich.table import Table

from yidi.cli.errors import ServerPartMissing
from yidi.cli.his import client, print_statement, read_json
from yidi.cli.ports import free_port
from yidi.cli.progress import ProgressBar
from yidi.his.config import read_config, toml_text
from yidi.his.day import CASHIERS, CONFIG, COURSES, PLAN, Cast, Day, plan_day, play, struck, unfinished
from yidi.his.errors import BadInput, CentreNotBuilt
from yidi.his.hospital import Hospital
from yidi.his.journal import Journal
from yidi.his.messages import SHANGHAI, State
from yidi.his.reconcile import Statement, reconcile

START_LIMIT_S = 60
MOST_PEOPLE = 12
MOST_ROWS = 100
TIMEOUT_S, WAIT_S = 20, 0.1


@click.command(
    help="演一天的门诊：几个窗口同时挂号、结算、撤销、冲正，网络按种子出错、客户端被终止，最后对账。"
    "不带 --url 时自己起一个用后即弃的中心（需要服务端组件），演完再核账。有任何差异，退出码 1。"
)
@click.option("--visits", type=click.IntRange(1, 100_000), default=30, show_default=True, help="就诊次数。")
@click.option(
    "--faults", "seed", type=int, default=None, help="网络出错的种子；同一种子出同样的错。不给则不出错。"
)
@click.option("--cashiers", type=click.IntRange(1, 16), default=CASHIERS, show_default=True, help="窗口数。")
@click.option("--url", default="", help="已有中心的地址；须同时给出 --config 与 --cast。")
@click.option(
    "--config", "config_file", type=click.Path(dir_okay=False, path_type=Path), help="配置文件（TOML）。"
)
@click.option("--cast", "cast_file", help="患者、病种与药品（JSON），样例见 yidi/his/README.md。")
@click.option(
    "--keep",
    type=click.Path(file_okay=False, path_type=Path),
    help="把日志与配置留在这个文件夹；带 --url 时接着其中的日志演下去。",
)
def day(
    visits: int,
    seed: int | None,
    cashiers: int,
    url: str,
    config_file: Path | None,
    cast_file: str | None,
    keep: Path | None,
) -> int:
    console = Console(width=None if sys.stdout.isatty() else 120)
    with ExitStack() as stack:
        folder = keep or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="yidi-his-")))
        folder.mkdir(parents=True, exist_ok=True)
        if not url and (folder / "centre").exists():
            raise BadInput(file=folder, why="已有一个演过的中心，请换一个文件夹")
        if url:
            audit = None
            cast = _guest(folder, url, config_file, cast_file)
        else:
            centre = Centre(folder / "centre")
            cast = stack.enter_context(_host(console, centre, folder, min(visits, MOST_PEOPLE)))
            audit = centre.audit
        planned = plan_day(cast, visits, seed, f"{datetime.now(SHANGHAI):%d%H%M%S}-" if url else "D")
        _print_plan(console, planned, seed)
        started = time.monotonic()
        with ProgressBar("就诊") as bar:
            bar.begin(visits)
            kills = play(folder, planned, cashiers, lambda done: bar.advance(done - bar.done))
        took = time.monotonic() - started
        hospital = stack.enter_context(client(folder / CONFIG))
        statement = _close(hospital)
        _print_day(console, planned, hospital.journal, kills, took)
        print_statement(console, statement)
        return _verdict(console, _wrong(planned, hospital.journal, statement, audit() if audit else []))


def _guest(folder: Path, url: str, config_file: Path | None, cast_file: str | None) -> Cast:
    """A day at a centre that is there already."""
    if config_file is None or cast_file is None:
        raise click.UsageError("--url 须与 --config、--cast 同时给出")
    config = read_config(config_file).model_dump()
    config["journal"] = "his.sqlite3"
    config["centre"]["url"] = url
    config["dialect"]["unsure"] = list(config["dialect"]["unsure"])
    _write(folder, config)
    return Cast.read(read_json(cast_file), cast_file)


@contextmanager
def _host(console: Console, centre: "Centre", folder: Path, people: int) -> Iterator[Cast]:
    """A centre of our own, for as long as the day lasts."""
    with console.status("建立用后即弃的中心与合成人员"):
        built = centre.build(people)
    with centre.serve() as url:
        _write(
            folder,
            {
                **built["config"],
                "centre": {"url": url, "timeout_s": TIMEOUT_S},
                "recovery": {"wait_s": WAIT_S},
            },
        )
        yield Cast.read(built["cast"], "centre")


def _write(folder: Path, config: dict[str, Any]) -> None:
    file = folder / CONFIG
    file.touch(mode=0o600)
    file.write_text(toml_text({"journal": "his.sqlite3", **config}), encoding="utf-8")


class Centre:
    """A throw-away installation in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        wanted = {
            "YIDI_HOME": str(folder),
            "YIDI_DEMO": "1",
            "DATABASE_URL": f"sqlite:///{folder / 'centre.sqlite3'}",
            "DJANGO_SETTINGS_MODULE": "yidi.site.settings",
        }
        self._environment = {**os.environ, **wanted}
        self._log = folder / "server.log"

    def _run(self, *module: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", *module]
        return subprocess.run(command, env=self._environment, capture_output=True, text=True)

    def build(self, people: int) -> dict[str, Any]:
        """Its database and its people; the hospital's configuration and cast. Raises ServerPartMissing, CentreNotBuilt."""
        try:
            import django  # noqa: F401
        except ImportError as missing:
            raise ServerPartMissing(package=missing.name) from None
        built = self._run("yidi.demo.centre", str(people))
        if built.returncode:
            raise CentreNotBuilt(why=(built.stderr.strip().splitlines() or ["没有说明"])[-1])
        found: dict[str, Any] = json.loads(built.stdout.splitlines()[-1])
        return found

    @contextmanager
    def serve(self) -> Iterator[str]:
        """Its server, on a free port of this machine. Raises CentreNotBuilt."""
        port = free_port()
        command = [sys.executable, "-m", "yidi", "serve", "--port", str(port)]
        with self._log.open("wb") as log:
            server = subprocess.Popen(command, env=self._environment, stdout=log, stderr=log)
        try:
            self._wait(server, port)
            yield f"http://127.0.0.1:{port}/"
        finally:
            server.terminate()
            server.wait()

    def _wait(self, server: "subprocess.Popen[bytes]", port: int) -> None:
        deadline = time.monotonic() + START_LIMIT_S
        while time.monotonic() < deadline and server.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return
            time.sleep(0.1)
        raise CentreNotBuilt(why="服务没有启动")

    def audit(self) -> list[str]:
        """What `yidi audit` finds wrong with its books."""
        audited = self._run("yidi", "audit", "--json")
        if audited.returncode == 0:
            return []
        return [f"中心核账不符：{audited.stdout.strip() or audited.stderr.strip()}"]


def _close(hospital: Hospital) -> Statement:
    """The day's end: a client without faults recovers what is open, and reconciles."""
    hospital.sign_in()
    dates = [date.fromisoformat(one.at[:10]) for one in hospital.journal.settlements()]
    today = datetime.now(SHANGHAI).date()
    return reconcile(hospital, min(dates, default=today), max(dates, default=today))


def _wrong(planned: Day, journal: Journal, statement: Statement, audited: list[str]) -> list[str]:
    visits = [f"就诊 {record.number}（{COURSES[record.data['course']].zh}）停在 {record.state}：{record.note}"
              for record in unfinished(journal, planned)]  # fmt: skip
    differences = [] if statement.even else ["对账不平"]
    unexplained = [f"{one.row.setl_id} {one.cause}" for one in statement.differences if not one.done]
    return [*visits, *differences, *unexplained, *audited]


def _print_plan(console: Console, planned: Day, seed: int | None) -> None:
    if seed is None:
        console.print("网络不出错。")
        return
    table = Table(title=f"出错计划（种子 {seed}）")
    for name in ("就诊", "交易", "依次发生"):
        table.add_column(name)
    rows = [
        (visit, kind, faults) for visit, kinds in planned.faults.items() for kind, faults in kinds.items()
    ]
    for visit, kind, faults in rows[:MOST_ROWS]:
        table.add_row(visit, kind, "，".join(fault.zh for fault in faults))
    console.print(table)
    if len(rows) > MOST_ROWS:
        console.print(f"其余 {len(rows) - MOST_ROWS} 行从略；全部在 --keep 文件夹的 {PLAN} 中。")


def _print_day(console: Console, planned: Day, journal: Journal, kills: int, took: float) -> None:
    table = Table(title="这一天")
    table.add_column("就诊")
    table.add_column("次数", justify="right")
    for course, count in sorted(Counter(visit["course"] for visit in planned.visits).items()):
        table.add_row(COURSES[course].zh, str(count))
    console.print(table)
    messages = journal.latest_messages(10_000_000)
    sent = sum(message.attempts for message in messages)
    again = sum(max(0, message.attempts - 1) for message in messages)
    resolved = sum(message.state is State.RESOLVED for message in messages)
    refused = sum(message.state is State.REFUSED for message in messages)
    faults = sum(struck(planned).values())
    console.print(
        f"{len(planned.visits)} 次就诊，{took:.1f} 秒；报文 {len(messages)} 份，发送 {sent} 次（重发 {again}），被拒绝 {refused}，"
        f"另行查清 {resolved}；计划出错 {faults} 处，客户端被终止 {kills} 次。"
    )


def _verdict(console: Console, wrong: list[str]) -> int:
    if wrong:
        console.print(Panel("\n".join(wrong), title=f"{len(wrong)} 处不符", style="red"))
    else:
        console.print(Panel("每次就诊恰好结算一次或没有结算，对账零差异。", style="green"))
    return 1 if wrong else 0
