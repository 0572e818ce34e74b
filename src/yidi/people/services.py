"""Registering people. The home region's own system is the source; this is what yidi keeps of it."""

from datetime import date

from django.db import transaction

from yidi.people.encryption import blind_index
from yidi.people.errors import StandingMismatch
from yidi.people.models import Coverage, Person
from yidi.reference import regions
from yidi.values.identity import birth_date, is_male, parse_identity
from yidi.values.terms import STANDINGS_OF, Scheme, Standing


@transaction.atomic
def register_person(number: str, name: str, identity: str, *, synthetic: bool = False) -> Person:
    """Add a person, or update the name of one already registered. Raises BadValue for a bad identity number."""
    identity = parse_identity(identity)
    person, _ = Person.objects.update_or_create(
        identity_index=blind_index(identity),
        defaults={"name": name, "synthetic": synthetic},
        create_defaults={
            "number": number,
            "name": name,
            "identity": identity,
            "is_male": is_male(identity),
            "born": birth_date(identity),
            "synthetic": synthetic,
        },
    )
    return person


@transaction.atomic
def register_coverage(
    person: Person,
    pool: str,
    scheme: Scheme,
    standing: Standing,
    starts: date,
    *,
    account_balance: int = 0,
    employer: str = "",
) -> Coverage:
    """Add or update where and how a person is insured. Raises UnknownRegion, StandingMismatch."""
    regions.region(pool)
    if standing not in STANDINGS_OF[scheme]:
        raise StandingMismatch(standing=standing, scheme=scheme)
    coverage, _ = Coverage.objects.update_or_create(
        person=person,
        pool=pool,
        scheme=str(scheme),
        starts=starts,
        defaults={"standing": str(standing), "account_balance": account_balance, "employer": employer},
    )
    return coverage
