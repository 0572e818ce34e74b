"""The arithmetic of one benefit, on plain integers: the same for presettling, settling, claims, estimates and batches.

Applied in this order: upfront share away from home (before or after the deductible), deductible, ceilings on cost,
share, ceilings on the fund. The fund's part is rounded half-up once; the person pays the difference.

It stands alone, with its own constants and rounding, so that a compiler for batches can take it as it is.
"""

NO_LIMIT = 1 << 62
"""Room under a ceiling that is not there, in fen."""

_PPM = 1_000_000
_PPM_SQUARED = _PPM * _PPM


def pay(
    in_scope: int,
    upfront_ppm: int,
    upfront_first: bool,
    deductible_left: int,
    cost_room: int,
    share_ppm: int,
    factor_ppm: int,
    fund_room: int,
) -> tuple[int, int, int, int, int]:
    """(away_upfront, deductible, over_cost, gross, fund) of one visit, in fen.

    `gross` is the fund's part before the ceiling on it, `over_cost` what a ceiling on cost keeps out.
    0 <= fund <= gross, and away_upfront + deductible + over_cost + gross <= in_scope.
    """
    if upfront_first:
        away_upfront = _half_up(in_scope * upfront_ppm, _PPM)
        deductible = min(in_scope - away_upfront, deductible_left)
    else:
        deductible = min(in_scope, deductible_left)
        away_upfront = _half_up((in_scope - deductible) * upfront_ppm, _PPM)
    left = in_scope - away_upfront - deductible
    eligible = min(left, cost_room)
    gross = _half_up(eligible * share_ppm * factor_ppm, _PPM_SQUARED)
    return away_upfront, deductible, left - eligible, gross, min(gross, fund_room)


def _half_up(numerator: int, denominator: int) -> int:
    return (2 * numerator + denominator) // (2 * denominator)
