"""What stands on each document: its data as the words, numbers and ticks that a template lays out."""

from typing import Any

from yidi.documents.amounts import capitals
from yidi.documents.forms import (
    ClaimCase,
    ClaimForm,
    DecisionLetter,
    FilingCase,
    FilingForm,
    Helper,
    Insured,
    Paper,
    Printed,
    QualificationCase,
    QualificationForm,
    Slip,
)
from yidi.documents.letters import letter_text
from yidi.documents.payment import lines_of, payment_of, steps_of
from yidi.documents.terms import Document
from yidi.documents.wording import Said, day_text
from yidi.reference import regions
from yidi.values.identity import mask_identity
from yidi.values.money import yuan_text
from yidi.values.terms import CaseKind, Material

JIANGXI = "360000"
"""The province whose filing form has a name of its own (seed 004)."""

_LETTER_TITLES: dict[CaseKind, Said] = {
    CaseKind.QUALIFICATION: (
        "门诊慢特病待遇资格认定结果告知书",
        "Decision on a chronic-disease qualification",
    ),
    CaseKind.FILING: ("异地就医备案结果告知书", "Decision on a filing for care elsewhere"),
    CaseKind.CLAIM: ("医疗费用手工报销结果告知书", "Decision on a claim for reimbursement"),
}
_TITLES: dict[Document, Said] = {
    Document.QUALIFICATION_FORM: (
        Document.QUALIFICATION_FORM.zh,
        "Application for the outpatient chronic-disease benefit",
    ),
    Document.CLAIM_FORM: (
        "医疗费用手工（零星）报销申请表",
        "Application for reimbursement of medical expenses",
    ),
    Document.SLIP: ("医疗费用结算单", "Settlement slip"),
}
_FILING_TITLE: Said = (Document.FILING_FORM.zh, "Filing for care outside the home region")
_JIANGXI_TITLE: Said = (
    Material.JIANGXI_FILING_FORM.zh.strip("《》"),
    "Jiangxi Province: self-service filing for care outside the home region",
)


def title_of(form: Printed) -> Said:
    """The document's title in both languages."""
    if isinstance(form, DecisionLetter):
        return _LETTER_TITLES[form.case.kind]
    if isinstance(form, FilingForm):
        in_jiangxi = regions.province_of(form.insured.pool) == JIANGXI
        return _JIANGXI_TITLE if in_jiangxi else _FILING_TITLE
    return _TITLES[form.document]


def of_all(form: Printed, language: str) -> dict[str, Any]:
    """What every document has."""
    zh, en = title_of(form)
    return {
        "language": language,
        "title": zh,
        "title_en": en,
        "number": form.number,
        "on": day_text(form.on, language),
        "agency": form.agency,
        "agency_phone": form.agency_phone,
        "synthetic": form.synthetic,
        "insured": _insured(form.insured, form.FULL_IDENTITY, language),
    }


def _insured(person: Insured, full: bool, language: str) -> dict[str, str]:
    return {
        "name": person.name,
        "identity": person.identity if full else mask_identity(person.identity),
        "pool": regions.full_name(person.pool),
        "scheme": person.scheme.label(language),
        "standing": person.standing.label(language),
        "phone": person.phone,
    }


def _helper(helper: Helper | None) -> dict[str, str] | None:
    if helper is None:
        return None
    return {"name": helper.name, "relation": helper.relation, "phone": helper.phone}


def _papers(papers: tuple[Paper, ...]) -> list[dict[str, Any]]:
    return [{"name": paper.name, "shown": paper.shown, "note": paper.note} for paper in papers]


def of_qualification_form(form: QualificationForm, language: str) -> dict[str, Any]:
    """The application for a qualification."""
    return {
        "case": _qualification(form.case),
        "record_number": form.record_number,
        "evidence": _papers(form.evidence),
        "helper": _helper(form.helper),
    }


def of_filing_form(form: FilingForm, language: str) -> dict[str, Any]:
    """The filing form, with the commitment letter where there is one."""
    return {
        "case": _filing(form.case, language),
        "materials": _papers(form.materials),
        "commitment": list(form.commitment),
        "care_address": form.care_address,
        "contact": form.contact,
        "contact_phone": form.contact_phone,
        "helper": _helper(form.helper),
    }


def of_claim_form(form: ClaimForm, language: str) -> dict[str, Any]:
    """The application for reimbursement."""
    return {
        "case": _claim(form.case, language),
        "materials": _papers(form.materials),
        "account": form.account,
        "helper": _helper(form.helper),
    }


def of_letter(letter: DecisionLetter, language: str) -> dict[str, Any]:
    """A decision letter. Raises LetterNotKnown, LetterIncomplete."""
    return {
        **letter_text(letter, language),
        "outcome": letter.outcome.value,
        "outcome_name": letter.outcome.label(language),
        "kind": letter.case.kind.value,
        "case": _case(letter.case, language),
        "applied_on": day_text(letter.applied_on, language),
        "reasons": list(letter.reasons),
        "asked_for": list(letter.asked_for),
        "answer_by": day_text(letter.answer_by, language),
        "answer_by_source": letter.answer_by_source,
        "appeal_by": day_text(letter.appeal_by, language),
        "payment": letter.explanation and payment_of(letter.explanation, language),
        "steps": letter.explanation and steps_of(letter.explanation, language),
    }


def of_slip(slip: Slip, language: str) -> dict[str, Any]:
    """A settlement slip."""
    decision = slip.explanation.decision
    return {
        "how": slip.how.label(language),
        "provider": slip.provider,
        "level": slip.level.label(language),
        "care_region": regions.full_name(slip.care_region),
        "served_on": day_text(decision.on, language),
        "benefit": decision.rule.benefit.label(language),
        "disease": slip.disease,
        "situation": decision.rule.adjustment.situation.label(language),
        "invoice": slip.invoice,
        "filing": slip.filing,
        "cancelled_on": day_text(slip.cancelled_on, language),
        "lines": lines_of(decision.split, language),
        "payment": payment_of(slip.explanation, language),
        "steps": steps_of(slip.explanation, language),
    }


def _case(case: QualificationCase | FilingCase | ClaimCase, language: str) -> dict[str, str]:
    match case:
        case QualificationCase():
            return _qualification(case)
        case FilingCase():
            return _filing(case, language)
        case ClaimCase():
            return _claim(case, language)


def _qualification(case: QualificationCase) -> dict[str, str]:
    return {"disease": case.disease, "disease_code": case.disease_code, "hospital": case.hospital}


def _filing(case: FilingCase, language: str) -> dict[str, str]:
    return {
        "filing_kind": case.filing_kind.label(language),
        "care_region": regions.full_name(case.care_region),
        "starts": day_text(case.starts, language),
        "ends": day_text(case.ends, language),
    }


def _claim(case: ClaimCase, language: str) -> dict[str, str]:
    return {
        "invoice": case.invoice,
        "provider": case.provider,
        "care_region": regions.full_name(case.care_region),
        "served_on": day_text(case.served_on, language),
        "total": yuan_text(case.total),
        "capitals": capitals(case.total),
        "benefit": case.benefit.label(language),
        "disease": case.disease,
    }
