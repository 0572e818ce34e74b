"""Two offers between the same two people accepted at the same moment: one replaces the other, nothing breaks."""

import pytest

from tests.casework.at_once import at_once
from tests.consents.factories import a_child, a_parent, a_request, an_offer, as_self
from yidi.consents import services
from yidi.consents.models import Consent
from yidi.consents.terms import State

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("turn", range(4))
def test_two_offers_accepted_at_once(turn: int) -> None:
    parent, child = a_parent(), a_child()
    codes = [an_offer(parent).code for _ in range(3)]
    accept = [lambda code=code: services.accept(a_request(), as_self(child), code) for code in codes]
    assert at_once(*accept) == []
    states = sorted(consent.state for consent in Consent.objects.all())
    assert states == sorted([State.ACCEPTED, State.REVOKED, State.REVOKED])
