"""Every move of a claim: one function, one transaction, one audit event. Assessed by the engine that settles."""

from collections.abc import Collection, Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone

from yidi.accounts.actors import Actor
from yidi.audit.services import record
from yidi.benefit.adjudicate import adjudicate
from yidi.benefit.split import FeeLine
from yidi.catalogue.lines import columns, split_lines
from yidi.claims import errors
from yidi.claims.models import Claim, ClaimAssessment, ClaimLine
from yidi.claims.queries import decision_of, split_of
from yidi.claims.states import TRANSITIONS, State
from yidi.filing.queries import situation
from yidi.ledger.models import PostingKind
from yidi.ledger.services import (
    claim_entries,
    count,
    decision_columns,
    lock_coverage,
    payment_entries,
    post,
    used_counters,
)
from yidi.ledger.services import replay as counters_of
from yidi.people.models import Coverage
from yidi.policy.book import book
from yidi.policy.resolve import benefit_rule, claim_papers
from yidi.policy.rules import ClaimPapers, Question
from yidi.providers.models import Provider
from yidi.qualification import queries as qualifications
from yidi.reference import diseases, regions
from yidi.settlement.queries import is_directly_settled
from yidi.values.terms import Benefit, Level, Material, Scheme, Standing


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

    Raises DuplicateInvoice, SettledDirectly, FutureService, NotQualified, AmountMismatch, NoCatalogue.
    """
    if on > timezone.localdate():
        raise errors.FutureService(on=on)
    _refuse_known_invoice(invoice)
    if benefit is Benefit.CHRONIC_DISEASE:
        qualifications.need(coverage, disease, on)
    claim = Claim.objects.create(
        coverage=coverage,
        provider=provider,
        benefit=str(benefit),
        disease=disease,
        on=on,
        emergency=emergency,
        invoice=invoice,
    )
    group = diseases.group_of(disease) if disease else None
    rows = split_lines(regions.province_of(provider.region), lines, on, group)
    ClaimLine.objects.bulk_create(ClaimLine(claim=claim, **columns(row, item)) for row, item in rows)
    record(actor, "claims:start", claim.number)
    return claim


def _refuse_known_invoice(invoice: str) -> None:
    other = Claim.objects.filter(invoice=invoice).exclude(state=str(State.WITHDRAWN)).first()
    if other is not None:
        raise errors.DuplicateInvoice(invoice=invoice, number=other.number, state=State(other.state).zh)
    _refuse_settled_invoice(invoice)


def _refuse_settled_invoice(invoice: str) -> None:
    """Raises SettledDirectly. Asked again before money is booked: the hospital may settle after the claim began."""
    if is_directly_settled(invoice):
        raise errors.SettledDirectly(invoice=invoice)


def requirements(coverage: Coverage, on: date) -> ClaimPapers:
    """The papers that the home pool asks for. Raises MissingParameter."""
    return claim_papers(book(), coverage.pool, Scheme(coverage.scheme), on)


@transaction.atomic
def submit(claim: Claim, materials: Collection[Material], actor: Actor) -> None:
    """Hand a claim in (or, after a rejection, appeal). Raises MaterialsMissing, NoLines, IllegalMove."""
    if not claim.lines.exists():
        raise errors.NoLines(number=claim.number)
    shown = {str(name) for name in materials}
    missing = [group for group in requirements(claim.coverage, claim.on).materials if not shown & set(group)]
    if missing:
        names = "；".join("或".join(Material(name).zh for name in group) for group in missing)
        raise errors.MaterialsMissing(missing=names)
    claim.materials = sorted(shown)
    _move(claim, State.SUBMITTED, actor)


@transaction.atomic
def ask_for_more(claim: Claim, reason: str, clerk: Actor) -> None:
    """Send a claim back for more papers, saying which."""
    clerk.must_be_clerk_of(claim.coverage.pool, "要求补充材料")
    claim.reason = reason
    _move(claim, State.MORE_EVIDENCE, clerk, reason)


@transaction.atomic
def assess(claim: Claim, clerk: Actor) -> ClaimAssessment:
    """Compute what the claim comes to now; a later assessment replaces an earlier one. Nothing is booked yet.

    Raises SettledDirectly, LevelUnknown, IllegalMove and what the engine raises.
    """
    clerk.must_be_clerk_of(claim.coverage.pool, "核定手工报销")
    lock_coverage(claim.coverage)
    _refuse_settled_invoice(claim.invoice)
    question = _question(claim)
    used = used_counters(claim.coverage)
    decision = adjudicate(split_of(claim), benefit_rule(book(), question), used, claim.on)
    _move(claim, State.ASSESSED, clerk)
    assessment, _ = ClaimAssessment.objects.update_or_create(
        claim=claim,
        defaults={
            "situation": str(question.situation),
            "level": str(question.level),
            "at": timezone.now(),
            **decision_columns(decision, used),
        },
    )
    return assessment


def _question(claim: Claim) -> Question:
    coverage, provider = claim.coverage, claim.provider
    if not provider.level:
        raise errors.LevelUnknown(provider=provider.name)
    return Question(
        home=regions.pool_of(coverage.pool),
        scheme=Scheme(coverage.scheme),
        standing=Standing(coverage.standing),
        benefit=Benefit(claim.benefit),
        level=Level(provider.level),
        situation=situation(coverage, provider.region, claim.on, claim.on, claim.emergency),
        on=claim.on,
        disease=claim.disease,
    )


@transaction.atomic
def approve(claim: Claim, clerk: Actor) -> None:
    """Accept the assessment: count and book it.

    Raises NotAssessed where the counters have moved since, SettledDirectly where the hospital has settled meanwhile.
    """
    clerk.must_be_clerk_of(claim.coverage.pool, "批准手工报销")
    lock_coverage(claim.coverage)
    _refuse_settled_invoice(claim.invoice)
    _move(claim, State.APPROVED, clerk)
    assessment = ClaimAssessment.objects.select_related("rule").get(claim=claim)
    used = used_counters(claim.coverage)
    if counters_of(assessment.used_before) != used:
        raise errors.NotAssessed(number=claim.number)
    decision = decision_of(claim)
    home = regions.pool_of(claim.coverage.pool)
    posting = post(PostingKind.CLAIM, claim.number, timezone.now(), claim_entries(home, decision.fund))
    count(posting, claim.coverage, decision.moves)
    assessment.posting = posting
    assessment.save(update_fields=["posting"])


@transaction.atomic
def pay(claim: Claim, clerk: Actor) -> None:
    """Note that the approved amount was paid to the person."""
    clerk.must_be_clerk_of(claim.coverage.pool, "支付手工报销")
    _move(claim, State.PAID, clerk)
    home = regions.pool_of(claim.coverage.pool)
    post(
        PostingKind.CLAIM_PAYMENT, claim.number, timezone.now(), payment_entries(home, claim.assessment.fund)
    )


@transaction.atomic
def reject(claim: Claim, reason: str, clerk: Actor) -> None:
    """Refuse a claim with a reason; the person may appeal by submitting again."""
    clerk.must_be_clerk_of(claim.coverage.pool, "驳回手工报销")
    claim.reason = reason
    _move(claim, State.REJECTED, clerk, reason)


@transaction.atomic
def withdraw(claim: Claim, actor: Actor) -> None:
    """Take a claim back before it is assessed; its invoice may be claimed again."""
    _move(claim, State.WITHDRAWN, actor)


def _move(claim: Claim, wanted: State, actor: Actor, reason: str = "") -> None:
    now = Claim.objects.select_for_update(of=("self",)).get(pk=claim.pk).state
    TRANSITIONS.check(f"手工报销 {claim.number}", State(now), wanted)
    claim.state = str(wanted)
    claim.save()
    record(actor, f"claims:{wanted}", claim.number, reason)
