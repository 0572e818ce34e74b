"""The work list: every open case of a region in the order of its deadline, over all rooms at once, and how many there are."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Count,
    DateField,
    F,
    IntegerField,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from yidi.accounts.actors import Actor
from yidi.accounts.terms import Action
from yidi.casework.queries import pools_of
from yidi.operations.cases import BY_LETTER, ROOMS, Room
from yidi.operations.terms import Matter, Whose
from yidi.values.terms import CaseKind

LAST = date.max
"""Where a case without a term stands among the deadlines."""
Rows = QuerySet[Any, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Filter:
    """What a clerk wants to see of the work list. Empty = everything that is open."""

    kind: CaseKind | None = None
    state: str = ""
    pool: str = ""
    disease: str = ""
    whose: Whose | None = None
    matter: Matter | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """How many open cases are alike in everything that can be filtered by."""

    kind: CaseKind
    state: str
    pool: str
    disease: str
    whose: Whose
    matters: frozenset[Matter]
    count: int


_VALUES: Mapping[str, Callable[[Cell], Iterable[str]]] = {
    "kind": lambda cell: (cell.kind,),
    "state": lambda cell: (cell.state,),
    "pool": lambda cell: (cell.pool,),
    "disease": lambda cell: (cell.disease,),
    "whose": lambda cell: (cell.whose,),
    "matter": lambda cell: cell.matters,
}
"""What each field of a filter may be, to find a case of the cell."""


class Tally:
    """How many cases each choice of a filter would show, the other choices being as they are."""

    def __init__(self, cells: Sequence[Cell], wanted: Filter) -> None:
        self.cells = cells
        self.wanted = wanted

    @property
    def total(self) -> int:
        """How many the filter shows."""
        return sum(cell.count for cell in self.cells if _matches(cell, self.wanted))

    def without(self, name: str) -> int:
        """How many it would show if that field were left empty."""
        return Tally(self.cells, _left_empty(self.wanted, name)).total

    def of(self, name: str) -> Counter[str]:
        """How many it would show by what that field may be; what would show none is left out."""
        others = _left_empty(self.wanted, name)
        found: Counter[str] = Counter()
        for cell in self.cells:
            if _matches(cell, others):
                found.update({str(value): cell.count for value in _VALUES[name](cell) if value})
        return found


_EMPTY: Mapping[str, Any] = {field.name: field.default for field in fields(Filter)}


def _left_empty(wanted: Filter, name: str) -> Filter:
    empty: dict[str, Any] = {name: _EMPTY[name]}
    return replace(wanted, **empty)


def _matches(cell: Cell, wanted: Filter) -> bool:
    chosen = ((name, getattr(wanted, name)) for name in _VALUES)
    return all(not value or value in _VALUES[name](cell) for name, value in chosen)


def tally(clerk: Actor, wanted: Filter, today: date) -> Tally:
    """How many open cases of the clerk's region there are, by everything that can be filtered by: one query.

    Raises NotAllowed.
    """
    clerk.must_do(Action.SEE_CASES, clerk.region)
    parts = [_counted(room, clerk, today) for room in ROOMS.values()]
    return Tally([_cell(row) for row in parts[0].union(*parts[1:], all=True)], wanted)


def worklist(clerk: Actor, wanted: Filter, today: date) -> Rows:
    """Open cases of the clerk's region: one query over all rooms, to be sliced. Raises NotAllowed.

    First what waits for the agency, the nearest deadline first; then what waits for applicants, the longest wait first.
    Rows are dicts with the `room` (its letter) and the `pk`; `cases_of` reads the cases themselves.
    """
    clerk.must_do(Action.SEE_CASES, clerk.region)
    parts = [_listed(room, clerk, wanted, today) for room in ROOMS.values() if _may_show(room, wanted)]
    rows = parts or [_listed(ROOMS[CaseKind.FILING], clerk, wanted, today).none()]
    return rows[0].union(*rows[1:], all=True).order_by("paused", "by", "room", "pk")


def cases_of(rows: Iterable[Mapping[str, Any]]) -> list[Any]:
    """The cases of some rows of the work list, in their order: one query per kind."""
    rows = list(rows)
    found: dict[tuple[str, int], Any] = {}
    for letter, room in BY_LETTER.items():
        keys = [row["pk"] for row in rows if row["room"] == letter]
        if keys:
            for case in room.model.objects.select_related(*room.joined).filter(pk__in=keys):
                found[letter, case.pk] = case
    return [found[row["room"], row["pk"]] for row in rows if (row["room"], row["pk"]) in found]


def _open(room: Room, clerk: Actor) -> QuerySet[Any]:
    states = [*room.in_hand(), *room.waiting()]
    rows: QuerySet[Any] = room.model.objects.filter(
        coverage__pool__in=pools_of(clerk.region), state__in=states
    )
    return rows


def _matters(room: Room, today: date) -> dict[Matter, Q]:
    """A paused clock stands still: what was not overdue at the pause is not overdue now."""
    return {
        Matter.OVERDUE: Q(due_on__lt=Coalesce("paused_on", Value(today))),
        Matter.WAITING: Q(state__in=room.waiting()),
        Matter.APPEAL: Q(appeals__gt=0),
    }


def _knows_diseases(room: Room) -> bool:
    return any(field.name == "disease" for field in room.model._meta.get_fields())


def _may_show(room: Room, wanted: Filter) -> bool:
    return wanted.kind in (None, room.kind) and (not wanted.disease or _knows_diseases(room))


def _listed(room: Room, clerk: Actor, wanted: Filter, today: date) -> Rows:
    rows = _open(room, clerk)
    if wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.pool:
        rows = rows.filter(coverage__pool=wanted.pool)
    if wanted.disease and _knows_diseases(room):
        rows = rows.filter(disease=wanted.disease)
    if wanted.whose:
        rows = rows.annotate(whose=_whose(clerk)).filter(whose=str(wanted.whose))
    if wanted.matter:
        rows = rows.filter(_matters(room, today)[wanted.matter])
    found: Rows = rows.values(
        "pk",
        room=Value(room.letter, output_field=CharField()),
        paused=Case(When(paused_on__isnull=True, then=0), default=1, output_field=IntegerField()),
        by=Coalesce("paused_on", "due_on", Value(LAST), output_field=DateField()),
    )
    return found


def _whose(clerk: Actor) -> Case:
    return Case(
        When(assigned_to="", then=Value(str(Whose.NOBODYS))),
        When(assigned_to=clerk.name, then=Value(str(Whose.MINE))),
        default=Value(str(Whose.COLLEAGUES)),
        output_field=CharField(),
    )


def _counted(room: Room, clerk: Actor, today: date) -> Rows:
    disease = F("disease") if _knows_diseases(room) else Value("")
    marks = {f"is_{matter}": _flag(test) for matter, test in _matters(room, today).items()}
    grouped: Rows = (
        _open(room, clerk)
        .values(
            "state",
            room=Value(room.letter, output_field=CharField()),
            pool=F("coverage__pool"),
            of_disease=disease,
            whose=_whose(clerk),
            **marks,
        )
        .annotate(count=Count("pk"))
        .order_by()
    )
    return grouped


def _flag(test: Q) -> Case:
    return Case(When(test, then=True), default=False, output_field=BooleanField())


def _cell(row: Mapping[str, Any]) -> Cell:
    return Cell(
        kind=BY_LETTER[row["room"]].kind,
        state=row["state"],
        pool=row["pool"],
        disease=row["of_disease"],
        whose=Whose(row["whose"]),
        matters=frozenset(matter for matter in Matter if row[f"is_{matter}"]),
        count=row["count"],
    )
