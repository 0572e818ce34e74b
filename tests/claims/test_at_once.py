"""Two people at one claim at the same moment: one wins, the other is told."""

import threading
from collections.abc import Callable
from itertools import combinations_with_replacement
from typing import Any

import pytest
from django.db import connection

from tests.accounts.factories import PROVINCE_CLERK, SUPERVISOR
from tests.claims.factories import a_claim, an_unfiled_world, person_of, start
from tests.evidence.factories import a_remade
from tests.people.factories import a_coverage
from tests.settlement.factories import World, a_hospital, a_world, settled
from yidi.accounts.actors import Actor
from yidi.claims import drafting, errors, services
from yidi.claims.models import Claim
from yidi.claims.states import State
from yidi.claims.terms import RejectReason
from yidi.evidence.models import Paper
from yidi.ledger.errors import InvoiceUsed
from yidi.ledger.models import Invoice, Posting
from yidi.ledger.services import used_counters
from yidi.operations.checks import all_checks
from yidi.values.errors import Refusal
from yidi.values.terms import Material
from yidi.values.transitions import IllegalMove

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

PATIENCE_S = 30
Act = Callable[[], object]


def at_once(*acts: Act) -> list[Any]:
    """What each of the acts, begun together on connections of their own, comes to: its result or its refusal."""
    together = threading.Barrier(len(acts))
    outcomes: list[Any] = [None] * len(acts)

    def run(place: int, act: Act) -> None:
        try:
            together.wait(PATIENCE_S)
            outcomes[place] = act() or "done"
        except Refusal as refusal:
            outcomes[place] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)
    assert not any(thread.is_alive() for thread in threads)
    assert None not in outcomes, "somebody got neither a result nor a refusal"
    return outcomes


def copy(claim: Claim) -> Claim:
    return Claim.objects.select_related("coverage__person", "provider").get(pk=claim.pk)


def findings() -> list[str]:
    return [f"{check.code} {finding.subject}" for check in all_checks() for finding in check.find()]


DECISIONS: dict[str, Callable[[Claim, Actor], object]] = {
    "approve": services.approve,
    "reject": lambda claim, clerk: services.reject(claim, RejectReason.NOT_PROVEN, clerk),
}


@pytest.mark.parametrize(("one", "other"), list(combinations_with_replacement(DECISIONS, 2)))
def test_of_two_decisions_one_wins_and_the_other_is_told(one: str, other: str) -> None:
    claim = a_claim(State.ASSESSED)
    first, second = copy(claim), copy(claim)
    outcomes = at_once(
        lambda: DECISIONS[one](first, SUPERVISOR), lambda: DECISIONS[other](second, PROVINCE_CLERK)
    )
    lost = [outcome for outcome in outcomes if isinstance(outcome, IllegalMove)]
    assert len(lost) == 1
    assert outcomes.count("done") == 1
    now = State(copy(claim).state)
    assert f"现为“{now.zh}”" in lost[0].message
    winner = [SUPERVISOR, PROVINCE_CLERK][outcomes.index("done")]
    assert copy(claim).decided_by == winner.name
    assert Posting.objects.count() == (now is State.APPROVED)
    assert findings() == []


def test_a_payment_and_an_appeal() -> None:
    claim = a_claim(State.APPROVED)
    first, second = copy(claim), copy(claim)
    outcomes = at_once(
        lambda: services.pay(first, PROVINCE_CLERK),
        lambda: services.appeal(second, "金额不对", person_of(second.coverage)),
    )
    assert outcomes.count("done") == 1
    assert sum(isinstance(outcome, IllegalMove) for outcome in outcomes) == 1
    assert findings() == []


def test_one_invoice_in_two_drafts() -> None:
    world = an_unfiled_world()
    stranger = World(a_coverage(2), a_hospital(2))
    outcomes = at_once(
        *(
            lambda w=w: drafting.start(w.coverage, person_of(w.coverage), invoice="0001")
            for w in (world, stranger)
        )
    )
    assert sum(isinstance(outcome, InvoiceUsed) for outcome in outcomes) == 1
    assert Invoice.objects.count() == Claim.objects.count() == 1
    assert findings() == []


def test_an_approval_and_a_settlement_share_one_deductible() -> None:
    """Whichever comes second sees what the first has used: the claim is told to be assessed again, or comes first."""
    world = a_world()
    claim = start(world)
    services.submit(claim, person_of(world.coverage))
    services.assess(claim, PROVINCE_CLERK)
    approving = copy(claim)
    at_once(lambda: services.approve(approving, SUPERVISOR), lambda: settled(world, "1000.00"))
    deductible = [
        amount for name, amount in used_counters(world.coverage).items() if name.measure == "deductible"
    ]
    assert deductible == [30_000]
    assert findings() == []


def test_a_paper_and_a_payment_do_not_wait_for_each_other() -> None:
    """Both hold the claim and refer to the person; whoever comes second finds the claim paid, or has added the paper."""
    claim = a_claim(State.APPROVED)
    first, second, paper = copy(claim), copy(claim), a_remade()
    outcomes = at_once(
        lambda: services.pay(first, PROVINCE_CLERK),
        lambda: drafting.add_paper(second, Material.INVOICE, paper, "票据.jpg", person_of(second.coverage)),
    )
    assert outcomes[0] == "done"
    assert isinstance(outcomes[1], Paper | errors.Closed)
    assert findings() == []
