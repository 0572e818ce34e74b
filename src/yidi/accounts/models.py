"""Those who sign in: insured people and members of staff; the offices of staff; second factors; sessions."""

import time
from base64 import b32decode
from datetime import datetime
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Q
from django_otp.models import Device, ThrottlingMixin
from django_otp.oath import TOTP

from yidi.accounts.terms import Role, UserKind
from yidi.people.encryption import EncryptedText

CODE_DIGITS = 6
CODE_SECONDS = 30
"""How long one code of an authenticator app is shown (RFC 6238)."""
CODE_TOLERANCE = 1
"""How many codes before and after the current one are accepted: clocks differ."""


class UserManager(BaseUserManager["User"]):
    """Finds users by the name they sign in with."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username=username)


class User(AbstractBaseUser):
    """One sign-in. A person's stands for one insured person; a member of staff works for one region's agency."""

    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=60)
    """How staff are shown to each other; a person's own name stays in the register alone."""
    kind = models.CharField(max_length=10)
    person_number = models.CharField(max_length=30, blank=True)
    """The number of the person whose real name was checked against the register; empty for staff."""
    openid = models.CharField(max_length=64, blank=True)
    """Hash of issuer and subject, for a person who signs in through the deployment's identity provider."""
    region = models.CharField(max_length=6, blank=True)
    """The region whose agency a member of staff works for; empty for persons."""
    provider_code = models.CharField(max_length=12, blank=True)
    """The national code of the provider that a cashier works at; empty for everybody else."""
    must_change_password = models.BooleanField(default=False)
    """Whether somebody else chose the password: then it serves for one sign-in."""
    is_active = models.BooleanField(default=True)
    synthetic = models.BooleanField(default=False)
    """An invented user of the demo."""
    created = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "username"

    class Meta:
        constraints = [
            models.CheckConstraint(name="accounts_user_kind", condition=Q(kind__in=UserKind.spellings())),
            models.CheckConstraint(
                name="accounts_user_works_somewhere",
                condition=Q(kind=str(UserKind.STAFF), person_number="", openid="") & ~Q(region="")
                | Q(kind=str(UserKind.PERSON), region="", provider_code="") & ~Q(person_number=""),
            ),
            models.UniqueConstraint(
                name="accounts_user_one_per_person",
                fields=["person_number"],
                condition=~Q(person_number=""),
            ),
            models.UniqueConstraint(
                name="accounts_user_one_per_openid", fields=["openid"], condition=~Q(openid="")
            ),
        ]

    def __str__(self) -> str:
        return self.username


class Appointment(models.Model):
    """One office that a member of staff holds."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="appointments")
    role = models.CharField(max_length=20)
    given_by = models.CharField(max_length=60)
    given_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="accounts_appointment_once", fields=["user", "role"]),
            models.CheckConstraint(name="accounts_appointment_role", condition=Q(role__in=Role.spellings())),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}:{self.role}"


class SecondFactor(ThrottlingMixin, Device):
    """The authenticator app of a member of staff. Its secret is encrypted, which django-otp's own table would not do."""

    secret = EncryptedText()
    """160 random bits in base 32, as authenticator apps take them."""
    drift = models.SmallIntegerField(default=0)
    """By how many codes the app's clock was off when last used."""
    last_step = models.BigIntegerField(default=-1)
    """The time step of the last accepted code: neither it nor an earlier one is accepted again."""

    class Meta:
        constraints = [models.UniqueConstraint(name="accounts_second_factor_once", fields=["user"])]

    def __str__(self) -> str:
        return str(self.user_id)

    def verify_token(self, token: str) -> bool:
        """Whether the code is right, new, and not typed too soon after wrong ones. Called with the row locked."""
        allowed, _ = self.verify_is_allowed()
        if not allowed:
            return False
        totp = TOTP(b32decode(self.secret), CODE_SECONDS, digits=CODE_DIGITS, drift=self.drift)
        totp.time = time.time()
        spelt = len(token) == CODE_DIGITS and token.isascii() and token.isdigit()
        if not (spelt and totp.verify(int(token), CODE_TOLERANCE, self.last_step + 1)):
            self.throttle_increment()
            return False
        self.last_step, self.drift = totp.t(), totp.drift
        self.throttle_reset(commit=False)
        self.save()
        return True

    def waits_until(self) -> datetime | None:
        """When the next code may be typed, after wrong ones: 1, 2, 4, 8 … seconds; None = now."""
        _, why = self.verify_is_allowed()
        return why["locked_until"] if why else None

    def get_throttle_factor(self) -> int:
        return 1


class Session(AbstractBaseSession):
    """A visitor's session: what it keeps is encrypted, and whose it is can be asked."""

    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="sessions")
    """Who signed in with it; null before that."""
    since = models.DateTimeField(null=True)
    """When they signed in."""

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="accounts_session_since",
                condition=Q(user__isnull=True, since__isnull=True)
                | Q(user__isnull=False, since__isnull=False),
            )
        ]

    @classmethod
    def get_session_store_class(cls) -> type[SessionBase]:
        from yidi.accounts.session_store import SessionStore

        return SessionStore
