"""The sums of a tally by the names of things: what is merged, kept in files and reported.

Everything is a whole number; amounts are in fen. The order is that of the names, so that the same visits give the
same text whichever way they were cut up and counted.
"""

import json
import math
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from yidi.benefit.batch_table import Reason
from yidi.simulation import counting
from yidi.simulation.errors import TallyFull, TallyOfAnotherKind
from yidi.values.money import yuan_text
from yidi.values.terms import Benefit, Level, Scheme, Situation, Standing, Term

Array = NDArray[np.int64]
MOST = (1 << 62) - 1
"""The largest total, in fen, at which no sum of sums can leave 64 bits."""
KIND, VERSION = "yidi-tally", 1
SIDES = ("base", "reform")

OF_SIDE = (
    "deductible",
    "fund",
    "layers",
    "refused",
    "refused_total",
    "refused_in_scope",
    "upfront",
    "capped",
    "unverified",
    "unverified_fund",
    "unverified_layers",
    "large_sum",
    "serious_illness",
    "civil_servant",
    "medical_aid",
)
"""What a cell holds for each side: amounts, and numbers of visits refused, capped and paid by values not verified."""
CELL = ("visits", "total", "in_scope", *(f"{side}.{name}" for side in SIDES for name in OF_SIDE))
YEAR_OF_SIDE = ("paying", "at_ceiling", "under_deductible")
COMPARED = ("compared", "gainers", "gained", "losers", "lost")
GROUP = ("years", *(f"{side}.{name}" for side in SIDES for name in YEAR_OF_SIDE), *COMPARED)
BIN = ("years", "total", "fund", "layers", *COMPARED)
REFUSED = ("visits", "total", "in_scope")
BAND = ("gainers", "gained", "losers", "lost")
PEOPLE_BY = ("standing", "scheme", "level", "situation", "benefit", "draw", "pool")
WORDS: dict[str, type[Term]] = {
    "standing": Standing,
    "scheme": Scheme,
    "level": Level,
    "situation": Situation,
    "benefit": Benefit,
}
Item = TypeVar("Item", bound=Hashable)
Key = dict[str, int]
"""The columns of a key, and how many numbers each has room for."""
CELL_KEY: Key = {"pool": 1 << 20, "standing": 1 << 3, "draw": 1 << 12, "situation": 1 << 4, "level": 1 << 3}
GROUP_KEY: Key = {"pool": 1 << 20, "standing": 1 << 3}
PEOPLE_KEY: Key = {"by": 1 << 3, "number": 1 << 20}
BIN_KEY: Key = {"side": 1 << 1, "scheme": 1 << 1, "bin": 1 << 14}
REFUSED_KEY: Key = {"side": 1 << 1, "reason": 1 << 31}
BAND_KEY: Key = {"scheme": 1 << 1, "band": 1 << 3}
Draw = tuple[str, str]
"""What is drawn on: a benefit and a disease (or class of the drug, or nothing)."""


@dataclass(frozen=True, eq=False)
class Table:
    """Rows of sums: `keys` in rising order, none twice, each of several numbers made one, and `values`."""

    kind: "Kind"
    keys: Array
    values: Array

    def __getitem__(self, name: str) -> Array:
        """A column, of the key or of the values."""
        if name in self.kind.columns:
            return self.values[:, self.kind.columns.index(name)]
        return self.kind.column(self.keys, name)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Table)
            and self.kind == other.kind
            and np.array_equal(self.keys, other.keys)
            and np.array_equal(self.values, other.values)
        )

    def __add__(self, other: "Table") -> "Table":
        at = np.searchsorted(self.keys, other.keys)
        known = at < len(self.keys)
        known[known] = self.keys[at[known]] == other.keys[known]
        values = self.values.copy()
        values[at[known]] += other.values[known]
        keys, new = self.keys, ~known
        if new.any():
            keys = np.insert(keys, at[new], other.keys[new])
            values = np.insert(values, at[new], other.values[new], axis=0)
        return Table(self.kind, keys, values)

    def renumbered(self, name: str, numbers: Sequence[int], rows: Any = True) -> "Table":
        """The same rows with other numbers in a column of the key; in all, or in those that are chosen."""
        changed = np.asarray(numbers, np.int64)
        columns = [self.kind.column(self.keys, own) for own in self.kind.key]
        place = list(self.kind.key).index(name)
        chosen = np.broadcast_to(rows, self.keys.shape)
        columns[place][chosen] = changed[columns[place][chosen]]
        return self.kind.table(columns, self.values)

    def used(self) -> list[str]:
        """The columns that hold anything but zeros."""
        return [name for place, name in enumerate(self.kind.columns) if self.values[:, place].any()]

    def document(self) -> dict[str, Any]:
        """As JSON."""
        names = [*self.kind.key, *self.used()]
        rows = np.stack([self[name] for name in names], axis=1)
        return {"columns": names, "rows": rows.tolist()}

    def arrays(self) -> dict[str, Array]:
        """As arrays, each of the narrowest type that holds it."""
        columns = {"keys": self.keys, **{name: self[name] for name in self.used()}}
        return {name: _narrow(column) for name, column in columns.items()}


def _narrow(column: Array) -> Any:
    most = int(column.max(initial=0))
    return column.astype(np.min_scalar_type(most)) if column.min(initial=0) >= 0 else column


@dataclass(frozen=True)
class Kind:
    """What the rows of a table are known by, and what they hold."""

    key: Key
    columns: tuple[str, ...]

    def column(self, keys: Array, name: str) -> Array:
        """A number out of every key."""
        names = list(self.key)
        below = math.prod(self.key[own] for own in names[names.index(name) + 1 :])
        return keys // below % self.key[name]

    def table(self, key: Sequence[Any] = (), values: Any = ()) -> Table:
        """A table of rows in any order, none twice: `key` by column, values by row. Those of zeros fall out."""
        rows = np.asarray(values, np.int64).reshape(-1, len(self.columns))
        keys = np.zeros(len(rows), np.int64)
        for column, room in zip(key, self.key.values(), strict=bool(len(rows))):
            keys = keys * room + np.asarray(column, np.int64)
        some = rows.any(axis=1)
        keys, rows = keys[some], rows[some]
        order = np.argsort(keys)
        return Table(self, keys[order], rows[order])

    def read(self, document: Mapping[str, Any]) -> Table:
        """What `Table.document` wrote. Raises ValueError."""
        names = list(document["columns"])
        width = len(self.key)
        if names[:width] != list(self.key):
            raise ValueError(f"columns {names}")
        if any(type(number) is not int for row in document["rows"] for number in row):
            raise ValueError("not whole numbers")
        rows = np.array(document["rows"], np.int64).reshape(-1, len(names))
        return self._filled(rows[:, :width].T, {name: rows[:, names.index(name)] for name in names[width:]})

    def read_arrays(self, arrays: Mapping[str, Any]) -> Table:
        """What `Table.arrays` made."""
        keys = arrays["keys"].astype(np.int64)
        values = {name: column for name, column in arrays.items() if name != "keys"}
        return self._filled([self.column(keys, name) for name in self.key], values)

    def _filled(self, key: Any, values: Mapping[str, Any]) -> Table:
        rows = np.zeros((len(key[0]), len(self.columns)), np.int64)
        for name, column in values.items():
            rows[:, self.columns.index(name)] = column
        table = self.table(key, rows)
        if (table.keys[1:] == table.keys[:-1]).any():
            raise ValueError("some row is there twice")
        return table


CELLS = Kind(CELL_KEY, CELL)
GROUPS = Kind(GROUP_KEY, GROUP)
PEOPLE = Kind(PEOPLE_KEY, ("people",))
BIN_ROWS = Kind(BIN_KEY, BIN)
REFUSALS = Kind(REFUSED_KEY, REFUSED)
BAND_ROWS = Kind(BAND_KEY, BAND)
KINDS = {
    "cells": CELLS,
    "groups": GROUPS,
    "people_by": PEOPLE,
    "bins": BIN_ROWS,
    "refused": REFUSALS,
    "bands": BAND_ROWS,
}


@dataclass(frozen=True)
class Sums:
    """What was counted."""

    sides: int = 0
    """1: the base alone, 2: a reform too; 0: nothing was counted yet."""
    people: int = 0
    days: tuple[int, int] | None = None
    """First and last day of service, since 1970-01-01."""
    draws: tuple[Draw, ...] = ()
    """What visits draw on, sorted: tables name its place."""
    reasons: tuple[Reason, ...] = ()
    """Why visits are refused, sorted: tables name its place."""
    cells: Table = field(default_factory=CELLS.table)
    """Sums over visits. Pools by code, standings, levels and situations by their place in the list of terms."""
    groups: Table = field(default_factory=GROUPS.table)
    """Years of persons, in the pool and standing of the year's last visit."""
    people_by: Table = field(default_factory=PEOPLE.table)
    """Persons; `by` is a place in PEOPLE_BY, `number` that of the standing, of the draw, …, the code of the pool."""
    bins: Table = field(default_factory=BIN_ROWS.table)
    """Years of persons with a visit paid, by what the person pays: `counting.bin_of`."""
    refused: Table = field(default_factory=REFUSALS.table)
    bands: Table = field(default_factory=BAND_ROWS.table)
    """Years that gain or lose, by how much: `counting.BANDS`."""

    @property
    def total(self) -> int:
        """The total of all visits: no other sum is larger."""
        return int(self.cells["total"].sum())

    def __add__(self, other: "Sums") -> "Sums":
        """The sums of both. Raises TallyFull; TallyOfAnotherKind where only one of them knows a reform."""
        if self.sides and other.sides and self.sides != other.sides:
            raise TallyOfAnotherKind(
                why="一份含改革方案，一份不含", why_en="one of two has a reform, the other has none"
            )
        check_total(self.total + other.total)
        draws = tuple(sorted({*self.draws, *other.draws}))
        reasons = tuple(sorted({*self.reasons, *other.reasons}))
        one, two = (item.named(draws, reasons) for item in (self, other))
        days = [day for item in (self, other) if item.days for day in item.days]
        tables = {name: table + getattr(two, name) for name, table in one.tables().items()}
        return Sums(
            sides=max(self.sides, other.sides),
            people=self.people + other.people,
            days=(min(days), max(days)) if days else None,
            draws=draws,
            reasons=reasons,
            **tables,
        )

    def named(self, draws: tuple[Draw, ...], reasons: tuple[Reason, ...]) -> "Sums":
        """The same sums with the places of draws and reasons in other lists."""
        if (draws, reasons) == (self.draws, self.reasons):
            return self
        # One that is not in the new list stands in no row.
        new_draws, new_reasons = places(draws), places(reasons)
        place_of_draw = [new_draws.get(draw, 0) for draw in self.draws]
        place_of_reason = [new_reasons.get(reason, 0) for reason in self.reasons]
        by_draw = self.people_by["by"] == PEOPLE_BY.index("draw")
        return replace(
            self,
            draws=draws,
            reasons=reasons,
            cells=self.cells.renumbered("draw", place_of_draw),
            people_by=self.people_by.renumbered("number", place_of_draw, by_draw),
            refused=self.refused.renumbered("reason", place_of_reason),
        )

    def without_unused(self) -> "Sums":
        """The same sums without the draws and reasons that no visit has."""
        draws = tuple(self.draws[place] for place in np.unique(self.cells["draw"]))
        reasons = tuple(self.reasons[place] for place in np.unique(self.refused["reason"]))
        return self.named(draws, reasons)

    def head(self) -> dict[str, Any]:
        """Everything but the tables, and what the numbers in these mean, as JSON."""
        return {
            "kind": KIND,
            "version": VERSION,
            "sides": list(SIDES[: self.sides]),
            "people": self.people,
            "days": self.days and list(self.days),
            "words": {name: [str(word) for word in words] for name, words in WORDS.items()},
            "people_by": list(PEOPLE_BY),
            "bins_of_octave": counting.BINS_OF_OCTAVE,
            "bands": list(counting.BANDS),
            "draws": [list(draw) for draw in self.draws],
            "reasons": [list(reason) for reason in self.reasons],
        }

    @classmethod
    def read(cls, head: Mapping[str, Any], tables: Mapping[str, Table]) -> "Sums":
        """The sums with that head. Raises TallyOfAnotherKind; KeyError, TypeError, ValueError where it is damaged."""
        expected = Sums().head()
        for name in ("kind", "version", "words", "people_by", "bins_of_octave", "bands"):
            if head[name] != expected[name]:
                raise TallyOfAnotherKind(
                    why=f"{name} 与本版本不同", why_en=f"{name} is not that of this version"
                )
        days = head["days"]
        return cls(
            sides=len(head["sides"]),
            people=int(head["people"]),
            days=None if days is None else (int(days[0]), int(days[1])),
            draws=tuple((str(benefit), str(disease)) for benefit, disease in head["draws"]),
            reasons=tuple(Reason(*reason) for reason in head["reasons"]),
            **tables,
        )

    def tables(self) -> dict[str, Table]:
        return {name: getattr(self, name) for name in KINDS}


def places(items: Iterable[Item]) -> dict[Item, int]:
    """The place of each in a list."""
    return {item: place for place, item in enumerate(items)}


def check_total(total: int) -> None:
    """Raises TallyFull where sums could leave 64 bits."""
    if total > MOST:
        raise TallyFull(most=yuan_text(MOST))


def json_text(head: Mapping[str, Any], tables: Mapping[str, Table]) -> str:
    """JSON in one fixed spelling, a row of a table on each line."""
    lines = [f"{_one(name)}: {_one(value)}" for name, value in head.items()]
    lines.append('"tables": {\n' + ",\n".join(_table_lines(tables)) + "\n}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _table_lines(tables: Mapping[str, Table]) -> Iterator[str]:
    for name, table in tables.items():
        document = table.document()
        rows = ",\n".join(map(_one, document["rows"]))
        yield f'{_one(name)}: {{"columns": {_one(document["columns"])}, "rows": [\n{rows}\n]}}'


def _one(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
