"""The two comparisons: one rule, which every peer can be written for; and the whole book, which two kernels take."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.batch import rule, visits
from benchmarks.batch.compare import compare
from benchmarks.batch.field import Field, as_json
from benchmarks.batch.menus import FIRST_DAY, menus_of
from benchmarks.batch.peers import ORACLE, PEERS
from benchmarks.batch.race import Pace, Result, race
from yidi.policy.book import book
from yidi.values.terms import Benefit, Level, Situation, Trait

ONE_RULE, WHOLE_BOOK = "one-rule", "whole-book"
IN = {ONE_RULE: tuple(PEERS), WHOLE_BOOK: (ORACLE, "yidi", "c-table", "limit")}
"""Who takes part."""


@dataclass(frozen=True)
class Match:
    """What came of one comparison."""

    kind: str
    visits: int
    results: list[Result]

    def result(self, peer: str, threads: int) -> Result | None:
        """The result of a peer that could run."""
        found = [item for item in self.results if (item.peer, item.threads) == (peer, threads)]
        return found[0] if found and not found[0].skipped else None


def play(
    kind: str,
    many: int,
    folder: Path,
    pace: Pace,
    say: Callable[[str], object],
    only: Sequence[str] = (),
) -> Match:
    """Make the data set, run the peers (or some of them, and the oracle) and compare what they paid."""
    say("visits")
    field = (one_rule if kind == ONE_RULE else whole_book)(folder, many)
    names = [name for name in IN[kind] if not only or name in only or name == ORACLE]
    results, paid = race(field, names, pace, say)
    for result in results:
        if result.peer in paid:
            result.compared = compare(field, paid[result.peer], paid[ORACLE])
    return Match(kind, many, results)


def one_rule(folder: Path, many: int) -> Field:
    """Visits under the one rule, and its numbers."""
    numbers = rule.numbers_of(rule.certain_book())
    slots = [
        (Benefit.GENERAL_OUTPATIENT, ""),
        *((Benefit.CHRONIC_DISEASE, code) for code in numbers.diseases),
    ]
    levels = [tuple(Level).index(level) for level in rule.LEVELS]
    columns = visits.one_rule(numbers, int(rule.POOL), levels, tuple(Situation).index(rule.SITUATION), many)
    field = Field(folder)
    field.save(columns, {"kind": ONE_RULE, "slots": slots, "numbers": as_json(numbers)})
    return field


def whole_book(folder: Path, many: int, pools: Sequence[str] = ()) -> Field:
    """Visits all over the country, or in some pools of it, under all rules."""
    menus = menus_of(book(), pools)
    columns = visits.whole_book(menus, (FIRST_DAY - rule.EPOCH).days, len(Trait), many)
    field = Field(folder)
    field.save(columns, {"kind": WHOLE_BOOK, "slots": menus.slots})
    return field
