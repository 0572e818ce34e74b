"""Tags of the portal: sources and marks of the guide; cases, meters and the visitor of a person's own pages."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.template import Context
from django.utils import timezone

from yidi.accounts.models import User
from yidi.benefit.explain import UNVERIFIED
from yidi.guide.plan import Citation, Estimate, Said
from yidi.notices.queries import unread
from yidi.operations.cases import state_of
from yidi.operations.deadlines import Deadline, deadline
from yidi.operations.mine import AnyCase
from yidi.operations.mine import about as about_case
from yidi.operations.year import Meter
from yidi.pages.language import language
from yidi.pages.templatetags.pages import percent, say
from yidi.people.models import Person
from yidi.portal.addresses import address_of
from yidi.settlement.models import Settlement

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


@register.simple_tag(takes_context=True)
def unread_messages(context: Context) -> int:
    """How many messages wait for the person who signed in."""
    user = getattr(context["request"], "user", None)
    person = Person.objects.filter(number=user.person_number).first() if isinstance(user, User) else None
    return unread(person) if person else 0


@register.filter
def case_address(number: str) -> str:
    """The address of the person's page about a case."""
    return address_of(number)


@register.filter
def about(case: AnyCase) -> str:
    """What a case is about, in a few words."""
    return about_case(case, language())


@register.filter
def state(case: AnyCase) -> str:
    """The state of a case as a word."""
    return say(state_of(case))


@register.filter
def clock(case: AnyCase) -> Deadline | None:
    """The time that the agency has for a case; None where nothing is due."""
    return deadline(case, timezone.localdate())


@register.filter
def paid_by_funds(settlement: Settlement) -> int:
    """What the funds paid of a settled bill, in fen."""
    return sum(settlement.funds.values())


@register.filter
def meter_about(meter: Meter) -> str:
    """What kind of care a meter is about."""
    return meter.about(language())


@register.inclusion_tag("portal/_meter.html")
def meter_bar(meter: Meter) -> dict[str, Any]:
    """How much of a limit is used, as a bar beside its sentence."""
    return {"meter": meter, "width": percent(min(meter.used, meter.limit), meter.limit)}
