"""Every state and every move of a claim; who may make each."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from tests.accounts.factories import (
    CLEARING,
    CLERK,
    FOREIGN_CLERK,
    HOSPITAL,
    PERSON,
    PROVINCE_CLERK,
    SUPERVISOR,
)
from tests.claims.factories import a_claim
from tests.matrix import cells
from tests.settlement.factories import DAY, PLAIN, World, a_line
from yidi.accounts.actors import SYSTEM, Actor, ActorKind
from yidi.accounts.errors import NotAllowed, OutsideRegion
from yidi.accounts.terms import Role
from yidi.audit.models import Event
from yidi.casework.errors import AskedAlready, NoSuchColleague, NotInHand, ReasonNeeded, SameClerk
from yidi.claims import services
from yidi.claims.models import Claim
from yidi.claims.states import CLOCK, FROM, TO, TRANSITIONS, State, moves_of
from yidi.claims.terms import Move, RejectReason
from yidi.ledger.models import CounterMove, Posting
from yidi.people.models import Coverage
from yidi.providers.models import Provider
from yidi.reference.working_days import after_working_days
from yidi.values.errors import Refusal
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


# who

BY_STAFF = {
    Move.ASK: (State.SUBMITTED, Role.REVIEWER),
    Move.CORRECT: (State.SUBMITTED, Role.REVIEWER),
    Move.ASSESS: (State.SUBMITTED, Role.REVIEWER),
    Move.APPROVE: (State.ASSESSED, Role.SUPERVISOR),
    Move.REJECT: (State.SUBMITTED, Role.REVIEWER),
    Move.PAY: (State.APPROVED, Role.CLEARING),
}
ALSO_BY = {
    Move.ASK: {Role.SUPERVISOR},
    Move.CORRECT: {Role.SUPERVISOR},
    Move.ASSESS: {Role.SUPERVISOR},
    Move.REJECT: {Role.SUPERVISOR},
}


def staff(role: Role, region: str = "360100") -> Actor:
    return Actor(ActorKind.CLERK, f"{region}{role.zh}", region, frozenset({role}))


@pytest.mark.parametrize("move", BY_STAFF)
@pytest.mark.parametrize("role", list(Role))
def test_every_office_and_every_move_of_the_agency(move: Move, role: Role) -> None:
    """In the home region, in its province and elsewhere."""
    state, office = BY_STAFF[move]
    claim = a_claim(state)
    act, _ = MOVES[move]
    before = written()
    with pytest.raises(OutsideRegion if role in {office, *ALSO_BY.get(move, ())} else NotAllowed):
        act(claim, staff(role, "360200"))
    if role not in {office, *ALSO_BY.get(move, ())}:
        for region in ("360100", "360000", "CN"):
            with pytest.raises(NotAllowed):
                act(claim, staff(role, region))
        assert written() == before
        assert Claim.objects.get(pk=claim.pk).state == state
        return
    assert written() == before
    act(claim, staff(role, "360000"))
    assert Claim.objects.get(pk=claim.pk).state == TO[move]


@pytest.mark.parametrize("move", BY_STAFF)
@pytest.mark.parametrize(
    ("actor", "refusal"),
    [(FOREIGN_CLERK, OutsideRegion), (PERSON, NotAllowed), (HOSPITAL, NotAllowed), (SYSTEM, NotAllowed)],
    ids=["clerk of elsewhere", "person", "hospital", "system"],
)
def test_only_the_home_agency_decides(move: Move, actor: Actor, refusal: type[Refusal]) -> None:
    claim = a_claim(BY_STAFF[move][0])
    before = written()
    with pytest.raises(refusal):
        MOVES[move][0](claim, actor)
    assert written() == before


def test_money_passes_three_people() -> None:
    claim = a_claim(State.ASSESSED)
    with pytest.raises(SameClerk, match=f"“{CLERK.name}”已经核定过它"):
        services.approve(claim, CLERK)
    services.approve(claim, PROVINCE_CLERK)
    with pytest.raises(SameClerk, match=f"“{PROVINCE_CLERK.name}”已经批准过它"):
        services.pay(claim, PROVINCE_CLERK)
    services.pay(claim, CLERK)
    assert claim.state == State.PAID


def test_whoever_assesses_last_is_the_one_who_may_not_approve() -> None:
    claim = a_claim(State.ASSESSED)
    services.assess(claim, PROVINCE_CLERK)
    with pytest.raises(SameClerk):
        services.approve(claim, PROVINCE_CLERK)
    services.approve(claim, CLERK)
    assert claim.decided_by == CLERK.name


# reasons, and asking once


def test_more_is_asked_for_once_a_round_and_with_a_reason() -> None:
    claim = a_claim(State.SUBMITTED)
    with pytest.raises(ReasonNeeded):
        services.ask_for_more(claim, " ", CLERK)
    services.ask_for_more(claim, " 请补费用清单 ", CLERK)
    assert Claim.objects.get(pk=claim.pk).reason == "请补费用清单"
    services.submit(claim, PERSON)
    with pytest.raises(AskedAlready, match="一次性告知"):
        services.ask_for_more(claim, "再补", CLERK)
    services.reject(claim, RejectReason.NOT_PROVEN, CLERK)
    services.appeal(claim, "都在清单里", PERSON)
    services.ask_for_more(claim, "请补处方", PROVINCE_CLERK)
    assert claim.state == State.MORE_EVIDENCE


@pytest.mark.parametrize(
    ("reason", "text", "told"),
    [
        (RejectReason.BAD_INVOICE, " 查无此票 ", "票据无效或查验不符：查无此票"),
        (RejectReason.NOT_DESIGNATED, "", "非定点医药机构就诊"),
        (RejectReason.OTHER, "重复就诊", "其他原因：重复就诊"),
    ],
)
def test_a_rejection_says_why(reason: RejectReason, text: str, told: str) -> None:
    claim = a_claim(State.ASSESSED)
    services.reject(claim, reason, CLERK, text)
    row = Claim.objects.get(pk=claim.pk)
    assert (row.reason, row.rejected_for, row.decided_by) == (told, str(reason), CLERK.name)
    assert Event.objects.latest("pk").reason == told
    services.appeal(claim, "票据是真的", PERSON)
    services.assess(claim, CLERK)
    services.approve(claim, SUPERVISOR)
    row = Claim.objects.get(pk=claim.pk)
    assert (row.reason, row.rejected_for, row.decided_by) == ("", "", SUPERVISOR.name)


def test_another_reason_has_to_be_told() -> None:
    claim = a_claim(State.SUBMITTED)
    with pytest.raises(ReasonNeeded):
        services.reject(claim, RejectReason.OTHER, CLERK, " ")
    assert Claim.objects.get(pk=claim.pk).state == State.SUBMITTED


# the clock, and hands


def test_the_clock_runs_pauses_and_stops() -> None:
    claim = a_claim(State.SUBMITTED)
    assert claim.submitted_on == timezone.localdate()
    assert claim.due_on == after_working_days(timezone.localdate(), 30), "fact N-804"
    assert claim.due_by
    assert claim.decided_on is None
    services.ask_for_more(claim, "请补", CLERK)
    assert claim.paused_on == timezone.localdate()
    services.submit(claim, PERSON)
    assert (claim.paused_on, claim.decided_on) == (None, None)
    services.assess(claim, CLERK)
    assert claim.decided_on is None, "an assessment is a proposal"
    services.approve(claim, SUPERVISOR)
    assert claim.decided_on == timezone.localdate()


def test_an_appeal_starts_the_clock_anew_and_goes_to_other_hands() -> None:
    claim = a_claim(State.SUBMITTED)
    services.take_on(claim, CLERK)
    assert claim.assigned_to == CLERK.name
    services.reject(claim, RejectReason.BAD_INVOICE, CLERK)
    Claim.objects.update(submitted_on=DAY, due_on=DAY, decided_on=DAY)
    services.appeal(claim, "票据是真的", PERSON)
    row = Claim.objects.get(pk=claim.pk)
    assert (row.assigned_to, row.submitted_on, row.decided_on) == ("", timezone.localdate(), None)
    assert row.due_on is not None
    assert row.due_on > timezone.localdate()
    with pytest.raises(SameClerk):
        services.take_on(claim, CLERK)
    services.take_on(claim, PROVINCE_CLERK)


def test_a_supervisor_gives_claims_to_colleagues() -> None:
    claim = a_claim(State.SUBMITTED)
    with pytest.raises(NotAllowed):
        services.assign(claim, "", staff(Role.REVIEWER))
    with pytest.raises(NoSuchColleague):
        services.assign(claim, "nobody", SUPERVISOR)
    services.take_on(claim, CLERK)
    services.assign(claim, "", SUPERVISOR)
    assert Claim.objects.get(pk=claim.pk).assigned_to == ""
    with pytest.raises(NotInHand):
        services.take_on(a_claim(State.APPROVED, invoice="0002", world=the_world()), CLERK)


def the_world() -> World:
    return World(Coverage.objects.get(), Provider.objects.get())


def test_a_stale_copy_cannot_approve_again() -> None:
    claim = a_claim(State.ASSESSED)
    stale = Claim.objects.get(pk=claim.pk)
    services.approve(claim, SUPERVISOR)
    with pytest.raises(IllegalMove):
        services.approve(stale, SUPERVISOR)
    assert stale.state == State.ASSESSED, "the caller's copy is as it was"
    assert Posting.objects.count() == 1
