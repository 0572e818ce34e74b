"""The explanation of a decision: it adds up, it is the same every time, and it says these words."""

from dataclasses import replace

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
    a_line,
    a_rule,
    a_share,
    an_account,
    an_entry,
    an_origin,
    bills,
    rules,
    some_fees,
)
from yidi.benefit import Counter, Decision, Explanation, Step, adjudicate, explain
from yidi.benefit.adjudicate import Balances
from yidi.benefit.counters import counters_of_year
from yidi.benefit.explain import UNVERIFIED, line_note, origin_text, payings
from yidi.benefit.split import split_line, whole_split
from yidi.policy.rules import BenefitRule, Remark, UpfrontAtHome
from yidi.values.money import yuan_text
from yidi.values.terms import (
    AccountPart,
    Benefit,
    CatalogueClass,
    FeeCategory,
    Fund,
    Level,
    Situation,
    Standing,
)

ONE_BOX = 10_000
LANGUAGES = ("zh", "en")


@st.composite
def decisions(draw: st.DrawFn) -> Decision:
    """Any bill paid by any rule, in the middle of any year."""
    rule, bill, day = draw(rules()), draw(bills()), draw(DAYS)
    used = counters_of_year(rule, day, draw(FEN), draw(FEN), draw(FEN), draw(st.integers(0, 6)))
    for layer in rule.layers:
        for measure in ("deductible", "cost", "fund"):
            used[Counter(str(layer.fund), measure, str(day.year))] = draw(FEN)
    balances = Balances(draw(FEN), draw(FEN))
    return adjudicate(bill, rule, used, day, balances, some_fees(rule, bill.in_scope))


@given(decisions())
def test_the_steps_lead_from_the_total_to_what_the_funds_pay(decision: Decision) -> None:
    told = explain(decision)
    assert told.adds_up()
    assert told.steps[-1].left == decision.funds
    assert all(step.taken >= 0 or step.kind == "base" for step in told.steps)
    assert all(step.given == max(-step.taken, 0) for step in told.steps)


@given(decisions())
def test_the_same_decision_is_told_in_the_same_words(decision: Decision) -> None:
    kept = replace(decision, before=dict(decision.before), moves=dict(decision.moves))
    assert explain(decision) == explain(kept)
    assert decision == kept


@given(decisions())
def test_every_amount_that_was_taken_is_said(decision: Decision) -> None:
    for step in explain(decision).steps:
        for language in LANGUAGES:
            assert not step.taken or yuan_text(abs(step.taken)) in step.text(language)
        assert step.zh.endswith("。")
        assert step.en.endswith(".")
        assert "None" not in step.zh + step.en


@given(decisions())
def test_every_parameter_that_was_applied_names_where_it_comes_from(decision: Decision) -> None:
    told = {str(step.origin) for step in explain(decision).steps if step.origin is not None}
    rule = decision.rule
    applied = list(replace(rule, layers=()).origins)
    for paid in decision.layers:
        applied += paid.layer.origins if paid.base > paid.deductible else [paid.layer.origin]
    assert {str(origin) for origin in applied} <= told <= {str(origin) for origin in rule.origins}


@given(decisions())
def test_the_bands_hold_everything_that_the_share_applies_to(decision: Decision) -> None:
    """The steps of a share in bands name each band's amount; together they are what is eligible."""
    for fund in payings(decision):
        bands = list(fund.in_bands())
        assert sum(amount for *_, amount in bands) == fund.eligible
        exact = sum(amount * applied.ppm for _, _, applied, amount in bands)
        assert abs(exact - fund.gross * 1_000_000) <= 500_000 * len(decision.parts)


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


def said(decision: Decision, kind: str, fund: Fund = Fund.BASIC) -> tuple[str, ...]:
    """The sentences of a kind in both languages."""
    steps = [step for step in explain(decision).steps if (step.kind, step.fund) == (kind, fund)]
    return tuple(step.text(language) for step in steps for language in LANGUAGES)


def pay(rule: BenefitRule, fen: int = 100_000, **more: object) -> Decision:
    return adjudicate(whole_split(fen), rule, more.pop("used", {}), DAY, **more)  # type: ignore[arg-type]


def test_away_by_points_and_by_factor() -> None:
    points = a_rule(share_ppm=650_000, mode="points", ppm=100_000, situation=Situation.REFERRAL)
    assert said(pay(points), "away") == (
        "异地转诊备案：异地就医待遇调整，方式为“减百分点”，10 个百分点。",
        "Filed as referral: away-from-home adjustment, mode “points off”, 10 percentage points.",
    )
    assert said(pay(points), "share") == (
        "余下 1000.00 元按 65% 减 10 个百分点得 55% 报销（在职、三级机构），得 550.00 元，个人按比例负担 450.00 元。",
        "Of the remaining 1000.00 yuan 65% less 10 percentage points, 55%, is paid (active, tertiary provider): "
        "550.00 yuan; the person's share is 450.00 yuan.",
    )
    factor = a_rule(share_ppm=750_000, mode="factor", ppm=800_000, situation=Situation.OTHER_TEMPORARY)
    assert "按 75% 乘 80% 得 60% 报销" in said(pay(factor), "share")[0]


def test_what_the_home_pool_has_paid_upfront() -> None:
    rule = a_rule(upfront=UpfrontAtHome(100_000, an_origin()))
    assert said(pay(rule), "upfront_at_home") == (
        "按参保地规定，本项先行自付 10%，个人先付 100.00 元。",
        "By the home pool's rule 10% is paid upfront: the person first pays 100.00 yuan.",
    )


HALVED = a_deductible(80_000, 40_000, 40_000, 40_000)


@pytest.mark.parametrize(
    ("stays", "zh", "en"),
    [
        (
            0,
            "本年第 1 次住院，起付线 800.00 元，本次",
            "stay 1 of the year; its deductible is 800.00 yuan; 800.00",
        ),
        (
            1,
            "本年第 2 次住院，起付线 400.00 元（首次 800.00 元），本次",
            "stay 2 of the year; its deductible is 400.00 yuan (800.00 yuan for the first); 400.00",
        ),
    ],
)
def test_the_deductible_says_which_stay_of_the_year_it_is(stays: int, zh: str, en: str) -> None:
    rule = a_rule(benefit=Benefit.INPATIENT, deductible=HALVED)
    in_zh, in_en = said(pay(rule, used={Counter("inpatient", "stays", "2025"): stays}), "deductible")
    assert zh in in_zh
    assert en in in_en


def test_a_deductible_with_a_yearly_top_says_what_was_paid_before() -> None:
    rule = a_rule(deductible=a_deductible(20_000, top=30_000))
    assert said(
        pay(rule, used={Counter("general-outpatient", "deductible", "2025"): 20_000}), "deductible"
    ) == (
        "单次起付线 200.00 元，各次合计全年最多 300.00 元，此前已付 200.00 元，本次计入 100.00 元。",
        "The per-visit deductible is 200.00 yuan; a year's visits take 300.00 yuan at most, 200.00 yuan were paid before; "
        "100.00 yuan are taken now.",
    )


def test_what_differs_for_this_person_is_said_beside_the_value() -> None:
    remark = Remark("退休：加 5 个百分点", "retired: 5 percentage points more")
    rule = a_rule(
        deductible=a_deductible(
            0, remarks=(Remark("精神专科：免起付线", "psychiatric hospital: no deductible"),)
        ),
        share=a_share((None, 850_000), remarks=(remark,)),
        ceilings=[
            a_ceiling(None, remarks=(Remark("困难群体：不设封顶线", "in hardship: no ceiling"),)),
            a_ceiling(200_000, remarks=(Remark("封顶线加 500.00 元", "500.00 yuan more"),)),
            a_ceiling(None),
        ],
        standing=Standing.RETIRED,
        level=Level.VILLAGE,
    )
    told = pay(rule)
    assert said(told, "deductible") == (
        "不设起付线（精神专科：免起付线）。",
        "There is no deductible (psychiatric hospital: no deductible).",
    )
    assert "（退休、村卫生室；退休：加 5 个百分点）" in said(told, "share")[0]
    assert "(retired, village clinic; retired: 5 percentage points more)" in said(told, "share")[1]
    assert said(told, "ceiling") == (
        "不设封顶线（困难群体：不设封顶线）。",
        "There is no ceiling (in hardship: no ceiling).",
        "年度封顶线（按基金支付）2000.00 元（封顶线加 500.00 元），此前已用 0.00 元，还可支付 2000.00 元。",
        "The yearly ceiling on fund payments is 2000.00 yuan (500.00 yuan more); 0.00 yuan were used before, "
        "2000.00 yuan were left.",
        "来源写明不设封顶线。",
        "The source states that there is no ceiling.",
    )


def test_bands_of_the_year_say_what_was_counted_before() -> None:
    share = a_share((30_000, 500_000), (80_000, 600_000), (None, 700_000), per="year", with_deductible=True)
    rule = a_rule(deductible=10_000, share=share, mode="points", ppm=100_000)
    used = {
        Counter("general-outpatient", "deductible", "2025"): 10_000,
        Counter("general-outpatient", "cost", "2025"): 5_000,
    }
    assert said(pay(rule, used=used), "share") == (
        "余下 1000.00 元分段报销（在职、三级机构；按年累计分段，含起付线，此前累计 150.00 元）："
        "300.00 元以内的 150.00 元按 50% 减 10 个百分点得 40%，300.00 至 800.00 元的 500.00 元按 60% 减 10 个百分点得 50%，"
        "800.00 元以上的 350.00 元按 70% 减 10 个百分点得 60%，共得 520.00 元，个人按比例负担 480.00 元。",
        "The remaining 1000.00 yuan are paid in bands (active, tertiary provider; bands per year, the deductible counted in, "
        "150.00 yuan counted before): 150.00 yuan up to 300.00 at 50% less 10 percentage points, 40%; "
        "500.00 yuan from 300.00 to 800.00 at 60% less 10 percentage points, 50%; "
        "350.00 yuan above 800.00 at 70% less 10 percentage points, 60%: 520.00 yuan in all; "
        "the person's share is 480.00 yuan.",
    )


def test_a_layer_that_has_nothing_to_pay_on_is_told_in_one_line() -> None:
    rule = a_rule(ceilings=[a_ceiling(100_000)], layers=(a_layer(Fund.LARGE_SUM, "beyond-ceiling"),))
    steps = [step for step in explain(pay(rule)).steps if step.fund == Fund.LARGE_SUM]
    assert [(step.kind, step.taken) for step in steps] == [("base", 0)]
    assert steps[0].zh == "职工大额医疗费用补助：支付范围为基本医保封顶线以上的费用，本次没有，不支付。"
    assert (
        steps[0].en
        == "Large-sum fund: it pays on the cost beyond the basic fund's ceiling: there is none, and nothing is paid."
    )


def test_no_layer_on_record_is_no_word_about_layers() -> None:
    assert {step.fund for step in explain(pay(a_rule())).steps} == {Fund.BASIC}


@pytest.mark.parametrize("base", ["person", "person-and-upfront"])
def test_a_layer_gives_back_what_it_pays_on_and_takes_its_own_share(base: str) -> None:
    layer = a_layer(
        Fund.SERIOUS_ILLNESS,
        base,  # type: ignore[arg-type]
        deductible=a_deductible(10_000, per="year"),
        ceilings=(a_ceiling(5_000, scope="serious-illness"),),
    )
    told = pay(a_rule(mode="upfront", ppm=100_000, layers=(layer,)))
    on = 36_000 if base == "person" else 46_000
    gross = (on - 10_000) * 6 // 10
    steps = [(step.kind, step.taken) for step in explain(told).steps if step.fund == Fund.SERIOUS_ILLNESS]
    assert steps == [
        ("base", -on),
        ("deductible", 10_000),
        ("share", on - 10_000 - gross),
        ("ceiling", gross - 5_000),
        ("paid", 0),
    ]
    assert said(told, "paid", Fund.SERIOUS_ILLNESS)[0] == "大病保险：支付 50.00 元。"
    assert said(told, "result")[0].startswith(
        "各项基金共支付 590.00 元，其中基本医保统筹基金 540.00 元、大病保险 50.00 元；个人负担 410.00 元"
    )


def test_the_accounts_say_what_they_may_pay_and_what_they_paid() -> None:
    rule = a_rule(
        own_account=an_account(AccountPart.UPFRONT, AccountPart.IN_SCOPE),
        family_account=an_account(AccountPart.IN_SCOPE, whose="family"),
    )
    told = pay(rule, balances=Balances(10_000, 20_000))
    assert said(told, "account") == (
        "个人账户可支付先行自付、政策范围内个人负担，本次支付 100.00 元。",
        "The personal account may pay: upfront share, person's part in scope; 100.00 yuan are taken from it.",
    )
    assert said(told, "family_account")[0] == "家庭共济账户可支付政策范围内个人负担，本次支付 200.00 元。"
    assert said(told, "result") == (
        "统筹基金支付 600.00 元；个人负担 400.00 元，其中个人账户 100.00 元、家庭共济账户 200.00 元、现金 100.00 元。",
        "The fund pays 600.00 yuan; the person pays 400.00 yuan: 100.00 from the account, 200.00 from the family account, "
        "100.00 in cash.",
    )


def test_fees_that_are_limited_apart_are_told_apart() -> None:
    rule = a_rule(
        ceilings=[
            a_ceiling(1_000, per="visit", on="cost", category=FeeCategory.DRUGS),
            a_ceiling(2_000, per="visit", category=FeeCategory.TESTS_AND_SURGERY),
            a_ceiling(10_000, per="visit"),
        ]
    )
    fees = {FeeCategory.DRUGS: 3_000, FeeCategory.TESTS_AND_SURGERY: 10_000}
    told = pay(rule, 30_000, fees=fees)
    assert (
        said(told, "in_scope")[0] == "政策范围内费用 300.00 元，其中药费 30.00 元、检查与手术费 100.00 元。"
    )
    assert said(told, "over_cost")[0] == "药费超过费用限额的部分 20.00 元由个人负担。"
    cut = [step.taken for step in explain(told).steps if step.kind == "ceiling"]
    assert cut == [0, 4_000, 2_800]


@given(decisions())
def test_every_line_that_rests_on_something_unverified_begins_so(decision: Decision) -> None:
    rule = decision.rule
    doubtful = replace(decision, rule=replace(rule, share=replace(rule.share, origin=an_origin(grade="C"))))
    plain, marked = explain(decision).steps, explain(doubtful).steps
    for mark, language in zip(UNVERIFIED, LANGUAGES, strict=True):
        assert [mark + step.text(language) for step in plain] == [step.text(language) for step in marked]


def test_a_line_says_why_it_was_excluded() -> None:
    row = split_line(a_line(ONE_BOX, 4_500_000), an_entry(CatalogueClass.C, 1_000_000))
    assert line_note(row) == "丙类或目录外，全自费"
    assert line_note(row, "en") == "class C or not in the catalogue: paid in full by the person"
    assert line_note(split_line(a_line(ONE_BOX, 4_500_000), an_entry())) == ""


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
    share = a_share((None, 800_000), origin=an_origin(note="只就长期居住写明。"))
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
