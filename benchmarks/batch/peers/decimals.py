"""Plain Python with decimal yuan: the rule as a clerk would write it down."""

from bisect import bisect_right
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from itertools import islice

import numpy as np

from benchmarks.batch.field import CUT, Array, Field

CENT = Decimal("0.01")
NOTHING = Decimal(0)
COLUMNS = ("person", "day", "standing", "level", "slot", "in_scope")
AT_ONCE = 100_000
"""Visits that are Python objects at a time."""
Visit = tuple[int, int, int, int, int, int]


class Decimals:
    def __init__(self, field: Field) -> None:
        self.columns = field.columns(*COLUMNS)
        numbers = field.numbers
        self.years = numbers.years
        self.deductible = Decimal(numbers.deductible).scaleb(-2)
        self.ceilings = [[Decimal(fen).scaleb(-2) for fen in row] for row in numbers.ceilings]
        self.shares = [
            [[Decimal(ppm).scaleb(-6) for ppm in levels] for levels in slots] for slots in numbers.shares
        ]
        self.paid = np.zeros((0, 3), np.int64)

    def run(self, threads: int) -> None:
        paid = []
        rows = self._paid()
        while some := list(islice(rows, AT_ONCE)):
            paid.append(np.array(some, np.int64))
        self.paid = np.concatenate(paid)

    def _paid(self) -> Iterator[tuple[int, int, int]]:
        """Deductible, fund and flag of one visit after another."""
        who = -1, -1
        left = NOTHING
        counted = [NOTHING] * len(self.ceilings[0])
        for person, day, standing, level, slot, fen in self._visits():
            year = bisect_right(self.years, day)
            if (person, year) != who:
                who, left = (person, year), self.deductible
                counted = [NOTHING] * len(counted)
            in_scope = Decimal(fen).scaleb(-2)
            deductible = NOTHING if slot else min(in_scope, left)
            left -= deductible
            gross = ((in_scope - deductible) * self.shares[standing][slot][level]).quantize(
                CENT, ROUND_HALF_UP
            )
            fund = min(gross, self.ceilings[standing][slot] - counted[slot])
            counted[slot] += fund
            yield int(deductible.scaleb(2)), int(fund.scaleb(2)), CUT * (gross > fund)

    def _visits(self) -> Iterator[Visit]:
        for start in range(0, len(self.columns["person"]), AT_ONCE):
            yield from zip(
                *(column[start : start + AT_ONCE].tolist() for column in self.columns.values()), strict=True
            )

    def outputs(self) -> dict[str, Array]:
        return dict(zip(("deductible", "fund", "flags"), self.paid.T, strict=True))
