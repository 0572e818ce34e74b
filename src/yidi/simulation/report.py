"""The report of a simulation: `report.json` with every figure, and `report.html`, one page that needs nothing else.

    write(sums, folder, About(base=RuleSet(book().digest)))

Neither says anything about the machine or the time on which it was computed: the same sums give the same two files,
byte for byte.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from yidi.benefit.batch_store import EPOCH
from yidi.simulation import figures
from yidi.simulation.about import About
from yidi.simulation.figures import Amounts, Band, Line, Quantile, Refused, Tenth, Years
from yidi.simulation.files import write_text, writing
from yidi.simulation.page import page
from yidi.simulation.sums import SIDES, Sums
from yidi.simulation.tally import Tally
from yidi.values.money import percent_text, yuan_text
from yidi.values.terms import Scheme

KIND, VERSION = "yidi-report", 1
JSON_NAME, PAGE_NAME = "report.json", "report.html"
BY = ("scheme", "standing", "pool", "level", "benefit", "draw", "situation")
YEARS_BY = ("scheme", "standing", "pool")
COUNTS = frozenset(
    {
        "visits",
        "people",
        "refused",
        "capped",
        "unverified",
        "years",
        "compared",
        "gainers",
        "losers",
        "unchanged",
        "number",
        "tenths",
        "rows",
    }
)
"""Whole numbers that are no amounts."""
BY_SIDE = frozenset({"sides", "paying", "at_ceiling", "under_deductible"})
WORKED_OUT: dict[type, tuple[str, ...]] = {
    Amounts: ("funds", "person", "outside", "own_share", "share"),
    Years: ("unchanged",),
    Tenth: ("person",),
}
"""What is told of them beside their fields."""


@dataclass(frozen=True)
class Report:
    """All figures."""

    about: About
    sides: int
    days: tuple[int, int] | None
    whole: Line
    lines: dict[str, list[Line]]
    years: dict[str, list[Years]]
    """By scheme, standing and pool; under "all" one line."""
    bands: list[Band]
    tenths: dict[str, list[Tenth]]
    """By scheme; under "all" of all."""
    quantiles: dict[str, dict[str, list[Quantile]]]
    """By side, then as `tenths`."""
    refused: dict[str, list[Refused]]
    """By side."""

    @classmethod
    def of(cls, sums: Sums, about: About) -> "Report":
        """The figures of a tally. Raises ValueError where it has another number of sides than what it rests on."""
        wanted = len(about.rule_sets)
        if sums.sides not in (0, wanted):
            raise ValueError(f"{sums.sides} sides were counted, {wanted} sets of rules are named")
        sums = replace(sums, sides=wanted)  # where nothing was counted, it is not known yet
        schemes: dict[str, int | None] = {"all": None}
        schemes |= {str(scheme): place for place, scheme in enumerate(Scheme)}
        sides = dict(enumerate(SIDES[: sums.sides]))
        return cls(
            about=about,
            sides=sums.sides,
            days=sums.days,
            whole=figures.whole(sums),
            lines={by: figures.lines(sums, by) for by in BY},
            years={"all": figures.years(sums), **{by: figures.years(sums, by) for by in YEARS_BY}},
            bands=figures.bands(sums) if sums.sides == len(SIDES) else [],
            tenths={name: figures.tenths(sums, scheme) for name, scheme in schemes.items()},
            quantiles={
                side: {name: figures.quantiles(sums, place, scheme) for name, scheme in schemes.items()}
                for place, side in sides.items()
            },
            refused={side: figures.refused(sums, place) for place, side in sides.items()},
        )

    @property
    def dates(self) -> tuple[str, str] | None:
        """First and last day of service."""
        if self.days is None:
            return None
        first, last = (EPOCH + timedelta(days=day) for day in self.days)
        return first.isoformat(), last.isoformat()


def write(counted: Tally | Sums, folder: Path, about: About) -> None:
    """Write both files into a folder; each is there whole or as it was before. Raises CannotWrite."""
    report = Report.of(counted.sums() if isinstance(counted, Tally) else counted, about)
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in ((JSON_NAME, json_text(report)), (PAGE_NAME, page(report))):
            write_text(folder / name, text)


def json_text(report: Report) -> str:
    """All figures as JSON: amounts in yuan as text, shares in percent as text, numbers of things as numbers."""
    document = {
        "kind": KIND,
        "version": VERSION,
        "about": _plain(report.about),
        "sides": list(SIDES[: report.sides]),
        "days": report.dates,
        **{
            name: _plain(getattr(report, name))
            for name in ("whole", "lines", "years", "bands", "tenths", "quantiles", "refused")
        },
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _plain(item: Any, name: str = "") -> Any:
    if is_dataclass(item):
        names = [part.name for part in fields(item)] + list(WORKED_OUT.get(type(item), ()))
        return {part: _plain(getattr(item, part), part) for part in names}
    if isinstance(item, Mapping):
        return {key: _plain(value) for key, value in item.items()}
    if name in BY_SIDE:
        return {side: _plain(value) for side, value in zip(SIDES, item, strict=False)}
    if isinstance(item, list | tuple):
        return [_plain(value) for value in item]
    if name == "share" and item is not None:
        return percent_text(item)
    is_amount = isinstance(item, int) and not isinstance(item, bool) and name and name not in COUNTS
    return yuan_text(item) if is_amount else item
