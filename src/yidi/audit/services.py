"""Writing to the audit trail."""

from yidi.accounts.actors import Actor
from yidi.audit.models import Event


def record(actor: Actor, action: str, subject: str, reason: str = "") -> Event:
    """Add one event, in the transaction of what it tells about."""
    return Event.objects.create(
        actor_kind=str(actor.kind),
        actor=actor.name,
        actor_region=actor.region,
        action=action,
        subject=subject,
        reason=reason,
    )
