"""The guide's one service: from a person's question to a plan."""

from yidi.guide import texts
from yidi.guide.direct import conditions, doubtful_amount, promises_too_much, verdict
from yidi.guide.estimate import estimate, question
from yidi.guide.facts import Facts, look_up
from yidi.guide.parameters import parameters
from yidi.guide.plan import Contest, Estimate, Plan, PlanRequest, PlanStep, Said
from yidi.guide.steps import steps
from yidi.guide.terms import Verdict
from yidi.guide.texts import speak
from yidi.policy.book import RuleBook, book
from yidi.policy.lookup import FILING
from yidi.policy.resolve import benefit_rule
from yidi.policy.rules import BenefitRule
from yidi.values.errors import Refusal


def plan(request: PlanRequest, rules: RuleBook | None = None) -> Plan:
    """The plan for one person, by the shipped rule book unless another is given.

    A missing rule never stops the plan: its refusal stands in the place of what it would have given. Raises
    UnknownRegion and UnknownDisease for codes that no register has.
    """
    facts = look_up(rules or book(), request)
    rule = _rule(facts)
    amount = _estimate(facts, rule)
    found = conditions(facts)
    decided = verdict(facts, found)
    doubt = doubtful_amount(facts, rule, amount)
    if doubt is not None and promises_too_much(facts, decided):
        found, decided = (*found, doubt), Verdict.ASK_FIRST
    taken = steps(facts, decided)
    return Plan(
        request=request,
        situation=facts.situation,
        disease=facts.disease,
        verdict=decided,
        conditions=found,
        steps=taken,
        hotline=facts.hotline,
        parameters=parameters(facts.book, rule) if isinstance(rule, BenefitRule) else (),
        estimate=amount,
        contests=_contests(facts, rule, taken),
        refusals=facts.refusals,
        notices=notices(facts.book),
    )


def notices(rules: RuleBook | None = None) -> tuple[Said, ...]:
    """What every page of the guide says whatever was asked: no substitute for a doctor, nor for the agency."""
    known = rules or book()
    return tuple(speak(known, line) for line in texts.NOTICES)


def _rule(facts: Facts) -> BenefitRule | Refusal:
    if not facts.known:
        return facts.refusals[0]
    try:
        return benefit_rule(facts.book, question(facts.request, facts.situation), unverified=True)
    except Refusal as refusal:
        return refusal


def _estimate(facts: Facts, rule: BenefitRule | Refusal) -> Estimate | Refusal | None:
    if isinstance(rule, Refusal):
        return rule
    if facts.request.bill is None:
        return None
    try:
        return estimate(facts, facts.request.bill)
    except Refusal as refusal:
        return refusal


def _contests(facts: Facts, rule: BenefitRule | Refusal, taken: tuple[PlanStep, ...]) -> tuple[Contest, ...]:
    """The disagreements between sources behind anything that this plan says."""
    names = set(rule.contests) if isinstance(rule, BenefitRule) else set()
    if facts.away:
        names.update(facts.filing.contests)
    if facts.qualification is not None:
        names.update(facts.qualification.contests)
    for step in taken:
        for rule_id in {choice.rule for choice in step.choices}:
            names.update(facts.shelf.contests_of(FILING, rule_id))
    conflicts = facts.book.conflicts
    return tuple(Contest(name, Said(conflicts[name].zh, conflicts[name].en)) for name in sorted(names))
