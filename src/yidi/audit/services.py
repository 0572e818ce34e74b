"""Writing to the audit trail, and to the log of looks at people's data."""

from collections.abc import Iterable
from typing import Protocol

from yidi.audit.errors import ReasonMissing
from yidi.audit.models import Event, Look
from yidi.audit.terms import LookReason
from yidi.statements import insert


class Acting(Protocol):
    """Whoever acts, as far as the trail wants to know: an `accounts.actors.Actor`."""

    @property
    def kind(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def region(self) -> str: ...
    @property
    def principal(self) -> str: ...


def record(actor: Acting, action: str, subject: str, reason: str = "") -> Event:
    """Add one event, in the transaction of what it tells about."""
    event = Event(
        actor_kind=str(actor.kind),
        actor=actor.name,
        actor_region=actor.region,
        principal=actor.principal,
        action=action,
        subject=subject,
        reason=reason,
    )
    insert([event])
    return event


def looked(actor: Acting, person: str, what: str, reason: str) -> Look:
    """Note that the actor was shown data of the person with that number, and why. Raises ReasonMissing."""
    (look,) = looked_each(actor, [person], what, reason)
    return look


def looked_each(actor: Acting, people: Iterable[str], what: str, reason: str) -> list[Look]:
    """Note the same of every person whose number is given, as for a list. Raises ReasonMissing."""
    if not reason.strip():
        raise ReasonMissing(what=what)
    return Look.objects.bulk_create(
        Look(
            actor_kind=str(actor.kind),
            actor=actor.name,
            actor_region=actor.region,
            person=person,
            what=what,
            reason=reason.strip(),
        )
        for person in people
    )


def said(reason: LookReason, text: str, what: object) -> str:
    """A reason of the list with words of its own, as the log keeps it. Raises ReasonMissing where OTHER says nothing more."""
    if reason is LookReason.OTHER and not text.strip():
        raise ReasonMissing(what=what)
    return f"{reason.zh}：{text.strip()}" if text.strip() else reason.zh
