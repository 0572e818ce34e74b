"""Visits and what was paid for them, counted: into rows of like visits, groups of people, and the person's year.

Plain functions over columns, like the walk of the engine: run as they are for few visits, compiled for many. Nothing
here makes room: where room is lacking the count stops and says so, and goes on once there is more.

Every amount is a whole number of fen. One side pays by some rules (the base); where there is a second side, it pays
by those compared with them (the reform).
"""

from typing import Any, NamedTuple

from yidi.benefit.batch_walk import (
    CUT,
    LEVELS,
    MONTHS_OF_YEAR,
    NOBODY,
    OVER_CEILING,
    PAID,
    RESIDENTS_FROM,
    SITUATIONS,
    STANDINGS,
    UNKNOWN,
    UNVERIFIED,
    Columns,
    month_of,
)

Numbers = Any
"""A sequence of whole numbers: a NumPy array, a view of one, or, compiled, a pointer."""
Cells = Any
"""One that is written to."""

SIDES = 2
SCHEMES = 2
CHUNK = 2048
"""So many visits are taken in one go: what is found out about them stays near the processor."""

# Fields of Books.state: the person and the year under way; how much of each array is used, and what there is room for.
PERSON, UNTIL, GROUP, PEOPLE, STOPPED = range(5)
ROWS_USED, ROWS_ROOM, BLOCKS_USED, BLOCKS_ROOM, POOLS_USED, POOLS_ROOM, DRAWS_ROOM = range(5, 12)
YEAR = 12
"""Where the person's year begins: for each side, what its visits came to."""
Y_PAID, Y_TOTAL, Y_DEDUCTIBLE, Y_FUND, Y_LAYERS, Y_CAPPED = range(6)
YEAR_WIDTH = 6
UNLIKE = YEAR + SIDES * YEAR_WIDTH
"""Visits of the year that one side pays and the other refuses."""
STATE = UNLIKE + 1
FOR_ROW, FOR_BLOCK, FOR_POOL = 1, 2, 3

# Fields of a row: sums over its visits, then over what each side pays. Eight numbers are what a processor fetches at
# once, so that what few visits have stands apart.
VISITS, TOTAL, IN_SCOPE, KEY = 0, 1, 2, 6
"""KEY: group, draw and form in one number."""
SIDE = (3, 8)
DEDUCTIBLE, FUND, LAYERS = range(3)
RARE = (16, 28)
REFUSED, REFUSED_TOTAL, REFUSED_IN_SCOPE, UPFRONT, CAPPED, MARKED, MARKED_FUND, MARKED_LAYERS = range(8)
LARGE_SUM, SERIOUS_ILLNESS, CIVIL_SERVANT, MEDICAL_AID = range(8, 12)
ROW = 40

# Fields of a group of people (pool × standing): years of persons; for each side; then the two sides compared.
YEARS = 0
OF_SIDE = (1, 4)
PAYING, AT_CEILING, UNDER_DEDUCTIBLE = range(3)
COMPARED, GAINERS, GAINED, LOSERS, LOST = range(7, 12)
GROUP_WIDTH = 12

# Fields of a bin: years of persons by what the person pays.
B_YEARS, B_TOTAL, B_FUND, B_LAYERS, B_COMPARED, B_GAINERS, B_GAINED, B_LOSERS, B_LOST = range(9)
BIN_WIDTH = 9
BINS_OF_OCTAVE = 256
"""A bin is at most 1/256 of its amounts wide; below 512 fen it holds one amount alone."""
BINS = 55 * BINS_OF_OCTAVE

BANDS = (1_000, 5_000, 10_000, 50_000, 100_000, 500_000)
"""Upper edges, in fen, of the bands by which gains and losses are counted; the last band has none."""
BAND_WIDTH = 4
"""Gainers, what they gain, losers, what they lose."""

FORMS = SITUATIONS * LEVELS
"""What a visit may be besides what it draws on."""
DRAWS_MOST = 1 << 12
KEYS = DRAWS_MOST * FORMS
"""Keys of one group."""
REASON_WIDTH = 3

# Where in `people` each kind begins, in pairs.
IN_STANDING, IN_SCHEME, IN_LEVEL, IN_SITUATION, IN_BENEFIT, IN_DRAW = 0, 5, 7, 15, 25, 32
IN_POOL = IN_DRAW + DRAWS_MOST


class Side(NamedTuple):
    """What one side pays and refuses: columns of the engine's results, and what its reasons are called here."""

    deductible: Numbers
    fund: Numbers
    layers: Numbers
    upfront: Numbers
    flags: Numbers
    reason: Numbers
    large_sum: Numbers
    serious_illness: Numbers
    civil_servant: Numbers
    medical_aid: Numbers
    own: Numbers
    """By the number of a reason that the results have: the own number of it."""
    refused: Cells
    """By own number of the reason: visits, their total and what is in scope of it."""


class Books(NamedTuple):
    """What is counted. Each array is one list of numbers; records of several fields stand one after another."""

    state: Cells
    spots: Cells
    """Of the visits of a chunk: where their rows begin."""
    months: Numbers
    """The first day of each month since 1970."""
    draws: Numbers
    """By slot: the number of what is drawn on, a benefit and a disease."""
    benefits: Numbers
    """By what is drawn on: the benefit."""
    pools: Cells
    """By code: the own number of a pool, from 1 on; 0 = none yet."""
    blocks: Cells
    """By group and draw: the block; 0 = none yet."""
    places: Cells
    """By block and form: where the row begins; 0 = none yet."""
    rows: Cells
    groups: Cells
    people: Cells
    """Pairs of the last person met and the number of persons."""
    bins: Cells
    """By side, scheme and bin."""
    bands: Cells
    """By scheme and band."""


def count(
    visits: Columns, base: Side, reform: Side, books: Books, two: bool, each: bool, start: int, end: int
) -> int:
    """Count the visits from `start` on; returns the first one not counted: `end`, or where room was lacking.

    `two` says whether there is a reform, `each` whether the layers are told apart; the columns are else not looked at.
    """
    while start < end:
        wanted = min(start + CHUNK, end)
        placed = place(visits, books, start, wanted)
        add_visits(visits, books, start, placed)
        add_paid(base, books, SIDE[0], start, placed)
        add_rare(visits, base, books, RARE[0], each, start, placed)
        if two:
            add_paid(reform, books, SIDE[1], start, placed)
            add_rare(visits, reform, books, RARE[1], each, start, placed)
        add_years(visits, base, reform, books, two, start, placed)
        if placed < wanted:
            return placed
        start = placed
    return end


def place(visits: Columns, books: Books, start: int, end: int) -> int:
    """Find the rows of the visits, and count people; returns the first visit without a row: `end`, or no room."""
    state, people = books.state, books.people
    person = NOBODY
    pool = standing = UNKNOWN
    group = first = 0
    for i in range(start, end):
        if visits.person[i] != person or visits.pool[i] != pool or visits.standing[i] != standing:
            person, pool, standing = visits.person[i], visits.pool[i], visits.standing[i]
            own = pool_of(state, books.pools, pool)
            if own < 0:
                return i
            group = (own - 1) * STANDINGS + standing
            first = group * state[DRAWS_ROOM]
            meet(people, IN_POOL + own - 1, person)
            meet(people, IN_STANDING + standing, person)
            meet(people, IN_SCHEME + (standing >= RESIDENTS_FROM), person)
        draw = books.draws[visits.slot[i]]
        block = block_of(state, books.blocks, first + draw)
        if block < 0:
            return i
        form = visits.situation[i] * LEVELS + visits.level[i]
        at = books.places[block + form]
        if at == 0:
            at = add_row(state, books.rows, (group * DRAWS_MOST + draw) * FORMS + form)
            if at < 0:
                return i
            books.places[block + form] = at
        if people[2 * (IN_DRAW + draw)] != person:
            meet(people, IN_DRAW + draw, person)
            meet(people, IN_BENEFIT + books.benefits[draw], person)
        meet(people, IN_LEVEL + visits.level[i], person)
        meet(people, IN_SITUATION + visits.situation[i], person)
        books.spots[i - start] = at
    return end


def pool_of(state: Cells, pools: Cells, pool: int) -> int:
    """The own number of a pool; less than 0: no room."""
    own = pools[pool]
    if own == 0:
        if state[POOLS_USED] == state[POOLS_ROOM]:
            state[STOPPED] = FOR_POOL
            return UNKNOWN
        state[POOLS_USED] += 1
        own = state[POOLS_USED]
        pools[pool] = own
    return own


def block_of(state: Cells, blocks: Cells, spot: int) -> int:
    """Where in `places` the forms of a group and draw begin; less than 0: no room."""
    block = blocks[spot]
    if block == 0:
        if state[BLOCKS_USED] == state[BLOCKS_ROOM]:
            state[STOPPED] = FOR_BLOCK
            return UNKNOWN
        state[BLOCKS_USED] += 1
        block = state[BLOCKS_USED]
        blocks[spot] = block
    return block * FORMS


def add_row(state: Cells, rows: Cells, key: int) -> int:
    """Where a new row begins; less than 0: no room."""
    if state[ROWS_USED] == state[ROWS_ROOM]:
        state[STOPPED] = FOR_ROW
        return UNKNOWN
    state[ROWS_USED] += 1
    at = state[ROWS_USED] * ROW
    rows[at + KEY] = key
    return at


def meet(people: Cells, spot: int, person: int) -> None:
    """Count a person once."""
    if people[2 * spot] != person:
        people[2 * spot] = person
        people[2 * spot + 1] += 1


def add_visits(visits: Columns, books: Books, start: int, end: int) -> None:
    """Add the visits to their rows."""
    rows = books.rows
    for i in range(start, end):
        at = books.spots[i - start]
        rows[at + VISITS] += 1
        rows[at + TOTAL] += visits.total[i]
        rows[at + IN_SCOPE] += visits.in_scope[i]


def add_paid(paid: Side, books: Books, side: int, start: int, end: int) -> None:
    """Add what one side pays to the rows; of what it refuses it pays nothing."""
    rows = books.rows
    for i in range(start, end):
        at = books.spots[i - start] + side
        rows[at + DEDUCTIBLE] += paid.deductible[i]
        rows[at + FUND] += paid.fund[i]
        rows[at + LAYERS] += paid.layers[i]


def add_rare(visits: Columns, paid: Side, books: Books, rare: int, each: bool, start: int, end: int) -> None:
    """Add what few visits have: refusals, upfront shares, ceilings reached, values not verified, layers."""
    rows = books.rows
    for i in range(start, end):
        if paid.reason[i] | paid.flags[i] | paid.upfront[i] | paid.layers[i] == 0:
            continue
        at = books.spots[i - start] + rare
        if paid.reason[i] != PAID:
            rows[at + REFUSED] += 1
            rows[at + REFUSED_TOTAL] += visits.total[i]
            rows[at + REFUSED_IN_SCOPE] += visits.in_scope[i]
            reason = paid.own[paid.reason[i]] * REASON_WIDTH
            paid.refused[reason] += 1
            paid.refused[reason + 1] += visits.total[i]
            paid.refused[reason + 2] += visits.in_scope[i]
        rows[at + UPFRONT] += paid.upfront[i]
        rows[at + CAPPED] += paid.flags[i] & (CUT + OVER_CEILING) != 0
        if paid.flags[i] & UNVERIFIED != 0:
            rows[at + MARKED] += 1
            rows[at + MARKED_FUND] += paid.fund[i]
            rows[at + MARKED_LAYERS] += paid.layers[i]
        if each and paid.layers[i] != 0:
            rows[at + LARGE_SUM] += paid.large_sum[i]
            rows[at + SERIOUS_ILLNESS] += paid.serious_illness[i]
            rows[at + CIVIL_SERVANT] += paid.civil_servant[i]
            rows[at + MEDICAL_AID] += paid.medical_aid[i]


def add_years(
    visits: Columns, base: Side, reform: Side, books: Books, two: bool, start: int, end: int
) -> None:
    """Add the visits to the year of their person, and count each year when it is over."""
    state = books.state
    person, until = state[PERSON], state[UNTIL]
    for i in range(start, end):
        if visits.person[i] != person or visits.day[i] >= until:
            if i > start:
                state[GROUP] = group_of(visits, books, i - 1)
            person = visits.person[i]
            until = turn_to(books, two, person, visits.day[i])
        if base.reason[i] == PAID:
            add_to_year(state, YEAR, visits, base, i)
        if two:
            if reform.reason[i] == PAID:
                add_to_year(state, YEAR + YEAR_WIDTH, visits, reform, i)
            state[UNLIKE] += (base.reason[i] == PAID) != (reform.reason[i] == PAID)
    if end > start:
        state[GROUP] = group_of(visits, books, end - 1)


def group_of(visits: Columns, books: Books, i: int) -> int:
    """The group of a visit that has its row."""
    return (books.pools[visits.pool[i]] - 1) * STANDINGS + visits.standing[i]


def add_to_year(state: Cells, year: int, visits: Columns, paid: Side, i: int) -> None:
    """Add what one side pays for a visit to its part of the year."""
    state[year + Y_PAID] += 1
    state[year + Y_TOTAL] += visits.total[i]
    state[year + Y_DEDUCTIBLE] += paid.deductible[i]
    state[year + Y_FUND] += paid.fund[i]
    state[year + Y_LAYERS] += paid.layers[i]
    state[year + Y_CAPPED] += paid.flags[i] & (CUT + OVER_CEILING) != 0


def turn_to(books: Books, two: bool, person: int, day: int) -> int:
    """Close the year under way and open that of this person and day; returns its end."""
    state = books.state
    month = month_of(books.months, day)
    until = books.months[(month // MONTHS_OF_YEAR + 1) * MONTHS_OF_YEAR]
    close_year(books, two)
    state[PEOPLE] += state[PERSON] != person
    state[PERSON], state[UNTIL] = person, until
    return until


def close_year(books: Books, two: bool) -> None:
    """Count the year under way in the group of its last visit, and forget it."""
    state = books.state
    if state[UNTIL] == 0:
        return
    group = state[GROUP] * GROUP_WIDTH
    scheme = 1 if state[GROUP] % STANDINGS >= RESIDENTS_FROM else 0
    books.groups[group + YEARS] += 1
    at = close_side(books, 0, group, scheme)
    if two:
        close_side(books, 1, group, scheme)
        if at >= 0 and state[UNLIKE] == 0:
            compare(books, group, scheme, at)
    state[UNTIL] = 0
    for field in range(YEAR, STATE):
        state[field] = 0


def close_side(books: Books, side: int, group: int, scheme: int) -> int:
    """Count what one side pays in the year; returns the bin, or less than 0 where it pays for no visit."""
    state, groups, bins = books.state, books.groups, books.bins
    year = YEAR + side * YEAR_WIDTH
    if state[year + Y_PAID] == 0:
        return UNKNOWN
    to = group + OF_SIDE[side]
    groups[to + PAYING] += 1
    groups[to + AT_CEILING] += state[year + Y_CAPPED] > 0
    groups[to + UNDER_DEDUCTIBLE] += state[year + Y_DEDUCTIBLE] > 0 and state[year + Y_FUND] == 0
    own = state[year + Y_TOTAL] - state[year + Y_FUND] - state[year + Y_LAYERS]
    to = ((side * SCHEMES + scheme) * BINS + bin_of(own)) * BIN_WIDTH
    bins[to + B_YEARS] += 1
    bins[to + B_TOTAL] += state[year + Y_TOTAL]
    bins[to + B_FUND] += state[year + Y_FUND]
    bins[to + B_LAYERS] += state[year + Y_LAYERS]
    return to


def compare(books: Books, group: int, scheme: int, at: int) -> None:
    """Count what the year gains or loses by the reform: in the group, in the bin at `at`, and by how much it is."""
    state, groups, bins = books.state, books.groups, books.bins
    reform = YEAR + YEAR_WIDTH
    change = state[reform + Y_FUND] + state[reform + Y_LAYERS] - state[YEAR + Y_FUND] - state[YEAR + Y_LAYERS]
    groups[group + COMPARED] += 1
    bins[at + B_COMPARED] += 1
    if change == 0:
        return
    # Losers stand two fields after gainers: in a group, in a bin and in a band.
    behind = 0 if change > 0 else 2
    size = abs(change)
    groups[group + GAINERS + behind] += 1
    groups[group + GAINED + behind] += size
    bins[at + B_GAINERS + behind] += 1
    bins[at + B_GAINED + behind] += size
    band = 0
    for edge in BANDS:
        band += size > edge
    to = (scheme * (len(BANDS) + 1) + band) * BAND_WIDTH + behind
    books.bands[to] += 1
    books.bands[to + 1] += size


def bin_of(amount: int) -> int:
    """The bin of an amount of fen: as many bins in each octave, and below two octaves one for each amount."""
    octave = 0
    while amount >> octave >= 2 * BINS_OF_OCTAVE:
        octave += 1
    return octave * BINS_OF_OCTAVE + (amount >> octave)


def first_of_bin(number: int) -> int:
    """The least amount of a bin, in fen.

    >>> [first_of_bin(bin_of(amount)) for amount in (0, 511, 512, 513, 1_000_000)]
    [0, 511, 512, 512, 999424]
    """
    octave = max(0, number // BINS_OF_OCTAVE - 1)
    return (number - octave * BINS_OF_OCTAVE) << octave
