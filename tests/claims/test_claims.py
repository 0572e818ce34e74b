"""Paying in full and claiming afterwards: assessed by the engine that settles, booked once."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.accounts.factories import CLEARING, CLERK, PERSON, SUPERVISOR
from tests.claims.factories import PAPERS, a_claim, an_unfiled_world, person_of, show, start
from tests.filing.factories import a_filing
from tests.people.factories import a_coverage
from tests.qualification.factories import a_qualification
from tests.settlement.factories import (
    CHRONIC,
    DAY,
    GENERAL,
    HYPERTENSION,
    OWN,
    PLAIN,
    SHARED,
    World,
    a_catalogue,
    a_hospital,
    a_line,
    a_world,
    cancelled,
    settled,
)
from yidi.benefit.adjudicate import Counter
from yidi.benefit.errors import AmountMismatch
from yidi.catalogue.errors import NoCatalogue
from yidi.catalogue.models import CatalogueItem
from yidi.claims import errors, queries, services
from yidi.claims.models import AssessedLine, Claim, ClaimAssessment, ClaimLine
from yidi.claims.states import State
from yidi.evidence.models import Paper
from yidi.ledger.errors import InvoiceUsed, LevelUnknown
from yidi.ledger.models import Entry, Posting, PostingKind
from yidi.ledger.services import claim_entries, count, post, used_counters
from yidi.people.errors import NotInsured
from yidi.people.models import Coverage
from yidi.providers.models import Provider
from yidi.qualification.errors import NotQualified
from yidi.qualification.states import State as QualificationState
from yidi.values.terms import Fund, Material

pytestmark = pytest.mark.django_db

HANDED_IN = {"state": "submitted", "submitted_on": DAY}
FUND = Counter(str(GENERAL), "fund", "2025")


def balances() -> dict[str, int]:
    sums: dict[str, int] = {}
    for entry in Entry.objects.select_related("account"):
        sums[entry.account.kind] = sums.get(entry.account.kind, 0) + entry.amount
    return {kind: amount for kind, amount in sums.items() if amount}


def assessed(claim: Claim) -> ClaimAssessment:
    services.submit(claim, person_of(claim.coverage))
    return services.assess(claim, CLERK)


def test_an_unfiled_visit_is_assessed_with_its_reduction() -> None:
    """1000 yuan, not filed: 20 % upfront first, then 300 deductible, then 60 % (facts JX-304)."""
    row = assessed(start(an_unfiled_world()))
    assert (row.situation, row.level, row.total) == ("unfiled", "tertiary", 100_000)
    assert (row.away_upfront, row.deductible, row.shared, row.fund, row.cash) == (
        20_000, 30_000, 20_000, 30_000, 70_000,
    )  # fmt: skip
    decision = queries.decision_of(row.claim)
    assert (decision.rule.adjustment.mode, decision.rule.adjustment.ppm) == ("upfront", 200_000)
    assert not Posting.objects.exists(), "nothing is booked before the approval"
    assert used_counters(row.claim.coverage) == {}


def test_a_claim_comes_to_what_settling_would_have_given() -> None:
    """The same bill, the same person: once settled and cancelled, once claimed."""
    world = a_world()
    direct = settled(world, "800.00", CHRONIC, code=SHARED)
    cancelled(direct)
    row = assessed(start(world, lines=[a_line(SHARED, "800.00")], benefit=CHRONIC, disease=HYPERTENSION))
    for name in (
        "total",
        "upfront",
        "in_scope",
        "deductible",
        "fund",
        "account",
        "cash",
        "situation",
        "level",
    ):
        assert getattr(row, name) == getattr(direct, name), name
    assert row.rule == direct.rule


def test_approving_counts_and_books_and_paying_clears() -> None:
    claim = a_claim(State.ASSESSED)
    services.approve(claim, SUPERVISOR)
    assert balances() == {"fund-expense": 30_000, "person-payable": -30_000}
    assert used_counters(claim.coverage)[FUND] == 30_000
    services.pay(claim, CLEARING)
    assert balances() == {"fund-expense": 30_000, "bank": -30_000}
    assert list(Posting.objects.order_by("pk").values_list("kind", "subject")) == [
        ("claim", claim.number),
        ("claim-payment", claim.number),
    ]
    assert ClaimAssessment.objects.get().posting == Posting.objects.get(kind="claim")


def test_claims_and_settlements_share_deductible_and_ceiling() -> None:
    world = a_world()
    settled(world, "300.00")
    claim = start(world, lines=[a_line(PLAIN, "1000.00")])
    row = assessed(claim)
    assert (row.deductible, row.fund) == (0, 60_000)
    services.approve(claim, SUPERVISOR)
    assert settled(world, "4500.00").fund == 240_000
    assert used_counters(world.coverage)[FUND] == 300_000


def test_an_assessment_goes_stale_when_something_is_settled() -> None:
    world = a_world()
    claim = start(world)
    first = assessed(claim)
    assert first.fund == 42_000
    settled(world, "300.00")
    with pytest.raises(errors.AssessmentOutdated, match=claim.number):
        services.approve(claim, SUPERVISOR)
    assert Claim.objects.get(pk=claim.pk).state == State.ASSESSED
    assert Posting.objects.filter(kind="claim").count() == 0
    again = services.assess(claim, CLERK)
    assert (again.pk, again.fund) == (first.pk, 60_000)
    services.approve(claim, SUPERVISOR)
    assert used_counters(world.coverage)[FUND] == 60_000


def test_an_assessment_stands_when_counters_move_that_its_rule_does_not_read() -> None:
    """Last year's bill, and another benefit's: neither changes what this claim comes to."""
    world = a_world()
    claim = start(world)
    row = assessed(claim)
    last_year = date(DAY.year - 1, 12, 30)
    count(
        post(PostingKind.CLAIM, "elsewhere", timezone.now(), claim_entries("360100", {Fund.BASIC: 100})),
        world.coverage,
        {
            Counter(str(GENERAL), "fund", str(last_year.year)): 100,
            Counter(f"{CHRONIC}:M01600", "fund", "2025"): 100,
        },
    )
    services.approve(claim, SUPERVISOR)
    assert [name for *name, _ in row.used_before] == [
        [str(GENERAL), "deductible", "2025"],
        [str(GENERAL), "fund", "2025"],
    ]


def test_filing_afterwards_does_not_help_a_claim() -> None:
    """Back-filing counts until settling; for a claim the day of service decides (facts N-303)."""
    world = an_unfiled_world()
    a_filing(coverage=world.coverage, starts=DAY + timedelta(days=1))
    assert assessed(start(world)).situation == "unfiled"
    assert assessed(start(world, "0002", on=DAY + timedelta(days=1))).situation == "long-term-resident"


def test_an_emergency_is_assessed_as_deemed_filed() -> None:
    row = assessed(start(an_unfiled_world(), emergency=True))
    assert (row.situation, row.away_upfront, row.fund) == ("emergency", 10_000, 36_000)


# invoices


@pytest.mark.parametrize("state", [state for state in State if state is not State.WITHDRAWN])
def test_an_invoice_is_claimed_once(state: State) -> None:
    world = an_unfiled_world()
    first = a_claim(state, world)
    for spelling in ("0001", " 00 01", "０００１"):
        with pytest.raises(errors.OwnInvoice, match=rf"另一份报销申请 {first.number} 中"):
            start(world, spelling)
    assert Claim.objects.count() == 1


def test_nobody_learns_who_else_claims_an_invoice() -> None:
    world = an_unfiled_world()
    first = a_claim(world=world)
    with pytest.raises(InvoiceUsed, match="票据号“0001”已用于手工报销") as refused:
        start(World(a_coverage(2), world.provider))
    assert first.number not in refused.value.message + refused.value.english
    assert refused.value.subject == first.number


def test_the_invoice_of_a_withdrawn_claim_may_be_claimed_again() -> None:
    world = an_unfiled_world()
    a_claim(State.WITHDRAWN, world)
    assert start(world).state == State.DRAFT


def test_an_invoice_settled_directly_cannot_be_claimed() -> None:
    world = a_world()
    row = settled(world, "800.00", invoice="0001")
    with pytest.raises(InvoiceUsed, match="已用于直接结算"):
        start(world)
    cancelled(row)
    assert start(world).invoice == "0001"


def test_an_invoice_that_was_claimed_is_not_settled_directly_too() -> None:
    world = a_world()
    claim = start(world)
    with pytest.raises(InvoiceUsed, match="已用于手工报销"):
        settled(world, "800.00", invoice="0001")
    services.withdraw(claim, PERSON)
    assert settled(world, "800.00", invoice="0001").invoice == "0001"


@pytest.mark.parametrize("invoice", ["9" * 21, "９" * 21, "1 " * 11])
def test_an_invoice_number_has_its_length(invoice: str) -> None:
    with pytest.raises(errors.BadInvoice):
        start(an_unfiled_world(), invoice)
    assert not Claim.objects.exists()


def test_a_day_before_the_coverage_began_is_refused() -> None:
    world = an_unfiled_world()
    Coverage.objects.update(starts=DAY + timedelta(days=1))
    world.coverage.refresh_from_db()
    with pytest.raises(NotInsured):
        start(world)


# what is missing


def with_papers(papers: Sequence[Material]) -> Claim:
    claim = start(an_unfiled_world())
    Paper.objects.all().delete()
    show(claim, papers)
    return claim


@pytest.mark.parametrize("absent", PAPERS[1:])
def test_what_is_missing_is_named(absent: Material) -> None:
    claim = with_papers([paper for paper in PAPERS if paper is not absent])
    with pytest.raises(errors.MaterialsMissing, match=f"还缺材料：{absent.zh}。"):
        services.submit(claim, PERSON)
    assert Claim.objects.get(pk=claim.pk).state == State.DRAFT


def test_either_paper_of_a_pair_will_do() -> None:
    claim = with_papers(PAPERS[1:])
    with pytest.raises(errors.MaterialsMissing, match="医保电子凭证或有效身份证件"):
        services.submit(claim, PERSON)
    show(claim, [Material.E_VOUCHER])
    services.submit(claim, PERSON)


def test_a_claim_without_lines_is_not_handed_in() -> None:
    claim = start(an_unfiled_world(), lines=[])
    with pytest.raises(errors.Incomplete, match=f"{claim.number} 还没有填写：票据总金额、费用明细。"):
        services.submit(claim, PERSON)


def test_a_provider_without_a_level_cannot_be_assessed() -> None:
    claim = a_claim(State.SUBMITTED)
    Provider.objects.update(level="")
    claim = Claim.objects.get(pk=claim.pk)
    with pytest.raises(LevelUnknown, match="示例医院1"):
        services.assess(claim, CLERK)
    assert Claim.objects.get(pk=claim.pk).state == State.SUBMITTED


def test_a_day_to_come_cannot_be_claimed() -> None:
    world = an_unfiled_world()
    with pytest.raises(errors.FutureService):
        start(world, on=timezone.localdate() + timedelta(days=1))
    assert not Claim.objects.exists()


def test_a_chronic_disease_claim_needs_the_qualification_of_that_day() -> None:
    world = an_unfiled_world()
    with pytest.raises(NotQualified):
        start(world, benefit=CHRONIC, disease=HYPERTENSION)
    a_qualification(QualificationState.APPROVED, world.coverage, starts=DAY)
    with pytest.raises(NotQualified):
        start(world, benefit=CHRONIC, disease=HYPERTENSION, on=DAY - timedelta(days=1))
    row = assessed(start(world, benefit=CHRONIC, disease=HYPERTENSION))
    assert (row.away_upfront, row.deductible, row.fund) == (20_000, 0, 68_000)


def test_lines_are_split_by_the_care_regions_catalogue() -> None:
    lines = [a_line(PLAIN, "10.00"), a_line(SHARED, "10.00"), a_line(OWN, "10.00"), a_line("Z9", "10.00")]
    claim = start(an_unfiled_world(), lines=lines)
    split = queries.split_of(assessed(claim))
    assert (split.total, split.excluded, split.upfront, split.in_scope) == (4_000, 2_000, 100, 1_900)
    assert [row.line.serial for row in split.lines] == ["1", "2", "3", "4"]


def test_a_wrong_line_or_a_region_without_catalogue() -> None:
    world = an_unfiled_world()
    with pytest.raises(AmountMismatch):
        start(world, lines=[a_line(PLAIN, "10.00", amount=1_001)])
    assert not ClaimLine.objects.exists()
    claim = a_claim(State.SUBMITTED, world, "0002")
    CatalogueItem.objects.all().delete()
    with pytest.raises(NoCatalogue):
        services.assess(claim, CLERK)
    assert Claim.objects.get(pk=claim.pk).state == State.SUBMITTED


def test_care_at_home_is_claimed_without_a_reduction() -> None:
    a_catalogue("360000")
    row = assessed(start(World(a_coverage(), a_hospital(2, "360102"))))
    assert (row.situation, row.away_upfront, row.fund) == ("local", 0, 42_000)


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"state": "asleep"}, "claims_state"),
        ({"disease": HYPERTENSION}, "claims_disease"),
        ({"benefit": "free"}, "claims_benefit"),
        ({"level": "high"}, "claims_level"),
        ({"total": -1}, "claims_total"),
        ({"rejected_for": "mood"}, "claims_rejected_for"),
        ({"due_on": DAY}, "claims_term_has_source"),
        ({**HANDED_IN, "invoice": ""}, "claims_complete"),
        ({**HANDED_IN, "on": None}, "claims_complete"),
        ({**HANDED_IN, "total": None}, "claims_complete"),
        ({**HANDED_IN, "benefit": ""}, "claims_complete"),
        ({**HANDED_IN, "benefit": str(CHRONIC)}, "claims_complete"),
        ({**HANDED_IN, "provider": None}, "claims_complete"),
        ({**HANDED_IN, "provider": None, "provider_name": "某院"}, "claims_complete"),
    ],
)
def test_the_database_refuses_an_impossible_claim(changes: dict[str, object], constraint: str) -> None:
    claim = a_claim()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Claim.objects.filter(pk=claim.pk).update(**changes)


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"fund": -1}, "claims_"),
        ({"total": 99_999}, "claims_parts_sum|claims_payers_sum"),
        ({"fund": 30_001}, "claims_steps_sum|claims_payers_sum"),
        ({"cash": 70_001}, "claims_payers_sum"),
    ],
)
def test_the_database_refuses_an_impossible_assessment(changes: dict[str, int], constraint: str) -> None:
    claim = a_claim(State.ASSESSED)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        ClaimAssessment.objects.filter(claim=claim).update(**changes)


def test_the_database_refuses_an_impossible_line() -> None:
    claim = a_claim(State.ASSESSED)
    for table, changes, constraint in (
        (ClaimLine, {"quantity": 0}, "claims_written_line_not_negative"),
        (ClaimLine, {"name": ""}, "claims_line_name"),
        (AssessedLine, {"amount": 1}, "claims_line_parts_sum"),
        (AssessedLine, {"quantity": 0}, "claims_line_not_negative"),
    ):
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            table._default_manager.update(**changes)
    for line in (claim.lines.get(), AssessedLine.objects.get()):
        line.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            line.save(force_insert=True)


def test_numbers() -> None:
    claim = a_claim(State.ASSESSED)
    assessment, line = claim.assessments.get(), claim.lines.get()
    assert str(claim) == claim.number == f"C{claim.pk:010d}"
    assert str(assessment) == assessment.number == claim.number
    assert str(line) == f"{claim.pk}:1:1"
    assert str(assessment.lines.get()) == f"{assessment.pk}:1"
    assert queries.by_number(f" {claim.number.lower()} ") == claim
    for wrong in ("", "C", "C1", f"X{claim.pk:010d}", f"C{claim.pk + 1:010d}", "C００００００００" + "01"):
        with pytest.raises(errors.UnknownClaim, match=f"编号为“{wrong}”"):
            queries.by_number(wrong)
