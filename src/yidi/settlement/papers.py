"""The slip of a settlement (结算单)."""

from django.utils import timezone

from yidi.documents.forms import Slip
from yidi.documents.gathering import agency_of, insured_of
from yidi.documents.terms import PaidHow
from yidi.filing.queries import in_force
from yidi.reference import diseases
from yidi.reference.hotlines import insurance_hotline
from yidi.settlement.models import Settlement
from yidi.settlement.queries import explanation_of
from yidi.values.terms import Level


def slip_of(settlement: Settlement, case_url: str = "") -> Slip:
    """The slip with the amounts as they were decided; it says so where the settlement was taken back."""
    visit, provider = settlement.visit, settlement.provider
    coverage = visit.coverage
    person = coverage.person
    settled_on = timezone.localdate(settlement.at)
    filing = in_force(coverage, provider.region, settlement.on, settled_on)
    cancelled = settlement.cancellation.at if settlement.is_cancelled else None
    return Slip(
        number=settlement.number,
        insured=insured_of(coverage),
        on=settled_on,
        agency=agency_of(coverage.pool),
        agency_phone=insurance_hotline(coverage.pool).dial,
        case_url=case_url,
        synthetic=person.synthetic,
        explanation=explanation_of(settlement).explanation,
        how=PaidHow.DIRECT,
        provider=provider.name,
        level=Level(settlement.level),
        care_region=provider.region,
        disease=diseases.disease(visit.disease).name if visit.disease else "",
        invoice=settlement.invoice,
        filing=filing.number if filing else "",
        cancelled_on=timezone.localdate(cancelled) if cancelled else None,
    )
