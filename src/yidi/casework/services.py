"""What clerks do with any case: move it with its clock, take it on, ask once, vote."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic

from django.db import transaction
from django.utils import timezone

from yidi.accounts.actors import Actor
from yidi.audit.moves import locked, move
from yidi.audit.services import record
from yidi.casework.clocks import Term, turned
from yidi.casework.errors import AskedAlready, ReasonNeeded, VotedAlready
from yidi.casework.models import Vote
from yidi.casework.terms import Clock, Verdict
from yidi.values.transitions import State, Transitions


@dataclass(frozen=True)
class Machine(Generic[State]):
    """The states of one kind of case: what may follow what, and what each does to the clock."""

    room: str
    """How its events begin, such as `claims` in `claims:approved`."""
    transitions: Transitions[State]
    clock: Mapping[State, Clock]
    asks: State
    """The state in which more evidence is waited for."""


@transaction.atomic
def advance(
    case: Any,
    machine: Machine[State],
    wanted: State,
    actor: Actor,
    reason: str = "",
    also: Mapping[str, Any] | None = None,
    term: Term | None = None,
    deed: str = "",
) -> None:
    """Move a case, turn its clock, write the fields in `also`, and note who did it.

    `term` is the time for the decision, read where the clock starts. The trail tells of the state that was reached, or
    of `deed` where that says more (an appeal hands a case in as well). Raises IllegalMove, AskedAlready where more
    evidence is wanted a second time.
    """
    row = locked(case)
    now = type(wanted)(row.state)
    machine.transitions.check(case.number, now, wanted)
    changes: dict[str, Any] = {}
    if wanted == machine.asks:
        if row.asked:
            raise AskedAlready(number=case.number)
        changes["asked"] = True
    clock = turned(row, machine.clock[now], machine.clock[wanted], timezone.localdate(), term)
    if "submitted_on" in clock:
        changes["asked"] = False
    changes |= clock | dict(also or {})
    move(case, machine.transitions, wanted, actor, f"{machine.room}:{deed or wanted}", reason, changes)


def need_reason(number: str, reason: str) -> str:
    """The reason without blanks around it. Raises ReasonNeeded where there is none."""
    if not reason.strip():
        raise ReasonNeeded(number=number)
    return reason.strip()


@transaction.atomic
def assign(case: Any, machine: Machine[State], clerk: str, actor: Actor) -> None:
    """Give a case to a clerk by sign-in name; empty puts it back. Whether the actor may is the caller's to check."""
    locked(case)
    case.assigned_to = clerk
    case.save(update_fields=["assigned_to"])
    record(actor, f"{machine.room}:assign", case.number, clerk)


@transaction.atomic
def vote(case: Any, machine: Machine[State], verdict: Verdict, reason: str, clerk: Actor) -> list[Vote]:
    """Add a clerk's vote on the case as it was handed in last; returns all votes of this round, oldest first.

    Raises VotedAlready.
    """
    row = locked(case)
    votes = Vote.objects.filter(subject=case.number, round=row.appeals)
    if votes.filter(clerk=clerk.name).exists():
        raise VotedAlready(clerk=clerk.name, number=case.number)
    Vote.objects.create(
        subject=case.number, round=row.appeals, clerk=clerk.name, verdict=str(verdict), reason=reason
    )
    record(clerk, f"{machine.room}:vote", case.number, f"{verdict.zh} {reason}".strip())
    return list(votes.order_by("pk"))
