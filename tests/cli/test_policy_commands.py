"""yidi policy: what is shown fits the terminal and says what the rules say; data comes out as data."""

import csv
import io
import json
import shutil
import subprocess
import sys
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.policy.factories import book_of, pack
from yidi.cli.main import cli
from yidi.cli.policy import COMMANDS
from yidi.cli.policy_options import wrapped
from yidi.policy.book import book
from yidi.resources import data_path

ON = ("--on", "2026-06-02")
WIDE = 80


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["policy", *arguments], prog_name="yidi")


def told(*arguments: str) -> str:
    result = run(*arguments)
    assert (result.exit_code, result.stderr) == (0, "")
    assert max(width(line) for line in result.stdout.splitlines()) <= WIDE
    return result.stdout


def flat(text: str) -> str:
    """A text without its line ends and indents, so that a sentence is found wherever it was wrapped."""
    return "".join(line.strip() for line in text.splitlines())


def width(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in line)


def rows(*arguments: str) -> list[dict[str, Any]]:
    """The same rows as JSON and as CSV; JSON's are given."""
    data: list[dict[str, Any]] = json.loads(run(*arguments, "--format", "json").stdout)
    text = run(*arguments, "--format", "csv").stdout
    table = list(csv.DictReader(io.StringIO(text)))
    assert len(table) == len(data)
    assert [list(row) for row in table[:1]] == [list(row) for row in data[:1]]
    return data


def refused(result: Result, *says: str) -> None:
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("错误 [")
    assert result.stderr.count("\n") == 1
    for words in says:
        assert words in result.stderr


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str) -> None:
    result = run(name, "--help")
    assert result.exit_code == 0
    assert result.stdout.startswith(f"用法：yidi policy {name}")
    assert "选项" in result.stdout
    assert name in run("--help").stdout


def test_the_group_starts_light() -> None:
    code = "import yidi.cli.policy, sys; print(' '.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"pydantic", "yaml", "rich", "django"} & set(done.stdout.split())


def test_lines_break_between_characters_and_never_before_a_comma() -> None:
    text = "报销比例按年累计分段（含起付线），rule-with-a-long-name 说明：甲、乙、丙。" * 3
    for columns in range(30, 60):
        lines = wrapped(text, columns)
        assert max(map(width, lines)) <= columns
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")
        assert not any(line[0] in "，。、）：" or line[-1] == "（" for line in lines)


# show


def test_showing_every_benefit_and_matter() -> None:
    text = told("show", "360100", *ON)
    for words in (
        "普通门诊统筹",
        "门诊慢特病（7 种：",
        "住院",
        "双通道药品（2 种：A、B）",
        "大病保险",
        "异地就医",
        "参保与待遇起始",
    ):
        assert words in text
    for words in (
        "300 元/年",
        "4000–10000 元/年（区间）",
        "100000 元/年（并入住院）",
        "例外：精神专科：免起付线",
        "各类人员",
    ):
        assert words in text
    assert "来源：SEED-004（S 级，江西省，口径 seed-004）" in text
    assert "缺" in text
    assert "POLICY-MISSING" not in text


def test_showing_what_the_newer_forms_say(tmp_path: Path) -> None:
    stay = pack(
        "deductible: {tertiary: {yuan: 800}, per: visit, repeat: {less: 100, floor: {yuan: 200}}}\n"
        "share: {bands: [{to: 30000, share: 85%}, {share: 90%}], per: visit, position: with-deductible}\n"
        "ceiling: {yuan: 100000, per: year, on: fund}",
        benefit="inpatient",
    )
    above = pack(
        "layer: {base: beyond-ceiling, over: [inpatient]}\ndeductible: none\nshare: 80%\nceiling: none",
        benefit="large-sum",
    )
    village = pack(
        "deductible: none\nshare: 60%\nceiling: [{yuan: 10, per: visit, on: cost, category: drugs}, {yuan: 400, per: year, on: fund}]"
    )
    account = pack("own: {pays: [in-scope, upfront]}", benefit="account")
    book_of(tmp_path, stay=stay, above=above, village=village, account=account)
    told("show", "360100", "--folder", str(tmp_path), *ON)
    wide = CliRunner(env={"COLUMNS": "200"})
    text = wide.invoke(cli, ["policy", "show", "360100", "--folder", str(tmp_path), *ON]).stdout
    for words in (
        "再次 700、600、500…最低 200",
        "≤30000 85%",
        "以上 90%",
        "职工大额医疗费用补助：基数为基本医保封顶线以外的费用；起付线 无；比例 80%；封顶线 无",
        "10 元/次（药费，费用）",
        "本人账户可付：政策范围内个人负担、先行自付",
    ):
        assert words in text, words


def test_unverified_rules_show_only_when_asked_for(tmp_path: Path) -> None:
    rule = "adopted: false\nreading: data\nsource: {id: NEWS, clause: x, grade: C, checked: 2026-01-01}\n"
    book_of(tmp_path, city=pack(rule + "deductible: none\nshare: 61%\nceiling: none"))
    folder = ("--folder", str(tmp_path))
    assert "61%" not in told("show", "360100", *folder, *ON)
    text = told("show", "360100", *folder, *ON, "--unverified")
    assert "61%" in text
    assert "未核实" in text


NEWS = "adopted: false\nreading: READING\nsource: {id: NEWS, clause: x, grade: C, checked: 2026-01-01}\n"
"""The head of a rule that is not verified."""


def test_an_ambiguity_in_one_benefit_leaves_the_others_shown(tmp_path: Path) -> None:
    """Two unverified rules contradict each other in one benefit, and two more about care elsewhere."""
    shares = [
        f"id: from-{name}\n"
        + NEWS.replace("READING", name)
        + f"deductible: none\nshare: {share}\nceiling: none"
        for name, share in (("paper", "61%"), ("radio", "62%"))
    ]
    away = [
        f"id: away-{name}\n"
        + NEWS.replace("READING", name)
        + f"adjustment: {{referral: {{mode: points, ratio: {ratio}}}}}"
        for name, ratio in (("paper", "10%"), ("radio", "20%"))
    ]
    stay = pack("deductible: none\nshare: 88%\nceiling: none", benefit="inpatient")
    book_of(tmp_path, city=pack(*shares), stay=stay, away=pack(*away, benefit="filing"))
    folder = ("--folder", str(tmp_path), "--unverified")
    text = CliRunner(env={"COLUMNS": "200"}).invoke(cli, ["policy", "show", "360100", *folder, *ON])
    assert (text.exit_code, text.stderr) == (0, "")
    for words in (
        "有歧义：规则 from-paper 与 from-radio",
        "88%",
        "异地转诊备案：有歧义：规则 away-paper 与 away-radio",
    ):
        assert words in text.stdout
    data = rows("show", "360100", *folder, *ON, "--scheme", "employee")
    by_benefit = {row["benefit"]: row["ambiguous"] for row in data}
    assert by_benefit == {"general-outpatient": ["from-paper", "from-radio"], "inpatient": []}
    assert "没有变化" in told("diff", str(tmp_path), str(tmp_path), "--reading", "paper", *ON)


def test_showing_as_data() -> None:
    data = rows("show", "360100", "--benefit", "inpatient", "--scheme", "employee", *ON)
    (row,) = [row for row in data if (row["standing"], row["level"]) == ("active", "tertiary")]
    assert (row["deductible"], row["share"], row["ceiling"]) == ("800 元/次", "85%", "100000 元/年")
    assert (row["grades"], row["missing"], row["unverified"]) == (["B"], "", False)


def test_showing_what_lists_and_claims_leave_to_the_reader() -> None:
    text = flat(told("show", "360100", *ON, "--scheme", "resident"))
    assert "来源只列出一部分病种；没有列入的是否纳入不作判断" in text
    assert "住院手工报销材料：" in text
    assert "每年由财政补助缴不低于 724 元。" in text
    assert "来源只列出一部分病种" not in told("show", "360100", *ON, "--benefit", "inpatient")
    assert "不低于" in told("explain", "cn-resident-least-2026", *ON).split("对谁")[0]


# what could be known on a day

KNOWN = ("--known-on", "2025-12-23")
OLD = "id: old\nin_force: {from: 2024-01-01, until: 2025-12-31}\ndeductible: none\nshare: 50%\nceiling: none"
NEW = (
    "id: new\nin_force: {from: 2026-01-01}\nshare: 60%\nceiling: none\n"
    "deductible: {yuan: 100, per: year, source: {id: NEWS, clause: x, grade: B, checked: 2025-12-24}}"
)


@pytest.fixture
def growing(tmp_path: Path) -> tuple[str, ...]:
    """A folder of rules in which a deductible came to be known on 2025-12-24."""
    book_of(tmp_path, city=pack(OLD, NEW))
    return "--folder", str(tmp_path), *ON


def test_showing_what_could_be_known_on_a_day(growing: tuple[str, ...]) -> None:
    shown = ("show", "360100", "--scheme", "employee", "--benefit", "general-outpatient", *growing)
    before, since, all_of_it = rows(*shown, *KNOWN), rows(*shown, "--known-on", "2025-12-24"), rows(*shown)
    assert {(row["known_on"], row["share"]) for row in before} == {("2025-12-23", "")}
    assert all("起付线" in row["missing"] for row in before)
    assert {(row["known_on"], row["share"]) for row in since} == {("2025-12-24", "60%")}
    assert {(row["known_on"], row["share"]) for row in all_of_it} == {("", "60%")}
    text = told(*shown, *KNOWN)
    assert "（只用 2025-12-23 已经能知道的规则）" in text
    assert "60%" not in text
    assert "只用" not in told(*shown)


def test_coverage_of_what_could_be_known_on_a_day(growing: tuple[str, ...]) -> None:
    (before, *_), (since, *_) = (
        [row for row in rows("coverage", "360100", *growing, *known) if row["matter"] == "general-outpatient"]
        for known in (KNOWN, ())
    )
    assert (before["state"], before["known_on"]) == ("missing", "2025-12-23")
    assert (since["state"], since["known_on"]) == ("adopted", "")
    assert "只用 2025-12-23 已经能知道的规则" in told("coverage", "360100", *growing, *KNOWN)


@pytest.mark.parametrize("command", ["show", "coverage"])
def test_a_day_on_which_nothing_could_be_known(command: str, growing: tuple[str, ...]) -> None:
    def known(day: str) -> Result:
        return run(command, "360100", *growing, "--known-on", day)

    refused(known("2099-01-01"), "[CLI-KNOWN-LATER]", "2099-01-01 晚于今天", "请写今天或以前的日期")
    refused(known("2023-11-30"), "[CLI-KNOWN-NOTHING]", "最早的一份在 2023-12-01 才能知道")
    refused(known("0001-01-01"), "选项 --known-on 的值不对", "1900 至 2099")
    refused(known("yesterday"), "选项 --known-on 的值不对")


# explain


def test_explaining_a_rule() -> None:
    text = flat(told("explain", "jx-employee-chronic-share", *ON))
    for words in (
        "报销比例：在职 80%，退休 85%。",
        "SEED-004《",
        "原句“医保政策范围内在职职工报销比例为80%",
        "2026-11-21 核对",
        "E-01 江西门诊慢特病比例",
        "nc（未采用，B 级，江西省，jx-employee-chronic-share-as-inpatient）",
        "已采用：结算、报销与测算都用它。",
        "政策范围内 1000 元：统筹基金 800 元，个人 200 元。",
    ):
        assert words in text, words


def test_every_shipped_rule_can_be_explained() -> None:
    names = sorted({rule.id for loaded in book().packs.values() for rule in loaded.pack.rules})
    for name in names[::9]:
        text = told("explain", name, *ON)
        assert all(part in text for part in ("内容", "对谁", "来源"))


def test_a_filing_rule_is_explained_by_a_bill_elsewhere() -> None:
    assert "异地转诊备案" in told("explain", "jx-away-adjustment", *ON).split("样例")[1]


def test_an_unadopted_rule_says_so(tmp_path: Path) -> None:
    rule = "id: news\nadopted: false\nreading: data\nsource: {id: NEWS, clause: x, grade: C, checked: 2026-01-01}\n"
    book_of(tmp_path, city=pack(rule + "share: 61%"))
    text = flat(told("explain", "news", "--folder", str(tmp_path), *ON))
    assert "未采用（C 级）：只在按名调用时用" in text
    assert "不能计算，缺 普通门诊统筹的起付线" in text


def test_explaining_a_rule_that_is_none() -> None:
    refused(run("explain", "jx-employee-chronic-shar"), "[CLI-RULE]", "相近的有 jx-employee-chronic-share")


def test_explaining_a_rule_for_a_pool() -> None:
    rule = "jx-employee-chronic-share"
    assert "江西省" in told("explain", rule, "--pool", "360000", *ON)
    refused(run("explain", rule, "--pool", "zz"), "[REGION-UNKNOWN]", "zz")
    refused(
        run("explain", rule, "--pool", "360100"), "[CLI-RULE-POOL]", "南昌市（360100）", "江西省（360000）"
    )
    refused(run("explain", "no-such-rule", "--pool", "360100"), "[CLI-RULE]")


# coverage, conflicts, stale


def test_coverage_as_a_matrix_and_as_a_list() -> None:
    text = told("coverage", "360100", *ON)
    assert "南昌市" in text
    assert "有规则而缺参数" in text
    assert "江西省南昌市职工医保双通道药品：缺参数（12 问，已采用 0）；缺 双通道药品的起付线。" in flat(text)


def test_coverage_as_data() -> None:
    data = rows("coverage", "360100", *ON)
    states = {(row["scheme"], row["matter"]): row["state"] for row in data}
    assert states["employee", "general-outpatient"] == "adopted"
    assert states["employee", "dual-channel"] == "missing"
    assert states["employee", "medical-aid"] == "none"


def test_conflicts_with_the_rules_that_they_touch() -> None:
    text = told("conflicts", "E-01")
    assert "E-01 涉及规则 2 条" in text
    assert "jx-employee-chronic-share" in text
    assert "chronic-disease.yaml:" in flat(text)
    assert {row["conflict"] for row in rows("conflicts")} == set(book().conflicts)
    refused(run("conflicts", "E-00"), "[CLI-CONFLICT]", "E-01")


def test_conflicts_mark_what_is_not_verified(tmp_path: Path) -> None:
    sure = "id: sure\ncontests: [E-99]\nshare: 60%"
    doubtful = "id: doubtful\ncontests: [E-99]\n" + NEWS.replace("READING", "news") + "share: 61%"
    own = "id: own\ncontests: [E-99]\nadopted: false\nreading: other\nceiling: {yuan: 1, per: year, on: fund,"
    own += " source: {id: NEWS, clause: x, grade: R, checked: 2026-01-01}}"
    book_of(tmp_path, city=pack(sure, doubtful, own))
    text = flat(told("conflicts", "--folder", str(tmp_path)))
    assert "〔未核实〕江西省南昌市 职工医保普通门诊统筹：doubtful" in text
    assert "〔未核实〕江西省南昌市 职工医保普通门诊统筹：own" in text
    assert "· 江西省南昌市 职工医保普通门诊统筹：sure" in text
    marks = {row["rule"]: row["unverified"] for row in rows("conflicts", "--folder", str(tmp_path))}
    assert marks == {"sure": False, "doubtful": True, "own": True}


@pytest.mark.parametrize(("as_of", "status"), [("2026-11-21", 0), ("2027-11-21", 1)])
def test_stale_sources_by_the_exit_code(as_of: str, status: int) -> None:
    result = run("stale", "--days", "180", "--as-of", as_of)
    assert (result.exit_code, result.stderr) == (status, "")
    assert ("处来源超过 180 天没有核对" in result.stdout) == bool(status)
    assert (".yaml:" in result.stdout) == bool(status)


def test_stale_sources_as_data() -> None:
    data = rows("stale", "--as-of", "2027-11-21")
    assert data
    assert {"file", "line", "source", "grade", "checked", "days"} <= data[0].keys()


# diff


@pytest.fixture
def reform(tmp_path: Path) -> Path:
    """The shipped rules with one share and one adjustment changed."""
    folder = tmp_path / "reform"
    shutil.copytree(data_path("policies"), folder)
    for name, old, new in (
        ("360100-nanchang/employee/inpatient.yaml", "primary: 95%", "primary: 97%"),
        ("360000-jiangxi/all/filing.yaml", "ratio: 10%", "ratio: 15%"),
    ):
        path = folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")
    return folder


def test_what_a_reform_changes_for_whom(reform: Path) -> None:
    text = flat(told("diff", str(data_path("policies")), str(reform), "--pool", "360100", *ON))
    for words in (
        "江西省南昌市 职工医保 住院",
        "在职、退休 · 一级及以下",
        "比例：95% → 97%",
        "10000 元：基金 9310.00 → 9506.00（+196.00）",
        "异地待遇调整：先行自付 10%（起付线之前） → 先行自付 15%（起付线之前）",
        "+ 异地转诊备案：先行自付 15%（起付线之前）。",
    ):
        assert words in text, words


def test_a_reform_as_data(reform: Path) -> None:
    data = rows("diff", str(data_path("policies")), f"{reform}@2026-06-02", *ON, "--pool", "360100")
    assert {(row["benefit"], row["level"]) for row in data} == {("inpatient", "primary")}
    (row,) = [row for row in data if (row["standing"], row["in_scope"]) == ("active", "10000.00")]
    assert (row["funds_before"], row["funds_after"], row["difference"]) == ("9310.00", "9506.00", "196.00")


def test_two_days_of_the_shipped_rules() -> None:
    assert "不能计算" in told("diff", "2023-06-01", "2026-06-01", "--pool", "360100")
    assert "没有变化。" in told("diff", "2026-06-01", "2026-06-02", "--pool", "360100")


def test_a_reading_that_neither_side_has() -> None:
    days = ("2026-06-01", "2026-06-02")
    refused(run("diff", *days, "--reading", "rumour"), "[POLICY-READING]", "rumour", "seed-004")
    refused(run("diff", *days, "--reading", "rumour", "--pool", "360100"), "[POLICY-READING]", "nc")
    assert "没有变化。" in told("diff", *days, "--reading", "nc", "--pool", "360100")
    refused(run("diff", *days, "--pool", "zz"), "[REGION-UNKNOWN]")


def test_a_reading_that_one_side_has_alone(reform: Path, tmp_path: Path) -> None:
    """Where a side has no such reading its adopted rules answer: the help says so."""
    path = reform / "360100-nanchang/employee/inpatient.yaml"
    other = path.read_text(encoding="utf-8").replace("reading: nc\n", "reading: renamed\n")
    path.write_text(other, encoding="utf-8")
    text = flat(
        told("diff", str(data_path("policies")), str(reform), "--reading", "renamed", "--pool", "360100", *ON)
    )
    assert "10000 元：基金 9310.00 → 9506.00（+196.00）" in text


@pytest.mark.parametrize(
    "given", ["nowhere", "2026-13-01", "policies@yesterday", "0001-01-01", "9999-01-01", "nowhere@2026-06-01"]
)
def test_a_side_that_is_none(given: str) -> None:
    refused(run("diff", given, "2026-06-01"), "[CLI-SIDE]", given)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (
            ("show", "360100", "--on", "1800-01-01"),
            "选项 --on 的值不对：“1800-01-01”的年份不在 1900 至 2099 之间",
        ),
        (
            ("show", "360100", "--format", "xml"),
            "选项 --format 的值不对：“xml”不在允许之列，应为 table、csv、json",
        ),
        (("show", "360100", "--folder", __file__), "是文件，应为文件夹"),
        (("show",), "缺少参数 POOL。"),
        (("show", "360100", "--on"), "选项 --on 缺少值"),
        (("regions", "more"), "多出参数 more"),
        (("stale", "--days", "-1"), "选项 --days 的值不对：-1 太小，应不小于 0"),
        (("language", "--out", "."), "“.”是文件夹，应为文件"),
        (("language", "--out", "nowhere/page.md"), "[CLI-OUT] 文件 nowhere/page.md 写不下去（不存在）"),
    ],
)
def test_wrong_words_are_told_in_chinese(arguments: tuple[str, ...], says: str) -> None:
    refused(run(*arguments), says)


# language, schema, check


@pytest.mark.parametrize(("name", "holds"), [("language", "# 规则包的语言"), ("schema", '"$schema"')])
def test_pages_made_of_the_code(name: str, holds: str, tmp_path: Path) -> None:
    path = tmp_path / "page"
    stale = run(name, "--check", str(path))
    assert (stale.exit_code, stale.stdout) == (1, "")
    assert f"yidi policy {name} --out" in stale.stderr
    assert run(name, "--out", str(path)).exit_code == 0
    assert path.read_text(encoding="utf-8") == run(name).stdout
    assert holds in path.read_text(encoding="utf-8")
    assert run(name, "--check", str(path)).exit_code == 0


def test_a_source_looked_at_tomorrow_is_a_fault(tmp_path: Path) -> None:
    text = pack("deductible: none\nshare: 60%\nceiling: none")
    book_of(tmp_path, city=text.replace("checked: 2026-01-01", "checked: 2099-01-01"))
    result = run("check", "--folder", str(tmp_path))
    assert result.exit_code == 2
    assert "核对日 checked（2099-01-01）晚于今天" in result.stderr
