"""The states of a consent: which may follow which."""

from yidi.consents.terms import Matter, State
from yidi.values.transitions import Transitions

TRANSITIONS = Transitions(
    Matter.CONSENT,
    {
        State.OFFERED: (State.ACCEPTED, State.DECLINED, State.REVOKED),
        State.ACCEPTED: (State.REVOKED,),
    },
)
