"""Who is being kept waiting: a held message takes a thread of the server, and others need threads too."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

HELD_AT_ONCE = 8
"""Per process, of the server's 32 threads."""
HELD_PER_INSTITUTION = 4

_held: Counter[str] = Counter()
_lock = Lock()


@contextmanager
def place(sender: str) -> Iterator[bool]:
    """A place to wait in, and whether there was one left."""
    with _lock:
        free = _held.total() < HELD_AT_ONCE and _held[sender] < HELD_PER_INSTITUTION
        _held[sender] += free
    try:
        yield free
    finally:
        with _lock:
            _held[sender] -= free
