"""Every state and every move of a qualification: what is allowed, what is refused, what is written down."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from tests.accounts.factories import CLERK, FOREIGN_CLERK, HOSPITAL, PERSON, PROVINCE_CLERK
from tests.matrix import cells
from tests.people.factories import a_coverage
from tests.qualification.factories import DAY, a_qualification
from yidi.accounts.actors import SYSTEM, Actor
from yidi.accounts.errors import NotAllowed, OutsideRegion
from yidi.audit.models import Event
from yidi.qualification import services
from yidi.qualification.errors import EndsBeforeStart, EvidenceClosed
from yidi.qualification.models import Qualification
from yidi.qualification.states import TRANSITIONS, State
from yidi.values.terms import Material
from yidi.values.transitions import IllegalMove

pytestmark = pytest.mark.django_db

Move = Callable[[Qualification, Actor], None]

MOVES: dict[str, tuple[State, Move]] = {
    "submit": (State.SUBMITTED, lambda case, actor: services.submit(case, DAY, actor)),
    "take-up": (State.UNDER_REVIEW, lambda case, actor: services.take_up(case, actor)),
    "ask": (State.MORE_EVIDENCE, lambda case, actor: services.ask_for_more(case, "请补病历", actor)),
    "approve": (State.APPROVED, lambda case, actor: services.approve(case, DAY, actor)),
    "reject": (State.REJECTED, lambda case, actor: services.reject(case, "病历不符", actor)),
    "withdraw": (State.WITHDRAWN, lambda case, actor: services.withdraw(case, actor)),
    "expire": (State.EXPIRED, lambda case, actor: services.expire(case, DAY, actor)),
}
TABLE = """
                submit  take-up  ask  approve  reject  withdraw  expire
draft             +       .       .      .       .        +        .
submitted         .       +       +      .       .        +        .
more-evidence     +       .       .      .       .        +        .
under-review      .       .       +      +       +        +        .
approved          .       .       .      .       .        .        +
rejected          +       .       .      .       .        .        .
withdrawn         .       .       .      .       .        .        .
expired           .       .       .      .       .        .        .
"""
BY_CLERKS = ("take-up", "ask", "approve", "reject")


@pytest.mark.parametrize(("state", "move", "allowed"), list(cells(TABLE)))
def test_a_move(state: str, move: str, allowed: bool) -> None:
    case = a_qualification(State(state))
    wanted, act = MOVES[move]
    if allowed:
        act(case, CLERK)
        assert Qualification.objects.get(pk=case.pk).state == wanted
        event = Event.objects.get()
        assert (event.action, event.subject, event.actor) == (
            f"qualification:{wanted}",
            case.number,
            CLERK.name,
        )
        return
    with pytest.raises(IllegalMove) as refused:
        act(case, CLERK)
    assert (
        f"待遇资格认定 {case.number} 现为“{State(state).zh}”，不能变为“{wanted.zh}”" in refused.value.message
    )
    kept = Qualification.objects.get(pk=case.pk)
    assert (kept.state, kept.reason) == (state, "")
    assert not Event.objects.exists()


def test_the_table_of_moves_is_the_whole_table() -> None:
    allowed = {(state, MOVES[move][0]) for state, move, may in cells(TABLE) if may}
    assert allowed == {
        (str(now), wanted) for now, following in TRANSITIONS.table.items() for wanted in following
    }
    assert {state for state, _, _ in cells(TABLE)} == {str(state) for state in State}


@pytest.mark.parametrize("move", BY_CLERKS)
@pytest.mark.parametrize(
    ("actor", "refusal"),
    [(FOREIGN_CLERK, OutsideRegion), (PERSON, NotAllowed), (HOSPITAL, NotAllowed)],
    ids=["clerk of elsewhere", "person", "hospital"],
)
def test_only_a_clerk_of_the_home_region_decides(move: str, actor: Actor, refusal: type[Exception]) -> None:
    before = State.SUBMITTED if move in ("take-up", "ask") else State.UNDER_REVIEW
    case = a_qualification(before)
    with pytest.raises(refusal):
        MOVES[move][1](case, actor)
    assert Qualification.objects.get(pk=case.pk).state == before
    MOVES[move][1](case, PROVINCE_CLERK)
    assert Qualification.objects.get(pk=case.pk).state == MOVES[move][0]


def test_a_rejection_and_a_request_say_why() -> None:
    case = a_qualification(State.UNDER_REVIEW)
    services.ask_for_more(case, "请补近三个月血压记录", CLERK)
    assert (case.reason, Event.objects.get().reason) == ("请补近三个月血压记录", "请补近三个月血压记录")
    services.submit(case, DAY, PERSON)
    services.take_up(case, CLERK)
    services.reject(case, "未达到诊断标准", CLERK)
    assert Qualification.objects.get(pk=case.pk).reason == "未达到诊断标准"


def test_an_approval_clears_the_reason_and_says_from_when_until_when() -> None:
    case = a_qualification(State.UNDER_REVIEW)
    Qualification.objects.filter(pk=case.pk).update(reason="请补病历")
    case.refresh_from_db()
    services.approve(case, DAY, CLERK, ends=DAY + timedelta(days=364))
    kept = Qualification.objects.get(pk=case.pk)
    assert (kept.reason, kept.starts, kept.ends) == ("", DAY, date(2026, 6, 1))


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
        services.reject(stale, "晚了", CLERK)
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
    services.submit(case, DAY, PERSON)
    services.withdraw(stale, PERSON)
    kept = Qualification.objects.get(pk=case.pk)
    assert (kept.state, kept.reason) == (State.WITHDRAWN, "请补病历")


def test_a_refused_move_leaves_the_callers_copy_alone() -> None:
    case = a_qualification(State.DRAFT)
    with pytest.raises(IllegalMove):
        services.reject(case, "病历不符", CLERK)
    assert (case.state, case.reason) == (State.DRAFT, "")


@pytest.mark.parametrize(("actor", "refusal"), [(FOREIGN_CLERK, OutsideRegion), (PERSON, NotAllowed)])
def test_only_the_home_region_ends_a_qualification(actor: Actor, refusal: type[Exception]) -> None:
    case = a_qualification(State.APPROVED)
    with pytest.raises(refusal):
        services.expire(case, DAY, actor)
    services.expire(case, DAY, SYSTEM)
    assert (case.state, case.ends) == (State.EXPIRED, DAY)


@pytest.mark.parametrize("state", list(State))
def test_papers_are_taken_before_handing_in_on_request_and_for_an_appeal(state: State) -> None:
    case = a_qualification(state)
    if state in (State.DRAFT, State.MORE_EVIDENCE, State.REJECTED):
        services.add_evidence(case, Material.DIAGNOSIS, "新的诊断书", PERSON)
        return
    with pytest.raises(EvidenceClosed, match=f"认定 {case.number} 现为“{state.zh}”，不能再添加材料"):
        services.add_evidence(case, Material.DIAGNOSIS, "新的诊断书", PERSON)
    assert not case.evidence.filter(description="新的诊断书").exists()
    assert not Event.objects.exists()


def test_papers_are_refused_by_the_state_now_and_not_by_a_stale_copy() -> None:
    case = a_qualification()
    stale = Qualification.objects.get(pk=case.pk)
    services.submit(case, DAY, PERSON)
    with pytest.raises(EvidenceClosed):
        services.add_evidence(stale, Material.DIAGNOSIS, "新的诊断书", PERSON)
