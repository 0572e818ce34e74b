"""The real-name check (实名核验): a sign-in becomes a person's when name and identity number match the register."""

import hmac
import unicodedata

from django.conf import settings
from django.db import IntegrityError, transaction
from django.http import HttpRequest

from yidi.accounts import lockout, passwords
from yidi.accounts.errors import (
    AlreadyRegistered,
    NotInRegister,
    OpenIdTaken,
    RegistrationClosed,
    UsernameTaken,
)
from yidi.accounts.models import User
from yidi.accounts.services import actor_of
from yidi.accounts.terms import UserKind
from yidi.audit.services import record
from yidi.people.encryption import blind_index
from yidi.people.errors import UnknownPerson
from yidi.people.models import Person
from yidi.people.queries import by_identity

DOTS = str.maketrans(dict.fromkeys("•‧∙・⋅･.．。", "·"))
"""How phones type the dot in names such as 买买提·艾力."""


def same_name(one: str, other: str) -> bool:
    """Whether two spellings are one name: width, blanks and the kind of dot make no difference, anything else does."""
    return hmac.compare_digest(_plain(one).encode(), _plain(other).encode())


def _plain(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split()).translate(DOTS)


def named_person(name: str, identity: str) -> Person:
    """The person in the register with that name and identity number. Raises NotInRegister."""
    try:
        person = by_identity(unicodedata.normalize("NFKC", identity))
    except UnknownPerson:
        raise NotInRegister() from None
    if not same_name(name, person.name):
        raise NotInRegister()
    return person


def checked_person(request: HttpRequest, name: str, identity: str) -> Person:
    """`named_person`, with attempts counted per identity number and per address. Raises NotInRegister, LockedOut."""
    counted = f"identity:{blind_index(unicodedata.normalize('NFKC', identity).strip().upper())[:40]}"
    lockout.must_be_open(request, counted)
    try:
        person = named_person(name, identity)
    except NotInRegister:
        lockout.failed(request, counted)
        raise
    lockout.succeeded(request, counted)
    return person


def register(person: Person, username: str, password: str) -> User:
    """A new sign-in of a person whose real name was checked.

    Raises RegistrationClosed, AlreadyRegistered, BadUsername, PrivateUsername, UsernameTaken, WeakPassword.
    """
    if not settings.REGISTRATION:
        raise RegistrationClosed()
    user = _new(person, passwords.good_username(username))
    passwords.set_password(user, password)
    return _kept(user)


def by_openid(openid: str, name: str, identity: str) -> User | None:
    """The user who belongs to an identity provider's sign-in; None where a person has to be asked who they are.

    Where the claims name a person in the register who has an account here, it becomes this sign-in's: the provider's
    word counts for more than what was typed at registration, so its old password and sessions end. Raises OpenIdTaken.
    """
    user = User.objects.filter(openid=openid).first()
    if user is not None:
        return user
    try:
        person = named_person(name, identity)
    except NotInRegister:
        return None
    user = User.objects.filter(person_number=person.number).first()
    if user is None:
        return bind_openid(person, openid)
    if user.openid:
        raise OpenIdTaken()
    user.openid = openid
    user.set_unusable_password()
    user.save(update_fields=["openid", "password"])
    record(actor_of(user), "accounts:bind-openid", user.username)
    return user


def bind_openid(person: Person, openid: str) -> User:
    """A new account for an identity provider's sign-in whose owner's real name was checked. Raises AlreadyRegistered."""
    user = _new(person, f"openid-{openid[:24]}")
    user.openid = openid
    user.set_unusable_password()
    return _kept(user)


def _new(person: Person, username: str) -> User:
    return User(
        username=username,
        kind=str(UserKind.PERSON),
        person_number=person.number,
        synthetic=person.synthetic,
    )


@transaction.atomic
def _kept(user: User) -> User:
    """Raises AlreadyRegistered, UsernameTaken; also where somebody else was quicker by a moment."""
    _must_be_new(user)
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError:
        _must_be_new(user)
        raise UsernameTaken(username=user.username) from None
    record(actor_of(user), "accounts:register", user.username)
    return user


def _must_be_new(user: User) -> None:
    if User.objects.filter(person_number=user.person_number).exists():
        raise AlreadyRegistered()
