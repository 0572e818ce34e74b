"""From a rule book to an explained answer, with what other readings of a contested rule would give."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from yidi.benefit.adjudicate import Decision, adjudicate
from yidi.benefit.counters import counters_of_year
from yidi.benefit.explain import Explanation, explain
from yidi.benefit.split import Split
from yidi.policy.book import RuleBook
from yidi.policy.resolve import benefit_rule, other_rules
from yidi.policy.rules import BenefitRule, Question
from yidi.values.errors import Refusal


@dataclass(frozen=True, slots=True)
class YearSoFar:
    """What a person has used of one benefit in its year before the bill, in fen."""

    deductible: int = 0
    fund: int = 0
    cost: int = 0
    stays: int = 0
    """How many stays in hospital there were."""


@dataclass(frozen=True, slots=True)
class Assessment:
    """A decision, its explanation, and what each other reading would give (a refusal is an answer too)."""

    decision: Decision
    explanation: Explanation
    others: Mapping[str, Decision | Refusal]


def assess(
    book: RuleBook,
    question: Question,
    split: Split,
    year: YearSoFar | None = None,
    reading: str = "",
) -> Assessment:
    """Answer a question about a bill. Raises what `benefit_rule` and `adjudicate` raise."""
    so_far = year or YearSoFar()
    rule = benefit_rule(book, question, reading)
    decision = pay_by(rule, question.on, split, so_far)
    others: dict[str, Decision | Refusal] = {}
    for name, other in other_rules(book, question).items() if rule.contests and not reading else ():
        try:
            others[name] = pay_by(other, question.on, split, so_far)
        except Refusal as refusal:
            others[name] = refusal
    return Assessment(decision, explain(decision), others)


def pay_by(rule: BenefitRule, on: date, split: Split, year: YearSoFar) -> Decision:
    """Pay a bill by one rule for a person of whom only the year so far is known. Raises CeilingNotKnown."""
    used = counters_of_year(rule, on, year.deductible, year.fund, year.cost, year.stays)
    return adjudicate(split, rule, used, on)
