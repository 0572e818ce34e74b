"""People who stand at a window: their consent of today, and the clerk who acts for them."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from yidi.accounts.actors import Actor
from yidi.accounts.terms import Action
from yidi.audit.services import looked
from yidi.consents.models import Consent
from yidi.consents.queries import in_force
from yidi.consents.services import record_window_consent
from yidi.consents.terms import Way
from yidi.operations.errors import NotHere
from yidi.operations.records import find_here
from yidi.operations.terms import Shown
from yidi.people.errors import PersonKey
from yidi.people.models import Person


@transaction.atomic
def begin(key: PersonKey, text: str, document: str, clerk: Actor) -> Person:
    """Note that a person stands at the clerk's window, showed a document and lets the clerk act for them today.

    Raises what `find_here` and `record_window_consent` raise; then nothing is on record.
    """
    person = find_here(key, text, clerk, Action.ACT_FOR_WALK_IN)
    record_window_consent(person, document, clerk)
    looked(clerk, person.number, str(Shown.WINDOW), f"{Shown.WINDOW.zh}：{document}")
    return person


def consented_today(clerk: Actor) -> QuerySet[Consent]:
    """The people whose consent of today the clerk has noted, the last one first."""
    today = in_force(timezone.localdate()).filter(clerk=clerk.name, way=str(Way.WINDOW))
    return today.select_related("person").order_by("-pk")


def resume(key: int, clerk: Actor) -> Person:
    """Whose consent of today that is. Raises NotHere where there is none of this clerk."""
    consent = consented_today(clerk).filter(pk=key).first()
    if consent is None:
        raise NotHere()
    return consent.person
