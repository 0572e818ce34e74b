"""What the bill comes to, by the engine alone; and what it would come to in other situations and readings."""

from collections.abc import Iterator

from yidi.benefit.adjudicate import Decision
from yidi.benefit.assess import Assessment, YearSoFar, assess, pay_by
from yidi.benefit.split import Split, whole_split
from yidi.guide import texts
from yidi.guide.facts import Facts
from yidi.guide.plan import Alternative, Bill, Estimate, OtherReading, PlanRequest, Said
from yidi.guide.terms import FILED
from yidi.guide.texts import cite, speak
from yidi.policy.resolve import benefit_rule
from yidi.policy.rules import Question
from yidi.values.errors import Refusal
from yidi.values.terms import Situation, Trait


def question(request: PlanRequest, situation: Situation) -> Question:
    """The question about benefits that a request puts, in one situation."""
    return Question(
        home=request.home,
        scheme=request.scheme,
        standing=request.standing,
        benefit=request.benefit,
        level=request.level,
        situation=situation,
        on=request.on,
        disease=request.disease,
        age=request.age,
        traits=request.traits,
        unknown_traits=frozenset(Trait) - request.traits,
    )


def estimate(facts: Facts, bill: Bill) -> Estimate:
    """The estimate of a bill. Raises what the engine raises: a refusal takes the estimate's place."""
    split = whole_split(bill.total, bill.excluded or 0, bill.over_limit or 0, bill.upfront or 0)
    asked = question(facts.request, facts.situation)
    assessment = assess(facts.book, asked, split, _year(facts.request), unverified=True)
    return Estimate(
        assessment=assessment,
        assumptions=tuple(_assumptions(facts, bill, assessment.decision)),
        alternatives=_alternatives(facts, split, assessment.decision),
        other_readings=tuple(_other_readings(facts, assessment)),
    )


def _year(request: PlanRequest) -> YearSoFar:
    return YearSoFar(request.used.deductible or 0, request.used.fund or 0)


def _assumptions(facts: Facts, bill: Bill, decision: Decision) -> Iterator[Said]:
    if not bill.parts_known:
        yield speak(facts.book, texts.ASSUME_IN_SCOPE)
    used, rule = facts.request.used, decision.rule
    if used.deductible is None and used.fund is None:
        yield speak(facts.book, texts.ASSUME_UNUSED)
    elif used.deductible is None and not rule.deductible.none:
        yield speak(facts.book, texts.ASSUME_DEDUCTIBLE_UNUSED)
    elif used.fund is None and any(ceiling.amount is not None for ceiling in rule.ceilings):
        yield speak(facts.book, texts.ASSUME_FUND_UNUSED)


def _alternatives(facts: Facts, split: Split, decision: Decision) -> tuple[Alternative, ...]:
    """The bill in the situations the person might be in instead; those with the same outcome stand together."""
    if not facts.away:
        return ()
    others = FILED if facts.situation == Situation.UNFILED else (Situation.UNFILED,)
    grouped: dict[tuple[int, str], Alternative] = {}
    for situation in others:
        try:
            rule = benefit_rule(facts.book, question(facts.request, situation), unverified=True)
            outcome: Decision | Refusal = pay_by(rule, facts.request.on, split, _year(facts.request))
        except Refusal as refusal:
            outcome = refusal
        key = (outcome.funds, "") if isinstance(outcome, Decision) else (-1, outcome.message)
        before = grouped[key].situations if key in grouped else ()
        grouped[key] = Alternative((*before, situation), outcome, _difference(outcome, decision))
    return tuple(grouped.values())


def _difference(outcome: Decision | Refusal, decision: Decision) -> int | None:
    return outcome.funds - decision.funds if isinstance(outcome, Decision) else None


def _other_readings(facts: Facts, assessment: Assessment) -> Iterator[OtherReading]:
    for reading, outcome in assessment.others.items():
        origins = outcome.rule.origins if isinstance(outcome, Decision) else ()
        citations = tuple(
            citation
            for origin in dict.fromkeys(origin for origin in origins if origin.reading == reading)
            for citation in cite(facts.book, origin)
        )
        yield OtherReading(reading, citations, outcome, _difference(outcome, assessment.decision))
