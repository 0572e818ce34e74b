"""Request nodes: tolerant of how clients spell them (interface §9), strict about what they say."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from yidi.gateway.errors import BadFields
from yidi.gateway.fields import Field, fields_of

FAULTS_SHOWN = 100
"""Different faults of one message that are told; the same fault of several rows is one."""
SPANS_SHOWN = 50
_ROWS = re.compile(r"\[\d+\]|第 \d+ 项")

Model = TypeVar("Model", bound="Node")


class Node(BaseModel):
    """A node with named fields. Unknown keys are ignored; null and "" are missing."""

    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)

    @model_validator(mode="before")
    @classmethod
    def _tidy(cls, given: Any) -> Any:
        if not isinstance(given, Mapping):
            raise ValueError("应为对象 {…}")
        return tidy(cls, given)


class Request(Node):
    """The `input` of a transaction. Where it has one single node, its fields may also stand in `input` itself."""

    @model_validator(mode="before")
    @classmethod
    def _unfold(cls, given: Any) -> Any:
        name, inner = next(iter(cls.model_fields.items()))
        single = inner.annotation
        if not isinstance(given, Mapping) or not (isinstance(single, type) and issubclass(single, Node)):
            return given
        if any(_names(cls).get(fold(key)) == name for key in given):
            return given
        return {**given, name: given} if any(fold(key) in _names(single) for key in given) else given


def fold(name: str) -> str:
    """A name without case and underscores: some clients turn one spelling into the other."""
    return name.replace("_", "").lower()


def tidy(cls: type[Node], given: Mapping[str, Any]) -> dict[str, Any]:
    """What is given under the names of the node: exact names first, then folded ones and aliases."""
    found = {name: value for name, value in given.items() if name in cls.model_fields and not _missing(value)}
    for key, value in given.items():
        name = _names(cls).get(fold(key))
        if name is not None and name not in found and not _missing(value):
            found[name] = value
    return found


@cache
def _names(cls: type[Node]) -> dict[str, str]:
    names: dict[str, str] = {}
    for name, declared in fields_of(cls).items():
        for spelling in (name, *declared.aliases):
            names.setdefault(fold(spelling), name)
    return names


def _missing(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def read(cls: type[Model], given: Any, path: str = "", also: Sequence[str] = ()) -> Model:
    """The node that a message holds. Raises BadFields naming every fault at once by its path, after those in `also`."""
    faults = list(also)
    try:
        found = cls.model_validate(given)
    except ValidationError as error:
        faults += [_fault(cls, item, path) for item in error.errors(include_url=False)]
    if faults:
        raise faulty(faults)
    return found


def given_of(node: Node, names: Sequence[str]) -> dict[str, Any]:
    """What a message gives under some names of a node, as it goes out again; what it leaves out is left out."""
    fields = fields_of(type(node))
    given = ((name, getattr(node, name)) for name in names)
    return {name: _plain(fields[name].write(value)) for name, value in given if value not in (None, "")}


def retold(reply: Any, said: Mapping[str, Any]) -> dict[str, Any]:
    """Of what `given_of` kept, what a class of reply nodes has fields for, as its fields hold it."""
    fields = fields_of(reply)
    return {name: fields[name].read(value) for name, value in said.items() if name in fields}


def _plain(value: Any) -> Any:
    """A decimal as text, for JSON; everything else as it is."""
    return str(value) if isinstance(value, Decimal) else value


def faulty(faults: list[str]) -> BadFields:
    """The refusal that tells the faults of a message; the caller raises it."""
    alike: dict[str, list[str]] = {}
    for fault in faults:
        alike.setdefault(_ROWS.sub("", fault), []).append(fault)
    told = [_together(group) for group in alike.values()]
    more = "" if len(told) <= FAULTS_SHOWN else f"；其余 {len(told) - FAULTS_SHOWN} 种从略"
    listed = "；".join(f"{rank}) {fault}" for rank, fault in enumerate(told[:FAULTS_SHOWN], start=1))
    return BadFields(count=len(faults), faults=listed + more, each=faults)


def _together(group: list[str]) -> str:
    """The same fault of several rows: the first in full, the rows of the others after it."""
    first, *others = group
    return f"{first}（{_rows(others)} 同样）" if others else first


def _rows(faults: list[str]) -> str:
    """The rows of faults as they count in JSON, those that follow each other as one: `[1]–[3]、[7]`."""
    spans: list[list[int]] = []
    for fault in faults:
        row = int(next(iter(re.findall(r"\[(\d+)\]", fault)), 0))
        if spans and row == spans[-1][-1] + 1:
            spans[-1] = [spans[-1][0], row]
        else:
            spans.append([row])
    told = "、".join("–".join(f"[{row}]" for row in span) for span in spans[:SPANS_SHOWN])
    return told if len(spans) <= SPANS_SHOWN else f"{told} 等 {len(faults)} 项"


def _fault(cls: type[Node], item: Any, path: str) -> str:
    where, declared = _place(cls, item["loc"], path)
    if item["type"] == "missing":
        why = "缺少此节点，请补上" if declared and declared.kind in ("node", "list") else "缺少或为空，请补上"
    elif item["type"] == "value_error":
        why = str(item["ctx"]["error"])
    else:
        why = "格式不对"
    return f"{where}：{why}"


def _place(cls: type[Node], steps: tuple[int | str, ...], path: str) -> tuple[str, Field | None]:
    """Where a fault lies: its path, the row counted from one, and the field's Chinese name."""
    declared, row = None, ""
    at: Any = cls
    for step in steps:
        if isinstance(step, int):
            path, row = f"{path}[{step}]", f"第 {step + 1} 项"
            continue
        path = f"{path}.{step}" if path else step
        declared = fields_of(at).get(step) if isinstance(at, type) else None
        at = _inner(at, step)
    label = (row + declared.label) if declared else row
    return f"{path}（{label}）" if label else path or "报文", declared


def _inner(cls: Any, name: str) -> Any:
    """The class of a node inside a node, also where it comes in a list."""
    annotation = cls.model_fields[name].annotation if name in getattr(cls, "model_fields", {}) else None
    return getattr(annotation, "__args__", (annotation,))[0]
