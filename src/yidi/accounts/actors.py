"""The one who does something, as every service wants to know them."""

from dataclasses import dataclass

from yidi.reference import regions
from yidi.values.errors import Refusal
from yidi.values.terms import Term


class ActorKind(Term):
    PERSON = "person", "参保人", "insured person"
    CLERK = "clerk", "经办人", "clerk"
    INSTITUTION = "institution", "定点医药机构", "institution"
    SYSTEM = "system", "系统", "system"


class OutsideRegion(Refusal):
    code = "ACTOR-REGION"
    zh = "经办人“{actor}”属于{own}，不能办理{other}的业务。请转交该地经办机构办理。"
    en = "{actor} works for {own} and cannot act for {other}. Hand the case to that agency."


class NotAllowed(Refusal):
    code = "ACTOR-KIND"
    zh = "{kind}“{actor}”不能进行“{action}”。请由有权限的人员办理。"
    en = "{actor} ({kind}) may not do this: {action}. Ask someone who may."


@dataclass(frozen=True, slots=True)
class Actor:
    """Someone acting, with the region they act for (empty for persons and the system)."""

    kind: ActorKind
    name: str
    region: str = ""

    def must_be_clerk_of(self, pool: str, action: str) -> None:
        """Raises NotAllowed where the actor is no clerk, OutsideRegion where the pool is not in their region."""
        if self.kind is not ActorKind.CLERK:
            raise NotAllowed(kind=self.kind.zh, actor=self.name, action=action)
        if self.region not in regions.layers_of(pool):
            raise OutsideRegion(
                actor=self.name, own=regions.full_name(self.region), other=regions.full_name(pool)
            )


SYSTEM = Actor(ActorKind.SYSTEM, "yidi")
