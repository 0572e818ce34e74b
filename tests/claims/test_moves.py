"""Every state and every move of a claim."""

from collections.abc import Callable

import pytest

from tests.accounts.factories import CLERK, FOREIGN_CLERK, HOSPITAL, PERSON, PROVINCE_CLERK
from tests.claims.factories import PAPERS, a_claim
from tests.matrix import cells
from yidi.accounts.actors import Actor
from yidi.accounts.errors import NotAllowed, OutsideRegion
from yidi.audit.models import Event
from yidi.claims import services
from yidi.claims.models import Claim
from yidi.claims.states import TRANSITIONS, State
from yidi.ledger.models import CounterMove, Posting
from yidi.values.transitions import IllegalMove

pytestmark = pytest.mark.django_db

Move = Callable[[Claim, Actor], object]

MOVES: dict[str, tuple[State, Move]] = {
    "submit": (State.SUBMITTED, lambda claim, actor: services.submit(claim, PAPERS, actor)),
    "ask": (State.MORE_EVIDENCE, lambda claim, actor: services.ask_for_more(claim, "请补费用清单", actor)),
    "assess": (State.ASSESSED, lambda claim, actor: services.assess(claim, actor)),
    "approve": (State.APPROVED, lambda claim, actor: services.approve(claim, actor)),
    "pay": (State.PAID, lambda claim, actor: services.pay(claim, actor)),
    "reject": (State.REJECTED, lambda claim, actor: services.reject(claim, "票据不清", actor)),
    "withdraw": (State.WITHDRAWN, lambda claim, actor: services.withdraw(claim, actor)),
}
TABLE = """
                submit  ask  assess  approve  pay  reject  withdraw
draft             +      .     .        .      .     .        +
submitted         .      +     +        .      .     +        +
more-evidence     +      .     .        .      .     .        +
assessed          .      +     +        +      .     +        .
approved          .      .     .        .      +     .        .
paid              .      .     .        .      .     .        .
rejected          +      .     .        .      .     .        .
withdrawn         .      .     .        .      .     .        .
"""
BY_CLERKS = {
    "ask": State.SUBMITTED,
    "assess": State.SUBMITTED,
    "approve": State.ASSESSED,
    "pay": State.APPROVED,
    "reject": State.SUBMITTED,
}


def written() -> tuple[int, int, int]:
    return Event.objects.count(), Posting.objects.count(), CounterMove.objects.count()


@pytest.mark.parametrize(("state", "move", "allowed"), list(cells(TABLE)))
def test_a_move(state: str, move: str, allowed: bool) -> None:
    claim = a_claim(State(state))
    wanted, act = MOVES[move]
    before = written()
    if allowed:
        act(claim, CLERK)
        assert Claim.objects.get(pk=claim.pk).state == wanted
        last = Event.objects.order_by("pk").last()
        assert last is not None
        assert (last.action, last.subject) == (f"claims:{wanted}", claim.number)
        return
    with pytest.raises(IllegalMove) as refused:
        act(claim, CLERK)
    assert f"手工报销 {claim.number} 现为“{State(state).zh}”，不能变为“{wanted.zh}”" in refused.value.message
    assert Claim.objects.get(pk=claim.pk).state == state
    assert written() == before


def test_the_table_of_moves_is_the_whole_table() -> None:
    allowed = {(state, MOVES[move][0]) for state, move, may in cells(TABLE) if may}
    assert allowed == {
        (str(now), wanted) for now, following in TRANSITIONS.table.items() for wanted in following
    }
    assert {state for state, _, _ in cells(TABLE)} == {str(state) for state in State}


@pytest.mark.parametrize(("move", "state"), BY_CLERKS.items())
@pytest.mark.parametrize(
    ("actor", "refusal"), [(FOREIGN_CLERK, OutsideRegion), (PERSON, NotAllowed), (HOSPITAL, NotAllowed)]
)
def test_only_a_clerk_of_the_home_region_decides(
    move: str, state: State, actor: Actor, refusal: type[Exception]
) -> None:
    claim = a_claim(state)
    before = written()
    with pytest.raises(refusal):
        MOVES[move][1](claim, actor)
    assert written() == before
    MOVES[move][1](claim, PROVINCE_CLERK)
    assert Claim.objects.get(pk=claim.pk).state == MOVES[move][0]


def test_a_stale_copy_cannot_approve_again() -> None:
    claim = a_claim(State.ASSESSED)
    stale = Claim.objects.get(pk=claim.pk)
    services.approve(claim, CLERK)
    with pytest.raises(IllegalMove):
        services.approve(stale, CLERK)
    assert Posting.objects.count() == 1


def test_a_request_and_a_rejection_say_why() -> None:
    claim = a_claim(State.SUBMITTED)
    services.ask_for_more(claim, "请补费用清单", CLERK)
    assert Claim.objects.get(pk=claim.pk).reason == "请补费用清单"
    services.submit(claim, PAPERS, PERSON)
    services.reject(claim, "票据不清", CLERK)
    assert Claim.objects.get(pk=claim.pk).reason == "票据不清"
