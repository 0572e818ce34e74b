"""Users and their offices."""

from django.db import transaction

from yidi.accounts.actors import Actor, ActorKind
from yidi.accounts.models import Appointment, User
from yidi.accounts.terms import Role, UserKind


def actor_of(user: User, principal: str = "") -> Actor:
    """The user as services want to know them; `principal` is the number of the person they act for, if not for themself."""
    if user.kind == UserKind.PERSON:
        others = principal if principal != user.person_number else ""
        return Actor(ActorKind.PERSON, user.person_number, principal=others)
    roles = frozenset(Role(row.role) for row in user.appointments.all())
    return Actor(ActorKind.CLERK, user.username, user.region, roles, principal)


@transaction.atomic
def appoint(user: User, role: Role, given_by: str) -> Appointment:
    """Give an office to a member of staff; one they hold already stays as it is."""
    row, _ = Appointment.objects.get_or_create(user=user, role=str(role), defaults={"given_by": given_by})
    return row
