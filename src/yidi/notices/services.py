"""Telling people: a message and its outbox are written in the transaction of what they tell about."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from yidi.accounts.actors import Actor, ActorKind
from yidi.accounts.errors import OfAnother
from yidi.notices.models import Delivery, Message
from yidi.notices.templates import wanted
from yidi.notices.terms import Template
from yidi.people.models import Person


@transaction.atomic
def tell(person: Person, template: Template, subject: str, key: str = "", **details: Any) -> Message | None:
    """Write a message to a person, and put it into the outbox for each verified contact.

    `subject` is the case's number. `details` may hold more than the template needs; the rest is not kept. A second
    message to the person with the same non-empty `key` is not written: None.
    """
    kept = {name: _plain(details[name]) for name in sorted(wanted(template))}
    columns = {"template": str(template), "subject": subject, "details": kept}
    if not key:
        message = Message.objects.create(person=person, **columns)
    else:
        message, new = Message.objects.get_or_create(person=person, key=key, defaults=columns)
        if not new:
            return None
    now = timezone.now()
    Delivery.objects.bulk_create(
        Delivery(message=message, channel=contact.channel, next_try_at=now)
        for contact in person.contacts.filter(verified_at__isnull=False)
    )
    return message


def tell_of_move(
    person: Person, room: str, move: str, subject: str, key: str = "", **details: Any
) -> Message | None:
    """`tell` of a case's move, named as in the trail: `claims`, `paid`; None for moves that people are not told of."""
    spelling = f"{room}:{move}"
    if spelling not in Template.spellings():
        return None
    return tell(person, Template(spelling), subject, key, **details)


def _plain(value: Any) -> str | int | None:
    """A detail as JSON holds it, whatever the language: days in ISO form, words by their spelling."""
    if isinstance(value, date):
        return value.isoformat()
    return value if value is None or isinstance(value, int) else str(value)


def mark_read(message: Message, actor: Actor) -> None:
    """Note that the person has seen it; only their own look counts. Raises OfAnother."""
    must_be_themself(message.person, actor)
    Message.objects.filter(pk=message.pk, read_at__isnull=True).update(read_at=timezone.now())
    message.refresh_from_db(fields=["read_at"])


def must_be_themself(person: Person, actor: Actor) -> None:
    """Lets pass the person alone, for what neither a relative nor a window does for them. Raises OfAnother."""
    if actor.kind is not ActorKind.PERSON or actor.name != person.number or actor.principal:
        raise OfAnother(actor=actor.name)
