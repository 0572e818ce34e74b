"""What each peer paid, held against the oracle, column by column."""

from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.batch.field import Array, Field

FUNDS = ("fund", "layers")


def compare(field: Field, paid: Path, oracle: Path) -> dict[str, Any]:
    """How many visits differ in any column, in which ones, and by how many fen the funds' parts differ in all.

    Empty of a peer that pays nothing. A peer without results per visit is compared by person and benefit year.
    """
    with np.load(paid) as those, np.load(oracle) as right:
        if not those.files:
            return {}
        if "fund" not in those:
            return _by_year(field, dict(those), right["fund"])
        differing = {name: those[name].astype(np.int64) != right[name] for name in those.files}
        return {
            "unit": "visit",
            "of": len(right["fund"]),
            "columns": {name: int(differs.sum()) for name, differs in differing.items()},
            "differing": int(np.logical_or.reduce(list(differing.values())).sum()),
            "fen": sum(
                int(np.abs(those[name].astype(np.int64) - right[name]).sum())
                for name in those.files
                if name in FUNDS
            ),
        }


def _by_year(field: Field, years: dict[str, Array], fund: Array) -> dict[str, Any]:
    person, year = field.column("person"), field.column("day").astype("datetime64[D]").astype("datetime64[Y]")
    found = {"unit": "person and year", "of": 0, "differing": 0, "fen": 0, "most": 0}
    for name, given in years.items():
        those = year == np.datetime64(name.removeprefix("fund_"))
        right = np.bincount(person[those], fund[those], len(given)).astype(np.int64)
        apart = np.abs(given - right)
        found["of"] += int(np.count_nonzero(np.bincount(person[those], minlength=len(given))))
        found["differing"] += int(np.count_nonzero(apart))
        found["fen"] += int(apart.sum())
        found["most"] = max(found["most"], int(apart.max()))
    return found
