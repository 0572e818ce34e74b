"""The arithmetic against one that shares nothing with it: Decimal, yuan, rounding by the library."""

from decimal import ROUND_HALF_UP, Context, Decimal, localcontext

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.benefit.factories import FEN, RATIOS
from yidi.benefit.kernel import NO_LIMIT, pay

CENT = Decimal("0.01")
ROOMS = st.one_of(FEN, st.just(NO_LIMIT), st.just(0))


def oracle(
    in_scope: int, upfront: int, upfront_first: bool, left: int, cost: int, share: int, factor: int, fund: int
) -> tuple[Decimal, ...]:
    """The same bill in yuan, step by step as the rules are written."""

    def yuan(fen: int) -> Decimal:
        return Decimal(fen).scaleb(-2)

    def rounded(value: Decimal) -> Decimal:
        return value.quantize(CENT, ROUND_HALF_UP)

    bill, away = yuan(in_scope), Decimal(upfront).scaleb(-6)
    if upfront_first:
        first_paid = rounded(bill * away)
        deducted = min(yuan(left), bill - first_paid)
    else:
        deducted = min(yuan(left), bill)
        first_paid = rounded((bill - deducted) * away)
    rest = bill - first_paid - deducted
    counted = min(rest, yuan(cost))
    gross = rounded(counted * Decimal(share).scaleb(-6) * Decimal(factor).scaleb(-6))
    return first_paid, deducted, rest - counted, gross, min(gross, yuan(fund))


@given(FEN, RATIOS, st.booleans(), FEN, ROOMS, RATIOS, RATIOS, ROOMS)
@example(1, 500_000, True, 0, NO_LIMIT, 1_000_000, 1_000_000, NO_LIMIT)
@example(3, 500_000, False, 1, NO_LIMIT, 500_000, 1_000_000, NO_LIMIT)
@example(33_333, 100_000, False, 30_000, 5_000, 333_333, 777_777, 1)
def test_the_kernel_agrees_with_decimal(
    in_scope: int, upfront: int, first: bool, left: int, cost: int, share: int, factor: int, fund: int
) -> None:
    paid = pay(in_scope, upfront, first, left, cost, share, factor, fund)
    with localcontext(Context(prec=60)):
        assert tuple(Decimal(fen).scaleb(-2) for fen in paid) == oracle(
            in_scope, upfront, first, left, cost, share, factor, fund
        )


@given(FEN, RATIOS, st.booleans(), FEN, ROOMS, RATIOS, RATIOS, ROOMS)
def test_no_part_is_negative_and_none_exceeds_what_is_left(
    in_scope: int, upfront: int, first: bool, left: int, cost: int, share: int, factor: int, fund: int
) -> None:
    away, deducted, over, gross, paid = pay(in_scope, upfront, first, left, cost, share, factor, fund)
    assert min(away, deducted, over, gross, paid) >= 0
    assert paid <= gross
    assert away + deducted + over + gross <= in_scope
    assert deducted <= left
    assert paid <= fund


@pytest.mark.parametrize(
    ("in_scope", "share", "fund"),
    [
        (1, 500_000, 1),
        (1, 499_999, 0),
        (3, 500_000, 2),
        (101, 850_000, 86),
        (10, 850_000, 9),
        (10, 849_999, 8),
    ],
)
def test_the_funds_part_is_rounded_half_up_once(in_scope: int, share: int, fund: int) -> None:
    assert pay(in_scope, 0, True, 0, NO_LIMIT, share, 1_000_000, NO_LIMIT)[-1] == fund


def test_share_and_factor_are_rounded_together_and_not_in_turn() -> None:
    """Half of 1 fen is 1 by itself, and half of that 1 again: only one rounding gives the 0 that is right."""
    assert pay(1, 0, True, 0, NO_LIMIT, 500_000, 500_000, NO_LIMIT)[-1] == 0
