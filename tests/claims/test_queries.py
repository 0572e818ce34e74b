"""The lists of an agency, what is asked of whom, and amounts explained."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from tests.accounts.factories import CLERK, PERSON
from tests.claims.factories import a_claim, a_draft, an_unfiled_world, start, submit
from tests.settlement.factories import World
from yidi.claims import queries, services
from yidi.claims.models import Claim
from yidi.claims.states import State
from yidi.providers.models import Provider
from yidi.values.terms import Material

pytestmark = pytest.mark.django_db


def dated(claim: Claim, submitted: date, decided: date | None = None, due: date | None = None) -> None:
    Claim.objects.filter(pk=claim.pk).update(
        submitted_on=submitted, decided_on=decided, due_on=due, due_by="test" if due else ""
    )


def test_the_lists_of_an_agency() -> None:
    world = an_unfiled_world()
    claims = {state: a_claim(state, world, invoice=state) for state in State}
    today = timezone.localdate()
    for number, state in enumerate((State.ASSESSED, State.SUBMITTED)):
        dated(claims[state], today, due=today + timedelta(days=number))
    assert list(queries.open_for("360100")) == [claims[State.ASSESSED], claims[State.SUBMITTED]]
    assert list(queries.waiting_in("360000")) == [claims[State.MORE_EVIDENCE]]
    assert set(queries.seen_in("360100")) == set(claims.values()) - {
        claims[State.DRAFT],
        claims[State.WITHDRAWN],
    }
    assert not queries.seen_in("360200").exists()
    assert set(queries.of_person(world.coverage.person)) == set(claims.values())


# what is asked of the applicant


def test_what_is_asked_of_the_applicant() -> None:
    claim = a_draft()
    asked = queries.asked_of_applicant(claim)
    assert asked
    assert asked.by_agency == ""
    assert (Material.FEE_LIST,) in asked.papers
    ready = start(World(claim.coverage, Provider.objects.get()))
    assert not queries.asked_of_applicant(ready)
    submit(ready)
    services.ask_for_more(ready, "请补处方", CLERK)
    asked = queries.asked_of_applicant(ready)
    assert (asked.details, asked.papers, asked.by_agency) == ((), (), "请补处方")
    services.submit(ready, PERSON)
    assert not queries.asked_of_applicant(ready)


@pytest.mark.parametrize("state", [State.ASSESSED, State.APPROVED, State.PAID])
def test_an_amount_is_explained_while_it_holds(state: State) -> None:
    found = queries.explanation_of(a_claim(state))
    assert found is not None
    assert found.explanation.adds_up()
    assert found.decision.funds == 30_000
    assert found.why_not_more[0].kind == "share"
    filed = next(item for item in found.changes if item.kind == "situation")
    assert filed.difference == 12_000, "as if nothing of this claim had been counted yet"


@pytest.mark.parametrize("state", [state for state in State if state not in ("assessed", "approved", "paid")])
def test_no_amount_holds_in_the_other_states(state: State) -> None:
    claim = a_claim(state)
    assert queries.explanation_of(claim) is None
    assert queries.assessment_of(claim) is None
