"""The states of a visit and of a settlement."""

from yidi.values.terms import CaseKind, Term
from yidi.values.transitions import Transitions


class VisitState(Term):
    OPEN = "open", "已挂号", "open"
    WITHDRAWN = "withdrawn", "已撤销挂号", "withdrawn"


VISIT_TRANSITIONS = Transitions(CaseKind.VISIT, {VisitState.OPEN: (VisitState.WITHDRAWN,)})


class SettlementKind(Term):
    SETTLE = "settle", "结算", "settlement"
    CANCEL = "cancel", "撤销", "cancellation"


class BillPart(Term):
    """An amount of a bill that the provider's sum is compared in."""

    TOTAL = "total", "医疗费总额", "the total"
    EXCLUDED = "excluded", "全自费金额", "the excluded part"
    OVER_LIMIT = "over_limit", "超限价金额", "the part over price limits"
    UPFRONT = "upfront", "先行自付金额", "the upfront part"
    IN_SCOPE = "in_scope", "符合政策范围金额", "the part in scope"
