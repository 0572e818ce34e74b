"""The count compiled, as the engine's walk is: over bare pointers, small functions written out in place."""

from collections.abc import Callable
from functools import cache
from typing import Any

from yidi.benefit import batch_walk
from yidi.benefit.batch_compiled import entry, pointers
from yidi.simulation import counting
from yidi.simulation.counting import count

SELDOM = frozenset({"turn_to", "add_row"})
"""Functions that few visits come to: called, where the others are written out in place."""


def start_count(
    visits: Any, base: Any, reform: Any, books: Any, two: bool, each: bool, start: int, end: int
) -> int:
    return count(pointers(visits), pointers(base), pointers(reform), pointers(books), two, each, start, end)


@cache
def compiled_count() -> Callable[..., int]:
    """`counting.count` over NumPy arrays, compiled."""
    return entry(start_count, count, SELDOM, batch_walk, counting)
