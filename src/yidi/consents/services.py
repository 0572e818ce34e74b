"""Giving, accepting and taking back consents; and the one check of who may apply for a person."""

from django.utils import timezone

from yidi.accounts.actors import Actor, ActorKind
from yidi.accounts.errors import NotAllowed, OfAnother
from yidi.accounts.terms import Action
from yidi.consents.errors import WindowConsentMissing
from yidi.consents.queries import relative_may, window_may
from yidi.people.models import Coverage


def must_apply_for(actor: Actor, coverage: Coverage) -> None:
    """Lets pass whoever may apply for an insured person: the person, a relative with their consent, the window.

    The one who acts for somebody else names them as `Actor.principal`. Raises OfAnother, WindowConsentMissing,
    NotAllowed, OutsideRegion.
    """
    person, today = coverage.person, timezone.localdate()
    if actor.kind is ActorKind.PERSON:
        own = actor.name == person.number and not actor.principal
        helps = actor.principal == person.number and relative_may(actor.name, person, today)
        if not (own or helps):
            raise OfAnother(actor=actor.name)
        return
    actor.must_do(Action.ACT_FOR_WALK_IN, coverage.pool)
    if actor.principal != person.number or not window_may(actor.name, person, today):
        raise WindowConsentMissing()


def may_read_for(actor: Actor, coverage: Coverage) -> bool:
    """Whether somebody may see a person's own pages: whoever may apply for them."""
    try:
        must_apply_for(actor, coverage)
    except (OfAnother, NotAllowed, WindowConsentMissing):
        return False
    return True
