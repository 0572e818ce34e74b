"""Every state and every move of a filing."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tests.accounts.factories import CLERK, FOREIGN_CLERK, HOSPITAL, PERSON, PROVINCE_CLERK
from tests.filing.factories import DAY, PAPERS, SHANGHAI, a_filing
from tests.matrix import cells
from tests.people.factories import a_coverage
from tests.policy.factories import book_of, pack
from yidi.accounts.actors import SYSTEM, Actor, ActorKind
from yidi.accounts.errors import NotAllowed, OfAnother, OutsideRegion
from yidi.audit.models import Event
from yidi.filing import services
from yidi.filing.errors import ChangeTooEarly, NotLapsed
from yidi.filing.models import Filing
from yidi.filing.states import TRANSITIONS, State
from yidi.values.terms import FilingKind
from yidi.values.transitions import IllegalMove

pytestmark = pytest.mark.django_db

ANOTHER = Actor(ActorKind.PERSON, "36010000000000000002")

Move = Callable[[Filing, Actor], None]

MOVES: dict[str, tuple[State, Move]] = {
    "approve": (State.ACTIVE, lambda case, actor: services.approve(case, actor)),
    "reject": (State.REJECTED, lambda case, actor: services.reject(case, "材料不符", actor)),
    "withdraw": (State.WITHDRAWN, lambda case, actor: services.withdraw(case, actor)),
    "cancel": (State.CANCELLED, lambda case, actor: services.cancel(case, DAY, actor)),
    "expire": (State.EXPIRED, lambda case, actor: services.expire(case, actor)),
}
TABLE = """
             approve  reject  withdraw  cancel  expire
submitted       +        +       +        .       .
active          .        .       .        +       +
rejected        .        .       .        .       .
withdrawn       .        .       .        .       .
cancelled       .        .       .        .       .
expired         .        .       .        .       .
"""


@pytest.mark.parametrize(("state", "move", "allowed"), list(cells(TABLE)))
def test_a_move(state: str, move: str, allowed: bool) -> None:
    case = a_filing(State(state), ends=DAY)
    wanted, act = MOVES[move]
    if allowed:
        act(case, CLERK)
        assert Filing.objects.get(pk=case.pk).state == wanted
        assert (Event.objects.get().action, Event.objects.get().subject) == (f"filing:{wanted}", case.number)
        return
    with pytest.raises(IllegalMove) as refused:
        act(case, CLERK)
    assert f"备案 {case.number} 现为“{State(state).zh}”，不能变为“{wanted.zh}”" in refused.value.message
    kept = Filing.objects.get(pk=case.pk)
    assert (kept.state, kept.ends, kept.reason) == (state, DAY, "")
    assert not Event.objects.exists()


def test_the_table_of_moves_is_the_whole_table() -> None:
    allowed = {(state, MOVES[move][0]) for state, move, may in cells(TABLE) if may}
    assert allowed == {
        (str(now), wanted) for now, following in TRANSITIONS.table.items() for wanted in following
    }
    assert {state for state, _, _ in cells(TABLE)} == {str(state) for state in State}


@pytest.mark.parametrize("move", ["approve", "reject"])
@pytest.mark.parametrize(
    ("actor", "refusal"), [(FOREIGN_CLERK, OutsideRegion), (PERSON, NotAllowed), (HOSPITAL, NotAllowed)]
)
def test_only_a_clerk_of_the_home_region_decides(move: str, actor: Actor, refusal: type[Exception]) -> None:
    case = a_filing(State.SUBMITTED)
    with pytest.raises(refusal):
        MOVES[move][1](case, actor)
    assert Filing.objects.get(pk=case.pk).state == State.SUBMITTED
    MOVES[move][1](case, PROVINCE_CLERK)
    assert Filing.objects.get(pk=case.pk).state == MOVES[move][0]


def test_a_rejection_says_why() -> None:
    case = a_filing(State.SUBMITTED)
    services.reject(case, "居住证已过期", CLERK)
    assert (Filing.objects.get(pk=case.pk).reason, Event.objects.get().reason) == (
        "居住证已过期",
        "居住证已过期",
    )


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


def test_an_expiry_is_the_systems_own_move() -> None:
    services.expire(a_filing(ends=DAY))
    assert Event.objects.get().actor == SYSTEM.name


KINDS = (
    "kinds: {long-term-resident: {class: long-term, materials: [id-card], valid: VALID, effect: EFFECT,"
    " change_after_months: 6}}\n"
    "unfiled: {direct: false}"
)


def a_pool_where(
    folder: Path, monkeypatch: pytest.MonkeyPatch, effect: str = "instant", valid: str = "until-cancelled"
) -> None:
    """Nanchang with filing rules of its own making."""
    stated = KINDS.replace("VALID", valid).replace("EFFECT", effect)
    made_up = book_of(folder, city=pack(stated, benefit="filing"))
    for module in ("services", "queries"):
        monkeypatch.setattr(f"yidi.filing.{module}.book", lambda: made_up)


def test_where_the_pool_reviews_a_filing_it_waits_for_a_clerk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_pool_where(tmp_path, monkeypatch, effect="reviewed")
    case = services.file(
        a_coverage(),
        FilingKind.LONG_TERM_RESIDENT,
        SHANGHAI,
        DAY,
        PAPERS[FilingKind.LONG_TERM_RESIDENT],
        PERSON,
    )
    assert case.state == State.SUBMITTED
    services.approve(case, CLERK)
    assert case.state == State.ACTIVE


def test_a_term_of_months_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    a_pool_where(tmp_path, monkeypatch, valid="6")
    papers = PAPERS[FilingKind.LONG_TERM_RESIDENT]
    case = services.file(a_coverage(), FilingKind.LONG_TERM_RESIDENT, SHANGHAI, DAY, papers, PERSON)
    assert case.ends == date(2025, 12, 1)
    own = services.file(a_coverage(2), FilingKind.LONG_TERM_RESIDENT, SHANGHAI, DAY, papers, PERSON, ends=DAY)
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


@pytest.mark.parametrize(
    ("actor", "refusal"), [(ANOTHER, OfAnother), (FOREIGN_CLERK, OutsideRegion), (HOSPITAL, NotAllowed)]
)
def test_only_the_person_and_the_home_region_cancel(actor: Actor, refusal: type[Exception]) -> None:
    case = a_filing()
    with pytest.raises(refusal):
        services.cancel(case, DAY, actor)
    assert Filing.objects.get(pk=case.pk).state == State.ACTIVE
    services.cancel(case, DAY, PROVINCE_CLERK)
    assert case.state == State.CANCELLED


@pytest.mark.parametrize(("actor", "refusal"), [(PERSON, NotAllowed), (FOREIGN_CLERK, OutsideRegion)])
def test_only_the_system_and_the_home_region_end_a_filing(actor: Actor, refusal: type[Exception]) -> None:
    case = a_filing(ends=DAY)
    with pytest.raises(refusal):
        services.expire(case, actor)
    services.expire(case, CLERK)
    assert case.state == State.EXPIRED


def test_a_move_writes_nothing_but_its_own_fields() -> None:
    case = a_filing()
    stale = Filing.objects.get(pk=case.pk)
    Filing.objects.filter(pk=case.pk).update(reason="电话核实")
    services.cancel(stale, DAY, PERSON)
    kept = Filing.objects.get(pk=case.pk)
    assert (kept.state, kept.ends, kept.reason) == (State.CANCELLED, DAY, "电话核实")
