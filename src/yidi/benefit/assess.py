"""From a rule book to an explained answer: what it is, why it is not more, and what would change it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from yidi.benefit.adjudicate import Balances, Decision, adjudicate
from yidi.benefit.counterfactual import Case, Counterfactual, changes, other_readings, why_not_more
from yidi.benefit.counters import Counter, counters_of_year
from yidi.benefit.explain import Explanation, explain
from yidi.benefit.split import Split
from yidi.policy.book import RuleBook
from yidi.policy.pack import ConflictDoc
from yidi.policy.rules import BenefitRule, Origin, Question
from yidi.values.errors import Refusal
from yidi.values.terms import FeeCategory


@dataclass(frozen=True, slots=True)
class YearSoFar:
    """What a person has used of one benefit in its year before the bill, in fen."""

    deductible: int = 0
    fund: int = 0
    cost: int = 0
    stays: int = 0
    """How many stays in hospital there were."""


@dataclass(frozen=True)
class Assessment:
    """A decision with its explanation, and everything that it rests on.

    The amounts per component stand in `decision` (and, as sentences, in `explanation.steps`). `others`,
    `why_not_more` and `changes` are further runs of the same bill: they are made when they are first asked for.
    """

    case: Case
    decision: Decision
    explanation: Explanation

    @property
    def rule_digest(self) -> str:
        """The name under which the decision can be replayed: the hash of the rule that it used."""
        return self.decision.rule.digest

    @property
    def book_digest(self) -> str:
        """The hash of the whole rule set that the rule was taken from."""
        return self.case.book.digest

    @property
    def unverified(self) -> bool:
        """Whether any value comes from a source of grade C or R."""
        return self.decision.rule.unverified

    @property
    def readings(self) -> tuple[str, ...]:
        """The readings used, each once, in the order in which they are applied."""
        return self.decision.rule.readings

    @property
    def origins(self) -> tuple[Origin, ...]:
        """Where each value comes from, in the order in which they are applied: `layer` says which layer won."""
        return self.decision.rule.origins

    @property
    def conflicts(self) -> Mapping[str, ConflictDoc]:
        """The conflicts between sources that touch the decision, by their ids."""
        registered = self.case.book.conflicts
        return {name: registered[name] for name in self.decision.rule.contests}

    @cached_property
    def others(self) -> Mapping[str, Decision | Refusal]:
        """What each other reading of a contested rule gives (a refusal is an answer too); none where one was named."""
        if self.case.reading or not self.decision.rule.contests:
            return {}
        return other_readings(self.case, self.decision.rule)

    @cached_property
    def why_not_more(self) -> tuple[Counterfactual, ...]:
        """What kept the funds from paying more, by lifting one element after another; largest first."""
        return why_not_more(self.decision)

    @cached_property
    def changes(self) -> tuple[Counterfactual, ...]:
        """What would change the result: filed otherwise, another provider level, the next year, another reading."""
        return changes(self.case, self.decision)


def assess(
    book: RuleBook,
    question: Question,
    split: Split,
    year: YearSoFar | None = None,
    reading: str = "",
    unverified: bool = False,
    fees: Mapping[FeeCategory, int] | None = None,
    balances: Balances | None = None,
) -> Assessment:
    """Answer a question about a bill.

    `unverified` lets unadopted statements of grade C or R answer where nothing better does: for estimates alone.
    `fees` are the parts in scope by category of fee, where a rule limits some apart; `balances` what the accounts hold.
    Raises what `benefit_rule` and `adjudicate` raise.
    """
    so_far = year or YearSoFar()

    def used_by(rule: BenefitRule, on: date) -> Mapping[Counter, int]:
        return _used(rule, on, so_far)

    case = Case(book, question, split, used_by, reading, unverified, balances, fees)
    decision = case.pay(case.rule())
    return Assessment(case, decision, explain(decision))


def pay_by(rule: BenefitRule, on: date, split: Split, year: YearSoFar) -> Decision:
    """Pay a bill by one rule for a person of whom only the year so far is known. Raises what `adjudicate` raises."""
    return adjudicate(split, rule, _used(rule, on, year), on)


def _used(rule: BenefitRule, on: date, year: YearSoFar) -> Mapping[Counter, int]:
    return counters_of_year(rule, on, year.deductible, year.fund, year.cost, year.stays)
