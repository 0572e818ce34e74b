"""Deciding a bill against the person's counters: the same for a direct settlement and for a claim."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from yidi.benefit.adjudicate import Counter, Decision
from yidi.benefit.counterfactual import Case, if_known
from yidi.benefit.split import Split
from yidi.ledger.errors import LevelUnknown
from yidi.ledger.services import used_counters
from yidi.people import queries as people
from yidi.people.models import Coverage
from yidi.policy.book import book
from yidi.policy.errors import MissingFact
from yidi.policy.rules import Question
from yidi.providers import queries as providers
from yidi.providers.models import Provider
from yidi.reference import regions
from yidi.values.errors import Refusal
from yidi.values.identity import age_on
from yidi.values.terms import TRAITS_OF_VISIT, Benefit, Level, Scheme, Situation, Standing


@dataclass(frozen=True, slots=True)
class Answer:
    """A decision about a bill with what it was made from."""

    decision: Decision
    question: Question
    used: Mapping[Counter, int]


def question_of(
    coverage: Coverage,
    provider: Provider,
    benefit: Benefit,
    disease: str,
    where: Situation,
    on: date,
    diseases: Sequence[str] = (),
    level: Level | None = None,
) -> Question:
    """What a bill asks of the home pool; `level` is the provider's, where the register gives none.

    What is not on record of the person or the provider counts for nothing. Raises LevelUnknown.
    """
    found = provider.level or level
    if not found:
        raise LevelUnknown(provider=provider.name)
    of_person, perhaps_of_person = people.traits_of(coverage)
    of_provider, perhaps_of_provider = providers.traits_of(provider)
    return Question(
        home=regions.pool_of(coverage.pool),
        scheme=Scheme(coverage.scheme),
        standing=Standing(coverage.standing),
        benefit=benefit,
        level=Level(found),
        situation=where,
        on=on,
        disease=disease,
        age=age_on(coverage.person.born, on),
        diseases=tuple(diseases),
        traits=of_person | of_provider,
        unknown_traits=perhaps_of_person | perhaps_of_provider | TRAITS_OF_VISIT,
    )


def decide(
    split: Split,
    coverage: Coverage,
    provider: Provider,
    benefit: Benefit,
    disease: str,
    where: Situation,
    on: date,
    diseases: Sequence[str] = (),
    level: Level | None = None,
) -> Answer:
    """What the home pool pays of a split bill; `on` is the day of service. Writes nothing.

    `diseases` are all the chronic diseases that the person is approved for on that day. What is not on record and
    would make the funds pay less must be known. Whoever books the answer must hold the person locked. Raises
    LevelUnknown, MissingFact and what the engine raises.
    """
    question = question_of(coverage, provider, benefit, disease, where, on, diseases, level)
    used = used_counters(coverage)
    case = Case(book(), question, split, lambda rule, day: used)
    decision = case.pay(case.rule())
    for trait, outcome in if_known(case, decision.rule):
        if isinstance(outcome, Refusal) or outcome.funds < decision.funds:
            raise MissingFact(fact=f"是否{trait.zh}", fact_en=f"whether: {trait.en}", benefit=benefit)
    return Answer(decision, question, used)
