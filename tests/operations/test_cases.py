"""Cases by their numbers, what happened to them, and the one work list over all rooms."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

import yidi
from tests.accounts.factories import CLEARING, CLERK, FOREIGN_CLERK, PERSON, PROVINCE_CLERK
from tests.claims.factories import a_claim
from tests.filing.factories import a_filing
from tests.people.factories import a_coverage
from tests.qualification.factories import a_qualification
from yidi.accounts.actors import Actor, ActorKind
from yidi.accounts.errors import NotAllowed
from yidi.accounts.terms import Role
from yidi.claims.states import State as ClaimState
from yidi.claims.terms import Deed as ClaimDeed
from yidi.filing.states import State as FilingState
from yidi.operations.cases import (
    ROOMS,
    Filter,
    cases_of,
    find,
    find_for_clerk,
    find_own,
    room_of,
    state_of,
    timeline,
    worklist,
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
    case = a_qualification()
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


def numbers(clerk: Actor = CLERK, wanted: Filter = Filter()) -> list[str]:  # noqa: B008 (a frozen value)
    return [case.number for case in cases_of(worklist(clerk, wanted)[:100])]


class TestTheWorkList:
    def test_it_holds_what_waits_for_the_agency_nearest_deadline_first(self) -> None:
        today = timezone.localdate()
        late = a_qualification(QualificationState.SUBMITTED)
        due(late, today - timedelta(days=1))
        filing = a_filing(FilingState.SUBMITTED)
        due(filing, today + timedelta(days=1))
        claim = a_claim(ClaimState.SUBMITTED)
        due(claim, None)
        a_qualification(QualificationState.DRAFT, a_coverage(2))
        a_qualification(QualificationState.MORE_EVIDENCE, a_coverage(3))
        assert numbers() == [late.number, filing.number, claim.number]
        assert numbers(wanted=Filter(kinds=(CaseKind.FILING,))) == [filing.number]
        assert numbers(wanted=Filter(overdue_on=today)) == [late.number]
        assert len(numbers(wanted=Filter(waiting=True))) == 1
        assert numbers(wanted=Filter(state="submitted", kinds=(CaseKind.CLAIM,))) == [claim.number]

    def test_other_regions_see_nothing_of_it(self) -> None:
        case = a_qualification(QualificationState.SUBMITTED)
        assert numbers(PROVINCE_CLERK) == [case.number]
        assert numbers(FOREIGN_CLERK) == []
        assert numbers(CLERK, Filter(pool="360700")) == []
        assert numbers(FOREIGN_CLERK, Filter(pool="360100")) == []
        with pytest.raises(NotAllowed):
            worklist(PERSON, Filter())
        assert numbers(CLEARING) == [case.number]

    def test_mine_nobodys_and_appeals(self) -> None:
        mine = a_qualification(QualificationState.SUBMITTED)
        qualification.take_up(mine, CLERK)
        free = a_qualification(QualificationState.SUBMITTED, a_coverage(2))
        type(free).objects.filter(pk=free.pk).update(appeals=1)
        assert numbers(wanted=Filter(assigned_to=CLERK.name)) == [mine.number]
        assert numbers(wanted=Filter(assigned_to="")) == [free.number]
        assert numbers(wanted=Filter(appeals=True)) == [free.number]

    def test_a_longer_list_asks_the_database_no_more_often(self) -> None:
        a_qualification(QualificationState.SUBMITTED)
        with CaptureQueriesContext(connection) as short:
            assert len(numbers()) == 1
        for rank in range(2, 12):
            a_qualification(QualificationState.SUBMITTED, a_coverage(rank))
        with CaptureQueriesContext(connection) as long:
            assert len(numbers()) == 11
        assert len(long) == len(short) == 2


def due(case: object, day: date | None) -> None:
    values = {"due_on": day, "due_by": "service-list" if day else ""}
    type(case).objects.filter(pk=case.pk).update(**values)  # type: ignore[attr-defined]
