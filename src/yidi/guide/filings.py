"""The kinds of filing a person may choose: their papers, when they take effect, how long they hold."""

from yidi.guide import texts
from yidi.guide.facts import Facts
from yidi.guide.plan import FilingChoice, Said
from yidi.guide.texts import cite, speak
from yidi.policy.case_rules import KindOfFiling
from yidi.policy.cases import filing_kind
from yidi.policy.errors import MissingParameter
from yidi.values.terms import FilingKind, Material


def choices(facts: Facts) -> tuple[FilingChoice, ...]:
    """The kinds of filing with what each asks for; one deemed filed is left out, and one whose papers no rule names."""
    found = (_choice(facts, kind) for kind in FilingKind)
    return tuple(choice for choice in found if choice is not None)


def _choice(facts: Facts, kind: FilingKind) -> FilingChoice | None:
    request = facts.request
    try:
        rule = filing_kind(facts.book, request.home, request.scheme, kind, request.on)
    except MissingParameter:
        return None
    if rule.effect == "deemed":
        return None
    return FilingChoice(
        kind=kind,
        klass=rule.klass,
        rule=rule.origin.rule,
        materials=tuple(tuple(Material(name) for name in group) for group in rule.materials),
        effect=_effect(facts, rule),
        validity=_validity(facts, rule),
        citations=cite(facts.book, rule.origin),
    )


def _effect(facts: Facts, rule: KindOfFiling) -> Said:
    line = texts.EFFECTS[rule.effect] if rule.effect_origin else texts.EFFECT_UNKNOWN
    return speak(facts.book, line, (rule.effect_origin,))


def _validity(facts: Facts, rule: KindOfFiling) -> Said:
    if rule.valid_origin is None:
        return speak(facts.book, texts.VALIDITY_UNKNOWN)
    if rule.needs_end_date:
        return speak(facts.book, texts.END_DATE, (rule.valid_origin,))
    if rule.months_valid is None:
        return speak(facts.book, texts.FOREVER, (rule.valid_origin,))
    return speak(facts.book, texts.MONTHS, (rule.valid_origin,), months=rule.months_valid)
