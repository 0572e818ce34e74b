"""What the shipped book answers: the questions from which visits for the whole book are drawn.

Readings that no pool has adopted answer too where nothing better does, as they may in simulations: more shapes of
rules then take part.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import product

import numpy as np

from benchmarks.batch.field import Array
from yidi.benefit import adjudicate, whole_split
from yidi.policy.book import RuleBook
from yidi.policy.resolve import LISTED, benefit_rule
from yidi.policy.rules import Question
from yidi.values.errors import Refusal
from yidi.values.terms import STANDINGS_OF, Benefit, Level, Scheme, Situation, Standing

FIRST_DAY = date(2026, 1, 1)
LEVELS = (Level.PRIMARY, Level.SECONDARY, Level.TERTIARY, Level.PHARMACY)
SITUATIONS = (Situation.LOCAL, Situation.LONG_TERM_RESIDENT, Situation.REFERRAL, Situation.OTHER_TEMPORARY)
AGES = {
    Standing.ACTIVE: (20, 59),
    Standing.RETIRED: (55, 95),
    Standing.MINOR: (0, 17),
    Standing.ADULT: (18, 59),
    Standing.SENIOR: (60, 95),
}
"""What ages people of a standing have in the data."""
TIMES = {Benefit.CHRONIC_DISEASE: 2, Benefit.DUAL_CHANNEL: 20, Benefit.INPATIENT: 60}
"""How many times dearer than a general visit."""
SlotName = tuple[Benefit, str]


@dataclass
class Menus:
    """For each pool and standing, the questions that the book answers, as the columns of a visit have them."""

    slots: list[SlotName]
    pool: list[int] = field(default_factory=list)
    standing: list[int] = field(default_factory=list)
    questions: list[list[tuple[int, int, int]]] = field(default_factory=list)
    """Slot, level and situation, by menu."""

    @property
    def ages(self) -> Array:
        """Youngest and oldest, by menu."""
        return np.array([AGES[tuple(Standing)[number]] for number in self.standing])

    @property
    def times(self) -> Array:
        """How many times dearer than a general visit, by slot."""
        return np.array([TIMES.get(benefit, 1) for benefit, _ in self.slots])


def menus_of(rules: RuleBook, pools: Sequence[str] = ()) -> Menus:
    """Ask the book about every pool, or those named, every standing, benefit and level; then about care elsewhere."""
    found = Menus(sorted(_slots(rules)))
    for pool in pools or rules.pools():
        for scheme, standings in STANDINGS_OF.items():
            slots = [slot for slot in found.slots if _speaks(rules, pool, scheme, slot[0])]
            for standing in standings:
                questions = [
                    (found.slots.index(slot), tuple(Level).index(level), tuple(Situation).index(situation))
                    for slot, level, situation in _answered(rules, slots, pool, scheme, standing)
                ]
                if questions:
                    found.pool.append(int(pool))
                    found.standing.append(tuple(Standing).index(standing))
                    found.questions.append(questions)
    return found


def _slots(rules: RuleBook) -> set[SlotName]:
    """Every benefit, those for listed diseases or drugs once for each that some pack lists."""
    plain: set[SlotName] = {(benefit, "") for benefit in Benefit if benefit not in LISTED}
    return plain | {
        (Benefit(benefit), code)
        for (_, _, benefit), loaded in rules.packs.items()
        if benefit in LISTED
        for rule in loaded.pack.rules
        for code in rule.diseases
    }


def _speaks(rules: RuleBook, pool: str, scheme: Scheme, benefit: Benefit) -> bool:
    return any(True for _ in rules.statements(pool, scheme, str(benefit)))


def _answered(
    rules: RuleBook, slots: list[SlotName], pool: str, scheme: Scheme, standing: Standing
) -> Iterator[tuple[SlotName, Level, Situation]]:
    """A slot and level that is not answered at home is not asked about elsewhere."""
    for slot, level in product(slots, LEVELS):
        for situation in SITUATIONS:
            question = Question(
                pool,
                scheme,
                standing,
                slot[0],
                level,
                situation,
                FIRST_DAY,
                disease=slot[1],
                age=AGES[standing][0],
            )
            if _answers(rules, question):
                yield slot, level, situation
            elif situation == SITUATIONS[0]:
                break


def _answers(rules: RuleBook, question: Question) -> bool:
    try:
        adjudicate(whole_split(0), benefit_rule(rules, question, unverified=True), {}, question.on)
    except Refusal:
        return False
    return True
