"""Tags of the desk's pages."""

from typing import Any

from django import template
from django.template import Context

from yidi.accounts.models import User
from yidi.accounts.sessions import signed_in_fully
from yidi.accounts.terms import UserKind
from yidi.desk.clerks import clerk_of
from yidi.desk.nav import pages_for
from yidi.reference import diseases
from yidi.values.terms import FilingKind

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


@register.filter
def filing_kind(filing: Any) -> FilingKind:
    """Which of the six kinds a filing is of, as a word."""
    return FilingKind(filing.kind)
