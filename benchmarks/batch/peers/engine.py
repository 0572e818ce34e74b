"""This engine: the shipped packs, the rule table, and the batches that every command uses."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from benchmarks.batch.field import Array, Field
from benchmarks.batch.peers.c import PAID
from benchmarks.batch.rule import certain_book
from yidi.benefit.batch import Results, RuleTable, Visits, pay_visits
from yidi.benefit.batch_walk import Paid
from yidi.policy.book import book
from yidi.values.terms import Benefit

PARTS, LEAST = 8, 50_000
"""For each thread at most, and visits in each: so that one that falls behind does not keep the other waiting for long."""


def rule_table(field: Field) -> RuleTable:
    """The book of a data set, with the slots that its visits name."""
    about = field.about
    certain = "numbers" in about
    table = RuleTable(certain_book() if certain else book(), unverified=not certain)
    for benefit, disease in about["slots"]:
        table.slot(Benefit(benefit), disease)
    return table


class Plain:
    """The kernel as it is, without a compiler: slow, and what all others are held against."""

    compiled = False

    def __init__(self, field: Field) -> None:
        self.table = rule_table(field)
        self.visits = Visits.of(**field.columns())
        self.results = Results.of(len(self.visits))

    def run(self, threads: int) -> None:
        parts = min(PARTS * threads, max(threads, len(self.visits) // LEAST)) if threads > 1 else 1
        cuts = [self._cut(len(self.visits) * part // parts) for part in range(parts + 1)]
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(self._pay, cuts[:-1], cuts[1:]))

    def _cut(self, row: int) -> int:
        """The row, moved on to where a person begins."""
        person = self.visits.columns.person
        return int(np.searchsorted(person, person[row - 1], side="right")) if row else 0

    def _pay(self, start: int, end: int) -> None:
        *columns, each = self.results.paid
        out = Results(Paid(*(column[start:end] for column in columns), each), end - start)
        pay_visits(self.table, self.visits[start:end], out=out, compiled=self.compiled)

    def outputs(self) -> dict[str, Array]:
        return {name: getattr(self.results, name) for name in PAID}


class Compiled(Plain):
    """The same, compiled."""

    compiled = True
