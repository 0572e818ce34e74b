"""What a page offers a clerk to do with a case."""

import pytest

from tests.accounts.factories import FOREIGN_CLERK, PERSON
from tests.casework.factories import REVIEWER
from tests.qualification.factories import a_qualification
from yidi.accounts.actors import Actor, ActorKind
from yidi.accounts.terms import Role
from yidi.operations.handling import offers, take_on
from yidi.operations.terms import Offer
from yidi.qualification import services
from yidi.qualification.states import State

pytestmark = pytest.mark.django_db

COLLEAGUE = Actor(ActorKind.CLERK, "南昌经办子", "360100", frozenset({Role.REVIEWER}))


def test_who_asked_for_more_goes_on_with_the_review_when_the_answer_comes() -> None:
    case = a_qualification(State.SUBMITTED)
    take_on(case, REVIEWER)
    services.ask_for_more(case, "请补病历", REVIEWER)
    services.submit(case, PERSON)
    case.refresh_from_db()
    assert (case.state, case.assigned_to) == ("submitted", REVIEWER.name)
    assert Offer.TAKE_ON in offers(case, REVIEWER)
    assert Offer.TAKE_ON not in offers(case, COLLEAGUE)
    take_on(case, REVIEWER)
    case.refresh_from_db()
    assert case.state == "under-review"
    assert Offer.TAKE_ON not in offers(case, REVIEWER)


def test_clerks_of_elsewhere_are_offered_nothing() -> None:
    assert offers(a_qualification(State.SUBMITTED), FOREIGN_CLERK) == frozenset()
