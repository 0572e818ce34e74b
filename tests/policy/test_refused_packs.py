"""What the loader refuses: each fault with its file, its line and what to do, beside the spelling that is right."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.policy.factories import HEAD, RULE, faults_of, write
from yidi.policy.book import load
from yidi.policy.errors import PackProblem

SECOND = RULE.replace("id: one", "id: two")
DISEASES = """\
    note: ten
    classes: {I: {}}
    diseases: {M03900: {class: I}}
"""
CHRONIC = HEAD.replace("general-outpatient", "chronic-disease") + RULE + DISEASES
FILING = """\
pool: 360100
scheme: employee
benefit: filing
rules:
  - id: away
    reading: law
    adopted: true
    in_force: {from: 2024-01-01}
    source: {id: LAW, clause: "1", grade: A, checked: 2026-01-01}
    kinds:
      referral: {class: temporary, materials: [id-card], effect: instant, valid: 6}
    adjustment:
      long-term: {mode: none}
      referral: {mode: upfront, ratio: 10%, order: upfront-first}
    unfiled: {direct: false}
"""
EXAMPLE = """\
examples:
  - {id: X, on: 2025-06-02, standing: active, level: primary, situation: local, in_scope: 400, expect: {fund: 65}}
"""
UNTIL_2024 = "{from: 2024-01-01, until: 2024-12-31}"
VERSIONS = (
    HEAD + RULE.replace("{from: 2024-01-01}", UNTIL_2024) + SECOND.replace("2024-01-01}", "2025-01-01}")
)
OF_NEWS = "source: {id: NEWS, clause: x, grade: GRADE, checked: 2026-01-01}}"
"""A source of a component's own."""
NATION = FILING.replace("360100", "CN").replace("employee", "all") + "    reduction_limits: {referral: 10%}\n"
SECOND_OF_FILING = """\
  - id: other
    reading: hall
    adopted: true
    in_force: {from: 2024-01-01}
    source: {id: LAW, clause: "2", grade: A, checked: 2026-01-01}
    reduction_limits: {referral: 20%}
"""
EVERYTHING = (
    FILING + "    claim_materials: [id-card]\n    exempt: [{between: same-province}]\n    channels: [窗口]\n"
)
FILED_TWICE = EVERYTHING + SECOND_OF_FILING
UNADOPTED = SECOND.replace("adopted: true", "adopted: false").replace("reading: law", "reading: law2")
ONE_OTHER = HEAD + RULE + UNADOPTED
TWO_OTHERS = HEAD + RULE.replace("adopted: true", "adopted: false") + UNADOPTED
OF_LAW = 'source: {id: LAW, clause: "1", grade: A, checked: 2026-01-01}'


@dataclass(frozen=True)
class Case:
    """One spelling in a pack: `good` loads, `bad` in its place is refused on the line where `at` stands."""

    name: str
    good: str
    bad: str
    says: str
    remedy: str
    at: str = ""
    pack: str = HEAD + RULE


CASES = [
    # shape
    Case("unknown key", "    ceiling: {", "    ceilings: {", "不认识的键", "policies/README.md"),
    Case("unknown key inside", "per: year, on: fund", "per: year, on: fund, top: 1", "不认识的键", "删去它"),
    Case("key twice", "    reading: law\n", "    reading: law\n    reading: law2\n", "键“reading”写了两次", "只保留一处", at="law2"),
    Case("no YAML", "rules:\n", "rules\n", "不是有效的 YAML", "检查缩进", at="  - id"),
    Case("alias", "{yuan: 2000, per: year", "{yuan: *x, per: year", "不是有效的 YAML", "检查缩进"),
    Case("same node again", "id: one", "id: &x one\n    note: *x", "别名", "逐处写明", at="id: &x"),
    Case("missing key", "scheme: employee\n", "", "scheme：缺少必需的键", "补上它", at="pool:"),
    Case("missing source", f"    {OF_LAW}\n", "", "source：缺少必需的键", "补上它", at="- id"),
    Case("scheme", "scheme: employee", "scheme: staff", "不在规定范围", "employee、resident、all"),
    Case("benefit", "benefit: general-outpatient", "benefit: dental", "不在规定范围", "general-outpatient、chronic-disease、inpatient"),
    Case("text wanted", "reading: law", "reading: 5", "应为文字", "加引号"),
    Case("word wanted", "adopted: true", "adopted: maybe", "应为是或否", "true 或 false"),
    Case("table wanted", OF_LAW, "source: LAW", "应为成组的键与值", "键: 值"),
    # sources
    Case("source says where", ' clause: "1",', "", "来源须写明条款", "按提示改正", at="source:"),
    Case("grade", "grade: A", "grade: D", "grade：取值不在规定范围", "A、B、C、R、S"),
    Case("source not registered", "id: LAW", "id: LORE", "来源 LORE 未登记", "sources.yaml", at="- id"),
    Case("adopted grade C", "grade: A", "grade: C", "C 级来源不得采用", "按提示改正", at="- id"),
    Case("adopted grade R", "grade: A", "grade: R", "R 级来源不得采用", "按提示改正", at="- id"),
    Case("C in a component", "on: fund}", "on: fund, " + OF_NEWS.replace("GRADE", "C"), "引用了 C 级来源 NEWS", "未采用的口径", at="- id"),
    Case("R in a component", "retired: 70%}", "retired: 70%, " + OF_NEWS.replace("GRADE", "R"), "引用了 R 级来源 NEWS", "未采用的口径", at="- id"),
    Case("conflict not registered", "adopted: true", "adopted: true\n    contests: [E-98]", "冲突 E-98 未登记", "conflicts.yaml", at="contests"),
    # dates
    Case("day that is none", "from: 2024-01-01", "from: 2024-02-30", "不是日期", "按提示改正"),
    Case("number for a day", "checked: 2026-01-01", "checked: 86400", "不是日期", "按提示改正"),
    Case("moment for a day", "from: 2024-01-01", "from: 2024-01-01 10:00:00", "不是日期", "按提示改正"),
    Case("unknown, never seen", "{from: 2024-01-01}", "{from: unknown}", "须同时写 seen", "按提示改正"),
    Case("month that is none", "{from: 2024-01-01}", "{from: unknown, seen: 2025-13}", "来源只写到月或年的", "按提示改正"),
    Case("until before the year in which it was seen", "{from: 2024-01-01}", "{from: unknown, seen: 2025, until: 2024-12-31}", "until 早于", "按提示改正"),
    Case("seen unknown", "{from: 2024-01-01}", "{from: unknown, seen: unknown}", "不是日期", "按提示改正"),
    Case("until before from", "{from: 2024-01-01}", "{from: 2024-01-01, until: 2023-12-31}", "until 早于", "按提示改正"),
    # amounts and shares
    Case("more than all", "retired: 70%", "retired: 100.1%", "不是有效的比例（应在 0% 与 100% 之间）", "按提示改正"),
    Case("less than nothing", "retired: 70%", "retired: -1%", "应在 0% 与 100% 之间", "按提示改正"),
    Case("share without sign", "retired: 70%", "retired: 70", "应写作百分数", "按提示改正"),
    Case("share list", "share: {active: {primary: 65%, tertiary: 55%}, retired: 70%}", "share: [65%]", "写法不在允许之列", "README"),
    Case("empty share", "share: {active: {primary: 65%, tertiary: 55%}, retired: 70%}", "share: {}", "比例须写成", "按提示改正"),
    Case("two forms of an amount", "{yuan: 2000,", "{yuan: 2000, active: {yuan: 1},", "三者只取其一", "按提示改正"),
    Case("no amount", "{yuan: 2000,", "{", "三者只取其一", "按提示改正"),
    Case("thousandth of a yuan", "yuan: 2000", "yuan: 2000.001", "最多 2 位小数", "按提示改正"),
    Case("negative amount", "yuan: 2000", "yuan: -2000", "不能为负", "按提示改正"),
    Case("range upside down", "yuan: 2000", "between: [5, 4]", "下限须小于上限", "按提示改正"),
    Case("range of three", "yuan: 2000", "between: [4, 5, 6]", "内容太多", "删去"),
    Case("deductible as range", "yuan: 300", "between: [200, 300]", "起付线不能写成区间", "按提示改正"),
    Case("deductible range in a branch", "{yuan: 300,", "{active: {between: [2, 3]},", "起付线不能写成区间", "按提示改正"),
    Case("period", "per: year, on", "per: decade, on", "per：取值不在规定范围", "year、quarter、month、visit"),
    Case("ceiling on what", ", on: fund}", "}", "on：缺少必需的键", "补上它"),
    Case("no ceilings listed", "ceiling: {yuan: 2000, per: year, on: fund}", "ceiling: []", "内容太少", "至少写一项"),
    Case("word for no ceiling", "ceiling: {yuan: 2000, per: year, on: fund}", "ceiling: nothing", "不在规定范围", "none"),
    # regions and diseases
    Case("region", "pool: 360100", "pool: 999999", "区划代码 999999 不存在", "核对医保区划代码"),
    Case("disease", "{M03900: {class: I}}", "{M99999: {class: I}}", "病种代码 M99999 不存在", "chronic_diseases.csv", pack=CHRONIC),
    Case("disease class", "{M03900: {class: I}}", "{M03900: {class: II}}", "类别 II 未在 classes 中定义", "补上该类别", pack=CHRONIC),
    Case("disease settled nationally", "note: ten", "settled_nationally: [M00001]", "M00001 不存在", "核对", pack=CHRONIC),
    # filing
    Case("upfront without order", ", order: upfront-first", "", "须写明与起付线的先后 order", "按提示改正", at="referral: {mode", pack=FILING),
    Case("order without upfront", "mode: upfront,", "mode: points,", "须写明与起付线的先后 order", "按提示改正", pack=FILING),
    Case("none with a ratio", "long-term: {mode: none}", "long-term: {mode: none, ratio: 5%}", "mode: none 不带 ratio", "按提示改正", pack=FILING),
    Case("mode without a ratio", "long-term: {mode: none}", "long-term: {mode: factor}", "mode: none 不带 ratio", "按提示改正", pack=FILING),
    Case("too many points", "mode: upfront, ratio: 10%, order: upfront-first", "mode: points, ratio: 10.5%", "超过全国规定的降幅上限 10%", "核对", pack=NATION),
    Case("channels twice", "reduction_limits: {referral: 20%}", "channels: [大厅]", "“channels”有两条已采用", "只采用一条", at="in_force", pack=FILED_TWICE),
    Case("papers twice", "reduction_limits: {referral: 20%}", "claim_materials: [invoice]", "“claim_materials”", "只采用", at="in_force", pack=FILED_TWICE),
    Case("unfiled twice", "reduction_limits: {referral: 20%}", "unfiled: {direct: true}", "“unfiled”有两条已采用", "只采用", at="in_force", pack=FILED_TWICE),
    Case("exempt twice", "reduction_limits: {referral: 20%}", "exempt: [{between: same-province}]", "“exempt”", "只采用", at="in_force", pack=FILED_TWICE),
    Case("mode", "mode: upfront, ratio: 10%, order: upfront-first", "mode: less, ratio: 10%", "mode：取值不在", "factor、upfront", pack=FILING),
    Case("material", "[id-card]", "[library-card]", "不在规定范围", "id-card", pack=FILING),
    Case("materials nobody can bring", "[id-card]", "[[]]", "内容太少", "至少写一项", pack=FILING),
    Case("months", "valid: 6", "valid: 0", "取值不在规定范围", "until-cancelled、per-filing，或写成正数", pack=FILING),
    Case("benefit in a filing pack", "unfiled: {direct: false}", "share: 70%", "不认识的键", "删去它", pack=FILING),
    # examples
    Case("example's amount", "expect: {fund: 65}", "expect: {fund: 65%}", "不是有效的金额", "按提示改正", pack=HEAD + RULE + EXAMPLE),
    Case("standing of another scheme", "retired: 70%", "adult: 70%", "职工医保没有“成年居民”（adult）", "改成 active、retired"),
    Case("example's standing", "standing: active", "standing: minor", "没有“未成年居民”（minor）", "改成 active、retired", pack=HEAD + RULE + EXAMPLE),
    Case("example's field", "expect: {fund: 65}", "expect: {funds: 65}", "不在规定范围", "upfront_at_home、away_upfront", pack=HEAD + RULE + EXAMPLE),
    # versions of one rule
    Case("id twice", "id: two", "id: one", "规则编号 one 重复", "唯一的编号", at="id: one", pack=VERSIONS),
    Case("overlap", "{from: 2025-01-01}", "{from: 2024-12-31}", "有两条已采用的规则日期重叠", "写明 until", pack=VERSIONS),
    Case("overlap without end", UNTIL_2024, "{from: 2024-01-01} # open", "日期重叠", "只采用一条", at="2025-01-01}", pack=VERSIONS),
    Case("two of one reading", "reading: law2", "reading: law", "口径“law”有两条规则（one、two）都规定", "另取口径名", at="from: 2024", pack=TWO_OTHERS),
    Case("an adopted one and another", "reading: law2", "reading: law", "口径“law”有两条规则（one、two）都规定", "另取", at="from: 2024", pack=ONE_OTHER),
    Case("gap", "{from: 2025-01-01}", "{from: 2025-01-03}", "在 2025-01-01 至 2025-01-02 没有规则", "补上这段日期", pack=VERSIONS),
]  # fmt: skip


def _line(text: str, words: str) -> int:
    """The last line on which the words stand."""
    return max(number for number, line in enumerate(text.splitlines(), start=1) if words in line)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_fault_is_told_with_file_line_and_remedy(case: Case, tmp_path: Path) -> None:
    assert case.pack.count(case.good) >= 1
    assert faults_of(tmp_path, city=case.pack) == []
    bad = case.bad.join(case.pack.rsplit(case.good, 1))
    faults = faults_of(tmp_path, city=bad)
    assert faults, "the fault was not found"
    first = faults[0]
    assert str(first).startswith(
        f"[POLICY-PACK] {tmp_path / 'packs' / 'city.yaml'}:{first.details['line']}: "
    )
    assert case.says in first.details["what"]
    assert case.remedy in first.details["remedy"]
    place = case.at or case.bad.strip().splitlines()[0]
    assert first.details["line"] == _line(bad, place)
    assert "Input" not in first.message, "a message of the library's own reached the reader"
    with pytest.raises(PackProblem) as raised:
        load(tmp_path)
    assert str(raised.value) == str(first)


def test_every_fault_of_a_folder_is_told(tmp_path: Path) -> None:
    bad = (HEAD + RULE).replace("grade: A", "grade: D").replace("70%", "170%")
    faults = faults_of(tmp_path, one=bad, two="pool: [")
    assert [(fault.details["file"].name, fault.details["line"]) for fault in faults] == [
        ("one.yaml", 9),
        ("one.yaml", 11),
        ("two.yaml", 2),
    ]


def test_two_files_for_one_benefit(tmp_path: Path) -> None:
    faults = faults_of(tmp_path, one=HEAD + RULE, two=HEAD + RULE)
    assert [fault.details["file"].name for fault in faults] == ["two.yaml"]
    assert "one.yaml 是同一统筹区、险种与待遇" in faults[0].message


@pytest.mark.parametrize("text", ["", "- a\n- b\n", "only words\n", "\ufffe\n", "[" * 3000])
def test_a_file_that_is_no_pack(text: str, tmp_path: Path) -> None:
    assert faults_of(tmp_path, city=text)


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "packs" / "city.yaml").write_bytes(b"pool: \xff\xfe")
    with pytest.raises(PackProblem, match=r"city\.yaml:1: 不是有效的 YAML"):
        load(tmp_path)


@pytest.mark.parametrize("name", ["sources.yaml", "conflicts.yaml"])
def test_a_missing_register(name: str, tmp_path: Path) -> None:
    write(tmp_path, city=HEAD + RULE)
    (tmp_path / name).unlink()
    with pytest.raises(PackProblem, match=rf"{name}:1: 文件不能读取"):
        load(tmp_path)


def test_a_fault_in_a_register(tmp_path: Path) -> None:
    write(tmp_path, city=HEAD + RULE)
    (tmp_path / "sources.yaml").write_text(
        "LAW:\n  title: 某市医保办法\n  isued: 2024-01-01\n", encoding="utf-8"
    )
    with pytest.raises(PackProblem, match=r"sources\.yaml:3: LAW\.isued：不认识的键"):
        load(tmp_path)
