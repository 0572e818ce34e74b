"""The one who does something, as every service wants to know them."""

from dataclasses import dataclass

from yidi.accounts.errors import NotAllowed, OfAnother, OutsideRegion
from yidi.reference import regions
from yidi.values.terms import Term


class ActorKind(Term):
    PERSON = "person", "参保人", "insured person"
    CLERK = "clerk", "经办人", "clerk"
    INSTITUTION = "institution", "定点医药机构", "institution"
    SYSTEM = "system", "系统", "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """Someone acting, with the region they act for (empty for persons and the system)."""

    kind: ActorKind
    name: str
    """A person's number, a clerk's name, an institution's code and operator."""
    region: str = ""

    def must_be_clerk_of(self, pool: str, action: str) -> None:
        """Raises NotAllowed where the actor is no clerk, OutsideRegion where the pool is not in their region."""
        if self.kind is not ActorKind.CLERK:
            raise NotAllowed(kind=self.kind, actor=self.name, action=action)
        if self.region not in regions.layers_of(pool):
            raise OutsideRegion(
                actor=self.name, own=regions.full_name(self.region), other=regions.full_name(pool)
            )

    def must_be_person_or_clerk(self, person: str, pool: str, action: str) -> None:
        """Lets pass the person with that number and the clerks of the pool.

        Raises OfAnother for another person, else what `must_be_clerk_of` raises.
        """
        if self.kind is not ActorKind.PERSON:
            self.must_be_clerk_of(pool, action)
        elif self.name != person:
            raise OfAnother(actor=self.name, action=action)

    def must_be_system_or_clerk(self, pool: str, action: str) -> None:
        """Lets pass the system itself and the clerks of the pool. Raises what `must_be_clerk_of` raises."""
        if self.kind is not ActorKind.SYSTEM:
            self.must_be_clerk_of(pool, action)


SYSTEM = Actor(ActorKind.SYSTEM, "yidi")
