"""Finding people and their coverage."""

from datetime import date
from typing import Any

from django.db.models import BigIntegerField, DateField, Q, QuerySet

from yidi.people.encryption import blind_index
from yidi.people.errors import NotInsured, PersonKey, UnknownPerson, WrongHome
from yidi.people.models import Coverage, Person
from yidi.reference import regions
from yidi.statements import Query, Slot
from yidi.values.identity import mask_identity
from yidi.values.terms import TRAITS_OF_PERSON, Scheme, Trait

_BY_INDEX = Query(lambda: Person.objects.filter(identity_index=Slot("index")))
_BY_NUMBER = Query(lambda: Person.objects.filter(number=Slot("number")))
_HELD = Query(lambda: _held_on(Slot("on", DateField())).filter(person_id=Slot("person", BigIntegerField())))


def _held_on(on: Any) -> QuerySet[Coverage]:
    held = Q(starts__lte=on) & (Q(ends__isnull=True) | Q(ends__gte=on))
    return Coverage.objects.filter(held).order_by("-starts")


def by_identity(identity: str) -> Person:
    """The person with this identity number. Raises UnknownPerson."""
    number = identity.strip().upper()
    person = _BY_INDEX.first(index=blind_index(number))
    if person is None:
        raise UnknownPerson(what=PersonKey.IDENTITY, text=mask_identity(number))
    return person


def by_number(number: str) -> Person:
    """The person with this person number. Raises UnknownPerson."""
    person = _BY_NUMBER.first(number=number)
    if person is None:
        raise UnknownPerson(what=PersonKey.NUMBER, text=number)
    return person


def coverages_on(person: Person, on: date) -> list[Coverage]:
    """The coverages of a person that hold on a day, newest first."""
    return _HELD.all(person=person.pk, on=on)


def coverage_during(
    person: Person, pool: str, scheme: Scheme, first: date, last: date | None
) -> Coverage | None:
    """How the person is insured in a pool and scheme, as of the latest record that touches a period (None = without end).

    The latest of all where none touches it; None where the person never was insured so.
    """
    records = person.coverages.filter(pool=pool, scheme=str(scheme)).order_by("-starts")
    return next((record for record in records if _touches(record, first, last)), records.first())


def need_during(coverage: Coverage, first: date, last: date | None) -> None:
    """Raises NotInsured where a coverage holds on no day of a period."""
    if not _touches(coverage, first, last):
        raise NotInsured(on=first)


def _touches(coverage: Coverage, first: date, last: date | None) -> bool:
    return (coverage.ends is None or coverage.ends >= first) and (last is None or coverage.starts <= last)


def check_home(coverage: Coverage, given: str) -> None:
    """Raises UnknownRegion or WrongHome where `given` is not in the pool that the coverage belongs to."""
    if regions.pool_of(given) != regions.pool_of(coverage.pool):
        raise WrongHome(given=given, actual=coverage.pool)


def traits_of(coverage: Coverage) -> tuple[frozenset[Trait], frozenset[Trait]]:
    """What is known to hold of an insured person, and what may hold since nobody has recorded it."""
    if coverage.traits is None:
        return frozenset(), TRAITS_OF_PERSON
    return frozenset(map(Trait, coverage.traits)), frozenset()
