"""Cases of every kind by their numbers: which room one belongs to, what happened to it, and what waits for an agency."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import CharField, DateField, QuerySet, Value
from django.db.models.functions import Coalesce

from yidi.accounts.actors import Actor, ActorKind
from yidi.accounts.errors import OutsideRegion
from yidi.accounts.terms import Action
from yidi.audit.models import Event
from yidi.casework.machines import Machine
from yidi.casework.queries import pools_of
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
from yidi.qualification.models import Qualification
from yidi.qualification.states import MACHINE as QUALIFICATIONS
from yidi.qualification.states import State as QualificationState
from yidi.values.terms import CaseKind, Term

LAST = date.max
"""Where a case without a term stands among the deadlines."""


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
        Room(CaseKind.CLAIM, "C", Claim, CLAIMS, ClaimState, Action.ASSESS_CLAIM),
    )
}
_BY_LETTER = {room.letter: room for room in ROOMS.values()}


def room_of(case: Any) -> Room:
    """The room that a case belongs to."""
    return _BY_LETTER[case.number[0]]


def state_of(case: Any) -> Term:
    """The state of a case as a word."""
    return room_of(case).states(case.state)


def find(number: str) -> Any:
    """The case with a number such as Q0000000012. Raises UnknownCase."""
    room, digits = _BY_LETTER.get(number[:1].upper()), number[1:]
    if room is not None and digits.isascii() and digits.isdigit() and len(digits) <= 18:
        found = room.model.objects.select_related("coverage__person").filter(pk=int(digits)).first()
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
    """A case of the clerk's region. Raises UnknownCase, also where it is another region's, and NotAllowed."""
    case = find(number)
    try:
        clerk.must_do(Action.SEE_CASES, case.coverage.pool)
    except OutsideRegion:
        raise UnknownCase(number=number[:20]) from None
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
    events = Event.objects.filter(subject=number).order_by("pk")
    return [
        Happening(
            event.at,
            _word(number, event.action),
            event.actor,
            event.principal,
            event.reason,
            _doer(event.actor_kind, event.principal),
        )
        for event in events
    ]


def story(number: str) -> list[Happening]:
    """The timeline as the person reads it: without the agency's own business, and once what was done over and over."""
    told = [step for step in timeline(number) if step.what not in INSIDE]
    return [
        step
        for before, step in zip((None, *told), told, strict=False)
        if before is None or _sameness(before) != _sameness(step)
    ]


def _sameness(step: Happening) -> tuple[Any, ...]:
    return step.at.date(), step.what, step.actor, step.reason


def _doer(kind: str, principal: str) -> Doer:
    """Who acted, in the words of a case's story."""
    if kind == ActorKind.PERSON:
        return Doer.RELATIVE if principal else Doer.PERSON
    if kind == ActorKind.CLERK:
        return Doer.WINDOW if principal else Doer.AGENCY
    return Doer.SYSTEM


def _word(number: str, action: str) -> Term:
    """The word for an action of the trail: the room's own, else the state it led to, else the deed."""
    if action in ClaimDeed.spellings():
        return ClaimDeed(action)
    verb = action.partition(":")[2]
    states = _BY_LETTER[number[0]].states
    return states(verb) if verb in states.spellings() else Deed(verb)


@dataclass(frozen=True, slots=True)
class Filter:
    """What a clerk wants to see of the work list. Empty = everything that is open."""

    kinds: tuple[CaseKind, ...] = ()
    state: str = ""
    pool: str = ""
    assigned_to: str | None = None
    """A clerk's sign-in name; empty = nobody's; None = whoever's."""
    overdue_on: date | None = None
    """Only what was due before that day."""
    appeals: bool = False
    waiting: bool = False
    """What waits for the applicant's evidence, instead of what waits for the agency."""


def worklist(clerk: Actor, wanted: Filter) -> QuerySet[Any, dict[str, Any]]:
    """Open cases of the clerk's region, those due first on top: one query over all rooms, to be sliced.

    Rows are dicts of `room` (letter), `pk`, `due`; `cases_of` reads the cases themselves. Raises NotAllowed.
    """
    clerk.must_do(Action.SEE_CASES, clerk.region)
    parts = [_open(room, clerk, wanted) for kind, room in ROOMS.items() if kind in (wanted.kinds or ROOMS)]
    return parts[0].union(*parts[1:], all=True).order_by("due", "room", "pk")


def _open(room: Room, clerk: Actor, wanted: Filter) -> QuerySet[Any, dict[str, Any]]:
    states = room.waiting() if wanted.waiting else room.in_hand()
    rows = room.model.objects.filter(coverage__pool__in=pools_of(clerk.region), state__in=states)
    if wanted.pool:
        rows = rows.filter(coverage__pool=wanted.pool)
    if wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.assigned_to is not None:
        rows = rows.filter(assigned_to=wanted.assigned_to)
    if wanted.overdue_on is not None:
        rows = rows.filter(due_on__lt=wanted.overdue_on)
    if wanted.appeals:
        rows = rows.filter(appeals__gt=0)
    found: QuerySet[Any, dict[str, Any]] = rows.values(
        "pk",
        room=Value(room.letter, output_field=CharField()),
        due=Coalesce("due_on", Value(LAST), output_field=DateField()),
    )
    return found


def cases_of(rows: Iterable[Mapping[str, Any]]) -> list[Any]:
    """The cases of some rows of the work list, in their order: one query per kind."""
    rows = list(rows)
    found: dict[tuple[str, int], Any] = {}
    for letter, room in _BY_LETTER.items():
        keys = [row["pk"] for row in rows if row["room"] == letter]
        if keys:
            for case in room.model.objects.select_related("coverage__person").filter(pk__in=keys):
                found[letter, case.pk] = case
    return [found[row["room"], row["pk"]] for row in rows if (row["room"], row["pk"]) in found]
