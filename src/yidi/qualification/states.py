"""The states of a qualification, and which may follow which."""

from yidi.values.terms import CaseKind, Term
from yidi.values.transitions import Transitions


class State(Term):
    DRAFT = "draft", "草稿", "draft"
    SUBMITTED = "submitted", "已提交", "submitted"
    MORE_EVIDENCE = "more-evidence", "待补充材料", "more evidence asked for"
    UNDER_REVIEW = "under-review", "审核中", "under review"
    APPROVED = "approved", "已认定", "approved"
    REJECTED = "rejected", "未通过", "rejected"
    WITHDRAWN = "withdrawn", "已撤回", "withdrawn"
    EXPIRED = "expired", "已到期", "expired"


TRANSITIONS = Transitions(
    CaseKind.QUALIFICATION,
    {
        State.DRAFT: (State.SUBMITTED, State.WITHDRAWN),
        State.SUBMITTED: (State.UNDER_REVIEW, State.MORE_EVIDENCE, State.WITHDRAWN),
        State.MORE_EVIDENCE: (State.SUBMITTED, State.WITHDRAWN),
        State.UNDER_REVIEW: (State.APPROVED, State.REJECTED, State.MORE_EVIDENCE, State.WITHDRAWN),
        State.REJECTED: (State.SUBMITTED,),
        State.APPROVED: (State.EXPIRED,),
    },
)
"""A rejected application that is submitted again is an appeal."""
TAKES_EVIDENCE = (State.DRAFT, State.MORE_EVIDENCE, State.REJECTED)
"""States in which papers may be added: before handing in, when asked for more, and for an appeal."""
OVER = (State.WITHDRAWN, State.EXPIRED, State.REJECTED)
"""States that do not bar another application for the same disease."""
