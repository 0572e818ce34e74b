"""A message that has passed the gateway's own checks, and how a handler finds what it speaks of."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from django.utils import timezone

from yidi.accounts.actors import Actor
from yidi.audit.services import record
from yidi.gateway import codes
from yidi.gateway.errors import OtherInstitution
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
    reply_number: str
    """The number that our reply has, by which some messages are spoken of later."""

    @property
    def provider(self) -> Provider:
        return self.institution.provider

    def look(self, person: Person) -> None:
        """Note in the audit trail that the institution looked at a person's data."""
        record(self.actor, f"gateway:look-{self.infno}", person.number)

    def known_person(self, number: str) -> Person:
        """The person with a number, asked about by somebody who knows where they are insured today.

        Raises UnknownPerson, NotInsured, WrongHome.
        """
        person = people.by_number(number)
        self.coverages(person, timezone.localdate(self.at))
        return person

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

    def insured(self, number: str, insutype: str, on: date) -> Coverage:
        """The coverage on a day, under the home region of the envelope, of the person with a number.

        The first one where no scheme is named. Raises UnknownPerson, NotSupported, NotInsured, NotInScheme, WrongHome.
        """
        person = people.by_number(number)
        if insutype:
            return self.coverage(person, codes.scheme_of(insutype), on)
        return self.coverages(person, on)[0]

    def acting_for(self, person: Person) -> Actor:
        """The institution as it does something in a person's place."""
        return replace(self.actor, principal=person.number)

    def must_be_own(self, code: str) -> None:
        """Raises OtherInstitution where a message names another institution than its sender."""
        if code != self.provider.code:
            raise OtherInstitution(given=code, own=self.provider.code or "")

    def visit(self, number: str, person: str) -> Visit:
        """An open visit to this institution. Raises UnknownPerson, UnknownVisit, VisitOfAnother, WrongHome."""
        visit = visit_of(self.provider, number, person)
        people.check_home(visit.coverage, self.home)
        return visit
