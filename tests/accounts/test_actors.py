"""Who may act for which region."""

import pytest

from tests.accounts.factories import CLERK, FOREIGN_CLERK, HOSPITAL, PERSON, PROVINCE_CLERK
from yidi.accounts.actors import SYSTEM, Actor, ActorKind
from yidi.accounts.errors import NotAllowed, OutsideRegion
from yidi.accounts.terms import MATRIX, Action, Role

NATION_CLERK = Actor(ActorKind.CLERK, "国家经办丁", "CN", frozenset(Role))
DISTRICT_CLERK = Actor(ActorKind.CLERK, "东湖经办戊", "360102", frozenset(Role))
NEIGHBOUR = Actor(ActorKind.CLERK, "赣州经办己", "360700", frozenset(Role))


@pytest.mark.parametrize(
    ("actor", "pool"),
    [
        (CLERK, "360100"),
        (CLERK, "360121"),
        (PROVINCE_CLERK, "360100"),
        (PROVINCE_CLERK, "360700"),
        (NATION_CLERK, "360100"),
        (FOREIGN_CLERK, "310106"),
    ],
)
def test_a_clerk_acts_for_the_region_and_what_lies_in_it(actor: Actor, pool: str) -> None:
    actor.must_do(Action.DECIDE_FILING, pool)
    assert actor.may_do(Action.DECIDE_FILING, pool)


@pytest.mark.parametrize(
    ("actor", "own"),
    [(FOREIGN_CLERK, "上海市"), (NEIGHBOUR, "江西省赣州市"), (DISTRICT_CLERK, "江西省南昌市东湖区")],
)
def test_a_clerk_of_elsewhere_is_refused(actor: Actor, own: str) -> None:
    with pytest.raises(OutsideRegion) as refused:
        actor.must_do(Action.DECIDE_FILING, "360100")
    assert f"属于{own}，不能办理江西省南昌市的业务" in refused.value.message
    assert not actor.may_do(Action.DECIDE_FILING, "360100")


@pytest.mark.parametrize("actor", [PERSON, HOSPITAL, SYSTEM])
def test_only_clerks_decide(actor: Actor) -> None:
    with pytest.raises(NotAllowed) as refused:
        actor.must_do(Action.DECIDE_QUALIFICATION, "360100")
    assert f"{actor.kind.zh}“{actor.name}”不能进行“决定待遇资格认定”" in refused.value.message


@pytest.mark.parametrize("action", list(Action))
@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize(("region", "inside"), [("360100", True), ("360000", True), ("310000", False)])
def test_every_role_does_what_the_table_says_and_only_at_home(
    action: Action, role: Role, region: str, inside: bool
) -> None:
    actor = Actor(ActorKind.CLERK, "某经办", region, frozenset({role}))
    assert actor.may_do(action, "360100") == (role in MATRIX[action] and inside)


def test_the_table_speaks_of_every_action_and_every_role() -> None:
    assert set(MATRIX) == set(Action)
    assert set().union(*MATRIX.values()) == set(Role)
    assert all(MATRIX.values())


@pytest.mark.parametrize(
    ("actor", "refusal"),
    [(SYSTEM, None), (CLERK, None), (FOREIGN_CLERK, OutsideRegion), (PERSON, NotAllowed)],
)
def test_what_the_system_does_by_itself_a_clerk_may_do(actor: Actor, refusal: type[Exception] | None) -> None:
    if refusal is None:
        actor.must_be_system_or(Action.END_FILING, "360100")
        return
    with pytest.raises(refusal):
        actor.must_be_system_or(Action.END_FILING, "360100")


def test_a_refusal_names_the_kind_in_the_readers_language() -> None:
    with pytest.raises(NotAllowed) as refused:
        HOSPITAL.must_do(Action.DECIDE_FILING, "360100")
    assert "定点医药机构" in refused.value.message
    assert "(institution)" in refused.value.english
