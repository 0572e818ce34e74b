"""Why a visit is not settled: one case a row, each with its named refusal, and nothing is written."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest
from django.utils import timezone

from tests.accounts.factories import HOSPITAL
from tests.people.factories import a_coverage
from tests.qualification.factories import a_qualification
from tests.settlement.factories import (
    CHRONIC,
    DAY,
    GENERAL,
    HYPERTENSION,
    OWN,
    PLAIN,
    World,
    a_hospital,
    a_line,
    a_visit,
    a_world,
    an_open_visit,
    bill_of,
    cancelled,
    described,
    registration,
    settle,
    settled,
)
from yidi.audit.models import Event
from yidi.benefit.errors import AmountMismatch, CeilingNotKnown
from yidi.catalogue.errors import NoCatalogue
from yidi.catalogue.models import CatalogueItem
from yidi.filing.errors import NoFiling
from yidi.ledger.errors import LevelUnknown
from yidi.ledger.models import Counter, CounterMove, Entry, Posting
from yidi.policy.errors import ListKnownInPart, MissingParameter
from yidi.providers.models import Provider
from yidi.qualification.errors import NotQualified, QualificationEnded
from yidi.qualification.states import State
from yidi.reference.errors import UnknownDisease
from yidi.settlement import errors, queries, services
from yidi.settlement.models import Settlement, Visit
from yidi.settlement.services import Registration
from yidi.values.errors import Refusal
from yidi.values.terms import Scheme, Standing
from yidi.values.transitions import IllegalMove

pytestmark = pytest.mark.django_db

NOT_NATIONAL = "M00105"
"""活动性肺结核: not among the ten settled between provinces."""
TABLES = (Visit, Settlement, Posting, Entry, Counter, CounterMove, Event)


@pytest.fixture
def world() -> World:
    return a_world()


def written() -> list[object]:
    """Everything that a settlement writes, as it stands."""
    rows: list[object] = [list(table.objects.order_by("pk").values_list()) for table in TABLES]
    return rows


def plain(world: World, **changes: object) -> Visit:
    return a_visit(world, [a_line(PLAIN, "100.00")], **changes)  # type: ignore[arg-type]


def unfiled(world: World) -> Visit:
    visit = plain(world)
    world.coverage.filings.all().delete()
    return visit


def not_opened(world: World) -> Visit:
    visit = plain(world)
    world.provider.services.filter(benefit=str(GENERAL)).delete()
    return visit


def disease_not_opened(world: World) -> Visit:
    visit = plain(world, benefit=CHRONIC)
    world.provider.services.filter(benefit=str(CHRONIC)).delete()
    return visit


def not_national(world: World) -> Visit:
    a_qualification(State.APPROVED, world.coverage, NOT_NATIONAL)
    visit = described(an_open_visit(world), CHRONIC, NOT_NATIONAL)
    services.add_lines(visit, "B1", [a_line(OWN, "100.00")], HOSPITAL)
    return visit


def qualification_ended(world: World) -> Visit:
    visit = plain(world, benefit=CHRONIC)
    world.coverage.qualifications.update(ends=DAY - timedelta(days=1))
    return visit


def without_level(world: World) -> Visit:
    visit = plain(world)
    Provider.objects.filter(pk=world.provider.pk).update(level="")
    return Visit.objects.select_related("provider", "coverage").get(pk=visit.pk)


def without_code(world: World) -> Visit:
    visit = plain(world)
    Provider.objects.filter(pk=world.provider.pk).update(code=None)
    return Visit.objects.select_related("provider", "coverage").get(pk=visit.pk)


def before_the_rules(world: World) -> Visit:
    world.coverage.filings.update(starts=date(2024, 1, 1))
    CatalogueItem.objects.update(valid_from=date(2024, 1, 1))
    return plain(world, day=date(2024, 12, 31))


def beyond_the_known_ceiling(world: World) -> Visit:
    return a_visit(world, [a_line(PLAIN, "5000.00")], CHRONIC)


def withdrawn(world: World) -> Visit:
    visit = plain(world)
    services.withdraw_visit(visit, HOSPITAL)
    visit.refresh_from_db()
    return visit


def settled_before(world: World) -> Visit:
    visit = plain(world)
    settle(visit)
    return visit


REFUSED: list[tuple[Callable[[World], Visit], type[Refusal], str]] = [
    (unfiled, NoFiling, "没有在上海市有效的异地就医备案"),
    (not_opened, errors.NotOpened, "示例医院1未开通“普通门诊统筹”"),
    (disease_not_opened, errors.NotOpened, "示例医院1未开通“高血压”"),
    (not_national, errors.NotNational, "不在可跨省直接结算"),
    (qualification_ended, QualificationEnded, "已于 2025-06-01 到期"),
    (without_level, LevelUnknown, "没有机构级别"),
    (without_code, errors.NotOpened, "未开通“直接结算”"),
    (before_the_rules, MissingParameter, "在 2024-12-31 的"),
    (beyond_the_known_ceiling, CeilingNotKnown, "4000.00 元"),
    (withdrawn, errors.UnknownVisit, "没有就诊号"),
    (settled_before, errors.AlreadySettled, "已于"),
    (lambda world: described(an_open_visit(world)), errors.NoLines, "收费批次“B1”没有未结算的费用明细"),
]


@pytest.mark.parametrize(
    ("arrange", "refusal", "says"), REFUSED, ids=lambda value: getattr(value, "__name__", "")
)
def test_a_visit_that_cannot_be_settled(
    arrange: Callable[[World], Visit], refusal: type[Refusal], says: str, world: World
) -> None:
    visit = arrange(world)
    before = written()
    with pytest.raises(refusal, match=says) as refused:
        settle(visit)
    assert written() == before
    assert refused.value.message.endswith("。")
    if arrange is not without_code:
        with pytest.raises(refusal):
            services.presettle(visit, bill_of(visit))


def test_a_visit_of_which_nothing_is_known_yet(world: World) -> None:
    visit = an_open_visit(world)
    with pytest.raises(errors.NoDiagnosis):
        services.add_lines(visit, "B1", [a_line(PLAIN, "1.00")], HOSPITAL)
    with pytest.raises(errors.NoDiagnosis):
        services.presettle(visit, services.Bill(GENERAL, 100, "B1"))


@pytest.mark.parametrize(
    ("changes", "refusal", "says"),
    [
        ({"total": 9_999}, errors.TotalMismatch, "医疗费总额 99.99 元与中心按明细计算的 100.00 元"),
        ({"parts": {"excluded": 1}}, errors.TotalMismatch, "全自费金额 0.01 元与中心按明细计算的 0.00 元"),
        ({"parts": {"over_limit": 1}}, errors.TotalMismatch, "超限价金额 0.01 元"),
        ({"parts": {"upfront": 1}}, errors.TotalMismatch, "先行自付金额 0.01 元"),
        (
            {"parts": {"in_scope": 0}},
            errors.TotalMismatch,
            "符合政策范围金额 0.00 元与中心按明细计算的 100.00 元",
        ),
        ({"batch": "B9"}, errors.NoLines, "收费批次“B9”"),
        ({"benefit": CHRONIC}, errors.BenefitMismatch, "上传的是普通门诊统筹，与本次请求的门诊慢特病不一致"),
    ],
)
def test_a_bill_that_does_not_agree_with_the_visit(
    changes: dict[str, object], refusal: type[Refusal], says: str, world: World
) -> None:
    visit = plain(world)
    before = written()
    bill = bill_of(visit, **changes)
    with pytest.raises(refusal, match=says):
        services.settle(visit, bill, "M", HOSPITAL)
    with pytest.raises(refusal, match=says):
        services.presettle(visit, bill)
    assert written() == before


def test_a_visit_is_settled_once(world: World) -> None:
    visit = plain(world)
    row = settle(visit)
    before = written()
    for again in (
        lambda: settle(visit),
        lambda: services.presettle(visit, bill_of(visit)),
        lambda: services.add_lines(visit, "B2", [a_line(PLAIN, "1.00")], HOSPITAL),
        lambda: services.withdraw_lines(visit, "B1", HOSPITAL),
        lambda: services.withdraw_visit(visit, HOSPITAL),
        lambda: described(visit),
    ):
        with pytest.raises(errors.AlreadySettled, match=f"结算号 {row.number}"):
            again()
    assert written() == before


def test_a_settlement_is_cancelled_once(world: World) -> None:
    row = settled(world, "100.00")
    undone = cancelled(row)
    before = written()
    with pytest.raises(errors.AlreadyCancelled, match=undone.number):
        cancelled(row)
    assert written() == before


def test_a_withdrawn_visit_takes_nothing_more(world: World) -> None:
    visit = withdrawn(world)
    for attempt in (
        lambda: services.add_lines(visit, "B2", [a_line(PLAIN, "1.00")], HOSPITAL),
        lambda: services.withdraw_lines(visit, "B1", HOSPITAL),
        lambda: described(visit),
    ):
        with pytest.raises(errors.UnknownVisit):
            attempt()
    with pytest.raises(IllegalMove):
        services.withdraw_visit(visit, HOSPITAL)


@pytest.mark.parametrize(
    ("lines", "refusal", "says"),
    [
        (["1", "1"], errors.DuplicateLine, "费用明细流水号“1”"),
        (["0"], errors.DuplicateLine, "费用明细流水号“0”"),
        (["1", "bad"], AmountMismatch, "费用明细 bad"),
    ],
)
def test_lines_are_taken_all_or_none(
    lines: list[str], refusal: type[Refusal], says: str, world: World
) -> None:
    visit = a_visit(world, [a_line(PLAIN, "1.00", serial="0")])
    wanted = [
        a_line(PLAIN, "1.00", serial=serial, **({"amount": 101} if serial == "bad" else {}))
        for serial in lines
    ]
    with pytest.raises(refusal, match=says):
        services.add_lines(visit, "B1", wanted, HOSPITAL)
    assert [row.serial for row in visit.lines.all()] == ["0"]


def test_a_region_without_a_catalogue(world: World) -> None:
    CatalogueItem.objects.all().delete()
    with pytest.raises(NoCatalogue):
        plain(world)


def test_a_disease_without_qualification_or_existence(world: World) -> None:
    visit = an_open_visit(world)
    with pytest.raises(NotQualified, match="糖尿病"):
        described(visit, CHRONIC, "M01600")
    with pytest.raises(UnknownDisease):
        described(visit, CHRONIC, "M99999")
    assert Visit.objects.get(pk=visit.pk).benefit == ""


def test_a_disease_that_the_home_pool_does_not_cover(world: World) -> None:
    """Qualified, as if by mistake, and treated in the home province, where no national list is asked."""
    home = World(world.coverage, a_hospital(2, "360102"))
    CatalogueItem.objects.update(region="360000")
    visit = not_national(home)
    with pytest.raises(ListKnownInPart):
        settle(visit)


def test_benefit_and_disease_stay_once_lines_are_split(world: World) -> None:
    visit = plain(world, benefit=CHRONIC)
    with pytest.raises(errors.LinesPresent):
        described(visit, GENERAL)
    assert described(visit, CHRONIC).disease == HYPERTENSION
    services.withdraw_lines(visit, None, HOSPITAL)
    assert described(visit, GENERAL).disease == ""


def test_a_visit_is_registered_once_and_not_ahead_of_time(world: World) -> None:
    visit = services.open_visit(world.provider, world.coverage, registration("MZ-1"), HOSPITAL)
    with pytest.raises(errors.DuplicateVisit, match=f"院内门诊号“MZ-1”已有挂号（就诊号 {visit.number}）"):
        services.open_visit(world.provider, world.coverage, registration("MZ-1"), HOSPITAL)
    services.open_visit(a_hospital(3), world.coverage, registration("MZ-1"), HOSPITAL)
    today = timezone.localdate()
    tomorrow = timezone.make_aware(datetime.combine(today + timedelta(days=1), time.min))
    later = Registration("MZ-2", tomorrow, "D1", "医师", "内科")
    with pytest.raises(errors.ServiceDate, match=f"00:00:00 晚于今天（{today}）"):
        services.open_visit(world.provider, world.coverage, later, HOSPITAL)
    tonight = Registration("MZ-3", tomorrow - timedelta(seconds=1), "D1", "医师", "内科")
    services.open_visit(world.provider, world.coverage, tonight, HOSPITAL)


@pytest.mark.parametrize("number", ["", "0", "x", "-1", "１２", "999999999999", "9" * 40])
def test_numbers_that_name_nothing(number: str, world: World) -> None:
    row = settled(world, "100.00")
    with pytest.raises(errors.UnknownVisit):
        queries.visit_of(world.provider, number, world.coverage.person.number)
    with pytest.raises(errors.UnknownSettlement):
        queries.settlement_of(row.visit, number)


def test_a_visit_belongs_to_one_provider_and_one_person(world: World) -> None:
    row = settled(world, "100.00")
    stranger = a_coverage(2, scheme=Scheme.RESIDENT, standing=Standing.ADULT).person
    with pytest.raises(errors.UnknownVisit):
        queries.visit_of(a_hospital(2), row.visit.number, world.coverage.person.number)
    with pytest.raises(errors.VisitOfAnother, match=stranger.number):
        queries.visit_of(world.provider, row.visit.number, stranger.number)
    with pytest.raises(errors.UnknownSettlement):
        queries.settlement_of(row.visit, cancelled(row).number)
