"""Connecting providers, and their operators' sign-ins."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from yidi.accounts.actors import Actor
from yidi.audit.services import record
from yidi.gateway.errors import UnknownInstitution, UnknownSignIn
from yidi.gateway.models import Institution, SignIn
from yidi.providers.models import Provider
from yidi.statements import Query, Slot

_CONNECTED = Query(
    lambda: Institution.objects.select_related("provider").filter(active=True, provider__code=Slot("code"))
)


@transaction.atomic
def connect(
    provider: Provider,
    actor: Actor,
    paasid: str = "",
    secret: str = "",
    signed: bool = True,
    *,
    for_testing: bool = False,
) -> Institution:
    """Let a provider send messages, or change how it signs them. Without `signed`, anyone who knows its code may send.

    `for_testing` marks an invented one as which visitors of the reference may send (reference/trial.py).
    """
    institution, _ = Institution.objects.update_or_create(
        provider=provider,
        defaults={
            "paasid": paasid,
            "secret": secret or None,
            "signed": signed,
            "active": True,
            "for_testing": for_testing,
        },
    )
    record(actor, "gateway:connect", str(provider.code))
    return institution


@transaction.atomic
def disconnect(institution: Institution, actor: Actor) -> None:
    """Refuse the institution's messages from now on."""
    institution.active = False
    institution.save(update_fields=["active"])
    record(actor, "gateway:disconnect", str(institution.provider.code))


def find(code: str) -> Institution:
    """The connected institution with a national code. Raises UnknownInstitution."""
    institution = _CONNECTED.first(code=code)
    if institution is None:
        raise UnknownInstitution(number=code)
    return institution


def for_testing() -> list[Institution]:
    """The institutions as which visitors of the reference may send messages."""
    return list(
        Institution.objects.select_related("provider")
        .filter(active=True, for_testing=True, provider__synthetic=True)
        .order_by("provider__code")
    )


@transaction.atomic
def sign_in(institution: Institution, operator: str, actor: Actor) -> SignIn:
    """Note that an operator began work."""
    begun = SignIn.objects.create(institution=institution, operator=operator, at=timezone.now())
    record(actor, "gateway:sign-in", begun.number)
    return begun


@transaction.atomic
def sign_out(institution: Institution, number: str, operator: str, actor: Actor) -> datetime:
    """Note that an operator ended work, and tell when; a second time changes nothing. Raises UnknownSignIn."""
    key = int(number) if number.isascii() and number.isdigit() and len(number) <= 18 else -1
    begun = institution.sign_ins.select_for_update().filter(pk=key).first()
    if begun is None or (operator and operator != begun.operator):
        raise UnknownSignIn(number=number)
    if begun.ended is not None:
        return begun.ended
    begun.ended = timezone.now()
    begun.save(update_fields=["ended"])
    record(actor, "gateway:sign-out", begun.number)
    return begun.ended
