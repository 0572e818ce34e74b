"""Reading register files: rows that know their line, so that a refusal can name it."""

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from yidi.reference.errors import BadHeader, BadRow, DemoDataRefused
from yidi.values.errors import Refusal

Entry = TypeVar("Entry")

Progress = Callable[[int, int], None]
"""Told (rows done, rows in all) while a register is being loaded."""

DEMO = "demo"
"""In a source column: the value was made up for the demo."""

BATCH_ROWS = 500


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a register file."""

    file: str
    line: int
    values: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.values[column]

    def refuse(self, column: str, why: str) -> BadRow:
        """The refusal that names this file, line and column; the caller raises it."""
        return BadRow(file=self.file, line=self.line, column=column, why=why)

    def text(self, column: str, longest: int) -> str:
        """The text of a column, at most `longest` characters: databases differ in whether they check."""
        if len(self.values[column]) > longest:
            raise self.refuse(column, f"超过 {longest} 个字")
        return self.values[column]

    def required(self, column: str, longest: int) -> str:
        """The text of a column that may not be empty."""
        if not self.values[column]:
            raise self.refuse(column, "不能为空")
        return self.text(column, longest)

    def one_of(self, column: str, allowed: frozenset[str]) -> str:
        """The text of a column that must be one of `allowed`."""
        if self.values[column] not in allowed:
            raise self.refuse(column, f"“{self.values[column]}”不在 {'、'.join(sorted(allowed))} 之中")
        return self.values[column]

    def number(self, column: str, parse: Callable[[str], int]) -> int:
        """The column read by one of the exact parsers of `values.money`."""
        try:
            return parse(self.values[column])
        except Refusal as wrong:
            raise self.refuse(column, wrong.message) from wrong

    def flag(self, column: str) -> bool:
        """A column that says `1` or `0`."""
        return self.one_of(column, frozenset("01")) == "1"


@dataclass(frozen=True, slots=True)
class LoadCounts:
    """What loading a register did. `rows` = created + updated + unchanged."""

    rows: int
    created: int
    updated: int
    unchanged: int


def read_rows(path: Path, columns: tuple[str, ...]) -> Iterator[Row]:
    """The rows of a CSV file that has at least `columns`.

    Raises BadHeader where a column is missing, BadRow where a row has not as many cells as the header.
    """
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        header = next(reader, [])
        missing = [column for column in columns if column not in header]
        if missing:
            raise BadHeader(file=path.name, missing="、".join(missing))
        for cells in reader:
            if len(cells) != len(header):
                raise BadRow(
                    file=path.name,
                    line=reader.line_num,
                    column=header[0],
                    why=f"应有 {len(header)} 列，实有 {len(cells)} 列",
                )
            yield Row(path.name, reader.line_num, dict(zip(header, cells, strict=True)))


@dataclass(frozen=True, slots=True)
class Changes(Generic[Entry]):
    """What a load has to write: entries that are new, and those there whose values differ from the file's."""

    new: list[Entry]
    changed: list[Entry]
    unchanged: int

    @property
    def counts(self) -> LoadCounts:
        """The load in numbers."""
        total = len(self.new) + len(self.changed) + self.unchanged
        return LoadCounts(total, len(self.new), len(self.changed), self.unchanged)


def compare(wanted: Mapping[Any, Entry], found: Mapping[Any, Entry], fields: Sequence[str]) -> Changes[Entry]:
    """Sets the file's entries against those there, by key; those that differ take the file's values."""
    new: list[Entry] = []
    changed: list[Entry] = []
    for key, entry in wanted.items():
        there = found.get(key)
        if there is None:
            new.append(entry)
        elif any(getattr(there, field) != getattr(entry, field) for field in fields):
            for field in fields:
                setattr(there, field, getattr(entry, field))
            changed.append(there)
    return Changes(new, changed, len(wanted) - len(new) - len(changed))


def refuse_demo(rows: Sequence[Row], source_columns: Sequence[str], allow_demo: bool) -> None:
    """Raises DemoDataRefused where a row has a made-up value and the site is no demo."""
    demo = [row for row in rows if any(row[column] == DEMO for column in source_columns)]
    if demo and not allow_demo:
        raise DemoDataRefused(file=demo[0].file, count=len(demo), line=demo[0].line)


class Shelf(Protocol):
    """Where entries are written: the manager of their table."""

    def bulk_create(self, objs: Any) -> Any: ...

    def bulk_update(self, objs: Any, fields: Any) -> Any: ...


def write(
    shelf: Shelf, changes: Changes[Any], fields: Sequence[str], progress: Progress | None
) -> LoadCounts:
    """Writes the changes in batches and tells `progress` after each how many rows are dealt with."""
    total, done = changes.counts.rows, changes.unchanged
    tell = progress or (lambda done, total: None)
    for batch in _batches(changes.new):
        shelf.bulk_create(batch)
        done += len(batch)
        tell(done, total)
    for batch in _batches(changes.changed):
        shelf.bulk_update(batch, fields)
        done += len(batch)
        tell(done, total)
    if not (changes.new or changes.changed):
        tell(done, total)
    return changes.counts


def _batches(entries: list[Entry]) -> Iterator[list[Entry]]:
    for start in range(0, len(entries), BATCH_ROWS):
        yield entries[start : start + BATCH_ROWS]
