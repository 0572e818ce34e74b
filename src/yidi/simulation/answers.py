"""Which pools there are to be insured in, how many people each has, and what a rule book answers for it."""

from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from itertools import product

from yidi.policy.book import RuleBook
from yidi.policy.resolve import benefit_rule
from yidi.policy.rules import Question
from yidi.reference import regions
from yidi.reference.tables import read_rows
from yidi.resources import data_path
from yidi.simulation.parameters import AGES
from yidi.values.errors import Refusal
from yidi.values.terms import STANDINGS_OF, Benefit, Level, Situation, Standing

SCHEME_OF = {standing: scheme for scheme, standings in STANDINGS_OF.items() for standing in standings}
COUNTY = "3"
"""Level of the division table."""


@dataclass(frozen=True, slots=True)
class Pool:
    """A pool and its weight: how many units of the third level the division table has below it, at least one."""

    code: str
    weight: int


@lru_cache(maxsize=1)
def pools() -> tuple[Pool, ...]:
    """Every pool of the insurance system, in the order of their codes."""
    codes = [unit.code for _, units in regions.cities() for unit in units]
    below = dict.fromkeys(codes, 0)
    for row in read_rows(data_path("reference", "divisions_nhsa.csv"), ("code", "level")):
        pool = regions.pool_of(row["code"]) if row["level"] == COUNTY else ""
        if pool in below:
            below[pool] += 1
    return tuple(Pool(code, max(1, below[code])) for code in sorted(codes))


@dataclass(frozen=True, slots=True, order=True)
class Draw:
    """What a visit may draw on: a benefit and, of the chronic ones, a disease."""

    benefit: Benefit
    disease: str = ""


class Answers:
    """What a rule book answers on the first and the last day of a year, asked with an age of the middle."""

    def __init__(self, book: RuleBook, year: int, unverified: bool = False) -> None:
        self._book, self._unverified = book, unverified
        self._days = (date(year, 1, 1), date(year, 12, 31))

    def of_standing(
        self, pool: str, standing: Standing, draws: tuple[Draw, ...], levels: tuple[Level, ...]
    ) -> set[tuple[Draw, Level]]:
        """What is answered, at which level."""
        stated = {
            benefit for benefit in {draw.benefit for draw in draws} if self._states(pool, standing, benefit)
        }
        return {
            (draw, level)
            for draw, level in product(draws, levels)
            if draw.benefit in stated and self._answered(pool, standing, draw, level, Situation.LOCAL)
        }

    def situations(self, pool: str, standing: Standing, draw: Draw, level: Level) -> set[Situation]:
        """The situations in which the book answers what it answers at home."""
        return {item for item in Situation if self._answered(pool, standing, draw, level, item)}

    def _states(self, pool: str, standing: Standing, benefit: Benefit) -> bool:
        """Whether some statement gives a share at all: most pools have none, and need not be asked further."""
        for _, rule in self._book.statements(pool, SCHEME_OF[standing], str(benefit)):
            if any(
                part.share is not None for part in (rule, *rule.classes.values(), *rule.diseases.values())
            ):
                return True
        return False

    def _answered(
        self, pool: str, standing: Standing, draw: Draw, level: Level, situation: Situation
    ) -> bool:
        youngest, oldest = AGES[standing]
        asked = Question(
            home=pool,
            scheme=SCHEME_OF[standing],
            standing=standing,
            benefit=draw.benefit,
            level=level,
            situation=situation,
            on=self._days[0],
            disease=draw.disease,
            age=(youngest + oldest) // 2,
        )
        try:
            for day in self._days:
                benefit_rule(self._book, replace(asked, on=day), unverified=self._unverified)
        except Refusal:
            return False
        return True
