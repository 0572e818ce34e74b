"""Keys of an institution: given out, rotated, revoked. A secret is shown once, when it is made."""

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from yidi.accounts.actors import Actor
from yidi.audit.services import record
from yidi.gateway.errors import AccountTaken, BadKey, KeyNotThere
from yidi.gateway.models import Institution, Key
from yidi.gateway.security import sealed, sm2
from yidi.gateway.security.terms import KeyKind

WITHOUT_ACCOUNT = (KeyKind.APIKEY, KeyKind.INPUT)
WITH_PUBLIC_KEY = (KeyKind.SEALED, KeyKind.INPUT)


@transaction.atomic
def add(
    institution: Institution,
    kind: KeyKind,
    actor: Actor,
    *,
    account: str = "",
    secret: str = "",
    public_key: str = "",
    ends: datetime | None = None,
) -> Key:
    """Give an institution a key that holds at once; a secret is made where none is given.

    Raises BadKey where the kind wants other parts, AccountTaken where another institution has that appId, NoSM2.
    """
    now = timezone.now()
    key = Key.objects.create(
        institution=institution,
        kind=kind,
        account="" if kind in WITHOUT_ACCOUNT else _account(institution, kind, account),
        secret=None if kind == KeyKind.INPUT else secret or secrets.token_hex(16),
        public_key=_public(public_key) if kind in WITH_PUBLIC_KEY else "",
        starts=now,
        ends=_end(ends, now),
    )
    record(actor, "gateway:key-add", subject(key))
    return key


@transaction.atomic
def rotate(key: Key, actor: Actor, overlap: timedelta, public_key: str = "") -> Key:
    """A new key in place of one, which goes on to hold for the overlap. Raises BadKey, KeyNotThere, NoSM2."""
    now = timezone.now()
    if not key.holds(now):
        raise KeyNotThere(number=key.pk)
    new = add(
        key.institution,
        KeyKind(key.kind),
        actor,
        account=key.account,
        public_key=public_key or key.public_key,
    )
    last = now + max(overlap, timedelta(seconds=1))
    key.ends = min(key.ends or last, last)
    key.save(update_fields=["ends"])
    record(actor, "gateway:key-rotate", subject(key))
    return new


@transaction.atomic
def revoke(key: Key, actor: Actor, reason: str) -> None:
    """Refuse a key from now on; a second time changes nothing."""
    if key.revoked is None:
        key.revoked = timezone.now()
        key.save(update_fields=["revoked"])
        record(actor, "gateway:key-revoke", subject(key), reason)


def find(institution: Institution, number: int) -> Key:
    """One key of an institution. Raises KeyNotThere."""
    key = institution.keys.filter(pk=number).first()
    if key is None:
        raise KeyNotThere(number=number)
    return key


def current(institution: Institution, kind: KeyKind, now: datetime) -> Key:
    """The newest key of a kind that holds. Raises KeyNotThere."""
    for key in institution.keys.filter(kind=kind, revoked=None).order_by("-pk"):
        if key.holds(now):
            return key
    raise KeyNotThere(number=kind)


def of_app(app_id: str, now: datetime) -> list[Key]:
    """The keys that hold for an appId of the sealed envelope, their institutions with them."""
    held = Key.objects.select_related("institution__provider").filter(
        kind=KeyKind.SEALED, account=app_id, revoked=None, institution__active=True
    )
    return [key for key in held if key.holds(now)]


def subject(key: Key) -> str:
    """What the audit trail calls a key."""
    return f"{key.institution.provider.code}/{key.kind}/{key.pk}"


def _account(institution: Institution, kind: KeyKind, account: str) -> str:
    if not account:
        raise BadKey(kind=kind, why="缺少账号 --account", why_en="it needs an account")
    if kind == KeyKind.SEALED:
        if not sealed.fits(account):
            raise BadKey(
                kind=kind,
                why="appId 至少 16 个 ASCII 字符",
                why_en="an appId has 16 ASCII characters or more",
            )
        if (
            Key.objects.filter(kind=kind, account=account, revoked=None)
            .exclude(institution=institution)
            .exists()
        ):
            raise AccountTaken(account=account)
    return account


def _public(text: str) -> str:
    if not text:
        raise BadKey(
            kind="SM2", why="缺少机构公钥 --public-key", why_en="it needs the institution's public key"
        )
    try:
        return sm2.read_public(text).hex()
    except ValueError:
        raise BadKey(
            kind="SM2",
            why="公钥不是曲线上一点的十六进制 x‖y",
            why_en="the public key is no point of the curve as hex",
        ) from None


def _end(ends: datetime | None, now: datetime) -> datetime | None:
    if ends is not None and ends <= now:
        raise BadKey(kind="", why="到期时间已过", why_en="its end has passed")
    return ends
