"""Settling files of visits: the same money as one by one, however they are cut, and nothing half done."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from tests.simulation.factories import (
    YEAR,
    one_by_one,
    results,
    some_visits,
    with_column,
    write,
    write_cut,
)
from yidi.policy.book import RuleBook, book, load
from yidi.resources import data_path
from yidi.simulation import columns, plan, stream
from yidi.simulation.errors import (
    BadFile,
    BadManifest,
    BadVisit,
    ColumnTwice,
    FolderInUse,
    MissingColumn,
    NothingToResume,
    NotSorted,
    NoVisits,
    OutputTaken,
    RunChanged,
    UnfinishedVisits,
    WrongType,
)
from yidi.simulation.files import claimed
from yidi.simulation.rules import Rules
from yidi.simulation.stream import simulate
from yidi.values.errors import Refusal
from yidi.values.terms import LAYERS

MONEY = ("deductible", "fund", "layers", "upfront", "reason")


@cache
def unverified_rules() -> Rules:
    """The shipped book, where unverified statements may speak."""
    return Rules(book(), unverified=True)


@pytest.fixture(scope="module")
def reform(tmp_path_factory: pytest.TempPathFactory) -> RuleBook:
    """The shipped book with another share in one pack, and without another pack."""
    folder = tmp_path_factory.mktemp("reform") / "policies"
    shutil.copytree(data_path("policies"), folder)
    pack = folder / "360000-jiangxi" / "employee" / "general-outpatient.yaml"
    text = pack.read_text(encoding="utf-8")
    assert "60%" in text
    pack.write_text(text.replace("60%", "61%"), encoding="utf-8")
    (folder / "330100-hangzhou" / "employee" / "general-outpatient.yaml").unlink()
    return load(folder)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, reform: RuleBook) -> pa.Table:
    """The results of all visits as one file, by two rule books."""
    folder = tmp_path_factory.mktemp("whole")
    visits = write(folder / "visits.parquet", some_visits())
    simulate(visits, Rules(book(), reform, unverified=True), folder / "out", workers=1)
    return results(folder / "out")


# the same money


@pytest.mark.parametrize("unverified", [True, False])
def test_batches_pay_what_single_visits_are_paid(tmp_path: Path, unverified: bool) -> None:
    visits = write(tmp_path / "visits.parquet", some_visits())
    simulate(visits, Rules(book(), unverified=unverified), tmp_path / "out")
    found = results(tmp_path / "out")
    expected = one_by_one(some_visits(), book(), unverified=unverified)
    assert found.select(MONEY).to_pylist() == expected
    assert (
        found.select(["person", "serial"]).to_pylist()
        == some_visits().select(["person", "serial"]).to_pylist()
    )
    refused = sum(row["reason"] is not None for row in expected)
    assert 0 < refused < len(expected) * (0.3 if unverified else 0.9)
    assert any(row["deductible"] for row in expected)
    assert len({row["reason"] for row in expected}) > (2 if unverified else 1)


def test_a_reform_is_paid_beside_the_base(whole: pa.Table, reform: RuleBook) -> None:
    for before, rules in (("", book()), (columns.REFORM, reform)):
        found = whole.select([before + name for name in MONEY]).rename_columns(list(MONEY))
        assert found.to_pylist() == one_by_one(some_visits(), rules, unverified=True)
    assert whole["fund"].to_pylist() != whole["reform_fund"].to_pylist()
    assert whole["reform_reason"].null_count < whole["reason"].null_count


def test_a_reading_called_by_name(tmp_path: Path) -> None:
    visits = write(tmp_path / "visits.parquet", some_visits()[:300])
    simulate(visits, Rules(book(), reading="no-such-reading"), tmp_path / "out")
    reasons = set(results(tmp_path / "out")["reason"].to_pylist())
    assert reasons == {row["reason"] for row in one_by_one(some_visits()[:300], book(), "no-such-reading")}


@pytest.mark.parametrize("compiled", [True, False])
def test_the_compiled_engine_pays_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whole: pa.Table, compiled: bool
) -> None:
    monkeypatch.setattr(stream, "COMPILED_FROM", 1 if compiled else 1 << 40)
    visits = write(tmp_path / "visits.parquet", some_visits())
    run = simulate(visits, unverified_rules(), tmp_path / "out")
    assert run.compiled is compiled
    assert results(tmp_path / "out").equals(whole.select(results(tmp_path / "out").schema.names))


# however they are cut


@pytest.mark.parametrize("workers", [1, 2, 5])
@pytest.mark.parametrize("batch", [1, 7, 1000])
def test_batches_and_threads_change_nothing(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    whole: pa.Table,
    reform: RuleBook,
    batch: int,
    workers: int,
) -> None:
    monkeypatch.setattr(stream, "BATCH_ROWS", batch)
    monkeypatch.setattr(plan, "PART_ROWS", 100)
    visits = write_cut(tmp_path / "visits", some_visits()[-900:], [250, 251, 700], rows=70)
    run = simulate(visits, Rules(book(), reform, unverified=True), tmp_path / "out", workers)
    assert len(run.plan.parts) > 6
    people = set(some_visits()["person"].to_pylist()[-900:-899])
    mine = [row for row in whole.to_pylist()[-900:] if row["person"] not in people]
    assert [row for row in results(tmp_path / "out").to_pylist() if row["person"] not in people] == mine


def cuts_within(table: pa.Table) -> list[int]:
    """Rows before which the same person has a visit already."""
    people = table["person"].to_pylist()
    return [row for row in range(1, len(people)) if people[row] == people[row - 1]]


@pytest.mark.parametrize("rows", [1, 3, 64])
def test_people_cut_in_two_by_files_and_row_groups(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: int
) -> None:
    """A person may go on through several row groups and files, and parts begin anywhere."""
    monkeypatch.setattr(plan, "PART_ROWS", rows)
    some = some_visits()[:80]
    cuts = cuts_within(some)
    assert len(cuts) > 40
    expected = one_by_one(some, book(), unverified=True)
    for number, chosen in enumerate((cuts[::3], cuts[1:20])):
        folder = write_cut(tmp_path / f"visits{number}", some, chosen, rows)
        run = simulate(folder, unverified_rules(), tmp_path / f"out{number}")
        found = results(tmp_path / f"out{number}")
        assert found.select(MONEY).to_pylist() == expected
        assert run.sums().people == len(set(some["person"].to_pylist()))


def test_parts_hold_whole_people(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan, "PART_ROWS", 100)
    write(tmp_path / "visits.parquet", some_visits(), rows=60)
    simulate(tmp_path / "visits.parquet", unverified_rules(), tmp_path / "out")
    parts = [
        set(pq.read_table(path)["person"].to_pylist()) for path in (tmp_path / "out" / "results").iterdir()
    ]
    assert len(parts) > 10
    assert sum(map(len, parts)) == len(set.union(*parts)) == 500


def test_files_of_other_makers(tmp_path: Path, whole: pa.Table) -> None:
    """Words as plain text, numbers of other widths, no statistics, other columns too."""
    table = some_visits()
    for name in (*columns.WORDS, columns.SLOT):
        table = with_column(table, name, table[name].to_pylist(), pa.string())
    for name in ("serial", "pool", "age", "traits"):
        table = with_column(table, name, table[name].to_pylist(), pa.int64())
    table = with_column(table, "person", table["person"].to_pylist(), pa.int32()).append_column(
        "more", table["age"]
    )
    (tmp_path / "visits").mkdir()
    plain = table.select([*reversed(table.schema.names)]).replace_schema_metadata(None)
    pq.write_table(plain, tmp_path / "visits" / "a.parquet", write_statistics=False, row_group_size=500)
    run = simulate(tmp_path / "visits", unverified_rules(), tmp_path / "out")
    assert run.plan.wide
    found = results(tmp_path / "out")
    assert found.schema.field("fund").type == pa.int64()
    names = ["person", "serial", *MONEY]
    assert found.select(names).to_pylist() == whole.select(names).to_pylist()


def test_amounts_beyond_32_bits(tmp_path: Path) -> None:
    some = some_visits()[:50]
    amounts = [5_000_000_000] * 50
    table = with_column(with_column(some, "total", amounts), "in_scope", amounts)
    simulate(write(tmp_path / "v.parquet", table), unverified_rules(), tmp_path / "out")
    found = results(tmp_path / "out")
    assert found.schema.field("upfront").type == pa.int64()
    assert found.select(MONEY).to_pylist() == one_by_one(table, book(), unverified=True)


def test_no_visits_at_all(tmp_path: Path) -> None:
    visits = write(tmp_path / "v.parquet", some_visits()[:0])
    run = simulate(visits, unverified_rules(), tmp_path / "out")
    assert len(results(tmp_path / "out")) == 0
    assert run.sums().people == 0


def test_the_tally_counts_all_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan, "PART_ROWS", 300)
    visits = write(tmp_path / "visits.parquet", some_visits(), rows=100)
    run = simulate(visits, unverified_rules(), tmp_path / "out")
    sums, found = run.sums(), results(tmp_path / "out")
    assert sums.people == 500
    assert sums.total == sum(some_visits()["total"].to_pylist())
    for name in ("fund", "deductible", "layers", "upfront"):
        assert int(sums.cells[f"base.{name}"].sum()) == sum(found[name].to_pylist())
    assert int(sums.cells["base.refused"].sum()) == len(found) - found["reason"].null_count
    assert LAYERS


def test_results_say_what_they_are(tmp_path: Path) -> None:
    simulate(write(tmp_path / "v.parquet", some_visits()[:10]), unverified_rules(), tmp_path / "out")
    schema = pq.read_schema(tmp_path / "out" / "results" / "v.parquet")
    about = columns.about(schema)
    assert about["rules"] == {"base": book().digest, "reform": None, "reading": "", "unverified": True}
    assert about["sorted_by"] == ["person", "day", "serial"]
    assert b"fen" in schema.field("fund").metadata[b"about"]
    assert b"total - fund - layers" in schema.field("reason").metadata[b"about"]


# cut short


class Dying:
    """Progress that kills the process after so many batches."""

    def __init__(self, batches: int) -> None:
        self.left = batches

    def begin(self, total: int, done: int) -> None:
        pass

    def advance(self, more: int) -> None:
        self.left -= 1
        if not self.left:
            os.kill(os.getpid(), signal.SIGKILL)


DYING = """
import sys
from pathlib import Path
from tests.simulation.test_stream import Dying, rules_in
from yidi.simulation import plan, stream
plan.PART_ROWS, stream.BATCH_ROWS = 300, 64
visits, out, policies = map(Path, sys.argv[1:4])
stream.simulate(visits, rules_in(policies), out, 2, "resume" in sys.argv, Dying(int(sys.argv[4])))
"""


def rules_in(policies: Path) -> Rules:
    """Rules that a process of its own reads too: nobody changes that folder meanwhile."""
    return Rules(load(policies), unverified=True)


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix != ".npz"
    }


def test_a_run_killed_goes_on_and_ends_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan, "PART_ROWS", 300)
    monkeypatch.setattr(stream, "BATCH_ROWS", 64)
    visits, out = write(tmp_path / "visits.parquet", some_visits(), rows=100), tmp_path / "out"
    policies = tmp_path / "policies"
    shutil.copytree(data_path("policies"), policies)
    rules = rules_in(policies)
    for deaths, batches in enumerate((20, 17)):
        arguments = [str(visits), str(out), str(policies), str(batches), *(["resume"] if deaths else [])]
        died = subprocess.run(
            [sys.executable, "-c", DYING, *arguments],
            check=False,
            capture_output=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        assert died.returncode == -signal.SIGKILL, died.stderr.decode()
    done = {path.name: path.stat().st_mtime_ns for path in (out / "results").glob("*.parquet")}
    assert done, "a part was complete"
    assert list(out.rglob("*.unfinished")), "another was under way"
    with pytest.raises(OutputTaken):
        simulate(visits, rules, out)

    seen = Watching()
    run = simulate(visits, rules, out, resume=True, progress=seen)
    at_once = simulate(visits, rules, tmp_path / "at-once").sums()
    assert files_of(out) == files_of(tmp_path / "at-once")
    assert {name: (out / "results" / name).stat().st_mtime_ns for name in done} == done
    assert seen.total == len(some_visits())
    assert 0 < seen.before < seen.total
    assert run.sums().people == at_once.people == 500
    assert run.sums().cells.document() == at_once.cells.document()


class Watching:
    """Progress that notes what it is told."""

    def __init__(self) -> None:
        self.total = self.before = self.settled = 0

    def begin(self, total: int, done: int) -> None:
        self.total, self.before = total, done

    def advance(self, more: int) -> None:
        self.settled += more


def test_an_interrupted_run_leaves_whole_parts_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan, "PART_ROWS", 300)
    monkeypatch.setattr(stream, "BATCH_ROWS", 50)
    visits = write(tmp_path / "visits.parquet", some_visits(), rows=100)

    class Interrupting(Watching):
        def advance(self, more: int) -> None:
            super().advance(more)
            if self.settled > 1_000:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        simulate(visits, unverified_rules(), tmp_path / "out", progress=Interrupting())
    assert not list((tmp_path / "out").rglob("*.unfinished"))
    run = simulate(visits, unverified_rules(), tmp_path / "out", resume=True)
    assert run.sums().people == 500


def test_progress_comes_to_all_visits(tmp_path: Path) -> None:
    seen = Watching()
    simulate(
        write(tmp_path / "v.parquet", some_visits()), unverified_rules(), tmp_path / "out", progress=seen
    )
    assert (seen.total, seen.before, seen.settled) == (len(some_visits()), 0, len(some_visits()))


def test_nothing_to_resume(tmp_path: Path) -> None:
    with pytest.raises(NothingToResume):
        simulate(
            write(tmp_path / "v.parquet", some_visits()[:9]),
            unverified_rules(),
            tmp_path / "out",
            resume=True,
        )


def test_a_run_whose_rules_or_visits_changed_does_not_go_on(tmp_path: Path, reform: RuleBook) -> None:
    visits, out = write(tmp_path / "v.parquet", some_visits()[:90]), tmp_path / "out"
    simulate(visits, unverified_rules(), out)
    before = files_of(out)
    for other in (Rules(book()), Rules(reform, unverified=True), Rules(book(), reform, unverified=True)):
        with pytest.raises(RunChanged, match="规则库"):
            simulate(visits, other, out, resume=True)
    totals = some_visits()["total"].to_pylist()[:90]
    write(visits, with_column(some_visits()[:90], "total", [totals[0] + 100, *totals[1:]]))
    with pytest.raises(RunChanged, match="就诊文件"):
        simulate(visits, unverified_rules(), out, resume=True)
    manifest = json.loads((out / plan.MANIFEST).read_text(encoding="utf-8"))
    (out / plan.MANIFEST).write_text(json.dumps(manifest | {"yidi": "0.0.1"}), encoding="utf-8")
    write(visits, some_visits()[:90])
    with pytest.raises(RunChanged, match="版本"):
        simulate(visits, unverified_rules(), out, resume=True)
    (out / plan.MANIFEST).write_bytes(before[plan.MANIFEST])
    simulate(visits, unverified_rules(), out, resume=True)
    assert files_of(out) == before


# what cannot be


def changed(name: str, row: int, value: Any, of: pa.DataType | None = None) -> Callable[[pa.Table], pa.Table]:
    """Visits with another value in one row."""

    def spoil(table: pa.Table) -> pa.Table:
        values = table[name].to_pylist()
        values[row] = value
        if pa.types.is_dictionary(table.schema.field(name).type):
            return with_column(table, name, pa.array(values, pa.string()).dictionary_encode(), pa.string())
        return with_column(table, name, values, of)

    return spoil


def as_type(name: str, of: pa.DataType, change: Callable[[Any], Any]) -> Callable[[pa.Table], pa.Table]:
    return lambda table: with_column(table, name, [change(value) for value in table[name].to_pylist()], of)


def nullable(table: pa.Table) -> pa.Table:
    return table.cast(pa.schema([field.with_nullable(True) for field in table.schema]))


def midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001


def again(name: str, value: Any) -> Callable[[pa.Table], pa.Table]:
    """Visits with another value in the first that is not its person's first."""
    return lambda table: changed(name, cuts_within(table)[0], value)(table)


WRONG: dict[str, tuple[Callable[[pa.Table], pa.Table], type[Refusal], str]] = {
    "unknown pool": (changed("pool", 150, 999_999), BadVisit, "第 151 行"),
    "a county is no pool": (changed("pool", 0, 360_121), BadVisit, "第 1 行"),
    "negative pool": (changed("pool", 3, -1), BadVisit, "pool"),
    "negative total": (changed("total", 120, -1), BadVisit, "第 121 行"),
    "negative in scope": (changed("in_scope", 120, -1), BadVisit, "in_scope"),
    "more in scope than in all": (changed("in_scope", 9, 1 << 40), BadVisit, "第 10 行"),
    "too large": (changed("total", 9, 1 << 60), BadVisit, "第 10 行"),
    "too old": (changed("age", 30, 151), BadVisit, "第 31 行"),
    "unknown trait": (changed("traits", 30, 1 << 20), BadVisit, "traits"),
    "before all dates": (changed("day", 0, date(1969, 12, 31)), BadVisit, "第 1 行"),
    "unknown standing": (
        changed("standing", 77, "pensioner"),
        BadVisit,
        "第 78 行的 standing 不对（pensioner）",
    ),
    "unknown level": (changed("level", 77, "cosmic"), BadVisit, "level"),
    "unknown situation": (changed("situation", 77, ""), BadVisit, "situation"),
    "unknown benefit": (changed("slot", 77, "dentist:M03900"), BadVisit, "slot"),
    "another person later": (changed("person", 150, 499), NotSorted, "第 152 行"),
    "an earlier person": (changed("person", 60, 0), NotSorted, "第 61 行"),
    "an earlier day": (again("day", date(YEAR - 1, 1, 1)), NotSorted, "第 {again} 行"),
    "the same serial": (again("serial", 1), NotSorted, "第 {again} 行"),
    "no serial": (lambda table: table.drop_columns("serial"), MissingColumn, "缺少列 serial"),
    "no level": (lambda table: table.drop_columns("level"), MissingColumn, "缺少列 level"),
    "two totals": (
        lambda table: table.append_column("total", table["total"]),
        ColumnTwice,
        "不止一个名为 total 的列",
    ),
    "far too late": (
        changed("day", 199, date(2262, 1, 1)),
        BadVisit,
        "2262-01-01）：应在 1970-01-01 至 2099-12-31",
    ),
    "a slot with nothing behind it": (changed("slot", 7, "general-outpatient::"), BadVisit, "第 8 行的 slot"),
    "no total": (lambda table: table.drop_columns("total"), MissingColumn, "缺少列 total"),
    "total as text": (as_type("total", pa.string(), str), WrongType, "total 是 string，应为 int64"),
    "total in yuan": (as_type("total", pa.float64(), float), WrongType, "total"),
    "person as text": (as_type("person", pa.string(), str), WrongType, "person"),
    "standing as numbers": (as_type("standing", pa.int8(), len), WrongType, "应为 string"),
    "day with time": (as_type("day", pa.timestamp("us"), midnight), WrongType, "date32"),
    "age beyond its width": (changed("age", 5, 70_000, pa.int32()), BadVisit, "第 6 行"),
    "person beyond its width": (changed("person", 199, (1 << 64) - 1, pa.uint64()), BadVisit, "第 200 行"),
    "nobody": (lambda table: changed("person", 4, None)(nullable(table)), BadVisit, "第 5 行"),
    "no day": (lambda table: changed("day", 4, None)(nullable(table)), BadVisit, "day 不对（null）"),
    "no word": (lambda table: changed("standing", 4, None)(nullable(table)), BadVisit, "standing"),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_visits_are_refused_by_row(tmp_path: Path, name: str) -> None:
    spoil, refusal, says = WRONG[name]
    table = spoil(some_visits()[:200])
    pq.write_table(table, tmp_path / "v.parquet", row_group_size=100)
    with pytest.raises(refusal) as refused:
        simulate(tmp_path / "v.parquet", unverified_rules(), tmp_path / "out")
    assert says.format(again=cuts_within(some_visits())[0] + 1) in str(refused.value)
    assert "v.parquet" in refused.value.message
    assert "v.parquet" in refused.value.english
    assert not list((tmp_path / "out").rglob("*"))  # the same command can be given again


def test_a_wrong_visit_leaves_the_parts_before_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "BATCH_ROWS", 50)
    good, bad = some_visits()[:600], changed("total", 300, -5)(some_visits()[600:1200])
    write(tmp_path / "v" / "a.parquet", good, 100)
    write(tmp_path / "v" / "b.parquet", bad, 100)
    with pytest.raises(BadVisit, match=r"b\.parquet 第 301 行"):
        simulate(tmp_path / "v", unverified_rules(), tmp_path / "out", workers=1)
    names = sorted(path.name for path in (tmp_path / "out").rglob("*") if path.is_file())
    assert names == ["a.npz", "a.parquet", plan.MANIFEST]


def test_files_in_the_wrong_order(tmp_path: Path) -> None:
    write(tmp_path / "v" / "b.parquet", some_visits()[:300])
    write(tmp_path / "v" / "a.parquet", some_visits()[300:600])
    with pytest.raises(NotSorted, match=r"b\.parquet"):
        simulate(tmp_path / "v", unverified_rules(), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_person_who_comes_back_in_the_next_group(tmp_path: Path) -> None:
    """Statistics cannot tell: the person stands at the edge of a group and further on in the next."""
    some = some_visits()[:200]
    people = some["person"].to_pylist()
    cut = next(row for row in range(100, 200) if people[row] != people[row - 1])
    spoilt = changed("person", cut + 30, people[cut - 1])(some)
    folder = tmp_path / "v"
    write(folder / "a.parquet", spoilt[:cut])
    write(folder / "b.parquet", spoilt[cut:])
    with pytest.raises(NotSorted, match=r"b\.parquet"):
        simulate(folder, unverified_rules(), tmp_path / "out")


def test_no_files(tmp_path: Path) -> None:
    with pytest.raises(NoVisits):
        simulate(tmp_path, unverified_rules(), tmp_path / "out")
    (tmp_path / "v.parquet").write_bytes(b"not parquet at all")
    with pytest.raises(BadFile):
        simulate(tmp_path / "v.parquet", unverified_rules(), tmp_path / "out")
    whole = write(tmp_path / "w.parquet", some_visits()[:100]).read_bytes()
    (tmp_path / "w.parquet").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(BadFile):
        simulate(tmp_path / "w.parquet", unverified_rules(), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_one_person_longer_than_batches_groups_and_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All visits of a person belong to one part, however many there are, and pay what they pay in one piece."""
    mine = some_visits().filter(pc.equal(some_visits()["person"], 1))
    days = sorted((mine["day"].to_pylist() * (3_000 // len(mine) + 1))[:3_000])
    rows = [row % len(mine) for row in range(3_000)]
    long = with_column(with_column(mine.take(rows), "day", days), "serial", list(range(3_000)))
    table = pa.concat_tables([long, some_visits().filter(pc.greater(some_visits()["person"], 1))[:200]])
    at_once = simulate(write(tmp_path / "one.parquet", table), unverified_rules(), tmp_path / "at-once")
    monkeypatch.setattr(stream, "BATCH_ROWS", 128)
    monkeypatch.setattr(plan, "PART_ROWS", 300)
    visits = write_cut(tmp_path / "cut", table, (700, 1_400, 2_500, 3_100), rows=100)
    cut = simulate(visits, unverified_rules(), tmp_path / "out", workers=3)
    assert results(tmp_path / "out").to_pylist() == results(tmp_path / "at-once").to_pylist()
    assert cut.sums().cells.document() == at_once.sums().cells.document()
    assert cut.sums().people == at_once.sums().people


def test_what_is_no_file_is_not_left_out(tmp_path: Path) -> None:
    """A folder or a link to nothing among the files could stand for visits that are missing."""
    for number, spoil in enumerate((Path.mkdir, lambda path: path.symlink_to(tmp_path / "gone"))):
        folder = tmp_path / str(number)
        write(folder / "a.parquet", some_visits()[:50])
        spoil(folder / "b.parquet")
        with pytest.raises(BadFile, match=r"b\.parquet"):
            simulate(folder, unverified_rules(), tmp_path / "out")
    (folder / "b.parquet").rename(folder / "b.parquet.unfinished")
    with pytest.raises(UnfinishedVisits, match=r"b\.parquet\.unfinished"):
        simulate(folder, unverified_rules(), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_run_that_lost_its_papers(tmp_path: Path) -> None:
    visits, out = write(tmp_path / "v.parquet", some_visits()[:90]), tmp_path / "out"
    out.mkdir()
    (out / f"{plan.MANIFEST}.unfinished").write_text("{", encoding="utf-8")  # killed at its very beginning
    run = simulate(visits, unverified_rules(), out)
    whole = files_of(out)
    run.tally(run.plan.parts[0]).unlink()
    simulate(visits, unverified_rules(), out, resume=True)
    assert files_of(out) == whole
    with claimed(out), pytest.raises(FolderInUse):
        simulate(visits, unverified_rules(), out, resume=True)
    (out / plan.MANIFEST).write_text("[]", encoding="utf-8")
    with pytest.raises(BadManifest):
        simulate(visits, unverified_rules(), out, resume=True)


def test_a_file_damaged_within(tmp_path: Path) -> None:
    path = write(tmp_path / "v.parquet", some_visits(), 1000)
    whole = bytearray(path.read_bytes())
    whole[4:2_000] = bytes(1_996)
    path.write_bytes(whole)
    with pytest.raises(BadFile, match=r"v\.parquet"):
        simulate(path, unverified_rules(), tmp_path / "out")
    assert not list((tmp_path / "out").rglob("*.unfinished"))
