"""Cases by their numbers, and what happened to them."""

import re
from pathlib import Path

import pytest

import yidi
from tests.accounts.factories import CLERK, FOREIGN_CLERK, PERSON, PROVINCE_CLERK
from tests.qualification.factories import a_qualification
from yidi.accounts.actors import Actor, ActorKind
from yidi.accounts.errors import NotAllowed
from yidi.accounts.terms import Role
from yidi.claims.terms import Deed as ClaimDeed
from yidi.operations.cases import (
    ROOMS,
    find,
    find_for_clerk,
    find_own,
    room_of,
    state_of,
    timeline,
)
from yidi.operations.errors import UnknownCase
from yidi.operations.terms import Deed
from yidi.qualification import services as qualification
from yidi.qualification.states import State as QualificationState
from yidi.values.terms import CaseKind

pytestmark = pytest.mark.django_db


def test_a_case_is_found_by_its_number() -> None:
    case = a_qualification()
    assert find(case.number) == case
    assert find(case.number.lower()) == case
    assert room_of(case).kind is CaseKind.QUALIFICATION
    assert state_of(case) is QualificationState.DRAFT


@pytest.mark.parametrize(
    "number", ["", "Q", "Q0", "X0000000001", "Q-1", "Q１", "Q99999999999999999999", "F0000000001"]
)
def test_what_is_no_number_of_a_case_is_refused(number: str) -> None:
    a_qualification()
    with pytest.raises(UnknownCase):
        find(number)


def test_whose_case_it_is_not_learns_nothing_of_it() -> None:
    case = a_qualification(QualificationState.SUBMITTED)
    assert find_own(case.number, PERSON) == case
    assert find_for_clerk(case.number, CLERK) == case
    assert find_for_clerk(case.number, PROVINCE_CLERK) == case
    for look, actor in (
        (find_own, Actor(ActorKind.PERSON, "36010000000000000002")),
        (find_for_clerk, FOREIGN_CLERK),
    ):
        with pytest.raises(UnknownCase) as refused:
            look(case.number, actor)
        assert refused.value.message == UnknownCase(number=case.number).message
    with pytest.raises(NotAllowed):
        find_for_clerk(case.number, Actor(ActorKind.CLERK, "收费员", "360100", frozenset({Role.CASHIER})))


@pytest.mark.parametrize("state", [QualificationState.DRAFT, QualificationState.WITHDRAWN])
def test_what_was_never_handed_in_is_no_business_of_the_agency(state: QualificationState) -> None:
    case = a_qualification(state, submitted_on=None, decided_on=None)
    assert find_own(case.number, PERSON) == case
    with pytest.raises(UnknownCase):
        find_for_clerk(case.number, CLERK)


def test_the_timeline_tells_every_step_in_words() -> None:
    case = a_qualification()
    qualification.submit(case, PERSON)
    qualification.take_up(case, CLERK)
    qualification.ask_for_more(case, "请补近三个月病历", CLERK)
    told = [(step.what.zh, step.reason) for step in timeline(case.number)]
    assert told == [("已提交", ""), ("审核中", ""), ("待补充材料", "请补近三个月病历")]


def test_every_action_that_is_ever_recorded_has_a_word() -> None:
    root = Path(yidi.__file__).parent
    found = set()
    for room in ("qualification", "filing", "claims", "evidence"):
        for path in (root / room).glob("*.py"):
            found |= set(
                re.findall(r'"((?:qualification|filing|claims|evidence):[a-z-]+)"', path.read_text())
            )
    words = {str(word) for room in ROOMS.values() for word in room.states} | {str(deed) for deed in Deed}
    known = {str(deed) for deed in ClaimDeed}
    assert len(found) > 10
    assert {action for action in found - known if action.partition(":")[2] not in words} == set()
