"""Reading messages."""

from django.db.models import Count, QuerySet

from yidi.notices.models import Delivery, Message
from yidi.notices.terms import Channel, Stage
from yidi.people.models import Person


def messages_of(person: Person) -> QuerySet[Message]:
    """A person's messages, newest first."""
    return person.notices.order_by("-pk")


def unread(person: Person) -> int:
    """How many messages a person has not read yet."""
    return person.notices.filter(read_at__isnull=True).count()


def messages_about(subject: str) -> QuerySet[Message]:
    """What people were told about a case, oldest first."""
    return Message.objects.filter(subject=subject).order_by("pk")


def outbox() -> list[tuple[Channel, Stage, int]]:
    """How many messages stand in each stage of each channel."""
    rows = Delivery.objects.values_list("channel", "stage").annotate(Count("pk")).order_by("channel", "stage")
    return [(Channel(channel), Stage(stage), count) for channel, stage, count in rows]
