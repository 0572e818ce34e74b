"""A person's own affairs: what is asked, what ends soon, what was used this year."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.claims.factories import a_draft
from tests.filing.factories import a_filing
from tests.people.factories import a_coverage
from tests.qualification.factories import a_qualification
from tests.settlement.factories import CHRONIC, DAY, a_world, cancelled, settled
from yidi.evidence.models import Paper
from yidi.filing.states import State as FilingState
from yidi.guide.queries import home_pools
from yidi.operations.mine import Wish, about, asked_of_me, ending_soon
from yidi.operations.my_plan import Wanted, affairs_of
from yidi.operations.year import Meter, year_of
from yidi.people.models import Coverage
from yidi.policy.book import book
from yidi.qualification.states import State
from yidi.values.terms import FilingKind, Level, Material

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


class TestAsked:
    def test_the_agencys_words_come_first_then_promises_then_drafts(self) -> None:
        coverage = a_coverage()
        draft = a_qualification(coverage=coverage)
        filing = a_filing(coverage=coverage, kind=FilingKind.LONG_TERM_RESIDENT)
        more = a_qualification(
            State.MORE_EVIDENCE,
            coverage,
            "M01600",
            reason="请补近三个月病历",
            due_on=date(2025, 6, 30),
            due_by="x",
        )
        found = asked_of_me(coverage.person, TODAY())
        assert [(asked.case, asked.wish) for asked in found if asked.case != filing] == [
            (more, Wish.MORE),
            (draft, Wish.DRAFT),
        ]
        assert found[0].words == "请补近三个月病历"
        assert found[0].deadline is not None
        assert found[0].deadline.paused
        assert found[-1].deadline is None

    def test_what_is_missing_is_named(self) -> None:
        case = a_qualification()
        Paper.objects.filter(subject=case.number, material=str(Material.DIAGNOSIS)).update(
            removed_by="x", removed_at=timezone.now()
        )
        [asked] = asked_of_me(case.coverage.person, TODAY())
        assert asked.papers == ((Material.DIAGNOSIS,),)

    def test_a_claim_says_what_is_to_be_filled_in(self) -> None:
        claim = a_draft()
        [asked] = asked_of_me(claim.coverage.person, TODAY())
        assert asked.lacking
        assert about(claim) == claim.number

    def test_what_waits_for_the_agency_or_is_anothers_is_not_asked(self) -> None:
        case = a_qualification(State.SUBMITTED)
        a_qualification(coverage=a_coverage(2))
        assert asked_of_me(case.coverage.person, TODAY()) == []

    def test_a_commitment_leaves_papers_to_come(self) -> None:
        filing = a_filing()
        Paper.objects.filter(subject=filing.number, material=str(Material.RESIDENCE_PROOF)).update(
            material=str(Material.COMMITMENT)
        )
        asked = asked_of_me(filing.coverage.person, TODAY())
        assert [item.wish for item in asked] == [Wish.PROMISED]
        assert asked[0].papers

    def test_where_the_rules_are_silent_the_draft_is_asked_for_all_the_same(self) -> None:
        case = a_qualification(coverage=a_coverage(7, "440100"))
        [asked] = asked_of_me(case.coverage.person, TODAY())
        assert (asked.wish, asked.papers) == (Wish.DRAFT, ())


class TestEnding:
    @pytest.mark.parametrize(("days", "shown"), [(-1, False), (0, True), (60, True), (61, False)])
    def test_sixty_days_before(self, days: int, shown: bool) -> None:
        ends = TODAY() + timedelta(days=days)
        case = a_qualification(State.APPROVED, ends=ends)
        found = ending_soon(case.coverage.person, TODAY())
        assert [(item.case, item.days) for item in found] == ([(case, days)] if shown else [])

    def test_the_nearest_first_and_nobody_elses(self) -> None:
        coverage = a_coverage()
        late = a_qualification(State.APPROVED, coverage, ends=TODAY() + timedelta(days=30))
        soon = a_filing(FilingState.ACTIVE, coverage=coverage, ends=TODAY() + timedelta(days=3))
        a_qualification(State.APPROVED, a_coverage(2), ends=TODAY())
        assert [item.case for item in ending_soon(coverage.person, TODAY())] == [soon, late]
        assert about(soon).startswith("上海市")
        assert about(late) == "高血压"


def meters(coverage: Coverage, on: date = DAY) -> dict[str, Meter]:
    return {f"{meter.about()} {meter.what}": meter for meter in year_of(coverage, on).meters}


class TestYear:
    def test_what_was_settled_has_moved_the_meters(self) -> None:
        world = a_world()
        before = meters(world.coverage)
        general = settled(world, "1000.00")
        chronic = settled(world, "500.00", CHRONIC)
        after = meters(world.coverage)
        assert before.keys() == after.keys()
        assert {meter.used for meter in before.values()} == {0}
        assert after["普通门诊统筹 deductible"].left == 0
        assert "已经付满" in after["普通门诊统筹 deductible"].text()
        assert after["普通门诊统筹 ceiling"].used == general.fund
        assert after["高血压 ceiling"].used == chronic.fund
        assert f"{general.fund // 100}.00 元" in after["普通门诊统筹 ceiling"].text()

    def test_a_cancelled_bill_leaves_nothing_behind(self) -> None:
        world = a_world()
        cancelled(settled(world, "1000.00"))
        assert {meter.used for meter in meters(world.coverage).values()} == {0}

    def test_a_new_year_begins_anew(self) -> None:
        world = a_world()
        settled(world, "1000.00")
        assert {meter.used for meter in meters(world.coverage, date(2026, 1, 1)).values()} == {0}

    def test_a_range_promises_its_lower_end_only(self) -> None:
        meter = meters(a_world().coverage)["高血压 ceiling"]
        assert meter.certain_to is not None
        assert meter.left == meter.certain_to < meter.limit
        assert "至少" in meter.text()
        assert "at least" in meter.text("en")

    def test_where_sources_disagree_it_says_so(self) -> None:
        assert meters(a_world().coverage)["普通门诊统筹 ceiling"].contests

    def test_where_no_rule_is_on_record_the_refusal_stands(self) -> None:
        year = year_of(a_coverage(3, "310000"), DAY)
        assert year.meters == ()
        assert [refusal.code for refusal in year.refusals] == ["POLICY-MISSING"]

    def test_no_meter_is_without_words(self) -> None:
        """Every pool with rules, both schemes: each meter says something in both languages, none twice."""
        coverage, found = a_coverage(), 0
        for pool in (region.code for _, cities in home_pools(book()) for region in cities):
            for coverage.scheme, coverage.standing in (("employee", "retired"), ("resident", "adult")):
                coverage.pool = pool
                meters = year_of(coverage, date(2026, 11, 30)).meters
                found += len(meters)
                assert len({(m.what, m.counter, m.limit, m.fund) for m in meters}) == len(meters)
                for meter in meters:
                    assert meter.text() != meter.text("en")
                    assert meter.about()
        assert found > 20

    def test_it_asks_the_database_a_few_times_only(self) -> None:
        world = a_world()
        for disease in ("M01600", "M04600"):
            a_qualification(State.APPROVED, world.coverage, disease)
        with CaptureQueriesContext(connection) as queries:
            year_of(world.coverage, DAY)
        assert len(queries) <= 3


class TestPlan:
    """The living plan of what is granted and has not begun yet."""

    def test_what_begins_later_is_not_over(self) -> None:
        coverage, today = a_coverage(), TODAY()
        later = today + timedelta(days=20)
        filing = a_filing(coverage=coverage, starts=later, filed_on=today)
        held = a_qualification(State.APPROVED, coverage, starts=later)
        for on in (today, later, later + timedelta(days=5)):
            wanted = Wanted("310000", held.disease, Level.TERTIARY, on)
            affairs = affairs_of(coverage, wanted, today).cases
            assert (affairs["file"].number, affairs["file"].state) == (filing.number, "active")
            assert (affairs["qualify"].number, affairs["qualify"].state) == (held.number, "approved")

    def test_what_has_ended_is_over(self) -> None:
        coverage, today = a_coverage(), TODAY()
        a_filing(coverage=coverage, ends=today - timedelta(days=1))
        held = a_qualification(State.APPROVED, coverage, ends=today - timedelta(days=1))
        affairs = affairs_of(coverage, Wanted("310000", held.disease, Level.TERTIARY, today), today).cases
        assert {affair.state for affair in affairs.values()} == {"expired"}
