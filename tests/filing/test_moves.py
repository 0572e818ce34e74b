"""Every state and every move of a filing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from tests.accounts.factories import CLERK, PERSON, PROVINCE_CLERK, SUPERVISOR
from tests.casework.factories import ACTORS, let
from tests.filing.factories import DAY, PAPERS, SHANGHAI, a_filing, filed
from tests.matrix import cells
from tests.people.factories import a_coverage
from tests.policy.factories import book_of, pack
from yidi.accounts.actors import SYSTEM, Actor
from yidi.accounts.errors import NotAllowed, OfAnother, OutsideRegion
from yidi.audit.models import Event
from yidi.casework.errors import AppealInstead, NothingToAppeal
from yidi.consents.errors import WindowConsentMissing
from yidi.filing import services
from yidi.filing.errors import ChangeTooEarly, NotLapsed
from yidi.filing.models import Filing
from yidi.filing.states import CLOCK, TRANSITIONS, RejectReason, State
from yidi.values.terms import FilingKind
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
    act: Callable[[Filing, Actor], object]
    verb: str = ""
    """How the trail calls it, where that is not the state."""


MOVES = {
    "submit": Move(State.SUBMITTED, State.DRAFT, PERSON, services.submit),
    "appeal": Move(
        State.SUBMITTED,
        State.REJECTED,
        PERSON,
        lambda case, actor: services.appeal(case, "居住证已补办", actor),
        "appeal",
    ),
    "withdraw": Move(State.WITHDRAWN, State.DRAFT, PERSON, services.withdraw),
    "ask": Move(
        State.MORE_EVIDENCE,
        State.SUBMITTED,
        CLERK,
        lambda case, actor: services.ask_for_more(case, "请补居住证", actor),
    ),
    "approve": Move(State.ACTIVE, State.SUBMITTED, CLERK, services.approve),
    "reject": Move(
        State.REJECTED,
        State.SUBMITTED,
        CLERK,
        lambda case, actor: services.reject(case, RejectReason.PROOF_TOO_THIN, actor),
    ),
    "cancel": Move(
        State.CANCELLED, State.ACTIVE, PERSON, lambda case, actor: services.cancel(case, DAY, actor)
    ),
    "expire": Move(State.EXPIRED, State.ACTIVE, SUPERVISOR, services.expire),
}
TABLE = """
                submit  appeal  withdraw  ask  approve  reject  cancel  expire
draft             +       .        +       .      .       .       .       .
submitted         .       .        +       +      +       +       .       .
more-evidence     +       .        +       .      .       .       .       .
active            .       .        .       .      .       .       +       +
rejected          .       +        .       .      .       .       .       .
withdrawn         .       .        .       .      .       .       .       .
cancelled         .       .        .       .      .       .       .       .
replaced          .       .        .       .      .       .       .       .
expired           .       .        .       .      .       .       .       .
"""
WHO = """
                    submit  appeal  withdraw  ask  approve  reject  cancel  expire  change  renew
person                +       +        +       .      .       .       +       .       +       +
other                 .       .        .       .      .       .       .       .       .       .
relative              .       .        .       .      .       .       .       .       .       .
relative-consented    +       +        +       .      .       .       +       .       +       +
window                .       .        .       .      .       .       .       .       .       .
window-consented      +       +        +       .      .       .       +       .       +       +
reviewer              .       .        .       +      +       +       .       .       .       .
supervisor            .       .        .       +      +       +       +       +       .       .
other-region          .       .        .       .      .       .       .       .       .       .
institution           .       .        .       .      .       .       .       .       .       .
system                .       .        .       .      .       .       .       +       .       .
"""
SUCCEEDING = {
    "change": lambda case, actor: services.change(case, actor, DAY),
    "renew": lambda case, actor: services.renew(case, actor, ends=date(2099, 1, 1)),
}
"""Moves that leave the filing alone and begin another."""


@pytest.fixture(autouse=True)
def _reviewed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nanchang reviews what is filed, so that filings stay where they are put."""
    a_pool_where(tmp_path, monkeypatch, effect="reviewed", months="0")


@pytest.mark.parametrize(("state", "name", "allowed"), list(cells(TABLE)))
def test_a_move(state: str, name: str, allowed: bool) -> None:
    case, move = a_filing(State(state), ends=DAY), MOVES[name]
    if allowed:
        move.act(case, move.actor)
        assert Filing.objects.get(pk=case.pk).state == move.wanted
        event = Event.objects.get()
        assert (event.action, event.subject, event.actor) == (
            f"filing:{move.verb or move.wanted}",
            case.number,
            move.actor.name,
        )
        return
    before = Filing.objects.values().get(pk=case.pk)
    with pytest.raises((IllegalMove, AppealInstead, NothingToAppeal)) as refused:
        move.act(case, move.actor)
    assert f"备案 {case.number} " in refused.value.message
    assert f"“{State(state).zh}”" in refused.value.message
    assert Filing.objects.values().get(pk=case.pk) == before
    assert not Event.objects.exists()


def test_the_tables_are_whole() -> None:
    """Replacing is a move of the filing that succeeds: see test_succession.py."""
    allowed = {(state, MOVES[name].wanted) for state, name, may in cells(TABLE) if may}
    assert allowed | {("active", State.REPLACED)} == {
        (str(now), wanted) for now, following in TRANSITIONS.table.items() for wanted in following
    }
    assert {state for state, _, _ in cells(TABLE)} == {str(state) for state in State} == set(CLOCK)
    assert {name for name, _, _ in cells(WHO)} == set(ACTORS)
    assert {move for _, move, _ in cells(WHO)} == {*MOVES, *SUCCEEDING}


@pytest.mark.parametrize(("name", "move", "allowed"), list(cells(WHO)))
def test_who_may(name: str, move: str, allowed: bool) -> None:
    succeeds = move in SUCCEEDING
    since = State.ACTIVE if succeeds else MOVES[move].since
    case = a_filing(since, ends=date(2090, 1, 1) if succeeds else DAY)
    actor = let(name, case.coverage.person)
    act = SUCCEEDING[move] if succeeds else MOVES[move].act
    if allowed:
        act(case, actor)
        case.refresh_from_db()
        assert case.state == (since if succeeds else MOVES[move].wanted)
        assert case.successors.exists() == succeeds
        event = Event.objects.get()
        assert (event.actor, event.principal) == (actor.name, actor.principal)
        return
    with pytest.raises((NotAllowed, OutsideRegion, OfAnother, WindowConsentMissing)):
        act(case, actor)
    assert Filing.objects.get().state == since
    assert not Event.objects.exists()


@pytest.mark.parametrize("move", ["ask", "approve", "reject", "cancel", "expire"])
def test_the_provinces_clerk_works_for_its_pools(move: str) -> None:
    case = a_filing(MOVES[move].since, ends=DAY)
    MOVES[move].act(case, PROVINCE_CLERK)
    assert case.state == MOVES[move].wanted


@pytest.mark.parametrize(
    ("on", "ends"), [(DAY, DAY), (date(2025, 1, 1), date(2025, 1, 1)), (date(2024, 6, 1), date(2025, 1, 1))]
)
def test_a_cancelled_filing_ends_that_day_but_not_before_it_began(on: date, ends: date) -> None:
    case = a_filing()
    services.cancel(case, on, PERSON)
    assert Filing.objects.get(pk=case.pk).ends == ends


@pytest.mark.parametrize("ends", [None, date(2100, 1, 1)])
def test_what_has_not_lapsed_does_not_expire(ends: date | None) -> None:
    case = a_filing(ends=ends)
    with pytest.raises(NotLapsed, match=case.number):
        services.expire(case)
    assert Filing.objects.get().state == State.ACTIVE


def test_cancelling_never_prolongs_a_filing() -> None:
    case = a_filing(ends=DAY)
    services.cancel(case, date(2027, 12, 31), CLERK)
    assert Filing.objects.get().ends == DAY


def test_why_an_agency_cancels_stands_in_the_trail() -> None:
    services.cancel(a_filing(), DAY, SUPERVISOR, " 已迁回南昌 ")
    assert Event.objects.get().reason == "已迁回南昌"


def test_an_expiry_is_the_systems_own_move() -> None:
    services.expire(a_filing(ends=DAY))
    assert Event.objects.get().actor == SYSTEM.name


KINDS = (
    "kinds: {long-term-resident: {class: long-term, materials: [id-card], valid: VALID, effect: EFFECT,"
    " change_after_months: MONTHS}}\n"
    "unfiled: {direct: false}"
)


def a_pool_where(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    effect: str = "instant",
    valid: str = "until-cancelled",
    months: str = "6",
) -> None:
    """Nanchang with filing rules of its own making."""
    stated = KINDS.replace("VALID", valid).replace("EFFECT", effect).replace("MONTHS", months)
    made_up = book_of(folder, city=pack(stated, benefit="filing"))
    for module in ("services", "queries"):
        monkeypatch.setattr(f"yidi.filing.{module}.book", lambda: made_up)


def test_where_the_pool_reviews_a_filing_it_waits_for_a_clerk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_pool_where(tmp_path, monkeypatch, effect="reviewed")
    kind = FilingKind.LONG_TERM_RESIDENT
    case = filed(a_coverage(), kind, SHANGHAI, DAY, PAPERS[kind])
    assert case.state == State.SUBMITTED
    services.approve(case, CLERK)
    assert case.state == State.ACTIVE


def test_a_term_of_months_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    a_pool_where(tmp_path, monkeypatch, valid="6")
    papers = PAPERS[FilingKind.LONG_TERM_RESIDENT]
    case = filed(a_coverage(), FilingKind.LONG_TERM_RESIDENT, SHANGHAI, DAY, papers)
    assert case.ends == date(2025, 12, 1)
    other = a_coverage(2)
    own = filed(other, FilingKind.LONG_TERM_RESIDENT, SHANGHAI, DAY, papers, ends=DAY)
    assert own.ends == DAY


@pytest.mark.parametrize(("on", "early"), [(date(2025, 6, 30), True), (date(2025, 7, 1), False)])
def test_a_pool_may_set_a_time_in_which_nothing_changes(
    on: date, early: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_pool_where(tmp_path, monkeypatch)
    case = a_filing()
    if not early:
        services.cancel(case, on, PERSON)
        assert case.state == State.CANCELLED
        return
    with pytest.raises(
        ChangeTooEarly, match=r"自 2025-01-01 起 6 个月内不能变更或取消。请在 2025-06-30 之后办理"
    ):
        services.cancel(case, on, PERSON)
    assert Filing.objects.get(pk=case.pk).state == State.ACTIVE


def test_a_move_writes_nothing_but_its_own_fields() -> None:
    case = a_filing()
    stale = Filing.objects.get(pk=case.pk)
    Filing.objects.filter(pk=case.pk).update(reason="电话核实")
    services.cancel(stale, DAY, PERSON)
    kept = Filing.objects.get(pk=case.pk)
    assert (kept.state, kept.ends, kept.reason) == (State.CANCELLED, DAY, "电话核实")
