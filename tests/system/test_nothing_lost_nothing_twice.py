"""kill -9 during 2207A, two counters at once, the same message twice: over real HTTP, on the database under test."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from tests.system.running import Site, kill, settlement, visit
from yidi.his.errors import Unanswered
from yidi.his.hospital import Hospital
from yidi.his.messages import Message, read_reply

pytestmark = pytest.mark.system

PLACES = [
    "yidi.settlement.services:settle_with_decision:before",
    "yidi.settlement.services:_decide:after",
    "yidi.settlement.services:post:after",
    "yidi.settlement.services:count:before",
    "yidi.settlement.services:count:after",
    "yidi.settlement.services:settle_with_decision:after",
]
"""Where the server dies. Settling is wrapped in the gateway's transaction: none of these places is committed."""


@pytest.mark.parametrize("place", PLACES)
def test_killed_before_the_commit_nothing_happened_and_a_resend_completes(site: Site, place: str) -> None:
    with site.server("tests.system.crashing", "PORT", place) as server:
        hospital = site.hospital()
        hospital.sign_in()
        request = settlement(hospital, visit("K-1"))
        with pytest.raises(Unanswered):
            hospital.send(request)
        server.wait()
    assert site.audit()["ok"]
    assert site.counts() == {"settlements": 0, "postings": 0, "fund": 0, "messages": 0}
    with site.serve():
        settled = _again(site, hospital, request)
        assert settled["fund_pay_sumamt"] == 108
    assert site.audit()["ok"]
    assert site.counts() == {"settlements": 1, "postings": 1, "fund": 10800, "messages": 1}


def test_killed_after_the_commit_the_resend_gets_the_stored_reply(site: Site) -> None:
    with site.server("tests.system.crashing", "PORT", "yidi.gateway.views:answer:after") as server:
        hospital = site.hospital()
        hospital.sign_in()
        request = settlement(hospital, visit("K-2"))
        with pytest.raises(Unanswered):
            hospital.send(request)
        server.wait()
    before = site.counts()
    assert before == {"settlements": 1, "postings": 1, "fund": 10800, "messages": 1}
    with site.serve():
        assert _again(site, hospital, request)["fund_pay_sumamt"] == 108
    assert site.counts() == before
    assert site.audit()["ok"]


def test_killed_at_any_moment_the_real_server_leaves_sound_books(site: Site) -> None:
    """Several servers die while three people are being settled; every acknowledged settlement is there, once."""
    acknowledged: dict[str, str] = {}
    pending: list[Message] = []
    for episode, delay in enumerate((0.0, 0.01, 0.03, 0.08)):
        with site.serve() as server:
            hospital = site.hospital()
            hospital.sign_in()
            requests = [settlement(hospital, visit(f"E{episode}-{person}", person)) for person in range(3)]
            with ThreadPoolExecutor(4) as pool:
                sent = [pool.submit(hospital.send, request) for request in requests]
                pool.submit(_kill_after, server, delay).result()
            for request, future in zip(requests, sent, strict=True):
                error = future.exception()
                if error is None:
                    acknowledged[request.msgid] = future.result()["setlinfo"]["setl_id"]
                else:
                    pending.append(request)
        assert site.audit()["ok"]
    assert pending, "no request was cut off: the servers died too late to prove anything"
    with site.serve():
        for request in pending:
            acknowledged[request.msgid] = _again(site, hospital, request)["setl_id"]
    assert len(set(acknowledged.values())) == len(acknowledged) == 12
    assert site.counts()["settlements"] == 12
    assert site.audit()["ok"]


def test_two_counters_at_once_never_overspend_the_ceiling(site: Site) -> None:
    """Four settlements of one person, each alone able to use up the ceiling of 3000 yuan, sent at one moment."""
    with site.serve():
        hospital = site.hospital()
        hospital.sign_in()
        requests = [settlement(hospital, visit(f"C-{number}", boxes=9)) for number in range(4)]
        with ThreadPoolExecutor(4) as pool:
            replies = [reply["setlinfo"] for reply in pool.map(hospital.send, requests)]
    paid = sorted(reply["fund_pay_sumamt"] for reply in replies)
    assert sum(paid) == 3000
    assert sum(reply["act_pay_dedc"] for reply in replies) == 300
    assert paid == [0, 0, 588, 2412]
    assert site.audit()["ok"]


def test_the_same_message_at_once_books_once(site: Site) -> None:
    with site.serve():
        hospital = site.hospital()
        hospital.sign_in()
        request = settlement(hospital, visit("S-1"))
        with ThreadPoolExecutor(4) as pool:
            replies = list(pool.map(lambda _: hospital.send(request), range(4)))
        assert all(reply == replies[0] for reply in replies)
        changed = replace(request, text=request.text.replace("INVS-1", "OTHER"))
        assert "GATEWAY-MSGID-REUSED" in read_reply(changed, hospital.transport.post(changed)).why
    assert site.counts() == {"settlements": 1, "postings": 1, "fund": 10800, "messages": 1}


def _kill_after(server, delay: float) -> None:
    import time

    time.sleep(delay)
    kill(server)


def _again(site: Site, hospital: Hospital, request: Message) -> dict:
    """Send the same message to the server that runs now."""
    hospital.transport = site.hospital().transport
    return hospital.send(request)["setlinfo"]
