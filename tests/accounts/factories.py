"""Those who act."""

from yidi.accounts.actors import Actor, ActorKind

CLERK = Actor(ActorKind.CLERK, "南昌经办甲", "360100")
PROVINCE_CLERK = Actor(ActorKind.CLERK, "江西经办乙", "360000")
FOREIGN_CLERK = Actor(ActorKind.CLERK, "上海经办丙", "310000")
PERSON = Actor(ActorKind.PERSON, "36010000000000000001")
HOSPITAL = Actor(ActorKind.INSTITUTION, "H31010600001", "310106")
