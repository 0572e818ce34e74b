"""What the parent orders and what the child answers."""

from typing import Any

Order = dict[str, Any]
"""`task`, `kind`, and the fields of `remaking.Limits`."""
Answer = tuple[dict[str, Any], bytes]
"""A header and the new content."""


class Refused(Exception):
    """The file is not taken: why, and how much of what it has."""

    def __init__(self, why: str, **how_much: int) -> None:
        self.header = {"refused": why, **how_much}
        super().__init__(why)


def must_fit(size: int, order: Order) -> None:
    """Raises Refused where so many bytes are more than half of what the child may write."""
    if size > order["output"] // 2:
        raise Refused("heavy")
