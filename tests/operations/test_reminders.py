"""Reminders: each when it is due, once, to the person whom it concerns."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.claims.factories import a_claim
from tests.filing.factories import a_filing
from tests.qualification.factories import a_qualification
from yidi.claims.states import State as ClaimState
from yidi.filing.states import State as FilingState
from yidi.notices.models import Message
from yidi.notices.terms import Template
from yidi.operations.reminders import ANSWER_WORKING_DAYS, DRAFT_DAYS, remind
from yidi.qualification.states import State as QualificationState
from yidi.values.terms import FilingKind

pytestmark = pytest.mark.django_db

ENDS = date(2026, 6, 30)
Maker = Callable[..., Any]


def days_before(count: int) -> date:
    return ENDS - timedelta(days=count)


@pytest.fixture(params=["filing", "qualification"])
def ending(request: pytest.FixtureRequest) -> tuple[Any, Template]:
    """A case that ends on ENDS, and the template that says so."""
    if request.param == "filing":
        return a_filing(ends=ENDS), Template.FILING_EXPIRING
    return a_qualification(QualificationState.APPROVED, ends=ENDS), Template.QUALIFICATION_EXPIRING


class TestLastDays:
    def test_once_a_month_before_and_once_a_week_before(self, ending):
        case, template = ending
        told = []
        for days in (40, 31, 30, 29, 20, 8, 7, 6, 1, 0, -1):
            told += [days] * (remind(days_before(days))[template] + remind(days_before(days))[template])
        assert told == [30, 7]
        messages = Message.objects.order_by("pk")
        assert [message.subject for message in messages] == [case.number] * 2
        assert ["还有30天到期" in messages[0].text().text, "还有7天到期" in messages[1].text().text] == [
            True
        ] * 2
        assert "2026年6月30日" in messages[0].text().short

    @pytest.mark.parametrize("days", [29, 8, 6, 0])
    def test_a_day_that_was_missed_is_made_up_for(self, ending, days):
        assert remind(days_before(days)) == {ending[1]: 1}
        assert f"还有{days}天到期" in Message.objects.get().text().text

    def test_a_last_day_that_moved_is_told_anew(self, ending):
        case, template = ending
        remind(days_before(30))
        later = ENDS + timedelta(days=365)
        type(case).objects.update(ends=later)
        assert remind(later - timedelta(days=30)) == {template: 1}

    def test_without_a_last_day_or_once_it_is_over_nothing_is_told(self):
        a_filing()
        a_filing(FilingState.CANCELLED, care_region="110000", ends=ENDS)
        a_qualification(QualificationState.EXPIRED, ends=ENDS)
        assert remind(days_before(7)) == {}

    def test_who_has_handed_in_a_renewal_is_not_asked_to_renew(self):
        old = a_filing(ends=ENDS)
        new = a_filing(
            FilingState.DRAFT, coverage=old.coverage, starts=ENDS + timedelta(days=1), replaces=old
        )
        assert remind(days_before(30))[Template.FILING_EXPIRING] == 1
        type(new).objects.filter(pk=new.pk).update(
            state=str(FilingState.SUBMITTED), submitted_on=days_before(20), filed_on=days_before(20)
        )
        assert remind(days_before(7))[Template.FILING_EXPIRING] == 0

    @pytest.mark.parametrize(
        ("state", "starts", "told"),
        [
            (QualificationState.DRAFT, None, 1),
            (QualificationState.SUBMITTED, None, 0),
            (QualificationState.UNDER_REVIEW, None, 0),
            (QualificationState.REJECTED, None, 1),
            (QualificationState.APPROVED, ENDS + timedelta(days=1), 0),
        ],
    )
    def test_who_has_applied_for_the_next_qualification_is_not_asked_to(self, state, starts, told):
        old = a_qualification(QualificationState.APPROVED, ends=ENDS)
        a_qualification(state, old.coverage, starts=starts)
        assert remind(days_before(7))[Template.QUALIFICATION_EXPIRING] == told


DRAFTS: list[Maker] = [
    lambda: a_filing(FilingState.DRAFT),
    lambda: a_qualification(QualificationState.DRAFT),
    lambda: a_claim(ClaimState.DRAFT),
]


class TestDrafts:
    @pytest.mark.parametrize("make", DRAFTS)
    def test_a_draft_that_lies_is_told_of_once(self, make):
        case = make()
        created = datetime(2026, 3, 1, 23, 50, tzinfo=timezone.get_current_timezone())
        type(case).objects.update(created=created)
        Message.objects.all().delete()
        day = created.date() + timedelta(days=DRAFT_DAYS)
        assert remind(day - timedelta(days=1)) == {}
        assert remind(day) == {Template.DRAFT_WAITING: 1}
        assert remind(day) == remind(day + timedelta(days=30)) == {}
        message = Message.objects.get()
        assert (message.person, message.subject) == (case.coverage.person, case.number)
        assert f"已经保存{DRAFT_DAYS}天" in message.text().text

    def test_what_was_handed_in_is_no_draft(self):
        case = a_filing(FilingState.SUBMITTED)
        type(case).objects.update(created=datetime(2020, 1, 1, tzinfo=timezone.get_current_timezone()))
        assert remind(date(2026, 3, 1)) == {}


WAITING: list[Maker] = [
    lambda: a_filing(FilingState.MORE_EVIDENCE),
    lambda: a_qualification(QualificationState.MORE_EVIDENCE),
    lambda: a_claim(ClaimState.MORE_EVIDENCE),
]


class TestAnswers:
    @pytest.mark.parametrize("make", WAITING)
    def test_papers_that_do_not_come_are_asked_for_again_once(self, make):
        case = make()
        # The holiday of October lies between, and a Saturday on which people work.
        type(case).objects.update(
            paused_on=date(2026, 9, 30), submitted_on=date(2026, 9, 1), reason="请补病历"
        )
        Message.objects.all().delete()
        quiet = [remind(date(2026, 10, day)) for day in range(1, 13)]
        assert not any(quiet)
        assert ANSWER_WORKING_DAYS == 5
        assert remind(date(2026, 10, 13)) == {Template.ANSWER_WAITING: 1}
        assert remind(date(2026, 10, 14)) == {}
        assert "还在等您补充材料：请补病历。" in Message.objects.get().text().text

    def test_asked_for_anew_after_an_appeal_it_is_told_anew(self):
        case = a_filing(FilingState.MORE_EVIDENCE, paused_on=date(2026, 3, 2))
        assert remind(date(2026, 3, 31)) == {Template.ANSWER_WAITING: 1}
        type(case).objects.update(paused_on=date(2026, 5, 6))
        assert remind(date(2026, 5, 29)) == {Template.ANSWER_WAITING: 1}


def test_everybody_is_told_of_their_own() -> None:
    from tests.people.factories import a_coverage

    cases = [a_filing(coverage=a_coverage(number), ends=ENDS) for number in (1, 2, 3)]
    assert remind(days_before(7)) == {Template.FILING_EXPIRING: 3}
    told = {(message.person_id, message.subject) for message in Message.objects.all()}
    assert told == {(case.coverage.person_id, case.number) for case in cases}


def test_kinds_with_and_without_a_last_day_live_side_by_side() -> None:
    a_filing(kind=FilingKind.REFERRAL, ends=ENDS, care_region="110000")
    a_filing()
    assert remind(days_before(7)) == {Template.FILING_EXPIRING: 1}
