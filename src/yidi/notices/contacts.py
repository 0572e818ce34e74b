"""Where a person wants to be reached: noted by the person, and used once a code sent there has come back."""

import secrets
from datetime import datetime, timedelta
from hmac import compare_digest

from django.db import transaction
from django.utils import timezone

from yidi.accounts.actors import Actor
from yidi.audit.services import record
from yidi.notices.addresses import parse_address
from yidi.notices.channels import sender_of
from yidi.notices.errors import ChannelOff, CodeNotSent, NewCodeNeeded, TooManyCodes, WrongCode
from yidi.notices.models import Contact
from yidi.notices.services import must_be_themself
from yidi.notices.templates import code_said
from yidi.notices.terms import Channel, Language
from yidi.people.encryption import blind_index
from yidi.people.models import Person

CODE_MINUTES = 10
TRIES = 5
GAP_S = 60
"""Seconds between two codes to one person by one channel."""
DAILY = 5
"""Codes in a day to one person by one channel."""


def set_contact(
    person: Person, channel: Channel, address: str, actor: Actor, language: Language = Language.ZH
) -> Contact:
    """Note where the person wants to be reached, and send a code there. Only the person themself may.

    An address that was verified before is used no more; what is still in the outbox goes to the new one, once that is
    verified. Raises OfAnother, BadAddress, ChannelOff, TooManyCodes, CodeNotSent (the address stays noted).
    """
    must_be_themself(person, actor)
    address = parse_address(channel, address)
    sender = sender_of(channel)
    if sender is None:
        raise ChannelOff(channel=channel)
    code = f"{secrets.randbelow(1_000_000):06d}"
    contact = _noted(person, channel, address, language, code, actor)
    outcome = sender.send(address, *code_said(code, CODE_MINUTES, language))
    if outcome.trouble:
        raise CodeNotSent(why=outcome.trouble)
    return contact


@transaction.atomic
def _noted(
    person: Person, channel: Channel, address: str, language: Language, code: str, actor: Actor
) -> Contact:
    now, today = timezone.now(), timezone.localdate()
    # Of two first requests at once, one inserts the row and the other waits for it.
    Contact.objects.get_or_create(person=person, channel=str(channel), defaults={"address": address})
    contact = Contact.objects.select_for_update().get(person=person, channel=str(channel))
    sent = contact.codes_sent if contact.codes_on == today else 0
    too_soon = contact.code_sent_at and now < contact.code_sent_at + timedelta(seconds=GAP_S)
    if too_soon or sent >= DAILY:
        raise TooManyCodes(seconds=GAP_S, daily=DAILY)
    contact.address, contact.language = address, str(language)
    contact.verified_at = None
    contact.code_index, contact.code_sent_at, contact.code_tries = _index(contact, code), now, 0
    contact.codes_on, contact.codes_sent = today, sent + 1
    contact.save()
    record(actor, "notices:contact", person.number, channel.zh)
    return contact


def verify_contact(person: Person, channel: Channel, code: str, actor: Actor) -> Contact:
    """Take the code that came to the address: from now on it is used.

    Raises OfAnother, WrongCode, NewCodeNeeded where the code is older than CODE_MINUTES or TRIES wrong ones were given.
    """
    must_be_themself(person, actor)
    left = None
    # A refusal would undo the count of wrong codes, so it is raised outside.
    with transaction.atomic():
        contact = Contact.objects.select_for_update().filter(person=person, channel=str(channel)).first()
        if contact is None or not _is_open(contact, timezone.now()):
            raise NewCodeNeeded()
        if compare_digest(contact.code_index, _index(contact, code.strip())):
            contact.verified_at, contact.code_index = timezone.now(), ""
            record(actor, "notices:verify", person.number, channel.zh)
        else:
            contact.code_tries += 1
            left = TRIES - contact.code_tries
        contact.save()
    if left is not None:
        raise WrongCode(left=left)
    return contact


@transaction.atomic
def remove_contact(person: Person, channel: Channel, actor: Actor) -> None:
    """Be reached there no more; what is still in the outbox is not sent. Raises OfAnother."""
    must_be_themself(person, actor)
    contact = Contact.objects.select_for_update().filter(person=person, channel=str(channel)).first()
    if contact is None or not contact.address:
        return
    # The row stays, so that it still counts how many codes were sent.
    contact.address, contact.verified_at, contact.code_index = "", None, ""
    contact.save()
    record(actor, "notices:no-contact", person.number, channel.zh)


def _is_open(contact: Contact, now: datetime) -> bool:
    """Whether a code was sent that may still be given."""
    if not contact.code_index or contact.code_sent_at is None or contact.code_tries >= TRIES:
        return False
    return now < contact.code_sent_at + timedelta(minutes=CODE_MINUTES)


def _index(contact: Contact, code: str) -> str:
    """Six digits are soon guessed: only the keyed hash is kept, different for each contact."""
    return blind_index(f"contact {contact.pk} {code}")
