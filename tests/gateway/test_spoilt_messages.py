"""Whatever a client sends: never a 500, always an answer in the envelope, and what is refused has written nothing."""

import json

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.gateway import factories
from tests.gateway.client import Client, Json
from tests.gateway.messages import OF_SETTLED, message_of
from tests.gateway.mutations import spoilt
from yidi.gateway.transactions import TABLE

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

STATUSES = {200, 400, 405, 413}
EXAMPLES = 12
"""Per transaction."""


@pytest.fixture
def of_open_visit(client: Client) -> Client:
    """A client with a visit that is ready to be settled."""
    client.run("9001", "1101", "2201", "2203A", "2204", "2206A")
    return client


@pytest.fixture
def of_settled_visit(of_open_visit: Client) -> Client:
    of_open_visit.run("2207A")
    return of_open_visit


@pytest.mark.parametrize("infno", sorted(TABLE))
def test_a_spoilt_message_is_answered_and_a_refusal_writes_nothing(
    infno: str, request: pytest.FixtureRequest
) -> None:
    client: Client = request.getfixturevalue("of_settled_visit" if infno in OF_SETTLED else "of_open_visit")
    message, before = message_of(infno, client), factories.rows()

    @settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def check(data: st.DataObject) -> None:
        sent = data.draw(spoilt(message), label="message")
        with transaction.atomic():
            reply = _reply(client, sent)
            if reply["infcode"] == -1:
                assert reply["err_msg"].startswith("[")
                assert "[GATEWAY-INTERNAL]" not in reply["err_msg"]
                assert factories.rows() == before
            transaction.set_rollback(True)

    check()


@pytest.mark.parametrize("infno", sorted(TABLE))
def test_a_message_made_from_its_declaration_passes_the_checks_of_form(
    infno: str, request: pytest.FixtureRequest
) -> None:
    client: Client = request.getfixturevalue("of_settled_visit" if infno in OF_SETTLED else "of_open_visit")
    said = _reply(client, message_of(infno, client))["err_msg"] or ""
    assert "[GATEWAY-FIELDS]" not in said


def _reply(client: Client, message: Json) -> Json:
    response = client.post(json.dumps(message, default=str).encode())
    assert response.status_code in STATUSES
    if response["Content-Type"] == "application/octet-stream":
        return {"infcode": 0, "err_msg": None}
    reply: Json = json.loads(response.content)
    assert reply["infcode"] in (0, -1)
    return reply
