"""The clock of a case as its pages tell it, and its story as the person reads it."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from tests.accounts.factories import CLERK, PERSON, WINDOW
from tests.casework.factories import RELATIVE
from tests.people.factories import a_coverage
from tests.qualification.factories import a_qualification
from yidi.accounts.actors import SYSTEM
from yidi.audit.services import record
from yidi.operations.cases import story, timeline
from yidi.operations.deadlines import deadline
from yidi.operations.terms import Doer
from yidi.qualification.states import State

pytestmark = pytest.mark.django_db


class TestDeadline:
    def test_a_running_clock_names_its_term_and_its_doubt(self) -> None:
        today = timezone.localdate()
        due = today + timedelta(days=30)
        case = a_qualification(State.SUBMITTED, submitted_on=today, due_on=due, due_by="service-list")
        found = deadline(case, today)
        assert found is not None
        assert (found.due_on, found.days, found.grade, found.unverified) == (due, 20, "R", True)
        assert (found.paused, found.overdue) == (False, False)

    def test_a_paused_clock_stands_still(self) -> None:
        case = a_qualification(State.MORE_EVIDENCE, due_on=date(2025, 6, 10), due_by="service-list")
        then, later = deadline(case, date(2025, 6, 3)), deadline(case, date(2025, 9, 1))
        assert then is not None
        assert then == later
        assert (then.paused, then.left) == (True, 5)

    def test_what_lies_beyond_the_announced_holidays_is_provisional(self) -> None:
        case = a_qualification(State.SUBMITTED, due_on=date(2098, 6, 10), due_by="service-list")
        found = deadline(case, date(2025, 6, 3))
        assert found is not None
        assert found.provisional

    def test_what_is_over_or_has_no_term_is_never_due(self) -> None:
        for rank, state in enumerate((State.APPROVED, State.DRAFT, State.SUBMITTED), start=1):
            assert deadline(a_qualification(state, a_coverage(rank)), date(2025, 6, 2)) is None

    def test_a_reading_that_is_gone_is_still_named(self) -> None:
        case = a_qualification(State.SUBMITTED, due_on=date(2025, 6, 10), due_by="older-list")
        found = deadline(case, date(2025, 6, 11))
        assert found is not None
        assert (found.days, found.reading, found.grade, found.unverified) == (None, "older-list", "", True)
        assert found.overdue


class TestStory:
    def test_it_says_who_for_whom_and_leaves_out_the_agencys_own_business(self) -> None:
        case = a_qualification()
        done = (
            (PERSON, "qualification:apply"),
            (RELATIVE, "evidence:hand-in"),
            (WINDOW, "qualification:submitted"),
            (CLERK, "qualification:assign"),
            (CLERK, "qualification:under-review"),
            (SYSTEM, "qualification:expired"),
        )
        for actor, verb in done:
            record(actor, verb, case.number)
        record(PERSON, "qualification:apply", "Q0000099999")
        doers = [Doer.PERSON, Doer.RELATIVE, Doer.WINDOW, Doer.AGENCY, Doer.SYSTEM]
        assert [step.doer for step in story(case.number)] == doers
        assert len(timeline(case.number)) == len(done)

    def test_saving_again_and_again_is_told_once(self) -> None:
        case = a_qualification()
        for verb in ("save", "save", "save", "submitted", "save"):
            record(PERSON, f"qualification:{verb}", case.number)
        assert [step.what for step in story(case.number)] == ["save", "submitted", "save"]
