"""Diagnoses in the insurance system's edition of ICD-10: those of the ten chronic diseases settled across provinces."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from yidi.reference.tables import read_rows
from yidi.resources import data_path

EDITION = date(2026, 11, 22)
"""The day on which the list was last changed."""

COLUMNS = ("code", "name", "parent", "digits", "chronic_group")
CATEGORY_DIGITS, SUBCATEGORY_DIGITS = 3, 4


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One code of the list: a category of 3 digits, a subcategory of 4, or a diagnosis of 6 and more."""

    code: str
    name: str
    parent: str
    digits: int


@lru_cache(maxsize=1)
def _codes() -> dict[str, Diagnosis]:
    rows = read_rows(data_path("reference", "icd10_chronic.csv"), COLUMNS)
    return {
        row["code"]: Diagnosis(row["code"], row["name"], row["parent"], int(row["digits"])) for row in rows
    }


def diagnoses() -> Iterator[Diagnosis]:
    """The codes that a doctor may write down, in their order: not the headings above them."""
    return (item for item in _codes().values() if item.digits > SUBCATEGORY_DIGITS)


def category_of(item: Diagnosis) -> Diagnosis | None:
    """The category of 3 digits above a code, if the list has it."""
    return _above(item, CATEGORY_DIGITS)


def subcategory_of(item: Diagnosis) -> Diagnosis | None:
    """The subcategory of 4 digits above a code, if the list has one."""
    return _above(item, SUBCATEGORY_DIGITS)


def _above(item: Diagnosis, digits: int) -> Diagnosis | None:
    step = _codes().get(item.parent)
    while step is not None and step.digits != digits:
        step = _codes().get(step.parent)
    return step
