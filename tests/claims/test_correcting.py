"""What a clerk puts right before assessing: the provider, its level, the lines; and what keeps an assessment from being made."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.accounts.factories import CLERK, PERSON, SUPERVISOR
from tests.claims.factories import PAPERS, a_claim, an_unfiled_world, person_of, show, start, submit
from tests.people.factories import a_coverage
from tests.settlement.factories import DAY, PLAIN, RESTRICTED, World, a_catalogue, a_hospital, a_line
from yidi.audit.models import Event
from yidi.casework.errors import ReasonNeeded
from yidi.catalogue.errors import NoCatalogue
from yidi.claims import drafting, errors, queries, services
from yidi.claims.models import Claim, ClaimAssessment
from yidi.claims.states import State
from yidi.ledger.errors import LevelUnknown
from yidi.ledger.models import Posting
from yidi.policy.errors import MissingParameter
from yidi.providers.models import Provider
from yidi.values.terms import Level, Material, Scheme, Standing

pytestmark = pytest.mark.django_db


def a_described_claim() -> Claim:
    """Handed in; the provider is not in the register as the person knows it."""
    claim = start(an_unfiled_world())
    drafting.save(claim, PERSON, provider_name="沪上某医院", care_region="310106")
    submit(claim)
    return claim


def test_a_provider_is_named_by_the_clerk_before_the_assessment() -> None:
    claim = a_described_claim()
    with pytest.raises(errors.ProviderUnnamed, match="“沪上某医院”还没有对应到机构登记"):
        services.assess(claim, CLERK)
    services.name_provider(claim, Provider.objects.get(), CLERK)
    assert services.assess(claim, CLERK).level == "tertiary"
    row = Claim.objects.get(pk=claim.pk)
    assert (row.provider, row.provider_name) == (Provider.objects.get(), "沪上某医院"), (
        "what was written is kept"
    )
    event = Event.objects.get(action="claims:name-provider")
    assert (event.actor, event.reason) == (CLERK.name, "示例医院1")


def test_a_level_that_the_register_lacks_is_established_with_a_reason() -> None:
    claim = a_claim(State.SUBMITTED)
    Provider.objects.update(level="")
    provider = Provider.objects.get()
    with pytest.raises(LevelUnknown):
        services.assess(claim, CLERK)
    with pytest.raises(ReasonNeeded):
        services.name_provider(claim, provider, CLERK, Level.SECONDARY)
    services.name_provider(claim, provider, CLERK, Level.SECONDARY, "上海市卫健委公布的等级")
    assert services.assess(claim, CLERK).level == "secondary"
    assert Event.objects.get(action="claims:name-provider").reason == "示例医院1二级：上海市卫健委公布的等级"


def test_what_the_register_says_goes_before_what_a_clerk_says() -> None:
    claim = a_claim(State.SUBMITTED)
    services.name_provider(claim, Provider.objects.get(), CLERK, Level.PRIMARY, "误")
    assert services.assess(claim, CLERK).level == "tertiary"


def test_another_provider_takes_the_clerks_word_about_the_first_away() -> None:
    claim = a_claim(State.SUBMITTED)
    Provider.objects.update(level="")
    services.name_provider(claim, Provider.objects.get(), CLERK, Level.PRIMARY, "有文件")
    services.ask_for_more(claim, "请核对医院", CLERK)
    drafting.save(claim, PERSON, provider=Provider.objects.get(), emergency=False)
    assert Claim.objects.get(pk=claim.pk).level == "primary", "the same as before"
    drafting.save(claim, PERSON, provider=a_hospital(2, level=""))
    assert Claim.objects.get(pk=claim.pk).level == ""


CORRECTIONS: dict[str, Callable[[Claim], Any]] = {
    "lines": lambda claim: services.correct_lines(claim, [a_line(PLAIN, "1000.00")], "照清单", SUPERVISOR),
    "provider": lambda claim: services.name_provider(claim, a_hospital(2), SUPERVISOR),
}


@pytest.mark.parametrize("correction", CORRECTIONS)
def test_a_correction_drops_the_assessment(correction: str) -> None:
    claim = a_claim(State.ASSESSED)
    CORRECTIONS[correction](claim)
    assert claim.state == State.SUBMITTED
    assert not ClaimAssessment.objects.exists()
    assert queries.assessment_of(claim) is None
    with pytest.raises(errors.NotNow):
        services.approve(claim, SUPERVISOR)
    services.assess(claim, CLERK)
    services.approve(claim, SUPERVISOR)


def test_corrected_lines_stand_beside_those_handed_in() -> None:
    claim = a_claim(State.SUBMITTED)
    bill = [a_line(PLAIN, "400.00"), a_line("Z9", "600.00")]
    with pytest.raises(ReasonNeeded):
        services.correct_lines(claim, bill, "", CLERK)
    with pytest.raises(errors.TotalMismatch):
        services.correct_lines(claim, bill[:1], "少一行", CLERK)
    services.correct_lines(claim, bill, "照费用清单分列", CLERK)
    assert [line.amount for line in queries.lines_of(claim)] == [40_000, 60_000]
    assert [line.amount for line in queries.lines_of(claim, 1)] == [100_000]
    assert services.assess(claim, CLERK).excluded == 60_000
    event = Event.objects.get(action="claims:correct")
    assert (event.actor, event.reason) == (CLERK.name, "照费用清单分列")


def test_the_total_is_corrected_with_the_lines() -> None:
    claim = a_claim(State.SUBMITTED)
    services.correct_lines(claim, [a_line(PLAIN, "900.00")], "票据为 900 元", CLERK, total=90_000)
    assert Claim.objects.get(pk=claim.pk).total == 90_000
    with pytest.raises(errors.BadTotal):
        services.correct_lines(claim, [], "清空", CLERK, total=0)


def test_lines_without_a_code_wait_for_the_clerk() -> None:
    claim = a_claim(State.SUBMITTED)
    bill = [a_line("", "400.00"), a_line(PLAIN, "500.00"), a_line(" ", "100.00")]
    services.correct_lines(claim, bill, "照清单", CLERK)
    with pytest.raises(errors.CodeMissing, match="第 1、3 行没有医保目录编码"):
        services.assess(claim, CLERK)
    coded = [a_line(PLAIN, "400.00"), a_line(PLAIN, "500.00"), a_line(services.NOT_LISTED, "100.00")]
    services.correct_lines(claim, coded, "查得编码", CLERK)
    assert services.assess(claim, CLERK).excluded == 10_000


def test_a_restricted_item_is_paid_where_the_clerk_saw_the_approval() -> None:
    claim = a_claim(State.SUBMITTED)
    services.correct_lines(claim, [a_line(RESTRICTED, "1000.00")], "照清单", CLERK)
    assert services.assess(claim, CLERK).excluded == 100_000
    services.correct_lines(claim, [a_line(RESTRICTED, "1000.00", approved=True)], "处方有审批", CLERK)
    assert services.assess(claim, CLERK).excluded == 0


# what keeps an assessment from being made


@pytest.mark.parametrize(
    ("pool", "scheme", "standing", "told"),
    [
        ("410100", Scheme.EMPLOYEE, Standing.RETIRED, "河南省郑州市职工医保普通门诊统筹"),
        ("410100", Scheme.RESIDENT, Standing.ADULT, "河南省郑州市居民医保普通门诊统筹"),
        ("360100", Scheme.RESIDENT, Standing.ADULT, "江西省南昌市居民医保普通门诊统筹"),
        ("330100", Scheme.EMPLOYEE, Standing.RETIRED, "浙江省杭州市职工医保普通门诊统筹"),
    ],
)
def test_without_an_adopted_rule_the_claim_stays_where_it_is(
    pool: str, scheme: Scheme, standing: Standing, told: str
) -> None:
    a_catalogue()
    world = World(a_coverage(2, pool, scheme, standing), a_hospital())
    claim = start(world)
    show(claim, [*PAPERS, Material.PRESCRIPTION_OR_RECORDS])
    clerk = replace(CLERK, region=pool)
    services.submit(claim, person_of(world.coverage))
    with pytest.raises(MissingParameter, match=f"规则库没有收录{told}在 2025-06-02 的"):
        services.assess(claim, clerk)
    assert (claim.state, Claim.objects.get(pk=claim.pk).state) == (State.SUBMITTED, State.SUBMITTED)
    assert not ClaimAssessment.objects.exists()
    assert not Posting.objects.exists()
    services.ask_for_more(claim, "规则未定，请先补处方", clerk)


def test_without_a_catalogue_of_the_care_region_the_claim_stays_where_it_is() -> None:
    claim = a_claim(State.SUBMITTED)
    services.name_provider(claim, a_hospital(2, "110101"), CLERK)
    with pytest.raises(NoCatalogue):
        services.assess(claim, CLERK)
    assert Claim.objects.get(pk=claim.pk).state == State.SUBMITTED
    assert claim.day == DAY
