"""Sending what is in the outbox. Any number of runs may do so at once.

At most once, never twice: a row is taken in a transaction of its own before anything is sent, and nobody else takes it
then. Where the program dies between sending and noting it, or a service leaves its answer incomplete, nobody knows
whether the person has the text. Such a row is not sent again; it is shown as `uncertain`, and the message stands on
the person's own page in any case.
"""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from yidi.notices.channels import Outcome, Sender, senders
from yidi.notices.models import Delivery
from yidi.notices.terms import Channel, Stage, Trouble

LEASE = timedelta(minutes=10)
"""A row that has been `sending` for longer was taken by a run that died."""
WAITS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=12),
)
"""How long to wait after the first, second … attempt that failed; after the last of them one more is made."""
LIMIT = 1000
"""Rows that one run sends."""

THEN = {
    Trouble.UNREACHABLE: Stage.PENDING,
    Trouble.BUSY: Stage.PENDING,
    Trouble.REFUSED: Stage.GIVEN_UP,
    Trouble.NO_CONTACT: Stage.GIVEN_UP,
    Trouble.NO_ANSWER: Stage.UNCERTAIN,
    Trouble.INTERRUPTED: Stage.UNCERTAIN,
}
"""What becomes of a row after each trouble."""


def deliver(limit: int = LIMIT, clock: Callable[[], datetime] = timezone.now) -> Counter[Stage]:
    """Send up to `limit` of what is due; tells how many rows went into which stage.

    Channels that are switched off keep their rows. Not within a transaction: each row is taken and noted by itself.
    """
    done: Counter[Stage] = Counter()
    done[Stage.UNCERTAIN] += _give_back_lost(clock())
    ways = senders()
    for _ in range(limit):
        row = _take(list(ways), clock())
        if row is None:
            break
        done[_note(row, _hand_over(row, ways[Channel(row.channel)]), clock())] += 1
    return +done


def _give_back_lost(now: datetime) -> int:
    """Rows taken by a run that died: whether they were sent is not known."""
    lost = Delivery.objects.filter(stage=str(Stage.SENDING), next_try_at__lt=now - LEASE)
    return lost.update(stage=str(Stage.UNCERTAIN), trouble=str(Trouble.INTERRUPTED))


@transaction.atomic(durable=True)
def _take(channels: list[Channel], now: datetime) -> Delivery | None:
    """The row that has waited longest, taken so that no other run takes it; committed before anything is sent."""
    due = Delivery.objects.filter(stage=str(Stage.PENDING), channel__in=channels, next_try_at__lte=now)
    row = due.order_by("next_try_at", "pk").select_for_update(skip_locked=True).first()
    if row is not None:
        row.stage, row.attempts, row.next_try_at = str(Stage.SENDING), row.attempts + 1, now
        row.save(update_fields=["stage", "attempts", "next_try_at"])
    return row


def _hand_over(row: Delivery, sender: Sender) -> Outcome:
    """Outside the house goes the short text alone (see `templates`)."""
    contact = row.message.person.contacts.filter(channel=row.channel, verified_at__isnull=False).first()
    if contact is None:
        return Outcome(Trouble.NO_CONTACT)
    said = row.message.text(contact.language)
    return sender.send(contact.address, said.title, said.short)


def _note(row: Delivery, outcome: Outcome, now: datetime) -> Stage:
    """What became of a row that was handed over."""
    stage = THEN[outcome.trouble] if outcome.trouble else Stage.SENT
    if stage is Stage.PENDING and row.attempts > len(WAITS):
        stage = Stage.GIVEN_UP
    if stage is Stage.PENDING:
        row.next_try_at = now + WAITS[row.attempts - 1]
    row.stage, row.sent_at = str(stage), now if stage is Stage.SENT else None
    row.trouble, row.detail = str(outcome.trouble or ""), outcome.detail[:100]
    row.save(update_fields=["stage", "next_try_at", "sent_at", "trouble", "detail"])
    return stage
