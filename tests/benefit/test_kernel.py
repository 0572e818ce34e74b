"""The arithmetic against one that shares nothing with it, and by itself on any counters."""

from collections import Counter as Bag
from dataclasses import astuple
from datetime import date
from decimal import Context, Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.benefit.factories import (
    DAY,
    DAYS,
    FEN,
    Mode,
    a_ceiling,
    a_deductible,
    a_layer,
    a_rule,
    a_share,
    rules,
    some_fees,
)
from tests.benefit.oracle import Oracle, Paid, yuan
from yidi.benefit import kernel
from yidi.benefit.adjudicate import Counter, Decision, adjudicate
from yidi.benefit.counters import counter
from yidi.benefit.layout import Cells, rows
from yidi.benefit.split import whole_split
from yidi.policy.rules import BenefitRule
from yidi.values.terms import Benefit, FeeCategory, Fund

Visits = list[tuple[int, date]]


@given(rules(), st.lists(st.tuples(FEN, DAYS), min_size=1, max_size=6))
def test_the_engine_agrees_with_decimal(rule: BenefitRule, visits: Visits) -> None:
    with localcontext(Context(prec=60)):
        agree(rule, visits)


def agree(rule: BenefitRule, visits: Visits) -> None:
    """Pay visits by the engine and by the oracle; every amount and every counter must be the same."""
    oracle, used = Oracle(rule), Bag[Counter]()
    for in_scope, day in visits:
        fees = some_fees(rule, in_scope)
        told = adjudicate(whole_split(in_scope), rule, used, day, fees=fees)
        used.update(told.moves)
        assert [astuple(paid) for paid in by_engine(told)] == [
            astuple(paid) for paid in oracle.visit(in_scope, day, fees)
        ]
    money = {tuple(name): yuan(fen) for name, fen in used.items() if fen and name.measure != "stays"}
    assert money == {name: amount for name, amount in oracle.counted.items() if amount}
    stays = {name.period: count for name, count in used.items() if name.measure == "stays"}
    assert stays == oracle.stays


def by_engine(told: Decision) -> list[Paid]:
    basic = (
        told.split.in_scope, told.upfront_at_home, told.away_upfront, told.deductible, told.over_cost,
        told.eligible, told.fund + told.cut, told.fund,
    )  # fmt: skip
    funds = [basic]
    for paid in told.layers:
        eligible = paid.base - paid.deductible - paid.over_cost
        gross = eligible - paid.shared
        funds.append((paid.base, 0, 0, paid.deductible, paid.over_cost, eligible, gross, paid.fund))
    return [Paid(*map(yuan, amounts)) for amounts in funds]


STAYS: Visits = [(100_000, DAY)] * 7


@pytest.mark.parametrize(
    "rule",
    [
        a_rule(
            benefit=Benefit.INPATIENT,
            deductible=a_deductible(50_000, 40_000, 30_000, 20_000, less=10_000, floor=5_000),
        ),
        a_rule(deductible=a_deductible(30_000, top=100_000)),
        a_rule(share=a_share((150_000, 500_000), (300_000, 900_000), (None, 100_000), per="year")),
        a_rule(
            deductible=30_000,
            share=a_share((50_000, 880_000), (80_000, 900_000), (None, 950_000), with_deductible=True),
        ),
        a_rule(ceilings=[a_ceiling(130_000)], layers=(a_layer(Fund.LARGE_SUM, "beyond-ceiling"),)),
        a_rule(
            mode="upfront",
            ppm=100_000,
            layers=(
                a_layer(Fund.SERIOUS_ILLNESS, "person", deductible=a_deductible(100_000, per="year")),
                a_layer(Fund.MEDICAL_AID, "person-and-upfront"),
            ),
        ),
        a_rule(
            deductible=a_deductible(50_000),
            ceilings=[
                a_ceiling(10_000, per="visit", category=FeeCategory.DRUGS),
                a_ceiling(20_000, per="visit", on="cost"),
            ],
        ),
    ],
    ids=["stays", "top", "bands", "bands and deductible", "beyond", "person", "fees"],
)
def test_each_shape_agrees_with_decimal(rule: BenefitRule) -> None:
    agree(rule, STAYS)


@given(rules(with_limits_on_fees=False), FEN, st.data())
def test_no_part_is_negative_whatever_was_counted_before(
    rule: BenefitRule, in_scope: int, data: st.DataObject
) -> None:
    """The kernel is total: counters that no visits could have made give a sound answer too."""
    cells = Cells(lambda scope, measure, per: counter(scope, measure, per, DAY))
    table = rows(rule, cells)
    before = [data.draw(FEN if name.measure != "stays" else st.integers(0, 9)) for name in cells.names]
    after, outcome = list(before), [0] * (kernel.OUTCOME * (1 + len(rule.layers)))
    funds = kernel.settle(table, 0, after, in_scope, outcome)
    assert funds == sum(outcome[kernel.FUND :: kernel.OUTCOME]) <= in_scope
    assert all(now >= then for now, then in zip(after, before, strict=True))
    for start in range(0, len(outcome), kernel.OUTCOME):
        base, at_home, away, deducted, over, gross, fund = outcome[start : start + kernel.OUTCOME]
        assert min(base, at_home, away, deducted, over, gross, fund) >= 0
        assert fund <= gross
        assert at_home + away + deducted + over + gross <= base <= in_scope


def fund_of(in_scope: int, share_ppm: int, mode: Mode = "none", ppm: int = 0) -> int:
    rule = a_rule(share_ppm=share_ppm, mode=mode, ppm=ppm)
    return adjudicate(whole_split(in_scope), rule, {}, DAY).fund


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
    assert fund_of(in_scope, share) == fund


def test_share_and_factor_are_rounded_together_and_not_in_turn() -> None:
    """Half of 1 fen is 1 by itself, and half of that 1 again: only one rounding gives the 0 that is right."""
    assert fund_of(1, 500_000, mode="factor", ppm=500_000) == 0


def test_bands_are_rounded_together_and_not_one_by_one() -> None:
    """Half a fen from each of two bands makes one fen, not two."""
    rule = a_rule(share=a_share((1, 500_000), (None, 500_000)))
    assert adjudicate(whole_split(2), rule, {}, DAY).fund == 1


def test_amounts_of_the_oracle_are_exact() -> None:
    assert yuan(123_456) == Decimal("1234.56")
