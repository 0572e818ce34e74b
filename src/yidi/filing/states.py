"""The states of a filing, and which may follow which."""

from yidi.values.terms import CaseKind, Term
from yidi.values.transitions import Transitions


class State(Term):
    SUBMITTED = "submitted", "待审核", "submitted"
    ACTIVE = "active", "已生效", "active"
    REJECTED = "rejected", "未通过", "rejected"
    WITHDRAWN = "withdrawn", "已撤回", "withdrawn"
    CANCELLED = "cancelled", "已取消", "cancelled"
    EXPIRED = "expired", "已到期", "expired"


TRANSITIONS = Transitions(
    CaseKind.FILING,
    {
        State.SUBMITTED: (State.ACTIVE, State.REJECTED, State.WITHDRAWN),
        State.ACTIVE: (State.CANCELLED, State.EXPIRED),
    },
)
IN_EFFECT = (State.ACTIVE, State.CANCELLED, State.EXPIRED)
"""States of a filing that is or was in effect: until its last day it covers care."""
OPEN = (State.SUBMITTED, State.ACTIVE)
"""States of a filing that bars another one for the same place."""
