"""From Arrow to what the engine pays: words to numbers, with every value looked at."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from threading import Lock
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from yidi.benefit import batch_errors
from yidi.benefit.batch import TYPES, RuleTable, Visits
from yidi.benefit.batch_store import DAYS, EPOCH
from yidi.simulation.answers import pools
from yidi.simulation.columns import SLOT, VISIT_COLUMNS, WORDS, slot_parts
from yidi.simulation.errors import BadVisit, NotSorted
from yidi.values.terms import Benefit

Array = NDArray[Any]
POOLS = 1_000_000
"""Codes of pools are below this."""
WIDEST = (1 << 31) - 1
"""The highest amount that narrow results hold."""
MISSING = -1
CHOICES = {name: "、".join(kind.spellings()) for name, kind in WORDS.items()} | {
    SLOT: "、".join(Benefit.spellings())
    + "，其中慢特病写作 chronic-disease:M03900，双通道药品写作 dual-channel:B"
}
"""What a column of words may hold."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a batch begins: a file, and the number of its first row there, counted from 1."""

    file: str
    row: int

    def bad(self, row: int, column: str, value: object, why: str, why_en: str) -> BadVisit:
        """The refusal of a row of the batch; the caller raises it."""
        return BadVisit(
            file=self.file, row=self.row + row, column=column, value=value, why=why, why_en=why_en
        )

    def not_sorted(self, row: int) -> NotSorted:
        """The refusal of a row that should stand before the one before it; the caller raises it."""
        return NotSorted(file=self.file, row=self.row + row)


@dataclass(frozen=True, slots=True)
class Batch:
    """Visits as the engine takes them, with the key of each."""

    visits: Visits
    person: Array
    serial: Array

    def __len__(self) -> int:
        return len(self.person)


class Slots:
    """One numbering of what visits draw on, for all rule tables of a run."""

    def __init__(self, tables: Sequence[RuleTable]) -> None:
        self._tables = tables
        self._numbers: dict[str, int] = {}
        self._lock = Lock()

    def number(self, text: str) -> int:
        """The number of a slot as files spell it. Raises ValueError where it is none, SlotsFull."""
        with self._lock:
            if text not in self._numbers:
                slot = slot_parts(text)
                (self._numbers[text],) = {table.slot(*slot) for table in self._tables}
            return self._numbers[text]


@lru_cache(maxsize=1)
def known_pools() -> Array:
    """By code: whether there is such a pool."""
    known = np.zeros(POOLS, np.bool_)
    known[[int(pool.code) for pool in pools()]] = True
    return known


class Reader:
    """Reads batches of one run."""

    def __init__(self, slots: Slots, wide: bool) -> None:
        self._wide = wide
        self._number: dict[str, Callable[[str], int]] = {SLOT: slots.number}
        for name, kind in WORDS.items():
            self._number[name] = {word: place for place, word in enumerate(kind.spellings())}.__getitem__

    def read(self, batch: pa.RecordBatch, place: Place) -> Batch:
        """The visits of a batch. Raises BadVisit, NotSorted; whether visits are sorted by person and day, the engine asks."""
        found = {
            column.name: self._column(batch.column(column.name), column.name, place)
            for column in VISIT_COLUMNS
        }
        known = known_pools().take(found["pool"], mode="clip")
        if not known.all():
            row = int(known.argmin())
            raise place.bad(row, "pool", found["pool"][row], "没有这个统筹区", "there is no such pool")
        if not self._wide and len(batch) and found["total"].max() > WIDEST:
            row = int(found["total"].argmax())
            why = "文件的统计信息说没有这么大的金额", "the statistics of the file know no such amount"
            raise place.bad(row, "total", found["total"][row], *why)
        serial = found.pop("serial")
        _check_serial(found["person"], serial, place)
        return Batch(Visits.of(**found), found["person"], serial)

    def _column(self, column: pa.Array, name: str, place: Place) -> Array:
        if column.null_count:
            row = column.is_null().index(True).as_py()
            raise place.bad(row, name, "null", "不能为空", "it may not be empty")
        if name in self._number:
            return self._words(column, name, place)
        wanted = TYPES.get(name, np.int32)
        numbers = column.view(pa.int32()) if pa.types.is_date32(column.type) else column
        given: Array = numbers.to_numpy(zero_copy_only=False)
        exact = given.astype(wanted, copy=False)
        if exact.dtype != given.dtype and not np.array_equal(exact, given):
            row = int((exact != given).argmax())
            raise place.bad(row, name, given[row], "超出范围", "it is out of range")
        return exact

    def _words(self, column: pa.Array, name: str, place: Place) -> Array:
        if not pa.types.is_dictionary(column.type):
            column = column.dictionary_encode()
        numbers = np.full(len(column.dictionary), MISSING, TYPES[name])
        words = column.dictionary.to_pylist()
        for number, word in enumerate(words):
            try:
                numbers[number] = self._number[name](word)
            except (KeyError, ValueError):
                continue
        indices: Array = column.indices.to_numpy()
        if np.array_equal(numbers, np.arange(len(numbers))):
            return indices.astype(numbers.dtype)
        found: Array = numbers[indices]
        if MISSING in numbers and len(found) and found.min() == MISSING:
            row = int(found.argmin())
            known = CHOICES[name]
            why, why_en = (
                f"没有这个词，应为下列之一：{known}",
                f"there is no such word; it must be one of {known}",
            )
            raise place.bad(row, name, words[indices[row]], why, why_en)
        return found


def _check_serial(person: Array, serial: Array, place: Place) -> None:
    """Raises NotSorted where the visits of one person are not numbered upwards within the batch."""
    wrong = (serial[1:] <= serial[:-1]) & (person[1:] == person[:-1])
    if wrong.any():
        raise place.not_sorted(int(wrong.argmax()) + 1)


def translated(refusal: batch_errors.BadVisit | batch_errors.NotSorted, place: Place) -> BadVisit | NotSorted:
    """What the engine refuses, said of a row of the file."""
    row = refusal.details["row"]
    if isinstance(refusal, batch_errors.NotSorted):
        return place.not_sorted(row)
    if refusal.details["column"] == "day":
        last = EPOCH + timedelta(days=DAYS - 1)
        why, why_en = f"应在 {EPOCH} 至 {last} 之间", f"it must be from {EPOCH} to {last}"
        return place.bad(row, "day", np.datetime64(refusal.details["value"], "D"), why, why_en)
    return place.bad(row, *(refusal.details[name] for name in ("column", "value", "why", "why_en")))
