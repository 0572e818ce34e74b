"""What every document says of a person and of the agency that issues it, read from the registers."""

from yidi.documents.forms import Insured
from yidi.people.models import Coverage
from yidi.reference import regions
from yidi.values.terms import Scheme, Standing


def insured_of(coverage: Coverage, phone: str = "") -> Insured:
    """The insured person as documents name them."""
    person = coverage.person
    return Insured(
        name=person.name,
        identity=person.identity,
        pool=coverage.pool,
        scheme=Scheme(coverage.scheme),
        standing=Standing(coverage.standing),
        phone=phone,
    )


def agency_of(pool: str) -> str:
    """The agency of a pool, as it stands in the letterhead."""
    return f"{regions.full_name(pool)}医疗保险经办机构"
