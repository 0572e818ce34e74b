"""Users and their offices. Whoever manages staff is an administrator of their region, or the system itself."""

from django.db import IntegrityError, transaction

from yidi.accounts import lockout, passwords
from yidi.accounts.actors import Actor, ActorKind
from yidi.accounts.errors import NoSignIn, NotStaff, ProviderNeeded, SelfAppointment, UsernameTaken
from yidi.accounts.models import Appointment, SecondFactor, Session, User
from yidi.accounts.terms import Action, Role, StaffAct, UserKind
from yidi.audit.services import record
from yidi.providers.queries import by_code
from yidi.reference import regions


def actor_of(user: User, principal: str = "") -> Actor:
    """The user as services want to know them; `principal` is the number of the person they act for, if not for themself."""
    if user.kind == UserKind.PERSON:
        others = principal if principal != user.person_number else ""
        return Actor(ActorKind.PERSON, user.person_number, principal=others)
    roles = frozenset(Role(row.role) for row in user.appointments.all())
    return Actor(ActorKind.CLERK, user.username, user.region, roles, principal)


def staff_named(username: str) -> User:
    """The member of staff with that sign-in name. Raises NotStaff."""
    user = User.objects.filter(username=passwords.spelt(username), kind=str(UserKind.STAFF)).first()
    if user is None:
        raise NotStaff(username=username)
    return user


@transaction.atomic
def create_staff(
    username: str,
    name: str,
    region: str,
    password: str,
    actor: Actor,
    *,
    provider_code: str = "",
    synthetic: bool = False,
) -> User:
    """A new member of staff of a region, or of a provider in it. The password serves for the first sign-in.

    Raises NotAllowed, OutsideRegion, UnknownRegion, UnknownProvider, BadUsername, PrivateUsername, UsernameTaken, WeakPassword.
    """
    if region != regions.NATION:
        regions.region(region)
    actor.must_be_system_or(Action.MANAGE_STAFF, region)
    if provider_code:
        actor.must_be_system_or(Action.MANAGE_STAFF, by_code(provider_code).region)
    user = User(
        username=passwords.good_username(username),
        name=name.strip(),
        kind=str(UserKind.STAFF),
        region=region,
        provider_code=provider_code,
        synthetic=synthetic,
    )
    passwords.set_password(user, password, chosen_by_other=True)
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError:
        raise UsernameTaken(username=user.username) from None
    record(actor, "accounts:create", user.username, regions.full_name(region))
    return user


@transaction.atomic
def appoint(user: User, role: Role, actor: Actor) -> Appointment:
    """Give an office to a member of staff; one they hold already stays as it is.

    Raises NotStaff, SelfAppointment, NotAllowed, OutsideRegion, ProviderNeeded.
    """
    _must_manage(actor, user, StaffAct.APPOINT)
    if (role is Role.CASHIER) != bool(user.provider_code):
        raise ProviderNeeded()
    row, new = Appointment.objects.get_or_create(user=user, role=str(role), defaults={"given_by": actor.name})
    if new:
        record(actor, "accounts:appoint", user.username, role.zh)
    return row


@transaction.atomic
def revoke(user: User, role: Role, actor: Actor) -> None:
    """Take an office away. Raises NotStaff, SelfAppointment, NotAllowed, OutsideRegion."""
    _must_manage(actor, user, StaffAct.REVOKE)
    if user.appointments.filter(role=str(role)).delete()[0]:
        record(actor, "accounts:revoke", user.username, role.zh)


@transaction.atomic
def deactivate(user: User, actor: Actor, reason: str = "") -> None:
    """Let nobody sign in as this member of staff any more; their sessions end, what they did stays on record."""
    _must_manage(actor, user, StaffAct.DEACTIVATE)
    _set_active(user, False)
    record(actor, "accounts:deactivate", user.username, reason)


@transaction.atomic
def reactivate(user: User, actor: Actor, reason: str = "") -> None:
    """Let a deactivated member of staff sign in again."""
    _must_manage(actor, user, StaffAct.REACTIVATE)
    _set_active(user, True)
    record(actor, "accounts:reactivate", user.username, reason)


@transaction.atomic
def reset_second_factor(user: User, actor: Actor, reason: str = "") -> None:
    """Forget the user's authenticator app, lost or broken: they enrol a new one at the next sign-in."""
    _must_manage(actor, user, StaffAct.RESET_SECOND_FACTOR)
    SecondFactor.objects.filter(user=user).delete()
    _end_sessions(user)
    record(actor, "accounts:reset-second-factor", user.username, reason)


@transaction.atomic
def reset_password(user: User, password: str, actor: Actor, reason: str = "") -> None:
    """A password for one sign-in: the user then chooses another. Raises WeakPassword besides what `appoint` raises."""
    _must_manage(actor, user, StaffAct.RESET_PASSWORD)
    passwords.set_password(user, password, chosen_by_other=True)
    user.save(update_fields=["password", "must_change_password"])
    _end_sessions(user)
    record(actor, "accounts:reset-password", user.username, reason)


@transaction.atomic
def end_sessions(user: User, actor: Actor, reason: str = "") -> None:
    """Sign the user out wherever they are signed in; they may sign in again."""
    _must_manage(actor, user, StaffAct.END_SESSIONS)
    _end_sessions(user)
    record(actor, "accounts:end-sessions", user.username, reason)


@transaction.atomic
def unlock(user: User, actor: Actor, reason: str = "") -> None:
    """Forget failed attempts at the user's name and codes."""
    _must_manage(actor, user, StaffAct.UNLOCK)
    lockout.unlock(user.username)
    SecondFactor.objects.filter(user=user).update(
        throttling_failure_count=0, throttling_failure_timestamp=None
    )
    record(actor, "accounts:unlock", user.username, reason)


@transaction.atomic
def forget_person(number: str, actor: Actor) -> None:
    """Delete the sign-in of the person with that number; whether the actor may is `consents`' to check. Raises NoSignIn."""
    user = User.objects.filter(person_number=number).first()
    if user is None:
        raise NoSignIn()
    record(actor, "accounts:forget", user.username)
    user.delete()


def _must_manage(actor: Actor, user: User, act: StaffAct) -> None:
    if user.kind != UserKind.STAFF:
        raise NotStaff(username=user.username)
    actor.must_be_system_or(Action.MANAGE_STAFF, user.region)
    if actor.kind is ActorKind.CLERK and actor.name == user.username:
        raise SelfAppointment(action=act)


def _set_active(user: User, active: bool) -> None:
    user.is_active = active
    user.save(update_fields=["is_active"])
    _end_sessions(user)


def _end_sessions(user: User) -> None:
    Session.objects.filter(user=user).delete()
