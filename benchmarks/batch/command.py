"""`python -m benchmarks batch`."""

import tempfile
from pathlib import Path

from rich.console import Console

from benchmarks.batch import match, publish, report
from benchmarks.batch.machine import machine, versions
from benchmarks.batch.match import ONE_RULE, WHOLE_BOOK, Match
from benchmarks.batch.race import Pace

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "benchmarks" / "results"
PAGE = ROOT / "docs" / "benchmarks.md"
KINDS = (ONE_RULE, WHOLE_BOOK)
WIDE = 124
"""Columns of a terminal that the table takes."""


def run(
    console: Console,
    visits: int,
    pace: Pace,
    kinds: tuple[str, ...] = KINDS,
    only: tuple[str, ...] = (),
    to: Path | None = None,
) -> None:
    """Measure, print, write the results and, where `to` says so, the page."""
    console = Console(width=max(WIDE, console.width))
    matches = [_play(console, kind, visits, pace, only) for kind in kinds]
    for line in report.goals(matches):
        console.print(line, highlight=False)
    found = report.as_json(matches, machine(), versions())
    console.print(f"→ {report.write(found, RESULTS).relative_to(ROOT)}")
    if to:
        nation = publish.nation_of(to.read_text(encoding="utf-8")) if to.exists() else ""
        page = publish.page(matches, found)
        to.write_text(publish.with_nation(page, nation) if nation else page, encoding="utf-8")
        console.print(f"→ {to}")


def _play(console: Console, kind: str, visits: int, pace: Pace, only: tuple[str, ...]) -> Match:
    with tempfile.TemporaryDirectory(prefix="yidi-bench-") as folder, console.status("") as status:
        played = match.play(
            kind, visits, Path(folder), pace, lambda doing: status.update(f"{kind}: {doing}"), only
        )
    console.print(report.table(played))
    return played
