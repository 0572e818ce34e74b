"""What the loader refuses though every form has its shape: what has no say, no sense, or no single answer."""

from pathlib import Path

import pytest

from tests.policy.factories import HEAD, RULE, faults_of, pack
from tests.policy.test_refused_packs import (
    ACCOUNTS,
    AWAY,
    COVER,
    EXAMPLE,
    FILING,
    LISTED,
    NATION,
    PAID_IN,
    STATED,
    STAY,
    Case,
    line_of,
)

BILL = HEAD + RULE + EXAMPLE
EXPECTED = "expect: {fund: 65}"
BILLS = BILL.replace("id: X", "id: Y") + EXAMPLE.removeprefix("examples:\n")
SHARED = pack(
    "deductible: none\nshare: {active: {primary: 60%, tertiary: 50%}, retired: 70%, where: [{standing: retired, plus: 5%}]}\n"
    "ceiling: none"
)
RESIDENTS = pack(
    "deductible: none\nshare: {minor: 60%, primary: 50%}\nceiling: none",
    scheme="resident",
    benefit="inpatient",
)
WAITING = pack(
    "waiting: {fixed: 3, per_lapsed_year: 1, less_per_extra_year: 1}", scheme="resident", benefit="cover"
)
ENROLMENT = pack("enrolment: {opens: '09-01', closes: '12-31'}", scheme="resident", benefit="cover")
PREFUND = pack(
    "prefund: {times: 2}\nalerts: {yellow: 70%, red: 90%}\ninquiry: {stay_above: 30000}",
    scheme="all",
    benefit="prefund",
)
YEARLY = pack("yearly: {person: 400, state: 700}", scheme="resident", benefit="contribution")
QUALIFYING = pack(
    "qualification: {evidence: [diagnosis], valid: 2, decide_within_days: 20, reviewers: 2,"
    " fields: [phone], channels: [窗口], open_to: settled-nationally}",
    benefit="chronic-disease",
)
DECIDING = pack("decide_within_days: 2\nclaim_decide_within_days: 30", benefit="filing")
CHANNELS = pack("channels: [窗口, 网上]", benefit="filing")
POOLS = pack("exempt: [{between: [360100, 360400]}, {between: same-province}]", benefit="filing")
BY_CLASS = pack(
    "classes: {I: {share: 60%}, II: {}}\ndiseases: {M00500: {class: I}, M03900: {class: II}}",
    "ceiling: none",
    benefit="chronic-disease",
)
CLASSES_ALONE = pack("classes: {I: {share: 50%}}", benefit="two-diseases")
REFERRING = LISTED.replace(
    "{as: inpatient}", "{as: inpatient, where: [{standing: retired, person_times: 50%}]}"
)
TWO_LISTS = pack(
    "classes: {I: {}, II: {}}\ndiseases: {M00500: {class: I}}",
    "classes: {I: {}, II: {}}\ndiseases: {M03900: {class: II}}",
    benefit="chronic-disease",
)
TWO_PARTS = TWO_LISTS.replace("    id: ", "    list: part\n    id: ")
A_YEAR = "yuan: 4000, per: year, on: fund, scope: disease"
A_MONTH = A_YEAR.replace("year", "month")
STACKED = pack(
    f"classes: {{III: {{ceiling: [{{{A_YEAR}}}, {{{A_YEAR}}}]}}, I: {{ceiling: {{{A_YEAR}}}}},"
    f" II: {{ceiling: [{{{A_YEAR}}}]}}}}\n"
    "diseases: {M00500: {class: I}, M03900: {class: II}}\n"
    "stacking: {how: sum}",
    benefit="chronic-disease",
)
TWO_FILINGS = pack(
    "adjustment: {long-term: {mode: none}, referral: {mode: none}}",
    "adjustment: {returning: {mode: none}}",
    benefit="filing",
)
TOPPED = pack(
    "deductible: {yuan: 500, per: visit, top: 1500}\nshare: 60%\nceiling: none", benefit="inpatient"
)

CASES = [
    # rules that say nothing, names that are none
    Case(
        "rule that says nothing",
        "own: {pays: [in-scope, upfront]}\n    family: {pays: [in-scope]}", "note: nothing yet", "什么也没有规定", "写明它规定的参数", pack=ACCOUNTS,
    ),
    Case(
        "class that says nothing",
        "ceiling: none\n    id: 360100-1", "classes: {I: {}}\n    id: 360100-1", "规则 360100-1 什么也没有规定", "删去这条规则", pack=BY_CLASS,
    ),
    Case("filing that says nothing", "channels: [窗口, 网上]", "kinds: {referral: {}}", "什么也没有规定", "写明它规定的参数", pack=CHANNELS),
    Case("no rules", FILING[FILING.index("rules:"):], "rules: []\n", "内容太少", "至少写一项", pack=FILING),
    Case("empty id", "id: one", "id: ''", "不能为空", "写一个词"),
    Case("blank id", "id: one", "id: ' '", "不能为空", "写一个词"),
    Case("blank reading", "reading: law", "reading: ' law'", "前后也不能有空格", "写一个词"),
    Case("blank clause", 'clause: "1"', 'clause: " "', "来源须写明条款", "按提示改正"),
    Case("year of the Romans", "{from: 2024-01-01}", "{from: 0024-01-01}", "年份不在 1900 至 2099 之间", "按提示改正"),
    Case("year that will not come", "{from: 2024-01-01}", "{from: 9999-01-01}", "年份不在 1900 至 2099 之间", "按提示改正"),
    # branches and exceptions without a say
    Case(
        "standing within another",
        "retired: 70%", "retired: {active: 70%, primary: 60%}", "分支“retired → active”永远用不到", "核对它上一层", pack=SHARED,
    ),
    Case(
        "level within another",
        "primary: 60%", "primary: {tertiary: 60%, village: 50%}", "分支“active → primary → tertiary”永远用不到", "删去它", pack=SHARED,
    ),
    Case("level beside all standings", "retired: 70%", "retired: 70%, secondary: 40%", "分支“secondary”永远用不到", "删去它", pack=SHARED),
    Case("amounts too", "{yuan: 2000, per", "{active: {retired: {yuan: 1}, primary: {yuan: 2}}, per", "分支“active → retired”", "删去它"),
    Case(
        "bands too",
        "{share: 90%}]", "{share: {secondary: {tertiary: 90%, secondary: 80%}}}]", "分支“secondary → tertiary”", "删去它", pack=STAY,
    ),
    Case(
        "floors too",
        "floor: {yuan: 200}", "floor: {active: {yuan: 200}, retired: {yuan: 200}, primary: {yuan: 100}}", "分支“primary”", "删去它", pack=STAY,
    ),
    Case(
        "standing of another scheme under a level",
        "primary: 50%", "primary: {retired: 60%, adult: 50%}", "没有“退休”（retired）这类人员", "minor、adult、senior", pack=RESIDENTS,
    ),
    Case("adult among employees", "standing: retired, plus", "standing: adult, plus", "没有“成年居民”（adult）", "active、retired", pack=SHARED),
    Case("ages upside down", "standing: retired, plus", "age_from: 70, age_to: 60, plus", "age_to 小于 age_from", "按提示改正", pack=SHARED),
    Case("age beyond life", "standing: retired, plus", "age_from: 900, plus", "数字太大", "改小", pack=SHARED),
    Case("age to beyond life", "standing: retired, plus", "age_to: 151, plus", "数字太大", "改小", pack=SHARED),
    Case("age below life", "standing: retired, plus", "age_to: -1, plus", "数字太小", "零或正数", pack=SHARED),
    Case("nothing more", "plus: 5%", "plus: 0%", "什么也不改变", "删去这条例外", pack=SHARED),
    Case("nothing less", "{stay_from: 4, to: 0}", "{stay_from: 4, less: 0}", "什么也不改变", "删去", pack=STAY),
    Case("times one", "{stay_from: 4, to: 0}", "{stay_from: 4, times: 100%}", "什么也不改变", "删去", pack=STAY),
    Case(
        "the same exception twice",
        "{stay_from: 4, to: 0}", "{stay_from: 4, to: 0}, {stay_from: 4, to: 0}", "where 的第 2 项写了两次", "只保留一处", pack=STAY,
    ),
    # what two rules say of one disease
    Case(
        "a class and the whole",
        "ceiling: none\n    id", "share: 50%\n    id", "病种 M00500 的 share：规则 360100-0（classes.I）与 360100-1 同时", "写在同一条规则里", pack=BY_CLASS,
    ),
    Case(
        "a class and a disease",
        "ceiling: none\n    id", "diseases: {M00500: {class: I, share: 50%}}\n    id", "（classes.I）与 360100-1 同时", "写在同一条", pack=BY_CLASS,
    ),
    Case(
        "a class that another rule lists",
        "classes: {I: {share: 60%}, II: {}}",
        "classes: {I: {share: 60%}, II: {ceiling: none}}",
        "病种 M03900 的 ceiling", "写在同一条", at="ceiling: none", pack=BY_CLASS,
    ),
    Case(
        "a whole list and a part",
        "id: 360100-1", "list: part\n    id: 360100-1", "（list: whole）与 360100-1（list: part）对病种目录是否完整说法不一", "两条都写 list: part",
        pack=TWO_LISTS,
    ),
    Case(
        "a part and a whole list",
        "list: part\n    id: 360100-1", "id: 360100-1", "（list: part）与 360100-1（list: whole）", "两条都写 list: part", at="M03900",
        pack=TWO_PARTS,
    ),
    # ceilings that are stacked
    Case(
        "a month's and a year's", "yuan: 4000, per: year", "yuan: 4000, per: month",
        "规则 360100-0 要叠加的单病种限额写法不一，不能相加：恶性肿瘤门诊治疗（M00500）为年度基金支付，高血压（M03900）为月度基金支付",
        "统一期限（per）与对象（on）", pack=STACKED,
    ),
    Case("payments and cost", "yuan: 4000, per: year, on: fund", "yuan: 4000, per: year, on: cost", "为年度政策范围内费用", "统一期限", pack=STACKED),
    Case(
        "one kind twice", "[{yuan: 4000, per: year, on: fund, scope: disease}]",
        "[{yuan: 4000, per: year, on: fund, scope: disease}, {yuan: 9, per: year, on: fund, scope: disease}]",
        "高血压（M03900）有两条年度基金支付的单病种限额，规则 360100-0 要叠加", "只写一条", pack=STACKED,
    ),
    Case(
        "one disease alone, one kind twice", "{M00500: {class: I}, M03900: {class: II}}", "{M03900: {class: III}}",
        "有两条年度基金支付的单病种限额", "只写一条", at="III: {", pack=STACKED,
    ),
    Case("one more kind", "class: II}", f"class: II, ceiling: [{{{A_YEAR}}}, {{{A_MONTH}}}]}}", "为年度基金支付、月度基金支付", "统一", pack=STACKED),
    # deductibles
    Case("floor above the first", "floor: {yuan: 200}", "floor: {yuan: 600}", "最低额 600.00 元高于首次起付线 500.00 元", "核对两个金额", pack=STAY),
    Case(
        "floor of one level above the first",
        "floor: {yuan: 200}", "floor: {active: {yuan: 200}, retired: {yuan: 500.01}}", "最低额 500.01 元高于首次", "核对", pack=STAY,
    ),
    Case("no less each time", "less: 100", "less: 0", "less 为 0", "写明每次减多少", pack=STAY),
    Case("floor for some", "floor: {yuan: 200}", "floor: {active: {yuan: 200}}", "最低额缺少退休", "补上", pack=STAY),
    Case("top below one visit", "top: 1500", "top: 499.99", "低于单次起付线 500.00 元", "核对两个金额", pack=TOPPED),
    # shares by reference, exact products
    Case("reference to nothing", "as: inpatient", "as: general-outpatient", "没有规则写明普通门诊统筹的比例", "写明比例", pack=LISTED, beside=STAY),
    Case(
        "reference to classes alone",
        "share: {as: inpatient}", "share: {as: two-diseases}", "没有规则写明居民“两病”门诊用药的比例", "写明比例", pack=LISTED, beside=(STAY, CLASSES_ALONE),
    ),
    Case(
        "inexact exception on a reference",
        "person_times: 50%", "person_times: 33.3333%", "比例 85% 的个人部分乘 33.3333% 不能精确", "核对系数", pack=REFERRING, beside=STAY,
    ),
    Case("inexact exception", "person_times: 60%", "person_times: 33.3333%", "不能精确到百万分之一", "核对系数", pack=STAY),
    Case(
        "factor on a reference with an exception",
        "ratio: 50%", "ratio: 33.3333%", "不能精确到百万分之一", "核对系数", pack=AWAY, beside=(LISTED, STAY),
    ),
    # care elsewhere
    Case("adjustment at home", "temporary: {", "local: {", "“参保地就医”（local）不降低待遇", "删去它", pack=AWAY),
    Case("adjustment of the exempt", "temporary: {", "exempt: {", "“免备案”（exempt）不降低待遇", "删去它", pack=AWAY),
    Case("factor of one", "ratio: 50%", "ratio: 100%", "系数 100% 什么也不改变", "mode: none", pack=AWAY),
    Case("limit at home", "reduction_limits: {referral", "reduction_limits: {local", "不能写 reduction_limits", "删去它", pack=NATION),
    Case(
        "limit of a city",
        "adjustment: {temporary: {mode: factor, ratio: 50%}}", "reduction_limits: {referral: 10%}", "只由全国层（CN）规定", "移到全国层", pack=AWAY,
    ),
    Case("list of a city", "ceiling: none", "settled_nationally: [M03900]", "只由全国层（CN）规定", "移到全国层", pack=BY_CLASS),
    Case(
        "a kind of filing and its class",
        "adjustment: {returning: {mode: none}}", "adjustment: {resettled-retiree: {mode: none}}",
        "“异地安置退休备案”的待遇调整：规则 360100-0（long-term）与 360100-1（resettled-retiree）同时作了规定", "备案种类先于类别", pack=TWO_FILINGS,
    ),
    Case(
        "a class and kinds of filing",
        "adjustment: {returning: {mode: none}}", "adjustment: {temporary: {mode: none}}",
        "“异地转诊备案”的待遇调整：规则 360100-0（referral）与 360100-1（temporary）", "写在同一条规则里", pack=TWO_FILINGS,
    ),
    Case("exempt twice in one list", "{between: same-province}", "{between: [360400, 360100]}", "exempt 的第 2 项写了两次", "只保留一处", pack=POOLS),
    Case("pool exempt from itself", "[360100, 360400]", "[360100, 360100]", "between 的第 2 项写了两次", "只保留一处", pack=POOLS),
    Case("channel without a name", "[窗口, 网上]", "[窗口, '']", "办理渠道为空", "写渠道的名称", pack=CHANNELS),
    Case("channel of blanks", "[窗口, 网上]", "[窗口, '　 ']", "办理渠道为空", "写渠道的名称", pack=CHANNELS),
    Case("channel twice", "[窗口, 网上]", "[窗口, 窗口]", "channels 的第 2 项写了两次", "只保留一处", pack=CHANNELS),
    Case("paper twice", "[id-card]", "[id-card, id-card]", "materials 的第 2 项写了两次", "只保留一处", pack=FILING),
    Case("filing for a life", "valid: 6", "valid: 121", "应为不小于 1 个月", "核对来源", pack=FILING),
    # cover, contributions, prefunds
    Case("rate above all", "rate: 16%", "rate: 116%", "应在 0% 与 100% 之间", "按提示改正", pack=PAID_IN),
    Case("rates together above all", "rate: 16%", "rate: 96%", "养老保险的费率合计 104%", "核对费率", at="rates", pack=PAID_IN),
    Case("wage of nothing", "yearly_wage: 91180", "yearly_wage: 0", "大于 0 元", "核对来源", at="base", pack=PAID_IN),
    Case("base of a thousand wages", "top: 3", "top: 1000", "不大于 10 倍", "核对来源", at="base", pack=PAID_IN),
    Case("rates of residents", "scheme: employee", "scheme: resident", "居民医保的缴费不写 base", "核对 scheme", at="base", pack=PAID_IN),
    Case("employer of residents", "state: 700", "employer: 700", "居民缴费没有“单位”", "person、state", pack=YEARLY),
    Case("negative months", "fixed: 3", "fixed: -3", "数字太小", "零或正数", pack=WAITING),
    Case("waiting for a life", "fixed: 3", "fixed: 121", "数字太大", "改小", pack=WAITING),
    Case("waiting for a life for each year", "per_lapsed_year: 1,", "per_lapsed_year: 999,", "数字太大", "改小", pack=WAITING),
    Case("less of nothing", "per_lapsed_year: 1,", "per_lapsed_year: 0,", "无从减起", "per_lapsed_year", pack=WAITING),
    Case("thirtieth of February", "'12-31'", "'02-30'", "不是每年都有的月日", "按提示改正", pack=ENROLMENT),
    Case("leap day", "'12-31'", "'02-29'", "不是每年都有的月日", "按提示改正", pack=ENROLMENT),
    Case("month and day without zeros", "'12-31'", "'9-1'", "不是每年都有的月日", "按提示改正", pack=ENROLMENT),
    Case("enrolment of a day", "'12-31'", "'09-01'", "同一天", "核对 opens", pack=ENROLMENT),
    Case("newborn of three years", "365", "1096", "不大于 731 天", "核对来源", pack=COVER),
    Case("prefund of ten years", "times: 2", "times: 120", "不大于 12 倍", "核对来源", pack=PREFUND),
    Case("alert at nothing", "yellow: 70%", "yellow: 0%", "大于 0 %", "核对来源", pack=PREFUND),
    Case("inquiry above nothing", "stay_above: 30000", "stay_above: 0", "大于 0 元", "核对来源", pack=PREFUND),
    Case("alerts upside down", "red: 90%", "red: 60%", "黄色预警须低于红色", "按提示改正", pack=PREFUND),
    Case("qualified for a century", "valid: 2", "valid: 100", "不大于 50 年", "核对来源", pack=QUALIFYING),
    Case("decided in years", "decide_within_days: 20", "decide_within_days: 2000", "不大于 366 个工作日", "核对来源", pack=QUALIFYING),
    Case("nobody reviews", "reviewers: 2", "reviewers: 0", "数字太小", "正数", at="reviewers", pack=QUALIFYING),
    Case("a crowd reviews", "reviewers: 2", "reviewers: 10", "不大于 9 人", "核对来源", pack=QUALIFYING),
    Case("field twice", "[phone]", "[phone, phone]", "fields 的第 2 项写了两次", "只保留一处", pack=QUALIFYING),
    Case("field of nobody's", "[phone]", "[shoe-size]", "取值不在规定范围", "hospital、record-number、phone", at="fields", pack=QUALIFYING),
    Case("no fields", "[phone]", "[]", "内容太少", "至少写一项", at="fields", pack=QUALIFYING),
    Case("channel of blanks for a qualification", "[窗口]", "['　 ']", "办理渠道为空", "写渠道的名称", pack=QUALIFYING),
    Case("open to all", "open_to: settled-nationally", "open_to: everything", "取值不在规定范围", "settled-nationally", pack=QUALIFYING),
    Case("filing decided in years", "decide_within_days: 2", "decide_within_days: 2000", "不大于 366 个工作日", "核对来源", pack=DECIDING),
    Case("claim decided in years", "claim_decide_within_days: 30", "claim_decide_within_days: 3000", "不大于 366 个工作日", "核对来源", pack=DECIDING),
    Case("claim decided at once", "claim_decide_within_days: 30", "claim_decide_within_days: 0", "数字太小", "正数", pack=DECIDING),
    # worked bills
    Case("bill that expects nothing", EXPECTED, "expect: {}", "什么也不证明", "例如 fund", pack=BILL),
    Case("bill without a name", "id: X", "id: ''", "不能为空", "写一个词", pack=BILL),
    Case("negative use", EXPECTED, f"used: {{fund: -1}}, {EXPECTED}", "不能为负", "按提示改正", pack=BILL),
    Case("two bills of one name", "  - {id: X,", "  - {id: Y,", "算例编号 Y 重复", "唯一的编号", pack=BILLS),
    Case("half a stay", EXPECTED, f"used: {{stays: 1.5}}, {EXPECTED}", "不是整数", "0、1、2", pack=BILL),
    Case("bill of Methuselah", EXPECTED, f"age: 900, {EXPECTED}", "数字太大", "改小", pack=BILL),
    Case("bill of the unborn", EXPECTED, f"age: -1, {EXPECTED}", "数字太小", "零或正数", pack=BILL),
    Case("disease where there is none", EXPECTED, f"disease: M03900, {EXPECTED}", "不分病种，不写 disease", "删去", pack=BILL),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_value_that_cannot_be_is_told(case: Case, tmp_path: Path) -> None:
    assert case.pack.count(case.good) >= 1
    assert faults_of(tmp_path, city=case.pack, **case.others) == []
    bad = case.bad.join(case.pack.rsplit(case.good, 1))
    faults = faults_of(tmp_path, city=bad, **case.others)
    assert faults, "the fault was not found"
    assert {fault.details["file"].name for fault in faults} == {"city.yaml"}
    assert any(
        case.says in fault.details["what"]
        and case.remedy in fault.details["remedy"]
        and fault.details["line"] == line_of(bad, case.at or case.bad.strip().splitlines()[0])
        for fault in faults
    ), [str(fault) for fault in faults]


NOT_AT_FAULT = {
    "broader level within": ("share: {primary: {village: 60%, primary: 50%}, tertiary: 40%}", "employee"),
    "levels beside some standings": ("share: {minor: 60%, primary: 50%}", "resident"),
    "every standing under a level": ("share: {primary: {active: 60%, retired: 70%}}", "employee"),
    "equal floor": (
        "deductible: {yuan: 500, per: visit, repeat: {less: 100, floor: {yuan: 500}}}",
        "employee",
    ),
}


@pytest.mark.parametrize(("text", "scheme"), NOT_AT_FAULT.values(), ids=list(NOT_AT_FAULT))
def test_a_value_that_can_be_stands(text: str, scheme: str, tmp_path: Path) -> None:
    assert faults_of(tmp_path, city=pack(text, scheme=scheme, benefit="inpatient")) == []


def test_two_rules_of_one_class_may_follow_each_other(tmp_path: Path) -> None:
    """What cannot be in force on one day does not meet."""
    earlier = "in_force: {from: 2023-01-01, until: 2023-12-31}\nclasses: {I: {share: 60%}}\ndiseases: {M00500: {class: I}}"
    later = "share: 50%\ndiseases: {M00500: {class: I}}\nclasses: {I: {}}"
    assert faults_of(tmp_path, city=pack(earlier, later, benefit="chronic-disease")) == []
    together = earlier.replace("2023-12-31", "2024-01-01")
    assert faults_of(tmp_path, city=pack(together, later, benefit="chronic-disease"))


def test_what_holds_for_both_schemes_meets_what_holds_for_one(tmp_path: Path) -> None:
    both = pack(
        "classes: {I: {share: 60%}}\ndiseases: {M00500: {class: I}}", scheme="all", benefit="chronic-disease"
    )
    one = pack("reading: other\nshare: 50%", benefit="chronic-disease")
    faults = faults_of(tmp_path, both=both, one=one)
    assert len(faults) == 1
    assert "同时作了规定" in faults[0].message


def test_unadopted_readings_may_differ(tmp_path: Path) -> None:
    assert faults_of(tmp_path, city=STATED, other=pack("adopted: false\nreading: data\nshare: 50%")) == []
