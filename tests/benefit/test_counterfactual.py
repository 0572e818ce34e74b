"""Why not more, and what would change it: every answer is the bill paid again."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.benefit.factories import (
    DAY,
    DAYS,
    FEN,
    a_ceiling,
    a_deductible,
    a_layer,
    a_rule,
    a_share,
    an_origin,
    bills,
    rules,
    some_fees,
)
from tests.policy.factories import book_of, pack
from yidi.benefit.adjudicate import Counter, Decision, adjudicate
from yidi.benefit.counterfactual import Case, Counterfactual, changes, why_not_more
from yidi.benefit.counters import counters_of_year
from yidi.benefit.errors import CeilingNotKnown
from yidi.benefit.explain import UNVERIFIED, explain
from yidi.benefit.split import Split, whole_split
from yidi.policy.book import RuleBook
from yidi.policy.errors import MissingParameter
from yidi.policy.rules import BenefitRule, Question, UpfrontAtHome
from yidi.values.money import yuan_text
from yidi.values.terms import Benefit, FeeCategory, Fund, Level, Scheme, Situation, Standing, Trait


@given(rules(), bills(), DAYS, FEN, FEN)
def test_every_reason_is_the_bill_paid_again_without_it(
    rule: BenefitRule, bill: Split, day: date, deducted: int, paid: int
) -> None:
    used = counters_of_year(rule, day, deducted, paid)
    told = adjudicate(bill, rule, used, day, fees=some_fees(rule, bill.in_scope))
    reasons = why_not_more(told)
    differences = [reason.difference or 0 for reason in reasons]
    assert differences == sorted(differences, reverse=True)
    for reason in reasons:
        assert isinstance(reason.outcome, Decision)
        assert reason.difference == reason.outcome.funds - told.funds > 0
        assert reason.outcome.split.total == bill.total
        for language in ("zh", "en"):
            assert yuan_text(reason.difference) in reason.text(language)
    assert why_not_more(told) == reasons


def found(
    rule: BenefitRule, bill: Split, used: Mapping[Counter, int] | None = None, **more: object
) -> dict[str, int | None]:
    told = adjudicate(bill, rule, used or {}, DAY, **more)  # type: ignore[arg-type]
    return {reason.kind: reason.difference for reason in why_not_more(told)}


def test_each_element_is_lifted_by_itself() -> None:
    rule = a_rule(
        deductible=30_000,
        share_ppm=800_000,
        mode="upfront",
        ppm=100_000,
        upfront=UpfrontAtHome(100_000, an_origin()),
    )
    bill = whole_split(130_000, excluded=10_000, over_limit=15_000, upfront=5_000)
    assert found(rule, bill) == {
        "deductible": 24_000,
        "share": 10_200,
        "over_limit": 9_720,
        "upfront_at_home": 7_200,
        "away": 7_200,
        "excluded": 6_480,
        "upfront": 3_240,
    }


def test_what_took_nothing_is_no_reason() -> None:
    assert found(a_rule(share_ppm=1_000_000, ceilings=[a_ceiling(None)]), whole_split(100_000)) == {}
    used = {Counter("general-outpatient", "deductible", "2025"): 30_000}
    assert found(a_rule(deductible=30_000), whole_split(100_000), used) == {"share": 40_000}


def test_a_share_behind_a_full_ceiling_is_no_reason() -> None:
    used = {Counter("general-outpatient", "fund", "2025"): 280_000}
    assert found(a_rule(ceilings=[a_ceiling(300_000)]), whole_split(100_000), used) == {"ceiling": 40_000}


def test_of_two_ceilings_the_tighter_is_the_reason_and_of_equal_ones_both_together() -> None:
    loose, tight = a_ceiling(50_000), a_ceiling(20_000, scope="inpatient")
    assert found(a_rule(ceilings=[loose, tight]), whole_split(100_000)) == {"ceiling": 30_000}
    told = adjudicate(whole_split(100_000), a_rule(ceilings=[tight, tight]), {}, DAY)
    (reason,) = why_not_more(told)
    assert (reason.kind, reason.difference) == ("ceilings", 40_000)
    assert reason.zh == "2 条封顶线之上共 400.00 元；假如都没有，基金会多支付 400.00 元。"


def test_a_ceiling_on_some_fees() -> None:
    limit = a_ceiling(1_000, per="visit", on="cost", category=FeeCategory.DRUGS)
    fees = {FeeCategory.DRUGS: 3_000}
    assert found(a_rule(ceilings=[limit]), whole_split(8_000), fees=fees)["ceiling"] == 1_200


def test_the_elements_of_a_layer_stand_under_its_name() -> None:
    layer = a_layer(
        Fund.SERIOUS_ILLNESS,
        deductible=a_deductible(10_000, per="year"),
        share=a_share((None, 500_000)),
        ceilings=(a_ceiling(5_000, scope="serious-illness"),),
    )
    told = adjudicate(whole_split(100_000), a_rule(layers=(layer,)), {}, DAY)
    assert told.funds == 65_000
    reasons = {reason.zh: reason.difference for reason in why_not_more(told)}
    assert reasons == {
        "个人按比例负担 400.00 元；假如报销 100%，基金会多支付 350.00 元。": 35_000,
        "大病保险：年度封顶线（按基金支付）50.00 元；假如没有这条封顶线，基金会多支付 100.00 元。": 10_000,
    }


def test_a_layer_that_pays_better_beyond_the_ceiling_makes_it_no_reason() -> None:
    layer = a_layer(Fund.LARGE_SUM, "beyond-ceiling", share=a_share((None, 900_000)))
    rule = a_rule(ceilings=[a_ceiling(30_000)], layers=(layer,))
    assert set(found(rule, whole_split(100_000))) == {"share"}


def test_a_run_that_is_refused_is_told_last_with_its_reason() -> None:
    ceiling = a_ceiling(1_000_000, certain_to=60_000)
    told = adjudicate(whole_split(100_000), a_rule(deductible=30_000, ceilings=[ceiling]), {}, DAY)
    *_, reason = why_not_more(told)
    assert (reason.kind, reason.difference) == ("share", None)
    assert isinstance(reason.outcome, CeilingNotKnown)
    assert reason.zh.startswith("个人按比例负担 280.00 元；假如报销 100%，结果不能计算：本次支付后")
    assert reason.en.startswith(
        "The person's share is 280.00 yuan; at 100% the result cannot be computed: After"
    )


def test_reasons_from_unverified_rules_say_so() -> None:
    rule = a_rule(deductible=30_000, share=a_share((None, 600_000), origin=an_origin(grade="C")))
    told = adjudicate(whole_split(100_000), rule, {}, DAY)
    for mark, language in zip(UNVERIFIED, ("zh", "en"), strict=True):
        assert all(reason.text(language).startswith(mark) for reason in why_not_more(told))


RULE = """\
deductible: {yuan: 300, per: year}
share: {primary: 70%, tertiary: 60%}
ceiling: {yuan: 2000, per: year, on: fund}"""
CONTESTED = f"contests: [E-99]\n{RULE}"
FILING = """\
adjustment: {long-term: {mode: none}, temporary: {mode: points, ratio: 10%}, unfiled: {mode: points, ratio: 20%}}"""
GENEROUS = "reading: generous\nadopted: false\nshare: {tertiary: 80%}"
RUMOUR = """\
reading: rumour
adopted: false
source: {id: NEWS, clause: "1", grade: C, checked: 2026-01-01}
share: {tertiary: 50%}"""
VAGUE = "reading: vague\nadopted: false\nceiling: {between: [100, 900], per: year, on: fund}"
LAYER = """\
reading: news
adopted: false
layer: {base: person, over: [general-outpatient]}
deductible: {yuan: 100, per: year}
share: 50%
ceiling: none"""
ASKED = Question(
    "360100", Scheme.EMPLOYEE, Standing.ACTIVE, Benefit.GENERAL_OUTPATIENT, Level.TERTIARY, Situation.UNFILED,
    DAY,
)  # fmt: skip
BILL = whole_split(100_000)


def a_book(folder: Path, *rules: str, **packs: str) -> RuleBook:
    return book_of(folder, city=pack(*rules), filing=pack(FILING, benefit="filing"), **packs)


def asked(
    book: RuleBook, used: int = 0, **changes: object
) -> tuple[Decision, dict[str, list[Counterfactual]]]:
    """The decision of a case, and what would change it, by kind."""

    def used_by(rule: BenefitRule, on: date) -> Mapping[Counter, int]:
        return counters_of_year(rule, on, deductible=used)

    question = replace(ASKED, **changes)  # type: ignore[arg-type]
    case = Case(book, question, BILL, used_by)
    decision = case.pay(case.rule())
    by_kind: dict[str, list[Counterfactual]] = {}
    for change in changes_of(case, decision):
        by_kind.setdefault(change.kind, []).append(change)
    return decision, by_kind


def changes_of(case: Case, decision: Decision) -> tuple[Counterfactual, ...]:
    told = changes(case, decision)
    assert [(change.zh, change.en) for change in changes(case, decision)] == [
        (change.zh, change.en) for change in told
    ]
    for change in told:
        if isinstance(change.outcome, Decision):
            assert change.difference == change.outcome.funds - decision.funds != 0
        else:
            assert change.difference is None
            assert change.outcome.message in change.zh
            assert change.outcome.english in change.en
    return told


def test_filed_in_time(tmp_path: Path) -> None:
    decision, told = asked(a_book(tmp_path, RULE))
    assert decision.fund == 28_000
    assert [(change.difference, change.zh, change.en) for change in told["situation"]] == [
        (
            14_000,
            "如果在结算前办好备案（异地安置退休、异地长期居住、常驻异地工作）：基金支付 420.00 元，多 140.00 元。",
            "If filed before settling (resettled retiree, long-term resident or posted worker): "
            "the funds pay 420.00 yuan, 140.00 more.",
        ),
        (
            7_000,
            "如果在结算前办好备案（异地转诊就医、其他临时外出就医）：基金支付 350.00 元，多 70.00 元。",
            "If filed before settling (referral or other temporary stay): the funds pay 350.00 yuan, 70.00 more.",
        ),
    ]
    assert told["situation"][1].changed == ("referral", "other-temporary")


def test_filed_otherwise(tmp_path: Path) -> None:
    _, told = asked(a_book(tmp_path, RULE), situation=Situation.REFERRAL)
    assert [(change.difference, change.changed) for change in told["situation"]] == [
        (7_000, ("resettled-retiree", "long-term-resident", "posted-worker")),
        (-7_000, ("unfiled",)),
    ]
    assert told["situation"][1].zh == "如果改为未备案：基金支付 280.00 元，少 70.00 元。"


@pytest.mark.parametrize("situation", [Situation.LOCAL, Situation.EXEMPT])
def test_where_no_filing_is_needed_none_would_change_anything(situation: Situation, tmp_path: Path) -> None:
    _, told = asked(a_book(tmp_path, RULE), situation=situation)
    assert "situation" not in told


def test_at_another_level_of_provider(tmp_path: Path) -> None:
    """What comes to the same stands together; what has no rule is refused, and says what is missing."""
    _, told = asked(a_book(tmp_path, RULE), situation=Situation.LOCAL)
    better, missing = told["level"]
    assert better.changed == ("village", "township", "primary")
    assert better.zh == "如果在村卫生室、乡镇卫生院、一级及以下机构就医：基金支付 490.00 元，多 70.00 元。"
    assert better.en.startswith(
        "At a village clinic, township health centre or primary provider: the funds pay 490.00"
    )
    assert (missing.changed, missing.difference) == (("secondary", "pharmacy"), None)
    assert isinstance(missing.outcome, MissingParameter)
    assert missing.zh.startswith("如果在二级机构、定点药店就医：不能计算。规则库没有收录")


def test_in_the_next_benefit_year_every_counter_is_empty(tmp_path: Path) -> None:
    _, told = asked(a_book(tmp_path, RULE), used=30_000, situation=Situation.LOCAL)
    (change,) = told["year"]
    assert (change.difference, change.changed) == (-18_000, ("2026-01-01",))
    _, told = asked(a_book(tmp_path, RULE), situation=Situation.LOCAL)
    assert "year" not in told, "with empty counters the next year is like this one"


def test_a_rule_that_ends_with_the_year_is_refused_for_the_next(tmp_path: Path) -> None:
    ending = f"in_force: {{from: 2024-01-01, until: 2025-12-31}}\n{RULE}"
    _, told = asked(a_book(tmp_path, ending), situation=Situation.LOCAL)
    (change,) = told["year"]
    assert isinstance(change.outcome, MissingParameter)


def test_by_another_reading_of_a_contested_rule(tmp_path: Path) -> None:
    _, told = asked(a_book(tmp_path, CONTESTED, GENEROUS, RUMOUR, VAGUE), situation=Situation.LOCAL)
    assert [(change.changed, change.difference) for change in told["reading"]] == [
        (("generous",), 14_000),
        (("rumour",), -7_000),
        (("vague",), None),
    ]
    generous, rumour, vague = told["reading"]
    assert generous.zh == "如果按口径“generous”：基金支付 560.00 元，多 140.00 元。"
    assert (rumour.zh.startswith(UNVERIFIED[0]), rumour.en.startswith(UNVERIFIED[1])) == (True, True)
    assert isinstance(vague.outcome, CeilingNotKnown)


def test_an_uncontested_rule_has_no_other_readings_to_tell(tmp_path: Path) -> None:
    _, told = asked(a_book(tmp_path, RULE, GENEROUS), situation=Situation.LOCAL)
    assert "reading" not in told


def test_a_fund_that_only_another_reading_has_is_told_by_its_name(tmp_path: Path) -> None:
    layer = pack(LAYER, benefit="serious-illness")
    decision, told = asked(a_book(tmp_path, RULE, layer=layer), situation=Situation.LOCAL)
    assert decision.layers == ()
    (change,) = told["reading"]
    assert change.zh == "如果按口径“news”（另有大病保险）：基金支付 660.00 元，多 240.00 元。"
    assert (
        change.en
        == "By the reading “news” (with serious-illness insurance): the funds pay 660.00 yuan, 240.00 more."
    )


def test_what_nobody_knows_of_the_person(tmp_path: Path) -> None:
    share = "share: {tertiary: 60%, where: [{trait: hardship, plus: 10%}, {trait: student, minus: 5%}]}"
    rule = RULE.replace("share: {primary: 70%, tertiary: 60%}", share)
    layer = pack(
        LAYER.replace("adopted: false", "adopted: true").replace(
            "layer: {", "layer: {trait: civil-servant, "
        ),
        benefit="civil-servant",
    )
    decision, told = asked(
        a_book(tmp_path, rule, layer=layer), situation=Situation.LOCAL, unknown_traits=frozenset(Trait)
    )
    assert decision.funds == 42_000
    assert [(change.changed, change.difference) for change in told["trait"]] == [
        (("civil-servant",), 24_000),
        (("hardship",), 7_000),
        (("student",), -3_500),
    ]
    assert told["trait"][0].zh.startswith("如果属于“享受公务员医疗补助”（现在不详）：基金支付")
    (left_out,) = [step for step in explain(decision).steps if step.kind == "not_counted"]
    assert left_out.zh == "未计（是否享受公务员医疗补助不详）：公务员医疗补助。"
    known = replace(ASKED, situation=Situation.LOCAL, traits=frozenset({Trait.STUDENT}))
    case = Case(a_book(tmp_path, rule, layer=layer), known, BILL, lambda rule, on: {})
    assert case.rule().unknown_traits == frozenset()
    assert case.pay(case.rule()).funds == 38_500


@given(st.sampled_from(Situation), st.sampled_from(Level), st.integers(0, 400_000))
def test_the_largest_gain_comes_first(situation: Situation, level: Level, fen: int) -> None:
    """With the shipped rules: within each kind, and what is refused last."""
    from yidi.policy.book import book

    case = Case(book(), replace(ASKED, situation=situation, level=level), whole_split(fen), lambda *_: {})
    decision = case.outcome()
    if isinstance(decision, Decision):
        told = changes(case, decision)
        for kind in {change.kind for change in told}:
            ranks = [change.difference for change in told if change.kind == kind]
            known = [rank for rank in ranks if rank is not None]
            assert ranks == [*sorted(known, reverse=True), *[None] * (len(ranks) - len(known))]
