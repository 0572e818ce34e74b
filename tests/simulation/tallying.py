"""Visits and results made up at random, and the same tally by dictionaries and plain additions."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np
from hypothesis import strategies as st

from yidi.benefit.batch import Results, Visits
from yidi.benefit.batch_table import Reason, Slot
from yidi.benefit.batch_walk import CUT, OVER_CEILING, UNVERIFIED
from yidi.simulation.counting import BANDS, bin_of
from yidi.simulation.sums import OF_SIDE, PEOPLE_BY, SIDES, Sums
from yidi.values.terms import LAYERS, STANDINGS_OF, Benefit, Level, Scheme, Situation, Standing

POOLS = (360100, 310000, 440300, 110000, 659001)
SLOTS = (
    Slot(Benefit.GENERAL_OUTPATIENT),
    Slot(Benefit.CHRONIC_DISEASE, "M03900"),
    Slot(Benefit.CHRONIC_DISEASE, "M03900", ("M01600", "M03900")),
    Slot(Benefit.CHRONIC_DISEASE, "M01600"),
    Slot(Benefit.DUAL_CHANNEL, "B"),
    Slot(Benefit.INPATIENT),
)
REASONS = (
    Reason("", "", ""),
    Reason("POLICY-GAP", "没有规则。", "There is no rule."),
    Reason("POLICY-GAP", "没有别的规则。", "There is no other rule."),
    Reason("DISEASE", "未列入病种。", "The disease is not listed."),
)
PEOPLE, YEARS = 12, (2025, 2026)
COLUMNS = ("person", "day", "pool", "standing", "level", "situation", "slot", "total", "in_scope")
PAID = ("deductible", "fund", "layers", "upfront", "flags", "reason")


@dataclass
class Vocabulary:
    """What a rule table tells a tally."""

    slots: list[Slot] = field(default_factory=lambda: list(SLOTS))
    reasons: list[Reason] = field(default_factory=lambda: list(REASONS))


@dataclass(frozen=True)
class Batch:
    """Visits, what two sides pay for them, and what each layer has of it."""

    visits: dict[str, list[int]]
    sides: tuple[dict[str, list[int]], ...]
    layers: tuple[list[list[int]], ...]
    """By side and visit: what each of LAYERS pays."""

    def __len__(self) -> int:
        return len(self.visits["person"])

    def arrays(self, start: int, end: int, each: bool = True) -> tuple[Visits, list[Results]]:
        """Visits [start, end) and their results, as the engine has them."""
        visits = Visits.of(
            **{name: np.array(column[start:end], np.int64) for name, column in self.visits.items()}
        )
        found = []
        for side, layers in zip(self.sides, self.layers, strict=True):
            results = Results.of(end - start + 3, each)
            for name in PAID:
                getattr(results.paid, name)[: end - start] = side[name][start:end]
            results = Results(results.paid, end - start)
            for place, fund in enumerate(LAYERS) if each else ():
                results.of_layer(fund)[:] = [parts[place] for parts in layers[start:end]]
            found.append(results)
        return visits, found


def made_up(seed: int, count: int, people: int = PEOPLE, sides: int = 2) -> Batch:
    """So many visits of up to so many people."""
    dice = np.random.default_rng(seed)
    who = np.sort(dice.integers(0, people, count))
    first = (date(YEARS[0], 1, 1) - date(1970, 1, 1)).days
    day = first + dice.integers(0, 730, count)
    order = np.lexsort((day, who))
    moves = dice.random(people) < 0.3
    homes, standings = dice.integers(0, len(POOLS), (people, 2)), dice.integers(0, 5, (people, 2))
    now = np.where(moves[who], dice.integers(0, 2, count), 0)
    total = np.exp(dice.uniform(0, 18, count)).astype(np.int64)
    columns = {
        "person": 7 * who - 20,
        "day": day[order],
        "pool": np.array(POOLS)[homes[who, now]],
        "standing": standings[who, now],
        "level": dice.integers(0, len(Level), count),
        "situation": dice.integers(0, len(Situation), count),
        "slot": dice.integers(0, len(SLOTS), count),
        "total": total,
        "in_scope": total - total * dice.integers(0, 3, count) // 4,
    }
    visits = {name: column.tolist() for name, column in columns.items()}
    found = [_made_up_side(dice, columns["in_scope"]) for _ in range(sides)]
    return Batch(visits, tuple(side for side, _ in found), tuple(layers for _, layers in found))


def _made_up_side(dice: Any, in_scope: Any) -> tuple[dict[str, list[int]], list[list[int]]]:
    count = len(in_scope)
    reason = np.where(dice.random(count) < 0.15, dice.integers(1, len(REASONS), count), 0)
    paid = np.where(reason == 0, in_scope, 0)
    upfront = paid * dice.integers(0, 2, count) // 10
    deductible = np.minimum(paid - upfront, dice.integers(0, 60_000, count))
    left = paid - upfront - deductible
    fund = left * dice.integers(0, 5, count) // 5
    parts = np.stack([(left - fund) * dice.integers(0, 2, count) // 8 for _ in LAYERS], axis=1)
    side = {
        "deductible": deductible,
        "fund": fund,
        "layers": parts.sum(axis=1),
        "upfront": upfront,
        "flags": np.where(reason == 0, dice.choice([0, 0, 0, 0, 1, 2, 3, 4, 5, 7], count), 0),
        "reason": reason,
    }
    return {name: column.tolist() for name, column in side.items()}, parts.tolist()


@dataclass
class Naive:
    """The tally of a batch, by dictionaries."""

    batch: Batch
    cells: dict[tuple[Any, ...], Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    people: dict[tuple[str, Any], set[int]] = field(default_factory=lambda: defaultdict(set))
    refused: dict[tuple[str, Reason], Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    groups: dict[tuple[int, int], Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    bins: dict[tuple[int, int, int], Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    bands: dict[tuple[int, int], Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def __post_init__(self) -> None:
        years: dict[tuple[int, int], list[int]] = defaultdict(list)
        for row in range(len(self.batch)):
            self._visit(row)
            day = date(1970, 1, 1) + timedelta(days=self.batch.visits["day"][row])
            years[self.batch.visits["person"][row], day.year].append(row)
        for rows in years.values():
            self._year(rows)

    def _visit(self, row: int) -> None:
        at = {name: column[row] for name, column in self.batch.visits.items()}
        slot = SLOTS[at["slot"]]
        draw = str(slot.benefit), slot.disease
        cell = self.cells[at["pool"], at["standing"], draw, at["situation"], at["level"]]
        cell.update(visits=1, total=at["total"], in_scope=at["in_scope"])
        scheme = self.scheme(at["standing"])
        benefit = list(Benefit).index(slot.benefit)
        whose = (at["standing"], scheme, at["level"], at["situation"], benefit, draw, at["pool"])
        for by, number in zip(PEOPLE_BY, whose, strict=True):
            self.people[by, number].add(at["person"])
        for name, side, layers in zip(SIDES, self.batch.sides, self.batch.layers, strict=False):
            for column, amount in self._side({key: side[key][row] for key in PAID}, layers[row], at).items():
                cell[f"{name}.{column}"] += amount
            if side["reason"][row]:
                told = self.refused[name, REASONS[side["reason"][row]]]
                told.update(visits=1, total=at["total"], in_scope=at["in_scope"])

    @staticmethod
    def _side(side: dict[str, int], layers: list[int], at: dict[str, int]) -> dict[str, int]:
        refused, unverified = side["reason"] > 0, side["flags"] & UNVERIFIED > 0
        return {
            "deductible": side["deductible"],
            "fund": side["fund"],
            "layers": side["layers"],
            "refused": refused,
            "refused_total": refused * at["total"],
            "refused_in_scope": refused * at["in_scope"],
            "upfront": side["upfront"],
            "capped": side["flags"] & (CUT | OVER_CEILING) > 0,
            "unverified": unverified,
            "unverified_fund": unverified * side["fund"],
            "unverified_layers": unverified * side["layers"],
            **dict(zip(OF_SIDE[-len(LAYERS) :], layers, strict=True)),
        }

    @staticmethod
    def scheme(standing: int) -> int:
        return next(
            place for place, scheme in enumerate(Scheme) if list(Standing)[standing] in STANDINGS_OF[scheme]
        )

    def _year(self, rows: list[int]) -> None:
        visits = self.batch.visits
        standing = visits["standing"][rows[-1]]
        group, scheme = self.groups[visits["pool"][rows[-1]], standing], self.scheme(standing)
        group["years"] += 1
        sums = []
        places = []
        for number, (name, side) in enumerate(zip(SIDES, self.batch.sides, strict=False)):
            paid = [row for row in rows if not side["reason"][row]]
            total = sum(visits["total"][row] for row in paid)
            fund, layers = (sum(side[column][row] for row in paid) for column in ("fund", "layers"))
            sums.append(fund + layers)
            places.append((number, scheme, bin_of(total - fund - layers)) if paid else None)
            if paid:
                group[f"{name}.paying"] += 1
                group[f"{name}.at_ceiling"] += any(side["flags"][row] & 3 for row in paid)
                took = sum(side["deductible"][row] for row in paid)
                group[f"{name}.under_deductible"] += took > 0 and fund == 0
                self.bins[places[-1]].update(years=1, total=total, fund=fund, layers=layers)
        if len(sums) == 2 and places[0] and not self._unlike(rows):
            self._compare(group, places[0], sums[1] - sums[0])

    def _unlike(self, rows: list[int]) -> bool:
        base, reform = self.batch.sides
        return any(bool(base["reason"][row]) != bool(reform["reason"][row]) for row in rows)

    def _compare(self, group: Counter[str], place: tuple[int, int, int], change: int) -> None:
        found = Counter(compared=1)
        if change:
            who, what = ("gainers", "gained") if change > 0 else ("losers", "lost")
            found.update({who: 1, what: abs(change)})
            band = sum(abs(change) > edge for edge in BANDS)
            self.bands[place[1], band].update({who: 1, what: abs(change)})
        group.update(found)
        self.bins[place].update(found)

    def tables(self) -> dict[str, dict[Any, dict[str, int]]]:
        """Everything but zeros, by the names of things."""
        found = {
            "cells": self.cells,
            "people": {key: {"people": len(those)} for key, those in self.people.items()},
            "refused": self.refused,
            "groups": self.groups,
            "bins": self.bins,
            "bands": self.bands,
        }
        return {name: dict(_without_zeros(table)) for name, table in found.items()}


def _without_zeros(table: Any) -> Iterator[tuple[Any, dict[str, int]]]:
    for key, row in table.items():
        some = {name: int(amount) for name, amount in row.items() if amount}
        if some:
            yield key, some


def tables_of(sums: Sums) -> dict[str, dict[Any, dict[str, int]]]:
    """The tables of a tally as `Naive` has them."""

    def draw(number: int) -> Any:
        return sums.draws[number]

    by = {
        "cells": lambda key: (key[0], key[1], draw(key[2]), key[3], key[4]),
        "people_by": lambda key: (PEOPLE_BY[key[0]], draw(key[1]) if PEOPLE_BY[key[0]] == "draw" else key[1]),
        "refused": lambda key: (SIDES[key[0]], sums.reasons[key[1]]),
    }
    found = {}
    for name, table in sums.tables().items():
        document = table.document()
        width, columns = len(table.kind.key), document["columns"]
        rows = {
            by.get(name, lambda key: key)(tuple(row[:width])): dict(
                zip(columns[width:], row[width:], strict=True)
            )
            for row in document["rows"]
        }
        found["people" if name == "people_by" else name] = dict(_without_zeros(rows))
    return found


batches = st.builds(made_up, st.integers(0, 1 << 30), st.integers(0, 60), st.integers(1, 12))
cuts = st.lists(st.integers(0, 60), max_size=6)
