"""What a check of the books may find."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from heapq import merge
from itertools import groupby
from operator import itemgetter
from typing import Any, TypeVar

One = TypeVar("One")
Other = TypeVar("Other")


@dataclass(frozen=True, slots=True)
class Finding:
    """One row that breaks an invariant: which row, and what is wrong with it."""

    subject: str
    zh: str


@dataclass(frozen=True, slots=True)
class Check:
    """An invariant that must always hold, with the query that looks for rows breaking it."""

    code: str
    zh: str
    find: Callable[[], Iterator[Finding]]


def paired(
    ones: Iterable[tuple[str, One]], others: Iterable[tuple[str, Other]]
) -> Iterator[tuple[str, One | None, Other | None]]:
    """Every key of two streams with what either holds under it; None where it holds nothing.

    Both streams must be sorted by key; then only one row of each is in memory at a time.
    """
    sides: list[Iterator[tuple[str, int, Any]]] = [
        ((key, 0, one) for key, one in ones),
        ((key, 1, other) for key, other in others),
    ]
    for key, rows in groupby(merge(*sides, key=itemgetter(0)), key=itemgetter(0)):
        held = {side: value for _, side, value in rows}
        yield key, held.get(0), held.get(1)
