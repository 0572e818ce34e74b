"""Figures: counts, times and money of a region's cases, and what is not shown of few people."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.accounts.factories import CLERK, SUPERVISOR
from tests.claims.factories import a_claim, an_unfiled_world, start
from tests.filing.factories import a_filing
from tests.people.factories import a_coverage
from tests.qualification.factories import a_qualification
from tests.settlement.factories import (
    CHRONIC,
    DAY,
    GENERAL,
    HYPERTENSION,
    World,
    a_catalogue,
    a_hospital,
    cancelled,
    settled,
)
from yidi.accounts.actors import SYSTEM
from yidi.claims import services as claims
from yidi.claims.states import State as ClaimState
from yidi.claims.terms import RejectReason
from yidi.filing.states import State as FilingState
from yidi.operations import figures
from yidi.operations.figures import FEWEST, Load, Outcomes, Scope, Times, Volume
from yidi.providers.models import ProviderService
from yidi.qualification.states import RejectReason as QualificationReason
from yidi.qualification.states import State
from yidi.reference.working_days import after_working_days
from yidi.values.terms import CaseKind

pytestmark = pytest.mark.django_db
YEAR = Scope(("360100",), date(2025, 1, 1), date(2025, 12, 31))
Q, F, C = CaseKind.QUALIFICATION, CaseKind.FILING, CaseKind.CLAIM
DISEASES = ("M03900", "M01600", "M07800", "M05300", "M04500")


def decided(state: State, number: int, start: date, days: int, **columns: Any) -> None:
    """A qualification decided so many working days after it was handed in."""
    a_qualification(
        state,
        a_coverage(number),
        submitted_on=start,
        decided_on=after_working_days(start, days),
        **columns,
    )


class TestVolumes:
    def test_each_month_has_its_cases(self) -> None:
        decided(State.APPROVED, 1, date(2025, 1, 30), 5)
        decided(State.REJECTED, 2, date(2025, 3, 3), 2)
        a_qualification(State.SUBMITTED, a_coverage(3), submitted_on=date(2025, 3, 31))
        a_filing(coverage=a_coverage(4), starts=date(2025, 3, 1))
        found = {row.month: row for row in figures.volumes(YEAR)}
        assert list(found) == [date(2025, month, 1) for month in range(1, 13)]
        assert found[date(2025, 1, 1)] == Volume(date(2025, 1, 1), {Q: 1, F: 0, C: 0}, {Q: 0, F: 0, C: 0})
        assert found[date(2025, 2, 1)].decided == {Q: 1, F: 0, C: 0}
        assert found[date(2025, 3, 1)] == Volume(date(2025, 3, 1), {Q: 2, F: 1, C: 0}, {Q: 1, F: 1, C: 0})

    def test_drafts_and_what_was_taken_over_count_nowhere(self) -> None:
        a_qualification(State.DRAFT, a_coverage(1))
        a_qualification(State.APPROVED, a_coverage(2), submitted_on=None, decided_on=None)
        assert not any(
            sum(row.handed_in.values()) + sum(row.decided.values()) for row in figures.volumes(YEAR)
        )
        assert figures.outcomes(YEAR)[Q] == Outcomes(0, 0, 0)

    def test_only_the_pools_asked_for(self) -> None:
        a_qualification(State.SUBMITTED, a_coverage(1, "310000"))
        a_qualification(State.SUBMITTED, a_coverage(2, "360700"))
        assert sum(row.handed_in[Q] for row in figures.volumes(YEAR)) == 0
        both = Scope(("360100", "360700"), YEAR.first, YEAR.last)
        assert sum(row.handed_in[Q] for row in figures.volumes(both)) == 1

    def test_the_first_and_the_last_day_belong_to_it(self) -> None:
        for number, day in enumerate((DAY - timedelta(1), DAY, DAY + timedelta(1))):
            a_qualification(State.SUBMITTED, a_coverage(number + 1), submitted_on=day)
        (row,) = figures.volumes(Scope(("360100",), DAY, DAY))
        assert row.handed_in[Q] == 1


def test_what_lies_on_the_desks_is_open_overdue_or_waiting() -> None:
    due = {"due_by": "jx"}
    a_qualification(State.SUBMITTED, a_coverage(1), due_on=DAY, **due)
    a_qualification(State.UNDER_REVIEW, a_coverage(2), due_on=DAY - timedelta(1), **due)
    a_qualification(State.MORE_EVIDENCE, a_coverage(3), due_on=DAY - timedelta(9), **due)
    a_qualification(State.APPROVED, a_coverage(4), due_on=DAY - timedelta(9), **due)
    a_claim(ClaimState.SUBMITTED)
    found = figures.load(YEAR, DAY)
    assert found[Q] == Load(open=2, overdue=1, waiting=1)
    assert found[F] == Load(0, 0, 0)
    assert found[C].open == 1


def test_outcomes_tell_what_nobody_had_to_decide() -> None:
    for number, state in enumerate((FilingState.ACTIVE, FilingState.CANCELLED, FilingState.EXPIRED)):
        a_filing(state, a_coverage(number + 1), decided_by=SYSTEM.name)
    for number, state in enumerate((FilingState.ACTIVE, FilingState.REPLACED, FilingState.REJECTED)):
        a_filing(state, a_coverage(number + 10), decided_by="wang")
    a_filing(FilingState.WITHDRAWN, a_coverage(20))
    found = figures.outcomes(YEAR)[F]
    assert found == Outcomes(accepted=5, at_once=3, rejected=1)
    assert found.accepted_ppm == 667_000
    assert Outcomes(3, 3, 0).accepted_ppm is None


class TestTimes:
    def test_ranks(self) -> None:
        for number, days in enumerate((1, 2, 3, 4, 5, 6, 7, 8, 9, 30)):
            decided(State.APPROVED if days % 2 else State.REJECTED, number + 1, date(2025, 6, 3), days)
        assert figures.times(YEAR)[Q] == Times(count=10, median=5, ninth=9)

    def test_one_case_is_its_own_median(self) -> None:
        decided(State.APPROVED, 1, date(2025, 6, 3), 7)
        assert figures.times(YEAR)[Q] == Times(1, 7, 7)

    def test_nothing_has_no_time(self) -> None:
        assert figures.times(YEAR)[C] == Times(0, None, None)

    def test_holidays_do_not_count(self) -> None:
        a_qualification(State.APPROVED, submitted_on=date(2025, 9, 30), decided_on=date(2025, 10, 9))
        assert figures.times(YEAR)[Q] == Times(1, 1, 1)

    def test_what_took_effect_at_once_took_no_time(self) -> None:
        a_filing(coverage=a_coverage(1), decided_by=SYSTEM.name)
        a_filing(coverage=a_coverage(2), decided_by="wang")
        assert figures.times(YEAR)[F].count == 1


def test_reasons_are_counted_the_most_frequent_first() -> None:
    reasons = (QualificationReason.OTHER, QualificationReason.EVIDENCE_TOO_THIN, QualificationReason.OTHER)
    for number, reason in enumerate(reasons):
        a_qualification(State.REJECTED, a_coverage(number + 1), rejected_for=str(reason))
    a_qualification(State.SUBMITTED, a_coverage(9), rejected_for=str(QualificationReason.OTHER), appeals=1)
    claim = a_claim(ClaimState.SUBMITTED)
    claims.reject(claim, RejectReason.BAD_INVOICE, CLERK)
    now = timezone.localdate()
    found = figures.reasons(Scope(("360100",), date(2025, 1, 1), now))
    assert found[Q] == [(QualificationReason.OTHER, 2), (QualificationReason.EVIDENCE_TOO_THIN, 1)]
    assert found[C] == [(RejectReason.BAD_INVOICE, 1)]
    assert found[F] == []


class TestMoney:
    @pytest.fixture
    def hospital(self) -> Any:
        a_catalogue()
        hospital = a_hospital()
        for disease in DISEASES[1:]:
            ProviderService.objects.create(
                provider=hospital, benefit=str(CHRONIC), disease=disease, source="test"
            )
        return hospital

    def bill(self, hospital: Any, number: int, benefit: Any = GENERAL, yuan: str = "1000.00") -> Any:
        coverage = a_coverage(number)
        if not coverage.filings.exists():
            a_filing(coverage=coverage)
            a_qualification(State.APPROVED, coverage)
        return settled(World(coverage, hospital), yuan, benefit)

    def test_settlements_that_stand_and_approved_claims(self, hospital: Any) -> None:
        kept = self.bill(hospital, 1)
        cancelled(self.bill(hospital, 1))
        for name in ("0001", "0002"):
            claim = start(World(a_coverage(2), hospital), name)
            claims.submit(claim, _person(claim))
            claims.assess(claim, CLERK)
            if name == "0001":
                claims.approve(claim, SUPERVISOR)
                paid = claim.assessments.get()
        (row,) = figures.money(YEAR, every_disease=True)
        assert row.keys == {("general-outpatient", "")}
        assert (row.settled, row.claimed, row.total) == (1, 1, 200_000)
        assert row.funds == sum(kept.funds.values()) + sum(paid.funds.values())
        assert row.person == row.total - row.funds

    def test_by_the_day_of_service_and_the_pool(self, hospital: Any) -> None:
        self.bill(hospital, 1)
        assert figures.money(Scope(("360100",), DAY + timedelta(1), YEAR.last), every_disease=True) == []
        assert figures.money(Scope(("360700",), YEAR.first, YEAR.last), every_disease=True) == []

    def test_enough_people_are_shown(self, hospital: Any) -> None:
        for number in range(FEWEST):
            self.bill(hospital, number + 1)
        (row,) = figures.money(YEAR, every_disease=False)
        assert not row.merged
        assert not row.hidden

    def test_many_bills_of_few_people_are_not(self, hospital: Any) -> None:
        for number in range(FEWEST + 2):
            self.bill(hospital, number % (FEWEST - 1) + 1)
        (row,) = figures.money(YEAR, every_disease=False)
        assert row.hidden
        (open_row,) = figures.money(YEAR, every_disease=True)
        assert open_row.settled == FEWEST + 2
        assert not open_row.hidden

    def test_one_disease_of_few_is_not_to_be_told_from_the_sum(self, hospital: Any) -> None:
        """Were it alone among the others, what is missing to the total would tell it."""
        for number in range(FEWEST):
            self.bill(hospital, number + 1)
        self.bill(hospital, 1, CHRONIC)
        (row,) = figures.money(YEAR, every_disease=False)
        assert row.merged
        assert not row.hidden
        assert row.keys == {("general-outpatient", ""), ("chronic-disease", HYPERTENSION)}
        apart = figures.money(YEAR, every_disease=True)
        assert (row.total, row.funds) == (sum(x.total for x in apart), sum(x.funds for x in apart))

    def test_several_diseases_of_few_stand_together(self, hospital: Any) -> None:
        for number in range(FEWEST):
            self.bill(hospital, number + 1)
        for number in range(FEWEST):
            self.bill(hospital, number + 1, CHRONIC)
        assert len(figures.money(YEAR, every_disease=False)) == 2

    def test_the_number_of_queries_does_not_grow(
        self, hospital: Any, django_assert_max_num_queries: Any
    ) -> None:
        for number in range(3):
            self.bill(hospital, number + 1)
        with django_assert_max_num_queries(4):
            figures.money(YEAR, every_disease=False)


def _person(claim: Any) -> Any:
    from tests.claims.factories import person_of

    return person_of(claim.coverage)


def test_the_whole_page_asks_a_fixed_number_of_questions(django_assert_max_num_queries: Any) -> None:
    for number in range(8):
        decided(State.APPROVED, number + 1, date(2025, 6, 3), number)
    an_unfiled_world()
    with django_assert_max_num_queries(23):
        figures.volumes(YEAR)
        figures.load(YEAR, DAY)
        figures.outcomes(YEAR)
        figures.times(YEAR)
        figures.reasons(YEAR)
        figures.money(YEAR, every_disease=True)
