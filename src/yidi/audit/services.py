"""Writing to the audit trail, and to the log of looks at people's data."""

from yidi.accounts.actors import Actor
from yidi.audit.errors import ReasonMissing
from yidi.audit.models import Event, Look


def record(actor: Actor, action: str, subject: str, reason: str = "") -> Event:
    """Add one event, in the transaction of what it tells about."""
    return Event.objects.create(
        actor_kind=str(actor.kind),
        actor=actor.name,
        actor_region=actor.region,
        principal=actor.principal,
        action=action,
        subject=subject,
        reason=reason,
    )


def looked(actor: Actor, person: str, what: str, reason: str) -> Look:
    """Note that the actor was shown data of the person with that number, and why. Raises ReasonMissing."""
    if not reason.strip():
        raise ReasonMissing(what=what)
    return Look.objects.create(
        actor_kind=str(actor.kind),
        actor=actor.name,
        actor_region=actor.region,
        person=person,
        what=what,
        reason=reason.strip(),
    )
