"""The papers that come out of a claim: the form with the person's data, the decision letter, the slip."""

from django.utils import timezone

from yidi.accounts.actors import Actor
from yidi.claims.drafting import must_state
from yidi.claims.models import Claim
from yidi.claims.queries import (
    assessment_of,
    explanation_of,
    missing_of_bill,
    missing_papers,
    paid_on,
    requirements,
)
from yidi.claims.states import State
from yidi.consents.queries import helper_of
from yidi.documents.forms import ClaimCase, ClaimForm, DecisionLetter, Paper, Slip, papers
from yidi.documents.gathering import agency_of, insured_of
from yidi.documents.terms import Outcome, PaidHow
from yidi.evidence.queries import materials_of
from yidi.filing.queries import in_force
from yidi.policy.errors import MissingParameter
from yidi.reference import diseases
from yidi.reference.hotlines import insurance_hotline
from yidi.values.materials import named
from yidi.values.terms import Benefit, Level

OUTCOMES = {
    State.MORE_EVIDENCE: Outcome.MORE_EVIDENCE,
    State.APPROVED: Outcome.APPROVED,
    State.PAID: Outcome.PAID,
    State.REJECTED: Outcome.REJECTED,
}
"""The states in which there is a letter, and what it tells."""


def form_of(claim: Claim, actor: Actor, case_url: str = "") -> ClaimForm:
    """The application for reimbursement with what was filled in. Raises Incomplete while it lacks something."""
    must_state(claim, missing_of_bill(claim))
    coverage = claim.coverage
    return ClaimForm(
        number=claim.number,
        insured=insured_of(coverage),
        on=claim.submitted_on or timezone.localdate(),
        agency=agency_of(coverage.pool),
        agency_phone=insurance_hotline(coverage.pool).dial,
        case_url=case_url,
        synthetic=coverage.person.synthetic,
        case=_about(claim),
        materials=_materials(claim),
        account=f"{claim.account_bank} {claim.account_number}" if claim.account_number else "",
        helper=helper_of(coverage.person, actor),
    )


def letter_of(claim: Claim, case_url: str = "") -> DecisionLetter | None:
    """The letter about what was decided last; None where nothing is to be told by letter."""
    outcome = OUTCOMES.get(State(claim.state))
    if outcome is None:
        return None
    coverage = claim.coverage
    assessment = explanation_of(claim)
    paid = paid_on(claim)
    return DecisionLetter(
        number=claim.number,
        insured=insured_of(coverage),
        on=paid or claim.paused_on or claim.decided_on or timezone.localdate(),
        agency=agency_of(coverage.pool),
        agency_phone=insurance_hotline(coverage.pool).dial,
        case_url=case_url,
        synthetic=coverage.person.synthetic,
        case=_about(claim),
        outcome=outcome,
        applied_on=claim.submitted_on,
        reasons=(claim.reason,) if claim.reason else (),
        asked_for=_asked_for(claim) if outcome is Outcome.MORE_EVIDENCE else (),
        explanation=assessment.explanation if assessment else None,
        paid_on=paid,
        paid_to=claim.masked_account,
    )


def slip_of(claim: Claim, case_url: str = "") -> Slip | None:
    """The slip of a claim that was paid; None before."""
    paid, assessment, assessed = paid_on(claim), assessment_of(claim), explanation_of(claim)
    if paid is None or assessment is None or assessed is None:
        return None
    coverage = claim.coverage
    filing = in_force(coverage, claim.place, claim.day, claim.day)
    return Slip(
        number=claim.number,
        insured=insured_of(coverage),
        on=paid,
        agency=agency_of(coverage.pool),
        agency_phone=insurance_hotline(coverage.pool).dial,
        case_url=case_url,
        synthetic=coverage.person.synthetic,
        explanation=assessed.explanation,
        how=PaidHow.CLAIM,
        provider=claim.where,
        level=Level(assessment.level),
        care_region=claim.place,
        disease=_disease(claim),
        invoice=claim.invoice,
        filing=filing.number if filing else "",
    )


def _about(claim: Claim) -> ClaimCase:
    return ClaimCase(
        invoice=claim.invoice,
        provider=claim.where,
        care_region=claim.place,
        served_on=claim.day,
        total=claim.total or 0,
        benefit=Benefit(claim.benefit),
        disease=_disease(claim),
    )


def _disease(claim: Claim) -> str:
    return diseases.disease(claim.disease).name if claim.disease else ""


def _materials(claim: Claim) -> tuple[Paper, ...]:
    """The papers asked for, ticked where they are there; none where no rule says what is asked for."""
    on = claim.submitted_on or timezone.localdate()
    try:
        wanted = requirements(claim.coverage, on, Benefit(claim.benefit))
    except MissingParameter:
        return ()
    return papers(wanted.materials, materials_of(claim.number))


def _asked_for(claim: Claim) -> tuple[str, ...]:
    """The papers still wanted by the rules, else the agency's own words: it may want more than the rules list."""
    return tuple(named([group]) for group in missing_papers(claim)) or (claim.reason,)
