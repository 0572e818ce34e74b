"""What is on record of a person in a region: found by a number, for a reason that the log keeps."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from yidi.accounts.actors import Actor
from yidi.accounts.terms import Action
from yidi.audit.services import looked, said
from yidi.audit.terms import LookReason
from yidi.casework.queries import pools_of
from yidi.operations.errors import NotHere
from yidi.operations.looks import cases_of_person
from yidi.operations.terms import Shown
from yidi.operations.year import Year, year_of
from yidi.people.errors import PersonKey, UnknownPerson
from yidi.people.models import Coverage, Person
from yidi.people.queries import by_identity, by_number
from yidi.settlement.models import Settlement
from yidi.settlement.queries import of_person as settlements_of
from yidi.values.identity import parse_identity

_FIND: Mapping[PersonKey, Callable[[str], Person]] = {
    PersonKey.IDENTITY: lambda text: by_identity(parse_identity(text)),
    PersonKey.NUMBER: by_number,
}


def find_here(key: PersonKey, text: str, clerk: Actor, action: Action) -> Person:
    """The person with that number, insured now or earlier where the clerk may do something.

    Raises BadValue for what is no identity number; NotHere, the same whether the person is unknown or insured elsewhere;
    NotAllowed.
    """
    clerk.must_do(action, clerk.region)
    try:
        person = _FIND[key](text)
    except UnknownPerson:
        raise NotHere() from None
    if not person.coverages.filter(pool__in=pools_of(clerk.region)).exists():
        raise NotHere()
    return person


@dataclass(frozen=True)
class Record:
    """One person's record, as far as a clerk's region goes."""

    person: Person
    clerk: Actor
    on: date

    @cached_property
    def coverages(self) -> list[Coverage]:
        """Where and how they are insured in the region, the newest first."""
        own = self.person.coverages.filter(pool__in=pools_of(self.clerk.region)).select_related("person")
        return list(own.order_by("-starts", "pk"))

    @cached_property
    def cases(self) -> Iterable[Any]:
        """Their cases that were handed in, the newest first."""
        return cases_of_person(self.person, self.clerk)

    @cached_property
    def settlements(self) -> list[Settlement]:
        """Their settled bills, cancelled ones included, the newest first."""
        rows = settlements_of(self.person).filter(visit__coverage__in=self.coverages)
        return list(rows)

    @cached_property
    def years(self) -> list[Year]:
        """What they have used this year of each coverage that holds."""
        held = (one for one in self.coverages if one.starts <= self.on <= (one.ends or self.on))
        return [year_of(coverage, self.on) for coverage in held]


def look_up(key: PersonKey, text: str, clerk: Actor, reason: LookReason, words: str, on: date) -> Record:
    """A person's record, for a reason. Raises ReasonMissing and what `find_here` raises."""
    why = said(reason, words, Shown.RECORD)
    person = find_here(key, text, clerk, Action.SEE_PERSON)
    looked(clerk, person.number, str(Shown.RECORD), why)
    return Record(person, clerk, on)
