"""Who acts, for the layout of pages."""

from django import template
from django.template import Context

from yidi.accounts.models import User
from yidi.accounts.sessions import PRINCIPAL
from yidi.people.models import Person

register = template.Library()


@register.simple_tag(takes_context=True)
def acting_for(context: Context) -> Person | None:
    """The person for whom the one who signed in acts at the moment; None where that is themselves, or nobody signed in."""
    user = getattr(context["request"], "user", None)
    if not isinstance(user, User):
        return None
    number = context["request"].session.get(PRINCIPAL, "")
    return Person.objects.filter(number=number).first() if number else None


@register.simple_tag(takes_context=True)
def signed_in(context: Context) -> str:
    """The kind of user who signed in; empty where nobody did."""
    user = getattr(context["request"], "user", None)
    return user.kind if isinstance(user, User) else ""
