"""The form, the decision letters and the slip that come out of a claim."""

import pytest
from django.utils import timezone

from tests.casework.factories import RELATIVE, consent_to_relative
from tests.claims.factories import (
    ACCOUNT,
    BANK,
    WAYS,
    a_claim,
    a_draft,
    an_unfiled_world,
    approved_at_nothing,
    person_of,
    start,
)
from tests.documents.reading import text_of
from tests.settlement.factories import CHRONIC, HYPERTENSION, a_world
from yidi.claims.errors import Incomplete
from yidi.claims.models import Claim
from yidi.claims.papers import OUTCOMES, form_of, letter_of, slip_of
from yidi.claims.queries import paid_on
from yidi.claims.states import State
from yidi.documents.services import render
from yidi.values.money import yuan_text

pytestmark = pytest.mark.django_db
URL = "https://example.org/me/claims/"


def form_text(claim: Claim) -> str:
    return text_of(render(form_of(claim, person_of(claim.coverage), URL)))


def test_the_form_states_the_bill_and_ticks_the_papers() -> None:
    claim = a_claim(invoice="36010025")
    form = form_of(claim, person_of(claim.coverage))
    assert form.helper is None
    assert [paper.shown for paper in form.materials] == [True] * 5, "the list of Jiangxi (seed 004)"
    text = form_text(claim)
    for told in (
        "36010025",
        "1000.00",
        "壹仟元整",
        "示例医院1",
        claim.coverage.person.identity,
        "2025年6月2日",
        BANK,
        ACCOUNT,
    ):
        assert told in text


def test_it_names_the_disease() -> None:
    world = a_world()
    claim = start(world, benefit=CHRONIC, disease=HYPERTENSION)
    assert "高血压" in form_text(claim)


def test_it_names_the_relative_who_applies() -> None:
    claim = a_claim()
    consent_to_relative(claim.coverage.person)
    actor = RELATIVE
    assert "子女" in text_of(render(form_of(claim, actor)))


def test_there_is_no_form_of_a_claim_that_lacks_something() -> None:
    claim = a_draft()
    with pytest.raises(Incomplete, match="票据号"):
        form_of(claim, person_of(claim.coverage))


@pytest.mark.parametrize("state", [state for state in State if state not in OUTCOMES])
def test_there_is_no_letter_before_a_decision(state: State) -> None:
    assert letter_of(a_claim(state)) is None


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (State.MORE_EVIDENCE, ("需要补充材料", "请补费用清单")),
        (State.REJECTED, ("不予报销", "票据不清")),
        (State.APPROVED, ("经核定报销", "支付到您登记的账户")),
        (State.PAID, ("已于", "其余")),
    ],
)
def test_the_letter_says_how_it_came_out(state: State, told: tuple[str, ...]) -> None:
    claim = a_claim(state)
    letter = letter_of(claim, URL)
    assert letter is not None
    text = text_of(render(letter))
    for words in (*told, claim.number, "0001"):
        assert words in text
    assert claim.coverage.person.identity not in text
    assert ACCOUNT not in text
    assert ("************5678" in text) == (state in (State.APPROVED, State.PAID))
    if state in (State.APPROVED, State.PAID):
        assert yuan_text(sum(claim.assessments.get().funds.values())) in text


def test_the_letter_about_nothing_promises_nothing() -> None:
    letter = letter_of(approved_at_nothing())
    assert letter is not None
    text = text_of(render(letter))
    assert "没有款项要付给您" in text
    assert "将支付" not in text


def test_a_claim_from_before_has_a_form_with_a_blank_for_the_account() -> None:
    claim = a_claim(State.SUBMITTED)
    Claim.objects.update(account_bank="", account_number=None)
    claim.refresh_from_db()
    assert "开户银行" in form_text(claim)


def test_the_letter_speaks_english() -> None:
    letter = letter_of(a_claim(State.PAID))
    assert letter is not None
    assert "werepaidon" in text_of(render(letter, language="en"))


@pytest.mark.parametrize("state", [state for state in State if state is not State.PAID])
def test_there_is_no_slip_before_the_money_is_paid(state: State) -> None:
    claim = a_claim(state)
    assert slip_of(claim) is None
    assert paid_on(claim) is None


def test_the_slip_of_a_paid_claim() -> None:
    world = an_unfiled_world()
    claim = a_claim(State.PAID, world)
    slip = slip_of(claim, URL)
    assert slip is not None
    assert (slip.on, slip.filing) == (timezone.localdate(), "")
    text = text_of(render(slip))
    for told in (
        "手工（零星）报销",
        "示例医院1",
        "0001",
        yuan_text(sum(claim.assessments.get().funds.values())),
    ):
        assert told in text
    assert claim.coverage.person.identity not in text


def test_the_slip_names_the_filing_and_the_disease() -> None:
    world = a_world()
    claim = start(world, benefit=CHRONIC, disease=HYPERTENSION)
    for move in WAYS[State.PAID]:
        move(claim)
    slip = slip_of(claim)
    assert slip is not None
    assert slip.filing == world.coverage.filings.get().number
    assert slip.disease == "高血压"
