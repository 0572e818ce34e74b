"""The states of a claim, and which may follow which."""

from yidi.values.terms import CaseKind, Term
from yidi.values.transitions import Transitions


class State(Term):
    DRAFT = "draft", "草稿", "draft"
    SUBMITTED = "submitted", "已提交", "submitted"
    MORE_EVIDENCE = "more-evidence", "待补充材料", "more evidence asked for"
    ASSESSED = "assessed", "已核定", "assessed"
    APPROVED = "approved", "已批准", "approved"
    PAID = "paid", "已支付", "paid"
    REJECTED = "rejected", "不予报销", "rejected"
    WITHDRAWN = "withdrawn", "已撤回", "withdrawn"


TRANSITIONS = Transitions(
    CaseKind.CLAIM,
    {
        State.DRAFT: (State.SUBMITTED, State.WITHDRAWN),
        State.SUBMITTED: (State.MORE_EVIDENCE, State.ASSESSED, State.REJECTED, State.WITHDRAWN),
        State.MORE_EVIDENCE: (State.SUBMITTED, State.WITHDRAWN),
        State.ASSESSED: (State.ASSESSED, State.APPROVED, State.MORE_EVIDENCE, State.REJECTED),
        State.APPROVED: (State.PAID,),
        State.REJECTED: (State.SUBMITTED,),
    },
)
"""A rejected claim that is submitted again is an appeal. Assessing again replaces the assessment."""
