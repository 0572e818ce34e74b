"""The kinds of filing a person may choose: their papers, when they take effect, how long they hold."""

from datetime import date

from yidi.guide import texts
from yidi.guide.facts import Facts
from yidi.guide.plan import FilingChoice, Said
from yidi.guide.texts import cite, speak
from yidi.policy.book import RuleBook
from yidi.policy.case_rules import KindOfFiling
from yidi.policy.cases import filing_kind
from yidi.policy.errors import MissingParameter
from yidi.values.terms import FilingKind, Material, Scheme


def choices(facts: Facts) -> tuple[FilingChoice, ...]:
    """The kinds of filing with what each asks for; one deemed filed is left out, and one whose papers no rule names."""
    asked = facts.request
    found = (choice(facts.book, asked.home, asked.scheme, kind, asked.on) for kind in FilingKind)
    return tuple(one for one in found if one is not None)


def choice(book: RuleBook, home: str, scheme: Scheme, kind: FilingKind, on: date) -> FilingChoice | None:
    """What one kind of filing asks for and gives; None where it is deemed filed, or no rule names its papers."""
    try:
        rule = filing_kind(book, home, scheme, kind, on)
    except MissingParameter:
        return None
    if rule.effect == "deemed":
        return None
    return FilingChoice(
        kind=kind,
        klass=rule.klass,
        rule=rule.origin.rule,
        materials=tuple(tuple(Material(name) for name in group) for group in rule.materials),
        effect=_effect(book, rule),
        validity=_validity(book, rule),
        citations=cite(book, rule.origin),
    )


def _effect(book: RuleBook, rule: KindOfFiling) -> Said:
    line = texts.EFFECTS[rule.effect] if rule.effect_origin else texts.EFFECT_UNKNOWN
    return speak(book, line, (rule.effect_origin,))


def _validity(book: RuleBook, rule: KindOfFiling) -> Said:
    if rule.valid_origin is None:
        return speak(book, texts.VALIDITY_UNKNOWN)
    if rule.needs_end_date:
        return speak(book, texts.END_DATE, (rule.valid_origin,))
    if rule.months_valid is None:
        return speak(book, texts.FOREVER, (rule.valid_origin,))
    return speak(book, texts.MONTHS, (rule.valid_origin,), months=rule.months_valid)
