"""Example bills for rules: what a few plain amounts come to, computed by the engine."""

from collections.abc import Iterator
from dataclasses import dataclass

from yidi.benefit.adjudicate import Decision, adjudicate
from yidi.benefit.split import whole_split
from yidi.policy.rules import BenefitRule, Question
from yidi.policy.wording import disease_name, yuan
from yidi.values.errors import Refusal
from yidi.values.money import FEN
from yidi.values.terms import Benefit, FeeCategory, Situation

OUTPATIENT = tuple(amount * FEN for amount in (200, 1_000, 5_000, 20_000))
STAY = tuple(amount * FEN for amount in (2_000, 10_000, 50_000, 200_000))
"""Amounts in scope, in fen, of the first bill of a year."""


@dataclass(frozen=True, slots=True)
class Paid:
    """What a bill comes to by one rule, in fen; None = it cannot be computed."""

    in_scope: int
    funds: int | None
    decision: Decision | None = None


def amounts_of(benefit: Benefit) -> tuple[int, ...]:
    """The standard bills of a benefit."""
    return STAY if benefit is Benefit.INPATIENT else OUTPATIENT


def paid(rule: BenefitRule | Refusal, question: Question) -> Iterator[Paid]:
    """The standard bills of a benefit by a rule, each the first of the year; no rule pays none of them."""
    for in_scope in amounts_of(question.benefit):
        yield pay(rule, question, in_scope)


def pay(rule: BenefitRule | Refusal, question: Question, in_scope: int) -> Paid:
    """One bill by a rule. Where fees are told apart, all of it is drugs."""
    if isinstance(rule, Refusal):
        return Paid(in_scope, None)
    fees = {category: in_scope if category is FeeCategory.DRUGS else 0 for category in FeeCategory}
    try:
        decision = adjudicate(whole_split(in_scope), rule, {}, question.on, fees=fees)
    except Refusal:
        return Paid(in_scope, None)
    return Paid(in_scope, decision.funds, decision)


def who(question: Question) -> str:
    """The person and the place in words."""
    said = [question.standing.zh, question.level.zh]
    said += [disease_name(question.disease)] if question.disease else []
    said += [question.situation.zh] if question.situation is not Situation.LOCAL else []
    return "、".join(said)


def outcome(decision: Decision) -> str:
    """What a bill came to, in words."""
    told = [
        (decision.upfront_at_home, "参保地先行自付"),
        (decision.away_upfront, "异地先行自付"),
        (decision.deductible, "起付线"),
        (decision.over_cost, "超费用限额"),
        (decision.cut, "超基金限额"),
    ]
    said = [f"{name} {yuan(amount)}" for amount, name in told if amount]
    said.append(f"统筹基金 {yuan(decision.fund)}")
    said += [f"{layer.layer.fund.zh} {yuan(layer.fund)}" for layer in decision.layers]
    said.append(f"个人 {yuan(decision.person)}")
    return "，".join(said)
