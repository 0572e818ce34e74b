"""The states of one kind of case and what each does to its clock: a table per room."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic

from yidi.casework.terms import Clock
from yidi.values.transitions import State, Transitions


@dataclass(frozen=True)
class Machine(Generic[State]):
    """What casework has to know of a room's states."""

    room: str
    """How its events begin, such as `claims` in `claims:approved`."""
    transitions: Transitions[State]
    clock: Mapping[State, Clock]
    handed_in: State
    """The state that handing in leads to, for the first time, again, or as an appeal."""
    asks: State
    """The state in which more evidence is waited for."""
    rejected: State
    """The state that may be appealed against; nothing else leads from it."""
    tell: Callable[[Any, str], object] | None = None
    """What tells the applicant: called with the case and the move's name, in the transaction of the move."""
