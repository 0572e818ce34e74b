"""How many statements each message of a visit costs. A change of a number is a decision: it belongs into this table."""

import hashlib
import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.gateway import factories
from tests.gateway.client import Client
from tests.gateway.factories import World
from yidi.gateway.models import Institution

STATEMENTS = {
    "9001": 6,
    "1101": 5,
    "5301": 6,
    "2201": 8,
    "2203A": 12,
    "2204": 11,
    "2206A": 11,
    "2207A": 21,
    "2208": 23,
}
"""For each message of a chronic-disease visit, signed, of somebody who settled before; the same on both databases.

Without BEGIN, COMMIT and the one savepoint that keeps the nonce spent where the work is refused.
"""


class Signed(Client):
    """Signs what it sends, as hospitals do."""

    def send(self, body: dict[str, object], **headers: str) -> dict[str, object]:
        nonce, stamp = str(next(self.serial)), str(int(time.time()))
        text = stamp + factories.SECRET + nonce + stamp
        signed = {
            "x-tif-paasid": factories.PAASID,
            "x-tif-timestamp": stamp,
            "x-tif-nonce": nonce,
            "x-tif-signature": hashlib.sha256(text.encode()).hexdigest(),
        }
        return super().send(body, **signed, **headers)


@pytest.fixture
def hospital(world: World) -> Signed:
    """A hospital that has settled before, so that accounts, counters and the rule are on record."""
    Institution.objects.update(scheme="x-tif")
    client = Signed(world)
    client.run(*STATEMENTS)
    client.provider_number = "OP-2"
    return client


def test_each_message_costs_so_many_statements(hospital: Signed) -> None:
    asked = {infno: told(hospital, infno) for infno in STATEMENTS}
    counted = {infno: len(statements) for infno, statements in asked.items()}
    assert counted == STATEMENTS, "\n".join(f"{infno}: {one}" for infno in asked for one in asked[infno])


def told(hospital: Signed, infno: str) -> list[str]:
    with CaptureQueriesContext(connection) as heard:
        hospital.run(infno)
    statements = [query["sql"] for query in heard.captured_queries]
    return [sql for sql in statements if "SAVEPOINT" not in sql]
