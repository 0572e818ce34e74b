"""Tags of the guide's pages: references to sources, and the bar of who pays what."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import template
from django.template import Context

from yidi.benefit.adjudicate import Decision
from yidi.benefit.explain import UNVERIFIED
from yidi.guide.plan import Citation, Estimate, Said
from yidi.pages.templatetags.pages import say
from yidi.values.money import decimal_text

register = template.Library()
THOUSANDTHS = 1000


@register.filter
def mark(estimate: Estimate) -> str:
    """How every line of an estimate begins that rests on unverified rules; empty where it does not."""
    return say(Said(*UNVERIFIED)) if estimate.assessment.unverified else ""


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
