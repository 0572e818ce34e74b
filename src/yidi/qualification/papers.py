"""The papers that come out of an application: the form with the person's data, and the decision letter."""

from django.utils import timezone

from yidi.documents.forms import (
    DecisionLetter,
    Helper,
    Paper,
    QualificationCase,
    QualificationForm,
    papers,
)
from yidi.documents.gathering import agency_of, insured_of
from yidi.documents.services import render
from yidi.documents.terms import Outcome
from yidi.evidence.queries import materials_of
from yidi.evidence.remaking import Remade, made_here
from yidi.policy.book import book
from yidi.policy.cases import qualification_rule
from yidi.providers.queries import by_code
from yidi.qualification.models import Qualification
from yidi.qualification.queries import MADE_HERE, asked_of
from yidi.qualification.states import State
from yidi.reference import diseases
from yidi.reference.hotlines import insurance_hotline
from yidi.values.errors import Refusal
from yidi.values.materials import named
from yidi.values.terms import Scheme

OUTCOMES = {
    State.APPROVED: Outcome.APPROVED,
    State.EXPIRED: Outcome.APPROVED,
    State.REJECTED: Outcome.REJECTED,
    State.MORE_EVIDENCE: Outcome.MORE_EVIDENCE,
}
"""The states in which there is a letter, and what it tells."""
FORM_NAME = "申请表（按网上填写的内容生成）.pdf"


def _about(case: Qualification) -> QualificationCase:
    places = "、".join(by_code(code).name for code in case.providers) or case.hospital
    return QualificationCase(
        disease=diseases.disease(case.disease).name, disease_code=case.disease, hospital=places
    )


def form_of(case: Qualification, helper: Helper | None = None, case_url: str = "") -> QualificationForm:
    """《门诊慢特病病种待遇认定申请表》 with what was filled in so far."""
    return QualificationForm(
        number=case.number,
        insured=insured_of(case.coverage, case.phone or ""),
        on=case.submitted_on or timezone.localdate(),
        agency=agency_of(case.coverage.pool),
        agency_phone=insurance_hotline(case.coverage.pool).dial,
        case_url=case_url,
        synthetic=case.coverage.person.synthetic,
        case=_about(case),
        record_number=case.record_number,
        evidence=_evidence(case),
        helper=helper,
    )


def _evidence(case: Qualification) -> tuple[Paper, ...]:
    """The papers asked for, ticked where they are there; none where no rule says what is asked for."""
    coverage = case.coverage
    on = case.submitted_on or timezone.localdate()
    try:
        rule = qualification_rule(book(), coverage.pool, Scheme(coverage.scheme), case.disease, on)
    except Refusal:
        return ()
    return papers(rule.evidence, {*materials_of(case.number), MADE_HERE})


def letter_of(case: Qualification, case_url: str = "") -> DecisionLetter | None:
    """The letter about what was decided last; None where nothing is to be told by letter."""
    outcome = OUTCOMES.get(State(case.state))
    if outcome is None:
        return None
    granted = outcome is Outcome.APPROVED
    return DecisionLetter(
        number=case.number,
        insured=insured_of(case.coverage, case.phone or ""),
        on=case.paused_on or case.decided_on or case.starts or timezone.localdate(),
        agency=agency_of(case.coverage.pool),
        agency_phone=insurance_hotline(case.coverage.pool).dial,
        case_url=case_url,
        synthetic=case.coverage.person.synthetic,
        case=_about(case),
        outcome=outcome,
        applied_on=case.submitted_on,
        starts=case.starts if granted else None,
        ends=case.ends if granted else None,
        reasons=() if granted else (case.reason,),
        asked_for=_asked_for(case) if outcome is Outcome.MORE_EVIDENCE else (),
    )


def _asked_for(case: Qualification) -> tuple[str, ...]:
    """The papers still wanted by the rules, else the agency's own words: it may want more than the rules list."""
    groups = asked_of(case, case.paused_on or timezone.localdate()).materials
    return tuple(named([group]) for group in groups) or (case.reason,)


def made_form(case: Qualification, helper: Helper | None = None) -> Remade:
    """The application form as a paper of the case. The same data give the same file."""
    return made_here(render(form_of(case, helper)), FORM_NAME)
