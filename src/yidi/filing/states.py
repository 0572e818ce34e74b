"""The states of a filing: which may follow which, and what each does to the clock."""

from collections.abc import Mapping

from yidi.casework.machines import Machine
from yidi.casework.terms import Clock
from yidi.filing.telling import told
from yidi.values.terms import CaseKind, Term
from yidi.values.transitions import Transitions


class State(Term):
    DRAFT = "draft", "草稿", "draft"
    SUBMITTED = "submitted", "待审核", "submitted"
    MORE_EVIDENCE = "more-evidence", "待补充材料", "more evidence asked for"
    ACTIVE = "active", "已生效", "active"
    REJECTED = "rejected", "未通过", "rejected"
    WITHDRAWN = "withdrawn", "已撤回", "withdrawn"
    CANCELLED = "cancelled", "已取消", "cancelled"
    REPLACED = "replaced", "已由新备案接替", "replaced by another"
    EXPIRED = "expired", "已到期", "expired"


class RejectReason(Term):
    """Why a filing is refused: the list that statistics count by. A clerk adds what is special to the case."""

    PROOF_TOO_THIN = (
        "proof-too-thin",
        "材料不足以证明异地居住、工作或转诊",
        "the papers do not show the ground",
    )
    PROOF_AT_ODDS = "proof-at-odds", "材料之间不一致", "the papers contradict each other"
    OTHER_KIND = "other-kind", "情况不属于所选备案类型", "the ground is that of another kind"
    PLACE_OR_DATES = "place-or-dates", "就医地或起止日期有误", "the place or the days are wrong"
    NOT_INSURED = "not-insured", "参保状态不符合要求", "not insured as required"
    OTHER = "other", "其他原因", "another reason"


TRANSITIONS = Transitions(
    CaseKind.FILING,
    {
        State.DRAFT: (State.SUBMITTED, State.WITHDRAWN),
        State.SUBMITTED: (State.ACTIVE, State.REJECTED, State.MORE_EVIDENCE, State.WITHDRAWN),
        State.MORE_EVIDENCE: (State.SUBMITTED, State.WITHDRAWN),
        State.REJECTED: (State.SUBMITTED,),
        State.ACTIVE: (State.CANCELLED, State.REPLACED, State.EXPIRED),
    },
)
"""A rejected filing is handed in again by an appeal alone. What takes effect at once is submitted for a moment."""
CLOCK: Mapping[State, Clock] = {
    State.DRAFT: Clock.STOPPED,
    State.SUBMITTED: Clock.RUNNING,
    State.MORE_EVIDENCE: Clock.PAUSED,
    State.ACTIVE: Clock.STOPPED,
    State.REJECTED: Clock.STOPPED,
    State.WITHDRAWN: Clock.STOPPED,
    State.CANCELLED: Clock.STOPPED,
    State.REPLACED: Clock.STOPPED,
    State.EXPIRED: Clock.STOPPED,
}
MACHINE: Machine[State] = Machine(
    room="filing",
    transitions=TRANSITIONS,
    clock=CLOCK,
    handed_in=State.SUBMITTED,
    asks=State.MORE_EVIDENCE,
    rejected=State.REJECTED,
    tell=told,
)
IN_EFFECT = (State.ACTIVE, State.CANCELLED, State.REPLACED, State.EXPIRED)
"""States of a filing that is or was in effect: until its last day it covers care."""
IN_HAND = (State.DRAFT, State.SUBMITTED, State.MORE_EVIDENCE)
"""States of a filing on its way: there is one for a place at a time, besides the one in effect that it replaces."""
OF_APPLICANT = (State.DRAFT, State.MORE_EVIDENCE, State.REJECTED)
"""States in which the next step is the applicant's: what they filled in and their papers may change."""
