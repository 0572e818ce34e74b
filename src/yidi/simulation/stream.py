"""Settling files of visits, part by part: Parquet in, Parquet out, in memory that does not grow with them.

Parts are cut between people, so that each is a run of its own; several threads work on them at a time. A part is
there when its file has its name: what was begun and not finished goes by another and is written anew.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Protocol

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from yidi.benefit.batch import COMPILED_FROM
from yidi.simulation import columns
from yidi.simulation.plan import (
    RESULTS,
    SUFFIX,
    TALLIES,
    UNFINISHED,
    Group,
    Part,
    Plan,
    bad_file,
    begin,
    manifest,
    open_file,
    plan,
)
from yidi.simulation.reading import Place, Reader, Slots
from yidi.simulation.rules import Rules
from yidi.simulation.settling import Settler
from yidi.simulation.sums import Sums
from yidi.simulation.tally import Tally

BATCH_ROWS = 1 << 18
"""Visits that are paid at a time, at most."""
GROUP_ROWS = 1 << 20
"""Rows of a row group of results, at most."""
TALLY = ".npz"


class Progress(Protocol):
    """Is told how far a run is, in visits."""

    def begin(self, total: int, done: int) -> None:
        """There are so many; so many of them were settled before."""

    def advance(self, more: int) -> None:
        """So many were settled since the last time."""


@dataclass
class Run:
    """One run under way, or done."""

    plan: Plan
    rules: Rules
    folder: Path
    progress: Progress | None = None
    stop: Event = field(default_factory=Event)

    def __post_init__(self) -> None:
        self.tables = self.rules.tables()
        self.reader = Reader(Slots(self.tables), self.plan.wide)
        self.compiled = self.plan.rows >= COMPILED_FROM
        self.manifest = manifest(self.plan, self.rules.about())
        about = {"rules": self.rules.about()}
        self.schema = columns.result_schema(self.plan.wide, self.rules.reform is not None, about)

    def results(self, part: Part) -> Path:
        """The file of a part's results: when it is there, the part is done."""
        return self.folder / RESULTS / f"{part.name}{SUFFIX}"

    def tally(self, part: Part) -> Path:
        """The file of a part's tally."""
        return self.folder / TALLIES / f"{part.name}{TALLY}"

    def settle(self, part: Part) -> None:
        """Settle a part and write its results, all or nothing."""
        with new_file(self.results(part)) as path, new_file(self.tally(part)) as tally_path:
            tally = Tally(*self.tables)
            with pq.ParquetWriter(path, self.schema, **columns.WRITE_RESULTS) as writer:
                self._settle(part, writer, tally)
            tally.save(tally_path)

    def _settle(self, part: Part, writer: pq.ParquetWriter, tally: Tally) -> None:
        settler = Settler(self.tables, self.reader, self.compiled, BATCH_ROWS)
        for arrow, place in read_part(self.plan, part):
            if self.stop.is_set():
                raise Stopped
            batch, results = settler.settle(arrow, place)
            tally.add(batch.visits, results[0], results[1] if len(results) > 1 else None, self.compiled)
            writer.write_batch(settler.arrow(self.schema, batch, results), GROUP_ROWS)
            if self.progress:
                self.progress.advance(len(batch))

    def sums(self) -> Sums:
        """What all parts come to."""
        total = Sums()
        for part in self.plan.parts:
            total += Tally.load(self.tally(part), *self.tables).sums()
        return total


class Stopped(Exception):
    """Another part has failed, or the run was interrupted."""


@contextmanager
def new_file(path: Path) -> Iterator[Path]:
    """A file to be written that takes its name when all went well, and is gone otherwise."""
    unfinished = path.with_name(path.name + UNFINISHED)
    try:
        yield unfinished
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def simulate(
    visits: Path,
    rules: Rules,
    folder: Path,
    workers: int = 2,
    resume: bool = False,
    progress: Progress | None = None,
) -> Run:
    """Settle a file or a folder of visits into a folder, or go on with that.

    Raises NoVisits, BadFile, MissingColumn, WrongType, NotSorted, BadVisit, OutputTaken, NothingToResume, RunChanged:
    then the parts that were complete stay, and nothing else.
    """
    planned = plan(visits, workers)
    run = Run(planned, rules, folder, progress)
    begin(folder, run.manifest, resume)
    todo = [part for part in planned.parts if not run.results(part).exists()]
    if progress:
        progress.begin(planned.rows, planned.rows - sum(map(planned.rows_of, todo)))
    with ThreadPoolExecutor(workers) as pool:
        running = [pool.submit(run.settle, part) for part in todo]
        try:
            wait(running, return_when=FIRST_EXCEPTION)
            _raise_first(running)
        except BaseException:
            run.stop.set()
            pool.shutdown(cancel_futures=True)
            raise
    return run


def _raise_first(running: Sequence[Future[None]]) -> None:
    """Raise what the first part that failed has raised."""
    failed = (item.exception() for item in running if item.done() and not item.cancelled())
    for error in failed:
        if error is not None and not isinstance(error, Stopped):
            raise error


def read_part(plan: Plan, part: Part) -> Iterator[tuple[pa.RecordBatch, Place]]:
    """The visits of a part, and where each batch begins.

    A person at the edge of a row group belongs to the part in which the first visit lies: visits that the part before
    has taken are left out, and those that go on in the next groups are taken.
    """
    groups = plan.groups
    taken = groups[part.first - 1].most if part.first else None
    with Files() as files:
        for group in groups[part.first : part.end]:
            yield from files.batches(group, without=taken if group.least == taken else None)
        if part.first == part.end or groups[part.end - 1].most == taken:
            return
        last = groups[part.end - 1].most
        for group in groups[part.end :]:
            if group.least != last:
                return
            yield from files.batches(group, only=last)


class Files(ExitStack):
    """The files of a part, each opened once."""

    def __init__(self) -> None:
        super().__init__()
        self._open: dict[Path, pq.ParquetFile] = {}

    def batches(
        self, group: Group, without: int | None = None, only: int | None = None
    ) -> Iterator[tuple[pa.RecordBatch, Place]]:
        """The visits of a row group; on request without one person at its beginning, or of that person only."""
        if group.path not in self._open:
            self._open[group.path] = self.enter_context(open_file(group.path))
        row = group.first_row
        for batch in _read(self._open[group.path], group):
            place = Place(group.path.name, row)
            row += len(batch)
            if only is not None:
                batch = batch[: _at_start(batch, only, place)]
            elif without is not None:
                cut = _at_start(batch, without, place)
                batch, place = batch[cut:], Place(place.file, place.row + cut)
            if len(batch):
                yield batch, place


def _read(file: pq.ParquetFile, group: Group) -> Iterator[pa.RecordBatch]:
    """The batches of a row group. Raises BadFile where it is damaged."""
    names = list(columns.NAMES)
    try:
        yield from file.iter_batches(BATCH_ROWS, [group.number], names, use_threads=False)
    except (OSError, pa.ArrowException) as error:
        raise bad_file(group.path, error) from None


def _at_start(batch: pa.RecordBatch, person: int, place: Place) -> int:
    """How many visits of one person a batch begins with. Raises NotSorted where there are more further on."""
    mine = batch.column("person").to_numpy(zero_copy_only=False) == person
    count = int(np.count_nonzero(mine))
    if not mine[:count].all():
        raise place.not_sorted(len(mine) - int(mine[::-1].argmax()) - 1)
    return count
