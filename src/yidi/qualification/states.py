"""The states of a qualification: which may follow which, and what each does to the clock."""

from collections.abc import Mapping

from yidi.casework.machines import Machine
from yidi.casework.terms import Clock
from yidi.qualification.telling import told
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


class RejectReason(Term):
    """Why an application is refused: the list that statistics count by. A clerk adds what is special to the case."""

    CRITERIA_NOT_MET = "criteria-not-met", "未达到该病种的认定标准", "the disease's criteria are not met"
    EVIDENCE_TOO_THIN = "evidence-too-thin", "材料不足以证明病情", "the papers do not show the condition"
    EVIDENCE_AT_ODDS = "evidence-at-odds", "材料之间不一致", "the papers contradict each other"
    OTHER_DISEASE = "other-disease", "诊断与申请的病种不符", "the diagnosis is of another disease"
    NOT_INSURED = "not-insured", "参保状态不符合要求", "not insured as required"
    OTHER = "other", "其他原因", "another reason"


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
"""A rejected application is handed in again by an appeal alone."""
CLOCK: Mapping[State, Clock] = {
    State.DRAFT: Clock.STOPPED,
    State.SUBMITTED: Clock.RUNNING,
    State.MORE_EVIDENCE: Clock.PAUSED,
    State.UNDER_REVIEW: Clock.RUNNING,
    State.APPROVED: Clock.STOPPED,
    State.REJECTED: Clock.STOPPED,
    State.WITHDRAWN: Clock.STOPPED,
    State.EXPIRED: Clock.STOPPED,
}
MACHINE: Machine[State] = Machine(
    room="qualification",
    transitions=TRANSITIONS,
    clock=CLOCK,
    handed_in=State.SUBMITTED,
    asks=State.MORE_EVIDENCE,
    rejected=State.REJECTED,
    tell=told,
)
OF_APPLICANT = (State.DRAFT, State.MORE_EVIDENCE, State.REJECTED)
"""States in which the next step is the applicant's: what they filled in and their papers may change."""
OVER = (State.WITHDRAWN, State.EXPIRED, State.REJECTED)
"""States that do not bar another application for the same disease. An approved one bars it until its end is near."""
ON_ITS_WAY = tuple(state for state in State if state not in (*OVER, State.APPROVED))
"""States in which a decision is still to come: of a disease there is one such application at a time."""
GRANTED = (State.APPROVED, State.EXPIRED)
"""States of a qualification that holds, or held until its last day."""
