"""Who pays: what holds for every bill, and how visits follow one another."""

from collections import Counter as Bag
from dataclasses import replace
from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.benefit.factories import (
    DAY,
    DAYS,
    FEN,
    GENERAL,
    Mode,
    a_ceiling,
    a_deductible,
    a_layer,
    a_rule,
    a_share,
    an_account,
    an_origin,
    bills,
    rules,
    some_fees,
)
from yidi.benefit.adjudicate import Balances, Counter, Decision, adjudicate, counters_read
from yidi.benefit.errors import CategoriesNeeded, CeilingNotKnown
from yidi.benefit.split import Split, whole_split
from yidi.policy.rules import AccountRule, BenefitRule, Ceiling, Deductible, UpfrontAtHome
from yidi.values.periods import period_key
from yidi.values.terms import AccountPart, Benefit, FeeCategory, Fund

VISITS = st.lists(st.tuples(FEN, DAYS), min_size=1, max_size=6)
BALANCES = st.builds(Balances, FEN, FEN)


def pay(rule: BenefitRule, in_scope: int, used: Bag[Counter], day: date) -> Decision:
    return adjudicate(whole_split(in_scope), rule, used, day, fees=some_fees(rule, in_scope))


def run(rule: BenefitRule, visits: list[tuple[int, date]]) -> tuple[list[Decision], Bag[Counter]]:
    """Pay visits one after another; the decisions, and the counters at the end."""
    return go_on(rule, visits, Bag())


def go_on(
    rule: BenefitRule, visits: list[tuple[int, date]], used: Bag[Counter]
) -> tuple[list[Decision], Bag[Counter]]:
    decisions = []
    for in_scope, day in visits:
        decision = pay(rule, in_scope, used, day)
        used.update(decision.moves)
        decisions.append(decision)
    return decisions, used


@given(rules(), bills(), DAYS, BALANCES)
def test_the_parts_of_every_bill_make_up_the_whole(
    rule: BenefitRule, bill: Split, day: date, balances: Balances
) -> None:
    told = adjudicate(bill, rule, {}, day, balances, some_fees(rule, bill.in_scope))
    before = (told.upfront_at_home, told.away_upfront, told.deductible, told.over_cost)
    steps = (*before, told.shared, told.cut, told.fund)
    assert bill.total == bill.excluded + bill.over_limit + bill.upfront + bill.in_scope
    assert bill.in_scope == sum(steps) == sum(part.amount for part in told.parts)
    assert bill.total == told.funds + told.account + told.family_account + told.cash
    assert told.funds == told.fund + sum(paid.fund for paid in told.layers)
    assert told.person == told.account + told.family_account + told.cash
    assert min(*steps, told.account, told.family_account, told.cash) >= 0
    assert 0 <= told.fund <= told.funds <= bill.in_scope
    assert told.account <= balances.own
    assert told.family_account <= balances.family
    assert told.eligible == told.shared + told.cut + told.fund == sum(part.eligible for part in told.parts)
    for paid in told.layers:
        of_layer = (paid.deductible, paid.over_cost, paid.shared, paid.cut, paid.fund)
        assert sum(of_layer) == paid.base <= bill.in_scope
        assert min(of_layer) >= 0


@given(rules(), VISITS)
def test_no_ceiling_is_passed_and_no_deductible_paid_twice(
    rule: BenefitRule, visits: list[tuple[int, date]]
) -> None:
    decisions, used = run(rule, visits)
    for ceiling in (*rule.ceilings, *(item for layer in rule.layers for item in layer.ceilings)):
        if ceiling.amount is not None and ceiling.per != "visit":
            for _, day in visits:
                counted = used[Counter(ceiling.scope, ceiling.on, period_key(ceiling.per, day))]
                assert counted <= ceiling.amount
    for told in decisions:
        assert all(amount <= (ceiling.amount or 0) for ceiling, amount in limited_by_visit(told))
        first = told.rule.deductible
        deducted = used[Counter(str(rule.benefit), "deductible", period_key("year", told.on))]
        assert deducted <= most_of(first, len(visits))
        assert told.deductible <= first.of_stay(told.stay or 1)
        for paid in told.layers:
            deducted = used[Counter(str(paid.layer.fund), "deductible", period_key("year", told.on))]
            assert deducted <= most_of(paid.layer.deductible, len(visits))


def limited_by_visit(told: Decision) -> list[tuple[Ceiling, int]]:
    """Every ceiling per visit with what it measures."""
    found: list[tuple[Ceiling, int]] = []
    for ceiling in told.rule.ceilings:
        measured = [part for part in told.parts if ceiling.category in (None, part.category)]
        found.append(
            (ceiling, sum(part.fund if ceiling.on == "fund" else part.eligible for part in measured))
        )
    for paid in told.layers:
        eligible = paid.base - paid.deductible - paid.over_cost
        found += [
            (ceiling, paid.fund if ceiling.on == "fund" else eligible) for ceiling in paid.layer.ceilings
        ]
    return [
        (ceiling, amount)
        for ceiling, amount in found
        if ceiling.per == "visit" and ceiling.amount is not None
    ]


def most_of(rule: Deductible, visits: int) -> int:
    """The most that a year's visits may take together."""
    if rule.per == "year":
        return rule.amounts[0]
    every = sum(rule.of_stay(number) for number in range(1, visits + 1))
    return every if rule.top is None else min(every, rule.top)


@given(rules(), VISITS)
def test_taking_a_visits_moves_back_restores_every_counter(
    rule: BenefitRule, visits: list[tuple[int, date]]
) -> None:
    """A cancel after a settle: the counters stand as before, and the visit settles as it did."""
    before, (last, day) = visits[:-1], visits[-1]
    _, used = run(rule, before)
    kept = dict(used)
    decision = pay(rule, last, used, day)
    used.update(decision.moves)
    used.subtract(decision.moves)
    assert {name: amount for name, amount in used.items() if amount} == {
        name: amount for name, amount in kept.items() if amount
    }
    assert pay(rule, last, used, day) == decision


@given(rules(), VISITS, st.randoms(use_true_random=False))
def test_visits_that_are_all_cancelled_leave_nothing_behind(
    rule: BenefitRule, visits: list[tuple[int, date]], random: Random
) -> None:
    decisions, used = run(rule, visits)
    for decision in random.sample(decisions, len(decisions)):
        used.subtract(decision.moves)
    assert not any(used.values())


@given(rules(), VISITS, st.integers(0, 6))
def test_a_decision_depends_on_the_visits_before_it_through_their_counters_alone(
    rule: BenefitRule, visits: list[tuple[int, date]], pause: int
) -> None:
    """Visits are paid in the order given, also within a day; stopping and going on later changes nothing."""
    decisions, used = run(rule, visits)
    first, so_far = run(rule, visits[:pause])
    later, after = go_on(rule, visits[pause:], Bag(dict(so_far)))
    assert [*first, *later] == decisions
    assert after == used
    for told in decisions:
        read = counters_read(rule, told.on)
        assert read <= told.before.keys()
        again = {name: told.before[name] for name in read}
        fees = some_fees(rule, told.split.in_scope)
        assert adjudicate(told.split, rule, again, told.on, fees=fees).moves == told.moves


@given(rules(), VISITS)
def test_only_the_order_within_a_benefit_year_matters(
    rule: BenefitRule, visits: list[tuple[int, date]]
) -> None:
    decisions, used = run(rule, visits)
    by_year = sorted(range(len(visits)), key=lambda place: visits[place][1].year)
    again, used_again = run(rule, [visits[place] for place in by_year])
    assert again == [decisions[place] for place in by_year]
    assert used_again == used


def test_of_one_day_the_visit_settled_first_pays_the_deductible() -> None:
    decisions, _ = run(a_rule(deductible=30_000), [(40_000, DAY), (20_000, DAY)])
    assert [told.deductible for told in decisions] == [30_000, 0]


@given(rules(), FEN, FEN, DAYS)
def test_the_funds_never_pay_less_for_a_larger_bill(
    rule: BenefitRule, one: int, other: int, day: date
) -> None:
    """For every rule, falling shares included: no share is below nothing, and each fen more is paid once."""
    small, large = sorted((one, other))
    fees = some_fees(rule, small)
    lower = adjudicate(whole_split(small), rule, {}, day, fees=fees)
    higher = adjudicate(whole_split(large), rule, {}, day, fees=fees)
    assert lower.fund <= higher.fund
    assert lower.funds <= higher.funds
    if not any(layer.base == "beyond-ceiling" for layer in rule.layers):
        assert lower.person <= higher.person


def test_a_person_may_pay_a_few_fen_less_where_a_layer_takes_over_at_the_ceiling() -> None:
    """The one rule that is not monotone for the person: half a fen of the fund is a whole cost beyond its ceiling."""
    layer = a_layer(Fund.LARGE_SUM, "beyond-ceiling", share=a_share((None, 1_000_000)))
    rule = a_rule(share_ppm=50_000, ceilings=[a_ceiling(0)], layers=(layer,))
    assert [pay(rule, fen, Bag(), DAY).person for fen in (9, 10, 11)] == [9, 0, 0]


@given(rules(), FEN, DAYS)
def test_the_same_question_has_the_same_answer(rule: BenefitRule, in_scope: int, day: date) -> None:
    used = {Counter(str(rule.benefit), "fund", period_key("year", day)): 12_345}
    fees = some_fees(rule, in_scope)
    first = adjudicate(whole_split(in_scope), rule, used, day, fees=fees)
    assert adjudicate(whole_split(in_scope), rule, dict(used), day, fees=dict(fees)) == first
    assert used == {Counter(str(rule.benefit), "fund", period_key("year", day)): 12_345}


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

    def fund(mode: Mode, ppm: int, first: bool = True) -> int:
        rule = a_rule(deductible=30_000, share_ppm=800_000, mode=mode, ppm=ppm, upfront_first=first)
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


def test_a_deductible_per_visit_has_a_yearly_top() -> None:
    """G-03: each visit of its own, a year's visits together no more than the top."""
    decisions, _ = run(a_rule(deductible=a_deductible(20_000, top=30_000)), [(50_000, DAY)] * 3)
    assert [told.deductible for told in decisions] == [20_000, 10_000, 0]


def test_a_yearly_deductible_is_topped_up_at_a_higher_level() -> None:
    low, high = a_rule(deductible=20_000), a_rule(deductible=30_000)
    used = Bag(pay(low, 50_000, Bag(), DAY).moves)
    assert pay(high, 50_000, used, DAY).deductible == 10_000
    assert pay(low, 50_000, used, DAY).deductible == 0


@pytest.mark.parametrize(
    ("rule", "taken"),
    [
        (a_deductible(80_000, 40_000, 40_000, 40_000), [80_000, 40_000, 40_000, 40_000, 40_000, 40_000]),
        (a_deductible(80_000, 40_000, 0, 0), [80_000, 40_000, 0, 0, 0, 0]),
        (
            a_deductible(80_000, 70_000, 60_000, 50_000, less=10_000, floor=40_000),
            [80_000, 70_000, 60_000, 50_000, 40_000, 40_000],
        ),
        (a_deductible(60_000, 60_000, 60_000, 0), [60_000, 60_000, 60_000, 0, 0, 0]),
    ],
    ids=["halved", "third free", "less each time", "fourth free"],
)
def test_the_deductible_of_each_stay_of_a_year(rule: Deductible, taken: list[int]) -> None:
    """G-04: and the first stay of the next year is a first one again."""
    inpatient = a_rule(benefit=Benefit.INPATIENT, deductible=rule)
    decisions, _ = run(inpatient, [(100_000, DAY)] * 6 + [(100_000, date(2026, 1, 2))])
    assert [told.deductible for told in decisions] == [*taken, rule.amounts[0]]
    assert [told.stay for told in decisions] == [1, 2, 3, 4, 5, 6, 1]


def test_the_share_rises_and_falls_in_bands() -> None:
    """G-08: with or without the deductible counted in, of each visit or of the year."""

    def funds(per: str, with_deductible: bool, second_ppm: int = 900_000) -> list[int]:
        share = a_share((50_000, 800_000), (None, second_ppm), per=per, with_deductible=with_deductible)
        decisions, _ = run(a_rule(deductible=20_000, share=share), [(80_000, DAY)] * 2)
        return [told.fund for told in decisions]

    assert funds("visit", False) == [49_000, 67_000]
    assert funds("visit", True) == [51_000, 67_000]
    assert funds("year", False) == [49_000, 72_000]
    assert funds("year", True) == [51_000, 72_000]
    assert funds("year", True, 100_000) == [27_000, 8_000]


def test_what_the_home_pool_has_paid_upfront_comes_first() -> None:
    """G-15: class B dual-channel drugs, 10 % and then the share (facts JX-409)."""
    rule = a_rule(share_ppm=700_000, upfront=UpfrontAtHome(100_000, an_origin()))
    told = pay(rule, 1_000_000, Bag(), DAY)
    assert (told.upfront_at_home, told.fund, told.person) == (100_000, 630_000, 370_000)


FEES = [a_ceiling(1_000, per="visit", category=FeeCategory.DRUGS)]


@pytest.mark.parametrize(("on", "fund", "over", "cut"), [("cost", 600, 2_000, 0), ("fund", 1_000, 0, 800)])
def test_a_limit_on_drugs_leaves_other_fees_alone(on: str, fund: int, over: int, cut: int) -> None:
    """G-10: the same limit, on the cost of drugs or on what the fund pays for them (DX-014)."""
    rule = a_rule(ceilings=[replace(FEES[0], on=on)])  # type: ignore[arg-type]
    told = adjudicate(whole_split(3_000), rule, {}, DAY, fees={FeeCategory.DRUGS: 3_000})
    assert (told.fund, told.over_cost, told.cut) == (fund, over, cut)
    more = adjudicate(whole_split(8_000), rule, {}, DAY, fees={FeeCategory.DRUGS: 3_000})
    assert (more.fund, more.over_cost, more.cut) == (fund + 3_000, over, cut)
    assert [part.category for part in more.parts] == [FeeCategory.DRUGS, None]


def test_fees_limited_apart_share_the_visits_deductible_ceiling_and_stay() -> None:
    rule = a_rule(
        benefit=Benefit.INPATIENT,
        deductible=a_deductible(40_000),
        ceilings=[*FEES, a_ceiling(15_000, per="visit")],
    )
    told = adjudicate(whole_split(100_000), rule, {}, DAY, fees={FeeCategory.DRUGS: 30_000})
    assert [part.deductible for part in told.parts] == [30_000, 10_000]
    assert (told.fund, told.cut) == (15_000, 21_000)
    assert told.moves[Counter("inpatient", "stays", "2025")] == 1


def test_fees_that_are_limited_apart_must_be_told_apart() -> None:
    with pytest.raises(CategoriesNeeded, match="药费"):
        adjudicate(whole_split(3_000), a_rule(ceilings=FEES), {}, DAY)


def test_each_layer_pays_on_what_is_left_to_it() -> None:
    """G-18, G-19: the layers take turns in their order, each by its own deductible, share and ceiling."""
    rule = a_rule(
        mode="upfront",
        ppm=100_000,
        ceilings=[a_ceiling(300_000)],
        layers=(
            a_layer(Fund.LARGE_SUM, "beyond-ceiling", share=a_share((None, 800_000))),
            a_layer(Fund.SERIOUS_ILLNESS, "person", deductible=a_deductible(100_000, per="year")),
            a_layer(
                Fund.MEDICAL_AID, "person-and-upfront", ceilings=(a_ceiling(30_000, scope="medical-aid"),)
            ),
        ),
    )
    decisions, used = run(rule, [(1_000_000, DAY)] * 2)
    assert [(told.away_upfront, told.fund) for told in decisions] == [(100_000, 300_000), (100_000, 0)]
    assert [
        [(paid.base, paid.deductible, paid.cut, paid.fund) for paid in told.layers] for told in decisions
    ] == [
        [(400_000, 0, 0, 320_000), (280_000, 100_000, 0, 108_000), (272_000, 0, 133_200, 30_000)],
        [(900_000, 0, 0, 720_000), (180_000, 0, 0, 108_000), (172_000, 0, 103_200, 0)],
    ]
    assert used[Counter("medical-aid", "fund", "2025")] == 30_000
    assert used[Counter("serious-illness", "cost", "2025")] == 360_000


@pytest.mark.parametrize(
    ("own", "family", "expected"),
    [
        (0, 0, (0, 0, 60_000)),
        (10_000, 0, (10_000, 0, 50_000)),
        (10_000, 20_000, (10_000, 20_000, 30_000)),
        (50_000, 20_000, (50_000, 10_000, 0)),
        (90_000, 90_000, (60_000, 0, 0)),
    ],
)
def test_the_own_account_pays_first_then_the_familys_then_the_purse(
    own: int, family: int, expected: tuple[int, int, int]
) -> None:
    """G-20."""
    every = an_account(*AccountPart)
    rule = a_rule(share_ppm=600_000, own_account=every, family_account=every)
    told = adjudicate(whole_split(120_000, excluded=20_000), rule, {}, DAY, Balances(own, family))
    assert (told.account, told.family_account, told.cash) == expected


IN_SCOPE, UPFRONT, EXCLUDED = AccountPart.IN_SCOPE, AccountPart.UPFRONT, AccountPart.EXCLUDED


@pytest.mark.parametrize(
    ("own", "family", "expected"),
    [
        (None, None, (0, 0, 65_000)),
        (an_account(IN_SCOPE), None, (40_000, 0, 25_000)),
        (an_account(IN_SCOPE, UPFRONT), None, (45_000, 0, 20_000)),
        (an_account(UPFRONT), an_account(EXCLUDED, IN_SCOPE), (5_000, 60_000, 0)),
        (None, an_account(EXCLUDED), (0, 20_000, 45_000)),
    ],
)
def test_an_account_pays_only_the_parts_that_its_rule_names(
    own: AccountRule | None, family: AccountRule | None, expected: tuple[int, int, int]
) -> None:
    bill = whole_split(125_000, excluded=20_000, upfront=5_000)
    rule = a_rule(share_ppm=600_000, own_account=own, family_account=family)
    told = adjudicate(bill, rule, {}, DAY, Balances(100_000, 100_000))
    assert (told.account, told.family_account, told.cash) == expected
