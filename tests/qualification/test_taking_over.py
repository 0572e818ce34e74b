"""Qualifications that were approved in another system: taken over once, by the rules of this one."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.accounts.factories import CLERK, FOREIGN_CLERK, HOSPITAL, PERSON, PROVINCE_CLERK, SUPERVISOR
from tests.casework.factories import REVIEWER
from tests.people.factories import a_coverage, a_person
from tests.qualification.factories import HYPERTENSION, a_qualification
from tests.settlement.factories import a_hospital
from yidi.accounts.actors import SYSTEM, Actor
from yidi.accounts.errors import NotAllowed, OutsideRegion
from yidi.audit.models import Event
from yidi.people.errors import NotInsured
from yidi.people.models import Coverage
from yidi.people.services import end_coverage, register_coverage
from yidi.policy.errors import ListKnownInPart
from yidi.providers.errors import UnknownProvider
from yidi.qualification import services
from yidi.qualification.errors import AlreadyOpen, EndsBeforeStart, LastDayNeeded, Overlaps
from yidi.qualification.models import Qualification
from yidi.qualification.queries import diseases_held
from yidi.qualification.services import requirements, take_over
from yidi.qualification.states import State
from yidi.reference.errors import UnknownDisease
from yidi.values.terms import Scheme, Standing

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2025, 3, 1), date(2099, 12, 31)
ORIGIN = "待遇资格名单 ab12cd34 第 2 行"


@pytest.fixture
def coverage() -> Coverage:
    return a_coverage()


def take(coverage: Coverage, **different: Any) -> Qualification | None:
    given = {"disease": HYPERTENSION, "starts": FIRST, "ends": LAST, "actor": SUPERVISOR, "origin": ORIGIN}
    return take_over(coverage, **{**given, **different})


def test_it_holds_and_never_was_handed_in_here(coverage: Coverage) -> None:
    case = take(coverage)
    assert case is not None
    case.refresh_from_db()
    assert (case.state, case.submitted_on, case.decided_on, case.due_on) == ("approved", None, None, None)
    assert diseases_held(coverage, FIRST) == diseases_held(coverage, LAST) == (HYPERTENSION,)
    assert diseases_held(coverage, FIRST - timedelta(1)) == ()
    event = Event.objects.get(subject=case.number)
    assert (event.action, event.actor, event.reason) == ("qualification:taken-over", SUPERVISOR.name, ORIGIN)


def test_the_same_again_changes_nothing(coverage: Coverage) -> None:
    take(coverage)
    events = Event.objects.count()
    assert take(coverage) is None
    assert Qualification.objects.count() == 1
    assert Event.objects.count() == events


def test_one_that_was_approved_here_is_the_same(coverage: Coverage) -> None:
    a_qualification(State.APPROVED, coverage, starts=FIRST, ends=None)
    assert take(coverage, ends=None) is None


def test_what_is_over_is_taken_over_as_such(coverage: Coverage) -> None:
    past = take(coverage, starts=date(2021, 1, 1), ends=date(2022, 12, 31))
    assert past is not None
    assert past.state == State.EXPIRED
    assert take(coverage, starts=date(2023, 1, 1)) is not None
    assert diseases_held(coverage, date(2022, 12, 31)) == (HYPERTENSION,)


@pytest.mark.parametrize(
    ("starts", "ends"),
    [
        (FIRST, LAST - timedelta(1)),
        (FIRST, None),
        (FIRST + timedelta(1), LAST),
        (FIRST - timedelta(1), FIRST),
        (LAST, None),
        (date(2020, 1, 1), LAST),
    ],
)
def test_another_that_overlaps_is_refused(coverage: Coverage, starts: date, ends: date | None) -> None:
    take(coverage)
    with pytest.raises(Overlaps, match=r"2025-03-01 至 2099-12-31"):
        take(coverage, starts=starts, ends=ends)
    assert Qualification.objects.count() == 1


def test_one_that_is_limited_to_other_providers_is_another(coverage: Coverage) -> None:
    hospital = a_hospital()
    take(coverage, providers=[hospital.code])
    assert take(coverage, providers=[hospital.code]) is None
    with pytest.raises(Overlaps):
        take(coverage)


@pytest.mark.parametrize("state", [State.DRAFT, State.SUBMITTED, State.MORE_EVIDENCE, State.UNDER_REVIEW])
def test_an_application_on_its_way_goes_first(coverage: Coverage, state: State) -> None:
    a_qualification(state, coverage)
    with pytest.raises(AlreadyOpen):
        take(coverage)


@pytest.mark.parametrize("state", [State.REJECTED, State.WITHDRAWN])
def test_what_came_to_nothing_bars_nothing(coverage: Coverage, state: State) -> None:
    a_qualification(state, coverage)
    assert take(coverage) is not None


def test_one_that_has_lapsed_but_was_not_marked_yet_gives_way(coverage: Coverage) -> None:
    old = a_qualification(State.APPROVED, coverage, starts=date(2023, 1, 1), ends=date(2024, 12, 31))
    assert take(coverage) is not None
    old.refresh_from_db()
    assert old.state == State.EXPIRED


def test_a_new_standing_does_not_make_it_another(coverage: Coverage) -> None:
    take(coverage)
    end_coverage(coverage, date(2025, 12, 31))
    later = register_coverage(a_person(), "360100", Scheme.EMPLOYEE, Standing.RETIRED, date(2026, 1, 1))
    assert take(later) is None
    with pytest.raises(Overlaps):
        take(later, starts=date(2026, 1, 1))


@pytest.mark.parametrize(
    ("different", "refusal"),
    [
        ({"ends": FIRST - timedelta(1)}, EndsBeforeStart),
        ({"disease": "M99999"}, UnknownDisease),
        ({"disease": "M00105"}, ListKnownInPart),
        ({"providers": ["H00000000000"]}, UnknownProvider),
        ({"starts": date(2010, 1, 1), "ends": date(2011, 1, 1)}, NotInsured),
    ],
)
def test_what_the_rules_do_not_allow(
    coverage: Coverage, different: dict[str, Any], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        take(coverage, **different)
    assert not Qualification.objects.exists()


def test_a_last_day_is_stated_where_the_pool_examines_again(
    coverage: Coverage, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = replace(requirements(coverage, HYPERTENSION, timezone.localdate()), valid=2)
    monkeypatch.setattr(services, "requirements", lambda *_: rule)
    with pytest.raises(LastDayNeeded, match="每 2 年复审"):
        take(coverage, ends=None)


@pytest.mark.parametrize(
    ("actor", "refusal"),
    [
        (REVIEWER, NotAllowed),
        (FOREIGN_CLERK, OutsideRegion),
        (PERSON, NotAllowed),
        (HOSPITAL, NotAllowed),
        (SYSTEM, NotAllowed),
    ],
)
def test_who_may_not(coverage: Coverage, actor: Actor, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        take(coverage, actor=actor)


@pytest.mark.parametrize("actor", [SUPERVISOR, CLERK, PROVINCE_CLERK])
def test_who_may(coverage: Coverage, actor: Actor) -> None:
    assert take(coverage, actor=actor) is not None
