"""Sign-in names and passwords."""

import secrets
import unicodedata
from typing import Any

from django.contrib.auth import authenticate
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.password_validation import MinimumLengthValidator, validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from yidi.accounts import lockout
from yidi.accounts.errors import BadUsername, PrivateUsername, SamePassword, WeakPassword, WrongSignIn
from yidi.accounts.models import User
from yidi.accounts.terms import UserKind
from yidi.values.identity import holds_private_number

SHORTEST_NAME = 2
LONGEST_NAME = 60
SHORTEST_STAFF_PASSWORD = 12
"""Staff see other people's data: their passwords are longer than `AUTH_PASSWORD_VALIDATORS` ask."""
PLAIN_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Letters and digits that nobody takes for another when they copy them by hand."""


class PasswordBackend(ModelBackend):
    """Django's own check of passwords; people and staff each sign in at their own door."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> User | None:  # type: ignore[override]
        kind = credentials.pop("kind", "")
        user = super().authenticate(request, **credentials)
        return user if isinstance(user, User) and user.kind == kind else None

    def get_user(self, user_id: Any) -> User | None:
        user = User.objects.filter(pk=user_id).first()
        return user if user is not None and user.is_active else None


def checked(request: HttpRequest, username: str, password: str, kind: UserKind) -> User:
    """The user with that name and password. Raises WrongSignIn, the same for every cause, and LockedOut."""
    name = spelt(username)
    lockout.must_be_open(request, name)
    user = authenticate(request, username=name, password=password, kind=str(kind))
    if not isinstance(user, User):
        lockout.must_be_open(request, name)
        raise WrongSignIn()
    lockout.succeeded(request, name)
    return user


def spelt(username: str) -> str:
    """A sign-in name in its one spelling: full-width letters and blanks are how phones type them."""
    return unicodedata.normalize("NFKC", username).strip()


def good_username(username: str) -> str:
    """A name for a new sign-in. Raises BadUsername, PrivateUsername."""
    name = spelt(username)
    if not SHORTEST_NAME <= len(name) <= LONGEST_NAME or not name.isprintable() or " " in name:
        raise BadUsername(shortest=SHORTEST_NAME, longest=LONGEST_NAME)
    if holds_private_number(name):
        raise PrivateUsername()
    return name


def set_password(user: User, password: str, *, chosen_by_other: bool = False) -> None:
    """Give an unsaved or saved user a password, without saving. Raises WeakPassword."""
    validators = [MinimumLengthValidator(SHORTEST_STAFF_PASSWORD)] if user.kind == UserKind.STAFF else []
    try:
        validate_password(password, user)
        for validator in validators:
            validator.validate(password, user)
    except ValidationError as weak:
        raise WeakPassword(why="".join(weak.messages)) from None
    user.set_password(password)
    user.must_change_password = chosen_by_other


def first_password() -> str:
    """A password for one sign-in, drawn by lot: 79 bits in four groups of four.

    >>> len(first_password()), first_password() == first_password()
    (19, False)
    """
    return "-".join("".join(secrets.choice(PLAIN_LETTERS) for _ in range(4)) for _ in range(4))


def change_password(request: HttpRequest, user: User, old: str, new: str) -> None:
    """A user's own new password. Their other sessions end. Raises WrongSignIn, LockedOut, SamePassword, WeakPassword."""
    checked(request, user.username, old, UserKind(user.kind))
    if old == new:
        raise SamePassword()
    set_password(user, new)
    user.save(update_fields=["password", "must_change_password"])
