"""The ways of paying visits that are compared. A peer is made in a process of its own and runs there alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Protocol

from benchmarks.batch.field import Array, Field


class Unavailable(Exception):
    """Why a peer cannot run here."""


class Peer(Protocol):
    """What a process runs. Made from the data set; making it is not timed."""

    def run(self, threads: int) -> None:
        """Pay all visits. Timed."""

    def outputs(self) -> Mapping[str, Array]:
        """What the last run paid, column by column; nothing of a peer that pays nothing.

        Such a peer measures memory, and has `bytes_moved`: how many bytes a run reads and writes.
        """


@dataclass(frozen=True)
class Entry:
    """A peer in the list."""

    title: str
    """As tables of results name it."""
    where: str
    """module:class"""
    threads: tuple[int, ...] = (1,)
    kernel: bool = False
    """Kernels are fast, and run in turn with one another, so that the machine's moods meet all of them."""
    openfisca: bool = False
    """Runs in the environment of OpenFisca."""
    settings: tuple[tuple[str, Any], ...] = ()

    def make(self, field: Field) -> Peer:
        """Prepare the peer. Raises Unavailable."""
        module, name = self.where.split(":")
        try:
            made: Peer = getattr(import_module(f"benchmarks.batch.peers.{module}"), name)(
                field, **dict(self.settings)
            )
        except ImportError as error:
            raise Unavailable(f"{error.name or error} is not installed") from error
        return made


ORACLE = "plain"
PEERS = {
    ORACLE: Entry("yidi, kernel as plain Python", "engine:Plain"),
    "yidi": Entry("yidi", "engine:Compiled", threads=(1, 2), kernel=True),
    "c-table": Entry("C, same table-driven kernel", "c_table:Table", threads=(1, 2), kernel=True),
    "c-rule": Entry("C, numbers compiled in", "c:Rule", threads=(1, 2), kernel=True),
    "limit": Entry("limit: same bytes, no rule", "c:Touch", threads=(1, 2), kernel=True),
    "triad": Entry("STREAM triad", "c:Triad", threads=(1, 2)),
    "decimal": Entry("Python, decimal", "decimals:Decimals"),
    "numpy": Entry("NumPy, rounds", "numpy_rounds:Rounds"),
    "openfisca": Entry("OpenFisca-Core, visit as entity", "openfisca_visits:Visits", openfisca=True),
    "openfisca-monthly": Entry("OpenFisca-Core, person by month", "openfisca_months:Months", openfisca=True),
    "polars": Entry("Polars", "polars_windows:Windows", threads=(2,)),
    "duckdb": Entry("DuckDB, windows", "duckdb_windows:Windows", threads=(2,)),
}
