"""The same settlement on Spark: two workers, several Arrow batches for each partition, people in more than one."""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from tests.simulation.factories import results, some_visits, with_column, write, write_cut
from yidi.policy.book import book
from yidi.simulation import columns
from yidi.simulation.errors import BadVisit, NotSorted
from yidi.simulation.rules import Rules
from yidi.simulation.spark import settle, settle_batches
from yidi.simulation.stream import simulate

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

ROWS = 16
"""Of an Arrow batch: many people have more visits than one batch has left."""
PARTITIONS = 4
"""Where nobody says how many: two for each worker, each of many batches, instead of Spark's two hundred."""


@pytest.fixture(scope="module")
def rules() -> Rules:
    return Rules(book(), book(), unverified=True)


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator["SparkSession"]:
    pytest.importorskip("pyspark", reason="needs pyspark: pip install 'yidi[spark]'")
    pytest.importorskip("pandas", reason="needs pandas: pip install 'yidi[spark]'")
    if shutil.which("java") is None:
        pytest.skip("needs Java, at least 17")
    from pyspark import SparkContext
    from pyspark.sql import SparkSession

    folder = tmp_path_factory.mktemp("spark")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("PYSPARK_PYTHON", sys.executable)
        environment.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        environment.setenv("PYTHONPATH", os.pathsep.join(sys.path))
        started = (
            SparkSession.builder.master("local[2]")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.driver.memory", "1g")
            .config("spark.ui.enabled", "false")
            .config("spark.log.level", "ERROR")
            .config("spark.local.dir", str(folder / "local"))
            .config("spark.sql.warehouse.dir", str(folder / "warehouse"))
            .config("spark.sql.execution.arrow.maxRecordsPerBatch", ROWS)
            .config("spark.sql.shuffle.partitions", PARTITIONS)
            .getOrCreate()
        )
        yield started
        gateway = SparkContext._gateway
        started.stop()
        assert gateway is not None
        gateway.shutdown()
        # Java ends when nobody writes to it any more.
        gateway.proc.stdin.close()
        gateway.proc.wait(60)
        SparkContext._gateway = SparkContext._jvm = None


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory, rules: Rules) -> pa.Table:
    """What one machine comes to."""
    folder = tmp_path_factory.mktemp("one-machine")
    simulate(write(folder / "visits.parquet", some_visits()), rules, folder / "out")
    return results(folder / "out")


def rows_of(table: pa.Table) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = table.sort_by(
        [("person", "ascending"), ("serial", "ascending")]
    ).to_pylist()
    return rows


@pytest.mark.parametrize("compiled", [True, False])
def test_spark_pays_the_same_to_the_fen(
    tmp_path: Path, session: "SparkSession", expected: pa.Table, compiled: bool, rules: Rules
) -> None:
    visits = write_cut(tmp_path / "visits", some_visits(), range(100, 1_500, 100), rows=40)
    shuffled = session.read.parquet(str(visits)).orderBy("total", "person", "serial")
    settled = settle(session, shuffled, rules, partitions=3, compiled=compiled)
    found = settled.toArrow()
    assert len(found) == len(expected)
    assert rows_of(found) == rows_of(expected)


def test_partitions_are_larger_than_batches_and_people_go_on_in_the_next(
    session: "SparkSession", tmp_path: Path
) -> None:
    """Otherwise the test above would show nothing about what is carried from batch to batch."""
    visits = session.read.parquet(str(write(tmp_path / "visits.parquet", some_visits())))

    def sizes(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        last = -1
        for number, batch in enumerate(batches):
            people = batch.column("person").to_pylist()
            row = {"batch": [number], "rows": [len(batch)], "goes_on": [people[0] == last]}
            yield pa.RecordBatch.from_pydict(row)
            last = people[-1]

    spread = visits.repartitionByRange(2, "person").sortWithinPartitions(*columns.ORDER)
    found = spread.mapInArrow(sizes, "batch bigint, rows bigint, goes_on boolean").toArrow().to_pylist()
    assert max(row["batch"] for row in found) > 20
    assert max(row["rows"] for row in found) == ROWS
    assert sum(row["goes_on"] for row in found) > 10


def test_results_written_by_spark(
    session: "SparkSession", expected: pa.Table, tmp_path: Path, rules: Rules
) -> None:
    visits = session.read.parquet(str(write(tmp_path / "visits.parquet", some_visits())))
    settle(session, visits, rules, compiled=False).write.parquet(str(tmp_path / "results"))
    found = session.read.parquet(str(tmp_path / "results")).toArrow()
    assert rows_of(found) == rows_of(expected)


def test_a_wrong_visit_is_refused_by_name(session: "SparkSession", tmp_path: Path, rules: Rules) -> None:
    from pyspark.errors import PythonException

    totals = some_visits()["total"].to_pylist()
    spoilt = with_column(some_visits(), "total", [*totals[:-1], -1])
    visits = session.read.parquet(str(write(tmp_path / "visits.parquet", spoilt)))
    with pytest.raises(PythonException, match="SIMULATION-VISIT"):
        settle(session, visits, rules, compiled=False).collect()


# without Spark


def batches_of(table: pa.Table, rows: int) -> list[pa.RecordBatch]:
    return table.combine_chunks().to_batches(rows)


@pytest.mark.parametrize("rows", [1, 7, 100, 1_000_000])
def test_what_is_known_of_a_person_is_carried_from_batch_to_batch(
    expected: pa.Table, rows: int, rules: Rules
) -> None:
    count = min(len(expected), 500 * rows)
    settled = settle_batches(rules, batches_of(some_visits()[:count], rows), compiled=False)
    assert pa.Table.from_batches(settled).to_pylist() == expected[:count].to_pylist()


def test_batches_settled_each_by_itself_would_be_wrong(expected: pa.Table, rules: Rules) -> None:
    """The trap: a person's year begins anew in every batch."""
    alone = [
        batch
        for one in batches_of(some_visits(), ROWS)
        for batch in settle_batches(rules, [one], compiled=False)
    ]
    funds = sum(pa.Table.from_batches(alone)["fund"].to_pylist())
    assert funds != sum(expected["fund"].to_pylist())


def test_visits_out_of_order_from_batch_to_batch(rules: Rules) -> None:
    first, second, *_ = batches_of(some_visits(), 50)
    with pytest.raises(NotSorted, match="第 51 行"):
        list(settle_batches(rules, [second, first], compiled=False))


def test_a_wrong_visit_in_a_later_batch(rules: Rules) -> None:
    spoilt = with_column(
        some_visits(),
        "pool",
        [999_998 if row == 70 else pool for row, pool in enumerate(some_visits()["pool"].to_pylist())],
    )
    with pytest.raises(BadVisit, match="第 71 行"):
        list(settle_batches(rules, batches_of(spoilt, 50), compiled=False))
