"""A nation's year, Parquet to Parquet: visits generated, then settled by the shipped rule book, as a user would.

They are settled twice, without the report and with it.

All are the command line's own processes. Their memory is looked at from outside, whole tree together, many times a
second; files that a process maps count as far as they lie in its memory.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.batch import publish
from benchmarks.batch.machine import machine, versions

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results"
YEAR = 2025
NATION = 292_000_000
"""Outpatient visits settled between provinces in 2025 (reference/national_stats.csv)."""
SECONDS, GIBIBYTES, WORKERS = 60, 4, 2
"""What is wanted of that many visits."""
LOOK = 0.05
"""Seconds between two looks at the memory."""


@dataclass(frozen=True)
class Step:
    """One command, from its start to its end."""

    name: str
    visits: int
    seconds: float
    peak: int
    """Bytes: the most that its processes held together; 0 where the system does not tell."""
    size: int
    """Bytes of the Parquet files that it wrote."""
    told: dict[str, Any]
    """What it said itself."""

    @property
    def rate(self) -> float:
        """Visits per second, the start of the process included."""
        return self.visits / self.seconds


def run(visits: int, workers: int = WORKERS, folder: Path | None = None) -> list[Step]:
    """Generate and settle; the files stay where a folder is named. Raises CalledProcessError."""
    with _room(folder) as room:
        made, settled, reported = room / "visits", room / "settled", room / "reported"
        generate = ["generate", "visits", "--year", YEAR, "--visits", visits, "--out", made]
        settle, alone = ["simulate", made, "--unverified", "--out", settled], ["--results-only"]
        report = ["simulate", made, "--unverified", "--out", reported]
        return [
            _step("generate", visits, [*generate, "--workers", workers, "--json"], made),
            _step("settle", visits, [*settle, *alone, "--workers", workers, "--json"], settled / "results"),
            _step(
                "settle and report", visits, [*report, "--workers", workers, "--json"], reported / "results"
            ),
        ]


@contextmanager
def _room(folder: Path | None) -> Iterator[Path]:
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        yield folder
        return
    with tempfile.TemporaryDirectory(prefix="yidi-nation-") as made:
        yield Path(made)


def _step(name: str, visits: int, arguments: Sequence[object], files: Path) -> Step:
    command = [sys.executable, "-m", "yidi", *map(str, arguments)]
    started = time.perf_counter()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, stdout=said)
        peak = 0
        while process.poll() is None:
            peak = max(peak, memory_of(process.pid))
            time.sleep(LOOK)
        seconds = time.perf_counter() - started
        if process.returncode:
            raise subprocess.CalledProcessError(process.returncode, command)
        said.seek(0)
        told = json.loads(said.read())
    size = sum(path.stat().st_size for path in files.glob("*.parquet"))
    return Step(name, visits, seconds, peak, size, told)


def memory_of(process: int) -> int:
    """Bytes that a process and all that it has started hold now; 0 where the system does not tell."""
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
        tasks = list(Path(f"/proc/{process}/task").iterdir())
        children = [int(child) for task in tasks for child in (task / "children").read_text().split()]
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE") + sum(map(memory_of, children))


def as_json(steps: Sequence[Step], workers: int) -> dict[str, Any]:
    """Everything that was measured."""
    return {
        "measured": datetime.now().astimezone().isoformat(timespec="seconds"),
        "machine": machine(),
        "versions": versions(),
        "workers": workers,
        "steps": [asdict(step) for step in steps],
    }


def table(steps: Sequence[Step]) -> Table:
    """The results for a terminal."""
    found = Table(title=f"A nation's year, Parquet to Parquet, {steps[0].visits:,} visits")
    for place, heading in enumerate(HEADINGS):
        found.add_column(heading, justify="right" if place else "left")
    for step in steps:
        found.add_row(*_cells(step))
    return found


HEADINGS = ("step", "seconds", "M visits/s", "peak MiB", "files MiB", "bytes a visit")


def _cells(step: Step) -> tuple[str, ...]:
    return (
        step.name,
        f"{step.seconds:.1f}",
        f"{step.rate / 1e6:.3g}",
        f"{step.peak / 2**20:.0f}",
        f"{step.size / 2**20:.1f}",
        f"{step.size / step.visits:.2f}",
    )


def goal(steps: Sequence[Step]) -> str:
    """What is wanted of the whole year, beside what was measured. Fewer visits show nothing about it."""
    _, settled, reported = steps
    wanted = f"wanted of {NATION:,} visits: {SECONDS} s and {GIBIBYTES} GiB on two processors"
    if settled.visits < NATION:
        part = f"{settled.visits / NATION:.1%}".replace("%", " %")
        return f"Measured with {part} of a nation's year; {wanted}. Neither time nor memory may be multiplied out."
    return (
        f"Settled in {settled.seconds:.1f} s and {settled.peak / 2**30:.2f} GiB, with the report in "
        f"{reported.seconds:.1f} s and {reported.peak / 2**30:.2f} GiB; {wanted}."
    )


NOTE = """`python -m benchmarks nation` 以命令行生成全国一年的跨省门诊就诊（合成数据），再按随附规则库结算两遍：从 Parquet 读入，逐次结果写成
Parquet；第二遍另作汇总，写出报告。时间为整个进程的时间，含启动与编译；内存为整棵进程树的最大值。

A nation's year of visits (synthetic) is generated and then settled twice by the shipped rule book, all by the command
line: Parquet in, results of every visit as Parquet out; the second time everything is added up besides, for the report.
Times are those of whole processes, starting and compiling included; memory is the most that all processes of a step
held together. Whether the files lie in the system's memory when settling begins depends on the machine's memory.
"""


def section(found: dict[str, Any]) -> str:
    """The part of the published page."""
    steps = [Step(**step) for step in found["steps"]]
    taken = {"measured": found["measured"][:10], "workers": found["workers"], **found["machine"]}
    lines = [
        publish.NATION_TITLE,
        "",
        NOTE,
        "; ".join(f"{name}: {value}" for name, value in taken.items() if value) + ".\n",
        f"{steps[0].visits:,} visits.\n",
        "| " + " | ".join(HEADINGS) + " |",
        "| --- |" + " ---: |" * (len(HEADINGS) - 1),
        *("| " + " | ".join(_cells(step)) + " |" for step in steps),
        "",
        f"* {goal(steps)}",
    ]
    return "\n".join(lines) + "\n"


def measure(console: Console, visits: int, workers: int, folder: Path | None, to: Path | None) -> None:
    """Run, print, keep the results and, where `to` says so, put them on the page."""
    steps = run(visits, workers, folder)
    console.print(table(steps))
    console.print(goal(steps), highlight=False)
    found = as_json(steps, workers)
    RESULTS.mkdir(parents=True, exist_ok=True)
    path = RESULTS / f"nation-{datetime.fromisoformat(found['measured']):%Y%m%dT%H%M%S}.json"
    path.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    console.print(f"→ {path.relative_to(ROOT)}")
    if to:
        page = to.read_text(encoding="utf-8") if to.exists() else publish.TOP
        to.write_text(publish.with_nation(page, section(found)), encoding="utf-8")
        console.print(f"→ {to}")
