"""Registering people. The home region's own system is the source; this is what yidi keeps of it."""

from collections.abc import Collection
from datetime import date

from django.db import transaction
from django.db.models import Q

from yidi.people.encryption import blind_index
from yidi.people.errors import CoverageOverlaps, NotOfPersons, StandingMismatch
from yidi.people.models import Coverage, Person
from yidi.reference import regions
from yidi.values.identity import birth_date, is_male, parse_identity
from yidi.values.terms import STANDINGS_OF, TRAITS_OF_PERSON, Scheme, Standing, Trait


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
    traits: Collection[Trait] | None = None,
) -> Coverage:
    """Add where and how a person is insured from a day on, or correct what is on record from that day.

    `traits` are those of `TRAITS_OF_PERSON` that the person has; None = not known.
    A change of standing or pool is a new coverage, after the old one has ended (`end_coverage`).
    Raises UnknownRegion, StandingMismatch, NotOfPersons, CoverageOverlaps.
    """
    pool = regions.pool_of(pool)
    if traits and not TRAITS_OF_PERSON.issuperset(traits):
        raise NotOfPersons(traits="、".join(sorted(trait.zh for trait in set(traits) - TRAITS_OF_PERSON)))
    if standing not in STANDINGS_OF[scheme]:
        raise StandingMismatch(standing=standing, scheme=scheme)
    others = person.coverages.filter(Q(ends__isnull=True) | Q(ends__gte=starts), scheme=str(scheme))
    if others.exclude(pool=pool, starts=starts).exists():
        raise CoverageOverlaps(scheme=scheme, starts=starts)
    coverage, _ = Coverage.objects.update_or_create(
        person=person,
        pool=pool,
        scheme=str(scheme),
        starts=starts,
        defaults={
            "standing": str(standing),
            "account_balance": account_balance,
            "employer": employer,
            "traits": None if traits is None else sorted(map(str, traits)),
        },
    )
    return coverage


@transaction.atomic
def end_coverage(coverage: Coverage, last_day: date) -> None:
    """Note that a coverage ends after `last_day`."""
    coverage.ends = last_day
    coverage.save(update_fields=["ends"])
