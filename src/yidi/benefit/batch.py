"""Many visits at once: columns in, columns out; the same kernel and the same rules as one by one, to the fen.

Visits come sorted by person and day; those of one day are paid in the order in which they stand. A batch may end in
the middle of a person: `Carry` holds what the next one needs. A person's counters belong to pool and scheme, as
everywhere. A visit that no rule answers for is refused by itself: it is paid nothing and moves no counter, and its
reason stands in the results.

    table = RuleTable(book())
    carry = Carry()
    for visits in batches:
        results = pay_visits(table, visits, carry)

To use several threads or machines, cut the visits between persons, and give each part a Carry of its own.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from yidi.benefit import batch_walk
from yidi.benefit.batch_errors import BadColumn, BadVisit, NotSorted
from yidi.benefit.batch_store import DAYS
from yidi.benefit.batch_table import Asked, Reason, RuleTable, Slot
from yidi.benefit.batch_walk import (
    CELLS,
    CUT,
    EACH,
    FOR_ROOM,
    FOR_RULE,
    LAST_POOL,
    LEVELS_NAMED,
    NOBODY,
    OLDEST,
    OVER_CEILING,
    PERSON,
    RANGE_PASSED,
    REACHED,
    REFUSED,
    ROOM,
    SITUATIONS,
    STANDINGS,
    STATE,
    STOPPED,
    TRAITS,
    UNVERIFIED,
    Columns,
    Memory,
    Paid,
    Rules,
)
from yidi.benefit.kernel import LAYERS_MOST, MOST, OUTCOME
from yidi.values.terms import LAYERS, Fund

__all__ = [
    "CUT",
    "OVER_CEILING",
    "UNVERIFIED",
    "Carry",
    "Reason",
    "Results",
    "RuleTable",
    "Slot",
    "Visits",
    "pay_visits",
]

Array = NDArray[Any]
COMPILED_FROM = 200_000
"""Fewer visits are paid by plain Python before a compiler would be ready."""
ACCOUNTS = 4
"""Pools and schemes of one person within a year that a Carry has room for at first."""

TYPES: dict[str, type[np.signedinteger[Any]]] = {
    "person": np.int64,
    "day": np.int32,
    "pool": np.int32,
    "standing": np.int8,
    "level": np.int8,
    "situation": np.int8,
    "slot": np.int16,
    "age": np.int16,
    "traits": np.int32,
    "total": np.int64,
    "in_scope": np.int64,
}
"""The columns of visits."""


@dataclass(frozen=True, slots=True)
class Visits:
    """A batch of visits in columns; `Visits.of` makes one."""

    columns: Columns

    @classmethod
    def of(
        cls,
        *,
        person: ArrayLike,
        day: ArrayLike,
        pool: ArrayLike,
        standing: ArrayLike,
        level: ArrayLike,
        situation: ArrayLike,
        slot: ArrayLike,
        total: ArrayLike,
        in_scope: ArrayLike,
        age: ArrayLike | None = None,
        traits: ArrayLike | None = None,
    ) -> "Visits":
        """Visits from columns of whole numbers; columns of the types in TYPES are taken as they are, not copied.

        person: any number of 64 bits. day: of service, since 1970-01-01, or dates of NumPy. pool: code as a number.
        standing, level, situation: place in the list of terms. slot: `RuleTable.slot`. age: completed years, -1 where
        not known. traits: the sum of 2 to the place of each. total, in_scope: fen. Raises BadColumn.
        """
        given: dict[str, ArrayLike | None] = {
            "person": person,
            "day": day,
            "pool": pool,
            "standing": standing,
            "level": level,
            "situation": situation,
            "slot": slot,
            "age": age,
            "traits": traits,
            "total": total,
            "in_scope": in_scope,
        }
        count = len(np.asarray(person))
        given["age"] = np.full(count, -1, np.int16) if age is None else age
        given["traits"] = np.zeros(count, np.int32) if traits is None else traits
        return cls(Columns(**{name: _column(name, values, count) for name, values in given.items()}))

    def __len__(self) -> int:
        return len(self.columns.person)

    def __getitem__(self, rows: slice) -> "Visits":
        return Visits(Columns(*(column[rows] for column in self.columns)))

    def asked(self, row: int) -> Asked:
        """What the rule of a visit depends on."""
        return Asked(*(int(getattr(self.columns, name)[row]) for name in Asked._fields))


def _column(name: str, values: Any, count: int) -> Array:
    """A column in its type, as an array that is only read."""
    column = np.asarray(values)
    if column.dtype.kind == "M":
        column = column.astype("datetime64[D]").astype(np.int64)
    if column.ndim != 1 or column.dtype.kind not in "iu":
        raise BadColumn(column=name, why="应是一列整数", why_en="a column of whole numbers is wanted")
    if len(column) != count:
        why, why_en = (
            f"有 {len(column)} 行，person 有 {count} 行",
            f"it has {len(column)} rows, person has {count}",
        )
        raise BadColumn(column=name, why=why, why_en=why_en)
    exact = np.ascontiguousarray(column, dtype=TYPES[name])
    if exact.dtype != column.dtype and not np.array_equal(exact, column):
        row = int(np.flatnonzero(exact != column)[0])
        why, why_en = f"第 {row} 行的 {column[row]} 放不下", f"{column[row]} in row {row} does not fit"
        raise BadColumn(column=name, why=why, why_en=why_en)
    exact = exact.view()
    exact.flags.writeable = False
    return exact


@dataclass(frozen=True, slots=True)
class Results:
    """What was paid, visit by visit, in columns; amounts in fen. The person pays the total less `fund` and `layers`."""

    paid: Paid
    """Columns with room for `room` visits."""
    count: int

    @classmethod
    def of(cls, room: int, each_layer: bool = False) -> "Results":
        """Room for the results of so many visits, on request with a column for each fund above the basic one."""
        amounts = {name: np.zeros(room, np.int64) for name in ("deductible", "fund", "layers", "upfront")}
        each = np.zeros(len(LAYERS) * room * each_layer, np.int64)
        flags, reason = np.zeros(room, np.uint8), np.zeros(room, np.int32)
        return cls(Paid(**amounts, flags=flags, reason=reason, each=each), room)

    def __len__(self) -> int:
        return self.count

    @property
    def room(self) -> int:
        return len(self.paid.fund)

    @property
    def deductible(self) -> Array:
        """What the deductible of the basic fund took."""
        return self._column(self.paid.deductible)

    @property
    def fund(self) -> Array:
        """What the basic fund pays."""
        return self._column(self.paid.fund)

    @property
    def layers(self) -> Array:
        """What the funds above the basic one pay together."""
        return self._column(self.paid.layers)

    @property
    def upfront(self) -> Array:
        """What the person pays before all else of the amount in scope: at home, and away from home."""
        return self._column(self.paid.upfront)

    @property
    def flags(self) -> Array:
        """CUT, OVER_CEILING and UNVERIFIED, added up."""
        return self._column(self.paid.flags)

    @property
    def reason(self) -> Array:
        """Why a visit is not paid, as a number of `RuleTable.reasons`; 0 = it is paid."""
        return self._column(self.paid.reason)

    def of_layer(self, fund: Fund) -> Array:
        """What one fund above the basic one pays; only where results were asked for with `each_layer`."""
        start = LAYERS.index(fund) * self.room
        return self._column(np.asarray(self.paid.each)[start : start + self.room])

    def refused(self) -> Mapping[int, int]:
        """How many visits are not paid, by reason."""
        counts = np.bincount(self.reason)
        return {int(reason): int(counts[reason]) for reason in np.flatnonzero(counts) if reason}

    def _column(self, column: Any) -> Array:
        return np.asarray(column)[: self.count]


class Carry:
    """What one batch leaves to the next: the last person's counters, and how far the visits have come.

    It goes with the table by which they were paid, and with no other.
    """

    def __init__(self) -> None:
        self.table: RuleTable | None = None
        self.day = 0
        """Day of the last visit."""
        self._state = np.zeros(STATE, np.int64)
        self._state[PERSON], self._state[ROOM] = NOBODY, ACCOUNTS
        self._cells = np.zeros(0, np.int64)
        self._kept = np.zeros((ACCOUNTS, 0), np.int64)
        self._accounts = np.zeros(ACCOUNTS, np.int64)
        self._months = np.zeros(ACCOUNTS, np.int64)
        self._outcome = np.zeros(LAYERS_MOST * OUTCOME, np.int64)

    @property
    def person(self) -> int:
        """The person of the last visit; NOBODY = there was none."""
        return int(self._state[PERSON])

    @property
    def refused(self) -> int:
        """How many visits were not paid so far."""
        return int(self._state[REFUSED])

    def memory(self, rules: Rules, results: Results) -> Memory:
        """The memory of a walk by these rules into these results."""
        more = int(rules.sizes[CELLS]) - len(self._cells)
        if more > 0:
            self._cells = np.pad(self._cells, (0, more))
            self._kept = np.pad(self._kept, ((0, 0), (0, more)))
        self._state[EACH] = results.room if len(results.paid.each) else 0
        before = np.zeros(len(self._cells), np.int64)
        kept = self._kept.reshape(-1)
        return Memory(self._state, self._cells, kept, self._accounts, self._months, before, self._outcome)

    def provide(self, table: RuleTable, asked: Asked) -> bool:
        """Provide what the walk has stopped for, at a visit that asks for this rule; False = the memory is another now."""
        stopped = self._state[STOPPED]
        if stopped == FOR_ROOM:
            self._make_room()
        elif stopped == FOR_RULE:
            table.learn(asked)
        else:
            table.explain_range(int(self._state[RANGE_PASSED]), int(self._state[REACHED]))
        return bool(stopped != FOR_ROOM)

    def _make_room(self) -> None:
        """Room for twice as many pools and schemes of one person."""
        room = int(self._state[ROOM])
        self._state[ROOM] = 2 * room
        self._kept = np.pad(self._kept, ((0, room), (0, 0)))
        self._accounts, self._months = np.pad(self._accounts, (0, room)), np.pad(self._months, (0, room))


def pay_visits(
    table: RuleTable,
    visits: Visits,
    carry: Carry | None = None,
    out: Results | None = None,
    compiled: bool | None = None,
) -> Results:
    """Pay a batch of visits.

    `carry` goes on from the batch before and is brought forward. `out` is written over and spares the time that new
    columns take; it must have room. `compiled` says whether to compile; None = where it is worth the wait, and Numba is
    there.
    Raises BadVisit, NotSorted: then nothing was computed.
    """
    carry = Carry() if carry is None else carry
    out = Results.of(len(visits)) if out is None else out
    if out.room < len(visits):
        raise ValueError(f"room for {out.room} results, but {len(visits)} visits")
    if carry.table not in (None, table):
        raise ValueError("the visits before were paid by another table")
    carry.table = table
    if compiled is None:
        compiled = len(visits) >= COMPILED_FROM and find_spec("numba") is not None
    engine = compiled_engine() if compiled else PLAIN
    _check(engine, table, visits, carry)
    out.paid.each.fill(0)
    at = 0
    while at < len(visits):
        rules = table.rules
        memory = carry.memory(rules, out)
        at = engine.walk(rules, visits.columns, memory, out.paid, at, len(visits))
        while at < len(visits) and carry.provide(table, visits.asked(at)) and table.rules is rules:
            at = engine.walk(rules, visits.columns, memory, out.paid, at, len(visits))
    if len(visits):
        carry.day = int(visits.columns.day[-1])
    return Results(out.paid, len(visits))


class Engine(NamedTuple):
    """The functions of `batch_walk` over NumPy arrays."""

    first_fault: Callable[..., int]
    walk: Callable[..., int]


def _over_views(function: Callable[..., int]) -> Callable[..., int]:
    """A function of the walk as it is: over views that give Python's own integers."""
    view: Any = memoryview

    def plain(*args: Any) -> int:
        return function(*(type(arg)(*map(view, arg)) if isinstance(arg, tuple) else arg for arg in args))

    return plain


PLAIN = Engine(_over_views(batch_walk.first_fault), _over_views(batch_walk.walk))


def compiled_engine() -> Engine:
    """The compiled engine; takes seconds for the first time, after that parts of one. Raises ImportError without Numba."""
    from yidi.benefit.batch_compiled import compiled_first_fault, compiled_walk

    return Engine(compiled_first_fault(), compiled_walk())


def _check(engine: Engine, table: RuleTable, visits: Visits, carry: Carry) -> None:
    """Raises BadVisit, NotSorted for the first visit that cannot be paid as it stands."""
    count, columns = len(visits), visits.columns
    row = engine.first_fault(columns, count, len(table.slots), DAYS, carry.person, carry.day)
    if row == count:
        return
    visit = {name: int(column[row]) for name, column in columns._asdict().items()}
    for name, (least, most) in _limits(table, visit["total"]).items():
        if not least <= visit[name] <= most:
            why, why_en = f"应在 {least} 至 {most} 之间", f"it must be from {least} to {most}"
            raise BadVisit(row=row, column=name, value=visit[name], why=why, why_en=why_en)
    raise NotSorted(row=row)


def _limits(table: RuleTable, total: int) -> dict[str, tuple[int, int]]:
    """Least and most of what each column may hold."""
    return {
        "person": (NOBODY + 1, -NOBODY - 1),
        "day": (0, DAYS - 1),
        "pool": (0, LAST_POOL),
        "standing": (0, STANDINGS - 1),
        "level": (0, LEVELS_NAMED - 1),
        "situation": (0, SITUATIONS - 1),
        "slot": (0, len(table.slots) - 1),
        "age": (-1, OLDEST),
        "traits": (0, TRAITS - 1),
        "total": (0, MOST),
        "in_scope": (0, total),
    }
