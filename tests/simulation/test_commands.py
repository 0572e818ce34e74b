"""The two commands: generate visits, and settle them."""

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from tests.simulation.factories import results, some_visits, write
from yidi.cli.main import cli
from yidi.policy.book import book
from yidi.resources import data_path
from yidi.simulation import columns
from yidi.simulation.rules import Rules
from yidi.simulation.stream import simulate
from yidi.values.money import yuan_text


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(item) for item in arguments], prog_name="yidi")


def data(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def data_of(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def refused(result: Result, code: str) -> None:
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert result.stderr.startswith(f"错误 [{code}]")
    assert result.stderr.count("\n") == 1


@pytest.fixture
def visits(tmp_path: Path) -> Path:
    return write(tmp_path / "visits.parquet", some_visits())


# generate


def test_generate_and_settle(tmp_path: Path) -> None:
    made = data(run("generate", "visits", "--year", 2027, "--people", 300, "--out", tmp_path / "v", "--json"))
    files = list((tmp_path / "v").iterdir())
    assert made == {
        "visits": sum(pq.read_metadata(path).num_rows for path in files),
        "people": 300,
        "bytes": sum(path.stat().st_size for path in files),
    }
    summary = data(run("simulate", tmp_path / "v", "--out", tmp_path / "out", "--json"))
    assert (summary["visits"], summary["people"]) == (made["visits"], 300)


def test_generate_says_that_visits_are_made_up(tmp_path: Path) -> None:
    result = run(
        "generate", "visits", "--year", 2027, "--visits", 1234, "--out", tmp_path / "v", "--parts", 1
    )
    assert result.exit_code == 0, result.output
    assert "合成数据" in result.stdout
    assert "205 人的 1,234 次就诊" in result.stdout
    assert [path.name for path in (tmp_path / "v").iterdir()] == ["part-00000.parquet"]


def test_parameters_are_printed_with_their_sources() -> None:
    result = run("generate", "visits", "--year", 2025, "--parameters")
    assert result.exit_code == 0, result.output
    assert "假定" in result.stdout
    assert "[1] https://www.nhsa.gov.cn/" in result.stdout
    rows = {
        row["name"]: row for row in data(run("generate", "visits", "--year", 2025, "--parameters", "--json"))
    }
    assert rows["national.visits"]["value"] == "292000000"
    assert rows["visits.mean"]["source"] == "assumed"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--year", "2027", "--people", "9"], "CLI-USAGE"),
        (["--year", "2027", "--out", "v"], "CLI-USAGE"),
        (["--year", "1066", "--people", "9", "--out", "v"], "CLI-USAGE"),
        (["--people", "9", "--out", "v"], "CLI-USAGE"),
        (["--year", "2027", "--people", "9", "--visits", "8", "--out", "v"], "SIMULATION-SIZE"),
        (["--year", "2027", "--people", "9", "--out", "taken"], "SIMULATION-FOLDER"),
        (["--year", "2027", "--people", "9", "--out", "taken/file/v"], "SIMULATION-WRITE"),
        (["--year", "2000", "--people", "9", "--answered-only", "--out", "v"], "SIMULATION-UNANSWERED"),
    ],
)
def test_generate_refuses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], code: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "file").write_text("", encoding="utf-8")
    refused(run("generate", "visits", *arguments), code)
    assert not (tmp_path / "v").exists()


# simulate


def test_the_summary(tmp_path: Path, visits: Path) -> None:
    summary = data(run("simulate", visits, "--out", tmp_path / "out", "--unverified", "--json"))
    found = results(tmp_path / "out")
    base = summary["sides"]["base"]
    assert summary["visits"] == summary["settled_now"] == len(found)
    assert summary["people"] == len(set(found["person"].to_pylist()))
    assert summary["total"] == yuan_text(sum(some_visits()["total"].to_pylist()))
    assert base["fund"] == yuan_text(sum(found["fund"].to_pylist()))
    assert base["layers"] == yuan_text(sum(found["layers"].to_pylist()))
    assert base["refused"] == len(found) - found["reason"].null_count
    reasons = [reason for reason in found["reason"].to_pylist() if reason]
    assert base["reasons"] == {reason: reasons.count(reason) for reason in set(reasons)}
    assert summary["peak_mib"] > 50
    assert "<html" in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    report = data_of(tmp_path / "out" / "report.json")
    assert report["whole"]["sides"]["base"]["fund"] == base["fund"]
    assert [file["name"] for file in report["about"]["files"]] == ["visits.parquet"]
    assert "reform" not in summary["sides"]


def test_the_summary_for_people(tmp_path: Path, visits: Path) -> None:
    result = run(
        "simulate", visits, "--out", tmp_path / "out", "--rules", data_path("policies"), "--workers", 1
    )
    assert result.exit_code == 0, result.output
    assert "没有可用的规则 POLICY-MISSING" in result.stdout
    assert f"就诊 {len(some_visits()):,} 次，500 人" in result.stdout
    assert "MiB" in result.stdout


def test_results_alone_are_those_of_a_whole_run_and_can_be_completed(tmp_path: Path, visits: Path) -> None:
    alone, whole = tmp_path / "alone", tmp_path / "whole"
    summary = data(run("simulate", visits, "--out", alone, "--results-only", "--json"))
    assert set(summary) == {"visits", "settled_now", "seconds", "visits_per_second", "peak_mib"}
    assert not (alone / "report.html").exists()
    reported = data(run("simulate", visits, "--out", whole, "--json"))
    assert results(alone).equals(results(whole))
    completed = data(run("simulate", visits, "--out", alone, "--resume", "--json"))
    assert completed["sides"] == reported["sides"]
    assert (alone / "report.html").exists()
    said = run("simulate", visits, "--out", tmp_path / "said", "--results-only")
    assert "report.html" not in said.stdout


def test_against_a_reform(tmp_path: Path, visits: Path) -> None:
    reform = tmp_path / "reform"
    shutil.copytree(data_path("policies"), reform)
    pack = reform / "360000-jiangxi" / "employee" / "general-outpatient.yaml"
    pack.write_text(pack.read_text(encoding="utf-8").replace("60%", "62%"), encoding="utf-8")
    arguments = ["simulate", visits, "--against", reform, "--out", tmp_path / "out", "--unverified"]
    sides = data(run(*arguments, "--json"))["sides"]
    assert float(sides["reform"]["fund"]) > float(sides["base"]["fund"])
    again = run(*arguments, "--resume")
    assert again.exit_code == 0, again.output
    assert "比较规则" in again.stdout
    assert "本次结算 0 次" in again.stdout


def test_a_reading_is_passed_on(tmp_path: Path, visits: Path) -> None:
    summary = data(run("simulate", visits, "--out", tmp_path / "a", "--reading", "no-such", "--json"))
    simulate(visits, Rules(book(), reading="no-such"), tmp_path / "b")
    assert results(tmp_path / "a").equals(results(tmp_path / "b"))
    assert set(summary["sides"]["base"]["reasons"]) == {"POLICY-READING"}


def test_simulate_refuses(tmp_path: Path, visits: Path) -> None:
    out = tmp_path / "out"
    refused(run("simulate", tmp_path / "gone.parquet", "--out", out), "CLI-USAGE")
    refused(run("simulate", visits), "CLI-USAGE")
    refused(run("simulate", visits, "--out", out, "--resume"), "SIMULATION-NO-RUN")
    refused(run("simulate", data_path("policies"), "--out", out), "SIMULATION-NO-VISITS")
    assert not out.exists()
    assert run("simulate", visits, "--out", out).exit_code == 0
    refused(run("simulate", visits, "--out", out), "SIMULATION-OUTPUT")
    refused(run("simulate", visits, "--out", out, "--resume", "--unverified"), "SIMULATION-CHANGED")


def test_simulate_says_where_it_cannot_write(tmp_path: Path, visits: Path) -> None:
    refused(run("simulate", visits, "--out", visits / "out"), "SIMULATION-WRITE")
    refused(run("simulate", visits, "--out", visits), "SIMULATION-OUTPUT")


def test_what_another_wrote_about_a_file_does_not_matter(tmp_path: Path, visits: Path) -> None:
    for number, said in enumerate(
        (b"no json", b"\xff", b"[1]", b'{"generator": 5}', b'{"generator": {"parameters": [1]}}')
    ):
        table = pq.read_table(visits)[:20].replace_schema_metadata({columns.ABOUT: said})
        pq.write_table(table, visits)
        assert data(run("simulate", visits, "--out", tmp_path / str(number), "--json"))["visits"] == 20


def test_a_missing_package_is_told(tmp_path: Path, visits: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    refused(run("simulate", visits, "--out", tmp_path / "out"), "SIMULATION-PACKAGE")
    refused(
        run("generate", "visits", "--year", 2027, "--people", 3, "--out", tmp_path / "out"),
        "SIMULATION-PACKAGE",
    )
    assert not (tmp_path / "out").exists()
