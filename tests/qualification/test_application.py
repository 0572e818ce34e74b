"""From application to the right that a bill stands on."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.accounts.factories import CLERK, PERSON
from tests.casework.factories import at_the_window
from tests.people.factories import a_coverage
from tests.qualification.factories import DAY, EVIDENCE, HYPERTENSION, a_qualification
from tests.settlement.factories import a_hospital
from yidi.audit.models import Event
from yidi.evidence.queries import papers_of
from yidi.policy.errors import DiseaseNotCovered
from yidi.providers.errors import UnknownProvider
from yidi.qualification import queries, services
from yidi.qualification.errors import (
    AlreadyOpen,
    EvidenceMissing,
    NotAtProvider,
    NotQualified,
    QualificationEnded,
    QualificationPending,
    StillHeld,
)
from yidi.qualification.models import Qualification
from yidi.qualification.states import State
from yidi.values.terms import Material, Scheme, Standing

pytestmark = pytest.mark.django_db

DIABETES = "M01600"


def test_from_application_to_approval() -> None:
    coverage = a_coverage()
    case = services.apply(coverage, HYPERTENSION, DAY, PERSON)
    for material in EVIDENCE:
        services.show_evidence(case, material, "上海某医院 2025-05-08", at_the_window(coverage))
    services.submit(case, PERSON)
    services.take_up(case, CLERK)
    services.approve(case, DAY, CLERK)
    assert queries.need(coverage, HYPERTENSION, DAY) == case
    assert list(queries.held_on(coverage, DAY)) == [case]
    assert list(Event.objects.order_by("pk").values_list("action", flat=True)) == [
        "qualification:apply",
        *["evidence:show"] * len(EVIDENCE),
        "qualification:submitted",
        "qualification:under-review",
        "qualification:approved",
    ]


@pytest.mark.parametrize("absent", [paper for paper in EVIDENCE[1:] if paper is not queries.MADE_HERE])
def test_what_is_missing_is_named(absent: Material) -> None:
    case = a_qualification()
    papers_of(case.number).filter(material=str(absent)).delete()
    with pytest.raises(EvidenceMissing) as refused:
        services.submit(case, PERSON)
    assert f"申请高血压待遇资格认定还缺材料：{absent.zh}。" in refused.value.message
    assert Qualification.objects.get(pk=case.pk).state == State.DRAFT


def test_of_several_papers_that_will_do_all_are_named() -> None:
    case = a_qualification()
    papers_of(case.number).delete()
    with pytest.raises(EvidenceMissing, match="有效身份证件或医保电子凭证或社会保障卡；"):
        services.submit(case, PERSON)


@pytest.mark.parametrize("shown", [Material.ID_CARD, Material.E_VOUCHER, Material.SOCIAL_CARD])
def test_any_one_of_a_group_will_do(shown: Material) -> None:
    case = a_qualification()
    papers_of(case.number).filter(material=str(Material.ID_CARD)).update(material=str(shown))
    services.submit(case, PERSON)
    assert case.state == State.SUBMITTED


def test_a_paper_shown_again_replaces_the_note() -> None:
    case = a_qualification()
    services.show_evidence(case, Material.DIAGNOSIS, "新的诊断书", at_the_window(case.coverage))
    assert papers_of(case.number).get(material=str(Material.DIAGNOSIS)).description == "新的诊断书"
    assert papers_of(case.number).count() == len(EVIDENCE)


@pytest.mark.parametrize("state", list(State))
def test_one_application_at_a_time(state: State) -> None:
    case = a_qualification(state)
    again = state in (State.WITHDRAWN, State.EXPIRED, State.REJECTED)
    if again:
        assert services.apply(case.coverage, HYPERTENSION, DAY, PERSON).pk != case.pk
        return
    with pytest.raises(AlreadyOpen, match=f"高血压已有一份{state.zh}的认定（{case.number}）"):
        services.apply(case.coverage, HYPERTENSION, DAY, PERSON)
    with pytest.raises(IntegrityError), transaction.atomic():
        a_qualification(state, case.coverage)
    assert services.apply(case.coverage, DIABETES, DAY, PERSON).disease == DIABETES


def test_a_disease_that_the_pool_does_not_cover() -> None:
    with pytest.raises(DiseaseNotCovered):
        services.apply(a_coverage(), "M99999", DAY, PERSON)
    assert not Qualification.objects.exists()


def test_both_schemes_may_apply() -> None:
    resident = a_coverage(scheme=Scheme.RESIDENT, standing=Standing.SENIOR)
    assert services.apply(resident, HYPERTENSION, DAY, PERSON).state == State.DRAFT


@pytest.mark.parametrize(
    ("on", "holds"),
    [
        (date(2024, 12, 31), False),
        (date(2025, 1, 1), True),
        (date(2025, 6, 1), True),
        (date(2025, 6, 2), False),
    ],
)
@pytest.mark.parametrize("state", [State.APPROVED, State.EXPIRED])
def test_a_qualification_holds_from_its_first_day_to_its_last(on: date, holds: bool, state: State) -> None:
    case = a_qualification(state, starts=date(2025, 1, 1), ends=date(2025, 6, 1))
    assert queries.held_on(case.coverage, on).exists() == holds
    if not holds:
        with pytest.raises(NotQualified, match="“高血压”门诊慢特病待遇资格"):
            queries.need(case.coverage, HYPERTENSION, on)


def test_a_refusal_says_why_there_is_none() -> None:
    coverage = a_coverage()
    with pytest.raises(NotQualified, match="资格，不能按门诊慢特病结算"):
        queries.need(coverage, HYPERTENSION, DAY)
    case = a_qualification(State.SUBMITTED, coverage)
    with pytest.raises(QualificationPending, match=f"：认定 {case.number} 为“已提交”。"):
        queries.need(coverage, HYPERTENSION, DAY)
    Qualification.objects.filter(pk=case.pk).update(
        state=str(State.EXPIRED), starts=date(2024, 1, 1), ends=date(2024, 12, 31), decided_on=DAY
    )
    with pytest.raises(QualificationEnded, match="已于 2024-12-31 到期"):
        queries.need(coverage, HYPERTENSION, DAY)


def test_an_open_ended_qualification_holds_on() -> None:
    case = a_qualification(State.APPROVED)
    assert queries.need(case.coverage, HYPERTENSION, DAY + timedelta(days=4000)) == case
    with pytest.raises(NotQualified):
        queries.need(case.coverage, DIABETES, DAY)


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"state": "asleep"}, "qualification_state"),
        ({"state": "approved", "starts": None}, "qualification_approved_from"),
        ({"starts": DAY, "ends": DAY - timedelta(days=1)}, "qualification_dates"),
    ],
)
def test_the_database_refuses_what_cannot_be(changes: dict[str, object], constraint: str) -> None:
    case = a_qualification()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Qualification.objects.filter(pk=case.pk).update(**changes)


def test_numbers() -> None:
    case = a_qualification()
    assert str(case) == case.number == f"Q{case.pk:010d}"


@pytest.mark.parametrize(
    ("named", "at", "holds"),
    [([], 2, True), ([1], 1, True), ([1], 2, False), ([1, 2], 2, True), ([1], 3, True)],
    ids=["nobody named", "the one named", "another", "one of two", "away from home"],
)
def test_an_approval_may_name_providers_of_the_home_pool(named: list[int], at: int, holds: bool) -> None:
    places = {1: a_hospital(1, "360102"), 2: a_hospital(2, "360103"), 3: a_hospital(3, "310106")}
    case = a_qualification(State.UNDER_REVIEW)
    services.approve(case, DAY, CLERK, providers=[places[number].code for number in named])
    if holds:
        assert queries.need(case.coverage, HYPERTENSION, DAY, places[at]) == case
        return
    with pytest.raises(NotAtProvider, match="限定在以下医疗机构使用：示例医院1，不能在示例医院2"):
        queries.need(case.coverage, HYPERTENSION, DAY, places[at])


def test_an_approval_names_providers_that_there_are() -> None:
    case = a_qualification(State.UNDER_REVIEW)
    with pytest.raises(UnknownProvider):
        services.approve(case, DAY, CLERK, providers=["H36010299999"])
    assert Qualification.objects.get(pk=case.pk).state == State.UNDER_REVIEW


def test_why_an_agency_ends_one_stands_in_the_trail() -> None:
    services.expire(a_qualification(State.APPROVED), DAY, CLERK, " 参保关系已转出 ")
    assert Event.objects.get().reason == "参保关系已转出"


APPLYING_ANEW = """
state         ends  refused
approved      -1    -
approved      0     -
approved      90    -
approved      91    QUAL-EARLY
approved      none  QUAL-OPEN
expired       none  -
draft         none  QUAL-OPEN
more-evidence none  QUAL-OPEN
"""
"""The last day in days from today; whether the nightly job has run makes no difference."""


@pytest.mark.parametrize("row", APPLYING_ANEW.strip().splitlines()[1:])
def test_one_may_apply_for_what_follows_when_the_end_is_near(row: str) -> None:
    state, ends, refused = row.split()
    today = timezone.localdate()
    last = None if ends == "none" else today + timedelta(days=int(ends))
    old = a_qualification(State(state), ends=last)
    if refused != "-":
        with pytest.raises(AlreadyOpen, match=old.number) as told:
            services.apply(old.coverage, old.disease, today, PERSON)
        assert told.value.code == refused
        return
    new = services.apply(old.coverage, old.disease, today, PERSON)
    old.refresh_from_db()
    assert (old.state, old.ends, new.state) == (state, last, State.DRAFT)
    with pytest.raises(AlreadyOpen, match=new.number):
        services.apply(old.coverage, old.disease, today, PERSON)


FOLLOWING = """
old       starts  ends  refused
approved  0       400   yes
approved  30      400   yes
approved  31      400   no
approved  31      none  no
approved  40      none  no
expired   30      400   yes
expired   31      none  no
"""
"""The old one's last day is 30 days from today."""


@pytest.mark.parametrize("row", FOLLOWING.strip().splitlines()[1:])
def test_never_two_hold_on_one_day(row: str) -> None:
    state, starts, ends, refused = row.split()
    today = timezone.localdate()
    old = a_qualification(State(state), ends=today + timedelta(days=30))
    new = a_qualification(State.UNDER_REVIEW, old.coverage)
    first = today + timedelta(days=int(starts))
    last = None if ends == "none" else today + timedelta(days=int(ends))
    if refused == "yes":
        with pytest.raises(StillHeld, match=f"{old.number}，2025-01-01 至 {old.ends}"):
            services.approve(new, first, CLERK, last)
        assert Qualification.objects.get(pk=new.pk).state == State.UNDER_REVIEW
        return
    services.approve(new, first, CLERK, last)
    for days, held in ((30, old), (int(starts), new)):
        day = today + timedelta(days=days)
        assert list(queries.held_on(old.coverage, day)) == [held]
        assert queries.need(old.coverage, HYPERTENSION, day) == held


@pytest.mark.parametrize(("ends", "free"), [(None, 0), (-5, 0), (-1, 0), (0, 1), (30, 31)])
def test_the_first_day_that_is_free(ends: int | None, free: int) -> None:
    today = timezone.localdate()
    case = a_qualification(State.UNDER_REVIEW)
    a_qualification(State.APPROVED, case.coverage, DIABETES, ends=today + timedelta(days=500))
    if ends is not None:
        a_qualification(State.APPROVED, case.coverage, ends=today + timedelta(days=ends))
    assert queries.first_free_day(case, today) == today + timedelta(days=free)


def test_the_database_keeps_one_without_a_last_day() -> None:
    case = a_qualification(State.APPROVED)
    with pytest.raises(IntegrityError), transaction.atomic():
        a_qualification(State.APPROVED, case.coverage, starts=DAY)
