"""One run: for each number of clients pgbench, settlements alone, whole visits, pgbench again; then the books."""

import os
import re
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from rich.console import Console

from benchmarks.gateway.load import Run, Step, drive, visits
from benchmarks.gateway.machine import Parties, Spent
from benchmarks.gateway.messages import CHAIN, PEOPLE, Visit
from tests.system.running import Site, database

CLIENTS = (1, 4, 16, 64)
PREPARING = 4
"""Clients that bring visits as far as their settlement, before a measure."""
PACED = 16
"""Clients of the run at half of saturation."""
SCALE = 10
MEMORY_EVERY_S = 15


@dataclass(frozen=True)
class Measure:
    """A run with what server and database spent on it, and pgbench's transactions a second beside it."""

    clients: int
    run: Run
    spent: Spent
    pgbench: float
    load: float
    """The machine's load average as it ended."""

    @property
    def settled_per_s(self) -> float:
        return len(self.run.settled) / self.run.seconds

    @property
    def ratio(self) -> float:
        return self.settled_per_s / self.pgbench if self.pgbench else 0.0


@dataclass
class Results:
    alone: list[Measure] = field(default_factory=list)
    """Settlements alone."""
    mixed: list[Measure] = field(default_factory=list)
    """Whole visits."""
    paced: Measure | None = None
    """Whole visits' settlements at half of the most that `alone` reached."""
    memory: list[tuple[float, int]] = field(default_factory=list)
    """(minutes, bytes of the server)"""
    books: dict[str, int] = field(default_factory=dict)
    findings: int = 0
    """What `yidi audit` objects to."""


def measure(
    console: Console, clients: Sequence[int], settlements: int, seconds: float, minutes: float
) -> Results:
    """Everything on one durable PostgreSQL, that of DATABASE_URL, and one server as `yidi serve` runs it."""
    url, results = os.environ["DATABASE_URL"], Results()
    _pgbench(url, "-i", "-q", "-s", str(SCALE))
    with tempfile.TemporaryDirectory() as folder, database(Path(folder)) as own:
        site = Site(Path(folder), own)
        console.print(f"seeding {PEOPLE} people …")
        site.seed(PEOPLE)
        with site.serve() as server:
            bench = Bench(console, site, Parties.of(server.pid, own), url, results)
            bench.run(clients, settlements, seconds, minutes)
        results.books = _compare(own, bench.runs)
        results.findings = sum(len(check["findings"]) for check in site.audit()["checks"])
    return results


@dataclass
class Bench:
    console: Console
    site: Site
    parties: Parties
    url: str
    results: Results
    runs: list[Run] = field(default_factory=list)

    def run(self, clients: Sequence[int], settlements: int, seconds: float, minutes: float) -> None:
        self._drive(PREPARING, _whole(seconds / 4))
        for count in clients:
            before = self._transactions(count, seconds / 2)
            alone, spent = self._settle(count, settlements)
            mixed, of_mixed = self._drive(count, _whole(seconds))
            pgbench = (before + self._transactions(count, seconds / 2)) / 2
            self.results.alone.append(Measure(count, alone, spent, pgbench, os.getloadavg()[0]))
            self.results.mixed.append(Measure(count, mixed, of_mixed, pgbench, os.getloadavg()[0]))
            self.console.print(
                f"{count} clients: {self.results.alone[-1].settled_per_s:.0f} settlements/s alone,"
                f" {self.results.mixed[-1].settled_per_s:.1f} whole visits/s, pgbench {pgbench:.0f}"
            )
        most = max(item.settled_per_s for item in self.results.alone)
        run, spent = self._settle(PACED, int(most / 2 * seconds) or 1, PACED / (most / 2))
        self.results.paced = Measure(PACED, run, spent, 0.0, os.getloadavg()[0])
        if minutes:
            self._endure(minutes)

    def _settle(self, clients: int, settlements: int, pace_s: float = 0.0) -> tuple[Run, Spent]:
        """Settlements of visits that were brought so far before."""
        ready: list[Visit] = []
        share = -(-settlements // PREPARING)
        self._drive(PREPARING, lambda: _until_settlement(share, ready))
        waiting = iter(ready)
        steps = _Shared((visit, "2207A") for visit in waiting)
        return self._drive(clients, lambda: steps, pace_s)

    def _drive(
        self, clients: int, steps: Callable[[], Iterator[Step]], pace_s: float = 0.0
    ) -> tuple[Run, Spent]:
        before = self.parties.spent()
        run = drive(self.site.port, clients, steps, pace_s)
        self.runs.append(run)
        return run, self.parties.spent() - before

    def _transactions(self, clients: int, seconds: float) -> float:
        told = _pgbench(
            self.url, "-N", "-M", "prepared", "-c", str(clients), "-j", "2", "-T", str(max(1, round(seconds)))
        )
        found = re.search(r"tps = ([\d.]+)", told)
        assert found, told
        return float(found.group(1))

    def _endure(self, minutes: float) -> None:
        started, done = time.monotonic(), threading.Event()

        def watch() -> None:
            while not done.is_set():
                passed = (time.monotonic() - started) / 60
                self.results.memory.append((passed, self.parties.memory()))
                done.wait(MEMORY_EVERY_S)

        watcher = threading.Thread(target=watch)
        watcher.start()
        self._drive(PREPARING, _whole(minutes * 60))
        done.set()
        watcher.join()
        self.results.memory.append(((time.monotonic() - started) / 60, self.parties.memory()))


class _Shared:
    """Steps that several clients take from one list."""

    def __init__(self, steps: Iterator[Step]) -> None:
        self.steps, self.lock = steps, threading.Lock()

    def __iter__(self) -> Iterator[Step]:
        return self

    def __next__(self) -> Step:
        with self.lock:
            return next(self.steps)


def _whole(seconds: float) -> Callable[[], Iterator[Step]]:
    """For each client whole visits, one after the other, for so long."""
    end = time.monotonic() + seconds

    def steps() -> Iterator[Step]:
        for rank, visit in enumerate(visits(until=lambda: time.monotonic() > end), start=1):
            for infno in visit.transactions(rank):
                yield visit, infno

    return steps


def _until_settlement(most: int, ready: list[Visit]) -> Iterator[Step]:
    """So many visits without their settlement; what comes before it is not measured."""
    for visit in visits(most):
        for infno in CHAIN:
            if infno not in ("1101", "2206A", "2207A"):
                yield visit, infno
        if visit.visit:
            ready.append(visit)


def _compare(url: str, runs: Sequence[Run]) -> dict[str, int]:
    """Acknowledged settlements beside those in the books."""
    settled = [visit for run in runs for visit in run.settled]
    cancelled = {visit.settlement for run in runs for visit in run.cancelled}
    with psycopg.connect(url) as link:
        rows = link.execute(
            "SELECT id, provider_message, is_cancelled, visit_id FROM settlement_settlement WHERE kind = 'settle'"
        ).fetchall()
    kept = {f"{key:012d}": (message, is_cancelled) for key, message, is_cancelled, _ in rows}
    wanted = {visit.settlement: (visit.sent["2207A"], visit.settlement in cancelled) for visit in settled}
    standing = [visit for _, _, is_cancelled, visit in rows if not is_cancelled]
    return {
        "acknowledged": len(settled),
        "in the books": len(rows),
        "lost or changed": sum(kept.get(number) != told for number, told in wanted.items()),
        "doubled": len(standing) - len(set(standing)) + len(settled) - len(wanted),
        "booked without an answer": len(set(kept) - set(wanted)),
    }


def _pgbench(url: str, *options: str) -> str:
    program = shutil.which("pgbench") or str(max(Path("/usr/lib/postgresql").glob("*/bin/pgbench")))
    parts = urlsplit(url)
    where = [
        "-h",
        parts.hostname or "",
        "-p",
        str(parts.port),
        "-U",
        parts.username or "",
        parts.path.strip("/"),
    ]
    environment = {**os.environ, "PGPASSWORD": parts.password or ""}
    return subprocess.run(
        [program, *options, *where], env=environment, check=True, capture_output=True, text=True
    ).stdout
