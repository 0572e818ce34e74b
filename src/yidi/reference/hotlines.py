"""Whom to call: the insurance hotline of a pool, and how to reach it from elsewhere."""

from dataclasses import dataclass, replace
from functools import lru_cache

from yidi.reference.tables import read_rows
from yidi.resources import data_path

COLUMNS = (
    "region_code",
    "region_name",
    "service",
    "number_or_channel",
    "dial_from_elsewhere",
    "kind",
    "note",
    "source",
    "confidence",
)
INSURANCE_HOTLINE = "医保服务热线"
TRUSTED = frozenset("AB")
"""Grades that are shown to people; rows of other grades stay in the register."""


@dataclass(frozen=True, slots=True)
class Hotline:
    """One way of asking. `region` is empty for a nationwide one; `dial` is what to dial from another region."""

    region: str
    region_name: str
    service: str
    number: str
    dial: str
    kind: str
    note: str
    source: str
    confidence: str


@lru_cache(maxsize=1)
def hotlines() -> tuple[Hotline, ...]:
    """Every row of the register, doubtful ones included."""
    rows = read_rows(data_path("reference", "hotlines.csv"), COLUMNS)
    return tuple(Hotline(*(row[column] for column in COLUMNS)) for row in rows)


@lru_cache(maxsize=1)
def _area_codes() -> dict[str, str]:
    rows = read_rows(data_path("reference", "area_codes.csv"), ("area_code", "region_code"))
    return {row["region_code"]: row["area_code"] for row in rows}


def area_code(region: str) -> str:
    """The telephone area code of a region, empty where the table has none."""
    return _area_codes().get(region, "")


def insurance_hotline(pool: str) -> Hotline:
    """The insurance hotline of a pool: its own row, else the nationwide number behind the pool's area code."""
    trusted = [
        row
        for row in hotlines()
        if row.service == INSURANCE_HOTLINE and row.kind == "phone" and row.confidence in TRUSTED
    ]
    for row in trusted:
        if row.region == pool:
            return row
    nationwide = next(row for row in trusted if not row.region)
    prefix = area_code(pool)
    return replace(nationwide, dial=f"{prefix}-{nationwide.number}") if prefix else nationwide
