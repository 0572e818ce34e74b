"""The states of a claim, which may follow which, what each does to the clock, and what may be done in it."""

from collections.abc import Mapping

from yidi.casework.machines import Machine
from yidi.casework.terms import Clock
from yidi.claims.telling import told
from yidi.claims.terms import Move
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


FROM: Mapping[Move, tuple[State, ...]] = {
    Move.SUBMIT: (State.DRAFT, State.MORE_EVIDENCE),
    Move.WITHDRAW: (State.DRAFT, State.SUBMITTED, State.MORE_EVIDENCE),
    Move.APPEAL: (State.APPROVED, State.REJECTED),
    Move.ASK: (State.SUBMITTED, State.ASSESSED),
    Move.CORRECT: (State.SUBMITTED, State.ASSESSED),
    Move.ASSESS: (State.SUBMITTED, State.ASSESSED),
    Move.APPROVE: (State.ASSESSED,),
    Move.REJECT: (State.SUBMITTED, State.ASSESSED),
    Move.PAY: (State.APPROVED,),
}
"""In which states each move may be made. An approved claim may be appealed against until it is paid."""
TO: Mapping[Move, State] = {
    Move.SUBMIT: State.SUBMITTED,
    Move.WITHDRAW: State.WITHDRAWN,
    Move.APPEAL: State.SUBMITTED,
    Move.ASK: State.MORE_EVIDENCE,
    Move.CORRECT: State.SUBMITTED,
    Move.ASSESS: State.ASSESSED,
    Move.APPROVE: State.APPROVED,
    Move.REJECT: State.REJECTED,
    Move.PAY: State.PAID,
}
"""Where each leads. What is corrected has to be assessed again; assessing again replaces the assessment."""

TRANSITIONS = Transitions(
    CaseKind.CLAIM,
    {
        state: tuple(dict.fromkeys(TO[move] for move, states in FROM.items() if state in states))
        for state in State
    },
)
CLOCK: Mapping[State, Clock] = {
    State.DRAFT: Clock.STOPPED,
    State.SUBMITTED: Clock.RUNNING,
    State.MORE_EVIDENCE: Clock.PAUSED,
    State.ASSESSED: Clock.RUNNING,
    State.APPROVED: Clock.STOPPED,
    State.PAID: Clock.STOPPED,
    State.REJECTED: Clock.STOPPED,
    State.WITHDRAWN: Clock.STOPPED,
}
"""The decision is the approval or the rejection; an assessment is a proposal to a second clerk."""
MACHINE: Machine[State] = Machine(
    room="claims",
    transitions=TRANSITIONS,
    clock=CLOCK,
    handed_in=State.SUBMITTED,
    asks=State.MORE_EVIDENCE,
    rejected=State.REJECTED,
    tell=told,
)

WRITABLE = (State.DRAFT, State.MORE_EVIDENCE)
"""In which the person may change what the claim says."""
PAPERS_TAKEN = (State.DRAFT, State.MORE_EVIDENCE, *FROM[Move.APPEAL])
"""In which papers may be added: before handing in, on request, and for an appeal."""
INCOMPLETE = (State.DRAFT, State.WITHDRAWN)
"""In which a claim may lack what it must state."""
AMOUNT_KNOWN = (State.ASSESSED, State.APPROVED, State.PAID)
"""In which there is an assessment that holds."""


def moves_of(state: State) -> tuple[Move, ...]:
    """What may be done with a claim in a state: what a page may offer."""
    return tuple(move for move, states in FROM.items() if state in states)
