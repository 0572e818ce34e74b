"""The same settlement on Spark, for visits that outgrow one machine.

Every person's visits come to one partition, sorted; Spark hands a partition over in several Arrow batches, and what is
known of a person is carried from each to the next. The workers need yidi with its extra `batch`.

    session = SparkSession.builder.getOrCreate()
    settled = settle(session, session.read.parquet("visits"), Rules(book()))
    settled.write.parquet("results")
"""

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from yidi.benefit.batch import RuleTable
from yidi.simulation import columns, need_spark
from yidi.simulation.reading import Place, Reader, Slots
from yidi.simulation.rules import Rules
from yidi.simulation.settling import Settler

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

PLACE = "Spark 分区"
"""Where rows are counted: Spark knows no files."""
AMOUNT, FLAGS, REASON = "bigint", "int", "string"


def settle(
    session: "SparkSession",
    visits: "DataFrame",
    rules: Rules,
    partitions: int | None = None,
    compiled: bool = True,
) -> "DataFrame":
    """The results of visits that have the columns of `columns.VISIT_COLUMNS`, in any order.

    `partitions` is how many parts the people are spread over; None = as Spark is set up. `compiled` = False spares
    each worker a compiler where visits are few. Raises PackageMissing.
    """
    need_spark()
    shared = session.sparkContext.broadcast(rules)
    chosen = visits.select(*columns.NAMES)
    by = chosen.person
    spread = chosen.repartitionByRange(partitions, by) if partitions else chosen.repartitionByRange(by)
    names = columns.result_schema(wide=True, reform=rules.reform is not None).names
    types = {"person": "bigint", "serial": "int", "flags": FLAGS, "reason": REASON}
    schema = ", ".join(f"{name} {types.get(name.removeprefix(columns.REFORM), AMOUNT)}" for name in names)
    return spread.sortWithinPartitions(*columns.ORDER).mapInArrow(job(shared, compiled), schema)


def job(shared: Any, compiled: bool) -> Callable[[Iterable[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """What a worker does with each partition; `shared` holds the rules."""

    def work(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        return settle_batches(shared.value, batches, compiled)

    return work


def settle_batches(
    rules: Rules, batches: Iterable[pa.RecordBatch], compiled: bool
) -> Iterator[pa.RecordBatch]:
    """Settle the batches of one partition, one after another. Raises BadVisit, NotSorted."""
    schema = columns.result_schema(wide=True, reform=rules.reform is not None)
    settler = Settler(*_tables(rules), compiled)
    row = 1
    for arrow in batches:
        batch, results = settler.settle(arrow, Place(PLACE, row))
        yield _plain(settler.arrow(schema, batch, results))
        row += len(batch)


@lru_cache(maxsize=1)
def _tables(rules: Rules) -> tuple[list[RuleTable], Reader]:
    """The tables of a worker, which learns each rule once."""
    tables = rules.tables()
    return tables, Reader(Slots(tables), wide=True)


def _plain(batch: pa.RecordBatch) -> pa.RecordBatch:
    """A batch in types that Spark has: no dictionaries, no unsigned numbers."""
    arrays = []
    for column in batch.columns:
        if pa.types.is_dictionary(column.type):
            column = column.dictionary_decode()
        elif pa.types.is_uint8(column.type):
            column = column.cast(pa.int32())
        arrays.append(column)
    return pa.RecordBatch.from_arrays(arrays, batch.schema.names)
