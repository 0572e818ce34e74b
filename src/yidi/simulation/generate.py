"""A year's visits elsewhere, made up: drawn from a seed and stated parameters, written as Parquet.

People are drawn in blocks of fixed size, each from a stream of its own: what a block holds depends on the seed, the
year, the parameters and its number, and on nothing else. How the blocks are spread over parts and threads changes
no visit.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from threading import Event
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from yidi.policy.book import RuleBook
from yidi.simulation import columns
from yidi.simulation.answers import SCHEME_OF
from yidi.simulation.errors import BadSize, FolderTaken
from yidi.simulation.files import UNFINISHED, claimed, is_empty, writing
from yidi.simulation.parameters import Parameters, parameters
from yidi.simulation.population import (
    CHRONIC,
    LEVELS,
    QUANTILES,
    STANDINGS,
    THOUSAND,
    VISITS,
    Population,
    geometric,
    pick,
    population,
)
from yidi.values.terms import Scheme

Array = NDArray[Any]
BLOCK = 1 << 16
"""People of a block; a block is a row group."""
BLOCKS_OF_PART = 32
MOST_PEOPLE = 2_000_000_000
MOST_MEAN = 1_000
"""Visits per person."""
EPOCH = date(1970, 1, 1)
DAYS_OF_KEY = 512
"""More than a year has days."""
Raw = Callable[[int], Array]
"""So many numbers of 64 random bits."""
Progress = Callable[[int], None]
"""Told how many visits were written since it was last told."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of the generator. `visits` is the exact number of them, or None: about the mean for each person."""

    people: int
    year: int
    seed: int = 0
    visits: int | None = None
    answered_only: bool = False
    unverified: bool = False

    def __post_init__(self) -> None:
        if not 1 <= self.people <= MOST_PEOPLE:
            raise BadSize(
                why=f"人数应在 1 与 {MOST_PEOPLE} 之间，不是 {self.people}",
                why_en=f"there must be 1 to {MOST_PEOPLE} people, not {self.people}",
            )
        if self.visits is not None and not self.people <= self.visits <= MOST_MEAN * self.people:
            raise BadSize(
                why=f"{self.people} 人每人至少一次、平均至多 {MOST_MEAN} 次，{self.visits} 次不在其中",
                why_en=f"{self.people} people have at least one and on average at most {MOST_MEAN} visits each",
            )

    @property
    def blocks(self) -> int:
        """How many blocks there are."""
        return -(-self.people // BLOCK)


class Generator:
    """Draws the blocks."""

    def __init__(self, wanted: Wanted, book: RuleBook) -> None:
        self.wanted, self.book = wanted, book
        self.parameters: Parameters = parameters(wanted.year)
        self.population: Population = population(
            self.parameters, wanted.year, book, wanted.answered_only, wanted.unverified
        )
        mean = float(self.parameters["visits.mean"])
        self._counts = geometric(wanted.visits / wanted.people if wanted.visits else mean)
        self.schema = columns.visit_schema(self.about())
        self.slots = [columns.slot_text(draw.benefit, draw.disease) for draw in self.population.draws]
        """How the files spell what visits draw on, by number."""

    def about(self) -> dict[str, Any]:
        """What the files say of how they came to be."""
        stated = [asdict(row) | {"value": str(row.value)} for row in self.parameters.rows]
        return {"generator": asdict(self.wanted) | {"rules": self.book.digest, "parameters": stated}}

    def block(self, number: int) -> pa.RecordBatch:
        """The visits of one block of people."""
        first = number * BLOCK
        people = min(BLOCK, self.wanted.people - first)
        entropy = np.random.SeedSequence([self.wanted.seed, self.wanted.year], spawn_key=(number,))
        raw = np.random.PCG64(entropy).random_raw
        person = self._people(raw, people)
        counts = person.pop("count")
        if self.wanted.visits is not None:
            _make_exact(counts, self._target(first, people) - int(counts.sum()), raw)
        return self._visits(raw, first, counts, person)

    def _target(self, first: int, people: int) -> int:
        """The exact number of visits of some people."""
        visits, everybody = self.wanted.visits or 0, self.wanted.people
        return visits * (first + people) // everybody - visits * first // everybody

    def _people(self, raw: Raw, people: int) -> dict[str, Array]:
        """What is one for all visits of a person."""
        tables = self.population
        draws = raw(people)
        standing = pick(tables.standing, 0, chance(draws))
        count = self._counts[word(draws, 0)]
        draws = raw(people)
        pool = pick(tables.pool, standing, chance(draws))
        youngest, ages = tables.ages[standing].T
        age = youngest + (word(draws, 0) * ages >> 16)
        group = tables.groups[pool] * len(STANDINGS) + standing
        disease = pick(tables.disease, group, chance(raw(people)))
        situation = pick(tables.situation, group, chance(raw(people)))
        traits = np.zeros(people, np.int64)
        for bit in np.flatnonzero(tables.traits.any(axis=0)):
            traits |= (word(raw(people), 0) < tables.traits[standing, bit]).astype(np.int64) << bit
        return {
            "count": count,
            "standing": standing,
            "pool": tables.pool_codes[pool],
            "age": age,
            "disease": disease,
            "row": group * len(tables.draws) + disease,
            "situation": situation,
            "traits": traits,
        }

    def _visits(self, raw: Raw, first: int, counts: Array, people: dict[str, Array]) -> pa.RecordBatch:
        tables = self.population
        whose = np.repeat(np.arange(len(counts)), counts)
        one = {name: values[whose] for name, values in people.items()}
        form = pick(tables.visit, one["row"], chance(raw(len(whose))))
        draws = raw(len(whose))
        kind = KIND_OF[form]
        table = kind * len(SCHEMES) + SCHEME_NUMBER[one["standing"]]
        total = tables.amounts.reshape(-1)[table * QUANTILES + word(draws, 0)].astype(np.int64)
        least, most = tables.in_scope
        part = least + (word(draws, 1) * (most - least + 1) >> 16)
        return columns.visit_batch(
            self.schema,
            self.slots,
            person=1 + first + whose,
            serial=1 + np.arange(len(whose)) - (np.cumsum(counts) - counts)[whose],
            day=self._days(whose, word(draws, 2)),
            pool=one["pool"],
            standing=one["standing"],
            level=LEVEL_OF[form],
            situation=one["situation"],
            slot=np.where(kind == CHRONIC, one["disease"], 0),
            age=one["age"],
            traits=one["traits"],
            total=total,
            in_scope=total * part // THOUSAND,
        )

    def _days(self, whose: Array, draws: Array) -> Array:
        """Days since 1970, rising for each person."""
        first, after = date(self.wanted.year, 1, 1), date(self.wanted.year + 1, 1, 1)
        keys = whose * DAYS_OF_KEY + (draws * (after - first).days >> 16)
        return (first - EPOCH).days + np.sort(keys.astype(np.int32)) % DAYS_OF_KEY


SCHEMES = tuple(Scheme)
SCHEME_NUMBER = np.array([SCHEMES.index(SCHEME_OF[standing]) for standing in STANDINGS])
KIND_OF = np.array([kind for kind, _ in VISITS])
LEVEL_OF = np.array([LEVELS.index(level) for _, level in VISITS])


def chance(draws: Array) -> Array:
    """The highest 31 of 64 random bits, for `pick`."""
    return (draws >> np.uint64(33)).astype(np.uint32)


def word(draws: Array, place: int) -> Array:
    """Sixteen of 64 random bits; place 0 is the lowest, and place 0 and 1 are not among those of `chance`."""
    return (draws >> np.uint64(16 * place) & np.uint64(0xFFFF)).astype(np.int64)


def _make_exact(counts: Array, missing: int, raw: Raw) -> None:
    """Give or take visits, one at a time from people drawn, until none is missing; everybody keeps one."""
    while missing:
        whose = (raw(abs(missing)) % np.uint64(len(counts))).astype(np.int64)
        if missing > 0:
            np.add.at(counts, whose, 1)
            return
        whose = np.unique(whose)
        whose = whose[counts[whose] > 1]
        counts[whose] -= 1
        missing += len(whose)


def generate(
    wanted: Wanted,
    book: RuleBook,
    folder: Path,
    workers: int = 2,
    parts: int | None = None,
    progress: Progress | None = None,
) -> int:
    """Write the visits into a new folder, part by part; returns how many they are.

    The files take their names when all of them are written: where this is cut short, no folder holds a part of a year
    that could be taken for the whole. Raises FolderTaken, FolderInUse, NothingAnswered, CannotWrite.
    """
    _check_folder(folder)
    generator = Generator(wanted, book)
    ranges = _ranges(wanted.blocks, parts or -(-wanted.blocks // BLOCKS_OF_PART))
    with claimed(folder), writing(folder):
        _check_folder(folder)
        _clear(folder)
        try:
            visits = _write_all(generator, folder, ranges, workers, progress)
            for number in range(len(ranges)):
                _unfinished(folder, number).replace(_finished(folder, number))
        except BaseException:
            _clear(folder)
            raise
    return visits


def _check_folder(folder: Path) -> None:
    if not is_empty(folder):
        raise FolderTaken(folder=folder)


def _finished(folder: Path, number: int) -> Path:
    return folder / f"part-{number:05d}.parquet"


def _unfinished(folder: Path, number: int) -> Path:
    return folder / f"part-{number:05d}.parquet{UNFINISHED}"


def _clear(folder: Path) -> None:
    """Take away what this run, or one cut short, has written."""
    for path in folder.glob("part-*.parquet*"):
        path.unlink()


def _write_all(
    generator: Generator, folder: Path, ranges: list[range], workers: int, progress: Progress | None
) -> int:
    """Write all parts, several at a time; returns how many visits they have."""
    stop = Event()
    with ThreadPoolExecutor(workers) as pool:
        running = [
            pool.submit(_write, generator, _unfinished(folder, number), blocks, stop, progress)
            for number, blocks in enumerate(ranges)
        ]
        try:
            return sum(item.result() for item in as_completed(running))
        except BaseException:
            stop.set()
            pool.shutdown(cancel_futures=True)
            raise


def _ranges(blocks: int, parts: int) -> list[range]:
    """Blocks spread evenly over at most so many parts."""
    edges = sorted({blocks * part // parts for part in range(parts + 1)})
    return [range(first, end) for first, end in pairwise(edges)]


def _write(generator: Generator, path: Path, blocks: range, stop: Event, progress: Progress | None) -> int:
    """Write one part; returns its number of visits."""
    visits = 0
    with pq.ParquetWriter(path, generator.schema, **columns.WRITE_VISITS) as writer:
        for number in blocks:
            if stop.is_set():
                return 0
            batch = generator.block(number)
            writer.write_batch(batch, row_group_size=batch.num_rows)
            visits += batch.num_rows
            if progress:
                progress(batch.num_rows)
    return visits
