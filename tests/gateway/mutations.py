"""Messages that somebody got wrong: valid ones with a field dropped, retyped, lengthened, or out of order."""

import copy
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

from tests.gateway.client import Json

Path = tuple[str | int, ...]

WRONG_TYPES: list[Any] = [
    None, True, -1, 0, 10**30, "", " ", "x", "0", "-0.005", "1e3", "NaN", "2026-02-30", "\x00", "\ud800", "９",
    [], {}, [[]], [None], {"data": {}}, "{}", "[]", "' OR 1=1 --", "<script>", "../../etc/passwd",
]  # fmt: skip
"""What stands where something else should."""


def paths(node: Any, at: Path = ()) -> Iterator[Path]:
    """Every place in a message, the outermost first."""
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in items:
        yield (*at, key)
        yield from paths(value, (*at, key))


def holder(message: Json, path: Path) -> Any:
    """What holds the place; None where an earlier fault took it away."""
    node: Any = message
    for step in path[:-1]:
        try:
            node = node[step]
        except (KeyError, IndexError, TypeError):
            return None
    return node


def drop(draw: Any, node: Any, key: Any) -> None:
    del node[key]


def retype(draw: Any, node: Any, key: Any) -> None:
    node[key] = copy.deepcopy(draw(st.sampled_from(WRONG_TYPES)))


def lengthen(draw: Any, node: Any, key: Any) -> None:
    value, times = node[key], draw(st.sampled_from((2, 40, 3000)))
    if isinstance(value, str):
        node[key] = (value or "长") * times
    elif isinstance(value, list):
        node[key] = value * min(times, 40)
    else:
        node[key] = [value] * min(times, 40)


def reorder(draw: Any, node: Any, key: Any) -> None:
    if isinstance(node, list):
        node[:] = draw(st.permutations(node))
    else:
        shuffled = draw(st.permutations(list(node.items())))
        node.clear()
        node.update(shuffled)


def rename(draw: Any, node: Any, key: Any) -> None:
    if isinstance(node, dict):
        node[draw(st.sampled_from((key.upper(), key.replace("_", ""), f"{key}_", "")))] = node.pop(key)


FAULTS = {item.__name__: item for item in (drop, retype, lengthen, reorder, rename)}


@st.composite
def spoilt(draw: Any, message: Json) -> Json:
    """The message with one to three faults."""
    spoiling = copy.deepcopy(message)
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from(list(paths(spoiling)) or [("infno",)]))
        fault = draw(st.sampled_from(sorted(FAULTS)))
        node = holder(spoiling, path)
        if isinstance(node, (dict, list)) and (path[-1] in node if isinstance(node, dict) else True):
            FAULTS[fault](draw, node, path[-1])
    return spoiling
