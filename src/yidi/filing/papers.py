"""The papers that come out of a filing: the form and the commitment letter with the person's data, the decision letter."""

from django.utils import timezone

from yidi.documents.forms import DecisionLetter, FilingCase, FilingForm, Helper, papers
from yidi.documents.gathering import agency_of, insured_of
from yidi.documents.services import render
from yidi.documents.terms import Outcome
from yidi.evidence.remaking import Remade, made_here
from yidi.filing.models import Filing
from yidi.filing.queries import asked_of, made_here_of, promised, shown, wanted
from yidi.filing.states import State
from yidi.reference.hotlines import insurance_hotline
from yidi.values.materials import named
from yidi.values.terms import FilingKind, Material

OUTCOMES = {
    State.ACTIVE: Outcome.APPROVED,
    State.CANCELLED: Outcome.APPROVED,
    State.REPLACED: Outcome.APPROVED,
    State.EXPIRED: Outcome.APPROVED,
    State.REJECTED: Outcome.REJECTED,
    State.MORE_EVIDENCE: Outcome.MORE_EVIDENCE,
}
"""The states in which there is a letter, and what it tells."""
FORM_NAME = "备案表（按网上填写的内容生成）.pdf"
COMMITTED = "本人在网上承诺：所填内容属实，异地居住或工作的证明材料随后补交"
"""What is noted when somebody agrees to the commitment letter; the letter itself is the form's second page."""


def _about(filing: Filing) -> FilingCase:
    return FilingCase(
        filing_kind=FilingKind(filing.kind),
        care_region=filing.care_region,
        starts=filing.starts,
        ends=filing.ends,
    )


def form_of(filing: Filing, helper: Helper | None = None, case_url: str = "") -> FilingForm:
    """The filing form with what was filled in so far; with a commitment, its letter is the second page."""
    coverage = filing.coverage
    held = {*shown(filing), *made_here_of(filing)}
    return FilingForm(
        number=filing.number,
        insured=insured_of(coverage, filing.phone or ""),
        on=filing.filed_on or timezone.localdate(),
        agency=agency_of(coverage.pool),
        agency_phone=insurance_hotline(coverage.pool).dial,
        case_url=case_url,
        synthetic=coverage.person.synthetic,
        case=_about(filing),
        materials=papers(wanted(filing), held),
        commitment=tuple(named([group]) for group in promised(filing)),
        care_address=filing.address or "",
        contact=helper.name if helper else coverage.person.name,
        contact_phone=filing.phone or "",
        helper=helper,
    )


def letter_of(filing: Filing, case_url: str = "") -> DecisionLetter | None:
    """The letter about what was decided last; None where nothing is to be told by letter."""
    outcome = OUTCOMES.get(State(filing.state))
    if outcome is None:
        return None
    granted, coverage = outcome is Outcome.APPROVED, filing.coverage
    return DecisionLetter(
        number=filing.number,
        insured=insured_of(coverage, filing.phone or ""),
        on=filing.paused_on or filing.decided_on or filing.filed_on or timezone.localdate(),
        agency=agency_of(coverage.pool),
        agency_phone=insurance_hotline(coverage.pool).dial,
        case_url=case_url,
        synthetic=coverage.person.synthetic,
        case=_about(filing),
        outcome=outcome,
        applied_on=filing.filed_on,
        starts=filing.starts if granted else None,
        ends=filing.ends if granted else None,
        reasons=() if granted else (filing.reason,),
        asked_for=_asked_for(filing) if outcome is Outcome.MORE_EVIDENCE else (),
    )


def _asked_for(filing: Filing) -> tuple[str, ...]:
    """The papers still wanted by the rules, else the agency's own words: it may want more than the rules list."""
    return tuple(named([group]) for group in asked_of(filing)) or (filing.reason,)


def made_form(filing: Filing, helper: Helper | None = None) -> Remade:
    """The filing form as a paper of the filing. The same data give the same file."""
    return made_here(render(form_of(filing, helper)), FORM_NAME)


def form_material(filing: Filing) -> Material | None:
    """Which form the pool asks for; None where it asks for none."""
    return next(iter(made_here_of(filing)), None)
