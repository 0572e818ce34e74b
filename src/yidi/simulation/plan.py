"""A run planned: which rows of which files make one part of the results, and what must not change before it is done."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from yidi import __version__
from yidi.simulation.columns import SLOT, WORDS, about, check_schema
from yidi.simulation.errors import (
    BadFile,
    BadManifest,
    NothingToResume,
    NotSorted,
    NoVisits,
    OutputTaken,
    RunChanged,
    UnfinishedVisits,
)
from yidi.simulation.files import UNFINISHED, is_empty, why, write_text, writing
from yidi.simulation.reading import WIDEST

SUFFIX = ".parquet"
PART_ROWS = 16_000_000
"""A file with more rows makes several parts."""
MANIFEST, RESULTS, TALLIES = "manifest.json", "results", "tallies"


@dataclass(frozen=True, slots=True)
class Group:
    """One row group of the visits, in the order of all."""

    path: Path
    number: int
    first_row: int
    """Counted from 1 within the file."""
    rows: int
    least: int
    """The lowest number of a person in it; those of the next group begin at `most` or above."""
    most: int


@dataclass(frozen=True, slots=True)
class Part:
    """The people whose first visit lies in some row groups: all their visits make one part of the results."""

    name: str
    first: int
    end: int
    """Groups [first, end) of the plan."""


@dataclass(frozen=True)
class Plan:
    """Everything about the visits that is known before any is read."""

    groups: tuple[Group, ...]
    parts: tuple[Part, ...]
    files: tuple[dict[str, Any], ...]
    """Of each file its name, its rows and its SHA-256."""
    wide: bool
    """Whether some amount may need more than 32 bits."""
    about: dict[str, Any]
    """What the first file says of itself: how its visits came to be."""

    @property
    def rows(self) -> int:
        """How many visits there are."""
        return sum(group.rows for group in self.groups)

    def rows_of(self, part: Part) -> int:
        """About how many visits a part has: people at its edges may go to a neighbour."""
        return sum(group.rows for group in self.groups[part.first : part.end])


def open_file(path: Path) -> pq.ParquetFile:
    """A file of visits, its words read as dictionaries. Raises BadFile, MissingColumn, ColumnTwice, WrongType."""
    with readable(path):
        with pq.ParquetFile(path) as as_it_is:
            check_schema(as_it_is.schema_arrow, path.name)
        return pq.ParquetFile(path, read_dictionary=[*WORDS, SLOT])


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """Raises BadFile where a file is damaged, or cannot be read at all."""
    try:
        yield
    except OSError as error:
        raise BadFile(file=path.name, why=why(error)[0].rstrip(".")) from None
    except pa.ArrowException as error:
        said = (str(error).splitlines() or [type(error).__name__])[0]
        raise BadFile(file=path.name, why=said.rstrip(".")) from None


def plan(visits: Path, workers: int = 2) -> Plan:
    """Plan a run over a file or a folder of files.

    Raises NoVisits, UnfinishedVisits, BadFile, MissingColumn, ColumnTwice, WrongType, NotSorted.
    """
    paths = _paths(visits)
    groups: list[Group] = []
    parts: list[Part] = []
    files: list[dict[str, Any]] = []
    widest, said = 0, None
    with ThreadPoolExecutor(workers) as pool:
        digests = list(pool.map(_digest, paths))
    for path, digest in zip(paths, digests, strict=True):
        with readable(path), open_file(path) as file:
            of_file = list(_groups(path, file))
            widest = max(widest, _widest(file))
            said = about(file.schema_arrow) if said is None else said
        parts += _parts(path.name.removesuffix(SUFFIX), of_file, len(groups))
        groups += of_file
        files.append({"name": path.name, "rows": sum(group.rows for group in of_file), "sha256": digest})
    for before, after in pairwise(groups):
        if before.most > after.least:
            raise NotSorted(file=after.path.name, row=after.first_row)
    return Plan(tuple(groups), tuple(parts), tuple(files), widest > WIDEST, said or {})


def _paths(visits: Path) -> list[Path]:
    """The files of visits, in their order. Raises NoVisits, UnfinishedVisits."""
    if visits.is_file():
        return [visits]
    for unfinished in sorted(visits.glob(f"*{SUFFIX}{UNFINISHED}")):
        raise UnfinishedVisits(folder=visits, file=unfinished.name)
    paths = sorted(visits.glob(f"*{SUFFIX}"))
    if not paths:
        raise NoVisits(path=visits)
    return paths


def _groups(path: Path, file: pq.ParquetFile) -> Iterator[Group]:
    row = 1
    for number in range(file.metadata.num_row_groups):
        rows = file.metadata.row_group(number).num_rows
        if rows:
            yield Group(path, number, row, rows, *_bounds(file, number))
        row += rows


def _bounds(file: pq.ParquetFile, number: int) -> tuple[int, int]:
    """The lowest and the highest number of a person in a row group: from its statistics, or read."""
    found = _statistics(file, number, "person")
    if found is None:
        column = file.read_row_group(number, columns=["person"]).column("person")
        bounds = pc.min_max(column)
        found = bounds["min"].as_py(), bounds["max"].as_py()
    # Nulls are told of when the rows are read.
    return (0, 0) if None in found else found


def _statistics(file: pq.ParquetFile, number: int, name: str) -> tuple[int, int] | None:
    group = file.metadata.row_group(number)
    chunks = (group.column(place) for place in range(group.num_columns))
    statistics = next(chunk.statistics for chunk in chunks if chunk.path_in_schema == name)
    if statistics is None or not statistics.has_min_max:
        return None
    return statistics.min, statistics.max


def _widest(file: pq.ParquetFile) -> int:
    """The highest total in a file; more than fits 32 bits where nothing says."""
    found = (_statistics(file, number, "total") for number in range(file.metadata.num_row_groups))
    return max((WIDEST + 1 if item is None else item[1] for item in found), default=0)


def _parts(name: str, groups: Sequence[Group], before: int) -> Iterator[Part]:
    """The parts that one file makes."""
    count = max(1, min(len(groups), -(-sum(group.rows for group in groups) // PART_ROWS)))
    edges = [len(groups) * number // count for number in range(count + 1)]
    for number in range(count):
        own = f"{name}-{number:05d}" if count > 1 else name
        yield Part(own, before + edges[number], before + edges[number + 1])


def _digest(path: Path) -> str:
    """SHA-256 of a file. Raises BadFile."""
    with readable(path), path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


SAID = {
    "yidi": ("yidi 的版本", "the version of yidi"),
    "rules": ("规则库或其读法", "the rule book or how it is read"),
    "visits": ("就诊文件", "the visits"),
}
"""What of a run must not change, and how it is called."""


def manifest(plan: Plan, rules: dict[str, Any]) -> dict[str, Any]:
    """What a run is: written before the first part, compared before the next is computed."""
    return {
        "yidi": __version__,
        "rules": rules,
        "visits": {"rows": plan.rows, "files": list(plan.files)},
        "parts": [asdict(part) for part in plan.parts],
    }


def begin(folder: Path, wanted: dict[str, Any], resume: bool) -> None:
    """Make a folder that this run has claimed ready. Raises OutputTaken, RunChanged, BadManifest, CannotWrite."""
    path = folder / MANIFEST
    if resume:
        begun = _read_manifest(folder)
        for name, (zh, en) in SAID.items():
            if begun.get(name) != wanted[name]:
                raise RunChanged(what=zh, what_en=en)
    elif not is_empty(folder):
        raise OutputTaken(folder=folder)
    with writing(folder):
        if not resume:
            write_text(path, json.dumps(wanted, ensure_ascii=False, indent=1) + "\n")
        for name in (RESULTS, TALLIES):
            (folder / name).mkdir(exist_ok=True)


def check_folder(folder: Path, resume: bool) -> None:
    """Raises OutputTaken, NothingToResume before anything is made."""
    if resume and not (folder / MANIFEST).is_file():
        raise NothingToResume(folder=folder, manifest=MANIFEST)
    if not resume and not is_empty(folder):
        raise OutputTaken(folder=folder)


def give_up(folder: Path) -> None:
    """Take away what a run has made that failed before its first part was complete."""
    if any((folder / RESULTS).glob(f"*{SUFFIX}")):
        return
    for path in (folder / TALLIES).glob("*"):
        path.unlink()
    for name in (RESULTS, TALLIES):
        (folder / name).rmdir()
    (folder / MANIFEST).unlink()


def _read_manifest(folder: Path) -> dict[str, Any]:
    try:
        begun = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        begun = None
    if not isinstance(begun, dict):
        raise BadManifest(folder=folder, manifest=MANIFEST)
    return begun
