"""The states of a filing, and which may follow which."""

from yidi.values.terms import Term
from yidi.values.transitions import Transitions


class State(Term):
    SUBMITTED = "submitted", "待审核", "submitted"
    ACTIVE = "active", "已生效", "active"
    REJECTED = "rejected", "未通过", "rejected"
    CANCELLED = "cancelled", "已取消", "cancelled"
    EXPIRED = "expired", "已到期", "expired"


TRANSITIONS = Transitions(
    {
        State.SUBMITTED: (State.ACTIVE, State.REJECTED, State.CANCELLED),
        State.ACTIVE: (State.CANCELLED, State.EXPIRED),
    }
)
