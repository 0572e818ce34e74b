"""How many messages an institution may send in a minute."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.gateway.client import Client
from yidi.gateway.errors import TooManyMessages
from yidi.gateway.models import Institution, Rate
from yidi.gateway.security.rates import count

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 30, 12, 0, 50, tzinfo=UTC)


def test_without_a_limit_nothing_is_asked_of_the_database(client: Client) -> None:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        count(client.world.institution, AT)
    assert not asked.captured_queries


def test_a_window_of_one_minute(client: Client) -> None:
    institution = client.world.institution
    institution.per_minute = 2
    with CaptureQueriesContext(connection) as asked:
        count(institution, AT)
    assert len(asked.captured_queries) == 1
    count(institution, AT)
    for _ in range(2):
        with pytest.raises(TooManyMessages) as refused:
            count(institution, AT)
        assert refused.value.details == {"most": 2, "seconds": 10}
    count(institution, AT + timedelta(seconds=10))
    assert Rate.objects.get().messages == 1


def test_what_the_sender_hears(client: Client) -> None:
    Institution.objects.update(per_minute=1)
    body = client.message("9001")
    replies = [client.send(body) for _ in range(3)]
    refused = [reply for reply in replies if reply["infcode"] == -1]
    assert refused
    assert all(reply["err_msg"].startswith("[GATEWAY-RATE]") for reply in refused)
