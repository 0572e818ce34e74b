"""The one work list over all rooms: its order, its filters, its counts, and how often it asks the database."""

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.accounts.factories import CLEARING, CLERK, FOREIGN_CLERK, PERSON, PROVINCE_CLERK
from tests.claims.factories import a_claim
from tests.filing.factories import a_filing
from tests.people.factories import a_coverage
from tests.qualification.factories import HYPERTENSION, a_qualification
from yidi.accounts.actors import Actor
from yidi.accounts.errors import NotAllowed
from yidi.claims.states import State as ClaimState
from yidi.filing.states import State as FilingState
from yidi.operations.terms import Matter, Whose
from yidi.operations.worklist import Filter, cases_of, tally, worklist
from yidi.qualification.states import State as QualificationState
from yidi.values.terms import CaseKind

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 10)
DIABETES = "M01600"


def due(case: Any, day: date | None, **columns: Any) -> Any:
    columns |= {"due_on": day, "due_by": "service-list" if day else ""}
    type(case).objects.filter(pk=case.pk).update(**columns)
    return case


def numbers(clerk: Actor = CLERK, **wanted: Any) -> list[str]:
    return [case.number for case in cases_of(worklist(clerk, Filter(**wanted), TODAY)[:100])]


@pytest.fixture
def cases() -> Mapping[str, str]:
    """One case of every sort, by a name for it: its number."""
    late = due(a_qualification(QualificationState.SUBMITTED), TODAY - timedelta(days=1))
    mine = a_qualification(QualificationState.UNDER_REVIEW, a_coverage(2), DIABETES, assigned_to=CLERK.name)
    due(mine, TODAY, appeals=1)
    filing = due(a_filing(FilingState.SUBMITTED), TODAY + timedelta(days=1), assigned_to="另一位")
    claim = due(a_claim(ClaimState.SUBMITTED), None)
    asked = a_qualification(
        QualificationState.MORE_EVIDENCE,
        a_coverage(3),
        submitted_on=date(2026, 6, 1),
        paused_on=date(2026, 6, 8),
    )
    due(asked, date(2026, 6, 9))
    asked_late = a_filing(
        FilingState.MORE_EVIDENCE, a_coverage(4), submitted_on=date(2026, 5, 1), paused_on=date(2026, 6, 9)
    )
    due(asked_late, date(2026, 6, 2))
    a_qualification(QualificationState.DRAFT, a_coverage(5))
    a_qualification(QualificationState.APPROVED, a_coverage(6))
    found = {
        "late": late,
        "mine": mine,
        "filing": filing,
        "claim": claim,
        "asked": asked,
        "asked_late": asked_late,
    }
    return {name: case.number for name, case in found.items()}


ALL = "late mine filing claim asked asked_late"


@pytest.mark.parametrize(
    ("wanted", "shown"),
    [
        ({}, ALL),
        ({"kind": CaseKind.QUALIFICATION}, "late mine asked"),
        ({"kind": CaseKind.FILING}, "filing asked_late"),
        ({"kind": CaseKind.CLAIM}, "claim"),
        ({"state": "submitted"}, "late filing claim"),
        ({"state": "submitted", "kind": CaseKind.CLAIM}, "claim"),
        ({"disease": DIABETES}, "mine"),
        ({"disease": DIABETES, "kind": CaseKind.FILING}, ""),
        ({"pool": "360100"}, ALL),
        ({"pool": "360700"}, ""),
        ({"whose": Whose.MINE}, "mine"),
        ({"whose": Whose.COLLEAGUES}, "filing"),
        ({"whose": Whose.NOBODYS}, "late claim asked asked_late"),
        ({"matter": Matter.OVERDUE}, "late asked_late"),
        ({"matter": Matter.WAITING}, "asked asked_late"),
        ({"matter": Matter.APPEAL}, "mine"),
        ({"matter": Matter.WAITING, "kind": CaseKind.FILING}, "asked_late"),
    ],
)
def test_what_a_filter_shows_nearest_deadline_first_and_what_waits_last(
    cases: Mapping[str, str], wanted: dict[str, Any], shown: str
) -> None:
    assert numbers(**wanted) == [cases[name] for name in shown.split()]
    assert tally(CLERK, Filter(**wanted), TODAY).total == len(shown.split())


def test_the_counts_are_those_of_the_lists_that_they_lead_to(cases: Mapping[str, str]) -> None:
    kinds, owners, matters = [None, *CaseKind], [None, *Whose], [None, *Matter]
    for kind, whose, matter in product(kinds, owners, matters):
        chosen = {"kind": kind, "whose": whose, "matter": matter}
        told = tally(CLERK, Filter(**chosen), TODAY)
        for name, values in (("kind", kinds), ("whose", owners), ("matter", matters)):
            counted = told.of(name)
            for value in values:
                count = counted[str(value)] if value else told.without(name)
                assert count == len(numbers(**(chosen | {name: value}))), (chosen, name, value)


def test_choices_are_those_that_there_are(cases: Mapping[str, str]) -> None:
    told = tally(CLERK, Filter(), TODAY)
    assert told.of("disease") == {HYPERTENSION: 2, DIABETES: 1}
    assert told.of("pool") == {"360100": 6}
    assert told.of("state") == {"submitted": 3, "under-review": 1, "more-evidence": 2}


def test_other_regions_see_nothing_of_it(cases: Mapping[str, str]) -> None:
    assert len(numbers(PROVINCE_CLERK)) == len(numbers(CLEARING)) == 6
    assert numbers(FOREIGN_CLERK) == numbers(FOREIGN_CLERK, pool="360100") == []
    assert tally(FOREIGN_CLERK, Filter(pool="360100"), TODAY).cells == []
    for ask in (worklist, tally):
        with pytest.raises(NotAllowed):
            ask(PERSON, Filter(), TODAY)


def test_a_longer_list_asks_the_database_no_more_often() -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            shown = numbers()
            assert tally(CLERK, Filter(), TODAY).total == len(shown)
        return len(queries)

    a_qualification(QualificationState.SUBMITTED)
    short = asked()
    for rank in range(2, 12):
        a_qualification(QualificationState.SUBMITTED, a_coverage(rank))
    assert asked() == short == 3
