"""The life of visits at random, against a small model: what is acknowledged stands, once, and the books accept every end.

Two persons, two visits each. Messages come in any order, twice, late, changed, and reversed; each is answered by success or by
a named refusal, as the model says.
"""

import copy
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests.gateway import factories
from tests.gateway.client import Client, Json
from tests.gateway.factories import World
from yidi.gateway.transactions import TABLE
from yidi.operations.checks import all_checks
from yidi.people.services import register_person
from yidi.settlement.models import Settlement

pytestmark = pytest.mark.django_db

VISITS = st.integers(0, 3)


class Lives(RuleBasedStateMachine):
    """`live` says which visits are settled as far as the hospital was told."""

    def __init__(self) -> None:
        super().__init__()
        self.around = transaction.atomic()
        self.around.__enter__()

    def teardown(self) -> None:
        try:
            assert [(item.code, row.zh) for item in all_checks() for row in item.find()] == []
        finally:
            transaction.set_rollback(True)
            self.around.__exit__(None, None, None)

    @initialize()
    def begin(self) -> None:
        world = factories.build()
        other = register_person("36010000000000000002", "钱二（合成）", factories.identity(2), synthetic=True)
        second = World(other, factories.insure(other), world.provider, world.institution)
        factories.file_for(second.coverage)
        self.clients = [Client(world), Client(world), Client(second), Client(second)]
        for number, client in enumerate(self.clients):
            client.med_type, client.provider_number = "11", f"OP-{number}"
            client.serial = iter(range(1 + 1000 * number, 1000 * (number + 1)))
        self.live: dict[int, Json] = {}
        self.sent: list[tuple[int, Json, Json]] = []

    def tell(self, visit: int, infno: str, change: Callable[[Json], Any] | None = None) -> Json:
        message = self.clients[visit].message(infno)
        if change:
            change(message["input"])
        return self.deliver(visit, message)

    def deliver(self, visit: int, message: Json) -> Json:
        reply = self.clients[visit].send(copy.deepcopy(message))
        assert reply["infcode"] == 0 or "[GATEWAY-INTERNAL]" not in reply["err_msg"]
        if reply["infcode"] == 0:
            infno = message["infno"]
            self.clients[visit].replies[infno] = reply
            self.sent.append((visit, message, reply))
        return reply

    @rule(visit=VISITS)
    def register(self, visit: int) -> None:
        reply = self.tell(visit, "2201")
        if reply["infcode"] == 0:
            self.clients[visit].visit = reply["output"]["data"]["mdtrt_id"]
            self.clients[visit].replies.pop("2206A", None)

    @rule(visit=VISITS)
    def describe(self, visit: int) -> None:
        assert self.tell(visit, "2203A")["infcode"] == -1 or visit not in self.live

    @rule(visit=VISITS, rows=st.integers(1, 10))
    def upload(self, visit: int, rows: int) -> None:
        self.tell(visit, "2204", lambda given: given.update(feedetail=given["feedetail"][:rows]))

    @rule(visit=VISITS, infno=st.sampled_from(("2205", "2202")))
    def take_back(self, visit: int, infno: str) -> None:
        assert self.tell(visit, infno)["infcode"] == -1 or visit not in self.live

    @rule(visit=VISITS)
    def presettle(self, visit: int) -> None:
        assert self.tell(visit, "2206A")["infcode"] == -1 or visit not in self.live

    @rule(visit=VISITS)
    def whole_way(self, visit: int) -> None:
        for infno in ("2201", "2203A", "2204", "2206A"):
            reply = self.tell(visit, infno)
            if infno == "2201" and reply["infcode"] == 0:
                self.clients[visit].visit = reply["output"]["data"]["mdtrt_id"]
        self.settle(visit)

    @rule(visit=VISITS)
    def settle(self, visit: int) -> None:
        reply = self.tell(visit, "2207A")
        if reply["infcode"] == 0:
            assert visit not in self.live, "settled twice"
            self.live[visit] = reply["output"]["setlinfo"]
            self.clients[visit].settlement = self.live[visit]["setl_id"]

    @rule(visit=VISITS)
    def cancel(self, visit: int) -> None:
        reply = self.tell(visit, "2208")
        assert (reply["infcode"] == 0) == (visit in self.live)
        self.live.pop(visit, None)

    @rule(visit=VISITS)
    def reverse(self, visit: int) -> None:
        """2601 for the settlement that stands; it may have been heard of or not."""
        if visit in self.live:
            message = next(m for v, m, _ in reversed(self.sent) if v == visit and m["infno"] == "2207A")
            reply = self.deliver(visit, self.clients[visit].reversal(message))
            assert reply["infcode"] == 0, reply["err_msg"]
            del self.live[visit]

    @rule(visit=VISITS)
    def reverse_a_cancellation(self, visit: int) -> None:
        """2601 for the last 2208: what it cancelled stands again as it stood, or the refusal says why not."""
        message = next((m for v, m, _ in reversed(self.sent) if v == visit and m["infno"] == "2208"), None)
        if message and visit not in self.live:
            key = message["input"]["data"]["setl_id"]
            reply = self.deliver(visit, self.clients[visit].reversal(message))
            if Settlement.objects.filter(pk=int(key), is_cancelled=False).exists():
                assert reply["infcode"] == 0
                settled = (r for v, m, r in self.sent if v == visit and m["infno"] == "2207A")
                infos = (reply["output"]["setlinfo"] for reply in settled)
                self.live[visit] = next(info for info in infos if info["setl_id"] == key)
                self.clients[visit].settlement = key

    @rule(visit=VISITS)
    def reverse_what_never_came(self, visit: int) -> None:
        """Afterwards the late original is refused and settles nothing."""
        late = self.clients[visit].message("2207A")
        assert self.deliver(visit, self.clients[visit].reversal(late))["infcode"] == 0
        assert self.clients[visit].send(late)["infcode"] == -1

    @rule(data=st.data())
    def deliver_again(self, data: st.DataObject) -> None:
        """The same message again: the same reply, word for word, as long as what it did stands."""
        if self.sent:
            visit, message, reply = data.draw(st.sampled_from(self.sent))
            again = self.clients[visit].send(copy.deepcopy(message))
            if TABLE[message["infno"]].writes and again["infcode"] == 0:
                assert again == reply

    @rule(data=st.data())
    def deliver_changed(self, data: st.DataObject) -> None:
        """Another body under a number that was used is refused."""
        writing = [item for item in self.sent if TABLE[item[1]["infno"]].writes] if self.sent else []
        if writing:
            visit, message, _ = data.draw(st.sampled_from(writing))
            reply = self.clients[visit].send({**copy.deepcopy(message), "opter_name": "他人"})
            assert reply["err_msg"].startswith("[GATEWAY-MSGID-REUSED]")

    @invariant()
    def what_stands_is_what_was_told(self) -> None:
        if hasattr(self, "live"):
            standing = Settlement.objects.filter(kind="settle", is_cancelled=False)
            known = sorted(info["setl_id"] for info in self.live.values())
            assert sorted(row.number for row in standing) == known


def test_any_order_of_messages_leaves_sound_books() -> None:
    run_state_machine_as_test(
        Lives,
        settings=settings(max_examples=25, stateful_step_count=25, suppress_health_check=list(HealthCheck)),
    )
