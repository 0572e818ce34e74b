"""Every state and every move of a claim; who may make each."""

from collections.abc import Callable

import pytest

from tests.accounts.factories import (
    CLEARING,
    CLERK,
    PERSON,
    SUPERVISOR,
)
from tests.claims.factories import a_claim
from tests.matrix import cells
from tests.settlement.factories import PLAIN, a_line
from yidi.accounts.actors import Actor
from yidi.audit.models import Event
from yidi.claims import services
from yidi.claims.models import Claim
from yidi.claims.states import CLOCK, FROM, TO, TRANSITIONS, State, moves_of
from yidi.claims.terms import Move, RejectReason
from yidi.ledger.models import CounterMove, Posting
from yidi.values.transitions import IllegalMove

pytestmark = pytest.mark.django_db

Act = Callable[[Claim, Actor], object]
BILL = [a_line(PLAIN, "400.00"), a_line(PLAIN, "600.00")]

MOVES: dict[Move, tuple[Act, Actor]] = {
    Move.SUBMIT: (services.submit, PERSON),
    Move.WITHDRAW: (services.withdraw, PERSON),
    Move.APPEAL: (lambda claim, actor: services.appeal(claim, "金额不对", actor), PERSON),
    Move.ASK: (lambda claim, actor: services.ask_for_more(claim, "请补费用清单", actor), CLERK),
    Move.CORRECT: (lambda claim, actor: services.correct_lines(claim, BILL, "清单如此", actor), CLERK),
    Move.ASSESS: (services.assess, CLERK),
    Move.APPROVE: (services.approve, SUPERVISOR),
    Move.REJECT: (lambda claim, actor: services.reject(claim, RejectReason.BAD_INVOICE, actor), CLERK),
    Move.PAY: (services.pay, CLEARING),
}
TABLE = """
                submit  withdraw  appeal  ask  correct  assess  approve  reject  pay
draft             +        +        .      .      .        .       .        .     .
submitted         .        +        .      +      +        +       .        +     .
more-evidence     +        +        .      .      .        .       .        .     .
assessed          .        .        .      +      +        +       +        +     .
approved          .        .        +      .      .        .       .        .     +
paid              .        .        .      .      .        .       .        .     .
rejected          .        .        +      .      .        .       .        .     .
withdrawn         .        .        .      .      .        .       .        .     .
"""
TOLD = {Move.APPEAL: "claims:appeal", Move.CORRECT: "claims:correct"}
"""What the trail calls a move, where that is not the state it leads to."""


def written() -> tuple[int, int, int]:
    return Event.objects.count(), Posting.objects.count(), CounterMove.objects.count()


@pytest.mark.parametrize(("state", "move", "allowed"), list(cells(TABLE)))
def test_a_move(state: str, move: str, allowed: bool) -> None:
    claim = a_claim(State(state))
    act, actor = MOVES[Move(move)]
    before = written()
    if allowed:
        act(claim, actor)
        assert claim.state == Claim.objects.get(pk=claim.pk).state == TO[Move(move)]
        last = Event.objects.order_by("pk").last()
        assert last is not None
        told = TOLD.get(Move(move), f"claims:{TO[Move(move)]}")
        assert (last.action, last.subject, last.actor) == (told, claim.number, actor.name)
        return
    with pytest.raises(IllegalMove) as refused:
        act(claim, actor)
    assert f"{claim.number} 现为“{State(state).zh}”，不能{Move(move).zh}" in refused.value.message
    assert claim.state == Claim.objects.get(pk=claim.pk).state == state
    assert written() == before


def test_the_table_of_moves_is_the_whole_table() -> None:
    allowed = {(state, Move(move)) for state, move, may in cells(TABLE) if may}
    assert allowed == {(str(state), move) for move, states in FROM.items() for state in states}
    assert {state for state, _, _ in cells(TABLE)} == set(State.spellings()) == {str(now) for now in CLOCK}
    assert set(FROM) == set(TO) == set(MOVES) == set(Move)
    for state in State:
        assert {TO[move] for move in moves_of(state)} == set(TRANSITIONS.table[state])
