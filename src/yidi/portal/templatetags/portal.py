"""Filters of the portal's templates: the guide's bilingual values in the page's language, and money as people read it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from django import template
from django.template import Context
from django.utils.translation import get_language

from yidi.benefit.adjudicate import Decision
from yidi.benefit.explain import UNVERIFIED
from yidi.guide.plan import Citation, Estimate, Said
from yidi.reference import regions
from yidi.values.errors import Refusal
from yidi.values.money import decimal_text, yuan_text
from yidi.values.terms import Term

register = template.Library()
THOUSANDTHS = 1000


class _Bilingual(Protocol):
    def text(self, language: str = "zh") -> str: ...


@register.filter
def say(thing: _Bilingual | Term | Refusal) -> str:
    """A sentence, a word or a refusal in the page's language."""
    language = "en" if (get_language() or "").startswith("en") else "zh"
    if isinstance(thing, Refusal):
        return thing.english if language == "en" else thing.message
    return thing.label(language) if isinstance(thing, Term) else thing.text(language)


@register.filter
def is_refusal(thing: object) -> bool:
    """Whether a refusal stands where something else was hoped for."""
    return isinstance(thing, Refusal)


@register.filter
def yuan(fen: int) -> str:
    """An amount of fen, not negative, as yuan with separators between the thousands."""
    whole, _point, rest = yuan_text(fen).partition(".")
    return f"{int(whole):,}.{rest}"


@register.filter
def mark(estimate: Estimate) -> str:
    """How every line of an estimate begins that rests on unverified rules; empty where it does not."""
    return say(Said(*UNVERIFIED)) if estimate.assessment.unverified else ""


@register.filter
def tel(number: str) -> str:
    """A telephone number as a link's address; empty where an area code must be filled in first."""
    digits = number.replace("-", "")
    return digits if digits.isascii() and digits.isdigit() else ""


@register.filter
def region(code: str) -> str:
    """The full name of a region, or of the nation."""
    return regions.full_name(code)


@register.filter
def absolute(number: int) -> int:
    """The size of a number."""
    return abs(number)


@register.inclusion_tag("portal/_references.html", takes_context=True)
def refer(context: Context, citations: Iterable[Citation]) -> dict[str, Any]:
    """The numbers under which citations stand in the page's list of sources, as links."""
    references: dict[Citation, int] = context["references"]
    return {"numbers": [references[citation] for citation in citations]}


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of the bar: where it starts and how wide it is, as percentages in plain text."""

    name: str
    fen: int
    start: str
    width: str


@register.inclusion_tag("portal/_bar.html")
def money_bar(decision: Decision) -> dict[str, Any]:
    """Who pays what, as one stacked bar; the bill's total is its whole width."""
    split = decision.split
    parts = (
        ("fund", decision.funds),
        ("scope", split.in_scope - decision.funds),
        ("outside", split.total - split.in_scope),
    )
    segments, before = [], 0
    for name, fen in parts:
        segments.append(Segment(name, fen, _percent(before, split.total), _percent(fen, split.total)))
        before += fen
    return {"segments": segments, "decision": decision}


def _percent(part: int, whole: int) -> str:
    return decimal_text(part * 100 * THOUSANDTHS // whole, THOUSANDTHS) + "%" if whole else "0%"
