"""Tags of the guide's pages: references to sources, and the mark of what is not verified."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.template import Context

from yidi.benefit.explain import UNVERIFIED
from yidi.guide.plan import Citation, Estimate, Said
from yidi.pages.templatetags.pages import say

register = template.Library()


@register.filter
def mark(estimate: Estimate) -> str:
    """How every line of an estimate begins that rests on unverified rules; empty where it does not."""
    return say(Said(*UNVERIFIED)) if estimate.assessment.unverified else ""


@register.inclusion_tag("portal/_references.html", takes_context=True)
def refer(context: Context, citations: Iterable[Citation]) -> dict[str, Any]:
    """The numbers under which citations stand in the page's list of sources, as links."""
    references: dict[Citation, int] = context["references"]
    return {"numbers": [references[citation] for citation in citations]}
