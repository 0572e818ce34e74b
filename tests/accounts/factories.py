"""Those who act."""

from yidi.accounts.actors import Actor, ActorKind
from yidi.accounts.terms import Role

ALL_ROLES = frozenset(Role)
CLERK = Actor(ActorKind.CLERK, "南昌经办甲", "360100", ALL_ROLES)
SUPERVISOR = Actor(ActorKind.CLERK, "南昌主管庚", "360100", frozenset({Role.SUPERVISOR}))
CLEARING = Actor(ActorKind.CLERK, "南昌清算辛", "360100", frozenset({Role.CLEARING}))
WINDOW = Actor(
    ActorKind.CLERK, "南昌窗口壬", "360100", frozenset({Role.WINDOW}), principal="36010000000000000001"
)
PROVINCE_CLERK = Actor(ActorKind.CLERK, "江西经办乙", "360000", ALL_ROLES)
FOREIGN_CLERK = Actor(ActorKind.CLERK, "上海经办丙", "310000", ALL_ROLES)
PERSON = Actor(ActorKind.PERSON, "36010000000000000001")
HOSPITAL = Actor(ActorKind.INSTITUTION, "H31010600001", "310106")
