"""OpenFisca-Core with the visit as its entity and the person's year as its group: exact, in whole fen.

OpenFisca has no loop over the visits of a group, so formulas sum along them by NumPy. All years are one period, since
the rule does not change between them: anything else would only cost time.
"""

from typing import Any

import numpy as np
from openfisca_core.entities import Entity, GroupEntity
from openfisca_core.model_api import YEAR
from openfisca_core.simulations import SimulationBuilder

from benchmarks.batch.field import CUT, PPM, Array, Field, person_years
from benchmarks.batch.peers.openfisca_model import (
    Level,
    Standing,
    add,
    ceiling_table,
    codes,
    share_table,
    system,
)

PERIOD = "2026"


class Visits:
    def __init__(self, field: Field) -> None:
        self.columns = field.columns("person", "day", "standing", "level", "slot", "in_scope")
        numbers = field.numbers
        self.years, self.slots = numbers.years, numbers.slots
        self.visit = Entity("visit", "visits", "visit", "")
        roles = [{"key": "member", "plural": "members"}]
        self.group = GroupEntity("enrolment", "enrolments", "a person's year", "", roles=roles)
        self.system = system([self.visit, self.group], numbers, yuan=False)
        for name, kind in (("standing", Standing), ("level", Level), ("slot", int), ("in_scope", int)):
            add(self.system, name, self.visit, kind, YEAR)
        for name, formula in (
            ("deductible", self._deductible),
            ("gross", self._gross),
            ("gross_so_far", self._gross_so_far),
            ("ceiling", self._ceiling),
            ("fund", self._fund),
        ):
            add(self.system, name, self.visit, int, YEAR, formula)
        self.paid: dict[str, Array] = {}

    def run(self, threads: int) -> None:
        person, day, standing, level, slot, in_scope = self.columns.values()
        begin = person_years(person, day, self.years)
        simulation = SimulationBuilder().build_default_simulation(self.system, len(person))
        group = simulation.populations["enrolment"]
        group.count, group.ids = len(begin), np.arange(len(begin))
        group.members_entity_id = np.repeat(
            np.arange(len(begin), dtype=np.int32), np.diff(begin, append=len(person))
        )
        simulation.set_input("standing", PERIOD, Standing.encode(standing))
        simulation.set_input("level", PERIOD, Level.encode(level))
        simulation.set_input("slot", PERIOD, slot.astype(np.int32))
        simulation.set_input("in_scope", PERIOD, in_scope.astype(np.int32))
        self.paid = {name: simulation.calculate(name, PERIOD) for name in ("deductible", "fund", "gross")}

    def _deductible(self, visit: Any, period: Any, parameters: Any) -> Array:
        general = visit("slot", period) == 0
        amount = np.where(general, visit("in_scope", period).astype(np.int64), 0)
        limit = parameters(period).deductible
        so_far = _so_far(amount, _first_of(visit.simulation.populations["enrolment"].members_entity_id))
        return np.minimum(so_far, limit) - np.minimum(so_far - amount, limit)

    def _gross(self, visit: Any, period: Any, parameters: Any) -> Array:
        standing, level = codes(visit("standing", period)), codes(visit("level", period))
        share = share_table(parameters(period), range(self.slots), Level)[
            standing, visit("slot", period), level
        ].astype(np.int64)
        return ((visit("in_scope", period) - visit("deductible", period)) * share + PPM // 2) // PPM

    def _gross_so_far(self, visit: Any, period: Any, parameters: Any) -> Array:
        enrolment = visit.simulation.populations["enrolment"].members_entity_id
        key = enrolment.astype(np.int64) * self.slots + visit("slot", period)
        order = np.argsort(key, kind="stable")
        found = np.empty(len(key), np.int64)
        found[order] = _so_far(visit("gross", period)[order].astype(np.int64), _first_of(key[order]))
        return found

    def _ceiling(self, visit: Any, period: Any, parameters: Any) -> Array:
        return ceiling_table(parameters(period), range(self.slots))[
            codes(visit("standing", period)), visit("slot", period)
        ]

    def _fund(self, visit: Any, period: Any, parameters: Any) -> Array:
        ceiling, so_far = visit("ceiling", period), visit("gross_so_far", period)
        return np.minimum(so_far, ceiling) - np.minimum(so_far - visit("gross", period), ceiling)

    def outputs(self) -> dict[str, Array]:
        return {
            "deductible": self.paid["deductible"],
            "fund": self.paid["fund"],
            "flags": (CUT * (self.paid["gross"] > self.paid["fund"])).astype(np.uint8),
        }


def _first_of(keys: Array) -> Array:
    """Where each run of equal keys begins."""
    return np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1])))


def _so_far(amounts: Array, begin: Array) -> Array:
    """Sums along each run, this visit included."""
    total = np.cumsum(amounts)
    before = np.concatenate(([0], total[begin[1:] - 1]))
    return total - np.repeat(before, np.diff(begin, append=len(amounts)))
