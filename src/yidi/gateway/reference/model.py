"""What the declarations say, as plain tables: the one source of the pages, the OpenAPI document and the Markdown page."""

import inspect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, get_args

import yaml

from yidi.gateway.declarations import Transaction
from yidi.gateway.envelope import Envelope
from yidi.gateway.fields import Field, fields_of
from yidi.gateway.nodes import Node
from yidi.gateway.reference.refusals import every_message, refusals_of
from yidi.gateway.transactions import TABLE, TRANSACTIONS
from yidi.values.errors import Refusal

TEXTS = Path(__file__).with_name("texts.yaml")
NESTED = ("node", "list")
OTHER = "other"


@dataclass(frozen=True, slots=True)
class Row:
    """One field of a table, under the name that stands in messages."""

    name: str
    field: Field
    required: bool
    """In a request: it must be sent. In a reply: it is never null."""


@dataclass(frozen=True, slots=True)
class Table:
    """The fields that stand together in one node."""

    path: str
    """Such as `input.data`, or `output.result[]` for each row of a list."""
    label: str
    required: bool
    aliases: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def must(self) -> str:
        """What it means here that a field is required."""
        return "必有" if self.path.startswith("output") else "必填"


@dataclass(frozen=True, slots=True)
class Area:
    """A group of transactions, in both languages."""

    key: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One transaction of the reference."""

    transaction: Transaction
    area: Area
    english: str
    purpose: str
    requests: tuple[Table, ...]
    replies: tuple[Table, ...]
    refusals: tuple[type[Refusal], ...]

    @property
    def infno(self) -> str:
        return self.transaction.infno

    @property
    def zh(self) -> str:
        return self.transaction.name

    @property
    def en(self) -> str:
        return self.english

    @property
    def undone_by(self) -> tuple["Entry", ...]:
        """The transactions that take back what this one did."""
        numbers = texts()["undone_by"].get(self.infno, ())
        return tuple(entry for entry in map(find, numbers) if entry)

    @property
    def doubts(self) -> tuple[tuple[Table, Row], ...]:
        """The fields on which the sources do not agree."""
        tables = (*self.requests, *self.replies)
        return tuple((table, row) for table in tables for row in table.rows if row.field.doubt)


@cache
def entries() -> Mapping[str, Entry]:
    """Every transaction of this centre under the number of its declaration, in the order of the areas."""
    found = sorted(map(_entry, TRANSACTIONS), key=lambda entry: _rank(entry.infno))
    return MappingProxyType({entry.infno: entry for entry in found})


@cache
def by_area() -> Mapping[Area, tuple[Entry, ...]]:
    """The transactions of each area that has any."""
    grouped: dict[Area, tuple[Entry, ...]] = {}
    for entry in entries().values():
        grouped[entry.area] = (*grouped.get(entry.area, ()), entry)
    return MappingProxyType(grouped)


def find(infno: str) -> Entry | None:
    """The transaction that is asked for under a number, which may be one of its other numbers."""
    transaction = TABLE.get(infno)
    return entries()[transaction.infno] if transaction else None


@cache
def all_refusals() -> tuple[type[Refusal], ...]:
    """Every refusal that a sender may be told, those of any message first."""
    of_some = {kind for entry in entries().values() for kind in entry.refusals}
    return (*every_message(), *sorted(of_some - set(every_message()), key=lambda kind: kind.code))


@cache
def envelope() -> Table:
    """What every request is wrapped in."""
    return Table("", "报文信封", True, (), tuple(_rows(Envelope)))


@cache
def texts() -> Mapping[str, Any]:
    """What no declaration says: the areas, and what each transaction is for."""
    return MappingProxyType(yaml.safe_load(TEXTS.read_text(encoding="utf-8")))


def _places() -> Iterator[tuple[Area, str, Mapping[str, str]]]:
    for key, area in texts()["areas"].items():
        for infno, said in area["transactions"].items():
            yield Area(key, area["zh"], area["en"]), str(infno), said


def _rank(infno: str) -> tuple[int, str]:
    numbers = [number for _, number, _ in _places()]
    return (numbers.index(infno) if infno in numbers else len(numbers), infno)


def _entry(item: Transaction) -> Entry:
    placed = {number: (area, said) for area, number, said in _places()}
    area, said = placed.get(item.infno, (Area(OTHER, "其他", "Others"), {}))
    return Entry(
        item,
        area,
        said.get("en", ""),
        said.get("for", ""),
        tuple(tables(item.request, "input")),
        tuple(tables(item.reply, "output[]" if item.listed else "output")) if item.reply else (),
        refusals_of(item),
    )


def tables(top: Any, path: str) -> Iterator[Table]:
    """The tables of a request's or reply's class: its own fields, where it has any, then those of its nodes."""
    plain = tuple(row for row in _rows(top) if row.field.kind not in NESTED)
    if plain:
        yield Table(path, "", True, (), plain)
    for row in _rows(top):
        if row.field.kind in NESTED:
            yield from _nested(top, row, path)


def _nested(top: Any, row: Row, path: str) -> Iterator[Table]:
    inner = node_class(top, row.name)
    if inner is None:
        return
    here = f"{path}.{row.name}" + ("[]" if row.field.kind == "list" else "")
    for table in tables(inner, here):
        if table.path == here:
            yield Table(here, row.field.label, row.required, row.field.aliases, table.rows)
        else:
            yield table


def _rows(top: Any) -> Iterator[Row]:
    for name, field in fields_of(top).items():
        yield Row(name.removesuffix("_"), field, is_required(top, name))


def is_required(top: Any, name: str) -> bool:
    """Whether a field of a request must be sent; of a reply, whether it is never null."""
    if issubclass(top, Node):
        return top.model_fields[name].is_required()
    hint = get_args(_hint(top, name))[0]
    return hint is not Any and type(None) not in get_args(hint)


def node_class(top: Any, name: str) -> Any:
    """The class of a node inside a class, also where it comes in a list or may be missing; None where it has none."""
    hint = get_args(_hint(top, name))[0]
    for candidate in (hint, *get_args(hint)):
        for found in (candidate, *get_args(candidate)):
            if isinstance(found, type) and fields_of(found):
                return found
    return None


def _hint(top: Any, name: str) -> Any:
    """The annotation of a field, wherever in the class's ancestry it stands."""
    found = (inspect.get_annotations(base) for base in top.__mro__)
    return next(hints[name] for hints in found if name in hints)
