"""Two clerks at the same moment, over HTTP, on connections of their own."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.test import Client

from tests.accounts.factories import a_clerk
from tests.casework.at_once import at_once
from tests.claims.factories import a_claim
from tests.desk.reading import Page, client_of
from tests.filing.factories import a_filing
from tests.people.factories import a_coverage
from tests.qualification.factories import a_qualification
from yidi.accounts.terms import Role
from yidi.audit.models import Event
from yidi.claims.models import Claim
from yidi.claims.states import State as ClaimState
from yidi.filing.models import Filing
from yidi.filing.states import State as FilingState
from yidi.operations.handling import version_of
from yidi.qualification.models import Qualification
from yidi.qualification.states import State

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
CLERKS = ("one", "two", "three")


def sent_at_once(send: Callable[[Client], Any], clients: list[Client]) -> list[Any]:
    """What is answered to the same, sent by all of them at the same moment."""
    answers: list[Any] = []
    at_once(*(partial(lambda client: answers.append(send(client)), client) for client in clients))
    return answers


@pytest.mark.parametrize(
    ("make", "deed", "typed", "decided"),
    [
        (lambda: a_qualification(State.UNDER_REVIEW), "approve", {"starts": "2026-01-01"}, State.APPROVED),
        (
            lambda: a_qualification(State.UNDER_REVIEW),
            "reject",
            {"reason": "criteria-not-met"},
            State.REJECTED,
        ),
        (lambda: a_filing(FilingState.SUBMITTED), "approve", {}, FilingState.ACTIVE),
        (lambda: a_claim(ClaimState.ASSESSED), "approve", {}, ClaimState.APPROVED),
    ],
)
def test_one_decides_and_the_others_are_told_how_the_case_stands(
    make: Callable[[], Any], deed: str, typed: dict[str, str], decided: str
) -> None:
    case = make()
    clients = [client_of(a_clerk(name, Role.REVIEWER, Role.SUPERVISOR)) for name in CLERKS]
    sent = {"seen": version_of(case.number)} | typed
    answers = sent_at_once(lambda client: client.post(f"/desk/cases/{case.number}/do/{deed}/", sent), clients)
    assert sorted(answer.status_code for answer in answers) == [302, 409, 409]
    for answer in answers:
        if answer.status_code == 409:
            assert "有了变动" in Page(answer).text
    case.refresh_from_db()
    assert case.state == decided
    verb = decided if deed == "approve" else "rejected"
    assert Event.objects.filter(subject=case.number, action__endswith=f":{verb}").count() == 1


def test_a_heap_of_cases_is_shared_out_and_none_goes_to_two() -> None:
    cases: list[Qualification | Filing | Claim] = [
        a_qualification(State.SUBMITTED, a_coverage(rank)) for rank in range(1, 6)
    ]
    cases += [a_filing(FilingState.SUBMITTED, a_coverage(rank)) for rank in range(6, 9)]
    clients = [client_of(a_clerk(name, Role.REVIEWER)) for name in CLERKS]
    numbers = [case.number for case in cases]
    sent_at_once(lambda client: client.post("/desk/hand-out/", {"number": numbers, "do": "take-on"}), clients)
    for case in cases:
        case.refresh_from_db()
        assert case.assigned_to in CLERKS
        taken = Event.objects.filter(
            subject=case.number, action__in=("filing:take-on", "qualification:under-review")
        )
        assert taken.count() == 1
