"""Whether a bill can be settled at the counter, and exactly why or why not."""

from collections.abc import Iterable, Iterator

from yidi.guide import texts
from yidi.guide.estimate import question
from yidi.guide.facts import Facts
from yidi.guide.plan import Condition, ConditionName, Estimate, Said
from yidi.guide.terms import FILED, Standpoint, Verdict
from yidi.guide.texts import Line, speak
from yidi.policy.lookup import FILING, Parameter
from yidi.policy.resolve import benefit_rule
from yidi.policy.rules import BenefitRule, Origin
from yidi.reference import regions
from yidi.values.errors import Refusal
from yidi.values.terms import FilingKind, Situation


def conditions(facts: Facts) -> tuple[Condition, ...]:
    """Every condition of direct settlement, in the order in which a person meets them."""
    found = [_region(facts)]
    if facts.chronic:
        found.append(_coverage(facts))
        if facts.away and facts.nationwide:
            found.append(_nationwide(facts))
    if facts.away:
        found.append(_filing(facts))
    if facts.qualification is not None:
        found.append(_condition(facts, "qualification", Standpoint.TO_CHECK, texts.QUALIFIED))
    if facts.situation != Situation.LOCAL and not facts.blocked and not facts.too_late:
        line = texts.OPENED_DISEASE if facts.chronic else texts.OPENED_GENERAL
        found.append(_condition(facts, "provider", Standpoint.TO_CHECK, line))
    return tuple(found)


def verdict(facts: Facts, found: Iterable[Condition]) -> Verdict:
    """What the conditions come to: the first obstacle that the person cannot remove decides."""
    stands = {condition.name: condition.standpoint for condition in found}
    if stands["region"] == Standpoint.TO_CHECK or stands.get("coverage", Standpoint.MET) != Standpoint.MET:
        return Verdict.ASK_FIRST
    if stands.get("nationwide") == Standpoint.UNMET:
        return Verdict.CLAIM
    filing = stands.get("filing", Standpoint.MET)
    if filing == Standpoint.MET:
        return Verdict.DIRECT
    if facts.ahead:
        return Verdict.FILE_FIRST
    return Verdict.CLAIM if filing == Standpoint.UNMET else Verdict.ASK_FIRST


def promises_too_much(facts: Facts, decided: Verdict) -> bool:
    """Whether a verdict says that a bill settles directly although the engine refuses to settle it."""
    if decided == Verdict.FILE_FIRST and facts.known:
        return not any(_has_rule(facts, situation) for situation in FILED)
    return decided == Verdict.DIRECT


def doubtful_amount(
    facts: Facts, rule: BenefitRule | Refusal, amount: Estimate | Refusal | None
) -> Condition | None:
    """Why to ask first: what the engine refuses, or can only estimate by unverified rules, is not settled either."""
    if isinstance(amount, Refusal):
        return Condition("amount", Standpoint.TO_CHECK, Said(amount.message, amount.english))
    if isinstance(rule, BenefitRule) and rule.unverified:
        return _condition(facts, "amount", Standpoint.TO_CHECK, texts.UNVERIFIED_ONLY, rule.origins[:1])
    return None


def _has_rule(facts: Facts, situation: Situation) -> bool:
    try:
        benefit_rule(facts.book, question(facts.request, situation))
    except Refusal:
        return False
    return True


def _condition(
    facts: Facts,
    name: ConditionName,
    standpoint: Standpoint,
    line: Line,
    origins: Iterable[Origin | None] = (),
) -> Condition:
    return Condition(name, standpoint, speak(facts.book, line, origins, **facts.names))


def _region(facts: Facts) -> Condition:
    if facts.situation == Situation.LOCAL:
        return _condition(facts, "region", Standpoint.MET, texts.AT_HOME)
    if facts.situation == Situation.EXEMPT:
        origin = facts.filing.exempt_within_province
        return _condition(facts, "region", Standpoint.MET, texts.EXEMPT, (origin,))
    if regions.same_province(facts.request.home, facts.request.care):
        return _condition(facts, "region", Standpoint.TO_CHECK, texts.SAME_PROVINCE_UNKNOWN)
    return _condition(facts, "region", Standpoint.NOTE, texts.ACROSS)


def _coverage(facts: Facts) -> Condition:
    if facts.covered:
        origin = facts.shelf.coverage(facts.request.disease)
        return _condition(facts, "coverage", Standpoint.MET, texts.COVERED, (origin,))
    if facts.shelf.lists_diseases() and not facts.shelf.lists_in_part():
        return _condition(facts, "coverage", Standpoint.UNMET, texts.NOT_COVERED)
    return _condition(facts, "coverage", Standpoint.TO_CHECK, texts.COVERAGE_UNKNOWN)


def _nationwide(facts: Facts) -> Condition:
    origin = facts.shelf.nationwide()
    if facts.request.disease in facts.nationwide:
        return _condition(facts, "nationwide", Standpoint.MET, texts.NATIONWIDE, (origin,))
    return _condition(facts, "nationwide", Standpoint.UNMET, texts.NOT_NATIONWIDE, (origin,))


def _filing(facts: Facts) -> Condition:
    if facts.situation == Situation.EMERGENCY:
        return _condition(facts, "filing", Standpoint.MET, texts.DEEMED, _deemed(facts))
    if facts.situation != Situation.UNFILED:
        return _condition(facts, "filing", Standpoint.MET, texts.FILED)
    if facts.filing.unfiled_settles_directly is None:
        return _condition(facts, "filing", Standpoint.TO_CHECK, texts.UNFILED_UNKNOWN)
    origins = (facts.filing.unfiled_origin,)
    if facts.filing.unfiled_settles_directly:
        return _condition(facts, "filing", Standpoint.MET, texts.UNFILED_MAY_SETTLE, origins)
    return _condition(facts, "filing", Standpoint.UNMET, texts.UNFILED_MUST_CLAIM, origins)


def _deemed(facts: Facts) -> Iterator[Origin]:
    kind = FilingKind.EMERGENCY
    found = facts.shelf.find(
        FILING, Parameter.EFFECT, lambda rule: getattr(rule.kinds.get(kind), "effect", None)
    )
    if found is not None:
        yield found.origin(found.rule.kinds[kind].source)
