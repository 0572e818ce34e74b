"""Cases of every kind by their numbers: which room one belongs to, and what happened to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yidi.accounts.actors import Actor, ActorKind
from yidi.accounts.errors import OutsideRegion
from yidi.accounts.terms import Action
from yidi.audit.models import Event
from yidi.casework.machines import Machine
from yidi.casework.terms import Clock
from yidi.claims.models import Claim
from yidi.claims.states import MACHINE as CLAIMS
from yidi.claims.states import State as ClaimState
from yidi.claims.terms import Deed as ClaimDeed
from yidi.consents.services import may_read_for
from yidi.filing.models import Filing
from yidi.filing.states import MACHINE as FILINGS
from yidi.filing.states import State as FilingState
from yidi.operations.errors import UnknownCase
from yidi.operations.terms import INSIDE, Deed, Doer
from yidi.people.models import Person
from yidi.qualification.models import Qualification
from yidi.qualification.states import MACHINE as QUALIFICATIONS
from yidi.qualification.states import State as QualificationState
from yidi.values.terms import CaseKind, Term

OF_CASES = ("coverage__person",)
"""What every page of a case needs besides its row."""


@dataclass(frozen=True, slots=True)
class Room:
    """What a page has to know of one kind of case."""

    kind: CaseKind
    letter: str
    """How its numbers begin."""
    model: Any
    machine: Machine[Any]
    states: type[Term]
    decided_by: Action
    """What a clerk must be allowed to do to work on such cases."""
    joined: tuple[str, ...] = OF_CASES
    """What its pages need besides its row."""

    def in_hand(self) -> list[str]:
        """States that count against the agency's time."""
        return [str(state) for state, clock in self.machine.clock.items() if clock is Clock.RUNNING]

    def waiting(self) -> list[str]:
        """States in which the agency waits for the applicant."""
        return [str(state) for state, clock in self.machine.clock.items() if clock is Clock.PAUSED]


ROOMS: Mapping[CaseKind, Room] = {
    room.kind: room
    for room in (
        Room(
            CaseKind.QUALIFICATION,
            "Q",
            Qualification,
            QUALIFICATIONS,
            QualificationState,
            Action.DECIDE_QUALIFICATION,
        ),
        Room(CaseKind.FILING, "F", Filing, FILINGS, FilingState, Action.DECIDE_FILING),
        Room(CaseKind.CLAIM, "C", Claim, CLAIMS, ClaimState, Action.ASSESS_CLAIM, (*OF_CASES, "provider")),
    )
}
NEVER_HANDED_IN = ("draft", "withdrawn")
"""States in which a case without a day of submission was seen by its applicant alone."""
BY_LETTER = {room.letter: room for room in ROOMS.values()}


def room_of(case: Any) -> Room:
    """The room that a case belongs to."""
    return BY_LETTER[case.number[0]]


def state_of(case: Any) -> Term:
    """The state of a case as a word."""
    return room_of(case).states(case.state)


def find(number: str) -> Any:
    """The case with a number such as Q0000000012. Raises UnknownCase."""
    room, digits = BY_LETTER.get(number[:1].upper()), number[1:]
    if room is not None and digits.isascii() and digits.isdigit() and len(digits) <= 18:
        found = room.model.objects.select_related(*room.joined).filter(pk=int(digits)).first()
        if found is not None:
            return found
    raise UnknownCase(number=number[:20])


def find_own(number: str, actor: Actor) -> Any:
    """A case of somebody for whom the actor may apply. Raises UnknownCase, also where it is another's."""
    case = find(number)
    if not may_read_for(actor, case.coverage):
        raise UnknownCase(number=number[:20])
    return case


def find_for_clerk(number: str, clerk: Actor) -> Any:
    """A case of the clerk's region that was handed in. Raises UnknownCase, also for another region's, and NotAllowed.

    What an applicant only began to write, or took back before anybody saw it, is theirs alone.
    """
    case = find(number)
    try:
        clerk.must_do(Action.SEE_CASES, case.coverage.pool)
    except OutsideRegion:
        raise UnknownCase(number=number[:20]) from None
    if case.state in NEVER_HANDED_IN and case.submitted_on is None:
        raise UnknownCase(number=number[:20])
    return case


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened to a case."""

    at: datetime
    what: Term
    """The state that it came to, or what was done."""
    actor: str
    """The sign-in name of a clerk, else the word for who acted."""
    principal: str
    """The number of the person for whom somebody else acted; empty where nobody did."""
    reason: str
    doer: Doer


def timeline(number: str) -> list[Happening]:
    """What happened to a case, in order, each in a word that people know."""
    return [_happening(event) for event in Event.objects.filter(subject=number).order_by("pk")]


def _happening(event: Event) -> Happening:
    return Happening(
        event.at,
        word_of(event.subject, event.action),
        event.actor,
        event.principal,
        event.reason,
        _doer(event.actor_kind, event.principal),
    )


def story(number: str) -> list[Happening]:
    """The timeline as the person reads it: without the agency's own business, and once what was done over and over."""
    told = [step for step in timeline(number) if step.what not in INSIDE]
    return [
        step
        for before, step in zip((None, *told), told, strict=False)
        if before is None or _sameness(before) != _sameness(step)
    ]


@dataclass(frozen=True, slots=True)
class Done:
    """One thing that somebody did for a person."""

    number: str
    """The case's number."""
    happening: Happening
    name: str
    """The relative's name; empty where a window acted."""


def done_for(person: Person, most: int = 50) -> list[Done]:
    """What others did with the person's cases for them, the newest first, and who they were."""
    events = Event.objects.filter(principal=person.number, subject__regex=f"^[{''.join(BY_LETTER)}][0-9]+$")
    rows = list(events.order_by("-pk")[:most])
    helpers = Person.objects.filter(number__in={event.actor for event in rows})
    names = {helper.number: helper.name for helper in helpers}
    return [Done(event.subject, _happening(event), names.get(event.actor, "")) for event in rows]


def _sameness(step: Happening) -> tuple[Any, ...]:
    return step.at.date(), step.what, step.actor, step.reason


def _doer(kind: str, principal: str) -> Doer:
    """Who acted, in the words of a case's story."""
    if kind == ActorKind.PERSON:
        return Doer.RELATIVE if principal else Doer.PERSON
    if kind == ActorKind.CLERK:
        return Doer.WINDOW if principal else Doer.AGENCY
    if kind == ActorKind.INSTITUTION:
        return Doer.INSTITUTION
    return Doer.SYSTEM


def word_of(number: str, action: str) -> Term:
    """The word for an action of the trail: the room's own, else the state it led to, else the deed."""
    if action in ClaimDeed.spellings():
        return ClaimDeed(action)
    verb = action.partition(":")[2]
    states = BY_LETTER[number[0]].states
    return states(verb) if verb in states.spellings() else Deed(verb)
