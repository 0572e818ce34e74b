"""NumPy, one round per rank: the first visits of all person-years at once, then the second ones, and so on.

Any rule can be written so; the person with the most visits sets the number of rounds.
"""

import numpy as np

from benchmarks.batch.field import CUT, PPM, Array, Field, person_years


class Rounds:
    def __init__(self, field: Field) -> None:
        self.columns = field.columns("person", "day", "standing", "level", "slot", "in_scope")
        self.numbers = field.numbers
        self.shares = np.array(self.numbers.shares)
        self.ceilings = np.array(self.numbers.ceilings)
        visits = len(self.columns["person"])
        self.paid = {
            "deductible": np.zeros(visits, np.int64),
            "fund": np.zeros(visits, np.int64),
            "flags": np.zeros(visits, np.uint8),
        }

    def run(self, threads: int) -> None:
        person, day, standing, level, slot, in_scope = self.columns.values()
        begin = person_years(person, day, self.numbers.years)
        length = np.diff(begin, append=len(person))
        by_length = np.argsort(-length, kind="stable")
        begin, length = begin[by_length], length[by_length]
        left = np.full(len(begin), self.numbers.deductible)
        counted = np.zeros((len(begin), self.numbers.slots), np.int64)
        going = np.searchsorted(-length, -np.arange(1, length[0] + 1), side="right")
        for rank, many in enumerate(going):
            visit = begin[:many] + rank
            drawn, kind, amount = slot[visit], standing[visit], in_scope[visit]
            deductible = np.where(drawn == 0, np.minimum(amount, left[:many]), 0)
            left[:many] -= deductible
            gross = ((amount - deductible) * self.shares[kind, drawn, level[visit]] + PPM // 2) // PPM
            place = np.arange(many), drawn
            fund = np.minimum(gross, self.ceilings[kind, drawn] - counted[place])
            counted[place] += fund
            self.paid["deductible"][visit] = deductible
            self.paid["fund"][visit] = fund
            self.paid["flags"][visit] = CUT * (gross > fund)

    def outputs(self) -> dict[str, Array]:
        return self.paid
