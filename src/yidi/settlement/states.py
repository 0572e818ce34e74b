"""The states of a visit and of a settlement."""

from yidi.values.terms import Term
from yidi.values.transitions import Transitions


class VisitState(Term):
    OPEN = "open", "已挂号", "open"
    WITHDRAWN = "withdrawn", "已撤销挂号", "withdrawn"


VISIT_TRANSITIONS = Transitions({VisitState.OPEN: (VisitState.WITHDRAWN,)})


class SettlementKind(Term):
    SETTLE = "settle", "结算", "settlement"
    CANCEL = "cancel", "撤销", "cancellation"
