"""From parameters to tables of numbers: what people and their visits are drawn by."""

import math
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

from yidi.policy.book import RuleBook
from yidi.reference.diseases import diseases
from yidi.simulation.answers import SCHEME_OF, Answers, Draw, pools
from yidi.simulation.errors import NothingAnswered
from yidi.simulation.parameters import AGES, Parameters
from yidi.values.terms import Benefit, Level, Scheme, Situation, Standing, Trait

Array = NDArray[Any]
CHANCE = 1 << 31
"""Chances are whole numbers of 1/2^31."""
QUANTILES = 1 << 16
"""Amounts and numbers of visits are drawn from so many points of their distribution."""
STANDINGS, LEVELS, SITUATIONS, TRAITS = tuple(Standing), tuple(Level), tuple(Situation), tuple(Trait)
HOSPITALS = tuple(level for level in LEVELS if level is not Level.PHARMACY)
KINDS = ("general", "pharmacy", "chronic")
GENERAL, PHARMACY, CHRONIC = range(3)
VISITS = (
    (PHARMACY, Level.PHARMACY),
    *((GENERAL, level) for level in HOSPITALS),
    *((CHRONIC, level) for level in HOSPITALS),
)
"""Kind and level of what a visit may be, in the order of the tables."""
FEN_OF_YUAN = 100
LEAST_FEN, MOST_FEN = 100, 2_000_000_000
THOUSAND = 1000


@dataclass(frozen=True)
class Weights:
    """How likely things are within a pool, by standing; of visits also by disease (the first: none)."""

    disease: Array
    situation: Array
    visit: Array
    """Columns as in VISITS."""


@dataclass(frozen=True)
class Population:
    """What is drawn by; the tables without another word are of `chances`."""

    standing: Array
    pool: Array
    """By standing, over the pools."""
    pool_codes: Array
    groups: Array
    """By pool: which rows it has in the next three tables. All pools share them unless answers are asked for."""
    disease: Array
    """By group and standing; the first column is that of having none."""
    situation: Array
    """By group and standing."""
    visit: Array
    """By group, standing and disease; columns as in VISITS."""
    draws: tuple[Draw, ...]
    """The first is general outpatient care, the others are the diseases in order."""
    ages: Array
    """By standing: the youngest age, and how many there are."""
    traits: Array
    """By standing and trait, in 1/65536."""
    amounts: Array
    """By kind and scheme: fen by quantile."""
    in_scope: tuple[int, int]
    """Least and most, in thousandths of the total."""


def chances(weights: Array) -> Array:
    """Weights, row by row, as rising whole numbers up to 2^31, as many columns as `pick` wants."""
    columns = weights.shape[-1]
    sums = np.cumsum(weights, axis=-1, dtype=np.float64)
    totals = sums[..., -1:]
    found = np.rint(sums / np.where(totals > 0, totals, 1) * CHANCE).astype(np.uint32)
    more = (1 << columns.bit_length()) - 1 - columns
    padding = np.full((*weights.shape[:-1], more), CHANCE, np.uint32)
    return np.concatenate([found, padding], axis=-1)


def pick(table: Array, rows: Array | int, draws: Array) -> Array:
    """The column that each draw (below 2^31) falls into in its row; one without weight is never met."""
    columns = table.shape[-1]
    flat = table.reshape(-1)
    before = np.asarray(rows, np.int64) * columns - 1
    found = np.zeros(len(draws), np.int64)
    step = (columns + 1) // 2
    while step:
        found += step * (flat[before + (found + step)] <= draws)
        step //= 2
    return found


def geometric(mean: float) -> Array:
    """Numbers of visits, at least one, by quantile: after each visit another is as likely as after the first."""
    if mean <= 1:
        return np.ones(QUANTILES, np.int64)
    middles = (np.arange(QUANTILES) + 0.5) / QUANTILES
    return 1 + np.floor(np.log1p(-middles) / math.log1p(-1 / mean)).astype(np.int64)


@lru_cache(maxsize=1)
def _normal_scores() -> Array:
    """The normal distribution, by quantile."""
    normal = NormalDist()
    scores = np.array([normal.inv_cdf((place + 0.5) / QUANTILES) for place in range(QUANTILES)])
    scores.flags.writeable = False
    return scores


def lognormal(mean: float, spread: float) -> Array:
    """Amounts in fen by quantile, with that mean (fen) and that standard deviation of the logarithm."""
    shape = np.exp(spread * _normal_scores())
    found: Array = np.clip(np.rint(shape * (mean / shape.mean())), LEAST_FEN, MOST_FEN).astype(np.int32)
    return found


def population(
    parameters: Parameters, year: int, book: RuleBook, answered_only: bool = False, unverified: bool = False
) -> Population:
    """The tables by which a year's visits are drawn. Raises NothingAnswered."""
    draws = _draws(year)
    everything = _weights(parameters, draws)
    codes = pools()
    pool = np.tile(np.array([item.weight for item in codes], np.float64), (len(STANDINGS), 1))
    of_groups, groups = [everything], np.zeros(len(codes), np.int64)
    if answered_only:
        answers = Answers(book, year, unverified)
        of_groups = [_answered(everything, answers, item.code, draws) for item in codes]
        groups = np.arange(len(codes))
        pool *= np.array([weights.disease.sum(axis=1) > 0 for weights in of_groups]).T
        if not pool.any():
            raise NothingAnswered(year=year)
    standing = np.array([_standing(parameters, item) for item in STANDINGS]) * (pool.sum(axis=1) > 0)
    return Population(
        standing=chances(standing),
        pool=chances(pool),
        pool_codes=np.array([int(item.code) for item in codes], np.int32),
        groups=groups,
        disease=chances(np.stack([weights.disease for weights in of_groups])),
        situation=chances(np.stack([weights.situation for weights in of_groups])),
        visit=chances(np.stack([weights.visit for weights in of_groups])),
        draws=draws,
        ages=np.array([(first, last - first + 1) for first, last in (AGES[item] for item in STANDINGS)]),
        traits=np.array([[_trait(parameters, item, trait) for trait in TRAITS] for item in STANDINGS]),
        amounts=_amounts(parameters),
        in_scope=(int(parameters["in-scope.least"] * THOUSAND), int(parameters["in-scope.most"] * THOUSAND)),
    )


def _draws(year: int) -> tuple[Draw, ...]:
    """What visits may draw on: general care, and the diseases settled between provinces in that year."""
    settled = [
        item.code
        for item in diseases()
        if item.settled_nationally and (item.since is None or item.since <= year)
    ]
    return (
        Draw(Benefit.GENERAL_OUTPATIENT),
        *(Draw(Benefit.CHRONIC_DISEASE, code) for code in settled),
    )


def _standing(parameters: Parameters, standing: Standing) -> float:
    """The share of all people."""
    scheme = SCHEME_OF[standing]
    return float(parameters[f"scheme.{scheme}"] * parameters[f"{scheme}.{standing}"])


def _weights(parameters: Parameters, draws: tuple[Draw, ...]) -> Weights:
    """How likely things are where everything is answered."""
    group_of = {item.code: item.group for item in diseases()}
    patients = float(parameters["chronic.people"])
    shares = parameters.group("disease")
    each = np.array([float(shares[group_of[draw.disease]]) for draw in draws[1:]])
    disease = np.concatenate([[1 - patients], patients * each / each.sum()])
    situation = np.zeros((len(STANDINGS), len(SITUATIONS)))
    for row, standing in enumerate(STANDINGS):
        group = standing if SCHEME_OF[standing] is Scheme.EMPLOYEE else Scheme.RESIDENT
        for name, share in parameters.group(f"situation-{group}").items():
            situation[row, SITUATIONS.index(Situation(name))] = float(share)
    visit = np.stack([_visits(parameters, SCHEME_OF[standing], len(draws)) for standing in STANDINGS])
    return Weights(np.tile(disease, (len(STANDINGS), 1)), situation, visit)


def _visits(parameters: Parameters, scheme: Scheme, draws: int) -> Array:
    """How likely each kind and level is, by disease."""
    bought = float(parameters[f"pharmacy.{scheme}"])
    # Those with a disease have all the chronic visits.
    chronic = float(parameters["chronic.visits"] / parameters["chronic.people"])
    level = np.array([float(parameters[f"level.{item}"]) for item in HOSPITALS])
    hospital = (1 - bought) * level
    of_others = np.concatenate([[bought], hospital, 0 * hospital])
    of_patient = np.concatenate([[bought], hospital * (1 - chronic), hospital * chronic])
    return np.stack([of_patient if place else of_others for place in range(draws)])


def _answered(weights: Weights, answers: Answers, pool: str, draws: tuple[Draw, ...]) -> Weights:
    """The weights of one pool, where what the rule book does not answer weighs nothing."""
    disease, situation, visit = weights.disease.copy(), weights.situation.copy(), weights.visit.copy()
    for row, standing in enumerate(STANDINGS):
        found = answers.of_standing(pool, standing, draws, LEVELS)
        for place, draw in enumerate(draws):
            for column, (kind, level) in enumerate(VISITS):
                if (draw if kind == CHRONIC else draws[0], level) not in found:
                    visit[row, place, column] = 0
        disease[row] *= visit[row].sum(axis=1) > 0
        situations = answers.situations(pool, standing, *min(found)) if found else set()
        situation[row] *= [item in situations for item in SITUATIONS]
        disease[row] *= situation[row].any()
    return Weights(disease, situation, visit)


def _trait(parameters: Parameters, standing: Standing, trait: Trait) -> int:
    """The chance of a trait, in 1/65536."""
    groups = ("trait", f"{SCHEME_OF[standing]}-trait", f"{standing}-trait")
    share = sum((parameters.group(group).get(str(trait), 0) for group in groups), 0)
    return round(share * QUANTILES)


def _amounts(parameters: Parameters) -> Array:
    factor = parameters["cost.elsewhere"] * FEN_OF_YUAN
    return np.stack(
        [
            lognormal(
                float(parameters[f"cost.{kind}.{scheme}"] * factor), float(parameters[f"spread.{kind}"])
            )
            for kind in KINDS
            for scheme in Scheme
        ]
    )
