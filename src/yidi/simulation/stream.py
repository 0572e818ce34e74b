"""Settling files of visits, part by part: Parquet in, Parquet out, in memory that does not grow with them.

Parts are cut between people, so that each is a run of its own; several threads work on them at a time. A part is
there when its file has its name: what was begun and not finished goes by another and is written anew.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Protocol

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from yidi.benefit.batch import COMPILED_FROM
from yidi.simulation import columns
from yidi.simulation.files import claimed, new_file, writing
from yidi.simulation.plan import (
    RESULTS,
    SUFFIX,
    TALLIES,
    Group,
    Part,
    Plan,
    begin,
    check_folder,
    give_up,
    manifest,
    open_file,
    plan,
    readable,
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
    tallied: bool = True
    """Whether parts are added up besides."""
    stop: Event = field(default_factory=Event)

    def __post_init__(self) -> None:
        self.tables = self.rules.tables()
        self.reader = Reader(Slots(self.tables), self.plan.wide)
        self.compiled = self.plan.rows >= COMPILED_FROM
        self.manifest = manifest(self.plan, self.rules.about())
        about = {"rules": self.rules.about()}
        self.schema = columns.result_schema(self.plan.wide, self.rules.reform is not None, about)

    def results(self, part: Part) -> Path:
        """The file of a part's results."""
        return self.folder / RESULTS / f"{part.name}{SUFFIX}"

    def tally(self, part: Part) -> Path:
        """The file of a part's tally."""
        return self.folder / TALLIES / f"{part.name}{TALLY}"

    def is_done(self, part: Part) -> bool:
        """Whether a part is complete."""
        return self.results(part).exists() and (self.tally(part).exists() or not self.tallied)

    def settle(self, part: Part) -> None:
        """Settle a part and write its results, all or nothing."""
        with writing(self.folder), new_file(self.results(part)) as path:
            tally = Tally(*self.tables) if self.tallied else None
            with pq.ParquetWriter(path, self.schema, **columns.WRITE_RESULTS) as writer:
                self._settle(part, writer, tally)
            if tally is not None:
                with new_file(self.tally(part)) as tally_path:
                    tally.save(tally_path)

    def _settle(self, part: Part, writer: pq.ParquetWriter, tally: Tally | None) -> None:
        settler = Settler(self.tables, self.reader, self.compiled, BATCH_ROWS)
        for arrow, place in read_part(self.plan, part):
            if self.stop.is_set():
                raise Stopped
            batch, results = settler.settle(arrow, place)
            if tally is not None:
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


def simulate(
    visits: Path,
    rules: Rules,
    folder: Path,
    workers: int = 2,
    resume: bool = False,
    progress: Progress | None = None,
    tallied: bool = True,
) -> Run:
    """Settle a file or a folder of visits into a folder, or go on with that; on request without adding anything up.

    Raises what `plan` and `begin` raise, NothingToResume, FolderInUse, NotSorted, BadVisit, CannotWrite: then the parts
    that were complete stay, and nothing else.
    """
    check_folder(folder, resume)
    run = Run(plan(visits, workers), rules, folder, progress, tallied)
    with claimed(folder):
        begin(folder, run.manifest, resume)
        try:
            _settle_all(run, workers)
        except BaseException:
            with suppress(OSError):
                give_up(folder)
            raise
    return run


def _settle_all(run: Run, workers: int) -> None:
    """Settle the parts that are not complete yet, several at a time."""
    planned, progress = run.plan, run.progress
    todo = [part for part in planned.parts if not run.is_done(part)]
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
    batches = file.iter_batches(BATCH_ROWS, [group.number], list(columns.NAMES), use_threads=False)
    while True:
        with readable(group.path):
            batch = next(batches, None)
        if batch is None:
            return
        yield batch


def _at_start(batch: pa.RecordBatch, person: int, place: Place) -> int:
    """How many visits of one person a batch begins with. Raises NotSorted where there are more further on."""
    mine = batch.column("person").to_numpy(zero_copy_only=False) == person
    count = int(np.count_nonzero(mine))
    if not mine[:count].all():
        raise place.not_sorted(len(mine) - int(mine[::-1].argmax()) - 1)
    return count
