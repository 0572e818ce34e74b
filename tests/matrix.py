"""State machines as tables that a person can read: a row per state, a column per move, `+` where it is allowed."""

from collections.abc import Iterator


def cells(table: str) -> Iterator[tuple[str, str, bool]]:
    """(state, move, allowed) for every cell of a table whose first line names the moves."""
    head, *rows = [line.split() for line in table.strip().splitlines()]
    for state, *marks in rows:
        assert len(marks) == len(head), f"{state}: {len(marks)} marks for {len(head)} moves"
        for move, mark in zip(head, marks, strict=True):
            yield state, move, {"+": True, ".": False}[mark]
