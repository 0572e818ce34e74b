"""What a clerk may do with a case as it stands, and doing it: only to a case that is as its reader saw it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import QuerySet

from yidi.accounts.actors import Actor
from yidi.accounts.models import User
from yidi.accounts.terms import MATRIX, Action
from yidi.audit.models import Event
from yidi.audit.moves import locked
from yidi.casework import services as casework
from yidi.casework.queries import pools_of
from yidi.casework.terms import Clock
from yidi.claims.models import Claim
from yidi.claims.queries import nothing_to_pay
from yidi.claims.states import FROM
from yidi.claims.terms import Move
from yidi.filing.states import MACHINE as FILINGS
from yidi.filing.states import State as FilingState
from yidi.ledger.services import lock_person
from yidi.operations.cases import find_for_clerk, room_of, state_of
from yidi.operations.errors import CaseChanged, TooManyCases
from yidi.operations.terms import Offer
from yidi.qualification import services as qualifications
from yidi.qualification.models import Qualification
from yidi.qualification.states import MACHINE as QUALIFICATIONS
from yidi.qualification.states import State as QualificationState
from yidi.values.errors import Refusal
from yidi.values.terms import CaseKind, Term
from yidi.values.transitions import Transitions

Done = TypeVar("Done")
MOST_AT_ONCE = 100
"""Cases handed out in one go."""


def _leading_to(transitions: Transitions[Any], wanted: Term) -> tuple[Term, ...]:
    return tuple(state for state, following in transitions.table.items() if wanted in following)


_Q, _F = QUALIFICATIONS.transitions, FILINGS.transitions
OFFERS: Mapping[CaseKind, Mapping[Offer, tuple[Action, tuple[Term, ...]]]] = {
    CaseKind.QUALIFICATION: {
        Offer.ASK: (Action.ASK_FOR_MORE, _leading_to(_Q, QualificationState.MORE_EVIDENCE)),
        Offer.APPROVE: (Action.DECIDE_QUALIFICATION, _leading_to(_Q, QualificationState.APPROVED)),
        Offer.REJECT: (Action.DECIDE_QUALIFICATION, _leading_to(_Q, QualificationState.REJECTED)),
        Offer.END: (Action.END_QUALIFICATION, _leading_to(_Q, QualificationState.EXPIRED)),
    },
    CaseKind.FILING: {
        Offer.ASK: (Action.ASK_FOR_MORE, _leading_to(_F, FilingState.MORE_EVIDENCE)),
        Offer.APPROVE: (Action.DECIDE_FILING, _leading_to(_F, FilingState.ACTIVE)),
        Offer.REJECT: (Action.DECIDE_FILING, _leading_to(_F, FilingState.REJECTED)),
        Offer.END: (Action.END_FILING, _leading_to(_F, FilingState.CANCELLED)),
    },
    CaseKind.CLAIM: {
        Offer.ASK: (Action.ASK_FOR_MORE, FROM[Move.ASK]),
        Offer.CORRECT: (Action.ASSESS_CLAIM, FROM[Move.CORRECT]),
        Offer.ASSESS: (Action.ASSESS_CLAIM, FROM[Move.ASSESS]),
        Offer.APPROVE: (Action.APPROVE_CLAIM, FROM[Move.APPROVE]),
        Offer.REJECT: (Action.REJECT_CLAIM, FROM[Move.REJECT]),
        Offer.PAY: (Action.PAY_CLAIM, FROM[Move.PAY]),
    },
}
"""In which states each thing may be done, and what a clerk must be allowed to do for it."""


def offers(case: Any, clerk: Actor) -> frozenset[Offer]:
    """What a page offers a clerk: what the case's state and the clerk's offices allow. The services have the last word."""
    room, state, pool = room_of(case), state_of(case), case.coverage.pool
    found = {
        offer
        for offer, (action, states) in OFFERS[room.kind].items()
        if state in states and clerk.may_do(action, pool)
    }
    if Offer.PAY in found and nothing_to_pay(case):
        found.remove(Offer.PAY)
    if case.asked:
        found.discard(Offer.ASK)
    if room.machine.clock[state] is not Clock.STOPPED:
        begins = room.kind is CaseKind.QUALIFICATION and state is QualificationState.SUBMITTED
        free = not case.assigned_to or (begins and case.assigned_to == clerk.name)
        if free and clerk.may_do(Action.TAKE_UP, pool):
            found.add(Offer.TAKE_ON)
        if clerk.may_do(Action.ASSIGN, pool):
            found.add(Offer.ASSIGN)
    return frozenset(found)


def version_of(number: str) -> int:
    """What changes whenever anything is done with a case: the last line of its trail; 0 where there is none."""
    return Event.objects.filter(subject=number).order_by("-pk").values_list("pk", flat=True).first() or 0


@transaction.atomic
def as_seen(case: Any, seen: int, do: Callable[[], Done]) -> Done:
    """Do something with a case that is still what its reader saw (`version_of`). Raises CaseChanged and what `do` raises.

    The rows are locked in the order in which the rooms lock them.
    """
    if isinstance(case, Claim):
        lock_person(case.coverage)
    else:
        casework.hold(case.coverage)
    row = locked(case)
    if version_of(case.number) != seen:
        raise CaseChanged(number=case.number, state=state_of(row))
    return do()


def take_on(case: Any, clerk: Actor) -> None:
    """A clerk takes a case to work on; with that the review of a qualification begins. Raises what the rooms raise."""
    if isinstance(case, Qualification) and case.state == QualificationState.SUBMITTED:
        qualifications.take_up(case, clerk)
    else:
        casework.take_on(case, room_of(case).machine, clerk)


def assign(case: Any, colleague: str, clerk: Actor) -> None:
    """Give a case to a colleague by sign-in name; empty puts it back on the pile. Raises what `casework.assign` raises."""
    casework.assign(case, room_of(case).machine, colleague, clerk)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one case of several."""

    number: str
    refusal: Refusal | None = None
    """Why not; None = it was done."""


def each(numbers: Iterable[str], clerk: Actor, do: Callable[[Any], None]) -> list[Answer]:
    """Do the same with several cases, each in a transaction of its own, and answer for each by its number.

    Doing it again changes nothing that was done. Raises TooManyCases before anything is done.
    """
    wanted = list(dict.fromkeys(numbers))
    if len(wanted) > MOST_AT_ONCE:
        raise TooManyCases(count=len(wanted), most=MOST_AT_ONCE)
    return [_answer(number, clerk, do) for number in wanted]


def _answer(number: str, clerk: Actor, do: Callable[[Any], None]) -> Answer:
    try:
        do(find_for_clerk(number, clerk))
    except Refusal as refusal:
        return Answer(number[:20], refusal)
    return Answer(number)


def colleagues(clerk: Actor) -> QuerySet[User]:
    """The members of staff who take up cases of the clerk's region or of one below it, by sign-in name."""
    roles = [str(role) for role in MATRIX[Action.TAKE_UP]]
    offices = [*pools_of(clerk.region), clerk.region]
    working = User.objects.filter(is_active=True, region__in=offices, appointments__role__in=roles)
    return working.distinct().order_by("username")
