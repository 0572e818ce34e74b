"""The arrays of a rule table, which grow while walks read them.

What a running walk reads is only added to, and what is added is complete before anything points to it. Where an array
has to grow, or some cell is the first to start anew each quarter or month, all arrays are copied, and a walk under
way goes on with those that it has. One thread at a time may add.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from yidi.benefit import batch_walk as walk
from yidi.benefit.batch_walk import CELLS, KEYS, MONTHLY, QUARTERLY, STEP, UNKNOWN, Rules
from yidi.benefit.kernel import CEILINGS_MOST, NO_LIMIT, WIDTH
from yidi.values.periods import Per

EPOCH = date(1970, 1, 1)
YEARS = 130
FIRST_OF_MONTHS = [
    (date(1970 + year, month, 1) - EPOCH).days for year in range(YEARS + 1) for month in range(1, 13)
]
DAYS = FIRST_OF_MONTHS[12 * YEARS]
"""How many days of service there are: from 1970-01-01 to 2099-12-31."""
MONTHS_OF: dict[Per, int] = {"year": 12, "quarter": 3, "month": 1}
RANGES = CEILINGS_MOST * walk.RANGE_WIDTH
"""Numbers in `ranges` for each row of the kernel."""
ROOM = 1 << 10
"""What the arrays have room for at first."""
SPARE = 4
"""How much longer than full the list of keys is at least: near misses cost time."""

Array = NDArray[Any]


class Store:
    """The arrays, and how much of each is used."""

    def __init__(self) -> None:
        self.rules = _empty()
        """The arrays as they stand; a walk takes them once."""
        self._versions, self._bands, self._keys, self._table = 1, 0, 0, 0

    def add_bands(self, bands: Sequence[int]) -> int:
        """Put down the age bands of a pool; returns where they stand."""
        start, end = self._bands, self._bands + len(bands)
        self._make_room(end, "bands")
        self.rules.bands[start:end] = bands
        self._bands = end
        return start

    def add_pool(self, pool: int, ends: Sequence[int], bands: int, traits: int) -> None:
        """Put down the versions of a pool by the day on which each is over, its age bands and the traits that matter."""
        start, end = self._versions, self._versions + len(ends)
        self._make_room(end, "until", "ages", "traits")
        rules = self.rules
        rules.until[start:end], rules.ages[start:end], rules.traits[start:end] = ends, bands, traits
        self._versions = end
        rules.first[pool] = start

    def add_table(self, funds: Sequence[int]) -> int:
        """Make room for rows of the kernel, one for each fund; returns where they begin in `table`.

        No ceiling of theirs is a range yet.
        """
        start, end = self._table, self._table + len(funds)
        self._make_room(end * WIDTH, "table")
        self._make_room(end * RANGES, "ranges")
        self._make_room(end, "funds")
        self.rules.funds[start:end] = funds
        self.rules.ranges[start * RANGES : end * RANGES] = [NO_LIMIT, UNKNOWN] * CEILINGS_MOST * len(funds)
        self._table = end
        return start * WIDTH

    def add_cell(self, number: int, per: Per) -> None:
        """Make room for the cell of that number, the next."""
        sizes = self.rules.sizes.copy()
        if number >= sizes[CELLS]:
            sizes[CELLS] *= 2
        if per == "year":
            if number >= self.rules.sizes[CELLS]:
                self._copy(sizes=sizes)
            return
        name, size = ("quarterly", QUARTERLY) if per == "quarter" else ("monthly", MONTHLY)
        sizes[size] += 1
        sizes[STEP] = min(sizes[STEP], MONTHS_OF[per])
        self._copy(sizes=sizes, **{name: np.append(getattr(self.rules, name), number)})

    def row(self, person: int, form: int, level: int) -> int:
        """What a key and a level lead to, as `Rules.rows` has it."""
        return int(self.rules.rows[_place_of(self.rules.keys, person, form) * walk.LEVELS + level])

    def add_row(self, person: int, form: int, level: int | None, row: int) -> None:
        """Put down what a key and a level lead to, or, of None, every level."""
        place = _place_of(self.rules.keys, person, form)
        if self.rules.keys[place] == UNKNOWN:
            self._keys += 1
            if SPARE * self._keys > len(self.rules.keys):
                self._spread_keys()
                place = _place_of(self.rules.keys, person, form)
        first, end = (0, walk.LEVELS) if level is None else (level, level + 1)
        self.rules.rows[place * walk.LEVELS + first : place * walk.LEVELS + end] = row
        self.rules.keys[place] = person + form

    def _spread_keys(self) -> None:
        """Keys and rows in arrays twice as long."""
        size = 2 * len(self.rules.keys)
        keys, rows = np.full(size, UNKNOWN), np.full((size, walk.LEVELS), UNKNOWN, np.int32)
        groups = self.rules.rows.reshape(-1, walk.LEVELS)
        for old in np.flatnonzero(self.rules.keys != UNKNOWN):
            key = int(self.rules.keys[old])
            form = key % walk.FORMS
            place = _place_of(keys, key - form, form)
            keys[place], rows[place] = key, groups[old]
        sizes = self.rules.sizes.copy()
        sizes[KEYS] = size
        self._copy(keys=keys, rows=rows.reshape(-1), sizes=sizes)

    def _make_room(self, length: int, *names: str) -> None:
        """Make these arrays at least so long."""
        if length > len(getattr(self.rules, names[0])):
            self._copy(**{name: _longer(getattr(self.rules, name), 2 * length) for name in names})

    def _copy(self, **changed: Array) -> None:
        self.rules = Rules(*(changed.get(name, array.copy()) for name, array in self.rules._asdict().items()))


def _place_of(keys: Array, person: int, form: int) -> int:
    """Where a key stands or would stand."""
    last = len(keys) - 1
    place = (person % walk.PRIME + form * walk.SPREAD) & last
    while keys[place] not in (UNKNOWN, person + form):
        place = (place + 1) & last
    return place


def _empty() -> Rules:
    def zeros(length: int = ROOM) -> Array:
        return np.zeros(length, np.int64)

    return Rules(
        first=np.zeros(walk.LAST_POOL + 1, np.int32),
        until=zeros(),
        traits=zeros(),
        ages=zeros(),
        bands=zeros(),
        keys=np.full(ROOM, UNKNOWN),
        rows=np.full(ROOM * walk.LEVELS, UNKNOWN, np.int32),
        table=zeros(),
        funds=zeros(),
        ranges=zeros(),
        quarterly=zeros(0),
        monthly=zeros(0),
        months=np.array(FIRST_OF_MONTHS),
        sizes=np.array([MONTHS_OF["year"], 32, ROOM, 0, 0]),
    )


def _longer(array: Array, length: int) -> Array:
    longer = np.zeros(length, array.dtype)
    longer[: len(array)] = array
    return longer
