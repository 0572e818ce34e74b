"""The declarations say enough to write the reference from: every field has a name in Chinese, and none is invented."""

from typing import Any

import pytest

from yidi.gateway.fields import Field, fields_of
from yidi.gateway.nodes import Node
from yidi.gateway.transactions import TABLE, TRANSACTIONS
from yidi.reference import dictionaries

NUMBERS = {
    "9001", "9002", "1101", "5301", "2201", "2202", "2203", "2203A", "2204", "2205", "2206", "2206A", "2207",
    "2207A", "2208", "2601", "9101", "9102", "1201", "1901",
    *(str(number) for number in range(1301, 1322)),
    "2001", "2501", "2501A", "2502", "2503", "2504", "2505", "2506",
    "5201", "5202", "5203", "5204", "5205", "5206", "5302", "5303", "5304",
    "3201", "3202", "3203", "3204", "3260", "3261", "3262",
}  # fmt: skip


def classes(top: Any) -> list[Any]:
    """A request or reply class and the classes of its nodes."""
    found = [top]
    for declared in top.__annotations__.values():
        inner = getattr(declared, "__origin__", declared)
        inner = getattr(inner, "__args__", (inner,))[0]
        if isinstance(inner, type) and (issubclass(inner, Node) or hasattr(inner, "__dataclass_fields__")):
            found += classes(inner)
    return found


NODES = [node for item in TRANSACTIONS for top in (item.request, item.reply) if top for node in classes(top)]


def test_all_numbers_are_there() -> None:
    assert set(TABLE) == NUMBERS


@pytest.mark.parametrize("node", NODES, ids=lambda node: node.__name__)
def test_every_field_is_described(node: Any) -> None:
    declared = fields_of(node)
    names = node.model_fields if issubclass(node, Node) else node.__dataclass_fields__
    assert list(declared) == list(names)
    for field in declared.values():
        _check(field)


def _check(field: Field) -> None:
    assert field.label
    assert field.kind in ("C", "N", "D", "DT", "B", "L", "node", "list")
    assert field.length or field.kind not in ("C", "N")
    if field.dictionary:
        assert dictionaries.title(field.dictionary)


def test_a_transaction_that_names_a_person_is_declared_so() -> None:
    for item in TRANSACTIONS:
        named = any("psn_no" in fields_of(node) for node in classes(item.request))
        assert item.of_person == named, item.infno
