"""Every move of a claim: one function, one transaction, one audit event. Assessed by the engine that settles."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from yidi.accounts.actors import Actor
from yidi.accounts.terms import Action
from yidi.audit.moves import move
from yidi.audit.services import record
from yidi.benefit.split import FeeLine
from yidi.catalogue.lines import columns, split_lines
from yidi.claims import errors
from yidi.claims.models import Claim, ClaimAssessment, ClaimLine
from yidi.claims.queries import decision_of, split_of
from yidi.claims.states import TRANSITIONS, State
from yidi.filing.queries import situation
from yidi.ledger import invoices
from yidi.ledger.decisions import decide
from yidi.ledger.models import InvoiceUse, PostingKind
from yidi.ledger.services import (
    claim_entries,
    count,
    counters_for,
    counters_of,
    decision_columns,
    funds_of,
    lock_person,
    payment_entries,
    post,
    used_counters,
)
from yidi.people.errors import NotInsured
from yidi.people.models import Coverage
from yidi.policy.book import book
from yidi.policy.case_rules import ClaimPapers
from yidi.policy.cases import claim_papers
from yidi.providers.models import Provider
from yidi.qualification import queries as qualifications
from yidi.reference import diseases, regions
from yidi.values import materials
from yidi.values.terms import Benefit, Material, Scheme

INVOICE_LENGTH = 20
"""Characters of an invoice number (interface §4.14)."""


@transaction.atomic
def start(
    coverage: Coverage,
    provider: Provider,
    benefit: Benefit,
    on: date,
    invoice: str,
    lines: Sequence[FeeLine],
    actor: Actor,
    disease: str = "",
    emergency: bool = False,
) -> Claim:
    """Write down a claim and split its lines by the care region's catalogue.

    Raises FutureService, NotInsured, BadInvoice, InvoiceUsed, NotQualified, AmountMismatch, NoCatalogue.
    """
    if on > timezone.localdate():
        raise errors.FutureService(on=on)
    if not coverage.starts <= on <= (coverage.ends or on):
        raise NotInsured(on=on)
    if not 0 < len(invoices.normalized(invoice)) <= INVOICE_LENGTH:
        raise errors.BadInvoice(most=INVOICE_LENGTH)
    if benefit is Benefit.CHRONIC_DISEASE:
        qualifications.need(coverage, disease, on)
    claim = Claim.objects.create(
        coverage=coverage,
        provider=provider,
        benefit=str(benefit),
        disease=disease,
        on=on,
        emergency=emergency,
        invoice=invoice.strip(),
    )
    invoices.take(invoice, InvoiceUse.CLAIM, claim.number)
    group = diseases.group_of(disease) if disease else None
    rows = split_lines(regions.province_of(provider.region), lines, on, group)
    ClaimLine.objects.bulk_create(ClaimLine(claim=claim, **columns(row, item)) for row, item in rows)
    record(actor, "claims:start", claim.number)
    return claim


def requirements(coverage: Coverage, on: date, benefit: Benefit = Benefit.GENERAL_OUTPATIENT) -> ClaimPapers:
    """The papers that the home pool asks for, for outpatient care or for a stay. Raises MissingParameter."""
    return claim_papers(book(), coverage.pool, Scheme(coverage.scheme), on, benefit)


@transaction.atomic
def submit(claim: Claim, shown: Collection[Material], actor: Actor) -> None:
    """Hand a claim in (or, after a rejection, appeal). Raises MaterialsMissing, NoLines, IllegalMove."""
    if not claim.lines.exists():
        raise errors.NoLines(number=claim.number)
    missing = materials.missing(
        requirements(claim.coverage, claim.on, Benefit(claim.benefit)).materials, shown
    )
    if missing:
        raise errors.MaterialsMissing(
            missing=materials.named(missing), missing_en=materials.named(missing, "en")
        )
    _move(claim, State.SUBMITTED, actor, also={"materials": sorted({str(name) for name in shown})})


@transaction.atomic
def ask_for_more(claim: Claim, reason: str, clerk: Actor) -> None:
    """Send a claim back for more papers, saying which."""
    clerk.must_do(Action.ASK_FOR_MORE, claim.coverage.pool)
    _move(claim, State.MORE_EVIDENCE, clerk, reason, also={"reason": reason})


@transaction.atomic
def assess(claim: Claim, clerk: Actor) -> ClaimAssessment:
    """Compute what the claim comes to now; a later assessment replaces an earlier one. Nothing is booked yet.

    Raises LevelUnknown, IllegalMove and what the engine raises.
    """
    clerk.must_do(Action.ASSESS_CLAIM, claim.coverage.pool)
    lock_person(claim.coverage)
    coverage, provider, on = claim.coverage, claim.provider, claim.on
    where = situation(coverage, provider.region, on, on, claim.emergency)
    answer = decide(
        split_of(claim),
        coverage,
        provider,
        Benefit(claim.benefit),
        claim.disease,
        where,
        on,
        qualifications.diseases_held(coverage, on),
    )
    _move(claim, State.ASSESSED, clerk)
    assessment, _ = ClaimAssessment.objects.update_or_create(
        claim=claim,
        defaults={
            "situation": str(answer.question.situation),
            "level": str(answer.question.level),
            "at": timezone.now(),
            **decision_columns(answer.decision, answer.used),
        },
    )
    return assessment


@transaction.atomic
def approve(claim: Claim, clerk: Actor) -> None:
    """Accept the assessment: count and book it.

    Raises AssessmentOutdated where a counter that it stands on has moved since.
    """
    clerk.must_do(Action.APPROVE_CLAIM, claim.coverage.pool)
    lock_person(claim.coverage)
    _move(claim, State.APPROVED, clerk)
    assessment = ClaimAssessment.objects.select_related("rule").get(claim=claim)
    decision = decision_of(claim)
    now = counters_for(decision.rule, claim.on, used_counters(claim.coverage))
    if counters_of(assessment.used_before) != now:
        raise errors.AssessmentOutdated(number=claim.number)
    home = regions.pool_of(claim.coverage.pool)
    posting = post(PostingKind.CLAIM, claim.number, timezone.now(), claim_entries(home, funds_of(decision)))
    count(posting, claim.coverage, decision.moves)
    assessment.posting = posting
    assessment.save(update_fields=["posting"])


@transaction.atomic
def pay(claim: Claim, clerk: Actor) -> None:
    """Note that the approved amount was paid to the person."""
    clerk.must_do(Action.PAY_CLAIM, claim.coverage.pool)
    _move(claim, State.PAID, clerk)
    home = regions.pool_of(claim.coverage.pool)
    entries = payment_entries(home, claim.assessment.funds)
    post(PostingKind.CLAIM_PAYMENT, claim.number, timezone.now(), entries)


@transaction.atomic
def reject(claim: Claim, reason: str, clerk: Actor) -> None:
    """Refuse a claim with a reason; the person may appeal by submitting again."""
    clerk.must_do(Action.REJECT_CLAIM, claim.coverage.pool)
    _move(claim, State.REJECTED, clerk, reason, also={"reason": reason})


@transaction.atomic
def withdraw(claim: Claim, actor: Actor) -> None:
    """Take a claim back before it is assessed; its invoice may be used again."""
    _move(claim, State.WITHDRAWN, actor)
    invoices.release(InvoiceUse.CLAIM, claim.number)


def _move(
    case: Claim, wanted: State, actor: Actor, reason: str = "", also: dict[str, Any] | None = None
) -> None:
    move(case, TRANSITIONS, wanted, actor, f"claims:{wanted}", reason, also)
