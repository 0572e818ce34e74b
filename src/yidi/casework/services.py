"""What is done with any case: move it with its clock, hand it out, ask once, decide by one pair of eyes or several."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from yidi.accounts.actors import Actor
from yidi.accounts.models import User
from yidi.accounts.services import actor_of
from yidi.accounts.terms import Action
from yidi.audit.moves import locked, move
from yidi.audit.services import record
from yidi.casework.clocks import Term, turned
from yidi.casework.errors import (
    AppealInstead,
    AskedAlready,
    NoSuchColleague,
    NothingToAppeal,
    NotInHand,
    ReasonNeeded,
    SameClerk,
    TakenAlready,
    VotedAlready,
    VotesDiffer,
)
from yidi.casework.machines import Machine
from yidi.casework.models import Vote
from yidi.casework.terms import Clock, Verdict
from yidi.people.models import Coverage
from yidi.reference import regions
from yidi.values import terms
from yidi.values.transitions import State

OTHER = "other"
"""How every room's list of reasons spells the one that says nothing by itself."""


@transaction.atomic
def advance(
    case: Any,
    machine: Machine[State],
    wanted: State,
    actor: Actor,
    reason: str = "",
    also: Mapping[str, Any] | None = None,
    term: Term | None = None,
    verb: str = "",
) -> None:
    """Move a case, turn its clock, write the fields in `also`, note who did it, and tell the applicant.

    `term` is the time for the decision, read where the clock starts. `verb` is how the trail calls the move where that
    is not the name of the state. Raises IllegalMove; AskedAlready where more evidence is wanted a second time.
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
    name = verb or str(wanted)
    move(case, machine.transitions, wanted, actor, f"{machine.room}:{name}", reason, changes)
    if machine.tell:
        machine.tell(locked(case), name)


def hold(coverage: Coverage) -> None:
    """Let what is done for one insured person's cases be done one after the other, until the transaction ends.

    Taken before any lock on a case. It does not keep others from adding rows that point to the person's coverage.
    """
    Coverage.objects.select_for_update(of=("self",), no_key=True).get(pk=coverage.pk)


@transaction.atomic
def hand_in(
    case: Any,
    machine: Machine[State],
    actor: Actor,
    also: Mapping[str, Any] | None = None,
    term: Term | None = None,
) -> None:
    """Hand a draft in, or the evidence that was asked for. Raises IllegalMove, AppealInstead after a rejection."""
    state = type(machine.rejected)(locked(case).state)
    if state == machine.rejected:
        raise AppealInstead(kind=machine.transitions.kind, number=case.number, state=state)
    advance(case, machine, machine.handed_in, actor, also=also, term=term)


@transaction.atomic
def appeal(
    case: Any,
    machine: Machine[State],
    grounds: str,
    actor: Actor,
    term: Term | None = None,
) -> None:
    """Hand a rejected case in anew, for another clerk, with a clock of its own. The trail keeps the grounds.

    No source states a last day for it, so there is none. Raises NothingToAppeal, ReasonNeeded.
    """
    row = locked(case)
    state = type(machine.rejected)(row.state)
    if state != machine.rejected:
        raise NothingToAppeal(kind=machine.transitions.kind, number=case.number, state=state)
    also = {"appeals": row.appeals + 1, "assigned_to": ""}
    grounds = need_reason(case.number, grounds)
    advance(case, machine, machine.handed_in, actor, grounds, also, term, verb="appeal")


def need_reason(number: str, reason: str) -> str:
    """The reason without blanks around it. Raises ReasonNeeded where there is none."""
    if not reason.strip():
        raise ReasonNeeded(number=number)
    return reason.strip()


def why_rejected(number: str, reason: terms.Term, text: str) -> str:
    """What the person is told: a reason of a room's list, with the clerk's own words behind it.

    Raises ReasonNeeded where the reason is `OTHER` and nothing more is said.
    """
    said = need_reason(number, text) if reason == OTHER else text.strip()
    return f"{reason.zh}：{said}" if said else reason.zh


@transaction.atomic
def take_on(case: Any, machine: Machine[State], clerk: Actor) -> None:
    """A clerk takes a case to work on; what is theirs already stays theirs.

    Raises TakenAlready, NotInHand, SameClerk and the clerk's faults.
    """
    clerk.must_do(Action.TAKE_UP, case.coverage.pool)
    if must_be_free(case, clerk) and _hand_to(case, machine, clerk.name):
        record(clerk, f"{machine.room}:take-on", case.number)


def must_be_free(case: Any, clerk: Actor) -> bool:
    """Whether nobody has the case yet; false where the clerk has. Raises TakenAlready where a colleague does."""
    holder = locked(case).assigned_to
    if holder not in ("", clerk.name):
        raise TakenAlready(number=case.number, clerk=holder)
    return not holder


@transaction.atomic
def assign(case: Any, machine: Machine[State], clerk: str, actor: Actor) -> None:
    """Give a case to a colleague by sign-in name; empty puts it back on the pile. Whose it is already, keeps it.

    Raises NoSuchColleague, NotInHand, SameClerk and the actor's faults.
    """
    pool = case.coverage.pool
    actor.must_do(Action.ASSIGN, pool)
    colleague = User.objects.filter(username=clerk, is_active=True).first()
    if clerk and (colleague is None or not actor_of(colleague).may_do(Action.TAKE_UP, pool)):
        raise NoSuchColleague(clerk=clerk, number=case.number, pool=regions.full_name(pool))
    if _hand_to(case, machine, clerk):
        record(actor, f"{machine.room}:assign", case.number, clerk)


def _hand_to(case: Any, machine: Machine[State], clerk: str) -> bool:
    """Note who works on a case; whether that is somebody else than before."""
    row = locked(case)
    state = type(machine.rejected)(row.state)
    if machine.clock[state] is Clock.STOPPED:
        raise NotInHand(kind=machine.transitions.kind, number=case.number, state=state)
    need_fresh_eyes(row, clerk)
    case.assigned_to = clerk
    case.save(update_fields=["assigned_to"])
    return bool(row.assigned_to != clerk)


def need_fresh_eyes(case: Any, clerk: str) -> None:
    """Raises SameClerk where the clerk had a part in the decision that an appeal is against."""
    if not case.appeals:
        return
    voted = Vote.objects.filter(subject=case.number, round__lt=case.appeals, clerk=clerk)
    if clerk == case.decided_by or voted.exists():
        raise SameClerk(
            number=case.number,
            clerk=clerk,
            did="作出过被申诉的决定",
            did_en="decided what is appealed against",
        )


@transaction.atomic
def decide(
    case: Any,
    machine: Machine[State],
    wanted: State,
    clerk: Actor,
    verdict: Verdict,
    reason: str = "",
    also: Mapping[str, Any] | None = None,
    reviewers: int = 1,
) -> bool:
    """Decide a case; where several must look at it, add a vote, and decide with the one that is still wanting.

    The side that first has `reviewers` votes decides, with the words of its last vote. Approvals of one round must be
    for the same. Whether the clerk may decide is the caller's to check. Returns whether the case is decided now.

    Raises IllegalMove, SameClerk, VotedAlready, VotesDiffer.
    """
    row = locked(case)
    machine.transitions.check(case.number, type(wanted)(row.state), wanted)
    need_fresh_eyes(row, clerk.name)
    if reviewers > 1:
        votes = vote(case, machine, verdict, reason, clerk)
        if sum(given.verdict == verdict for given in votes) < reviewers:
            return False
    advance(case, machine, wanted, clerk, reason, {"decided_by": clerk.name, **(also or {})})
    return True


@transaction.atomic
def vote(case: Any, machine: Machine[State], verdict: Verdict, reason: str, clerk: Actor) -> list[Vote]:
    """Add a clerk's vote on the case as it was handed in last; returns all votes of this round, oldest first.

    Raises VotedAlready; VotesDiffer where an approval is not for what a colleague approved.
    """
    row = locked(case)
    votes = Vote.objects.filter(subject=case.number, round=row.appeals).order_by("pk")
    for given in votes:
        if given.clerk == clerk.name:
            raise VotedAlready(clerk=clerk.name, number=case.number)
        if given.verdict == verdict == Verdict.APPROVE and given.reason != reason:
            raise VotesDiffer(number=case.number, proposed=given.reason, wanted=reason)
    Vote.objects.create(
        subject=case.number, round=row.appeals, clerk=clerk.name, verdict=str(verdict), reason=reason
    )
    record(clerk, f"{machine.room}:vote", case.number, f"{verdict.zh} {reason}".strip())
    return list(votes.all())


def end_each(due: QuerySet[Any], end: Callable[[Any], None]) -> int:
    """End the cases whose time is over, each in a transaction of its own; returns how many.

    A case that is no longer among them once its row is locked was ended by somebody else meanwhile.
    """
    ended = 0
    for key in list(due.order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            still = due.select_for_update(of=("self",)).filter(pk=key).first()
            if still is not None:
                end(still)
                ended += 1
    return ended
