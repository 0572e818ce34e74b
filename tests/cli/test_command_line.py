"""The command line: help that a clerk can follow, one clear message for wrong input, and never a traceback."""

import errno
import importlib
import json
import os
import socket
import subprocess
import sys
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.claims.factories import a_claim
from tests.policy.factories import HEAD, RULE, book_of, pack, write
from tests.settlement.factories import CHRONIC, a_catalogue, a_world, settled
from yidi.claims.states import State
from yidi.cli.bills import EXAMPLE
from yidi.cli.errors import PortForbidden, PortTaken
from yidi.cli.main import COMMANDS, cli
from yidi.cli.ports import free_port, refuse_taken
from yidi.policy.errors import MissingFact
from yidi.resources import MissingData
from yidi.settlement.models import Settlement
from yidi.values.terms import Benefit

BILL = """\
home: 360100
care: 310000
scheme: employee
standing: retired
benefit: general-outpatient
level: tertiary
situation: long-term-resident
on: 2026-03-02
total: 1000
"""
LINES = """\
lines:
  - {code: A1, name: 甲药, quantity: 4, price: 24.01, class: A, upfront: 0%}
  - {code: B1, name: 乙药, quantity: 1, price: 65.5, class: B, upfront: 10%}
  - {code: L1, name: 限价药, quantity: 2, price: 30, class: A, upfront: 0%, price_limit: 20}
  - {code: C1, name: 丙药, quantity: 1, price: 4.5, class: C}
  - {code: D1, name: 糖尿病药, quantity: 1, price: 18, class: A, upfront: 0%, chronic_groups: [diabetes]}
"""
CHRONIC_BILL = (
    BILL.replace("general-outpatient", "chronic-disease\ndisease: M03900").replace("total: 1000\n", "")
    + LINES
)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, list(arguments), prog_name="yidi")


def estimate(folder: Path, text: str, *options: str, name: str = "bill.yaml") -> Result:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return run("estimate", str(path), *options)


def data(result: Result) -> dict[str, Any]:
    assert result.exit_code == 0, result.output
    parsed: dict[str, Any] = json.loads(result.stdout)
    return parsed


def assert_refused(result: Result, *says: str) -> None:
    """One message on standard error, exit status 2, nothing on standard output."""
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith("错误 [")
    assert result.stderr.count("\n") == 1
    assert "Traceback" not in result.stderr
    for words in says:
        assert words in result.stderr


# help

PAGES: Sequence[tuple[str, ...]] = [
    (),
    *[(name,) for name in COMMANDS],
    *[("policy", name) for name in ("check", "show", "regions")],
]


@pytest.mark.parametrize("page", PAGES, ids=" ".join)
@pytest.mark.parametrize("option", ["--help", "-h"])
def test_every_command_explains_itself(page: tuple[str, ...], option: str) -> None:
    result = run(*page, option)
    assert result.exit_code == 0
    assert result.stdout.startswith(f"用法：{' '.join(('yidi', *page))}")
    assert "选项" in result.stdout
    for name in COMMANDS if not page else ():
        assert name in result.stdout
    if page == ("estimate",):
        assert "XC08CAA187A001020101187" in result.stdout


@pytest.mark.parametrize("page", [(), ("policy",)])
def test_a_group_alone_shows_its_help(page: tuple[str, ...]) -> None:
    result = run(*page)
    assert result.exit_code == 2
    assert result.stderr.startswith("用法：yidi")
    assert "错误" not in result.stderr


def test_the_version() -> None:
    assert run("--version").stdout.startswith("yidi, version ")


def test_a_defect_keeps_its_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("yidi.cli.policy_check.book", broken)
    assert isinstance(run("policy", "regions").exception, ZeroDivisionError)


def test_missing_data_is_told_like_a_refusal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def gone() -> None:
        raise MissingData("policies", (tmp_path,))

    monkeypatch.setattr("yidi.cli.policy_check.book", gone)
    assert_refused(run("policy", "regions"), "[DATA-MISSING]", str(tmp_path))


def test_an_interrupted_command_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("yidi.cli.policy_check.book", interrupted)
    assert run("policy", "regions").exit_code == 130


# wrong words on the command line

USAGE = [
    (("frob",), "没有命令 frob"),
    (("estimate",), "缺少参数 BILL"),
    (("estimate", "no-such-file.yaml"), "参数 BILL 的值不对"),
    (("estimate", "."), "参数 BILL 的值不对"),
    (("audit", "--frob"), "没有选项 --frob"),
    (("policy", "frob"), "frob"),
    (("policy", "show"), "缺少参数 POOL"),
    (("policy", "show", "999999"), "[REGION-UNKNOWN]"),
    (("policy", "show", "360100", "--on", "2026-02-30"), "选项 --on 的值不对"),
    (("policy", "show", "360100", "--scheme", "staff"), "选项 --scheme 的值不对"),
    (("policy", "check", "--folder", "no-such-folder"), "选项 --folder 的值不对"),
    (("serve", "--port", "0"), "选项 --port 的值不对"),
    (("serve", "--workers", "many"), "选项 --workers 的值不对"),
    (("demo", "--port", "x"), "选项 --port 的值不对"),
]


@pytest.mark.parametrize(
    ("arguments", "says"), USAGE, ids=lambda value: " ".join(value) if isinstance(value, tuple) else ""
)
def test_wrong_words_are_refused(arguments: tuple[str, ...], says: str) -> None:
    assert_refused(run(*arguments), says)


# estimate


def test_an_estimate_of_known_parts(tmp_path: Path) -> None:
    told = data(estimate(tmp_path, BILL + "excluded: 50\nupfront: 20.5\n", "--json"))
    assert told["amounts"] == {
        "total": "1000.00", "excluded": "50.00", "over_limit": "0.00", "upfront": "20.50", "in_scope": "929.50",
        "upfront_at_home": "0.00", "away_upfront": "0.00", "deductible": "300.00", "fund": "377.70",
        "person": "622.30", "account": "0.00", "family_account": "0.00", "cash": "622.30",
    }  # fmt: skip
    assert told["adjustment"] == {"mode": "none", "situation": "long-term-resident"}
    assert told["lines"] == []
    assert len(told["rule"]) == 64


def test_an_estimate_line_by_line(tmp_path: Path) -> None:
    told = data(estimate(tmp_path, CHRONIC_BILL, "--json"))
    parts = [
        (row["code"], row["excluded"], row["over_limit"], row["upfront"], row["in_scope"])
        for row in told["lines"]
    ]
    assert parts == [
        ("A1", "0.00", "0.00", "0.00", "96.04"),
        ("B1", "0.00", "0.00", "6.55", "58.95"),
        ("L1", "0.00", "20.00", "0.00", "40.00"),
        ("C1", "4.50", "0.00", "0.00", "0.00"),
        ("D1", "18.00", "0.00", "0.00", "0.00"),
    ]
    assert (told["amounts"]["in_scope"], told["amounts"]["fund"]) == ("194.99", "165.74")
    assert [row["note"] for row in told["lines"]][3:] == [
        "丙类或目录外，全自费",
        "不属于本次门诊慢特病病种用药，全自费",
    ]
    assert "E-01" in told["contests"]
    active = data(estimate(tmp_path, CHRONIC_BILL.replace("retired", "active"), "--json"))
    assert (active["amounts"]["fund"], active["other_readings"]["nc"]["fund"]) == ("155.99", "165.74")


def test_other_readings_say_whether_they_are_verified(tmp_path: Path) -> None:
    """On the terminal by a mark, in the data by a boolean, whether they come to an amount or not."""
    stay = BILL.replace("general-outpatient", "inpatient").replace("care: 310000", "care: 360100")
    stay = stay.replace("long-term-resident", "local")
    others = data(estimate(tmp_path, stay, "--json"))["other_readings"]
    assert (others["cmi"]["unverified"], others["seed-004-bands"]["unverified"]) == (True, False)
    text = estimate(tmp_path, stay).stdout
    assert "〔未核实〕若按口径“cmi”" in text
    assert "\n若按口径“seed-004-bands”" in text


def test_a_reading_that_gives_no_amount_is_marked_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = importlib.import_module("yidi.cli.estimate")
    stay = BILL.replace("general-outpatient", "inpatient").replace("care: 310000", "care: 360100")
    stay = stay.replace("long-term-resident", "local")
    refusal = MissingFact(fact="年龄", fact_en="age", benefit=Benefit.INPATIENT)
    assess = command.assess

    def refusing(*args: Any, **options: Any) -> Any:
        result = assess(*args, **options)
        vars(result)["others"] = dict.fromkeys(result.others, refusal)
        return result

    monkeypatch.setattr(command, "assess", refusing)
    others = data(estimate(tmp_path, stay, "--json"))["other_readings"]
    assert {name: other["unverified"] for name, other in others.items()} == {
        "cmi": True,
        "seed-004-bands": False,
    }
    text = estimate(tmp_path, stay).stdout
    assert "〔未核实〕若按口径“cmi”：不能计算" in text
    assert "\n若按口径“seed-004-bands”：不能计算" in text


def test_the_steps_in_the_data_add_up(tmp_path: Path) -> None:
    told = data(estimate(tmp_path, BILL.replace("long-term-resident", "unfiled"), "--json"))
    left = Decimal("1000.00")
    for step in told["steps"]:
        left -= Decimal(step["taken"])
        assert str(left) == step["left"]
    assert told["steps"][-1]["left"] == told["amounts"]["fund"] == "300.00"
    assert told["adjustment"]["mode"] == "upfront"
    assert all(
        step["source"] for step in told["steps"] if step["kind"] in ("away", "deductible", "share", "ceiling")
    )


def test_an_estimate_by_what_could_be_known_on_a_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What outpatient care comes to could be known in 2025, what a stay comes to could not."""
    paid = "deductible: none\nshare: 60%\nceiling: none"
    late = f'{paid}\nsource: {{id: NEWS, clause: "1", grade: A, checked: 2026-01-01}}'
    rules = book_of(tmp_path, city=pack(paid), stay=pack(late, benefit="inpatient"))
    monkeypatch.setattr(importlib.import_module("yidi.cli.estimate"), "book", lambda: rules)
    bill = BILL.replace("care: 310000", "care: 360100").replace("long-term-resident", "local")
    whole = data(estimate(tmp_path, bill, "--json"))
    known = data(estimate(tmp_path, bill, "--json", "--known-on", "2025-12-31"))
    assert (known["known_on"], "known_on" in whole) == ("2025-12-31", False)
    assert known["amounts"] == whole["amounts"]
    assert known["book"] != whole["book"] == rules.digest
    stay = bill.replace("general-outpatient", "inpatient")
    assert data(estimate(tmp_path, stay, "--json"))["amounts"] == whole["amounts"]
    assert_refused(estimate(tmp_path, stay, "--known-on", "2025-12-31"), "[POLICY-MISSING]")
    told = estimate(tmp_path, bill, "--known-on", "2025-12-31").stdout
    assert told.startswith("（只用 2025-12-31 已经能知道的规则）")
    assert "只用" not in estimate(tmp_path, bill).stdout
    assert_refused(estimate(tmp_path, bill, "--known-on", "2099-01-01"), "[CLI-KNOWN-LATER]")
    assert_refused(estimate(tmp_path, bill, "--known-on", "2023-11-30"), "[CLI-KNOWN-NOTHING]", "2023-12-01")


@pytest.mark.parametrize("options", [(), ("--reading", "deductible-first")])
def test_the_printed_bill_says_the_same_amounts(options: tuple[str, ...], tmp_path: Path) -> None:
    bill = BILL.replace("long-term-resident", "unfiled")
    told = data(estimate(tmp_path, bill, "--json", *options))
    printed = estimate(tmp_path, bill, *options).stdout.replace("\n", "")
    for name in ("fund", "person", "away_upfront"):
        assert told["amounts"][name] in printed
    assert "逐步解释（参保地待遇）" in printed
    assert told["amounts"]["fund"] == ("336.00" if options else "300.00")


def test_what_was_used_before_counts(tmp_path: Path) -> None:
    told = data(estimate(tmp_path, BILL + "used: {deductible: 300, fund: 2999.99}\n", "--json"))
    assert (told["amounts"]["deductible"], told["amounts"]["fund"]) == ("0.00", "0.01")
    near = CHRONIC_BILL + "used: {fund: 3990}\n"
    assert_refused(estimate(tmp_path, near, "--json"), "[BENEFIT-CEILING-UNKNOWN]")


def test_a_bill_in_json(tmp_path: Path) -> None:
    bill = {line.split(": ")[0]: line.split(": ")[1] for line in BILL.splitlines()}
    assert (
        data(estimate(tmp_path, json.dumps(bill), "--json", name="bill.json"))["amounts"]["fund"] == "420.00"
    )


def test_the_example_in_the_help_is_a_bill(tmp_path: Path) -> None:
    assert data(estimate(tmp_path, EXAMPLE, "--json"))["amounts"]["fund"] == "807.50"


@pytest.mark.django_db
def test_lines_are_looked_up_in_the_database(tmp_path: Path) -> None:
    lines = "lines:\n  - {code: A1, quantity: 1, price: 10}\n  - {code: B1, quantity: 1, price: 10}\n"
    bill = BILL.replace("total: 1000\n", "") + lines
    assert_refused(estimate(tmp_path, bill), "[CLI-CATALOGUE]", "“A1”", "上海市", "load-reference")
    a_catalogue()
    told = data(estimate(tmp_path, bill, "--json"))
    assert (told["amounts"]["total"], told["amounts"]["upfront"]) == ("20.00", "1.00")
    missing = bill.replace("A1", "Z9")
    assert_refused(estimate(tmp_path, missing), "[CLI-CATALOGUE]", "“Z9”")


BAD_BILLS = [
    ("scheme: employee", "scheme: staff", 3, "employee、resident"),
    ("total: 1000", "total: 1,000", 9, "不是有效的金额"),
    ("total: 1000", "total: 0.001", 9, "最多 2 位小数"),
    ("total: 1000", "total: -1", 9, "不能为负"),
    ("total: 1000", "total: NaN", 9, "不是数字"),
    ("total: 1000", "total: 1e400", 9, "整数部分超过"),
    ("standing: retired", "standing: minor", 4, "不是职工医保的人员类别，应为 active"),
    ("scheme: employee", "scheme: resident", 4, "应为 minor"),
    (
        "total: 1000",
        "lines: [{quantity: 1, price: 1, class: A, upfront: 0%, chronic_groups: [gout]}]",
        9,
        "没有病种组“gout”",
    ),
    ("total: 1000", "totals: 1000", 9, "不认识的键"),
    ("total: 1000\n", "", 1, "total 与 lines 须写且只写一个"),
    ("total: 1000", f"total: 1000\n{LINES}", 10, "total 与 lines 须写且只写一个"),
    ("on: 2026-03-02", "on: 2026-02-30", 8, "不是日期"),
    ("on: 2026-03-02", "on: 20260302", 8, "不是日期"),
    ("level: tertiary", "level: 3", 6, "village、township"),
    ("level: tertiary", "level: tertiary\nlevel: primary", 7, "键“level”写了两次"),
    ("care: 310000\n", "", 1, "care：缺少必需的键"),
    ("benefit: general-outpatient", "benefit: chronic-disease", 1, "须写 disease"),
    ("total: 1000", "total: 1000\nused: {steps: 1}", 10, "不认识的键"),
    ("total: 1000", "total: 1000\nused: {fund: -5}", 10, "不能为负"),
    ("total: 1000", "total: *x", 9, "不是有效的 YAML"),
    ("total: 1000", "total: [", 10, "不是有效的 YAML"),
    ("total: 1000", "lines: [{quantity: 0, price: 1}]", 9, "须大于零"),
    ("total: 1000", "lines: [{quantity: 1, price: -1}]", 9, "不能为负"),
    ("total: 1000", "lines: [{quantity: 1, price: 1, class: D}]", 9, "A、B、C"),
    ("total: 1000", "lines: [{quantity: 1}]", 9, "price：缺少必需的键"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "line", "says"), BAD_BILLS)
def test_a_bad_bill_is_refused_with_its_line(
    old: str, new: str, line: int, says: str, tmp_path: Path
) -> None:
    assert old in BILL
    result = estimate(tmp_path, BILL.replace(old, new), "--json")
    assert_refused(result, "[CLI-BILL]", f"第 {line} 行有误", says)
    assert "Input" not in result.stderr


REFUSED_BILLS = [
    ("home: 360100", "home: 999999", "[REGION-UNKNOWN]"),
    ("care: 310000", "care: 999999", "[REGION-UNKNOWN]"),
    ("home: 360100", "home: 440100", "[POLICY-MISSING]"),
    ("on: 2026-03-02", "on: 2019-03-02", "[POLICY-MISSING]"),
    ("scheme: employee\nstanding: retired", "scheme: resident\nstanding: senior", "[POLICY-MISSING]"),
    ("situation: long-term-resident", "situation: local", "[CLI-SITUATION]"),
    ("situation: long-term-resident", "situation: exempt", "[CLI-SITUATION]"),
    ("care: 310000", "care: 360400", "[CLI-SITUATION]"),
    ("care: 310000", "care: 360100", "[CLI-SITUATION]"),
    ("benefit: general-outpatient", "benefit: chronic-disease\ndisease: M99999", "[DISEASE-UNKNOWN]"),
    ("benefit: general-outpatient", "benefit: chronic-disease\ndisease: M00105", "[POLICY-LIST-PART]"),
    ("total: 1000", "total: 1000\nexcluded: 1000.01", "[BENEFIT-PARTS]"),
    (
        "total: 1000",
        "lines: [{quantity: 2, price: 1, amount: 3, class: A, upfront: 0%}]",
        "[BENEFIT-LINE-AMOUNT]",
    ),
]


@pytest.mark.parametrize(("old", "new", "code"), REFUSED_BILLS)
def test_a_bill_that_cannot_be_answered_is_refused(old: str, new: str, code: str, tmp_path: Path) -> None:
    assert_refused(estimate(tmp_path, BILL.replace(old, new)), code)


def test_every_fault_of_a_bill_is_told_at_once(tmp_path: Path) -> None:
    """Amounts below nothing, keys that do not fit together, and values that are none: each with its line and path."""
    text = BILL.replace("benefit: general-outpatient", "benefit: chronic-disease") + (
        "used: {deductible: -1, fund: -2, cost: -3, stays: -4}\n"
        "accounts: {own: -5, family: -6}\n"
        "fees: {drugs: -7}\n"
        "age: 900\n"
        "lines: [{quantity: 1, price: -8, amount: -9}]\n"
    )
    result = estimate(tmp_path, text, "--json")
    told = [f"第 10 行有误：used.{key}" for key in ("deductible", "fund", "cost", "stays")]
    told += [f"第 11 行有误：accounts.{key}" for key in ("own", "family")]
    told += ["第 12 行有误：fees.drugs", "第 13 行有误：age", "第 14 行有误：lines.0.price", "lines.0.amount"]
    assert_refused(result, "[CLI-BILL]", *told, "须写 disease", "total 与 lines 须写且只写一个")
    assert result.stderr.count("不能为负") == 8


@pytest.mark.parametrize("text", ["", "just words", "- a\n- b\n", "\x00", "[" * 3000])
def test_a_file_that_is_no_bill(text: str, tmp_path: Path) -> None:
    assert_refused(estimate(tmp_path, text), "[CLI-BILL]")


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    path = tmp_path / "bill.yaml"
    path.write_bytes(b"\xff\xfe\x00total")
    assert_refused(run("estimate", str(path)), "[CLI-BILL]", "不是有效的 YAML")


def test_an_unknown_reading(tmp_path: Path) -> None:
    assert_refused(estimate(tmp_path, BILL, "--reading", "rumour"), "[POLICY-READING]", "seed-004")


# policy


def test_the_shipped_packs_are_in_order() -> None:
    result = run("policy", "check")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "全部通过" in result.stdout


def test_a_broken_folder_is_told_line_by_line(tmp_path: Path) -> None:
    write(tmp_path, one=(HEAD + RULE).replace("grade: A", "grade: D").replace("70%", "170%"), two="pool: [")
    result = run("policy", "check", "--folder", str(tmp_path))
    assert (result.exit_code, result.stdout) == (2, "")
    places = [line.split(": ")[0] for line in result.stderr.splitlines()]
    packs = f"[POLICY-PACK] {tmp_path}/packs"
    assert places == [f"{packs}/one.yaml:9", f"{packs}/one.yaml:11", f"{packs}/two.yaml:2"]


def test_a_wrong_worked_bill_is_told(tmp_path: Path) -> None:
    example = (
        "examples:\n  - {id: X, on: 2025-06-02, standing: active, level: primary, situation: local,"
        " in_scope: 400, expect: {fund: 66}}\n"
    )
    write(tmp_path, one=HEAD + RULE + example)
    result = run("policy", "check", "--folder", str(tmp_path))
    assert result.exit_code == 2
    assert "one.yaml:14: 算例 X 不符：fund 应为 66.00，算得 65.00" in result.stderr


@pytest.mark.parametrize("folder", ["empty", "without packs"])
def test_a_folder_that_holds_nothing(folder: str, tmp_path: Path) -> None:
    if folder != "empty":
        write(tmp_path)
    result = run("policy", "check", "--folder", str(tmp_path))
    assert result.exit_code == (2 if folder == "empty" else 0)
    assert "Traceback" not in result.output


@pytest.mark.parametrize("scheme", ["employee", "resident"])
def test_showing_a_pool(scheme: str) -> None:
    result = run("policy", "show", "360121", "--on", "2026-03-02", "--scheme", scheme)
    assert result.exit_code == 0
    assert "江西省南昌市（360100）" in result.stdout
    assert "未备案：先行自付 20%" in result.stdout
    assert "未采用，R 级" in result.stdout


def test_listing_regions() -> None:
    result = run("policy", "regions")
    assert result.exit_code == 0
    for code in ("CN", "360000", "360100"):
        assert code in result.stdout


# the database


@pytest.mark.django_db
def test_auditing_good_and_bad_books() -> None:
    world = a_world()
    settled(world, "800.00")
    settled(world, "100.00", CHRONIC)
    a_claim(State.PAID, world)
    good = run("audit")
    assert (good.exit_code, good.stderr) == (0, "")
    assert "账目相符。" in good.stdout
    assert data(run("audit", "--json"))["ok"] is True
    Settlement.objects.update(fund=0, shared=10_000, cash=10_000, total=10_000, in_scope=10_000, deductible=0)
    bad = run("audit")
    assert bad.exit_code == 1
    assert "SETL-BOOKED" in bad.stdout
    assert "处不符" in bad.stdout
    told = json.loads(run("audit", "--json").stdout)
    assert told["ok"] is False
    assert {row["check"] for row in told["checks"] if row["findings"]} >= {"SETL-BOOKED", "SETL-REPLAY"}


def alone(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The installed command in a process and a home of its own."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("YIDI_", "DATABASE_"))}
    return subprocess.run(
        [sys.executable, "-m", "yidi", *arguments],
        env={**clean, "YIDI_HOME": str(folder / "home"), **environment},
        capture_output=True,
        text=True,
        cwd=folder,
        check=False,
    )


@pytest.mark.parametrize(
    ("arguments", "environment", "says"),
    [
        (("audit",), {}, "[CLI-DATABASE] 数据库尚未建表"),
        (("load-reference",), {}, "[CLI-DATABASE] 数据库尚未建表"),
        (("audit",), {"DATABASE_URL": "sqlite:////nowhere/at/all.sqlite3"}, "[CLI-DATABASE-DOWN]"),
        (("audit",), {"DATABASE_URL": f"sqlite:///{__file__}"}, "[CLI-DATABASE-DOWN]"),
        (("audit",), {"DATABASE_URL": "nonsense"}, "[CLI-DATABASE-URL]"),
        (("audit",), {"DATABASE_URL": "mysql://u:secret@h/db"}, "[CLI-DATABASE-URL]"),
        (("audit",), {"DATABASE_URL": "postgres://u@h:port/db"}, "[CLI-DATABASE-URL]"),
        (("audit",), {"DATABASE_URL": ""}, "[CLI-DATABASE-URL]"),
        (("audit",), {"YIDI_DATA_KEY": "xyz"}, "[CLI-DATA-KEY]"),
        (("audit",), {"YIDI_STAFF_SESSIONS": "0"}, "[CLI-NUMBER]"),
        (("audit",), {"YIDI_LOCK_MINUTES": "fünf"}, "[CLI-NUMBER]"),
        (("audit",), {"YIDI_OIDC_ISSUER": "http://id.example"}, "[CLI-OIDC]"),
        (("audit",), {"YIDI_OIDC_ISSUER": "https://id.example", "YIDI_OIDC_CLIENT_ID": "a"}, "[CLI-OIDC]"),
        (("audit",), {"YIDI_DATA_KEY": "ab" * 31}, "[CLI-DATA-KEY]"),
        (("audit",), {"YIDI_HOME": "/dev/null/home"}, "[CLI-HOME]"),
        (("audit",), {"YIDI_HOME": __file__}, "[CLI-HOME]"),
        (("audit",), {"YIDI_MAIL_URL": "mailto:u:secret@h"}, "[CLI-NOTICES] YIDI_MAIL_URL"),
        (("audit",), {"YIDI_SMS_URL": "https://h:port/"}, "[CLI-NOTICES] YIDI_SMS_URL"),
        (("audit",), {"YIDI_SMS_HEADERS": '["secret"]'}, "[CLI-NOTICES] YIDI_SMS_HEADERS"),
        (("audit",), {"YIDI_SMS_BODY": "secret"}, "[CLI-NOTICES] YIDI_SMS_BODY"),
        (("audit",), {"YIDI_LOG_LEVEL": "LOUD"}, "[CLI-LOG-LEVEL]"),
        (("serve", "--host", "1.2.3.4"), {}, "[CLI-HOST]"),
        (("serve", "--host", "no such host"), {}, "[CLI-HOST]"),
        (
            ("serve", "--migrate", "--port", str(free_port())),
            {"DATABASE_URL": f"sqlite:///{__file__}"},
            "[CLI-DATABASE-DOWN]",
        ),
        (("estimate", "no-such-file"), {}, "[CLI-USAGE]"),
    ],
)
def test_a_process_of_its_own(
    arguments: tuple[str, ...], environment: dict[str, str], says: str, tmp_path: Path
) -> None:
    done = alone(tmp_path, *arguments, **environment)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr
    assert "secret" not in done.stderr
    assert done.stderr.count("\n") == 1


def test_settings_of_mail_and_text_messages_are_understood(tmp_path: Path) -> None:
    code = (
        "from django.conf import settings as s;"
        "print(s.EMAIL_HOST, s.EMAIL_PORT, s.EMAIL_HOST_USER, s.EMAIL_HOST_PASSWORD, s.EMAIL_USE_TLS, s.SMS)"
    )
    environment = {
        "YIDI_MAIL_URL": "smtp+tls://u:p%40ss@mail.example.com:587",
        "YIDI_SMS_URL": "https://sms.example.com/send",
        "YIDI_SMS_HEADERS": '{"Authorization": "Bearer x"}',
        "YIDI_SMS_EXPECTED": '{"code": 0}',
    }
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={
            **os.environ,
            **environment,
            "YIDI_HOME": str(tmp_path),
            "DJANGO_SETTINGS_MODULE": "yidi.site.settings",
        },
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith("mail.example.com 587 u p@ss True {'url': 'https://sms.example.com/send'")
    assert "'Authorization': 'Bearer x'" in done.stdout
    assert "'{address}'" in done.stdout
    assert "{'code': 0}" in done.stdout


def test_a_data_key_that_was_damaged(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "data.key").write_bytes(b"\xff\x00")
    done = alone(tmp_path, "audit")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert f"[CLI-DATA-KEY] {home / 'data.key'}" in done.stderr


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_home_that_cannot_be_written_to(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o500)
    done = alone(tmp_path, "audit")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "[CLI-HOME]" in done.stderr


def test_ports_that_cannot_be_listened_on(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(PortTaken):
            refuse_taken("127.0.0.1", taken.getsockname()[1])
    refuse_taken("localhost", free_port())
    monkeypatch.setattr(socket.socket, "bind", _not_allowed)
    with pytest.raises(PortForbidden):
        refuse_taken("127.0.0.1", 80)


def _not_allowed(*_: object) -> None:
    raise PermissionError(errno.EACCES, "not allowed")


def imported(statement: str) -> set[str]:
    """The modules that a fresh interpreter has after a statement."""
    code = f"{statement}; import sys; print(' '.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize(
    ("statement", "absent"),
    [
        ("import yidi.benefit", {"django", "pydantic", "yaml", "click", "rich"}),
        ("import yidi.cli.main", {"django", "pydantic", "yaml", "rich"}),
        ("import yidi.policy.resolve, yidi.benefit.assess, yidi.cli.estimate", {"django"}),
    ],
)
def test_the_library_starts_light(statement: str, absent: set[str]) -> None:
    assert imported(statement) & absent == set()
