"""Who may act for which region."""

import pytest

from tests.accounts.factories import CLERK, FOREIGN_CLERK, HOSPITAL, PERSON, PROVINCE_CLERK
from yidi.accounts.actors import SYSTEM, Actor, ActorKind, NotAllowed, OutsideRegion

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
