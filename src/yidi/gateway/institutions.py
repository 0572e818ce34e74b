"""Connecting providers, and their operators' sign-ins."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from yidi.accounts.actors import Actor
from yidi.audit.services import record
from yidi.gateway import dialects
from yidi.gateway.dialects import Dialect
from yidi.gateway.errors import UnknownInstitution, UnknownSignIn, Unsigned
from yidi.gateway.models import Institution, Key, SignIn
from yidi.gateway.security import keys, sm2
from yidi.gateway.security.terms import KeyKind, Scheme
from yidi.providers.models import Provider
from yidi.statements import Query, Slot

_CONNECTED = Query(
    lambda: Institution.objects.select_related("provider").filter(active=True, provider__code=Slot("code"))
)

_KEYS = Query(
    lambda: Key.objects.select_related("institution__provider").filter(
        revoked=None, institution__active=True, institution__provider__code=Slot("code")
    )
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
    """Let a provider send messages with x-tif signatures, under this key and no other where one is given.

    `for_testing` marks an invented one as which visitors of the reference may send (reference/trial.py). Without
    `signed`, anyone who knows its code may send: raises Unsigned where this is no demo.
    """
    scheme = Scheme.X_TIF if signed else Scheme.NONE
    institution = enrol(provider, scheme, actor, for_testing=for_testing)
    if paasid:
        for old in institution.keys.filter(kind=KeyKind.X_TIF, revoked=None):
            keys.revoke(old, actor, "接入时换用新密钥")
        keys.add(institution, KeyKind.X_TIF, actor, account=paasid, secret=secret)
    return institution


@transaction.atomic
def enrol(provider: Provider, scheme: Scheme | None, actor: Actor, **others: Any) -> Institution:
    """Let a provider send messages that carry what the scheme demands, or change how it does; None leaves its scheme.

    `others` are further columns of `Institution`. Raises Unsigned where the scheme is for demos and this is none,
    NoSM2 where replies are to be signed and the server cannot.
    """
    if scheme == Scheme.NONE and not settings.GATEWAY_UNSIGNED:
        raise Unsigned()
    if others.get("signs_replies"):
        sm2.check_library()
    institution, _ = Institution.objects.update_or_create(
        provider=provider, defaults={**({"scheme": scheme} if scheme else {}), "active": True, **others}
    )
    record(actor, "gateway:connect", str(provider.code))
    return institution


@transaction.atomic
def set_dialect(institution: Institution, dialect: Dialect, actor: Actor) -> None:
    """Give an institution its replies in another form from now on; those remembered too."""
    institution.dialect = dialects.stored(dialect)
    institution.save(update_fields=["dialect"])
    record(actor, "gateway:dialect", str(institution.provider.code))


@transaction.atomic
def disconnect(institution: Institution, actor: Actor) -> None:
    """Refuse the institution's messages from now on."""
    institution.active = False
    institution.save(update_fields=["active"])
    record(actor, "gateway:disconnect", str(institution.provider.code))


def find(code: str) -> tuple[Institution, list[Key]]:
    """The connected institution with a national code, and its keys that are not revoked. Raises UnknownInstitution."""
    held = _KEYS.all(code=code)
    return (held[0].institution, held) if held else (by_code(code), [])


def by_code(code: str) -> Institution:
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
