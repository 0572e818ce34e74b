"""Processor time and memory of server and database, from /proc."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg

TICK_S = 1 / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Spent:
    """Processor seconds since the parties were started."""

    server: float
    database: float

    def __sub__(self, before: "Spent") -> "Spent":
        return Spent(self.server - before.server, self.database - before.database)


@dataclass(frozen=True)
class Parties:
    """The processes that are measured, by those that started them."""

    server: int
    database: int

    @classmethod
    def of(cls, server: int, url: str) -> "Parties":
        """`server` is the process of `yidi serve`; the database's first process is the parent of any session's."""
        with psycopg.connect(url) as link:
            session = link.info.backend_pid
            return cls(server, int(_stat(session)[1]))

    def spent(self) -> Spent:
        return Spent(sum(map(_seconds, _tree(self.server))), sum(map(_seconds, _tree(self.database))))

    def memory(self) -> int:
        """Bytes that the server's processes hold, what they share counted once."""
        return sum(map(_proportional, _tree(self.server)))


def _stat(process: int) -> list[str]:
    return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()


def _seconds(process: int) -> float:
    """Its own time, and that of those that it has seen end."""
    try:
        return sum(map(int, _stat(process)[11:15])) * TICK_S
    except OSError:
        return 0.0


def _tree(root: int) -> Iterator[int]:
    yield root
    try:
        tasks = list(Path(f"/proc/{root}/task").iterdir())
        children = [int(child) for task in tasks for child in (task / "children").read_text().split()]
    except OSError:
        return
    for child in children:
        yield from _tree(child)


def _proportional(process: int) -> int:
    try:
        rows = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next(int(row.split()[1]) * 1024 for row in rows if row.startswith("Pss:"))
