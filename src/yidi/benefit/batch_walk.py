"""Visit after visit: the row of each in the rule table, the person's cells, and the kernel.

Plain functions over columns, like the kernel: run as they are they are the engine of small batches, compiled they are
that of large ones. They import nothing but the kernel and use nothing that a compiler cannot take.

Visits come sorted by person and day; visits of one day keep their order. A person's totals belong to a pool and a
scheme: `Memory` holds those in use and, for people who move between pools within a year, the others.
"""

from typing import Any, NamedTuple

from yidi.benefit.kernel import (
    AT_HOME,
    AWAY,
    BASED,
    CEILING,
    CEILING_WIDTH,
    CEILINGS,
    CEILINGS_MOST,
    FUND,
    GROSS,
    MOST,
    NEXT,
    OUTCOME,
    OVER_COST,
    TAKEN,
    WIDTH,
    settle,
)

Numbers = Any
"""A sequence of whole numbers: a NumPy array, a view of one, or, compiled, a pointer."""
Cells = Any
"""One that is written to."""


class Columns(NamedTuple):
    """The visits, one list of numbers per column; what the numbers mean stands with `batch.Visits.of`."""

    person: Numbers
    day: Numbers
    pool: Numbers
    standing: Numbers
    level: Numbers
    situation: Numbers
    slot: Numbers
    age: Numbers
    traits: Numbers
    total: Numbers
    in_scope: Numbers


class Rules(NamedTuple):
    """The rule table as numbers.

    A pool has versions, one after another, each in force until a day (not included). A version says which traits
    matter and where its age bands stand. Version, standing, band and traits with slot and situation make the key of
    a group of rows, one for each level; `keys` is hashed with open addressing, a power of two long.
    """

    first: Numbers
    """First version by pool code; 0 = not looked up yet."""
    until: Numbers
    traits: Numbers
    ages: Numbers
    bands: Numbers
    """Band by age plus one, from where `ages` says; the first is that of an age not known."""
    keys: Numbers
    rows: Numbers
    """By group and level: four times the row's place in `table`, plus RANGE, plus NOT_VERIFIED; UNKNOWN where it has
    not been looked up yet; less than that: refused, for the reason UNKNOWN - row."""
    table: Numbers
    """The rows of the kernel."""
    funds: Numbers
    """Of each row, the number of its fund among the layers."""
    ranges: Numbers
    """Of each row, for each ceiling: up to where it is certain, and the reason to refuse what goes beyond."""
    quarterly: Numbers
    """Cells that start anew each quarter."""
    monthly: Numbers
    months: Numbers
    """The first day of each month since 1970."""
    sizes: Numbers
    """By the names below: every how many months some cell starts anew, and how many there are of what."""


class Memory(NamedTuple):
    """What is known of the person whose visits are being paid."""

    state: Cells
    cells: Cells
    kept: Cells
    """Cells of the pools and schemes that the person had before in this year, one after another."""
    kept_accounts: Cells
    kept_months: Cells
    before: Cells
    """Room for the cells as they were before a visit."""
    outcome: Cells


class Paid(NamedTuple):
    """What is written for each visit."""

    deductible: Cells
    fund: Cells
    layers: Cells
    upfront: Cells
    flags: Cells
    reason: Cells
    each: Cells
    """The layers told apart, fund after fund, where state[EACH] says how long a column is. Holds zeros at first."""


NOBODY = -(1 << 63)
UNKNOWN = -1
PAID = 0
"""In place of a reason: there is none."""
CUT, OVER_CEILING, UNVERIFIED = 1, 2, 4
"""Flags: the ceiling on the fund cut its part; a ceiling on cost was passed; some value's source is not verified."""
RANGE, NOT_VERIFIED = 1, 2
"""Beside the place of a row: some ceiling is a range; some value's source is not verified."""

# Fields of Memory.state. The walk stops for a rule to be looked up, for room, for a sentence about a range.
PERSON, ACCOUNT, MONTH, KEPT, ROOM, EACH, STOPPED, RANGE_PASSED, REACHED, REFUSED = range(10)
STATE = 10
FOR_RULE, FOR_ROOM, FOR_REASON = 1, 2, 3

# Fields of Rules.sizes.
STEP, CELLS, KEYS, QUARTERLY, MONTHLY = range(5)

# How many of each a key has room for.
STANDINGS, BANDS, TRAITS, SITUATIONS, LEVELS = 5, 1 << 8, 1 << 12, 10, 8
LEVELS_NAMED = 7
FORMS = 1 << 19
"""Slots × situations."""
PRIME = 1_000_000_007
SPREAD = 0x9E3779B1
"""These two scatter the keys over the table."""
LAST_SLOT = (1 << 15) - 1
LAST_POOL = 999_999
RESIDENTS_FROM = 2
"""The first standing of the resident scheme."""
OLDEST = 150
MONTHS_OF_YEAR = 12
MONTHS_OF_CYCLE, DAYS_OF_CYCLE = 4800, 146_097
"""Of 400 years, after which the calendar repeats itself."""
RANGE_WIDTH = 2
BLOCK = 1024
"""Visits that are looked over at once."""


def walk(rules: Rules, visits: Columns, memory: Memory, paid: Paid, start: int, end: int) -> int:
    """Pay the visits from `start` on; returns the first one not paid: `end`, or where it stopped (state[STOPPED])."""
    state, outcome, keys, last = memory.state, memory.outcome, rules.keys, rules.sizes[KEYS] - 1
    state[STOPPED] = 0
    person = NOBODY
    pool = standing = age = traits = until = who = spot = 0
    for i in range(start, end):
        if (
            visits.person[i] != person
            or visits.day[i] >= until
            or visits.pool[i] != pool
            or visits.standing[i] != standing
            or visits.age[i] != age
            or visits.traits[i] != traits
        ):
            person, pool, standing = visits.person[i], visits.pool[i], visits.standing[i]
            age, traits = visits.age[i], visits.traits[i]
            who, until = turn_to(rules, memory, person, visits.day[i], pool, standing, age, traits)
            if who < 0:
                return i
            spot = who % PRIME
        form = visits.slot[i] * SITUATIONS + visits.situation[i]
        place = (spot + form * SPREAD) & last
        while keys[place] != who + form:
            if keys[place] == UNKNOWN:
                state[STOPPED] = FOR_RULE
                return i
            place = (place + 1) & last
        row = rules.rows[place * LEVELS + visits.level[i]]
        if row < 0:
            if row == UNKNOWN:
                state[STOPPED] = FOR_RULE
                return i
            refuse(state, paid, i, UNKNOWN - row)
            continue
        if row & RANGE:
            reason = pay_range(rules, memory, row >> 2, visits.in_scope[i])
            if reason < 0:
                state[STOPPED] = FOR_REASON
                return i
            if reason != PAID:
                refuse(state, paid, i, reason)
                continue
            funds = funds_of(rules.table, row >> 2, outcome)
        else:
            funds = settle(rules.table, row >> 2, memory.cells, visits.in_scope[i], outcome)
        if funds != outcome[FUND] and state[EACH] != 0:
            tell_apart(rules, outcome, row >> 2, paid.each, state[EACH], i)
        write(paid, i, outcome, funds, row & NOT_VERIFIED)
    return end


def first_fault(visits: Columns, count: int, slots: int, days: int, person: int, day: int) -> int:
    """The first visit that cannot be paid as it stands, or `count`, how many there are.

    `slots` and `days` are how many of those there are; `person` and `day` are those of the visit before the first.
    """
    if count > 0 and (visits.person[0] < person or (visits.person[0] == person and visits.day[0] < day)):
        return 0
    for start in range(0, count, BLOCK):
        end = min(start + BLOCK, count)
        faults = 0
        for i in range(start, end):
            faults += is_fault(visits, i, slots, days)
        if start > 0:
            faults += is_before(visits, start)
        for i in range(start + 1, end):
            faults += is_before(visits, i)
        if faults > 0:
            for i in range(start, end):
                if is_fault(visits, i, slots, days) or (i > 0 and is_before(visits, i)):
                    return i
    return count


def is_fault(visits: Columns, i: int, slots: int, days: int) -> bool:
    """Whether a visit has a value that cannot be. Nothing is left out, so that a compiler may take many at once."""
    return bool(
        (visits.person[i] == NOBODY)
        | (visits.day[i] < 0)
        | (visits.day[i] >= days)
        | (visits.pool[i] < 0)
        | (visits.pool[i] > LAST_POOL)
        | (visits.standing[i] < 0)
        | (visits.standing[i] >= STANDINGS)
        | (visits.level[i] < 0)
        | (visits.level[i] >= LEVELS_NAMED)
        | (visits.situation[i] < 0)
        | (visits.situation[i] >= SITUATIONS)
        | (visits.slot[i] < 0)
        | (visits.slot[i] >= slots)
        | (visits.age[i] < -1)
        | (visits.age[i] > OLDEST)
        | (visits.traits[i] < 0)
        | (visits.traits[i] >= TRAITS)
        | (visits.in_scope[i] < 0)
        | (visits.in_scope[i] > visits.total[i])
        | (visits.total[i] > MOST)
    )


def is_before(visits: Columns, i: int) -> bool:
    """Whether a visit should have come before the one that it follows."""
    earlier = (visits.person[i] == visits.person[i - 1]) & (visits.day[i] < visits.day[i - 1])
    return bool((visits.person[i] < visits.person[i - 1]) | earlier)


def write(paid: Paid, i: int, outcome: Numbers, funds: int, not_verified: int) -> None:
    """Write what a visit came to; `funds` is what all funds pay together."""
    paid.deductible[i] = outcome[TAKEN]
    paid.fund[i] = outcome[FUND]
    paid.layers[i] = funds - outcome[FUND]
    paid.upfront[i] = outcome[AT_HOME] + outcome[AWAY]
    paid.flags[i] = (
        CUT * (outcome[GROSS] > outcome[FUND])
        + OVER_CEILING * (outcome[OVER_COST] > 0)
        + UNVERIFIED // NOT_VERIFIED * not_verified
    )
    paid.reason[i] = PAID


def refuse(state: Cells, paid: Paid, i: int, reason: int) -> None:
    """Nothing is paid, and no counter moves."""
    state[REFUSED] += 1
    paid.deductible[i] = 0
    paid.fund[i] = 0
    paid.layers[i] = 0
    paid.upfront[i] = 0
    paid.flags[i] = 0
    paid.reason[i] = reason


def turn_to(
    rules: Rules, memory: Memory, person: int, day: int, pool: int, standing: int, age: int, traits: int
) -> tuple[int, int]:
    """Bring the cells to this person, pool, scheme and day; returns the person's part of the keys, and its last day.

    Less than 0: stopped, and why is in the state. To be called again with the same visit does no harm.
    """
    state = memory.state
    month = month_of(rules.months, day)
    account = 2 * pool + (1 if standing >= RESIDENTS_FROM else 0)
    if person != state[PERSON]:
        state[PERSON], state[ACCOUNT], state[MONTH], state[KEPT] = person, account, month, 0
        clear(memory.cells, rules.sizes[CELLS])
    elif account != state[ACCOUNT] and not change_account(memory, rules.sizes[CELLS], account):
        state[STOPPED] = FOR_ROOM
        return UNKNOWN, 0
    start_anew(rules, memory.cells, state[MONTH], month)
    state[MONTH] = month
    version = version_on(rules, pool, day)
    if version == 0:
        state[STOPPED] = FOR_RULE
        return UNKNOWN, 0
    step = rules.sizes[STEP]
    until = min(rules.until[version], rules.months[(month // step + 1) * step])
    return person_key(rules, version, standing, age, traits), until


def version_on(rules: Rules, pool: int, day: int) -> int:
    """The version of a pool's rules that is in force; 0 = the pool has not been looked up yet."""
    version: int = rules.first[pool]
    if version != 0:
        while rules.until[version] <= day:
            version += 1
    return version


def person_key(rules: Rules, version: int, standing: int, age: int, traits: int) -> int:
    """The part of a row's key that the person makes."""
    band: int = rules.bands[rules.ages[version] + age + 1]
    asked: int = traits & rules.traits[version]
    return (((version * STANDINGS + standing) * BANDS + band) * TRAITS + asked) * FORMS


def month_of(months: Numbers, day: int) -> int:
    """How many whole months lie between 1970 and the day."""
    month = (day * MONTHS_OF_CYCLE + DAYS_OF_CYCLE // 10) // DAYS_OF_CYCLE  # this one or the next
    return month - 1 if months[month] > day else month


def start_anew(rules: Rules, cells: Cells, before: int, month: int) -> None:
    """Clear the cells whose year, quarter or month is over."""
    if month == before:
        return
    if month // MONTHS_OF_YEAR != before // MONTHS_OF_YEAR:
        clear(cells, rules.sizes[CELLS])
    if month // 3 != before // 3:
        for place in range(rules.sizes[QUARTERLY]):
            cells[rules.quarterly[place]] = 0
    for place in range(rules.sizes[MONTHLY]):
        cells[rules.monthly[place]] = 0


def change_account(memory: Memory, width: int, account: int) -> bool:
    """Put aside the cells of the pool and scheme left and take up those of the one come to; False = no room."""
    state, cells = memory.state, memory.cells
    left = kept_place(memory, state[ACCOUNT])
    if left == state[ROOM]:
        return False
    if left == state[KEPT]:
        state[KEPT] += 1
    memory.kept_accounts[left], memory.kept_months[left] = state[ACCOUNT], state[MONTH]
    for cell in range(width):
        memory.kept[left * width + cell] = cells[cell]
    clear(cells, width)
    come = kept_place(memory, account)
    if come < state[KEPT]:
        state[MONTH] = memory.kept_months[come]
        for cell in range(width):
            cells[cell] = memory.kept[come * width + cell]
    state[ACCOUNT] = account
    return True


def kept_place(memory: Memory, account: int) -> int:
    """Where the cells of a pool and scheme are kept, or would be."""
    kept: int = memory.state[KEPT]
    for place in range(kept):
        if memory.kept_accounts[place] == account:
            return place
    return kept


def clear(cells: Cells, width: int) -> None:
    for cell in range(width):
        cells[cell] = 0


def pay_range(rules: Rules, memory: Memory, row: int, in_scope: int) -> int:
    """Pay by a row of which some ceiling is a range; returns the reason where what is certain does not suffice.

    Then the cells stand as before. Less than 0: the reason has no sentence yet; the state says about which ceiling.
    """
    state, cells, before, outcome = memory.state, memory.cells, memory.before, memory.outcome
    for cell in range(rules.sizes[CELLS]):
        before[cell] = cells[cell]
    settle(rules.table, row, cells, in_scope, outcome)
    o = 0
    while row >= 0:
        for number in range(rules.table[row + CEILINGS]):
            place = (row // WIDTH * CEILINGS_MOST + number) * RANGE_WIDTH
            ceiling = row + CEILING + number * CEILING_WIDTH
            cost = outcome[o + BASED] - outcome[o + AT_HOME] - outcome[o + AWAY] - outcome[o + TAKEN]
            reached = cost - outcome[o + OVER_COST] if rules.table[ceiling + 2] else outcome[o + FUND]
            if rules.table[ceiling + 1] >= 0:
                reached += before[rules.table[ceiling + 1]]
            if reached > rules.ranges[place]:
                for cell in range(rules.sizes[CELLS]):
                    cells[cell] = before[cell]
                state[RANGE_PASSED], state[REACHED] = place, reached
                reason: int = rules.ranges[place + 1]
                return reason
        o += OUTCOME
        row = rules.table[row + NEXT]
    return PAID


def funds_of(table: Numbers, row: int, outcome: Numbers) -> int:
    """What all funds pay together, by the outcome."""
    funds = 0
    o = 0
    while row >= 0:
        funds += outcome[o + FUND]
        o += OUTCOME
        row = table[row + NEXT]
    return funds


def tell_apart(rules: Rules, outcome: Numbers, row: int, each: Cells, length: int, i: int) -> None:
    """Write what each layer pays into its own column."""
    o = OUTCOME
    row = rules.table[row + NEXT]
    while row >= 0:
        each[rules.funds[row // WIDTH] * length + i] = outcome[o + FUND]
        o += OUTCOME
        row = rules.table[row + NEXT]
