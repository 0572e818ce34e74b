"""Tags of the desk's pages."""

from collections.abc import Callable, Mapping
from typing import Any

from django import template
from django.template import Context

from yidi.accounts.models import User
from yidi.accounts.sessions import signed_in_fully
from yidi.accounts.terms import UserKind
from yidi.catalogue.models import CatalogueItem
from yidi.desk.clerks import clerk_of
from yidi.desk.forms.counter import LineForm
from yidi.desk.nav import pages_for
from yidi.ledger.models import Adjudicated
from yidi.operations.year import Meter
from yidi.pages.language import language
from yidi.pages.templatetags.pages import masked_name, say
from yidi.policy.lookup import matter_of
from yidi.reference import diseases
from yidi.values.identity import mask_identity
from yidi.values.money import MICRO, decimal_text, percent_text
from yidi.values.phones import mask_phone
from yidi.values.terms import Benefit, CatalogueClass, FilingKind, Level, Scheme, Standing, Term

register = template.Library()


@register.inclusion_tag("desk/_nav.html", takes_context=True)
def desk_nav(context: Context) -> dict[str, Any]:
    """The navigation that a member of staff has by their offices; empty before they have signed in fully."""
    request = context["request"]
    user = getattr(request, "user", None)
    if not isinstance(user, User) or user.kind != UserKind.STAFF or not signed_in_fully(user):
        return {"user": None}
    current = getattr(request.resolver_match, "url_name", "")
    entries = [(page, current == page.name or current in page.also) for page in pages_for(clerk_of(request))]
    return {"user": user, "entries": entries, "csrf_token": context.get("csrf_token")}


@register.filter
def disease(code: str) -> str:
    """The name of a disease by its M-code."""
    known = diseases.find_disease(code)
    return known.name if known else code


WORDS: Mapping[str, type[Term]] = {
    "filing-kind": FilingKind,
    "scheme": Scheme,
    "standing": Standing,
    "benefit": Benefit,
    "level": Level,
    "klass": CatalogueClass,
}


@register.filter
def word(spelling: str, kind: str) -> str:
    """What a column of a table says, as a word in the page's language; a dash where it says nothing."""
    return say(WORDS[kind](spelling)) if spelling else "—"


@register.filter
def of(found: Mapping[str, Any], key: str) -> Any:
    """What a table says under a key."""
    return found[key]


@register.filter
def item(form: LineForm, code: str) -> CatalogueItem | None:
    """The catalogue's item behind a choice; None for what is in no catalogue."""
    return form.items.get(code)


@register.filter
def matter(spelling: str) -> Term:
    """What a pack is about."""
    return matter_of(spelling)


@register.filter
def percent(ppm: int) -> str:
    """A share."""
    return percent_text(ppm)


@register.filter
def unit_price(micro: int) -> str:
    """A unit price in yuan."""
    return decimal_text(micro, MICRO, 2)


SHOWN_OF_ADDRESS = 6
"""Characters: the city."""


def _masked_address(text: str) -> str:
    return text[:SHOWN_OF_ADDRESS] + "＊＊＊"


VEILS: Mapping[str, Callable[[str], str]] = {
    "name": masked_name,
    "identity": mask_identity,
    "phone": mask_phone,
    "address": _masked_address,
}


@register.simple_tag(takes_context=True)
def veiled(context: Context, kind: str, text: str | None) -> str:
    """Somebody's data as it may be shown: masked, unless this very page was asked for in full, with a reason."""
    if not text:
        return "—"
    return text if context["full"] else VEILS[kind](text)


@register.filter
def called(username: str, names: Mapping[str, str]) -> str:
    """What a member of staff is called; whoever is not among them keeps the sign-in name."""
    return names.get(username, username)


@register.filter
def paid_by_funds(row: Adjudicated) -> int:
    """What all funds together paid of a settled bill, in fen."""
    return sum(row.funds.values())


@register.filter
def about(meter: Meter) -> str:
    """What a running total is about, in the page's language."""
    return meter.about(language())


@register.filter
def worded(what: Term | str) -> str:
    """A word of the trail in the page's language; what no list knows as the trail spells it."""
    return say(what) if isinstance(what, Term) else what
