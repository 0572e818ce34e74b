"""What changes between two rule sets, or between two days of one: for whom, and from which rule to which."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from yidi.policy.book import RuleBook
from yidi.policy.errors import AmbiguousRules
from yidi.policy.forms import AdjustmentDoc
from yidi.policy.lookup import FILING, Lookup, Matter, Parameter
from yidi.policy.resolve import benefit_rule, numbers, readings
from yidi.policy.rules import BenefitRule, Question
from yidi.policy.survey import AWAY, adjustment_of, questions
from yidi.reference import regions
from yidi.values.errors import Refusal
from yidi.values.terms import Benefit, Scheme, Situation


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two: a rule set and the day of service for which it is asked."""

    book: RuleBook
    on: date
    reading: str = ""
    """A reading to use wherever a pool has it; the adopted ones elsewhere."""

    def rule(self, question: Question) -> BenefitRule | Refusal:
        """The rule that answers a question, or why there is none."""
        own = self.reading in readings(self.book, question.home, question.scheme)
        try:
            return benefit_rule(self.book, replace(question, on=self.on), self.reading if own else "")
        except Refusal as refusal:
            return refusal


def known_readings(sides: Iterable[Side], pools: Iterable[str] = ()) -> set[str]:
    """The readings that may be called by name on any side, for some pools or for all that have packs."""
    homes = tuple(pools)
    return {
        name
        for side in sides
        for pool in homes or side.book.pools()
        for scheme in Scheme
        for name in readings(side.book, pool, scheme)
    }


@dataclass(frozen=True, slots=True)
class BenefitChange:
    """A benefit that one person, level and disease is paid by another rule than before."""

    question: Question
    before: BenefitRule | Refusal
    after: BenefitRule | Refusal


@dataclass(frozen=True, slots=True)
class AdjustmentChange:
    """An away-from-home adjustment that is another one than before; None = no rule states it."""

    pool: str
    scheme: Scheme
    situation: Situation
    before: AdjustmentDoc | None
    after: AdjustmentDoc | None


@dataclass(frozen=True, slots=True)
class StatementChange:
    """A rule about another matter that came, went, or says something else."""

    pool: str
    scheme: str
    matter: str
    rule: str
    before: Any
    after: Any
    """The statement; None where there is none."""


def benefit_changes(before: Side, after: Side, pools: Iterable[str] = ()) -> Iterator[BenefitChange]:
    """Every benefit that pays otherwise, for care at home; sources that changed alone are no change."""
    for pool in pools or sorted({*before.book.pools(), *after.book.pools()}):
        for scheme in Scheme:
            for benefit in Benefit:
                asked = dict.fromkeys(_questions(before, pool, scheme, benefit, after.on))
                asked |= dict.fromkeys(_questions(after, pool, scheme, benefit, after.on))
                for question in asked:
                    change = BenefitChange(question, before.rule(question), after.rule(question))
                    if _told(change.before) != _told(change.after):
                        yield change


def _questions(side: Side, pool: str, scheme: Scheme, benefit: Benefit, on: date) -> Iterator[Question]:
    if not any(True for _ in side.book.statements(pool, scheme, str(benefit))):
        return
    for question in questions(side.book, pool, scheme, benefit, side.on):
        yield replace(question, on=on)


def _told(answer: BenefitRule | Refusal) -> Any:
    """What decides about money, or that there is no answer: why there is none makes no difference to anybody."""
    return numbers(answer) if isinstance(answer, BenefitRule) else None


def adjustment_changes(before: Side, after: Side, pools: Iterable[str] = ()) -> Iterator[AdjustmentChange]:
    """Every away-from-home adjustment that is another one."""
    for pool in pools or sorted({*before.book.pools(), *after.book.pools()}):
        for scheme in Scheme:
            for situation in (*AWAY, Situation.RETURNING):
                one, other = (_adjustment(side, pool, scheme, situation) for side in (before, after))
                if _mode(one) != _mode(other):
                    yield AdjustmentChange(pool, scheme, situation, one, other)


def _adjustment(side: Side, pool: str, scheme: Scheme, situation: Situation) -> AdjustmentDoc | None:
    """The adjustment on one side; None also where two rules of a reading contradict each other."""
    where = Lookup(side.book, pool, scheme, FILING, side.on, side.reading)
    try:
        found = where.find(Parameter.ADJUSTMENT, lambda rule: adjustment_of(rule, situation))
    except AmbiguousRules:
        return None
    return found.value if found else None


def _mode(doc: AdjustmentDoc | None) -> tuple[Any, ...] | None:
    return (doc.mode, doc.ratio, doc.order) if doc else None


def statement_changes(before: Side, after: Side, pools: Iterable[str] = ()) -> Iterator[StatementChange]:
    """Every adopted rule about matters besides benefits that came, went, or says something else, where it stands.

    `pools` limits the answer to what may speak for them: their own packs, their provinces' and the nation's.
    """
    layers = {layer for pool in pools for layer in regions.layers_of(pool)}
    keys = {key for side in (before, after) for key in side.book.packs if key[2] in Matter.spellings()}
    for key in sorted(keys):
        if layers and key[0] not in layers:
            continue
        one, other = (_in_force(side, key) for side in (before, after))
        for name in sorted(one.keys() | other.keys()):
            if one.get(name) != other.get(name):
                yield StatementChange(*key, name, one.get(name), other.get(name))


def _in_force(side: Side, key: tuple[str, str, str]) -> dict[str, Any]:
    loaded = side.book.packs.get(key)
    rules = loaded.pack.rules if loaded else ()
    return {rule.id: rule for rule in rules if rule.covers(side.on) and _used(rule, side.reading)}


def _used(rule: Any, reading: str) -> bool:
    return bool(rule.adopted or (reading and rule.reading == reading))
