"""Every state and every move of a qualification: what is allowed, what is refused, what is written down."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.utils import timezone

from tests.accounts.factories import CLERK, PERSON, PROVINCE_CLERK, SUPERVISOR
from tests.casework.factories import ACTORS, let
from tests.matrix import cells
from tests.people.factories import a_coverage
from tests.qualification.factories import DAY, a_qualification
from yidi.accounts.actors import Actor
from yidi.accounts.errors import NotAllowed, OfAnother, OutsideRegion
from yidi.audit.models import Event
from yidi.casework.errors import AppealInstead, NothingToAppeal
from yidi.consents.errors import WindowConsentMissing
from yidi.notices.models import Message
from yidi.qualification import queries, services
from yidi.qualification.errors import EndsAnyway, EndsBeforeStart
from yidi.qualification.models import Qualification
from yidi.qualification.states import CLOCK, TRANSITIONS, RejectReason, State
from yidi.values.transitions import IllegalMove

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Move:
    """One service, called as a face would call it."""

    wanted: State
    since: State
    """A state in which it is allowed."""
    actor: Actor
    """Somebody who may."""
    act: Callable[[Qualification, Actor], object]
    verb: str = ""
    """How the trail calls it, where that is not the state."""


MOVES = {
    "submit": Move(State.SUBMITTED, State.DRAFT, PERSON, services.submit),
    "appeal": Move(
        State.SUBMITTED,
        State.REJECTED,
        PERSON,
        lambda case, actor: services.appeal(case, "病历已补全", actor),
        "appeal",
    ),
    "withdraw": Move(State.WITHDRAWN, State.DRAFT, PERSON, services.withdraw),
    "take-up": Move(State.UNDER_REVIEW, State.SUBMITTED, CLERK, services.take_up),
    "ask": Move(
        State.MORE_EVIDENCE,
        State.UNDER_REVIEW,
        CLERK,
        lambda case, actor: services.ask_for_more(case, "请补病历", actor),
    ),
    "approve": Move(
        State.APPROVED, State.UNDER_REVIEW, CLERK, lambda case, actor: services.approve(case, DAY, actor)
    ),
    "reject": Move(
        State.REJECTED,
        State.UNDER_REVIEW,
        CLERK,
        lambda case, actor: services.reject(case, RejectReason.CRITERIA_NOT_MET, actor),
    ),
    "expire": Move(
        State.EXPIRED, State.APPROVED, SUPERVISOR, lambda case, actor: services.expire(case, DAY, actor)
    ),
}
TABLE = """
                submit  appeal  withdraw  take-up  ask  approve  reject  expire
draft             +       .        +         .      .      .        .       .
submitted         .       .        +         +      +      .        .       .
more-evidence     +       .        +         .      .      .        .       .
under-review      .       .        +         .      +      +        +       .
approved          .       .        .         .      .      .        .       +
rejected          .       +        .         .      .      .        .       .
withdrawn         .       .        .         .      .      .        .       .
expired           .       .        .         .      .      .        .       .
"""
WHO = """
                    submit  appeal  withdraw  take-up  ask  approve  reject  expire
person                +       +        +         .      .      .        .       .
other                 .       .        .         .      .      .        .       .
relative              .       .        .         .      .      .        .       .
relative-consented    +       +        +         .      .      .        .       .
window                .       .        .         .      .      .        .       .
window-consented      +       +        +         .      .      .        .       .
reviewer              .       .        .         +      +      +        +       .
supervisor            .       .        .         +      +      +        +       +
other-region          .       .        .         .      .      .        .       .
institution           .       .        .         .      .      .        .       .
system                .       .        .         .      .      .        .       +
"""


@pytest.mark.parametrize(("state", "name", "allowed"), list(cells(TABLE)))
def test_a_move(state: str, name: str, allowed: bool) -> None:
    case, move = a_qualification(State(state)), MOVES[name]
    if allowed:
        move.act(case, move.actor)
        assert Qualification.objects.get(pk=case.pk).state == move.wanted
        event = Event.objects.get()
        assert (event.action, event.subject, event.actor) == (
            f"qualification:{move.verb or move.wanted}",
            case.number,
            move.actor.name,
        )
        return
    before = Qualification.objects.values().get(pk=case.pk)
    with pytest.raises((IllegalMove, AppealInstead, NothingToAppeal)) as refused:
        move.act(case, move.actor)
    assert f"待遇资格认定 {case.number} " in refused.value.message
    assert f"“{State(state).zh}”" in refused.value.message
    assert Qualification.objects.values().get(pk=case.pk) == before
    assert not Event.objects.exists()


def test_the_tables_are_whole() -> None:
    allowed = {(state, MOVES[name].wanted) for state, name, may in cells(TABLE) if may}
    assert allowed == {
        (str(now), wanted) for now, following in TRANSITIONS.table.items() for wanted in following
    }
    assert {state for state, _, _ in cells(TABLE)} == {str(state) for state in State} == set(CLOCK)
    assert {name for name, _, _ in cells(WHO)} == set(ACTORS)
    assert {move for _, move, _ in cells(WHO)} == set(MOVES)


@pytest.mark.parametrize(("name", "move", "allowed"), list(cells(WHO)))
def test_who_may(name: str, move: str, allowed: bool) -> None:
    case = a_qualification(MOVES[move].since)
    actor = let(name, case.coverage.person)
    if allowed:
        MOVES[move].act(case, actor)
        assert Qualification.objects.get(pk=case.pk).state == MOVES[move].wanted
        event = Event.objects.get()
        assert (event.actor, event.principal) == (actor.name, actor.principal)
        return
    with pytest.raises((NotAllowed, OutsideRegion, OfAnother, WindowConsentMissing)):
        MOVES[move].act(case, actor)
    assert Qualification.objects.get(pk=case.pk).state == MOVES[move].since
    assert not Event.objects.exists()


@pytest.mark.parametrize("move", ["take-up", "ask", "approve", "reject", "expire"])
def test_the_provinces_clerk_works_for_its_pools(move: str) -> None:
    case = a_qualification(MOVES[move].since)
    MOVES[move].act(case, PROVINCE_CLERK)
    assert case.state == MOVES[move].wanted


def test_an_approval_clears_the_reason_and_says_from_when_until_when() -> None:
    case = a_qualification(State.UNDER_REVIEW, reason="请补病历")
    services.approve(case, DAY, CLERK, ends=DAY + timedelta(days=364))
    kept = Qualification.objects.get(pk=case.pk)
    assert (kept.reason, kept.starts, kept.ends) == ("", DAY, date(2026, 6, 1))
    assert Event.objects.get().reason == "2025-06-02 起，至 2026-06-01"


def test_a_term_that_ends_before_it_begins_is_refused() -> None:
    case = a_qualification(State.UNDER_REVIEW)
    with pytest.raises(EndsBeforeStart, match="截止日期 2025-06-01 早于开始日期 2025-06-02"):
        services.approve(case, DAY, CLERK, ends=date(2025, 6, 1))
    approved = a_qualification(State.APPROVED, a_coverage(2))
    with pytest.raises(EndsBeforeStart):
        services.expire(approved, date(2024, 12, 31), CLERK)
    assert set(Qualification.objects.values_list("state", "ends")) == {
        ("under-review", None),
        ("approved", None),
    }


def test_a_stale_copy_cannot_decide_again() -> None:
    case = a_qualification(State.UNDER_REVIEW)
    stale = Qualification.objects.get(pk=case.pk)
    services.approve(case, DAY, CLERK)
    with pytest.raises(IllegalMove):
        services.reject(stale, RejectReason.CRITERIA_NOT_MET, CLERK)
    assert Qualification.objects.get(pk=case.pk).state == State.APPROVED


def test_a_pools_term_of_years_ends_the_day_before_its_anniversary() -> None:
    case = a_qualification(State.UNDER_REVIEW)
    years = services.requirements(case.coverage, case.disease, DAY).years_valid
    services.approve(case, date(2025, 6, 2), CLERK)
    assert case.ends == (date(2025 + years, 6, 1) if years else None)


def test_a_move_writes_nothing_but_its_own_fields() -> None:
    """What somebody else changed since a copy was read stays changed."""
    case = a_qualification(State.UNDER_REVIEW)
    stale = Qualification.objects.get(pk=case.pk)
    services.ask_for_more(case, "请补病历", CLERK)
    services.submit(case, PERSON)
    services.withdraw(stale, PERSON)
    kept = Qualification.objects.get(pk=case.pk)
    assert (kept.state, kept.reason) == (State.WITHDRAWN, "请补病历")


def test_a_refused_move_leaves_the_callers_copy_alone() -> None:
    case = a_qualification(State.DRAFT)
    with pytest.raises(IllegalMove):
        services.reject(case, RejectReason.OTHER_DISEASE, CLERK)
    assert (case.state, case.reason) == (State.DRAFT, "")


ENDING = """
own   wanted  ends  state     told
-     -1      -1    expired   expired
-     0       0     approved  shortened
-     30      30    approved  shortened
60    -1      -1    expired   expired
60    0       0     approved  shortened
60    59      59    approved  shortened
60    60      60    approved  -
60    61      60    approved  -
0     0       0     approved  -
-1    400     -1    expired   expired
"""
"""Days from today: the last day before, the one that is wanted, and the one it comes to."""


@pytest.mark.parametrize("row", ENDING.strip().splitlines()[1:])
def test_ending_ends_nothing_before_its_last_day(row: str) -> None:
    own, wanted, ends, state, told = row.split()
    today = timezone.localdate()
    first = None if own == "-" else today + timedelta(days=int(own))
    case = a_qualification(State.APPROVED, ends=first)
    wish = today + timedelta(days=int(wanted))
    if told == "-":
        with pytest.raises(EndsAnyway, match=f"本来就在 {first} 到期"):
            services.expire(case, wish, SUPERVISOR, "转出")
    else:
        services.expire(case, wish, SUPERVISOR, "转出")
    last = today + timedelta(days=int(ends))
    kept = Qualification.objects.get(pk=case.pk)
    assert (kept.state, kept.ends) == (state, last)
    why = {"expired": "转出", "shortened": f"至 {last}：转出"}
    wrote = [] if told == "-" else [(f"qualification:{told}", why[told])]
    assert list(Event.objects.values_list("action", "reason")) == wrote
    assert list(Message.objects.values_list("template", flat=True)) == [action for action, _ in wrote]
    assert queries.held_on(case.coverage, last).exists()
    assert services.expire_due(last) == 0
    assert services.expire_due(last + timedelta(days=1)) == (state == "approved")


@pytest.mark.parametrize(
    ("own", "wanted", "ends"),
    [
        (date(2026, 6, 1), date(2099, 12, 31), date(2026, 6, 1)),
        (date(2026, 6, 1), DAY, DAY),
        (None, DAY, DAY),
    ],
)
def test_ending_never_prolongs_a_qualification(own: date | None, wanted: date, ends: date) -> None:
    case = a_qualification(State.APPROVED, ends=own)
    services.expire(case, wanted, SUPERVISOR)
    assert Qualification.objects.get(pk=case.pk).ends == ends
