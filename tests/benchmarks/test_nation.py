"""The benchmark of a nation's year: a few visits go the whole way, and its part of the page stays in its place."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import nation
from benchmarks.batch import publish
from benchmarks.nation import NATION, Step, goal, memory_of

STEPS = (
    Step("generate", 1_000_000, 2.0, 300 * 2**20, 9_000_000, {}),
    Step("settle", 1_000_000, 4.0, 700 * 2**20, 20_000_000, {"visits": 1_000_000}),
    Step("settle and report", 1_000_000, 5.0, 900 * 2**20, 20_000_000, {"visits": 1_000_000}),
)


def section() -> str:
    return nation.section(nation.as_json(STEPS, 2))


def test_generated_and_settled_as_a_user_would(tmp_path: Path) -> None:
    made, settled, reported = nation.run(60, workers=1, folder=tmp_path)
    assert made.told["visits"] == settled.told["visits"] == reported.told["visits"] == 60
    assert made.size == made.told["bytes"]
    assert not (tmp_path / "settled" / "report.html").exists()
    assert (tmp_path / "reported" / "report.html").exists()
    assert settled.size == reported.size > 0
    assert min(step.seconds for step in (made, settled, reported)) > 0


@pytest.mark.skipif(sys.platform != "linux", reason="memory is looked at through /proc")
def test_memory_is_that_of_the_whole_tree() -> None:
    code = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'print(flush=True); input()'])"
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin
        assert process.stdout
        process.stdout.readline()
        (child,) = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        assert 0 < memory_of(int(child)) < memory_of(process.pid) < memory_of(os.getpid())
        process.stdin.write(b"\n")
    assert memory_of(process.pid) == 0


def test_fewer_visits_show_nothing_about_a_year() -> None:
    assert "0.3 % of a nation's year" in goal(STEPS)
    whole = [Step("", NATION, seconds, 3 * 2**30, 1, {}) for seconds in (99.0, 59.0, 79.0)]
    said = "Settled in 59.0 s and 3.00 GiB, with the report in 79.0 s and 3.00 GiB; wanted of"
    assert goal(whole).startswith(f"{said} 292,000,000 visits: 60 s and 4 GiB")


def test_its_part_of_the_page_comes_before_the_notes_and_takes_its_own_place() -> None:
    page = f"{publish.TOP}\n## One rule\n\n| a |\n\n{publish.NOTES}"
    first = publish.with_nation(page, section())
    assert first.index("## One rule") < first.index(publish.NATION_TITLE) < first.index("## 说明")
    assert "| settle | 4.0 | 0.25 | 700 | 19.1 | 20.00 |" in first
    assert publish.nation_of(first) == section()
    assert publish.with_nation(first, section()) == first
    assert publish.nation_of(page) == ""
    alone = publish.with_nation(publish.TOP, section())
    assert publish.with_nation(alone, section()) == alone
