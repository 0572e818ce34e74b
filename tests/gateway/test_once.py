"""The same message is booked once and answered with the same text; 2601 undoes what it can."""

import threading
from typing import Any
from unittest import mock

import pytest
from django.db import connection
from django.utils.timezone import localtime

from tests.gateway import factories
from tests.gateway.client import FLOW, Client, Json
from tests.gateway.test_refusals import refuse
from yidi.gateway import services as gateway
from yidi.gateway.models import Message
from yidi.ledger.models import Posting
from yidi.ledger.services import used_counters
from yidi.settlement import services
from yidi.settlement.models import Settlement


@pytest.mark.django_db
@pytest.mark.parametrize("number", ["9001", "2201", "2203A", "2204", "2207A", "2208"])
def test_the_same_message_twice(client: Client, number: str) -> None:
    body = client.until(number)
    first = client.post(body).content
    before = factories.rows()
    reordered = dict(reversed(body.items()))
    assert client.post(body).content == client.post(reordered).content == first
    assert factories.rows() == before


@pytest.mark.django_db
def test_the_same_message_number_with_another_body(client: Client) -> None:
    body = client.until("2207A")
    assert client.send(body)["infcode"] == 0
    other = {**body, "opter_name": "收费员乙"}
    said = refuse(client, other, "GATEWAY-MSGID-REUSED")
    assert body["msgid"] in said
    refuse(client, {**body, "infno": "2207"}, "GATEWAY-MSGID-REUSED")
    assert Posting.objects.count() == 1


@pytest.mark.django_db
def test_one_number_may_serve_different_transactions(client: Client) -> None:
    """Some clients' numbers repeat within a second."""
    for number in FLOW[:-1]:
        body = {**client.message(number), "msgid": "H3101069999120260101080000"}
        reply = client.send(body)
        assert reply["infcode"] == 0, reply["err_msg"]
        client._learn(number, reply["output"])


@pytest.mark.django_db
def test_a_refused_message_may_be_mended_under_its_number(client: Client) -> None:
    body = client.until("2207A")
    wrong = {**body, "input": {"data": {**body["input"]["data"], "medfee_sumamt": "1"}}}
    refuse(client, wrong, "SETL-TOTAL")
    assert client.send(body)["infcode"] == 0


@pytest.mark.django_db
def test_a_late_second_2207_names_the_first(client: Client) -> None:
    client.run(*FLOW[:-1])
    late = client.message("2207A")
    said = refuse(client, late, "SETL-SETTLED")
    assert client.settlement in said
    assert "2208" in said


@pytest.mark.django_db
def test_2208_twice(client: Client) -> None:
    client.run(*FLOW)
    cancellation = client.replies["2208"]["output"]["setlinfo"]["setl_id"]
    assert cancellation in refuse(client, client.message("2208"), "SETL-CANCELLED")


@pytest.mark.django_db
def test_a_failure_in_the_middle_writes_nothing_and_a_resend_completes(client: Client) -> None:
    body = client.until("2207A")
    before = factories.rows()
    with mock.patch.object(services, "count", side_effect=RuntimeError("pulled plug")):
        reply = client.send(body)
    assert (reply["infcode"], reply["output"]) == (-1, None)
    assert reply["err_msg"].startswith("[GATEWAY-INTERNAL]")
    assert reply["inf_refmsgid"] in reply["err_msg"]
    assert "pulled plug" not in reply["err_msg"]
    assert factories.rows() == before
    assert client.send(body)["infcode"] == 0
    assert Settlement.objects.count() == 1


@pytest.mark.django_db
def test_reversing_a_settlement(client: Client) -> None:
    client.run(*FLOW[:-1])
    reversal = client.reversal(client.requests["2207A"])
    first = client.post(reversal).content
    assert b'"infcode":0' in first
    assert not any(used_counters(client.world.coverage).values())
    assert client.post(reversal).content == first
    assert Settlement.objects.filter(kind="cancel").count() == 1
    again = client.send({**reversal, "msgid": "another"})
    assert again["infcode"] == 0, "what is undone already needs no undoing"
    assert Settlement.objects.filter(kind="cancel").count() == 1
    client.run("2206A", "2207A")


@pytest.mark.django_db
@pytest.mark.parametrize("undone_by", ["2208", "2601"])
def test_a_settlement_that_no_longer_stands_is_not_answered_again(client: Client, undone_by: str) -> None:
    client.run(*FLOW[:-1])
    first = client.requests["2207A"]
    undo = client.message("2208") if undone_by == "2208" else client.reversal(first)
    assert client.send(undo)["infcode"] == 0
    cancellation = Settlement.objects.get(kind="cancel")
    said = refuse(client, first, "GATEWAY-SETTLEMENT-UNDONE")
    for word in (
        client.settlement,
        cancellation.number,
        undo["msgid"],
        f"{localtime(cancellation.at):%F %T}",
    ):
        assert word in said
    refuse(client, {**first, "opter_name": "收费员乙"}, "GATEWAY-MSGID-REUSED")
    client.run("2206A", "2207A")
    refuse(client, first, "GATEWAY-SETTLEMENT-UNDONE")
    assert client.post(client.requests["2207A"]).content.count(b'"infcode":0') == 1


@pytest.mark.django_db
def test_reversing_by_the_older_number(client: Client) -> None:
    client.run(*FLOW[:-1])
    reply = client.send(client.reversal(client.requests["2207A"], oinfno="2207"))
    assert reply["infcode"] == 0, reply["err_msg"]
    assert Settlement.objects.get(kind="settle").is_cancelled


@pytest.mark.django_db
def test_reversing_after_a_cancellation(client: Client) -> None:
    client.run(*FLOW)
    assert client.send(client.reversal(client.requests["2207A"]))["infcode"] == 0
    assert Settlement.objects.filter(kind="cancel").count() == 1


@pytest.mark.django_db
def test_a_cancellation_may_have_any_number(client: Client) -> None:
    """Also that under which an earlier reversal might be kept."""
    client.run(*FLOW[:-1])
    assert client.send({**client.reversal(client.requests["2207A"]), "msgid": "abc"})["infcode"] == 0
    client.run("2206A", "2207A")
    reply = client.send({**client.message("2208"), "msgid": "2601 abc"})
    assert reply["infcode"] == 0, reply["err_msg"]
    assert Settlement.objects.filter(kind="cancel").count() == 2


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_the_same_message_at_once(client: Client) -> None:
    """Eight connections send one 2207A: one of them works, the others wait for its outcome."""
    body = client.until("2207A")
    barrier, replies = threading.Barrier(8), []

    def send() -> None:
        barrier.wait()
        replies.append(client.post(body).content)
        connection.close()

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(replies) == 8
    assert len(set(replies)) == 1
    assert b'"infcode":0' in replies[0]
    assert Settlement.objects.count() == 1
    assert Message.objects.filter(infno="2207A").count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("first", ["2207A", "2601"])
def test_a_reversal_while_its_original_is_on_its_way(client: Client, first: str) -> None:
    """Whichever comes second waits for the first, and in the end nothing is settled."""
    settling = client.until("2207A")
    messages = {"2207A": settling, "2601": client.reversal(settling)}
    second = "2601" if first == "2207A" else "2207A"
    replies: dict[str, Json] = {}

    def send(number: str) -> None:
        replies[number] = client.send(messages[number])
        connection.close()

    def reply_late(*given: Any) -> str:
        """The first message's work is done and not committed: the second one cannot end before."""
        if not started:
            started.append(other)
            other.start()
            other.join(0.3)
            assert other.is_alive()
        return real(*given)

    started: list[threading.Thread] = []
    other, real = threading.Thread(target=send, args=(second,)), gateway.success
    with mock.patch.object(gateway, "success", reply_late):
        send(first)
        other.join()
    assert replies["2601"]["infcode"] == 0, replies
    assert Settlement.objects.filter(is_cancelled=False, kind="settle").count() == 0
    assert Settlement.objects.count() == (2 if first == "2207A" else 0)
    refuse(client, settling, "GATEWAY-SETTLEMENT-UNDONE" if first == "2207A" else "GATEWAY-REVERSED")
