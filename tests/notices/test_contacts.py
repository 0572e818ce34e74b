"""Where people are reached: only after a code came back from there, and only as they themselves want it."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from tests.accounts.factories import CLERK, PERSON
from tests.notices.factories import Pretender
from tests.people.factories import a_person
from yidi.accounts.actors import Actor, ActorKind
from yidi.accounts.errors import OfAnother
from yidi.audit.models import Event
from yidi.notices import contacts
from yidi.notices.channels import Outcome
from yidi.notices.contacts import (
    CODE_MINUTES,
    DAILY,
    GAP_S,
    TRIES,
    remove_contact,
    set_contact,
    verify_contact,
)
from yidi.notices.errors import (
    BadAddress,
    ChannelOff,
    CodeNotSent,
    NewCodeNeeded,
    TooManyCodes,
    WrongCode,
)
from yidi.notices.models import Contact, Delivery
from yidi.notices.services import tell
from yidi.notices.terms import Channel, Language, Template, Trouble

NUMBER = "13800001234"
OTHER = "13900005678"


@pytest.fixture
def sms(monkeypatch) -> Pretender:
    sender = Pretender()
    monkeypatch.setattr(contacts, "sender_of", lambda channel: sender if channel is Channel.SMS else None)
    return sender


def code_of(sms: Pretender) -> str:
    (code,) = re.findall(r"\d{6}", sms.given[-1][2])
    return code


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def later(**gone: float) -> None:
    """As if the code had been sent so much earlier."""
    (contact,) = Contact.objects.all()
    contact.code_sent_at -= timedelta(**gone)
    contact.save()


@pytest.mark.django_db
class TestCodes:
    def test_noted_checked_used(self, sms):
        person = a_person()
        contact = set_contact(person, Channel.SMS, "138 0000 1234", PERSON)
        assert contact.verified_at is None
        tell(person, Template.CLAIM_SUBMITTED, "C1")
        assert not Delivery.objects.exists()
        address, _, text = sms.given[0]
        assert address == NUMBER
        assert str(CODE_MINUTES) in text
        assert verify_contact(person, Channel.SMS, f" {code_of(sms)} ", PERSON).verified_at is not None
        tell(person, Template.CLAIM_SUBMITTED, "C2")
        assert Delivery.objects.count() == 1

    def test_in_the_language_chosen(self, sms):
        set_contact(a_person(), Channel.SMS, NUMBER, PERSON, Language.EN)
        assert "your code is" in sms.given[0][2]

    def test_neither_address_nor_code_stands_in_the_table_or_the_trail(self, sms):
        contact = set_contact(a_person(), Channel.SMS, NUMBER, PERSON)
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM notices_contact")
            row = [bytes(cell) if isinstance(cell, memoryview) else cell for cell in cursor.fetchone()]
        assert NUMBER not in str(row)
        assert code_of(sms) not in str(row).replace(contact.code_index, "")
        assert all(NUMBER not in f"{event.subject}{event.reason}" for event in Event.objects.all())
        assert Event.objects.filter(action="notices:contact").count() == 1

    def test_a_code_works_once(self, sms):
        person = a_person()
        set_contact(person, Channel.SMS, NUMBER, PERSON)
        verify_contact(person, Channel.SMS, code_of(sms), PERSON)
        with pytest.raises(NewCodeNeeded):
            verify_contact(person, Channel.SMS, code_of(sms), PERSON)

    def test_a_code_grows_old(self, sms):
        person = a_person()
        set_contact(person, Channel.SMS, NUMBER, PERSON)
        later(minutes=CODE_MINUTES)
        with pytest.raises(NewCodeNeeded):
            verify_contact(person, Channel.SMS, code_of(sms), PERSON)

    def test_after_so_many_wrong_ones_the_right_one_is_too_late(self, sms):
        person = a_person()
        set_contact(person, Channel.SMS, NUMBER, PERSON)
        for left in reversed(range(TRIES)):
            with pytest.raises(WrongCode, match=f" {left} "):
                verify_contact(person, Channel.SMS, wrong(code_of(sms)), PERSON)
        with pytest.raises(NewCodeNeeded):
            verify_contact(person, Channel.SMS, code_of(sms), PERSON)

    @pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "１２３４５６", "\x00"])
    def test_what_is_no_code_is_a_wrong_one(self, sms, code):
        person = a_person()
        set_contact(person, Channel.SMS, NUMBER, PERSON)
        with pytest.raises(WrongCode):
            verify_contact(person, Channel.SMS, code, PERSON)

    def test_without_any_code_a_new_one_is_needed(self, sms):
        with pytest.raises(NewCodeNeeded):
            verify_contact(a_person(), Channel.SMS, "", PERSON)

    def test_a_code_of_another_person_is_wrong(self, sms):
        one, other = a_person(1), a_person(2)
        set_contact(one, Channel.SMS, NUMBER, PERSON)
        code = code_of(sms)
        set_contact(other, Channel.SMS, NUMBER, Actor(ActorKind.PERSON, other.number))
        if code_of(sms) != code:
            with pytest.raises(WrongCode):
                verify_contact(other, Channel.SMS, code, Actor(ActorKind.PERSON, other.number))


@pytest.mark.django_db
class TestChanges:
    def test_a_new_address_must_be_verified_anew(self, sms):
        person = a_person()
        set_contact(person, Channel.SMS, NUMBER, PERSON)
        verify_contact(person, Channel.SMS, code_of(sms), PERSON)
        later(seconds=GAP_S)
        contact = set_contact(person, Channel.SMS, OTHER, PERSON)
        assert contact.verified_at is None
        assert sms.given[-1][0] == OTHER
        assert Contact.objects.count() == 1

    def test_taken_away_nothing_of_it_is_kept(self, sms):
        person = a_person()
        set_contact(person, Channel.SMS, NUMBER, PERSON)
        verify_contact(person, Channel.SMS, code_of(sms), PERSON)
        remove_contact(person, Channel.SMS, PERSON)
        remove_contact(person, Channel.SMS, PERSON)
        contact = Contact.objects.get()
        assert (contact.address, contact.verified_at) == ("", None)
        assert Event.objects.filter(action="notices:no-contact").count() == 1
        with pytest.raises(NewCodeNeeded):
            verify_contact(person, Channel.SMS, code_of(sms), PERSON)


@pytest.mark.django_db
class TestLimits:
    def test_codes_do_not_come_in_a_rush(self, sms):
        person = a_person()
        set_contact(person, Channel.SMS, NUMBER, PERSON)
        with pytest.raises(TooManyCodes):
            set_contact(person, Channel.SMS, OTHER, PERSON)
        assert len(sms.given) == 1
        assert Contact.objects.get().address == NUMBER

    def test_nor_more_than_a_few_in_a_day_even_if_the_contact_is_taken_away(self, sms):
        person = a_person()
        for _ in range(DAILY):
            set_contact(person, Channel.SMS, NUMBER, PERSON)
            remove_contact(person, Channel.SMS, PERSON)
            later(seconds=GAP_S)
        with pytest.raises(TooManyCodes):
            set_contact(person, Channel.SMS, NUMBER, PERSON)
        Contact.objects.update(codes_on=timezone.localdate() - timedelta(days=1))
        set_contact(person, Channel.SMS, NUMBER, PERSON)
        assert len(sms.given) == DAILY + 1

    def test_what_could_not_be_sent_is_told(self, sms):
        sms.answers = [Outcome(Trouble.REFUSED, "HTTP 400")]
        with pytest.raises(CodeNotSent, match="拒绝"):
            set_contact(a_person(), Channel.SMS, NUMBER, PERSON)

    def test_a_channel_that_is_off(self, sms):
        with pytest.raises(ChannelOff):
            set_contact(a_person(), Channel.MAIL, "someone@example.com", PERSON)
        assert not Contact.objects.exists()

    def test_no_address(self, sms):
        with pytest.raises(BadAddress):
            set_contact(a_person(), Channel.SMS, "0791-12393", PERSON)

    @pytest.mark.parametrize(
        "actor",
        [
            CLERK,
            Actor(ActorKind.PERSON, "another", principal=PERSON.name),
            Actor(ActorKind.PERSON, "another"),
        ],
    )
    def test_nobody_else_may(self, sms, actor):
        person = a_person()
        with pytest.raises(OfAnother):
            set_contact(person, Channel.SMS, NUMBER, actor)
        with pytest.raises(OfAnother):
            verify_contact(person, Channel.SMS, "000000", actor)
        with pytest.raises(OfAnother):
            remove_contact(person, Channel.SMS, actor)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_guessing_at_once_gives_no_more_tries(sms):
    person = a_person()
    set_contact(person, Channel.SMS, NUMBER, PERSON)
    code = wrong(code_of(sms))

    def guess(_: int) -> type[Exception] | None:
        try:
            verify_contact(person, Channel.SMS, code, PERSON)
        except (WrongCode, NewCodeNeeded) as refusal:
            return type(refusal)
        finally:
            connection.close()
        return None

    with ThreadPoolExecutor(8) as pool:
        came = list(pool.map(guess, range(12)))
    assert came.count(WrongCode) == TRIES
    assert came.count(NewCodeNeeded) == 12 - TRIES
