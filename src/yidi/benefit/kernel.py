"""The arithmetic of one visit, on plain integers: the same for presettling, settling, claims, estimates and batches.

A rule is a row of numbers in a table `P`, starting at `r`; a person's running totals are cells of `S`; `O` receives
the outcome. `layout` writes the rows. The functions stand alone, with their own constants and rounding, and use
nothing that a compiler for batches cannot take: what runs online is what runs over a nation's year.

Applied in this order: what the home pool has the person pay first, the upfront share away from home (before or after
the deductible), the deductible, ceilings on cost, the share in its bands, ceilings on the fund. Each fund's part is
rounded half-up once; the person pays the difference. Then each layer above does the same with what is left to it.
"""

from collections.abc import MutableSequence, Sequence

NO_LIMIT = 1 << 60
"""Room under a ceiling that is not there, in fen."""
MOST = 1_000_000_000_000
"""The largest bill that may be computed, in fen: ten billion yuan keeps every product below 64 bits."""
PPM = 1_000_000

# Fields of a row: amounts in fen, shares in ppm, cells of S by number; NOWHERE = there is none.
# A plain row is told by the first eight, which a processor fetches at once.
NOWHERE = -1
PLAIN = 0
USED_DEDUCTIBLE = 1
USED_COST = 2
USED_FUND = 3
DEDUCTIBLE = 4  # of the year, of the visit, or of the first stay
SHARE = 5  # of the last band, or of all
CEILING = 6  # three times: amount, cell, on cost, whether its cell counts for this ceiling alone
CEILINGS = 18  # how many
BANDS = 19  # how many; the last has no limit
BASE = 20
UPFRONT_AT_HOME = 21
UPFRONT_AWAY = 22
UPFRONT_LAST = 23
NEXT = 24  # the row of the layer above
PER_VISIT = 25
STAYS = 26
DEDUCTIBLE_TOP = 27
DEDUCTIBLE_AGAIN = 28  # of the second stay, the third, the fourth
DEDUCTIBLE_LESS = 31
DEDUCTIBLE_FLOOR = 32
BAND_UPTO = 33  # four limits
BAND_PPM = 37  # the shares below them
BAND_YEARLY = 41
BAND_WITH_DEDUCTIBLE = 42
WIDTH = 48

CEILING_WIDTH = 4
STAYS_NAMED = 4
BANDS_MOST = 5
CEILINGS_MOST = 3

# What a layer pays on.
IN_SCOPE, PERSON, PERSON_AND_UPFRONT, BEYOND_CEILING = 0, 1, 2, 3

# The outcome of each layer in O, one after another.
BASED, AT_HOME, AWAY, TAKEN, OVER_COST, GROSS, FUND, OUTCOME = 0, 1, 2, 3, 4, 5, 6, 7
LAYERS_MOST = 5


def settle(P: Sequence[int], r: int, S: MutableSequence[int], in_scope: int, O: MutableSequence[int]) -> int:  # noqa: E741
    """Pay one visit by the row at `r` and the layers above it; returns what all funds pay together, in fen.

    No layer pays on what another has paid. Moves the cells of `S`. Of each layer, O holds (base, at_home, away, deductible, over_cost, gross, fund).
    """
    if P[r + PLAIN]:
        return pay_plain(P, r, S, in_scope, O)
    o = 0
    paid = 0
    upfront = 0
    beyond = 0
    while r >= 0:
        kind = P[r + BASE]
        if kind == IN_SCOPE:
            base = in_scope
        elif kind == PERSON:
            base = max(in_scope - paid - upfront, 0)
        elif kind == PERSON_AND_UPFRONT:
            base = in_scope - paid
        else:
            base = min(beyond, max(in_scope - paid - upfront, 0))
        fund = pay(P, r, S, base, O, o)
        if kind == BEYOND_CEILING:
            beyond -= fund
        if kind == IN_SCOPE:
            upfront = O[o + AT_HOME] + O[o + AWAY]
            if P[r + NEXT] >= 0:
                beyond = O[o + OVER_COST]
                if fund < O[o + GROSS]:
                    left = base - upfront - O[o + TAKEN] - O[o + OVER_COST]
                    beyond += left - cost_of(P, r, S, left, O[o + TAKEN], fund)
        paid += fund
        o += OUTCOME
        r = P[r + NEXT]
    return paid


def pay_plain(P: Sequence[int], r: int, S: MutableSequence[int], base: int, O: MutableSequence[int]) -> int:  # noqa: E741
    """As `pay`, by a row of the commonest shape: a deductible of the year, one share, one ceiling on the fund, no layer.

    What `pay` would skip is left out, and nothing is done otherwise.
    """
    deductible = min(base, max(P[r + DEDUCTIBLE] - S[P[r + USED_DEDUCTIBLE]], 0))
    eligible = base - deductible
    gross = half_up(eligible * P[r + SHARE])
    cell = P[r + CEILING + 1]
    fund = min(gross, max(P[r + CEILING] - S[cell], 0))
    S[P[r + USED_DEDUCTIBLE]] += deductible
    S[P[r + USED_COST]] += eligible
    S[P[r + USED_FUND]] += fund
    if cell != P[r + USED_FUND]:
        S[cell] += fund
    O[BASED] = base
    O[AT_HOME] = 0
    O[AWAY] = 0
    O[TAKEN] = deductible
    O[OVER_COST] = 0
    O[GROSS] = gross
    O[FUND] = fund
    return fund


def pay(P: Sequence[int], r: int, S: MutableSequence[int], base: int, O: MutableSequence[int], o: int) -> int:  # noqa: E741
    """Pay `base` fen by the row at `r`; the outcome goes to O from `o` on. Returns the fund's part."""
    at_home = 0
    if P[r + UPFRONT_AT_HOME]:
        at_home = half_up(base * P[r + UPFRONT_AT_HOME])
    rest = base - at_home
    away = 0
    away_ppm = P[r + UPFRONT_AWAY]
    if away_ppm and not P[r + UPFRONT_LAST]:
        away = half_up(rest * away_ppm)
    deductible = min(rest - away, deductible_of(P, r, S))
    if away_ppm and P[r + UPFRONT_LAST]:
        away = half_up((rest - deductible) * away_ppm)
    left = rest - away - deductible
    cost_room = NO_LIMIT
    fund_room = NO_LIMIT
    ceilings = P[r + CEILINGS]
    if ceilings > 0:
        cost_room, fund_room = room_under(P, r + CEILING, S, cost_room, fund_room)
    if ceilings > 1:
        cost_room, fund_room = room_under(P, r + CEILING + CEILING_WIDTH, S, cost_room, fund_room)
    if ceilings > 2:
        cost_room, fund_room = room_under(P, r + CEILING + 2 * CEILING_WIDTH, S, cost_room, fund_room)
    eligible = min(left, cost_room)
    gross = half_up(parts_of(P, r, S, eligible, deductible))
    fund = min(gross, fund_room)
    if ceilings > 0:
        count_for(P, r + CEILING, S, eligible, fund)
    if ceilings > 1:
        count_for(P, r + CEILING + CEILING_WIDTH, S, eligible, fund)
    if ceilings > 2:
        count_for(P, r + CEILING + 2 * CEILING_WIDTH, S, eligible, fund)
    S[P[r + USED_DEDUCTIBLE]] += deductible
    S[P[r + USED_COST]] += eligible
    S[P[r + USED_FUND]] += fund
    if P[r + STAYS] >= 0:
        S[P[r + STAYS]] += 1
    O[o + BASED] = base
    O[o + AT_HOME] = at_home
    O[o + AWAY] = away
    O[o + TAKEN] = deductible
    O[o + OVER_COST] = left - eligible
    O[o + GROSS] = gross
    O[o + FUND] = fund
    return fund


def room_under(
    P: Sequence[int], c: int, S: MutableSequence[int], cost_room: int, fund_room: int
) -> tuple[int, int]:
    """What the ceiling at `c` leaves of the room for cost and for the fund's part."""
    room = P[c]
    if P[c + 1] >= 0:
        room = max(room - S[P[c + 1]], 0)
    if P[c + 2]:
        return min(cost_room, room), fund_room
    return cost_room, min(fund_room, room)


def count_for(P: Sequence[int], c: int, S: MutableSequence[int], eligible: int, fund: int) -> None:
    """Move the cell of the ceiling at `c` where it counts for this ceiling alone."""
    if P[c + 3]:
        S[P[c + 1]] += eligible if P[c + 2] else fund


def half_up(parts: int) -> int:
    """Fen from fen × ppm, not negative."""
    return (parts + PPM // 2) // PPM


def deductible_of(P: Sequence[int], r: int, S: MutableSequence[int]) -> int:
    """What this visit may have to pay before the fund does."""
    used = S[P[r + USED_DEDUCTIBLE]]
    amount = P[r + DEDUCTIBLE]
    if not P[r + PER_VISIT]:
        return max(amount - used, 0)
    if P[r + STAYS] >= 0:
        before = S[P[r + STAYS]]
        if before > 0:
            amount = P[r + DEDUCTIBLE_AGAIN + min(before, STAYS_NAMED - 1) - 1]
        if before >= STAYS_NAMED:
            less = P[r + DEDUCTIBLE_LESS] * (before - STAYS_NAMED + 1)
            amount = max(amount - less, P[r + DEDUCTIBLE_FLOOR])
    return min(amount, max(P[r + DEDUCTIBLE_TOP] - used, 0))


def band_start(P: Sequence[int], r: int, S: MutableSequence[int], deductible: int) -> int:
    """Where in the bands the eligible amount begins: after what was counted before it."""
    start = 0
    if P[r + BAND_YEARLY]:
        start = S[P[r + USED_COST]]
        if P[r + BAND_WITH_DEDUCTIBLE]:
            start += S[P[r + USED_DEDUCTIBLE]]
    if P[r + BAND_WITH_DEDUCTIBLE]:
        start += deductible
    return start


def parts_of(P: Sequence[int], r: int, S: MutableSequence[int], eligible: int, deductible: int) -> int:
    """The share of `eligible` fen in fen × ppm, not yet rounded."""
    bands = P[r + BANDS]
    if bands == 1:
        return eligible * P[r + SHARE]
    at = band_start(P, r, S, deductible)
    end = at + eligible
    total = 0
    for band in range(bands - 1):
        upto = min(end, P[r + BAND_UPTO + band])
        if upto > at:
            total += (upto - at) * P[r + BAND_PPM + band]
            at = upto
    return total + (end - at) * P[r + SHARE]


def cost_of(
    P: Sequence[int], r: int, S: MutableSequence[int], eligible: int, deductible: int, fund: int
) -> int:
    """The least part of `eligible` fen on which the share comes to `fund`: the cost up to the ceiling.

    Called after the cells have moved, so that the visit is taken off them again.
    """
    start = 0
    bands = P[r + BANDS]
    if bands > 1:
        start = band_start(P, r, S, deductible)
        if P[r + BAND_YEARLY]:
            start -= eligible
            if P[r + BAND_WITH_DEDUCTIBLE]:
                start -= deductible
    need = fund * PPM
    at = start
    for band in range(bands):
        upto = start + eligible
        ppm = P[r + SHARE]
        if band < bands - 1:
            upto = min(upto, P[r + BAND_UPTO + band])
            ppm = P[r + BAND_PPM + band]
        if upto > at:
            if need <= (upto - at) * ppm:
                return at - start + ((need + ppm - 1) // ppm if ppm > 0 else 0)
            need -= (upto - at) * ppm
            at = upto
    return at - start
