"""A message that has passed the gateway's own checks, and how a handler finds what it speaks of."""

from dataclasses import dataclass
from datetime import date, datetime

from yidi.accounts.actors import Actor
from yidi.audit.services import record
from yidi.gateway.models import Institution
from yidi.people import queries as people
from yidi.people.errors import NotInScheme, NotInsured
from yidi.people.models import Coverage, Person
from yidi.providers.models import Provider
from yidi.reference import regions
from yidi.settlement.models import Visit
from yidi.settlement.queries import visit_of
from yidi.values.terms import Scheme


@dataclass(frozen=True, slots=True)
class Call:
    """One message on its way to a service."""

    infno: str
    msgid: str
    home: str
    """The home region that the envelope names; empty where it names none."""
    institution: Institution
    actor: Actor
    at: datetime

    @property
    def provider(self) -> Provider:
        return self.institution.provider

    def look(self, person: Person) -> None:
        """Note in the audit trail that the institution looked at a person's data."""
        record(self.actor, f"gateway:look-{self.infno}", person.number)

    def coverages(self, person: Person, on: date) -> list[Coverage]:
        """What the person holds on a day in the home region that the envelope names. Raises NotInsured, WrongHome."""
        held = people.coverages_on(person, on)
        if not held:
            raise NotInsured(on=on)
        pool = regions.pool_of(self.home)
        found = [coverage for coverage in held if regions.pool_of(coverage.pool) == pool]
        if not found:
            people.check_home(held[0], self.home)
        return found

    def coverage(self, person: Person, scheme: Scheme, on: date) -> Coverage:
        """The person's coverage in a scheme on a day there. Raises NotInsured, WrongHome."""
        for coverage in self.coverages(person, on):
            if coverage.scheme == scheme:
                return coverage
        raise NotInScheme(on=on, scheme=scheme)

    def visit(self, number: str, person: str) -> Visit:
        """An open visit to this institution. Raises UnknownPerson, UnknownVisit, VisitOfAnother, WrongHome."""
        visit = visit_of(self.provider, number, person)
        people.check_home(visit.coverage, self.home)
        return visit
