"""What all peers run on: one data set in a folder, and the numbers of the rule.

Imports NumPy alone, because a peer may live in an environment that has nothing of this project.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

COLUMNS: dict[str, type] = {
    "person": np.int64,
    "day": np.int32,
    "pool": np.int32,
    "standing": np.int8,
    "level": np.int8,
    "situation": np.int8,
    "slot": np.int16,
    "age": np.int16,
    "traits": np.int32,
    "total": np.int64,
    "in_scope": np.int64,
}
"""What a visit consists of, as the engine's batches have it. Days since 1970, money in fen."""
PPM = 1_000_000
CUT = 1
"""Flag of a visit on whose fund a ceiling has cut."""


@dataclass(frozen=True)
class Numbers:
    """The one rule as numbers, for peers that cannot read packs: general outpatient care, and listed diseases.

    Slot 0 is general outpatient care, which alone has a deductible; each further slot is a disease with a ceiling of
    its own. A person's standing does not change within a year. Tables go by standing, slot and level.
    """

    diseases: tuple[str, ...]
    """M-codes, those of slot 1, 2, …"""
    deductible: int
    """Fen a year."""
    shares: tuple[tuple[tuple[int, ...], ...], ...]
    """Parts per million, by standing, slot, level."""
    ceilings: tuple[tuple[int, ...], ...]
    """Fen a year, by standing, slot."""
    years: tuple[int, ...]
    """The first day of each benefit year in the data, and the day after the last."""

    @property
    def slots(self) -> int:
        return 1 + len(self.diseases)


@dataclass(frozen=True)
class Field:
    """A folder with one data set."""

    folder: Path

    def column(self, name: str) -> Array:
        """One column of the visits, in memory."""
        loaded: Array = np.load(self.folder / f"{name}.npy")
        return loaded

    def columns(self, *names: str) -> dict[str, Array]:
        """Several columns; all where none is named."""
        return {name: self.column(name) for name in names or COLUMNS}

    def save(self, columns: Mapping[str, Array], about: Mapping[str, Any]) -> None:
        """Write the data set. `about` tells its kind, and what else a peer must know."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for name, kind in COLUMNS.items():
            np.save(self.folder / f"{name}.npy", np.ascontiguousarray(columns[name], dtype=kind))
        (self.folder / "about.json").write_text(json.dumps(dict(about), ensure_ascii=False, indent=1))

    @property
    def about(self) -> dict[str, Any]:
        """What `save` was told."""
        told: dict[str, Any] = json.loads((self.folder / "about.json").read_text())
        return told

    @property
    def numbers(self) -> Numbers:
        """The one rule. Raises KeyError of a data set for the whole book."""
        return Numbers(**{name: _tuples(value) for name, value in self.about["numbers"].items()})


def as_json(numbers: Numbers) -> dict[str, Any]:
    """What `Field.numbers` reads back."""
    return asdict(numbers)


def person_years(person: Array, day: Array, years: tuple[int, ...]) -> Array:
    """Where each person's visits of one benefit year begin; visits come sorted by person and day."""
    year = np.searchsorted(np.array(years), day, side="right")
    new = np.empty(len(person), bool)
    new[:1] = True
    new[1:] = (person[1:] != person[:-1]) | (year[1:] != year[:-1])
    return np.flatnonzero(new)


def _tuples(value: Any) -> Any:
    return tuple(_tuples(item) for item in value) if isinstance(value, list) else value
