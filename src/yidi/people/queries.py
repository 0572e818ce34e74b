"""Finding people and their coverage."""

from datetime import date

from django.db.models import Q

from yidi.people.encryption import blind_index
from yidi.people.errors import PersonKey, UnknownPerson, WrongHome
from yidi.people.models import Coverage, Person
from yidi.reference import regions
from yidi.values.identity import mask_identity
from yidi.values.terms import TRAITS_OF_PERSON, Trait


def by_identity(identity: str) -> Person:
    """The person with this identity number. Raises UnknownPerson."""
    number = identity.strip().upper()
    person = Person.objects.filter(identity_index=blind_index(number)).first()
    if person is None:
        raise UnknownPerson(what=PersonKey.IDENTITY, text=mask_identity(number))
    return person


def by_number(number: str) -> Person:
    """The person with this person number. Raises UnknownPerson."""
    person = Person.objects.filter(number=number).first()
    if person is None:
        raise UnknownPerson(what=PersonKey.NUMBER, text=number)
    return person


def coverages_on(person: Person, on: date) -> list[Coverage]:
    """The coverages of a person that hold on a day, newest first."""
    held = Q(starts__lte=on) & (Q(ends__isnull=True) | Q(ends__gte=on))
    return list(person.coverages.filter(held).order_by("-starts"))


def check_home(coverage: Coverage, given: str) -> None:
    """Raises UnknownRegion or WrongHome where `given` is not in the pool that the coverage belongs to."""
    if regions.pool_of(given) != regions.pool_of(coverage.pool):
        raise WrongHome(given=given, actual=coverage.pool)


def traits_of(coverage: Coverage) -> tuple[frozenset[Trait], frozenset[Trait]]:
    """What is known to hold of an insured person, and what may hold since nobody has recorded it."""
    if coverage.traits is None:
        return frozenset(), TRAITS_OF_PERSON
    return frozenset(map(Trait, coverage.traits)), frozenset()
