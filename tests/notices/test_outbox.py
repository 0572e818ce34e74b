"""Sending: at most once, again where it is known to have failed, never where it is not known."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from tests.notices.factories import ADDRESSES, Pretender, person_with, waiting
from yidi.notices import outbox
from yidi.notices.channels import SENT, Outcome
from yidi.notices.models import Contact, Delivery
from yidi.notices.outbox import LEASE, THEN, WAITS, deliver
from yidi.notices.services import tell
from yidi.notices.terms import Channel, Language, Stage, Template, Trouble

START = datetime(2099, 1, 1, tzinfo=UTC)
"""After everything that a test puts into the outbox is due."""


@pytest.fixture
def sms(monkeypatch) -> Pretender:
    sender = Pretender()
    monkeypatch.setattr(outbox, "senders", lambda: {Channel.SMS: sender})
    return sender


def run(at: datetime = START, limit: int = 10) -> dict[Stage, int]:
    return dict(deliver(limit, lambda: at))


def test_every_trouble_leads_somewhere() -> None:
    assert set(THEN) == set(Trouble)


@pytest.mark.django_db
class TestOnce:
    def test_sent_with_the_short_text_alone(self, sms):
        row = waiting()
        assert run() == {Stage.SENT: 1}
        row.refresh_from_db()
        assert (row.stage, row.attempts, row.sent_at, row.trouble) == (Stage.SENT, 1, START, "")
        said = row.message.text()
        assert sms.given == [(ADDRESSES[Channel.SMS], said.title, said.short)]

    def test_a_second_run_sends_nothing(self, sms):
        waiting()
        run()
        assert run(START + timedelta(days=9)) == {}
        assert len(sms.given) == 1

    def test_in_the_language_of_the_contact(self, sms):
        row = waiting()
        Contact.objects.update(language=str(Language.EN))
        run()
        assert sms.given[0][2] == row.message.text("en").short

    def test_no_more_than_asked_for_the_oldest_first(self, sms):
        for subject in ("C1", "C2", "C3"):
            waiting(subject=subject)
        assert run(limit=2) == {Stage.SENT: 2}
        assert ["C1" in sms.given[0][2], "C2" in sms.given[1][2]] == [True, True]

    def test_not_before_its_time(self, sms):
        row = waiting()
        assert run(row.next_try_at - timedelta(seconds=1)) == {}
        assert run(row.next_try_at) == {Stage.SENT: 1}

    def test_a_channel_that_is_off_keeps_its_rows(self, sms):
        row = waiting(Channel.MAIL)
        assert run() == {}
        row.refresh_from_db()
        assert (row.stage, row.attempts) == (Stage.PENDING, 0)


@pytest.mark.django_db
class TestTroubles:
    def test_tried_again_after_ever_longer_waits_and_then_given_up(self, sms):
        sms.answers = [Outcome(Trouble.BUSY, "HTTP 500")]
        row, at = waiting(), START
        for wait in WAITS:
            assert run(at) == {Stage.PENDING: 1}
            row.refresh_from_db()
            assert (row.stage, row.next_try_at, row.trouble, row.detail) == (
                Stage.PENDING, at + wait, Trouble.BUSY, "HTTP 500",
            )  # fmt: skip
            assert run(at + wait - timedelta(seconds=1)) == {}
            at += wait
        assert run(at) == {Stage.GIVEN_UP: 1}
        row.refresh_from_db()
        assert (row.stage, row.attempts, row.trouble) == (Stage.GIVEN_UP, len(WAITS) + 1, Trouble.BUSY)
        assert run(at + timedelta(days=99)) == {}
        assert len(sms.given) == len(WAITS) + 1

    def test_what_failed_once_may_be_sent_later(self, sms):
        sms.answers = [Outcome(Trouble.UNREACHABLE, "ConnectionRefusedError 111"), SENT]
        row = waiting()
        run()
        assert run(START + WAITS[0]) == {Stage.SENT: 1}
        row.refresh_from_db()
        assert (row.stage, row.attempts, row.trouble, row.detail) == (Stage.SENT, 2, "", "")

    @pytest.mark.parametrize(
        ("trouble", "stage"), [(Trouble.REFUSED, Stage.GIVEN_UP), (Trouble.NO_ANSWER, Stage.UNCERTAIN)]
    )
    def test_refused_or_not_known_it_is_not_tried_again(self, sms, trouble, stage):
        sms.answers = [Outcome(trouble, "x" * 300)]
        row = waiting()
        assert run() == {stage: 1}
        assert run(START + timedelta(days=9)) == {}
        row.refresh_from_db()
        assert (row.stage, row.trouble, row.detail, row.sent_at) == (stage, trouble, "x" * 100, None)

    def test_one_that_fails_does_not_hold_up_the_others(self, sms):
        sms.answers = [Outcome(Trouble.REFUSED, "HTTP 400"), SENT]
        waiting(subject="C1")
        waiting(subject="C2")
        assert run() == {Stage.GIVEN_UP: 1, Stage.SENT: 1}

    @pytest.mark.parametrize("lost", [{"verified_at": None}, None])
    def test_a_contact_that_was_changed_or_taken_away_gets_nothing(self, sms, lost):
        row = waiting()
        Contact.objects.update(**lost) if lost else Contact.objects.all().delete()
        assert run() == {Stage.GIVEN_UP: 1}
        row.refresh_from_db()
        assert row.trouble == Trouble.NO_CONTACT
        assert sms.given == []

    def test_a_defect_while_sending_is_seen_and_the_row_is_not_sent_again(self, sms, monkeypatch):
        row = waiting()

        def broken(*_: str) -> Outcome:
            raise ZeroDivisionError

        monkeypatch.setattr(sms, "send", broken)
        with pytest.raises(ZeroDivisionError):
            run()
        monkeypatch.undo()
        row.refresh_from_db()
        assert row.stage == Stage.SENDING

    def test_a_run_that_died_leaves_a_row_that_is_not_sent_again(self, sms):
        row = waiting()
        Delivery.objects.update(stage=str(Stage.SENDING), next_try_at=START, attempts=1)
        assert run(START + LEASE) == {}
        assert run(START + LEASE + timedelta(seconds=1)) == {Stage.UNCERTAIN: 1}
        row.refresh_from_db()
        assert (row.stage, row.trouble) == (Stage.UNCERTAIN, Trouble.INTERRUPTED)
        assert sms.given == []


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_share_the_work_and_send_nothing_twice(monkeypatch):
    class Slow(Pretender):
        def send(self, address: str, title: str, text: str) -> Outcome:
            time.sleep(0.01)
            return super().send(address, title, text)

    sender = Slow()
    monkeypatch.setattr(outbox, "senders", lambda: {Channel.SMS: sender})
    person = person_with(Channel.SMS)
    for number in range(40):
        tell(person, Template.CLAIM_SUBMITTED, f"C{number:010d}")

    def one_run(_: int) -> int:
        try:
            return deliver(1000, lambda: START)[Stage.SENT]
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        sent = list(pool.map(one_run, range(3)))
    assert sum(sent) == 40
    assert len(sender.given) == len({text for _, _, text in sender.given}) == 40
    assert sum(bool(count) for count in sent) > 1, "one run did all the work: nothing was tried"
    assert set(Delivery.objects.values_list("stage", "attempts")) == {("sent", 1)}


@pytest.mark.django_db(transaction=True)
def test_not_within_a_transaction(sms):
    from django.db import transaction

    waiting()
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        run()
    assert sms.given == []
