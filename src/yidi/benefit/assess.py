"""From a rule book to an explained answer, with what other readings of a contested rule would give."""

from collections.abc import Mapping
from dataclasses import dataclass

from yidi.benefit.adjudicate import Counter, Decision, adjudicate
from yidi.benefit.explain import Explanation, explain
from yidi.benefit.split import Split
from yidi.policy.book import RuleBook
from yidi.policy.resolve import benefit_rule, other_rules
from yidi.policy.rules import Question
from yidi.values.errors import Refusal


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
    used: Mapping[Counter, int] | None = None,
    account_balance: int = 0,
    reading: str = "",
) -> Assessment:
    """Answer a question about a bill. Raises what `benefit_rule` and `adjudicate` raise."""
    counters = used or {}
    rule = benefit_rule(book, question, reading)
    decision = adjudicate(split, rule, counters, question.on, account_balance)
    others: dict[str, Decision | Refusal] = {}
    for name, other in other_rules(book, question).items() if rule.contests and not reading else ():
        try:
            others[name] = adjudicate(split, other, counters, question.on, account_balance)
        except Refusal as refusal:
            others[name] = refusal
    return Assessment(decision, explain(decision), others)
