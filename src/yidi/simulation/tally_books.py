"""The arrays of a tally: made, made longer, and read by the names of things."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from yidi.benefit.batch_store import FIRST_OF_MONTHS
from yidi.benefit.batch_walk import LAST_POOL, LEVELS, LEVELS_NAMED, NOBODY, SITUATIONS, STANDINGS
from yidi.simulation import counting
from yidi.simulation.counting import FORMS, ROW, Books
from yidi.simulation.sums import BAND_ROWS, BIN_ROWS, CELLS, GROUPS, PEOPLE, PEOPLE_BY, Table
from yidi.values.terms import Benefit, Scheme

Array = NDArray[Any]
ROWS, BLOCKS, POOLS, DRAWS = 256, 32, 8, 16
"""What there is room for at first."""
LINE = 8
"""Numbers that a processor fetches at once: rows begin at a multiple of so many."""
FIELDS = [
    (counting.VISITS, counting.TOTAL, counting.IN_SCOPE),
    *(
        (*range(side, side + 3), *range(rare, rare + 12))
        for side, rare in zip(counting.SIDE, counting.RARE, strict=True)
    ),
]
"""Where the columns of `sums.CELL` stand in a row."""
PLACES = {
    "standing": (counting.IN_STANDING, STANDINGS),
    "scheme": (counting.IN_SCHEME, len(Scheme)),
    "level": (counting.IN_LEVEL, LEVELS_NAMED),
    "situation": (counting.IN_SITUATION, SITUATIONS),
    "benefit": (counting.IN_BENEFIT, len(Benefit)),
    "draw": (counting.IN_DRAW, counting.DRAWS_MOST),
}
"""Where people are counted, and of how many there may be; the pools come last."""


def new_books() -> Books:
    """Books in which nothing has been counted."""
    state = np.zeros(counting.STATE, np.int64)
    state[counting.PERSON] = NOBODY
    state[counting.ROWS_ROOM], state[counting.BLOCKS_ROOM] = ROWS, BLOCKS
    state[counting.POOLS_ROOM], state[counting.DRAWS_ROOM] = POOLS, DRAWS
    return Books(
        state=state,
        spots=np.zeros(counting.CHUNK, np.int32),
        months=np.array(FIRST_OF_MONTHS, np.int64),
        draws=np.zeros(0, np.int32),
        benefits=np.zeros(0, np.int32),
        pools=np.zeros(LAST_POOL + 1, np.int32),
        blocks=np.zeros(POOLS * STANDINGS * DRAWS, np.int32),
        places=np.zeros((BLOCKS + 1) * FORMS, np.int32),
        rows=_rows(ROWS),
        groups=np.zeros(POOLS * STANDINGS * counting.GROUP_WIDTH, np.int64),
        people=_people(counting.IN_POOL + POOLS),
        bins=np.zeros(counting.SIDES * counting.SCHEMES * counting.BINS * counting.BIN_WIDTH, np.int64),
        bands=np.zeros(counting.SCHEMES * (len(counting.BANDS) + 1) * counting.BAND_WIDTH, np.int64),
    )


def _rows(room: int) -> Array:
    """Rows that begin where a processor fetches; the first is no row, since a place of 0 means there is none."""
    numbers = np.zeros((room + 1) * ROW + LINE, np.int64)
    start = -(numbers.ctypes.data // numbers.itemsize) % LINE
    return numbers[start : start + (room + 1) * ROW]


def _people(count: int) -> Array:
    people = np.zeros(2 * count, np.int64)
    people[::2] = NOBODY
    return people


def with_room(books: Books) -> Books:
    """The same books, with twice the room for what it was lacking for."""
    state = books.state
    if state[counting.STOPPED] == counting.FOR_ROW:
        state[counting.ROWS_ROOM] *= 2
        rows = _rows(int(state[counting.ROWS_ROOM]))
        rows[: len(books.rows)] = books.rows
        return books._replace(rows=rows)
    if state[counting.STOPPED] == counting.FOR_BLOCK:
        more = int(state[counting.BLOCKS_ROOM])
        state[counting.BLOCKS_ROOM] += more
        return books._replace(places=np.pad(books.places, (0, more * FORMS)))
    more = int(state[counting.POOLS_ROOM])
    state[counting.POOLS_ROOM] += more
    return books._replace(
        groups=np.pad(books.groups, (0, more * STANDINGS * counting.GROUP_WIDTH)),
        blocks=np.pad(books.blocks, (0, more * STANDINGS * int(state[counting.DRAWS_ROOM]))),
        people=np.append(books.people, _people(more)),
    )


def with_draw(books: Books, number: int, benefit: Benefit) -> Books:
    """The same books, which know one more draw: that number, of that benefit."""
    state = books.state
    if number == state[counting.DRAWS_ROOM]:
        wider = np.pad(books.blocks.reshape(-1, number), ((0, 0), (0, number)))
        state[counting.DRAWS_ROOM] = 2 * number
        books = books._replace(blocks=wider.reshape(-1))
    place = np.int32(tuple(Benefit).index(benefit))
    return books._replace(benefits=np.append(books.benefits, place))


def codes_of(books: Books) -> Array:
    """The codes of the pools met, in the order of their own numbers."""
    codes = np.flatnonzero(books.pools)
    return codes[np.argsort(books.pools[codes])]


def cells_of(books: Books, place_of_draw: Array) -> Table:
    used = int(books.state[counting.ROWS_USED])
    rows = books.rows.reshape(-1, ROW)[1 : used + 1]
    group_and_draw, form = np.divmod(rows[:, counting.KEY], FORMS)
    group, draw = np.divmod(group_and_draw, counting.DRAWS_MOST)
    pool, standing = codes_of(books)[group // STANDINGS], group % STANDINGS
    key = (pool, standing, place_of_draw[draw], form // LEVELS, form % LEVELS)
    return CELLS.table(key, rows[:, [field for fields in FIELDS for field in fields]])


def groups_of(books: Books) -> Table:
    codes = codes_of(books)
    used = len(codes) * STANDINGS
    rows = books.groups.reshape(-1, counting.GROUP_WIDTH)[:used]
    return GROUPS.table((np.repeat(codes, STANDINGS), np.tile(np.arange(STANDINGS), len(codes))), rows)


def people_of(books: Books, place_of_draw: Array) -> Table:
    counts = books.people[1::2]
    kinds, numbers, people = [], [], []
    for name, (start, many) in PLACES.items():
        found = np.flatnonzero(counts[start : start + many])
        people.append(counts[start + found])
        numbers.append(place_of_draw[found] if name == "draw" else found)
        kinds.append(np.full(len(found), PEOPLE_BY.index(name)))
    codes = codes_of(books)
    people.append(counts[counting.IN_POOL : counting.IN_POOL + len(codes)])
    numbers.append(codes)
    kinds.append(np.full(len(codes), PEOPLE_BY.index("pool")))
    return PEOPLE.table((np.concatenate(kinds), np.concatenate(numbers)), np.concatenate(people))


def bins_of(books: Books) -> Table:
    rows = books.bins.reshape(-1, counting.BIN_WIDTH)
    found = np.flatnonzero(rows[:, counting.B_YEARS])
    side_and_scheme, number = np.divmod(found, counting.BINS)
    return BIN_ROWS.table((*np.divmod(side_and_scheme, counting.SCHEMES), number), rows[found])


def bands_of(books: Books) -> Table:
    rows = books.bands.reshape(-1, counting.BAND_WIDTH)
    return BAND_ROWS.table(np.divmod(np.arange(len(rows)), len(counting.BANDS) + 1), rows)


def met_by(books: Books, person: int) -> dict[str, list[int]]:
    """Where the person has been counted: own numbers of draws, codes of pools, places of everything else."""
    found = np.flatnonzero(books.people[::2] == person)
    met = {
        name: [int(spot) - start for spot in found if start <= spot < start + many]
        for name, (start, many) in PLACES.items()
    }
    codes = codes_of(books)
    met["pool"] = sorted(int(codes[spot - counting.IN_POOL]) for spot in found if spot >= counting.IN_POOL)
    return met


def meet_again(books: Books, person: int, name: str, number: int) -> None:
    """Note that the person has been counted; a pool goes by its own number."""
    start = counting.IN_POOL - 1 if name == "pool" else PLACES[name][0]
    books.people[2 * (start + number)] = person
