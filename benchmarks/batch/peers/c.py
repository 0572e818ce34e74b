"""The rule in C, and what the memory allows."""

import ctypes

import numpy as np

from benchmarks.batch.field import Array, Field
from benchmarks.batch.peers.c_build import TYPES, build, pointers, table

PAID = {
    "deductible": np.int64,
    "fund": np.int64,
    "layers": np.int64,
    "upfront": np.int64,
    "flags": np.uint8,
    "reason": np.int32,
}
"""What the engine writes of each visit."""
DOUBLES = 10_000_000
"""In each array of the triad: far more than caches hold."""


class Rule:
    """Its numbers compiled in; reads and writes no more than the rule needs."""

    def __init__(self, field: Field) -> None:
        numbers = field.numbers
        header = (
            TYPES
            + f"enum {{ SLOTS = {numbers.slots} }};\nstatic const int64_t DEDUCTIBLE = {numbers.deductible};\n"
        )
        header += table("SHARE", np.array(numbers.shares)) + table("CEILING", np.array(numbers.ceilings))
        header += table("YEARS", np.array(numbers.years))
        self.library = build("rule", field.folder, numbers=header)
        self.columns = field.columns("person", "day", "standing", "level", "slot", "in_scope")
        self.visits = len(self.columns["person"])
        self.paid = {name: np.zeros(self.visits, PAID[name]) for name in ("deductible", "fund", "flags")}

    def run(self, threads: int) -> None:
        arrays = pointers(*self.columns.values(), *self.paid.values())
        self.library.run(arrays, ctypes.c_int64(self.visits), threads)

    def outputs(self) -> dict[str, Array]:
        return self.paid


class Touch:
    """All columns that the engine reads and writes, without a rule."""

    def __init__(self, field: Field) -> None:
        self.library = build("memory", field.folder)
        self.library.run.restype = ctypes.c_uint64
        read = field.columns()
        self.visits = len(read["person"])
        self.arrays = [*read.values(), *(np.zeros(self.visits, kind) for kind in PAID.values())]
        columns = [
            (array.ctypes.data, array.itemsize, int(place >= len(read)))
            for place, array in enumerate(self.arrays)
        ]
        self.columns = np.array(columns, np.int64)
        self.bytes_moved = sum(array.nbytes for array in self.arrays)

    def run(self, threads: int) -> None:
        self.library.run(
            ctypes.c_void_p(self.columns.ctypes.data),
            ctypes.c_int64(len(self.columns)),
            ctypes.c_int64(self.visits),
            threads,
        )

    def outputs(self) -> dict[str, Array]:
        return {}


class Triad:
    """STREAM's triad, a = b + 3 c, on arrays of doubles: a rate to hold that of the limit against."""

    def __init__(self, field: Field) -> None:
        self.library = build("memory", field.folder)
        self.arrays = [np.ones(DOUBLES) for _ in range(3)]
        self.bytes_moved = 3 * DOUBLES * self.arrays[0].itemsize

    def run(self, threads: int) -> None:
        places = (ctypes.c_void_p(array.ctypes.data) for array in self.arrays)
        self.library.triad(*places, ctypes.c_int64(DOUBLES), threads)

    def outputs(self) -> dict[str, Array]:
        return {}
