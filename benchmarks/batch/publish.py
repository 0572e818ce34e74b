"""docs/benchmarks.md: the page that the results make."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from benchmarks.batch.match import Match
from benchmarks.batch.report import HEADINGS, TITLES, goals, rows

TOP = """# 批量计算性能 · Batch benchmarks

本页由 `python -m benchmarks batch --publish` 写成，请勿手改。各方在同一次运行中、对同一批生成的就诊、按同一规则计算；每一方的
结果逐列与基准（同一内核按普通 Python 运行）比较，“differ”与“fen lost”两列即差异的就诊数与分数。取各次运行中最快的一次。

This page is written by `python -m benchmarks batch --publish`. All peers ran in one run, on the same generated visits
and the same rule; what each paid was compared, column by column, with the oracle: the same kernel run as plain Python.
Times are the best of several runs in memory, reading and start-up apart; the peak is that of the peer's own process with
the visits loaded. “× C” and “× OpenFisca” say how many times as fast a peer is as the table-driven kernel in C with as
many threads, and as OpenFisca-Core's exact formulation.
"""
NOTES = """## 说明 · Notes

* The rule's numbers come from the shipped packs when the benchmark starts. In the one rule, ceilings that a source gives
  as a range stand at their certain end, since window functions cannot refuse what lies beyond it; over the whole book
  ranges are kept, and readings not adopted answer where nothing better does.
* Amounts, visit counts and the spread over pools are round figures for timing, not statistics.
* OpenFisca-Core has no loop over the visits of a person, so its exact formulation sums along them by NumPy inside its
  formulas; two benefit years are one period to it. Its natural form, a person by month, gives no result per visit; its
  yearly totals are compared instead, and summing visits to months was not timed.
* Polars and DuckDB can write this rule only because deductible and ceilings are constant within a person's year.
* “The same bytes” are all columns that the engine reads and writes, with no rule in between.
"""


NATION_TITLE = "## 全国一年 · A nation's year"
"""Begins the part of the page that `python -m benchmarks nation` writes."""


def nation_of(text: str) -> str:
    """The part of a page about a nation's year; nothing where it has none."""
    _, found, rest = text.partition(NATION_TITLE)
    return found + rest.partition("\n## ")[0].rstrip("\n") + "\n" if found else ""


def with_nation(text: str, section: str) -> str:
    """A page with that part in the place of its own, or before its notes."""
    old = nation_of(text)
    if old:
        return text.replace(old, section)
    before, notes, after = text.partition(NOTES)
    return before.rstrip("\n") + "\n\n" + section + ("\n" if notes else "") + notes + after


def page(matches: Sequence[Match], found: dict[str, Any]) -> str:
    """The page, with machine, versions and the day of measuring."""
    parts = [TOP, *_taken(found)]
    for match in matches:
        zh, en = TITLES[match.kind]
        parts += [f"## {zh} · {en}\n", f"{match.visits:,} visits.\n", "\n".join(_lines(match)) + "\n"]
    wanted = "\n".join(f"* {line}" for line in goals(matches))
    if wanted:
        parts.append(f"## 目标 · What was wanted\n\n{wanted}\n")
    return "\n".join([*parts, NOTES])


def _taken(found: dict[str, Any]) -> Iterator[str]:
    measured = datetime.fromisoformat(found["measured"])
    machine = {name: value for name, value in found["machine"].items() if value}
    told = {"measured": f"{measured:%Y-%m-%d}", **machine, **found["versions"]}
    yield "| | |\n| --- | --- |\n" + "\n".join(f"| {name} | {value} |" for name, value in told.items()) + "\n"


def _lines(match: Match) -> Iterator[str]:
    yield "| " + " | ".join(HEADINGS) + " |"
    yield "| --- |" + " ---: |" * (len(HEADINGS) - 1)
    for row in rows(match):
        yield "| " + " | ".join(row) + " |"
