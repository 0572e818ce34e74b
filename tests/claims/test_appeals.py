"""Appeals: against a rejection, and against an amount before it is paid; what was booked is undone by its mirror image."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tests.accounts.factories import CLEARING, CLERK, PERSON, PROVINCE_CLERK, SUPERVISOR
from tests.claims.factories import a_claim, an_unfiled_world, approve, assess, person_of, start, submit
from tests.settlement.factories import DAY, GENERAL, PLAIN, World, a_line, a_world, settled
from yidi.audit.models import Event
from yidi.benefit.adjudicate import Counter
from yidi.casework.errors import ReasonNeeded, SameClerk
from yidi.claims import errors, queries, services
from yidi.claims.models import Claim
from yidi.claims.states import State
from yidi.claims.terms import RejectReason
from yidi.ledger.models import Entry, Posting
from yidi.ledger.services import used_counters
from yidi.operations.checks import all_checks
from yidi.operations.replay import replay
from yidi.values.errors import Refusal

pytestmark = pytest.mark.django_db

FUND = Counter(str(GENERAL), "fund", "2025")


def findings() -> list[str]:
    return [f"{check.code} {finding.subject}" for check in all_checks() for finding in check.find()]


def balances() -> dict[str, int]:
    sums: dict[str, int] = {}
    for entry in Entry.objects.select_related("account"):
        sums[entry.account.kind] = sums.get(entry.account.kind, 0) + entry.amount
    return {kind: amount for kind, amount in sums.items() if amount}


def test_a_rejection_is_appealed_against_and_decided_by_others() -> None:
    claim = a_claim(State.ASSESSED)
    services.reject(claim, RejectReason.BAD_INVOICE, SUPERVISOR, "票据不清")
    with pytest.raises(ReasonNeeded):
        services.appeal(claim, "  ", PERSON)
    services.appeal(claim, "已换清晰的票据", PERSON)
    row = Claim.objects.get(pk=claim.pk)
    assert (row.state, row.appeals, row.grounds) == (State.SUBMITTED, 1, "已换清晰的票据")
    assert row.reason == "票据无效或查验不符：票据不清", "what it is against stays in sight"
    event = Event.objects.latest("pk")
    assert (event.action, event.reason) == ("claims:appeal", "已换清晰的票据")
    assert services.assess(claim, CLERK).round == 1
    for decide in (
        lambda: services.approve(claim, SUPERVISOR),
        lambda: services.reject(claim, RejectReason.BAD_INVOICE, SUPERVISOR),
    ):
        with pytest.raises(SameClerk, match="作出过被申诉的决定"):
            decide()
    services.approve(claim, PROVINCE_CLERK)
    assert Posting.objects.get().subject == f"{claim.number}-1"
    assert findings() == []


def test_an_amount_is_appealed_against_before_it_is_paid() -> None:
    claim = a_claim(State.APPROVED)
    first = queries.assessment_of(claim)
    assert first is not None
    assert used_counters(claim.coverage)[FUND] == first.fund == 30_000
    services.appeal(claim, "当时是急诊", PERSON)
    assert balances() == {}
    assert used_counters(claim.coverage)[FUND] == 0
    assert queries.assessment_of(claim) is None
    assert queries.explanation_of(claim) is None
    latest = queries.latest_assessment(claim)
    assert latest is not None
    assert latest.reversal is not None
    assert findings() == []
    services.assess(claim, CLERK)
    services.approve(claim, PROVINCE_CLERK)
    services.pay(claim, CLEARING)
    assert balances() == {"fund-expense": 30_000, "bank": -30_000}
    assert list(Posting.objects.order_by("pk").values_list("kind", "subject")) == [
        ("claim", claim.number),
        ("claim-reversal", claim.number),
        ("claim", f"{claim.number}-1"),
        ("claim-payment", claim.number),
    ]
    assert findings() == []
    assert replay(claim.number).differing == []


def test_what_was_paid_is_not_appealed_against_here() -> None:
    claim = a_claim(State.PAID)
    with pytest.raises(errors.NotNow, match="现为“已支付”，不能申诉；此时可以：无"):
        services.appeal(claim, "金额不对", PERSON)


def test_what_was_settled_meanwhile_counts_in_the_next_round() -> None:
    """The claim used the deductible first; after the appeal a settlement has used it."""
    world = a_world()
    claim = start(world)
    submit(claim), assess(claim), approve(claim)
    assert queries.assessment_of(claim).fund == 42_000  # type: ignore[union-attr]
    services.appeal(claim, "起付线已用完", person_of(world.coverage))
    assert settled(world, "300.00").fund == 0
    assert services.assess(claim, CLERK).fund == 60_000
    services.approve(claim, PROVINCE_CLERK)
    assert used_counters(world.coverage)[FUND] == 60_000
    assert findings() == []


def test_an_appeal_that_is_withdrawn_gives_the_invoice_back() -> None:
    world = an_unfiled_world()
    claim = a_claim(State.APPROVED, world)
    services.appeal(claim, "金额不对", PERSON)
    services.withdraw(claim, PERSON)
    assert balances() == {}
    assert findings() == []
    assert start(world).invoice == claim.invoice


def test_corrected_lines_are_assessed_in_the_next_round_and_the_first_stay_on_record() -> None:
    claim = a_claim(State.APPROVED)
    services.appeal(claim, "少录了一行", PERSON)
    services.correct_lines(claim, [a_line(PLAIN, "1500.00")], "票据为 1500 元", CLERK, total=150_000)
    assert services.assess(claim, CLERK).total == 150_000
    services.approve(claim, PROVINCE_CLERK)
    first, second = claim.assessments.order_by("round")
    assert [queries.decision_in(row).split.total for row in (first, second)] == [100_000, 150_000]
    assert [row.edition for row in (first, second)] == [1, 2]
    assert findings() == []


STEPS = ("submit", "ask", "correct", "assess", "approve", "pay", "reject", "appeal", "withdraw", "settle")


class TestAnyWalk(TestCase):
    """However claims and settlements of one person follow each other, the books hold."""

    @settings(max_examples=20)
    @given(st.lists(st.sampled_from(STEPS), max_size=25))
    def test_the_books_hold_after_any_walk(self, steps: Sequence[str]) -> None:
        world = a_world()
        claim = start(world)
        for number, step in enumerate(steps):
            _try(step, claim, world, number)
        assert findings() == []
        assert set(balances()) <= {
            "fund-expense", "person-payable", "bank", "due-to", "due-from", "provider-payable",
        }  # fmt: skip
        assert all(amount >= 0 for amount in used_counters(world.coverage).values())


def _try(step: str, claim: Claim, world: World, number: int) -> None:
    """One step, by a clerk who is fresh to it; a step that the state forbids is refused by name and changes nothing."""
    person = person_of(world.coverage)
    fresh = [CLERK, PROVINCE_CLERK][number % 2]
    other = [PROVINCE_CLERK, CLERK][number % 2]
    acts = {
        "submit": lambda: services.submit(claim, person),
        "ask": lambda: services.ask_for_more(claim, "请补", fresh),
        "correct": lambda: services.correct_lines(claim, [a_line(PLAIN, "1000.00")], "照清单", fresh),
        "assess": lambda: services.assess(claim, fresh),
        "approve": lambda: services.approve(claim, other),
        "pay": lambda: services.pay(claim, CLEARING),
        "reject": lambda: services.reject(claim, RejectReason.NOT_PROVEN, fresh),
        "appeal": lambda: services.appeal(claim, "不服", person),
        "withdraw": lambda: services.withdraw(claim, person),
        "settle": lambda: settled(world, "200.00", day=DAY),
    }
    before = claim.state
    try:
        acts[step]()
    except Refusal:
        assert claim.state == Claim.objects.get(pk=claim.pk).state == before
