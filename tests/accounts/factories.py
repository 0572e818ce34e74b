"""Those who act, and those who sign in."""

import time
from base64 import b32decode

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.test import Client
from django_otp.oath import TOTP

from yidi.accounts import sessions
from yidi.accounts.actors import Actor, ActorKind
from yidi.accounts.models import Appointment, SecondFactor, User
from yidi.accounts.terms import Role, UserKind
from yidi.people.models import Person

PASSWORD = "Jishi-Jiesuan-2026"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
"""Of every authenticator app in the tests, in base 32."""

ALL_ROLES = frozenset(Role)
CLERK = Actor(ActorKind.CLERK, "南昌经办甲", "360100", ALL_ROLES)
SUPERVISOR = Actor(ActorKind.CLERK, "南昌主管庚", "360100", frozenset({Role.SUPERVISOR}))
CLEARING = Actor(ActorKind.CLERK, "南昌清算辛", "360100", frozenset({Role.CLEARING}))
WINDOW = Actor(
    ActorKind.CLERK, "南昌窗口壬", "360100", frozenset({Role.WINDOW}), principal="36010000000000000001"
)
PROVINCE_CLERK = Actor(ActorKind.CLERK, "江西经办乙", "360000", ALL_ROLES)
FOREIGN_CLERK = Actor(ActorKind.CLERK, "上海经办丙", "310000", ALL_ROLES)
PERSON = Actor(ActorKind.PERSON, "36010000000000000001")
HOSPITAL = Actor(ActorKind.INSTITUTION, "H31010600001", "310106")


def a_user(person: Person, username: str = "", password: str = PASSWORD) -> User:
    """The sign-in of an insured person."""
    user = User(username=username or f"p{person.pk}", kind=str(UserKind.PERSON), person_number=person.number)
    user.set_password(password)
    user.save()
    return user


def a_clerk(
    username: str = "reviewer",
    *roles: Role,
    region: str = "360100",
    password: str = PASSWORD,
    provider_code: str = "",
) -> User:
    """The sign-in of a member of staff with these offices, whose authenticator app is enrolled."""
    user = User(
        username=username,
        name=f"经办{username}",
        kind=str(UserKind.STAFF),
        region=region,
        provider_code=provider_code,
    )
    user.set_password(password)
    user.save()
    for role in roles:
        Appointment.objects.create(user=user, role=str(role), given_by="test")
    SecondFactor.objects.create(user=user, secret=SECRET)
    return user


def code_now(steps: int = 0) -> str:
    """What the authenticator app of `a_clerk` shows now, or some steps of 30 seconds later."""
    totp = TOTP(b32decode(SECRET))
    totp.time = time.time() + 30 * steps
    return f"{totp.token():06d}"


def sign_in(client: Client, user: User, principal: str = "") -> None:
    """Sign a test's client in as the user: what the sign-in pages do, without them."""
    request = HttpRequest()
    request.session = sessions.SessionStore()
    request.user = AnonymousUser()
    request.META["REMOTE_ADDR"] = "127.0.0.1"
    sessions.begin(request, user, SecondFactor.objects.filter(user=user).first())
    if principal:
        sessions.act_for(request, principal)
    request.session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = request.session.session_key or ""
