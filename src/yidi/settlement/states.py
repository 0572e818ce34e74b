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
    RESTORE = "restore", "撤销的冲正", "reversal of a cancellation"


class Unrestored(Term):
    """Why a settlement cannot stand again as it stood before it was cancelled."""

    WITHDRAWN = "withdrawn", "就诊登记已经撤销", "the visit was withdrawn"
    SETTLED = "settled", "这次就诊已经重新结算", "the visit was settled anew"
    CHANGED = "changed", "就诊信息或费用明细在撤销之后改过", "the visit or its lines were changed"
    COUNTED = (
        "counted",
        "此人的累计在其间变过，额度可能已被其他就诊使用",
        "the person's counters moved meanwhile",
    )


class BillPart(Term):
    """An amount of a bill that the provider's sum is compared in."""

    TOTAL = "total", "医疗费总额", "the total"
    EXCLUDED = "excluded", "全自费金额", "the excluded part"
    OVER_LIMIT = "over_limit", "超限价金额", "the part over price limits"
    UPFRONT = "upfront", "先行自付金额", "the upfront part"
    IN_SCOPE = "in_scope", "符合政策范围金额", "the part in scope"
