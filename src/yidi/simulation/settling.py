"""One stream of visits settled batch by batch, by one rule table or two: for threads here, for partitions on Spark."""

from collections.abc import Sequence

import pyarrow as pa

from yidi.benefit import batch_errors
from yidi.benefit.batch import Carry, Results, RuleTable, pay_visits
from yidi.simulation.columns import result_batch
from yidi.simulation.reading import Batch, Place, Reader, translated


class Settler:
    """What is carried from batch to batch. People come in order, and none in two streams.

    `rows` is the most that a batch has, where that is known: then room for results is made once.
    """

    def __init__(
        self, tables: Sequence[RuleTable], reader: Reader, compiled: bool, rows: int | None = None
    ) -> None:
        self._tables, self._reader, self._compiled = tables, reader, compiled
        self._carries = [Carry() for _ in tables]
        self._room = [None if rows is None else Results.of(rows, each_layer=True) for _ in tables]
        self._last: tuple[int, int] | None = None
        """Person and serial of the last visit."""

    def settle(self, arrow: pa.RecordBatch, place: Place) -> tuple[Batch, list[Results]]:
        """The visits of a batch and what each table pays for them. Raises BadVisit, NotSorted.

        The results are written over by those of the next batch where room was made for them.
        """
        batch = self._reader.read(arrow, place)
        if len(batch):
            first, last = ((int(batch.person[row]), int(batch.serial[row])) for row in (0, -1))
            if self._last is not None and first[0] == self._last[0] and first[1] <= self._last[1]:
                raise place.not_sorted(0)
            self._last = last
        try:
            results = [
                pay_visits(table, batch.visits, carry, room, self._compiled)
                for table, carry, room in zip(self._tables, self._carries, self._room, strict=True)
            ]
        except (batch_errors.BadVisit, batch_errors.NotSorted) as refusal:
            raise translated(refusal, place) from None
        return batch, results

    def arrow(self, schema: pa.Schema, batch: Batch, results: Sequence[Results]) -> pa.RecordBatch:
        """The results as Arrow."""
        return result_batch(schema, batch.person, batch.serial, zip(self._tables, results, strict=True))
