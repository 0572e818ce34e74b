"""Filings that took effect in another system: taken over once, by the rules of this one."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.accounts.factories import CLERK, FOREIGN_CLERK, HOSPITAL, PERSON, PROVINCE_CLERK, SUPERVISOR
from tests.casework.factories import REVIEWER
from tests.filing.factories import SHANGHAI, a_filing
from tests.people.factories import a_coverage
from yidi.accounts.actors import SYSTEM, Actor
from yidi.accounts.errors import NotAllowed, OutsideRegion
from yidi.audit.models import Event
from yidi.filing import services
from yidi.filing.errors import (
    AlreadyFiled,
    EndDateNeeded,
    EndsBeforeStart,
    FiledInFuture,
    LastDayNeeded,
    NotNeeded,
    Overlaps,
)
from yidi.filing.models import Filing
from yidi.filing.queries import in_force
from yidi.filing.services import take_over
from yidi.filing.states import State
from yidi.people.errors import NotInsured
from yidi.people.models import Coverage
from yidi.policy.book import book
from yidi.policy.cases import filing_kind
from yidi.reference.errors import UnknownRegion
from yidi.values.terms import FilingKind, Scheme

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2025, 3, 1), date(2099, 12, 31)
FILED = date(2025, 2, 20)
ORIGIN = "备案名单 ab12cd34 第 2 行"
LONG = FilingKind.LONG_TERM_RESIDENT


@pytest.fixture
def coverage() -> Coverage:
    return a_coverage()


def take(coverage: Coverage, **different: Any) -> Filing | None:
    given = {
        "kind": LONG, "care_region": SHANGHAI, "starts": FIRST, "ends": LAST, "filed_on": FILED, "actor": SUPERVISOR,
        "origin": ORIGIN,
    }  # fmt: skip
    return take_over(coverage, **{**given, **different})


def test_it_is_in_effect_from_the_day_on_which_it_was_made(coverage: Coverage) -> None:
    filing = take(coverage)
    assert filing is not None
    filing.refresh_from_db()
    assert (filing.state, filing.submitted_on, filing.decided_on) == ("active", None, None)
    assert in_force(coverage, "310106", FIRST, FIRST) == filing
    assert in_force(coverage, "310106", FILED - timedelta(1), FILED - timedelta(1)) is None
    event = Event.objects.get(subject=filing.number)
    assert (event.action, event.actor, event.reason) == ("filing:taken-over", SUPERVISOR.name, ORIGIN)


def test_the_same_again_changes_nothing(coverage: Coverage) -> None:
    take(coverage)
    events = Event.objects.count()
    assert take(coverage) is None
    assert take(coverage, care_region="310106") is None, "a district is its city"
    assert (Filing.objects.count(), Event.objects.count()) == (1, events)


@pytest.mark.parametrize("state", [State.ACTIVE, State.CANCELLED, State.REPLACED, State.EXPIRED])
def test_one_that_was_made_here_is_the_same(coverage: Coverage, state: State) -> None:
    a_filing(state, coverage, starts=FIRST, ends=date(2025, 6, 30), filed_on=FILED)
    assert take(coverage, ends=date(2025, 6, 30)) is None


def test_what_is_over_is_taken_over_as_such(coverage: Coverage) -> None:
    past = take(coverage, starts=date(2023, 1, 1), ends=date(2023, 12, 31), filed_on=date(2023, 1, 1))
    assert past is not None
    assert past.state == State.EXPIRED
    assert take(coverage) is not None


@pytest.mark.parametrize(
    "different",
    [
        {"ends": None},
        {"ends": LAST - timedelta(1)},
        {"starts": LAST},
        {"starts": date(2024, 1, 1), "ends": FIRST},
        {"kind": FilingKind.POSTED_WORKER},
        {"filed_on": FILED + timedelta(1)},
    ],
)
def test_another_that_overlaps_is_refused(coverage: Coverage, different: dict[str, Any]) -> None:
    take(coverage)
    with pytest.raises(Overlaps):
        take(coverage, **different)
    assert Filing.objects.count() == 1


def test_one_to_come_waits_until_the_one_in_effect_is_over(coverage: Coverage) -> None:
    soon = timezone.localdate() + timedelta(30)
    take(coverage, ends=soon)
    with pytest.raises(AlreadyFiled):
        take(coverage, starts=soon + timedelta(1))


@pytest.mark.parametrize("state", [State.DRAFT, State.SUBMITTED, State.MORE_EVIDENCE])
def test_a_filing_on_its_way_goes_first(coverage: Coverage, state: State) -> None:
    a_filing(state, coverage)
    with pytest.raises(AlreadyFiled):
        take(coverage)


def test_another_place_is_another_filing(coverage: Coverage) -> None:
    take(coverage)
    assert take(coverage, care_region="110000") is not None


@pytest.mark.parametrize(
    ("different", "refusal"),
    [
        ({"ends": FIRST - timedelta(1)}, EndsBeforeStart),
        ({"filed_on": date(2999, 1, 1)}, FiledInFuture),
        ({"care_region": "360100"}, NotNeeded),
        ({"care_region": "360700"}, NotNeeded),
        ({"care_region": "999999"}, UnknownRegion),
        ({"kind": FilingKind.EMERGENCY}, NotNeeded),
        ({"starts": date(2010, 1, 1), "ends": date(2011, 1, 1)}, NotInsured),
        ({"kind": FilingKind.REFERRAL, "ends": None}, EndDateNeeded),
    ],
)
def test_what_the_rules_do_not_allow(
    coverage: Coverage, different: dict[str, Any], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        take(coverage, **different)
    assert not Filing.objects.exists()


def test_a_last_day_is_stated_where_a_kind_has_a_term(
    coverage: Coverage, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = filing_kind(book(), "360100", Scheme.EMPLOYEE, LONG, timezone.localdate())
    monkeypatch.setattr(services, "filing_kind", lambda *_: replace(rule, months_valid=6))
    with pytest.raises(LastDayNeeded, match="有效 6 个月"):
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
