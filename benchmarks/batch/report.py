"""The results as a table, as JSON and as the published page."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.table import Table

from benchmarks.batch.match import ONE_RULE, WHOLE_BOOK, Match
from benchmarks.batch.race import Result

TITLES = {
    ONE_RULE: (
        "一条规则：南昌职工门诊统筹与Ⅱ类门诊慢特病",
        "One rule: outpatient care of Nanchang's employees",
    ),
    WHOLE_BOOK: ("整部规则库：全部统筹区、险种与待遇", "The whole book: all pools, schemes and benefits"),
}
HEADINGS = (
    "peer",
    "threads",
    "M visits/s",
    "CPU ns",
    "MiB",
    "differ",
    "fen lost",
    "× C",
    "× OpenFisca",
)
OF_C, OF_OPENFISCA = 0.5, 50
"""What is wanted: of the speed of the table-driven kernel in C on the whole book, and times that of OpenFisca."""


def table(match: Match) -> Table:
    """The results for a terminal."""
    found = Table(title=f"{TITLES[match.kind][1]}, {match.visits:,} visits")
    for heading in HEADINGS:
        found.add_column(
            heading, justify="left" if heading == HEADINGS[0] else "right", no_wrap=heading != HEADINGS[0]
        )
    for row in rows(match):
        found.add_row(*row)
    return found


def rows(match: Match) -> Iterator[tuple[str, ...]]:
    """One line for each peer and number of threads. A peer that could not run says why."""
    for result in match.results:
        if result.skipped:
            yield (
                f"{result.title} (not run: {result.skipped})",
                str(result.threads),
                *[""] * (len(HEADINGS) - 2),
            )
        elif result.peer == "triad":
            rate = f"{result.bytes_moved / result.best / 1e9:.1f} GB/s"
            yield result.title, str(result.threads), rate, *[""] * (len(HEADINGS) - 3)
        else:
            yield (
                result.title,
                str(result.threads),
                _short(match.visits / result.best / 1e6),
                _short(result.least_cpu / match.visits * 1e9),
                f"{result.peak / 2**20:.0f}",
                *_differences(result),
                _ratio(match.result("c-table", result.threads), result),
                _ratio(match.result("openfisca", 1), result),
            )


def goals(matches: Sequence[Match]) -> Iterator[str]:
    """What was wanted of this engine, and what it reached; nothing about what was not measured."""
    beside = {
        WHOLE_BOOK: ("c-table", "of the speed of C", OF_C),
        ONE_RULE: ("openfisca", "times the speed of OpenFisca-Core", OF_OPENFISCA),
    }
    for match in matches:
        peer, what, wanted = beside[match.kind]
        for threads in (1, 2):
            mine = match.result("yidi", threads)
            other = match.result(peer, threads) or match.result(peer, 1)
            if mine and other:
                clock, processor = other.best / mine.best, other.least_cpu / mine.least_cpu
                yield (
                    f"{match.kind}, threads: {threads}. {_short(clock)} {what} by the clock, {_short(processor)} by "
                    f"processor time; wanted: {wanted}. {mine.compared['differing']} visits differ, "
                    f"{mine.compared['fen']} fen lost."
                )


def as_json(matches: Sequence[Match], machine: dict[str, str], versions: dict[str, str]) -> dict[str, Any]:
    """Everything that was measured, with every single time."""
    return {
        "measured": datetime.now().astimezone().isoformat(timespec="seconds"),
        "machine": machine,
        "versions": versions,
        "matches": [asdict(match) for match in matches],
    }


def write(found: dict[str, Any], folder: Path) -> Path:
    """Write the results under the moment at which they were taken."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"batch-{found['measured'].translate({ord(c): None for c in ':-'})[:15]}.json"
    path.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path


def _differences(result: Result) -> tuple[str, str]:
    compared = result.compared
    if not compared:
        return "", ""
    differing = f"{compared['differing']:,}"
    if compared["unit"] != "visit":
        differing += f" of {compared['of']:,}"
    return differing, f"{compared['fen']:,}"


def _ratio(other: Result | None, result: Result) -> str:
    return _short(other.best / result.best) if other else ""


def _short(value: float) -> str:
    """Three digits that count, never an exponent."""
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"
