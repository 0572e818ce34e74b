"""What the OpenAPI document promises, kept for whatever it allows to be sent: Schemathesis makes the messages."""

import json
from typing import Any

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from schemathesis import checks

from tests.gateway.factories import World
from tests.gateway.messages import envelope_of
from yidi.gateway.reference.openapi import PATH, text
from yidi.gateway.transactions import TRANSACTIONS

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

EXAMPLES = 4
"""Per transaction."""
PROMISES = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]


@pytest.fixture(scope="module")
def schema() -> Any:
    loaded = schemathesis.openapi.from_dict(json.loads(text()))
    loaded.app = get_wsgi_application()
    return loaded


@pytest.mark.parametrize("infno", [item.infno for item in TRANSACTIONS])
def test_what_may_be_sent_is_answered_as_promised(infno: str, schema: Any, world: World) -> None:
    operation = schema[f"{PATH}/{infno}"]["POST"]

    @settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
    @given(operation.as_strategy())
    def check(case: Any) -> None:
        case.body.update(envelope_of(world))
        with transaction.atomic():
            case.call_and_validate(checks=PROMISES)
            transaction.set_rollback(True)

    check()
