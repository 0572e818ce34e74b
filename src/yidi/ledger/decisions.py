"""Deciding a bill against the person's counters: the same for a direct settlement and for a claim."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from yidi.benefit.adjudicate import Counter, Decision, adjudicate
from yidi.benefit.split import Split
from yidi.ledger.errors import LevelUnknown
from yidi.ledger.services import used_counters
from yidi.people.models import Coverage
from yidi.policy.book import book
from yidi.policy.resolve import benefit_rule
from yidi.policy.rules import Question
from yidi.providers.models import Provider
from yidi.reference import regions
from yidi.values.identity import age_on
from yidi.values.terms import Benefit, Level, Scheme, Situation, Standing


@dataclass(frozen=True, slots=True)
class Answer:
    """A decision about a bill with what it was made from."""

    decision: Decision
    question: Question
    used: Mapping[Counter, int]


def decide(
    split: Split,
    coverage: Coverage,
    provider: Provider,
    benefit: Benefit,
    disease: str,
    where: Situation,
    on: date,
    diseases: Sequence[str] = (),
) -> Answer:
    """What the home pool pays of a split bill; `on` is the day of service. Writes nothing.

    `diseases` are all the chronic diseases that the person is approved for on that day.
    Whoever books the answer must hold the person locked. Raises LevelUnknown and what the engine raises.
    """
    if not provider.level:
        raise LevelUnknown(provider=provider.name)
    question = Question(
        home=regions.pool_of(coverage.pool),
        scheme=Scheme(coverage.scheme),
        standing=Standing(coverage.standing),
        benefit=benefit,
        level=Level(provider.level),
        situation=where,
        on=on,
        disease=disease,
        age=age_on(coverage.person.born, on),
        diseases=tuple(diseases),
    )
    used = used_counters(coverage)
    return Answer(adjudicate(split, benefit_rule(book(), question), used, on), question, used)
