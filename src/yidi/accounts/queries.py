"""Which members of staff an administrator sees, and how their sign-ins stand."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils import timezone

from yidi.accounts import lockout
from yidi.accounts.errors import NotStaff
from yidi.accounts.models import SecondFactor, Session, User
from yidi.accounts.terms import Role, UserKind
from yidi.reference import regions


def offices_under(region: str) -> tuple[str, ...]:
    """The regions whose agencies an administrator of a region may staff: their own first, then those below it.

    >>> offices_under("360100"), offices_under("360000")[:3]
    (('360100',), ('360000', '360100', '360200'))
    """
    below = [unit.code for province, cities in regions.cities() for unit in (province, *cities)]
    return tuple(dict.fromkeys([region, *(code for code in below if region in regions.layers_of(code))]))


def staff_of(
    region: str, text: str = "", role: Role | None = None, active: bool | None = None
) -> QuerySet[User]:
    """The members of staff of a region and of those below it, by sign-in name; `text` is part of a name."""
    staff = User.objects.filter(kind=str(UserKind.STAFF))
    worked_for = staff.order_by().values_list("region", flat=True).distinct()
    found = staff.filter(region__in=[code for code in worked_for if region in regions.layers_of(code)])
    if text:
        found = found.filter(Q(username__icontains=text) | Q(name__icontains=text))
    if role is not None:
        found = found.filter(appointments__role=str(role))
    if active is not None:
        found = found.filter(is_active=active)
    return found.prefetch_related("appointments").order_by("username")


def staff_member(region: str, key: int) -> User:
    """One of them. Raises NotStaff, whether there is no such user or they work elsewhere."""
    found = staff_of(region).filter(pk=key).first()
    if found is None:
        raise NotStaff(username=key)
    return found


def names_of(usernames: Iterable[str]) -> dict[str, str]:
    """What members of staff are called, by sign-in name; whoever is no longer there is left out."""
    staff = User.objects.filter(kind=str(UserKind.STAFF), username__in=set(usernames))
    return dict(staff.values_list("username", "name"))


@dataclass(frozen=True, slots=True)
class SignIns:
    """How a member of staff signs in."""

    enrolled: bool
    """Whether an authenticator app has proved itself."""
    sessions: int
    """Open now."""
    failures: int
    """Of late."""


def sign_ins_of(user: User) -> SignIns:
    """How it stands now."""
    return SignIns(
        enrolled=SecondFactor.objects.filter(user=user, confirmed=True).exists(),
        sessions=Session.objects.filter(user=user, expire_date__gt=timezone.now()).count(),
        failures=lockout.recent_failures(user.username),
    )
