"""Who pays: what holds for every bill, and how visits follow one another."""

from collections import Counter as Bag
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.benefit.factories import DAY, DAYS, FEN, GENERAL, a_ceiling, a_rule, bills, rules
from yidi.benefit.adjudicate import Counter, Decision, adjudicate
from yidi.benefit.errors import CeilingNotKnown
from yidi.benefit.split import Split, whole_split
from yidi.policy.rules import BenefitRule
from yidi.values.periods import period_key
from yidi.values.terms import Benefit

VISITS = st.lists(st.tuples(FEN, DAYS), min_size=1, max_size=6)


def run(rule: BenefitRule, visits: list[tuple[int, date]]) -> tuple[list[Decision], Bag[Counter]]:
    """Pay visits one after another; the decisions, and the counters at the end."""
    used: Bag[Counter] = Bag()
    decisions = []
    for in_scope, day in visits:
        decision = adjudicate(whole_split(in_scope), rule, used, day)
        used.update(decision.moves)
        decisions.append(decision)
    return decisions, used


@given(rules(), bills(), DAYS, st.integers(0, 10**7))
def test_the_parts_of_every_bill_make_up_the_whole(
    rule: BenefitRule, bill: Split, day: date, balance: int
) -> None:
    told = adjudicate(bill, rule, {}, day, balance)
    steps = (told.away_upfront, told.deductible, told.over_cost, told.shared, told.cut, told.fund)
    assert sum(steps) == bill.in_scope
    assert bill.total == told.fund + told.account + told.cash
    assert told.person == told.account + told.cash
    assert min(*steps, told.account, told.cash) >= 0
    assert 0 <= told.fund <= bill.in_scope
    assert told.account <= balance
    assert told.eligible == told.shared + told.cut + told.fund


@given(rules(), VISITS)
def test_no_ceiling_is_passed_and_no_deductible_paid_twice(
    rule: BenefitRule, visits: list[tuple[int, date]]
) -> None:
    decisions, used = run(rule, visits)
    for ceiling in rule.ceilings:
        if ceiling.amount is None:
            continue
        measured = [decision.fund if ceiling.on == "fund" else decision.eligible for decision in decisions]
        if ceiling.per == "visit":
            assert all(amount <= ceiling.amount for amount in measured)
            continue
        for _, day in visits:
            assert used[Counter(ceiling.scope, ceiling.on, period_key(ceiling.per, day))] <= ceiling.amount
    if rule.deductible.per == "year":
        for _, day in visits:
            assert used[Counter(GENERAL, "deductible", period_key("year", day))] <= rule.deductible.amount
    else:
        assert all(decision.deductible <= rule.deductible.amount for decision in decisions)


@given(rules(), VISITS, st.integers(0, 5))
def test_taking_a_visits_moves_back_restores_every_counter(
    rule: BenefitRule, visits: list[tuple[int, date]], which: int
) -> None:
    before, (last, day) = visits[:-1], visits[-1]
    _, used = run(rule, before)
    kept = dict(used)
    decision = adjudicate(whole_split(last), rule, used, day)
    used.update(decision.moves)
    used.subtract(decision.moves)
    assert {name: amount for name, amount in used.items() if amount} == {
        name: amount for name, amount in kept.items() if amount
    }
    again = adjudicate(whole_split(last), rule, used, day)
    assert replace(again, moves=decision.moves) == decision
    assert again.moves == decision.moves


@given(rules(), FEN, FEN, DAYS)
def test_a_larger_bill_is_never_paid_less(rule: BenefitRule, one: int, other: int, day: date) -> None:
    small, large = sorted((one, other))
    lower = adjudicate(whole_split(small), rule, {}, day)
    higher = adjudicate(whole_split(large), rule, {}, day)
    assert lower.fund <= higher.fund
    assert lower.person <= higher.person


@given(rules(), FEN, DAYS)
def test_the_same_question_has_the_same_answer(rule: BenefitRule, in_scope: int, day: date) -> None:
    used = {Counter(GENERAL, "fund", period_key("year", day)): 12_345}
    first = adjudicate(whole_split(in_scope), rule, used, day)
    assert adjudicate(whole_split(in_scope), rule, dict(used), day) == first
    assert used == {Counter(GENERAL, "fund", period_key("year", day)): 12_345}


def test_the_yearly_deductible_and_ceiling_run_across_visits() -> None:
    rule = a_rule(deductible=30_000, share_ppm=600_000, ceilings=[a_ceiling(300_000)])
    visits = [(20_000, date(2025, 3, 1)), (30_000, date(2025, 5, 1)), (480_000, date(2025, 8, 1))]
    visits += [(50_000, date(2025, 9, 1)), (50_000, date(2026, 1, 2))]
    decisions, used = run(rule, visits)
    assert [(told.deductible_before, told.deductible, told.cut, told.fund) for told in decisions] == [
        (0, 20_000, 0, 0),
        (20_000, 10_000, 0, 12_000),
        (30_000, 0, 0, 288_000),
        (30_000, 0, 30_000, 0),
        (0, 30_000, 0, 12_000),
    ]
    assert [told.rooms for told in decisions] == [(300_000,), (300_000,), (288_000,), (0,), (300_000,)]
    assert used[Counter(GENERAL, "fund", "2025")] == 300_000
    assert used[Counter(GENERAL, "fund", "2026")] == 12_000


def test_a_visit_is_cut_exactly_at_the_ceiling() -> None:
    rule = a_rule(share_ppm=600_000, ceilings=[a_ceiling(300_000)])
    used = {Counter(GENERAL, "fund", "2025"): 299_999}
    told = adjudicate(whole_split(10_000), rule, used, DAY)
    assert (told.fund, told.cut, told.shared, told.person) == (1, 5_999, 4_000, 9_999)


def test_a_deductible_per_visit_starts_anew_and_is_not_carried_over() -> None:
    rule = a_rule(deductible=4_000, deductible_per="visit")
    decisions, _ = run(rule, [(30_000, DAY), (3_000, DAY)])
    assert [(told.deductible, told.fund) for told in decisions] == [(4_000, 15_600), (3_000, 0)]


@pytest.mark.parametrize(
    ("per", "days", "funds"),
    [
        ("year", ["2025-01-01", "2025-12-31", "2026-01-01"], [900, 100, 900]),
        ("quarter", ["2025-01-01", "2025-03-31", "2025-04-01"], [900, 100, 900]),
        ("month", ["2025-01-01", "2025-01-31", "2025-02-01"], [900, 100, 900]),
        ("visit", ["2025-01-01", "2025-01-01", "2025-01-01"], [900, 900, 900]),
    ],
)
def test_a_ceiling_holds_for_its_period(per: str, days: list[str], funds: list[int]) -> None:
    rule = a_rule(share_ppm=900_000, ceilings=[a_ceiling(1_000, per=per)])
    decisions, _ = run(rule, [(1_000, date.fromisoformat(day)) for day in days])
    assert [told.fund for told in decisions] == funds


def test_a_ceiling_on_cost_keeps_cost_out_before_the_share() -> None:
    rule = a_rule(share_ppm=600_000, ceilings=[a_ceiling(1_000, per="visit", on="cost")])
    told = adjudicate(whole_split(3_000), rule, {}, DAY)
    assert (told.over_cost, told.eligible, told.fund, told.cut) == (2_000, 1_000, 600, 0)


def test_the_tightest_of_several_ceilings_cuts() -> None:
    loose, tight = a_ceiling(500_000), a_ceiling(20_000, scope="inpatient")
    told = adjudicate(whole_split(100_000), a_rule(ceilings=[loose, tight, a_ceiling(None)]), {}, DAY)
    assert (told.fund, told.cut, told.rooms) == (20_000, 40_000, (500_000, 20_000, None))
    assert told.moves == {
        Counter(GENERAL, "cost", "2025"): 100_000,
        Counter(GENERAL, "deductible", "2025"): 0,
        Counter(GENERAL, "fund", "2025"): 20_000,
        Counter("inpatient", "fund", "2025"): 20_000,
    }


def test_a_ceiling_known_as_a_range_answers_up_to_its_lower_end() -> None:
    scope = "chronic-disease:M03900"
    rule = a_rule(
        share_ppm=850_000,
        benefit=Benefit.CHRONIC_DISEASE,
        ceilings=[a_ceiling(1_000_000, certain_to=400_000, scope=scope)],
    )
    used = {Counter(scope, "fund", "2025"): 315_000}
    assert adjudicate(whole_split(100_000), rule, used, DAY).fund == 85_000
    with pytest.raises(CeilingNotKnown) as refused:
        adjudicate(whole_split(100_002), rule, used, DAY)
    for figure in ("4000.02", "4000.00", "10000.00"):
        assert figure in refused.value.message
    next_year = adjudicate(whole_split(100_002), rule, used, date(2026, 1, 1))
    assert next_year.fund == 85_002


def test_a_range_on_cost_measures_the_cost() -> None:
    rule = a_rule(ceilings=[a_ceiling(2_000, certain_to=1_000, on="cost", per="visit")])
    assert adjudicate(whole_split(1_000), rule, {}, DAY).fund == 600
    with pytest.raises(CeilingNotKnown):
        adjudicate(whole_split(1_001), rule, {}, DAY)


def test_the_modes_of_reduction_give_different_money() -> None:
    """1000 yuan at 80 %, 300 deductible: points 70 %, factor 72 %, upfront 10 % first (facts E-18)."""

    def fund(mode: str, ppm: int, first: bool = True) -> int:
        rule = a_rule(deductible=30_000, share_ppm=800_000, mode=mode, ppm=ppm, upfront_first=first)  # type: ignore[arg-type]
        return adjudicate(whole_split(100_000), rule, {}, DAY).fund

    assert fund("none", 0) == 56_000
    assert fund("points", 100_000) == 49_000
    assert fund("factor", 900_000) == 50_400
    assert fund("upfront", 100_000) == 48_000
    assert fund("upfront", 100_000, first=False) == 50_400


def test_points_take_off_no_more_than_the_share() -> None:
    told = adjudicate(whole_split(100_000), a_rule(share_ppm=150_000, mode="points", ppm=200_000), {}, DAY)
    assert (told.fund, told.share_ppm, told.shared) == (0, 0, 100_000)


@pytest.mark.parametrize(("ppm", "difference"), [(100_000, 6_800), (200_000, 13_600)])
def test_the_order_of_upfront_and_deductible_on_a_tertiary_stay(ppm: int, difference: int) -> None:
    """20,000 yuan, 800 deductible, 85 % (facts JX-301 … JX-305): 68 yuan at 10 %, 136 yuan at 20 %."""

    def stay(first: bool) -> Decision:
        rule = a_rule(
            benefit=Benefit.INPATIENT,
            deductible=80_000,
            deductible_per="visit",
            share_ppm=850_000,
            mode="upfront",
            ppm=ppm,
            upfront_first=first,
        )
        return adjudicate(whole_split(2_000_000), rule, {}, DAY)

    upfront_first, deductible_first = stay(first=True), stay(first=False)
    assert deductible_first.fund - upfront_first.fund == difference
    assert upfront_first.away_upfront == 2_000_000 * ppm // 1_000_000
    assert deductible_first.away_upfront == 1_920_000 * ppm // 1_000_000


def test_the_account_pays_before_the_purse_and_only_for_what_is_in_scope() -> None:
    rule = a_rule(share_ppm=600_000)
    bill = whole_split(120_000, excluded=20_000)
    paid = {
        balance: (told.account, told.cash)
        for balance in (0, 10_000, 40_000, 100_000)
        for told in [adjudicate(bill, rule, {}, DAY, balance)]
    }
    assert paid == {
        0: (0, 60_000),
        10_000: (10_000, 50_000),
        40_000: (40_000, 20_000),
        100_000: (40_000, 20_000),
    }
