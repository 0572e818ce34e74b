"""The one who does something, as every service wants to know them."""

from dataclasses import dataclass

from yidi.accounts.errors import NotAllowed, OutsideRegion
from yidi.accounts.terms import MATRIX, Action, Role
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
    roles: frozenset[Role] = frozenset()
    """The offices that a clerk holds in that region."""
    principal: str = ""
    """The number of the person for whom somebody else acts: a relative, or a clerk at the window."""

    def must_do(self, action: Action, pool: str) -> None:
        """Lets pass a clerk who may do this (`accounts.terms.MATRIX`) for a pool in their region.

        Raises NotAllowed for anybody else and for a role that may not, OutsideRegion for another region.
        """
        if self.kind is not ActorKind.CLERK or not self.roles & MATRIX[action]:
            raise NotAllowed(kind=self.kind, actor=self.name, action=action)
        if self.region not in regions.layers_of(pool):
            raise OutsideRegion(
                actor=self.name, own=regions.full_name(self.region), other=regions.full_name(pool)
            )

    def may_do(self, action: Action, pool: str) -> bool:
        """Whether `must_do` would let pass."""
        try:
            self.must_do(action, pool)
        except (NotAllowed, OutsideRegion):
            return False
        return True

    def must_be_system_or(self, action: Action, pool: str) -> None:
        """Lets pass the system itself, and the clerks that `must_do` lets pass. Raises what `must_do` raises."""
        if self.kind is not ActorKind.SYSTEM:
            self.must_do(action, pool)


SYSTEM = Actor(ActorKind.SYSTEM, "yidi")
