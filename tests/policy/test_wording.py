"""Rules said in sentences: every form has words, and the words hold its numbers."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.benefit.worked import pack_text
from tests.policy.factories import book_of, pack
from yidi.policy import yaml_lines
from yidi.policy.book import RuleBook, book
from yidi.policy.language import shapes
from yidi.policy.pack import kind_of_pack
from yidi.policy.wording import exceptions, sentences

SAID = [
    ("deductible: none", ["不设起付线。"]),
    ("deductible: {yuan: 300.5, per: year}", ["年度起付线：300.5 元（各级机构、各次就诊合并累计）。"]),
    ("deductible: {primary: {yuan: 200}, tertiary: {yuan: 800}, per: visit, top: 1000}",
     ["每次起付线：一级及以下 200 元，三级 800 元（各次分别计算）。", "各次起付线全年合计不超过 1000 元。"]),
    ("deductible: {yuan: 800, per: visit, repeat: {times: [50%, 0%]}}",
     ["每次起付线：800 元（各次分别计算）。", "年内再次住院的起付线：第 2 次为首次的 50%，第 3 次免，以后同第 3 次。"]),
    ("deductible: {yuan: 500, per: visit, repeat: {less: 100, floor: {yuan: 200}}}",
     ["每次起付线：500 元（各次分别计算）。", "年内再次住院，起付线每次减 100 元，最低 200 元。"]),
    ("deductible: {yuan: 500, per: visit, repeat: {amounts: [{yuan: 250}]}}",
     ["每次起付线：500 元（各次分别计算）。", "年内再次住院的起付线：第 2 次为 250 元，以后同第 2 次。"]),
    ("deductible: {yuan: 500, per: visit, where: [{age_from: 70, stay_from: 4, to: 0}, {age_to: 6, less: 100}, {level: primary, times: 50%}]}",
     ["每次起付线：500 元（各次分别计算）。", "满 70 岁、年内第 4 次住院起：免起付线。", "不超过 6 岁：起付线减 100 元。",
      "一级及以下：起付线按 50%。"]),
    ("share: 60%", ["报销比例 60%，各类人员、各级机构相同。"]),
    ("share: {active: {primary: 65%}, retired: 70%}", ["报销比例：在职（一级及以下 65%），退休 70%。"]),
    ("share: {bands: [{to: 30000, share: 85%}, {to: 40000, share: {tertiary: 90%}}, {share: 95%}], per: year, position: after-deductible}",
     ["报销比例按年累计分段，段的上限不含起付线：不超过 30000 元 85%，30000–40000 元 三级 90%，40000 元以上 95%。"]),
    ("share: {as: two-diseases}", ["报销比例同居民“两病”门诊用药。"]),
    ("share: {primary: 60%, where: [{standing: retired, plus: 5%}, {trait: family-doctor, minus: 2.5%},"
     " {trait: student, to: 70%}, {standing: retired, person_times: 60%}]}",
     ["报销比例：一级及以下 60%。", "退休：加 5 个百分点。", "签约家庭医生：减 2.5 个百分点。", "大学生：比例 70%。", "退休：个人自付部分按 60% 计。"]),
    ("ceiling: none", ["不设封顶线。"]),
    ("ceiling: {between: [4000, 10000], per: quarter, on: cost}", ["季度封顶线（作用于政策范围内费用）：4000–10000 元（来源只给区间）。"]),
    ("ceiling: {yuan: 34000, part: 50%, per: year, on: fund, where: [{trait: hardship, to: none},"
     " {standing: retired, plus: 10}, {standing: active, times: 90%}, {level: primary, to: 5}]}",
     ["年度封顶线（作用于基金支付）：34000 元的 50%。", "困难群体：不设封顶线。", "退休：封顶线加 10 元。", "在职：封顶线按 90%。",
      "一级及以下：封顶线 5 元。"]),
    ("ceiling: {yuan: 100, per: year, on: fund, incentive: {yuan: 3, after_years: 4, unclaimed: 2, at_most: 20%}}",
     ["年度封顶线（作用于基金支付）：100 元。", "连续参保满 4 年后每多一年加 3 元，每个零报销年度加 2 元，合计不超过原限额的 20%。"]),
]  # fmt: skip


def said(text: str, folder: Path) -> list[str]:
    benefit = "inpatient" if "visit" in text else "general-outpatient"
    beside = {"referred": pack("share: 50%", benefit="two-diseases")} if "as: two-diseases" in text else {}
    loaded = book_of(folder, city=pack(text, benefit=benefit), **beside)
    (rule,) = loaded.packs["360100", "employee", benefit].pack.rules
    return sentences(rule)


@pytest.mark.parametrize(("text", "told"), SAID, ids=[text[:60] for text, _ in SAID])
def test_a_parameter_in_words(text: str, told: list[str], tmp_path: Path) -> None:
    assert said(text, tmp_path) == told


def test_a_list_known_in_part_says_so(tmp_path: Path) -> None:
    part = "classes: {I: {}}\ndiseases: {M03900: {class: I}}\nlist: part"
    (rule,) = rules(book_of(tmp_path, city=pack(part, benefit="chronic-disease")))
    assert sentences(rule) == [
        "I 类 1 种：高血压。",
        "来源只列出一部分病种；没有列入的是否纳入不作判断，须向参保地核实。",
    ]
    (rule,) = rules(
        book_of(tmp_path, city=pack(part.removesuffix("\nlist: part"), benefit="chronic-disease"))
    )
    assert sentences(rule) == ["I 类 1 种：高血压。"]


def test_the_papers_of_claims(tmp_path: Path) -> None:
    papers = "claim_materials: [id-card]\ninpatient_claim_materials: [[id-card, e-voucher], stay-fee-list]"
    (rule,) = rules(book_of(tmp_path, city=pack(papers, benefit="filing")))
    assert sentences(rule) == [
        "手工报销材料：有效身份证件。",
        "住院手工报销材料：有效身份证件 或 医保电子凭证；住院费用清单。",
    ]


def test_what_an_application_asks_for_and_how_long_it_takes(tmp_path: Path) -> None:
    asked = (
        "qualification: {fields: [hospital, phone], channels: [窗口, 小程序], open_to: settled-nationally, valid: 2,"
        " decide_within_days: 20, reviewers: 3}"
    )
    (rule,) = rules(book_of(tmp_path, city=pack(asked, benefit="chronic-disease")))
    assert sentences(rule) == [
        "认定有效期：2 年。",
        "申请时填写：享受待遇的医院、手机号。",
        "申请渠道：窗口、小程序。",
        "可以申请全国可跨省直接结算的病种，是否纳入由经办机构决定。",
        "20 个工作日内办结。",
        "须 3 名经办人一致同意。",
    ]
    terms = pack("decide_within_days: 2\nclaim_decide_within_days: 30", benefit="filing")
    (rule,) = rules(book_of(tmp_path, city=terms))
    assert sentences(rule) == ["备案 2 个工作日内办结。", "手工报销 30 个工作日内办结。"]


def test_what_the_nation_asks_each_year_is_the_least(tmp_path: Path) -> None:
    yearly = pack("yearly: {person: 400, state: 700.5}", scheme="resident", benefit="contribution")
    (rule,) = rules(book_of(tmp_path, city=yearly))
    assert sentences(rule, "CN") == ["每年由个人缴不低于 400 元。", "每年由财政补助缴不低于 700.5 元。"]
    assert (
        sentences(rule, "360100")
        == sentences(rule)
        == ["每年由个人缴 400 元。", "每年由财政补助缴 700.5 元。"]
    )


def rules(of: RuleBook) -> Iterator[Any]:
    return (rule for loaded in of.packs.values() for rule in loaded.pack.rules)


def test_every_shipped_rule_says_something() -> None:
    silent = [rule.id for rule in rules(book()) if not sentences(rule)]
    assert silent == []
    assert all(
        line.endswith("。") and "None" not in line for rule in rules(book()) for line in sentences(rule)
    )


WRITTEN = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?)%?(?=[,}\]\s])")
NO_NUMBERS = re.compile(r"#.*|[A-Z]\d{5}|\d{4}-\d\d-\d\d")


@pytest.mark.parametrize("shape", shapes(), ids=lambda shape: shape["id"])
def test_the_numbers_of_a_rule_are_in_its_words(shape: Any, tmp_path: Path) -> None:
    """Every amount and share that a rule of the language page writes stands in what is said of it."""
    path = tmp_path / "pack.yaml"
    for one in shape["packs"]:
        path.write_text(pack_text(one), encoding="utf-8")
        data = yaml_lines.read(path).data
        read = kind_of_pack(data).model_validate(data).rules
        for text, rule in zip(one["rules"], read, strict=True):
            numbers = set(WRITTEN.findall(NO_NUMBERS.sub("", text))) - {"0"}
            told = "".join(sentences(rule))
            assert {number for number in numbers if number not in told} == set()


def test_exceptions_stand_apart(tmp_path: Path) -> None:
    text = "share: {primary: 60%, where: [{standing: retired, plus: 5%}]}\nceiling: none"
    (rule,) = rules(book_of(tmp_path, city=pack(text)))
    assert list(exceptions(rule)) == ["退休：加 5 个百分点"]
