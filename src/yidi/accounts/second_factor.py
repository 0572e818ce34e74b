"""The second factor of staff: the way from the password to a session, and the enrolment on the first day."""

import secrets
import time
from base64 import b32decode, b32encode
from urllib.parse import quote, urlencode

from django.conf import settings
from django.contrib import auth
from django.http import HttpRequest
from django.utils import timezone
from django_otp import verify_token
from django_otp.oath import TOTP

from yidi.accounts import sessions
from yidi.accounts.errors import CodesTooFast, SignInAnew, WrongCode
from yidi.accounts.models import CODE_DIGITS, CODE_SECONDS, SecondFactor, User

WAITING = "second-factor"
"""Under which the session keeps whose password was right."""
LONGEST_WAIT_S = 600
SECRET_BYTES = 20
ISSUER = "yidi"


def begin(request: HttpRequest, user: User) -> None:
    """Note that the user's password was right. They are not signed in: nothing but their code takes them further."""
    if request.user.is_authenticated:
        auth.logout(request)
    request.session[WAITING] = {"user": user.pk, "hash": user.get_session_auth_hash(), "at": int(time.time())}
    request.session.cycle_key()


def waiting(request: HttpRequest) -> User:
    """The user whose password was right a short while ago. Raises SignInAnew."""
    noted = request.session.get(WAITING)
    if noted is None or time.time() - noted["at"] > LONGEST_WAIT_S:
        raise SignInAnew()
    user = User.objects.filter(pk=noted["user"], is_active=True).first()
    if user is None or user.get_session_auth_hash() != noted["hash"]:
        raise SignInAnew()
    return user


def is_enrolled(user: User) -> bool:
    """Whether an authenticator app of the user has proved itself."""
    return SecondFactor.objects.filter(user=user, confirmed=True).exists()


def new_secret() -> str:
    """A secret for an authenticator app, in base 32."""
    return b32encode(secrets.token_bytes(SECRET_BYTES)).decode()


def demo_code(user: User) -> str:
    """The code that an invented user's app would show now, on a demo site alone; else empty."""
    device = SecondFactor.objects.filter(user=user, confirmed=True).first()
    if not (settings.DEMO and user.synthetic and device):
        return ""
    code = TOTP(b32decode(device.secret), CODE_SECONDS, digits=CODE_DIGITS)
    code.time = time.time()
    return f"{code.token():0{CODE_DIGITS}d}"


def enrolment(user: User) -> SecondFactor:
    """The secret that a user's app is to take over; the same until it has proved itself. Raises SignInAnew."""
    device, _ = SecondFactor.objects.get_or_create(
        user=user, defaults={"confirmed": False, "secret": new_secret()}
    )
    if device.confirmed:
        raise SignInAnew()
    return device


def address(device: SecondFactor) -> str:
    """What the QR code says: where authenticator apps find the secret (key URI format)."""
    query = urlencode(
        {"secret": device.secret, "issuer": ISSUER, "digits": CODE_DIGITS, "period": CODE_SECONDS}
    )
    return f"otpauth://totp/{quote(f'{ISSUER}:{device.user.username}')}?{query}"


def complete(request: HttpRequest, code: str) -> User:
    """Sign in the user whose password was right, by their code; the first code confirms a new app.

    Raises SignInAnew, WrongCode (also for a code used before), CodesTooFast.
    """
    user = waiting(request)
    device = SecondFactor.objects.filter(user=user).first()
    if device is None:
        raise SignInAnew()
    until = device.waits_until()
    if until is not None:
        raise CodesTooFast(until=f"{timezone.localtime(until):%H:%M:%S}")
    digits = "".join(code.split())
    passed = verify_token(user, device.persistent_id, digits)
    if not isinstance(passed, SecondFactor):
        raise WrongCode()
    if not passed.confirmed:
        passed.confirmed = True
        passed.save(update_fields=["confirmed"])
    del request.session[WAITING]
    sessions.begin(request, user, passed)
    return user
