"""The kinds of filing a person may choose: their papers, when they take effect, how long they hold."""

from typing import Any

from yidi.guide import texts
from yidi.guide.facts import Facts
from yidi.guide.plan import Citation, FilingChoice, Said
from yidi.guide.texts import Line, cite, speak
from yidi.policy.case_rules import KindOfFiling
from yidi.policy.cases import filing_kind
from yidi.policy.lookup import FILING, Parameter
from yidi.values.errors import Refusal
from yidi.values.terms import FilingKind, Material

CHOOSABLE = tuple(kind for kind in FilingKind if kind != FilingKind.EMERGENCY)
"""An emergency counts as filed: there is nothing to choose."""


def choices(facts: Facts) -> tuple[FilingChoice, ...]:
    """The kinds of filing with what each asks for; a kind of which no rule names the papers is left out."""
    found = (_choice(facts, kind) for kind in CHOOSABLE)
    return tuple(choice for choice in found if choice is not None)


def _choice(facts: Facts, kind: FilingKind) -> FilingChoice | None:
    request = facts.request
    try:
        rule = filing_kind(facts.book, request.home, request.scheme, kind, request.on)
    except Refusal as refusal:
        return _partly_known(facts, kind, refusal)
    return FilingChoice(
        kind=kind,
        klass=rule.klass,
        rule=rule.origin.rule,
        materials=tuple(tuple(Material(name) for name in group) for group in rule.materials),
        effect=_said(facts, texts.EFFECTS[rule.effect]),
        validity=_validity(facts, rule),
        citations=cite(facts.book, rule.origin),
    )


def _validity(facts: Facts, rule: KindOfFiling) -> Said:
    if rule.needs_end_date:
        return _said(facts, texts.END_DATE)
    if rule.months_valid is None:
        return _said(facts, texts.FOREVER)
    return speak(facts.book, texts.MONTHS, months=rule.months_valid)


def _partly_known(facts: Facts, kind: FilingKind, refusal: Refusal) -> FilingChoice | None:
    """A kind for which the pool's rules are incomplete: its class and papers as the nation states them."""

    def stated(parameter: Parameter, name: str) -> Any:
        return facts.shelf.find(FILING, parameter, lambda rule: getattr(rule.kinds.get(kind), name, None))

    klass, materials = stated(Parameter.CLASS, "class_"), stated(Parameter.MATERIALS, "materials")
    if klass is None or materials is None:
        return None
    citations: tuple[Citation, ...] = cite(facts.book, materials.origin(materials.rule.kinds[kind].source))
    return FilingChoice(
        kind=kind,
        klass=klass.value,
        rule=materials.rule.id,
        materials=materials.value,
        effect=None,
        validity=None,
        citations=citations,
        missing=(refusal,),
    )


def _said(facts: Facts, line: Line) -> Said:
    return speak(facts.book, line)
