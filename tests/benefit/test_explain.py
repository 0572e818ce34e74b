"""The explanation of a decision: it adds up, it is the same every time, and it says these words."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.benefit.factories import (
    DAY,
    DAYS,
    GENERAL,
    a_ceiling,
    a_line,
    a_rule,
    an_entry,
    an_origin,
    bills,
    rules,
)
from yidi.benefit import Counter, Decision, Explanation, Split, Step, adjudicate, explain
from yidi.benefit.explain import line_note, origin_text
from yidi.benefit.split import split_bill, split_line, whole_split
from yidi.policy.rules import BenefitRule, Share
from yidi.values.money import yuan_text
from yidi.values.terms import Benefit, CatalogueClass, Situation, Standing

GOLDEN = Path(__file__).parent / "golden"
ONE_BOX = 10_000


@given(rules(), bills(), DAYS, st.integers(0, 10**7))
def test_the_steps_lead_from_the_total_to_the_funds_part(
    rule: BenefitRule, bill: Split, day: date, balance: int
) -> None:
    used = {
        Counter(GENERAL, "fund", str(day.year)): 50_000,
        Counter(GENERAL, "deductible", str(day.year)): 10_000,
    }
    decision = adjudicate(bill, rule, used, day, balance)
    told = explain(decision)
    assert told.adds_up()
    assert told.steps[-1].left == decision.fund
    assert all(step.taken >= 0 for step in told.steps)
    assert explain(adjudicate(bill, rule, dict(used), day, balance)) == told


@given(rules(), bills())
def test_every_amount_that_was_taken_is_said(rule: BenefitRule, bill: Split) -> None:
    for step in explain(adjudicate(bill, rule, {}, DAY)).steps:
        for language in ("zh", "en"):
            assert not step.taken or yuan_text(step.taken) in step.text(language)
        assert step.zh.endswith("。")
        assert step.en.endswith(".")


@given(rules())
def test_every_parameter_names_where_it_comes_from(rule: BenefitRule) -> None:
    steps = explain(adjudicate(whole_split(100_000), rule, {}, DAY)).steps
    told = [step.origin for step in steps if step.origin is not None]
    assert {str(origin) for origin in told} == {str(origin) for origin in rule.origins}


def test_an_explanation_that_does_not_add_up_says_so() -> None:
    told = explain(adjudicate(whole_split(100_000), a_rule(), {}, DAY))
    assert told.adds_up()
    assert not Explanation(told.decision, told.steps[:-3]).adds_up()
    crooked = Step("x", 1, told.decision.fund, "", "")
    assert not Explanation(told.decision, (*told.steps, crooked)).adds_up()


@pytest.mark.parametrize("first", [True, False])
def test_the_steps_stand_in_the_order_in_which_they_were_taken(first: bool) -> None:
    rule = a_rule(deductible=30_000, mode="upfront", ppm=200_000, upfront_first=first)
    steps = {step.kind: step for step in explain(adjudicate(whole_split(100_000), rule, {}, DAY)).steps}
    kinds = [kind for kind in steps if kind in ("away", "deductible")]
    assert kinds == (["away", "deductible"] if first else ["deductible", "away"])
    assert [steps[kind].left for kind in kinds] == ([80_000, 50_000] if first else [70_000, 56_000])


def _chronic() -> Decision:
    """A retired person's hypertension drugs: class A, B, C, one over its limit, one of another disease."""
    hypertension = frozenset({"hypertension"})
    rows = [
        split_line(a_line(4 * ONE_BOX, 24_010_000), an_entry(chronic_groups=hypertension), "hypertension"),
        split_line(a_line(ONE_BOX, 65_500_000), an_entry(CatalogueClass.B, 100_000), "hypertension"),
        split_line(a_line(ONE_BOX, 30_000_000), an_entry(price_limit_micro=20_000_000), "hypertension"),
        split_line(a_line(ONE_BOX, 4_500_000), an_entry(CatalogueClass.C, 1_000_000), "hypertension"),
        split_line(
            a_line(ONE_BOX, 18_000_000), an_entry(chronic_groups=frozenset({"diabetes"})), "hypertension"
        ),
    ]
    scope = "chronic-disease:M03900"
    rule = a_rule(
        share_ppm=850_000,
        standing=Standing.RETIRED,
        benefit=Benefit.CHRONIC_DISEASE,
        ceilings=[a_ceiling(1_000_000, certain_to=400_000, scope=scope)],
    )
    return adjudicate(split_bill(rows), rule, {Counter(scope, "fund", "2025"): 120_000}, DAY)


def _ceiling_reached() -> Decision:
    rule = a_rule(
        deductible=30_000, share_ppm=600_000, standing=Standing.RETIRED, ceilings=[a_ceiling(300_000)]
    )
    used = {Counter(GENERAL, "deductible", "2025"): 20_000, Counter(GENERAL, "fund", "2025"): 280_000}
    return adjudicate(whole_split(100_000, excluded=5_000), rule, used, DAY, account_balance=12_345)


def _unfiled(*, upfront_first: bool) -> Decision:
    rule = a_rule(
        deductible=30_000,
        share_ppm=600_000,
        mode="upfront",
        ppm=200_000,
        upfront_first=upfront_first,
        situation=Situation.UNFILED,
        ceilings=[a_ceiling(None)],
    )
    return adjudicate(whole_split(100_000), rule, {}, DAY)


def _points() -> Decision:
    rule = a_rule(
        deductible=4_000,
        deductible_per="visit",
        share_ppm=650_000,
        mode="points",
        ppm=100_000,
        situation=Situation.REFERRAL,
        ceilings=[a_ceiling(20_000, per="visit", on="cost"), a_ceiling(9_000, per="month")],
    )
    return adjudicate(whole_split(30_000, over_limit=1_000), rule, {}, DAY)


def _factor() -> Decision:
    rule = a_rule(share_ppm=750_000, mode="factor", ppm=800_000, situation=Situation.OTHER_TEMPORARY)
    return adjudicate(whole_split(140_000), rule, {}, DAY)


CASES: dict[str, Callable[[], Decision]] = {
    "chronic": _chronic,
    "ceiling-reached": _ceiling_reached,
    "unfiled-upfront-first": lambda: _unfiled(upfront_first=True),
    "unfiled-deductible-first": lambda: _unfiled(upfront_first=False),
    "points-and-limits": _points,
    "factor": _factor,
}


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", CASES)
def test_the_words(name: str, language: str, golden: Callable[[Path, str], None]) -> None:
    decision = CASES[name]()
    golden(GOLDEN / f"{name}.{language}.txt", _written(explain(decision), language))


def _written(told: Explanation, language: str) -> str:
    notes = [line_note(row, language) for row in told.decision.split.lines]
    lines = [f"# {number} {note}" for number, note in enumerate(notes, start=1) if note]
    for step in told.steps:
        lines.append(
            f"{step.kind:10} {yuan_text(step.taken):>8} {yuan_text(step.left):>8}  {step.text(language)}"
        )
        source = origin_text(step.origin, {"360100": "南昌市"}.__getitem__, language)
        if source:
            lines.append(f"{'':29} {source}")
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "zh",
            "《某市医保办法》第一条（B 级；JX-101、JX-102）；南昌市规则，口径 law，起始日不详，来源显示 2025-03-20 有效",
        ),
        (
            "en",
            "某市医保办法, 第一条 (grade B; JX-101, JX-102); layer 南昌市; reading law; "
            "start unknown, seen in force 2025-03-20",
        ),
    ],
)
def test_an_origin_in_one_line(language: str, text: str) -> None:
    origin = an_origin(grade="B", facts=("JX-101", "JX-102"), since="unknown", seen="2025-03-20")
    assert origin_text(origin, lambda _: "南昌市", language) == text


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("zh", "起始日不详，来源无日期，核对日 2026-11-21 所见"),
        ("en", "start unknown, undated, seen when checked 2026-11-21"),
    ],
)
def test_a_source_without_a_date_was_seen_when_it_was_checked(language: str, text: str) -> None:
    origin = an_origin(since="unknown", seen="2026-11-21", undated=True)
    assert origin_text(origin, str, language).endswith(text)


@pytest.mark.parametrize("situation", list(Situation))
def test_what_is_noted_about_a_share_is_told_to_all_but_long_term_filers(situation: Situation) -> None:
    share = Share(800_000, an_origin(note="只就长期居住写明。"))
    told = explain(
        adjudicate(whole_split(100_000), replace(a_rule(situation=situation), share=share), {}, DAY)
    )
    step = next(step for step in told.steps if step.kind == "share")
    long_term = {Situation.LONG_TERM_RESIDENT, Situation.RESETTLED_RETIREE, Situation.POSTED_WORKER}
    assert ("注：只就长期居住写明。" in step.zh) == (situation not in long_term)
    assert ("“只就长期居住写明”" in step.en) == (situation not in long_term)


@pytest.mark.parametrize(
    ("amount", "certain_to", "shown"), [(40_000, None, True), (80_000, None, False), (90_000, 80_000, True)]
)
def test_what_is_noted_about_a_ceiling_is_told_where_it_matters(
    amount: int, certain_to: int | None, shown: bool
) -> None:
    ceiling = a_ceiling(amount, certain_to=certain_to, origin=an_origin(note="另有大病保险"))
    told = explain(adjudicate(whole_split(100_000), a_rule(ceilings=[ceiling]), {}, DAY))
    step = next(step for step in told.steps if step.kind == "ceiling")
    assert step.zh.endswith("注：另有大病保险。") == shown


def test_what_lies_above_a_ceiling_on_cost_names_the_one_that_cut() -> None:
    loose, tight = (
        a_ceiling(fen, on="cost", origin=an_origin(name)) for fen, name in ((90_000, "l"), (50_000, "t"))
    )
    told = explain(adjudicate(whole_split(100_000), a_rule(ceilings=[loose, tight]), {}, DAY))
    step = next(step for step in told.steps if step.kind == "over_cost")
    assert (step.taken, step.origin) == (50_000, tight.origin)


def test_no_origin_is_no_line() -> None:
    assert origin_text(None, str) == ""
    assert "no fact id" in origin_text(an_origin(facts=()), str, "en")
    assert "级）" in origin_text(an_origin(facts=()), str)
