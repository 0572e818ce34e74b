"""Sessions of those who signed in: how long they last, how many there are, and who acts in them for whom."""

import time
from datetime import timedelta

import django_otp
from django.conf import settings
from django.contrib import auth
from django.contrib.auth import SESSION_KEY
from django.db.models import QuerySet, prefetch_related_objects
from django.http import HttpRequest
from django.utils import timezone

from yidi.accounts.actors import Actor
from yidi.accounts.errors import SignedOut
from yidi.accounts.models import SecondFactor, Session, User
from yidi.accounts.services import actor_of
from yidi.accounts.session_store import IDLE, SINCE, SessionStore
from yidi.accounts.terms import UserKind
from yidi.audit.services import record

SEEN = "seen"
"""Under which the session keeps when it was last prolonged, in seconds of Unix time."""
PRINCIPAL = "principal"
"""Under which the session keeps the number of the person for whom its owner acts."""
LONGEST = "longest"
"""Under which the session keeps after how many seconds it ends, used or not."""
LIMITS = {
    UserKind.STAFF: ("STAFF_IDLE", "STAFF_LONGEST"),
    UserKind.PERSON: ("PERSON_IDLE", "PERSON_LONGEST"),
}
"""The settings that say how long a session lasts unused, and how long at most."""
PROLONGED_EVERY = timedelta(minutes=1)
"""A session is prolonged at most this often: reading a page then writes nothing."""
BACKEND = "yidi.accounts.passwords.PasswordBackend"


def begin(request: HttpRequest, user: User, device: SecondFactor | None = None) -> None:
    """Sign the user in, under a new session key. Staff keep `STAFF_SESSIONS` sessions: older ones end."""
    auth.login(request, user, backend=BACKEND)
    session, now = request.session, time.time()
    session.pop(PRINCIPAL, None)
    idle, longest = LIMITS[UserKind(user.kind)]
    session.update(
        {
            SINCE: now,
            SEEN: now,
            IDLE: getattr(settings, idle).total_seconds(),
            LONGEST: getattr(settings, longest).total_seconds(),
        }
    )
    if device is not None:
        django_otp.login(request, device)
    session.cycle_key()
    if user.kind == UserKind.STAFF:
        others = _open(user).exclude(pk=session.session_key).order_by("-since")
        _end([row.pk for row in others[settings.STAFF_SESSIONS - 1 :]])
    SessionStore.clear_expired()
    record(actor_of(user), "accounts:sign-in", user.username)


def end(request: HttpRequest) -> None:
    """Sign out: the session and all it kept are gone."""
    user = request.user
    if isinstance(user, User):
        record(actor_of(user), "accounts:sign-out", user.username)
    auth.logout(request)


def end_everywhere(user: User) -> int:
    """End every session of the user, on all devices; how many there were."""
    return _end([row.pk for row in _open(user)])


def keep_limits(request: HttpRequest) -> None:
    """End a session that has lasted its longest; prolong one in use. Called before anything else reads the session."""
    session = request.session
    if session.session_key is None or SESSION_KEY not in session:
        return
    now = time.time()
    if now - session[SINCE] >= session[LONGEST]:
        _end([session.session_key])
        request.session = SessionStore()
    elif now - session[SEEN] >= PROLONGED_EVERY.total_seconds():
        session[SEEN] = now


def owner_of_ended(request: HttpRequest) -> int | None:
    """The user whose session the visitor's browser still holds the key of, where that session ended a short while ago."""
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    ended = Session.objects.filter(pk=key, expire_date__lte=timezone.now())
    return ended.values_list("user_id", flat=True).first() if key else None


def actor_for(request: HttpRequest) -> Actor:
    """Who acts in this request, and for whom. Raises SignedOut where nobody has signed in fully."""
    user = request.user
    if not isinstance(user, User) or not signed_in_fully(user):
        raise SignedOut()
    if user.kind == UserKind.STAFF:
        prefetch_related_objects([user], "appointments")
    return actor_of(user, request.session.get(PRINCIPAL, ""))


def signed_in_fully(user: User) -> bool:
    """Whether nothing is missing: staff need their second factor as well."""
    return user.kind == UserKind.PERSON or getattr(user, "otp_device", None) is not None


def act_for(request: HttpRequest, number: str) -> None:
    """From now on the session's owner acts for the person with that number. Services check that they may."""
    request.session[PRINCIPAL] = number


def act_for_oneself(request: HttpRequest) -> None:
    """From now on the session's owner acts for nobody else."""
    request.session.pop(PRINCIPAL, None)


def _open(user: User) -> QuerySet[Session]:
    return Session.objects.filter(user=user, expire_date__gt=timezone.now())


def _end(keys: list[str]) -> int:
    """Sessions are ended, not deleted: see `session_store.KEPT_AFTER_END`."""
    return Session.objects.filter(pk__in=keys).update(expire_date=timezone.now())
