"""Who may act for which region."""

import pytest

from tests.accounts.factories import CLERK, FOREIGN_CLERK, HOSPITAL, PERSON, PROVINCE_CLERK
from yidi.accounts.actors import SYSTEM, Actor, ActorKind
from yidi.accounts.errors import NotAllowed, OfAnother, OutsideRegion

NATION_CLERK = Actor(ActorKind.CLERK, "国家经办丁", "CN")
DISTRICT_CLERK = Actor(ActorKind.CLERK, "东湖经办戊", "360102")
NEIGHBOUR = Actor(ActorKind.CLERK, "赣州经办己", "360700")


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
    actor.must_be_clerk_of(pool, "批准")


@pytest.mark.parametrize(
    ("actor", "own"),
    [(FOREIGN_CLERK, "上海市"), (NEIGHBOUR, "江西省赣州市"), (DISTRICT_CLERK, "江西省南昌市东湖区")],
)
def test_a_clerk_of_elsewhere_is_refused(actor: Actor, own: str) -> None:
    with pytest.raises(OutsideRegion) as refused:
        actor.must_be_clerk_of("360100", "批准")
    assert f"属于{own}，不能办理江西省南昌市的业务" in refused.value.message


@pytest.mark.parametrize("actor", [PERSON, HOSPITAL, SYSTEM])
def test_only_clerks_decide(actor: Actor) -> None:
    with pytest.raises(NotAllowed) as refused:
        actor.must_be_clerk_of("360100", "批准待遇资格")
    assert f"{actor.kind.zh}“{actor.name}”不能进行“批准待遇资格”" in refused.value.message


@pytest.mark.parametrize(
    ("actor", "refusal"),
    [
        (PERSON, None),
        (CLERK, None),
        (FOREIGN_CLERK, OutsideRegion),
        (HOSPITAL, NotAllowed),
        (SYSTEM, NotAllowed),
    ],
)
def test_a_person_acts_for_themself_and_a_clerk_for_them(
    actor: Actor, refusal: type[Exception] | None
) -> None:
    if refusal is None:
        actor.must_be_person_or_clerk(PERSON.name, "360100", "取消备案")
        return
    with pytest.raises(refusal):
        actor.must_be_person_or_clerk(PERSON.name, "360100", "取消备案")


def test_a_person_does_not_act_for_another() -> None:
    with pytest.raises(OfAnother, match="不能替他人进行“取消备案”") as refused:
        PERSON.must_be_person_or_clerk("36010000000000000002", "360100", "取消备案")
    assert refused.value.code == "ACTOR-PERSON"


@pytest.mark.parametrize(
    ("actor", "refusal"),
    [(SYSTEM, None), (CLERK, None), (FOREIGN_CLERK, OutsideRegion), (PERSON, NotAllowed)],
)
def test_what_the_system_does_by_itself_a_clerk_may_do(actor: Actor, refusal: type[Exception] | None) -> None:
    if refusal is None:
        actor.must_be_system_or_clerk("360100", "终止备案")
        return
    with pytest.raises(refusal):
        actor.must_be_system_or_clerk("360100", "终止备案")


def test_a_refusal_names_the_kind_in_the_readers_language() -> None:
    with pytest.raises(NotAllowed) as refused:
        HOSPITAL.must_be_clerk_of("360100", "x")
    assert "定点医药机构" in refused.value.message
    assert "(institution)" in refused.value.english
