"""Filing for care elsewhere, and how a visit then stands."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F

from tests.accounts.factories import PERSON, WINDOW
from tests.filing.factories import DAY, PAPERS, SHANGHAI, a_filing, filed
from tests.people.factories import a_coverage
from yidi.audit.models import Event
from yidi.evidence.queries import materials_of
from yidi.filing import services
from yidi.filing.errors import (
    AlreadyFiled,
    EndDateNeeded,
    EndsBeforeStart,
    MaterialsMissing,
    NoFiling,
    NotNeeded,
)
from yidi.filing.models import Filing
from yidi.filing.queries import MADE_HERE, check_settles_directly, in_force, situation
from yidi.filing.states import IN_HAND, State
from yidi.reference.errors import UnknownRegion
from yidi.values.terms import FilingKind, Material, Scheme, Situation, Standing

pytestmark = pytest.mark.django_db

LONG_TERM = (FilingKind.RESETTLED_RETIREE, FilingKind.LONG_TERM_RESIDENT, FilingKind.POSTED_WORKER)
TEMPORARY = (FilingKind.REFERRAL, FilingKind.OTHER_TEMPORARY)


@pytest.mark.parametrize("kind", LONG_TERM)
def test_a_long_term_filing_takes_effect_at_once_and_stays(kind: FilingKind) -> None:
    case = filed(a_coverage(), kind, "310106", DAY, PAPERS[kind])
    assert (case.state, case.care_region, case.starts, case.ends) == (State.ACTIVE, SHANGHAI, DAY, None)
    assert materials_of(case.number) == set(PAPERS[kind])
    events = Event.objects.order_by("pk").values_list("action", "actor", "reason")
    assert list(events) == [
        ("filing:draft", WINDOW.name, ""),
        *[("evidence:show", WINDOW.name, paper.zh) for paper in sorted(PAPERS[kind])],
        ("filing:submitted", WINDOW.name, ""),
        ("filing:active", "yidi", "即时生效"),
    ]


@pytest.mark.parametrize("kind", TEMPORARY)
def test_a_temporary_filing_needs_an_end_date(kind: FilingKind) -> None:
    coverage = a_coverage()
    with pytest.raises(EndDateNeeded, match=f"“{kind.zh}”备案有到期日"):
        filed(coverage, kind, SHANGHAI, DAY, PAPERS[kind])
    assert not Filing.objects.exists()
    case = filed(coverage, kind, SHANGHAI, DAY, PAPERS[kind], ends=DAY + timedelta(days=30))
    assert (case.state, case.ends) == (State.ACTIVE, date(2025, 7, 2))


@pytest.mark.parametrize("scheme", list(Scheme))
@pytest.mark.parametrize(
    "proof", [Material.RESIDENCE_PROOF, Material.COMMITMENT], ids=["proof", "commitment letter"]
)
def test_a_commitment_letter_stands_for_the_proof(scheme: Scheme, proof: Material) -> None:
    standing = Standing.RETIRED if scheme is Scheme.EMPLOYEE else Standing.SENIOR
    coverage = a_coverage(scheme=scheme, standing=standing)
    papers = (Material.E_VOUCHER, Material.JIANGXI_FILING_FORM, proof)
    case = filed(coverage, FilingKind.LONG_TERM_RESIDENT, SHANGHAI, DAY, papers)
    assert case.state == State.ACTIVE


@pytest.mark.parametrize("kind", [*LONG_TERM, *TEMPORARY])
def test_what_is_missing_is_named(kind: FilingKind) -> None:
    for absent in set(PAPERS[kind]) - set(MADE_HERE):
        shown = [material for material in PAPERS[kind] if material is not absent]
        with pytest.raises(MaterialsMissing) as refused:
            filed(a_coverage(), kind, SHANGHAI, DAY, shown, ends=DAY)
        assert f"办理“{kind.zh}”备案还缺材料：" in refused.value.message
        assert absent.zh in refused.value.message
        assert refused.value.message.count("；") == 0, "only one thing is missing"
    assert not Filing.objects.exists()


@pytest.mark.parametrize(
    ("care", "kind", "why"),
    [
        ("360100", FilingKind.LONG_TERM_RESIDENT, "就医地就是参保地"),
        ("360102", FilingKind.LONG_TERM_RESIDENT, "就医地就是参保地"),
        ("360700", FilingKind.LONG_TERM_RESIDENT, "省内异地就医免备案"),
        ("360702", FilingKind.REFERRAL, "省内异地就医免备案"),
        (SHANGHAI, FilingKind.EMERGENCY, "这类就医视同已备案"),
    ],
)
def test_where_no_filing_is_needed(care: str, kind: FilingKind, why: str) -> None:
    with pytest.raises(NotNeeded, match=f"无需办理“{kind.zh}”备案：{why}。"):
        services.file(a_coverage(), kind, care, DAY, PAPERS.get(kind, ()), PERSON)
    assert not Filing.objects.exists()


def test_a_filing_that_ends_before_it_starts() -> None:
    kind = FilingKind.REFERRAL
    with pytest.raises(EndsBeforeStart, match="截止日期 2025-06-01 早于开始日期 2025-06-02"):
        filed(a_coverage(), kind, SHANGHAI, DAY, PAPERS[kind], ends=date(2025, 6, 1))
    assert filed(a_coverage(), kind, SHANGHAI, DAY, PAPERS[kind], ends=DAY).ends == DAY


def test_a_region_that_does_not_exist() -> None:
    with pytest.raises(UnknownRegion):
        filed(a_coverage(), FilingKind.LONG_TERM_RESIDENT, "999999", DAY, [])


@pytest.mark.parametrize("state", list(State))
def test_one_filing_at_a_time_for_a_region(state: State) -> None:
    held = a_filing(state)
    kind = FilingKind.LONG_TERM_RESIDENT
    if state not in (*IN_HAND, State.ACTIVE):
        assert filed(held.coverage, kind, SHANGHAI, DAY, PAPERS[kind]).state == State.ACTIVE
        return
    with pytest.raises(AlreadyFiled, match=f"上海市已有一份{state.zh}的备案（{held.number}）"):
        filed(held.coverage, kind, "310106", DAY, PAPERS[kind])
    assert filed(held.coverage, kind, "440300", DAY, PAPERS[kind]).care_region == "440300"
    with pytest.raises(IntegrityError), transaction.atomic():
        a_filing(state, held.coverage)


@pytest.mark.parametrize(
    ("state", "starts", "ends", "on", "known_by", "counts"),
    [
        (State.ACTIVE, "2025-06-01", None, "2025-06-02", "2025-06-02", True),
        (State.ACTIVE, "2025-06-02", None, "2025-06-02", "2025-06-02", True),
        (State.ACTIVE, "2025-06-03", None, "2025-06-02", "2025-06-02", False),
        (State.ACTIVE, "2025-06-03", None, "2025-06-02", "2025-06-03", True),
        (State.ACTIVE, "2025-06-03", None, "2025-06-02", "2025-06-09", True),
        (State.ACTIVE, "2025-01-01", "2025-06-01", "2025-06-02", "2025-06-02", False),
        (State.ACTIVE, "2025-01-01", "2025-06-02", "2025-06-02", "2025-06-02", True),
        (State.CANCELLED, "2025-01-01", "2025-06-02", "2025-06-02", "2025-06-09", True),
        (State.CANCELLED, "2025-01-01", "2025-06-01", "2025-06-02", "2025-06-09", False),
        (State.EXPIRED, "2025-01-01", "2025-06-02", "2025-06-01", "2025-06-09", True),
        (State.REPLACED, "2025-01-01", "2025-06-02", "2025-06-01", "2025-06-09", True),
        (State.DRAFT, "2025-01-01", None, "2025-06-02", "2025-06-02", False),
        (State.MORE_EVIDENCE, "2025-01-01", None, "2025-06-02", "2025-06-02", False),
        (State.SUBMITTED, "2025-01-01", None, "2025-06-02", "2025-06-02", False),
        (State.REJECTED, "2025-01-01", None, "2025-06-02", "2025-06-02", False),
        (State.WITHDRAWN, "2025-01-01", None, "2025-06-02", "2025-06-02", False),
    ],
)
def test_which_filing_covers_a_visit(
    state: State, starts: str, ends: str | None, on: str, known_by: str, counts: bool
) -> None:
    day = date.fromisoformat
    case = a_filing(state, starts=day(starts), ends=day(ends) if ends else None)
    assert in_force(case.coverage, "310106", day(on), day(known_by)) == (case if counts else None)
    assert in_force(case.coverage, "440300", day(on), day(known_by)) is None


def test_filing_afterwards_counts_for_settling_but_not_for_a_claim() -> None:
    """Settling passes today as `known_by`, a claim the day of service (facts N-303)."""
    case = a_filing(starts=DAY + timedelta(days=3))
    today = DAY + timedelta(days=5)
    assert situation(case.coverage, SHANGHAI, DAY, known_by=today) is Situation.LONG_TERM_RESIDENT
    assert situation(case.coverage, SHANGHAI, DAY, known_by=DAY) is Situation.UNFILED


@pytest.mark.parametrize(
    ("care", "emergency", "where"),
    [
        ("360100", False, Situation.LOCAL),
        ("360121", True, Situation.LOCAL),
        ("360700", False, Situation.EXEMPT),
        ("360700", True, Situation.EXEMPT),
        (SHANGHAI, False, Situation.UNFILED),
        (SHANGHAI, True, Situation.EMERGENCY),
    ],
)
def test_how_a_visit_without_a_filing_stands(care: str, emergency: bool, where: Situation) -> None:
    coverage = a_coverage()
    assert situation(coverage, care, DAY, DAY, emergency) is where
    if where is Situation.UNFILED:
        with pytest.raises(NoFiling, match="没有在上海市有效的异地就医备案"):
            check_settles_directly(coverage, care, where, DAY)
    else:
        check_settles_directly(coverage, care, where, DAY)


@pytest.mark.parametrize("kind", [*LONG_TERM, *TEMPORARY])
def test_a_filing_decides_how_the_visit_stands(kind: FilingKind) -> None:
    case = a_filing(kind=kind)
    assert situation(case.coverage, SHANGHAI, DAY, DAY) == str(kind)


def test_an_emergency_never_stands_worse_than_without_a_filing() -> None:
    case = a_filing(kind=FilingKind.OTHER_TEMPORARY)
    assert situation(case.coverage, SHANGHAI, DAY, DAY, emergency=True) is Situation.EMERGENCY
    settled_there = a_filing(coverage=a_coverage(2))
    assert (
        situation(settled_there.coverage, SHANGHAI, DAY, DAY, emergency=True) is Situation.LONG_TERM_RESIDENT
    )


def test_a_filing_made_later_does_not_change_an_old_claim() -> None:
    case = a_filing(filed_on=DAY + timedelta(days=1))
    assert situation(case.coverage, SHANGHAI, DAY, DAY) is Situation.UNFILED
    assert situation(case.coverage, SHANGHAI, DAY, DAY + timedelta(days=1)) is Situation.LONG_TERM_RESIDENT


def test_the_filing_that_held_on_the_day_goes_before_a_later_one() -> None:
    first = a_filing(State.CANCELLED, ends=DAY)
    a_filing(coverage=first.coverage, kind=FilingKind.OTHER_TEMPORARY, starts=DAY + timedelta(days=1))
    later = DAY + timedelta(days=9)
    assert situation(first.coverage, SHANGHAI, DAY, later) is Situation.LONG_TERM_RESIDENT
    assert situation(first.coverage, SHANGHAI, later, later) is Situation.OTHER_TEMPORARY


def test_a_lapsed_filing_makes_room_for_a_new_one() -> None:
    lapsed = a_filing(kind=FilingKind.OTHER_TEMPORARY, ends=DAY)
    kind = FilingKind.LONG_TERM_RESIDENT
    filed(lapsed.coverage, kind, SHANGHAI, DAY + timedelta(days=1), PAPERS[kind])
    assert Filing.objects.get(pk=lapsed.pk).state == State.EXPIRED


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"state": "asleep"}, "filing_state"),
        ({"kind": "holiday"}, "filing_kind"),
        ({"ends": date(2024, 12, 31)}, "filing_dates"),
        ({"filed_on": None}, "filing_filed_on"),
        ({"rejected_for": "whim"}, "filing_rejected_for"),
        ({"replaces": F("pk")}, "filing_replaces_another"),
        ({"decided_on": None}, "filing_clock_counts"),
        ({"paused_on": date(2025, 1, 2)}, "filing_clock_pauses"),
        ({"due_on": date(2025, 1, 2)}, "filing_term_has_source"),
    ],
)
def test_the_database_refuses_what_cannot_be(changes: dict[str, object], constraint: str) -> None:
    case = a_filing()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Filing.objects.filter(pk=case.pk).update(**changes)


def test_a_number() -> None:
    case = a_filing()
    assert str(case) == case.number == f"F{case.pk:010d}"
