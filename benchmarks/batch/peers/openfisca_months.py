"""OpenFisca-Core as its packages are written: a person, monthly variables in yuan, sums since January.

There are no results per visit, and fen are lost: a month's deductible must be shared out over the levels, rounding is
per month, and numbers have 24 bits. Visits are summed to months beforehand and that is not timed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from openfisca_core.entities import Entity
from openfisca_core.model_api import ETERNITY, MONTH
from openfisca_core.simulations import SimulationBuilder

from benchmarks.batch.field import Array, Field, Numbers
from benchmarks.batch.peers.openfisca_model import (
    Level,
    Standing,
    add,
    ceiling_table,
    codes,
    share_table,
    system,
)


@dataclass(frozen=True)
class Input:
    """A variable of what was in scope in a month, of one slot and the levels that share alike."""

    name: str
    slot: int
    levels: tuple[Level, ...]


class Months:
    def __init__(self, field: Field) -> None:
        self.numbers = field.numbers
        columns = field.columns("person", "day", "standing", "level", "slot", "in_scope")
        self.people = int(columns["person"][-1]) + 1
        month = columns["day"].astype("datetime64[D]").astype("datetime64[M]")
        self.months = np.unique(month)
        levels = [level for level in Level if (columns["level"] == level.index).any()]
        self.inputs = {slot: list(_inputs(slot, levels, self.numbers)) for slot in range(self.numbers.slots)}
        self.standing = np.zeros(self.people, np.int8)
        self.standing[columns["person"]] = columns["standing"]
        place = np.searchsorted(self.months, month) * self.people + columns["person"]
        self.sums = {
            item.name: self._summed(columns, place, item) for items in self.inputs.values() for item in items
        }
        self.person = Entity("person", "persons", "person", "")
        self.system = system([self.person], self.numbers, yuan=True)
        self._declare()
        self.fund: dict[str, Array] = {}

    def _summed(self, columns: dict[str, Array], place: Array, item: Input) -> Array:
        """In-scope yuan by month and person."""
        levels = [level.index for level in item.levels]
        those = (columns["slot"] == item.slot) & np.isin(columns["level"], levels)
        yuan = np.bincount(place[those], columns["in_scope"][those] / 100, len(self.months) * self.people)
        return yuan.astype(np.float32).reshape(len(self.months), self.people)

    def _declare(self) -> None:
        add(self.system, "standing", self.person, Standing, ETERNITY)
        for name in self.sums:
            add(self.system, name, self.person, float, MONTH)
        add(self.system, "deductible_so_far", self.person, float, MONTH, self._deductible_so_far)
        for slot in self.inputs:
            add(self.system, f"fund_so_far_{slot}", self.person, float, MONTH, self._fund_so_far(slot))
        add(self.system, "fund", self.person, float, MONTH, self._fund)

    def run(self, threads: int) -> None:
        simulation = SimulationBuilder().build_default_simulation(self.system, self.people)
        simulation.set_input("standing", "ETERNITY", Standing.encode(self.standing))
        for name, sums in self.sums.items():
            for month, values in zip(self.months, sums, strict=True):
                simulation.set_input(name, str(month), values)
        # In order: asked for December first, OpenFisca cuts the recursion off and answers with less.
        self.fund = {str(month): simulation.calculate("fund", str(month)) for month in self.months}

    def _in_month(self, person: Any, period: Any, slot: int) -> list[Array]:
        return [person(item.name, period) for item in self.inputs[slot]]

    def _deductible_so_far(self, person: Any, period: Any, parameters: Any) -> Array:
        before = _before(person, "deductible_so_far", period)
        return np.minimum(parameters(period).deductible, before + sum(self._in_month(person, period, 0)))

    def _fund_so_far(self, slot: int) -> Any:
        """The formula of a slot."""
        levels = [item.levels[0] for item in self.inputs[slot]]

        def formula(person: Any, period: Any, parameters: Any) -> Array:
            standing, amounts = codes(person("standing", period)), self._in_month(person, period, slot)
            shares = share_table(parameters(period), [slot], levels)[:, 0].astype(np.float32)
            gross = sum(amount * shares[standing, place] for place, amount in enumerate(amounts))
            if slot == 0:
                gross = gross * self._left(person, period, sum(amounts))
            ceiling = ceiling_table(parameters(period), [slot])[standing, 0]
            return np.minimum(ceiling, _before(person, f"fund_so_far_{slot}", period) + np.round(gross, 2))

        return formula

    def _left(self, person: Any, period: Any, amount: Array) -> Array:
        """The part of a month's amount that its deductible leaves."""
        deductible = person("deductible_so_far", period) - _before(person, "deductible_so_far", period)
        return 1 - np.divide(deductible, amount, out=np.zeros_like(amount), where=amount > 0)

    def _fund(self, person: Any, period: Any, parameters: Any) -> Array:
        names = [f"fund_so_far_{slot}" for slot in self.inputs]
        return sum(person(name, period) - _before(person, name, period) for name in names)

    def outputs(self) -> dict[str, Array]:
        """What the fund pays in each benefit year, in fen, by year and person: 2026 → `fund_2026`."""
        found: dict[str, Array] = {}
        for month, yuan in self.fund.items():
            name = f"fund_{month[:4]}"
            found[name] = found.get(name, 0) + yuan.astype(np.float64) * 100
        return {name: np.rint(fen).astype(np.int64) for name, fen in found.items()}


def _inputs(slot: int, levels: list[Level], numbers: Numbers) -> Iterator[Input]:
    """One variable for all levels where none makes a difference, else one for each."""
    shares = {tuple(of[slot][level.index] for of in numbers.shares) for level in levels}
    if len(shares) == 1:
        yield Input(f"in_scope_{slot}", slot, tuple(levels))
    else:
        for level in levels:
            yield Input(f"in_scope_{slot}_{level.name}", slot, (level,))


def _before(person: Any, name: str, period: Any) -> Any:
    """The variable in the month before; 0 in January."""
    return person(name, period.last_month) if period.start.month > 1 else 0
