"""Writing messages: once per key, with what the template needs and nothing else, in the caller's transaction."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connection, transaction

from tests.accounts.factories import CLERK, PERSON
from tests.notices.factories import person_with
from tests.people.factories import a_person
from yidi.accounts.actors import Actor, ActorKind
from yidi.accounts.errors import OfAnother
from yidi.notices.models import Delivery, Message
from yidi.notices.queries import messages_about, messages_of, unread
from yidi.notices.services import mark_read, tell, tell_of_move
from yidi.notices.terms import Channel, Stage, Template
from yidi.values.terms import FilingKind

FILING = {
    "care": "310000",
    "kind": FilingKind.LONG_TERM_RESIDENT,
    "starts": date(2026, 3, 2),
    "ends": None,
    "identity": "36010219580315001X",
}


@pytest.mark.django_db
class TestTelling:
    def test_a_message_keeps_what_its_template_needs(self):
        message = tell(a_person(), Template.FILING_ACTIVE, "F0000000001", **FILING)
        message.refresh_from_db()
        assert message.details == {
            "care": "310000",
            "kind": "long-term-resident",
            "starts": "2026-03-02",
            "ends": None,
        }
        assert "上海市" in message.text().text
        assert "until further notice" in message.text("en").text

    def test_a_detail_that_is_missing_is_a_defect_and_nothing_is_written(self):
        with pytest.raises(KeyError, match="reason"):
            tell(a_person(), Template.FILING_REJECTED, "F0000000001")
        assert not Message.objects.exists()

    def test_one_message_per_person_and_key(self):
        one, other = a_person(1), a_person(2)
        assert tell(one, Template.CLAIM_SUBMITTED, "C1", key="k")
        assert tell(one, Template.CLAIM_WITHDRAWN, "C1", key="k") is None
        assert tell(other, Template.CLAIM_SUBMITTED, "C1", key="k")
        assert tell(one, Template.CLAIM_SUBMITTED, "C1", key="l")
        assert Message.objects.count() == 3

    def test_without_a_key_every_call_is_a_message(self):
        person = a_person()
        assert tell(person, Template.CLAIM_SUBMITTED, "C1")
        assert tell(person, Template.CLAIM_SUBMITTED, "C1")
        assert unread(person) == 2

    def test_a_second_message_with_a_key_sends_nothing_again(self):
        person = person_with(Channel.SMS)
        tell(person, Template.CLAIM_SUBMITTED, "C1", key="k")
        tell(person, Template.CLAIM_SUBMITTED, "C1", key="k")
        assert Delivery.objects.count() == 1

    def test_the_outbox_holds_a_row_for_each_verified_contact(self):
        tell(person_with(Channel.SMS, Channel.MAIL), Template.CLAIM_SUBMITTED, "C1")
        rows = Delivery.objects.order_by("channel")
        assert [(row.channel, row.stage, row.attempts) for row in rows] == [
            ("mail", Stage.PENDING, 0),
            ("sms", Stage.PENDING, 0),
        ]

    def test_a_contact_that_nobody_verified_gets_nothing(self):
        assert tell(person_with(Channel.SMS, verified=False), Template.CLAIM_SUBMITTED, "C1")
        assert not Delivery.objects.exists()

    def test_the_message_goes_with_the_transaction_that_wrote_it(self):
        person = person_with(Channel.SMS)
        with transaction.atomic():
            assert tell(person, Template.CLAIM_SUBMITTED, "C1")
            transaction.set_rollback(True)
        assert not Message.objects.exists()
        assert not Delivery.objects.exists()


@pytest.mark.django_db
class TestMoves:
    def test_a_state_with_a_template_is_told(self):
        message = tell_of_move(a_person(), "claims", "paid", "C1", amount=123_45)
        assert message.template == Template.CLAIM_PAID
        assert "123.45" in message.text().text

    @pytest.mark.parametrize(("room", "state"), [("claims", "draft"), ("qualification", "under-review")])
    def test_a_state_without_one_is_not(self, room, state):
        assert tell_of_move(a_person(), room, state, "C1") is None
        assert not Message.objects.exists()


@pytest.mark.django_db
class TestReading:
    def test_the_newest_comes_first_and_those_of_others_do_not_come(self):
        one, other = a_person(1), a_person(2)
        for person, subject in ((one, "C1"), (other, "C2"), (one, "C3")):
            tell(person, Template.CLAIM_SUBMITTED, subject)
        assert [message.subject for message in messages_of(one)] == ["C3", "C1"]
        assert [message.person for message in messages_about("C2")] == [other]

    def test_read_by_the_person_once(self):
        message = tell(a_person(), Template.CLAIM_SUBMITTED, "C1")
        mark_read(message, PERSON)
        first = message.read_at
        assert first is not None
        mark_read(message, PERSON)
        assert message.read_at == first
        assert unread(message.person) == 0

    @pytest.mark.parametrize(
        "actor",
        [
            CLERK,
            Actor(ActorKind.PERSON, "another"),
            Actor(ActorKind.PERSON, "another", principal=PERSON.name),
            Actor(ActorKind.PERSON, PERSON.name, principal="another"),
        ],
    )
    def test_not_by_anybody_else(self, actor):
        message = tell(a_person(), Template.CLAIM_SUBMITTED, "C1")
        with pytest.raises(OfAnother):
            mark_read(message, actor)
        assert unread(message.person) == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_told_at_once_by_several_it_is_told_once():
    person = person_with(Channel.SMS)

    def one_of_them(_: int) -> bool:
        try:
            return tell(person, Template.CLAIM_SUBMITTED, "C1", key="k") is not None
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        told = list(pool.map(one_of_them, range(6)))
    assert sorted(told) == [False] * 5 + [True]
    assert (Message.objects.count(), Delivery.objects.count()) == (1, 1)
