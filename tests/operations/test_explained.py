"""The amounts of settled bills and assessed claims, explained for a page."""

from datetime import date

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from tests.claims.factories import a_claim
from tests.settlement.factories import (
    CHRONIC,
    OWN,
    SHARED,
    a_line,
    a_visit,
    a_world,
    cancelled,
    settle,
    settled,
)
from yidi.claims.states import State as ClaimState
from yidi.ledger.models import DecisionRule
from yidi.operations.errors import NotReplayable
from yidi.operations.explained import Explained, explained
from yidi.settlement.models import Settlement
from yidi.values.terms import Fund

pytestmark = pytest.mark.django_db


def a_settlement() -> Settlement:
    visit = a_visit(a_world(), [a_line(SHARED, "800.00"), a_line(OWN, "200.00")], CHRONIC)
    return settle(visit)


def of(row: object) -> Explained:
    found = explained(row)  # type: ignore[arg-type]
    assert found is not None
    return found


def test_it_is_the_decision_that_was_booked() -> None:
    settlement = a_settlement()
    found = of(settlement)
    assert found.decision.fund == settlement.fund
    assert sum(payer.amount for payer in found.payers) == settlement.total == 100_000
    assert [payer.fund for payer in found.payers] == [Fund.BASIC, None]
    assert found.assessment.explanation.adds_up()
    assert len(found.lines) == 2
    assert found.steps[-1].left == found.decision.funds


def test_it_stands_on_the_counters_of_its_own_time() -> None:
    """What was used later changes neither the steps nor what would have changed them."""
    world = a_world()
    first = settled(world, "1000.00")
    before = (of(first).steps, [item.zh for item in of(first).changes])
    settled(world, "2000.00", day=date(2025, 6, 3))
    after = of(Settlement.objects.get(pk=first.pk))
    assert (after.steps, [item.zh for item in after.changes]) == before


def test_a_cancelled_settlement_is_explained_all_the_same() -> None:
    settlement = a_settlement()
    paid = of(settlement).decision.funds
    cancelled(settlement)
    assert of(Settlement.objects.get(pk=settlement.pk)).decision.funds == paid


def test_a_claim_is_explained_once_it_is_assessed() -> None:
    assert explained(a_claim(ClaimState.SUBMITTED)) is None


def test_an_assessed_claim() -> None:
    claim = a_claim(ClaimState.PAID)
    assert of(claim).decision.split.total == claim.total


def test_what_cannot_be_read_any_more_is_refused_by_name() -> None:
    settlement = a_settlement()
    DecisionRule.objects.filter(pk=settlement.rule_id).update(canonical={})
    with pytest.raises(NotReplayable, match=settlement.number):
        explained(Settlement.objects.get(pk=settlement.pk))


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_page_shows_all_of_it(language: str) -> None:
    with translation.override(language):
        html = render_to_string("pages/_explanation.html", {"explained": of(a_settlement())})
    for amount in ("1,000.00", "800.00", "200.00", "80.00"):
        assert amount in html
    assert html.count("<tr") == 1 + 2 + 1 + 1 + 2 + 1, "two payers, two lines, their heads and sums"
    assert "style=" not in html
