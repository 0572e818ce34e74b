"""Seeded visits, sorted by person and day. The distributions are round figures for timing, not statistics.

Ten visits per person on average, with a long tail; amounts by Pareto (1.2) from 30 yuan up to 50 000; half to all of
a bill in scope. Days fall evenly on the years, so that most people pass their deductible and some every ceiling.
"""

from collections.abc import Sequence

import numpy as np

from benchmarks.batch.field import Array, Numbers
from benchmarks.batch.menus import Menus

SEED = 20_250_101
PER_PERSON = 10
LEAST, MOST, TAIL = 3_000, 5_000_000, 1.2
"""Amounts of a bill: fen, fen, exponent."""
LISTED_TIMES = 2
"""How many times dearer a visit for a listed disease is."""
NOT_KNOWN = -1


def counts(visits: int, rng: np.random.Generator) -> Array:
    """How many visits each person has: geometric, `visits` together."""
    ends = np.zeros(0, np.int64)
    while not len(ends) or ends[-1] < visits:
        more = rng.geometric(1 / PER_PERSON, visits // PER_PERSON + 1)
        ends = np.append(ends, (ends[-1] if len(ends) else 0) + np.cumsum(more))
    people = int(np.searchsorted(ends, visits)) + 1
    return np.diff(np.minimum(ends[:people], visits), prepend=0)


def one_rule(
    numbers: Numbers, pool: int, levels: Sequence[int], situation: int, visits: int
) -> dict[str, Array]:
    """Visits of employees of one pool: a quarter retired, a fifth with a listed disease, a third of those with two."""
    rng = np.random.default_rng(SEED)
    each = counts(visits, rng)
    people = len(each)
    retired = rng.random(people) < 0.25
    first = np.where(rng.random(people) < 0.2, rng.integers(1, numbers.slots, people), 0)
    second = np.where(
        (first > 0) & (rng.random(people) < 0.33), rng.integers(1, numbers.slots, people), first
    )
    person = np.repeat(np.arange(people), each)
    disease = np.where(rng.random(visits) < 0.5, first[person], second[person])
    slot = np.where(rng.random(visits) < 0.6, disease, 0)
    return {
        "person": person,
        "day": _days(person, numbers.years[0], numbers.years[-1], rng),
        "pool": np.full(visits, pool),
        "standing": retired[person],
        "level": rng.choice(levels, visits),
        "situation": np.full(visits, situation),
        "slot": slot,
        "age": np.full(visits, NOT_KNOWN),
        "traits": np.zeros(visits),
        **_bills(np.where(slot > 0, LISTED_TIMES, 1), rng),
    }


def whole_book(menus: Menus, first_day: int, traits: int, visits: int) -> dict[str, Array]:
    """A year's visits of people of all pools, each visit one of the questions that the book answers for its person."""
    rng = np.random.default_rng(SEED)
    each = counts(visits, rng)
    people = len(each)
    weight = np.arange(1, len(menus.pool) + 1) ** -0.8
    menu = rng.choice(len(menus.pool), people, p=weight / weight.sum())
    youngest, oldest = menus.ages[menu].T
    age = youngest + (rng.random(people) * (oldest + 1 - youngest)).astype(np.int64)
    trait = np.where(rng.random(people) < 0.1, 1 << rng.integers(0, traits, people), 0)
    person = np.repeat(np.arange(people), each)
    length = np.array([len(questions) for questions in menus.questions])
    chosen = (np.cumsum(length) - length)[menu[person]] + rng.integers(0, length[menu[person]])
    slot, level, situation = np.array([one for questions in menus.questions for one in questions])[chosen].T
    return {
        "person": person,
        "day": _days(person, first_day, first_day + 365, rng),
        "pool": np.array(menus.pool)[menu[person]],
        "standing": np.array(menus.standing)[menu[person]],
        "level": level,
        "situation": situation,
        "slot": slot,
        "age": age[person],
        "traits": trait[person],
        **_bills(menus.times[slot], rng),
    }


def _bills(times: Array, rng: np.random.Generator) -> dict[str, Array]:
    """Totals, so many times dearer than a general visit each, and what of them is in scope."""
    total = (np.minimum(LEAST * (1 + rng.pareto(TAIL, len(times))), MOST) * times).astype(np.int64)
    return {"total": total, "in_scope": (total * rng.uniform(0.5, 1.0, len(times))).astype(np.int64)}


def _days(person: Array, first: int, end: int, rng: np.random.Generator) -> Array:
    """Evenly spread days, in order within each person."""
    span = end - first
    return np.sort(person * span + rng.integers(0, span, len(person))) - person * span + first
