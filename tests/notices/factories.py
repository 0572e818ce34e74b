"""People with ways to reach them, what waits for them in the outbox, and senders that only pretend."""

from dataclasses import dataclass, field

from django.utils import timezone

from tests.people.factories import a_person
from yidi.notices.channels import SENT, Outcome
from yidi.notices.models import Contact, Delivery
from yidi.notices.services import tell
from yidi.notices.terms import Channel, Template
from yidi.people.models import Person

ADDRESSES = {Channel.SMS: "13800001234", Channel.MAIL: "someone@example.com"}


def person_with(*channels: Channel, number: int = 1, verified: bool = True) -> Person:
    person = a_person(number)
    for channel in channels:
        Contact.objects.update_or_create(
            person=person,
            channel=str(channel),
            defaults={
                "address": ADDRESSES[channel],
                "verified_at": timezone.now() if verified else None,
            },
        )
    return person


def waiting(channel: Channel = Channel.SMS, subject: str = "C0000000001") -> Delivery:
    """A text message that waits to be sent."""
    message = tell(person_with(channel), Template.CLAIM_SUBMITTED, subject)
    assert message is not None
    return message.deliveries.get(channel=str(channel))


@dataclass
class Pretender:
    """Notes what it was given and answers as it was told to; each answer once, the last one ever after."""

    answers: list[Outcome] = field(default_factory=lambda: [SENT])
    given: list[tuple[str, str, str]] = field(default_factory=list)

    def send(self, address: str, title: str, text: str) -> Outcome:
        self.given.append((address, title, text))
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
