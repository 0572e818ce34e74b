"""Runs the peers on a data set: each in a process of its own, the kernels in turn with one another."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.batch import openfisca_env
from benchmarks.batch.field import Field
from benchmarks.batch.peers import PEERS, Unavailable

ROOT = Path(__file__).parents[2]
ROUNDS_LEAST = 2
"""After the first, which counts apart: it may compile, learn rules, touch memory."""


@dataclass(frozen=True)
class Pace:
    """How long to measure."""

    rounds: int = 7
    """Timed runs of each peer, at most."""
    seconds: float = 4.0
    """No further round of a peer that has run for so long."""
    patience: float = 0.5
    """Seconds to wait, at most, before each run until others leave the machine alone."""


@dataclass
class Result:
    """What one peer did with so many threads; without times, `skipped` says why."""

    peer: str
    title: str
    threads: int
    skipped: str = ""
    making: float = 0.0
    """Seconds to load and prepare; with its imports."""
    first: float = 0.0
    """Seconds of the first run."""
    seconds: list[float] = field(default_factory=list)
    """Of each run after it."""
    cpu: list[float] = field(default_factory=list)
    """Processor seconds of each run, all threads together."""
    others: list[float] = field(default_factory=list)
    """Processors that others used meanwhile."""
    peak: int = 0
    """Bytes: the most that the process held, with the data set loaded."""
    bytes_moved: int = 0
    """Bytes that a run reads and writes, of peers that measure memory."""
    compared: dict[str, Any] = field(default_factory=dict)

    @property
    def best(self) -> float:
        return min(self.seconds, default=self.first)

    @property
    def least_cpu(self) -> float:
        return min(self.cpu, default=0.0)


class Runner:
    """A peer's process."""

    def __init__(self, name: str, field: Field, pace: Pace) -> None:
        self.name, self.entry = name, PEERS[name]
        self.results = [Result(name, self.entry.title, threads) for threads in self.entry.threads]
        self._outputs = field.folder / f"paid-{name}.npz"
        most = str(max(self.entry.threads))
        self._process = subprocess.Popen(
            [self._python(), "-m", "benchmarks.batch.worker", name, str(field.folder), str(pace.patience)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={**os.environ, "POLARS_MAX_THREADS": most},
        )

    def __enter__(self) -> "Runner":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def _python(self) -> str:
        return str(openfisca_env.interpreter()) if self.entry.openfisca else sys.executable

    def ready(self) -> bool:
        """Wait until the peer is made; False = it cannot run here."""
        told = self._listen()
        for result in self.results:
            result.skipped, result.making = told.get("skipped", ""), told.get("ready", 0.0)
            result.bytes_moved = told.get("bytes_moved", 0)
        return "ready" in told

    def first(self) -> None:
        for result in self.results:
            result.first = self._ask(f"run {result.threads}")["seconds"]

    def round(self, pace: Pace) -> None:
        """One more run with each number of threads, unless there have been enough."""
        for result in self.results:
            if len(result.seconds) < ROUNDS_LEAST or sum(result.seconds) < pace.seconds:
                told = self._ask(f"run {result.threads}")
                for name in ("seconds", "cpu", "others"):
                    getattr(result, name).append(told[name])

    def finish(self) -> Path:
        """Ask for the peak memory, and then for what was paid; returns the file."""
        peak = self._ask("peak")["peak"]
        for result in self.results:
            result.peak = peak
        self._ask(f"save {self._outputs}")
        return self._outputs

    def _ask(self, order: str) -> dict[str, Any]:
        assert self._process.stdin
        self._process.stdin.write(order + "\n")
        self._process.stdin.flush()
        return self._listen()

    def _listen(self) -> dict[str, Any]:
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"the process of {self.name} has ended; what it said stands above")
        told: dict[str, Any] = json.loads(line)
        return told


def race(
    field: Field, names: Iterable[str], pace: Pace, say: Callable[[str], object]
) -> tuple[list[Result], dict[str, Path]]:
    """Run the peers; returns their results, and for each that ran the file with what it paid."""
    results: list[Result] = []
    paid: dict[str, Path] = {}
    names = list(names)
    kernels = [name for name in names if PEERS[name].kernel]
    groups = [[name] for name in names if name not in kernels] + ([kernels] if kernels else [])
    for group in groups:
        say("、".join(group))
        with ExitStack() as stack:
            runners, skipped = _start(group, field, pace, stack)
            for runner in runners:
                runner.first()
            for _ in range(pace.rounds):
                for runner in runners:
                    runner.round(pace)
            paid |= {runner.name: runner.finish() for runner in runners}
            results += [result for runner in runners for result in runner.results] + skipped
    order = [(name, threads) for name in names for threads in PEERS[name].threads]
    return sorted(results, key=lambda result: order.index((result.peer, result.threads))), paid


def _start(group: list[str], field: Field, pace: Pace, stack: ExitStack) -> tuple[list[Runner], list[Result]]:
    """Start the processes of a group, all at once; returns those that are ready, and why others cannot run."""
    started, skipped = [], []
    for name in group:
        try:
            started.append(stack.enter_context(Runner(name, field, pace)))
        except Unavailable as why:
            entry = PEERS[name]
            skipped += [Result(name, entry.title, threads, str(why)) for threads in entry.threads]
    ready = [runner for runner in started if runner.ready()]
    skipped += [result for runner in started if runner not in ready for result in runner.results]
    return ready, skipped
