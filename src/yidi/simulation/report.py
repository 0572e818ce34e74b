"""The report of a simulation: `report.json` with every figure, and `report.html`, one page that needs nothing else.

    write(sums, folder, About(base=RuleSet(book.digest), synthetic=True, data=Said("…", "…")))

Both say what the numbers rest on, and nothing about the machine or the time on which they were computed: the same
visits and the same rules give the same two files, byte for byte.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from yidi import __version__
from yidi.benefit.batch_store import EPOCH
from yidi.simulation import figures
from yidi.simulation.charts import Said
from yidi.simulation.figures import Band, Line, Quantile, Refused, Tenth, Years
from yidi.simulation.sums import SIDES, Sums
from yidi.simulation.tally import Tally
from yidi.values.money import percent_text, yuan_text
from yidi.values.terms import Scheme

KIND, VERSION = "yidi-report", 1
JSON_NAME, PAGE_NAME = "report.json", "report.html"
BY = ("scheme", "standing", "pool", "level", "benefit", "draw", "situation")
YEARS_BY = ("scheme", "standing", "pool")
MONEY = frozenset(
    "total in_scope paid_total paid_in_scope deductible fund layers refused_total refused_in_scope upfront"
    " unverified_fund unverified_layers large_sum serious_illness civil_servant medical_aid gained lost over upto"
    " least most funds person outside own_share change".split()
)
"""Fields that are amounts."""
WORKED_OUT = {figures.Amounts: ("funds", "person", "outside", "own_share", "share"), Tenth: ("person",)}
"""What is told beside the fields."""
BASE, REFORM = Said("现行规则", "rules in force"), Said("比较规则", "rules compared")
TOLD, MADE_UP = (
    Said("就诊数据由使用者提供。", "The visits were given by the user."),
    Said(
        "就诊数据是按所列参数随机生成的，不是真实的人和就诊。",
        "The visits are made up at random by the parameters listed; they are no real people's.",
    ),
)


@dataclass(frozen=True, slots=True)
class RuleSet:
    """One set of rules."""

    digest: str
    """SHA-256 of the rule book."""
    title: Said = BASE
    reading: str = ""
    """A reading called by name instead of the adopted ones."""
    unverified: bool = False
    """Whether values that are not verified answer where nothing better does."""


@dataclass(frozen=True, slots=True)
class Stated:
    """One parameter or fact about the data, as text."""

    name: str
    zh: str
    value: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class About:
    """What the numbers rest on."""

    base: RuleSet
    reform: RuleSet | None = None
    synthetic: bool = False
    """Whether the visits are made up."""
    data: Said = TOLD
    """Where the visits come from, in a sentence."""
    parameters: tuple[Stated, ...] = ()
    files: tuple[Stated, ...] = ()
    """The files of visits: name, rows, digest."""
    version: str = __version__

    @property
    def rule_sets(self) -> tuple[RuleSet, ...]:
        """The sets of rules, by side."""
        return (self.base,) if self.reform is None else (self.base, self.reform)


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
    """By scheme, and of all."""
    quantiles: dict[str, dict[str, list[Quantile]]]
    """By side; by scheme, and of all."""
    refused: dict[str, list[Refused]]
    """By side."""

    @classmethod
    def of(cls, sums: Sums, about: About) -> "Report":
        """The figures of a tally."""
        schemes: dict[str, int | None] = {
            "all": None,
            **{str(scheme): place for place, scheme in enumerate(Scheme)},
        }
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


def write(counted: Tally | Sums, folder: Path, about: About) -> None:
    """Write both files into a folder; they are there whole or as they were before."""
    from yidi.simulation.page import page

    report = Report.of(counted.sums() if isinstance(counted, Tally) else counted, about)
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in ((JSON_NAME, json_text(report)), (PAGE_NAME, page(report))):
        unfinished = folder / f"{name}.unfinished"
        unfinished.write_text(text, encoding="utf-8")
        unfinished.replace(folder / name)


def json_text(report: Report) -> str:
    """All figures as JSON: amounts in yuan as text, everything else as it is."""
    first, last = report.days or (None, None)
    document = {
        "kind": KIND,
        "version": VERSION,
        "about": _plain(report.about),
        "sides": list(SIDES[: report.sides]),
        "first_day": _day(first),
        "last_day": _day(last),
        "whole": _plain(report.whole),
        "lines": _plain(report.lines),
        "years": _plain(report.years),
        "bands": _plain(report.bands),
        "tenths": _plain(report.tenths),
        "quantiles": _plain(report.quantiles),
        "refused": _plain(report.refused),
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _day(day: int | None) -> str | None:
    return None if day is None else (EPOCH + timedelta(days=day)).isoformat()


def _plain(item: Any, name: str = "") -> Any:
    """Dataclasses as dictionaries, amounts as yuan, shares as percentages; `sides` by their names."""
    if is_dataclass(item):
        names = [part.name for part in fields(item)] + list(WORKED_OUT.get(type(item), ()))
        return {part: _plain(getattr(item, part), part) for part in names}
    if isinstance(item, Mapping):
        return {key: _plain(value) for key, value in item.items()}
    if name == "sides":
        return {side: _plain(value) for side, value in zip(SIDES, item, strict=False)}
    if isinstance(item, list | tuple):
        return [_plain(value) for value in item]
    if name in MONEY and item is not None:
        return yuan_text(item)
    return percent_text(item) if name == "share" and item is not None else item
