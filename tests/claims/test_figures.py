"""Figures of a region's claims: how many, how fast, how much; and the lists they are counted from."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from yidi.claims.figures import figures

from tests.accounts.factories import CLERK, PERSON, PROVINCE_CLERK
from tests.claims.factories import a_claim, a_draft, an_unfiled_world, approve, assess, start, submit
from tests.qualification.factories import a_qualification
from tests.settlement.factories import CHRONIC, DAY, HYPERTENSION, World
from yidi.claims import queries, services
from yidi.claims.models import Claim
from yidi.claims.states import State
from yidi.providers.models import Provider
from yidi.qualification.states import State as QualificationState
from yidi.values.terms import Material

pytestmark = pytest.mark.django_db

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
TODAY = date(2026, 6, 30)


def dated(claim: Claim, submitted: date, decided: date | None = None, due: date | None = None) -> None:
    Claim.objects.filter(pk=claim.pk).update(
        submitted_on=submitted, decided_on=decided, due_on=due, due_by="test" if due else ""
    )


def test_nothing_comes_to_nothing() -> None:
    a_draft()
    found = figures("360100", FIRST, LAST, TODAY)
    assert (found.handed_in, found.decided, found.paid_by_funds) == ({}, {}, {})
    assert (found.approval_ppm, found.median_days, found.open, found.overdue) == (None, None, 0, 0)


def test_what_a_year_came_to() -> None:
    world = an_unfiled_world()
    a_qualification(QualificationState.APPROVED, world.coverage, starts=DAY)
    paid, approved, rejected = (
        a_claim(state, world, invoice=state) for state in (State.PAID, State.APPROVED, State.REJECTED)
    )
    chronic = start(world, "chronic", benefit=CHRONIC, disease=HYPERTENSION)
    submit(chronic), assess(chronic), approve(chronic)
    waiting, late, fresh = (
        a_claim(state, world, invoice=f"{state} open")
        for state in (State.MORE_EVIDENCE, State.SUBMITTED, State.ASSESSED)
    )
    a_claim(State.DRAFT, world, invoice="draft")
    a_claim(State.WITHDRAWN, world, invoice="withdrawn")
    dated(paid, date(2026, 1, 5), date(2026, 1, 6))
    dated(approved, date(2026, 1, 5), date(2026, 1, 9))
    dated(rejected, date(2026, 1, 30), date(2026, 2, 2))
    dated(chronic, date(2025, 12, 30), date(2026, 2, 2))
    dated(waiting, date(2026, 5, 6), due=date(2026, 6, 1))
    dated(late, date(2026, 5, 6), due=TODAY - timedelta(days=1))
    dated(fresh, date(2026, 6, 29), due=TODAY)
    found = figures("360000", FIRST, LAST, TODAY)
    assert found.handed_in == {"2026-01": 3, "2026-05": 2, "2026-06": 1}
    assert found.decided == {"2026-01": 2, "2026-02": 2}
    assert (found.approved, found.rejected, found.approval_ppm) == (3, 1, 750_000)
    sums = {("general-outpatient", ""): 30_000 + 48_000, ("chronic-disease", HYPERTENSION): 68_000}
    assert found.paid_by_funds == sums
    assert list(found.paid_by_funds) == list(sums), "most first"
    assert found.median_days == 1, "1, 1, 4 and many days"
    assert (found.open, found.overdue, found.waiting, found.to_pay) == (2, 1, 1, 2)
    assert figures("310000", FIRST, LAST, TODAY).open == 0


def test_an_amount_that_was_appealed_against_is_not_counted() -> None:
    claim = a_claim(State.APPROVED)
    services.appeal(claim, "金额不对", PERSON)
    services.assess(claim, CLERK)
    services.approve(claim, PROVINCE_CLERK)
    today = timezone.localdate()
    found = figures("360100", today, today, today)
    assert found.paid_by_funds == {("general-outpatient", ""): 30_000}


def test_the_lists_of_an_agency() -> None:
    world = an_unfiled_world()
    claims = {state: a_claim(state, world, invoice=state) for state in State}
    today = timezone.localdate()
    for number, state in enumerate((State.ASSESSED, State.SUBMITTED)):
        dated(claims[state], today, due=today + timedelta(days=number))
    assert list(queries.open_for("360100")) == [claims[State.ASSESSED], claims[State.SUBMITTED]]
    assert list(queries.waiting_in("360000")) == [claims[State.MORE_EVIDENCE]]
    assert list(queries.to_pay_in("CN")) == [claims[State.APPROVED]]
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
