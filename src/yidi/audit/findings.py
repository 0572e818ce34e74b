"""What a check of the books may find."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass


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
