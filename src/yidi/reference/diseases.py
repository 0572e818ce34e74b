"""Chronic and special diseases (门诊慢特病), with the ten groups settled directly across provinces."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from yidi.reference.errors import UnknownDisease
from yidi.reference.tables import read_rows
from yidi.resources import data_path

EDITION = date(2026, 11, 22)
"""The day on which the list was last changed."""

COLUMNS = (
    "code",
    "name",
    "parent",
    "national_group",
    "settled_nationally",
    "since",
    "other_names",
    "sources",
    "confidence",
)


@dataclass(frozen=True, slots=True)
class ChronicDisease:
    """One disease of the list.

    `group` is the national group that drugs are matched with, empty for a disease of none.
    `settled_nationally` says that the code itself, and not only its group, is one of the ten settled
    directly; `since` is the year it became so.
    """

    code: str
    name: str
    parent: str
    group: str
    settled_nationally: bool
    since: int | None
    other_names: tuple[str, ...]
    confidence: str


@lru_cache(maxsize=1)
def _diseases() -> dict[str, ChronicDisease]:
    rows = read_rows(data_path("reference", "chronic_diseases.csv"), COLUMNS)
    return {
        row["code"]: ChronicDisease(
            code=row["code"],
            name=row["name"],
            parent=row["parent"],
            group=row["national_group"],
            settled_nationally=row.flag("settled_nationally"),
            since=int(row["since"]) if row["since"] else None,
            other_names=tuple(row["other_names"].split("|")) if row["other_names"] else (),
            confidence=row["confidence"],
        )
        for row in rows
    }


def diseases() -> tuple[ChronicDisease, ...]:
    """All diseases in the order of their codes."""
    return tuple(_diseases().values())


def find_disease(code: str) -> ChronicDisease | None:
    """The disease with that code, or None."""
    return _diseases().get(code)


def disease(code: str) -> ChronicDisease:
    """The disease with that code. Raises UnknownDisease."""
    found = find_disease(code)
    if found is None:
        raise UnknownDisease(text=code)
    return found


def group_of(code: str) -> str:
    """The national group of the disease, empty for none. Raises UnknownDisease."""
    return disease(code).group


@lru_cache(maxsize=1)
def groups() -> frozenset[str]:
    """Every national group that a disease of the list belongs to."""
    return frozenset(entry.group for entry in diseases() if entry.group)
