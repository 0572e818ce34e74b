"""Files of visits and of results: their columns in one place, and the way from Arrow to numbers and back.

Visits come sorted by person, day and serial. Words stand in the files as themselves (dictionaries of text), so that
any tool reads them; amounts are whole numbers of fen.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from yidi.benefit.batch import Results, RuleTable
from yidi.benefit.batch_walk import PAID
from yidi.simulation.errors import ColumnTwice, MissingColumn, WrongType
from yidi.values.terms import Benefit, Level, Situation, Standing, Term, Trait

Array = NDArray[Any]
FORMAT = 1
"""Version of the two kinds of file."""
ABOUT = b"yidi"
"""Key of the file's metadata under which everything below stands, as JSON."""
ORDER = ("person", "day", "serial")
WORDS: dict[str, type[Term]] = {"standing": Standing, "level": Level, "situation": Situation}
SLOT = "slot"
WORD = pa.dictionary(pa.int8(), pa.string())
SLOTS = pa.dictionary(pa.int16(), pa.string())


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a file."""

    name: str
    type: pa.DataType
    about: str


VISIT_COLUMNS = (
    Column("person", pa.int64(), "number of the person"),
    Column(
        "serial",
        pa.int32(),
        "number of the visit among the person's; of one day's visits the lowest is paid first",
    ),
    Column("day", pa.date32(), "day of service"),
    Column("pool", pa.int32(), "code of the pool in which the person is insured, such as 360100"),
    Column("standing", WORD, "standing in the scheme: " + ", ".join(Standing)),
    Column("level", WORD, "level of the provider: " + ", ".join(Level)),
    Column("situation", WORD, "how the visit stands to the filing rules: " + ", ".join(Situation)),
    Column(
        "slot",
        SLOTS,
        "what is drawn on: a benefit; benefit:disease (or class of the drug); benefit:disease:A+B with all diseases "
        "that the person is approved for. Benefits: " + ", ".join(Benefit),
    ),
    Column("age", pa.int16(), "completed years on the day of service; -1 = not known"),
    Column(
        "traits", pa.int32(), "sum of " + ", ".join(f"{1 << bit}: {trait}" for bit, trait in enumerate(Trait))
    ),
    Column("total", pa.int64(), "what the bill comes to, in fen"),
    Column("in_scope", pa.int64(), "the part of it in scope, in fen"),
)
NAMES = tuple(column.name for column in VISIT_COLUMNS)
AMOUNTS = ("deductible", "fund", "layers", "upfront")
ABOUT_RESULTS = {
    "deductible": "what the deductible took, in fen",
    "fund": "what the basic fund pays, in fen",
    "layers": "what the funds above it pay together, in fen",
    "upfront": "what the person pays of the amount in scope before all else, in fen",
    "flags": "1: a ceiling on the fund cut its part, 2: a ceiling on cost was passed, 4: by rules not verified",
    "reason": "code of the refusal; null = the visit is paid. The person pays total - fund - layers",
}
REFORM = "reform_"
"""Before the names of the columns of the rules compared with."""
DELTA = "DELTA_BINARY_PACKED"
WRITE_VISITS: dict[str, Any] = {
    "compression": "lz4",
    "use_dictionary": ["day", "pool", *WORDS, SLOT, "age", "traits"],
    "column_encoding": dict.fromkeys(("person", "serial", "total", "in_scope"), DELTA),
    "write_statistics": ["person", "day", "total"],
}
"""How visits are written: small, and quick to read."""
WRITE_RESULTS: dict[str, Any] = {
    "compression": "lz4",
    "use_dictionary": [before + name for before in ("", REFORM) for name in ("flags", "reason")],
    "column_encoding": {"person": DELTA},
    "write_statistics": ["person"],
}
"""How results are written: quickly."""


def visit_schema(about: Mapping[str, Any] | None = None) -> pa.Schema:
    """The schema of a file of visits; `about` is added to what its metadata say."""
    fields = [
        pa.field(column.name, column.type, nullable=False, metadata={"about": column.about})
        for column in VISIT_COLUMNS
    ]
    return _with_metadata(fields, {"file": "visits", "format": FORMAT, "sorted_by": ORDER, **(about or {})})


def result_schema(wide: bool, reform: bool, about: Mapping[str, Any] | None = None) -> pa.Schema:
    """The schema of a file of results. Amounts take 64 bits where `wide`, else 32."""
    amount = pa.int64() if wide else pa.int32()
    types = {name: amount for name in AMOUNTS} | {"flags": pa.uint8(), "reason": SLOTS}
    fields = [
        pa.field(column.name, column.type, nullable=False, metadata={"about": column.about})
        for column in VISIT_COLUMNS[:2]
    ]
    for before in ("", REFORM) if reform else ("",):
        fields += [
            pa.field(before + name, of, nullable=name == "reason", metadata={"about": ABOUT_RESULTS[name]})
            for name, of in types.items()
        ]
    return _with_metadata(fields, {"file": "results", "format": FORMAT, "sorted_by": ORDER, **(about or {})})


def _with_metadata(fields: list[pa.Field], about: Mapping[str, Any]) -> pa.Schema:
    text = json.dumps(about, ensure_ascii=False, sort_keys=True)
    return pa.schema(fields, metadata={ABOUT: text.encode()})


def about(schema: pa.Schema) -> dict[str, Any]:
    """What the metadata of a file of ours say; nothing of another's."""
    try:
        found = json.loads((schema.metadata or {}).get(ABOUT, b"{}"))
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def check_schema(schema: pa.Schema, file: str) -> None:
    """Raises MissingColumn, ColumnTwice, WrongType where a file cannot be one of visits.

    Any width of whole numbers will do.
    """
    for column in VISIT_COLUMNS:
        if column.name not in schema.names:
            raise MissingColumn(file=file, column=column.name, columns="、".join(NAMES))
        if schema.names.count(column.name) > 1:
            raise ColumnTwice(file=file, column=column.name)
        found = schema.field(column.name).type
        if not _fits(found, column.type):
            wanted = "string" if pa.types.is_dictionary(column.type) else str(column.type)
            raise WrongType(file=file, column=column.name, found=str(found), wanted=wanted)


def _fits(found: pa.DataType, wanted: pa.DataType) -> bool:
    if pa.types.is_dictionary(wanted):
        text = found.value_type if pa.types.is_dictionary(found) else found
        return bool(pa.types.is_string(text) or pa.types.is_large_string(text))
    if pa.types.is_integer(wanted):
        return bool(pa.types.is_integer(found))
    return bool(found == wanted)


def slot_text(benefit: Benefit, disease: str = "", diseases: Iterable[str] = ()) -> str:
    """How a file spells what a visit draws on.

    >>> slot_text(Benefit.CHRONIC_DISEASE, "M03900", ("M01600", "M03900"))
    'chronic-disease:M03900:M01600+M03900'
    """
    return ":".join(part for part in (str(benefit), disease, "+".join(diseases)) if part)


def slot_parts(text: str) -> tuple[Benefit, str, tuple[str, ...]]:
    """The benefit, the disease and all diseases that a text of `slot_text` names. Raises ValueError."""
    benefit, _, rest = text.partition(":")
    disease, _, diseases = rest.partition(":")
    parts = Benefit(benefit), disease, tuple(diseases.split("+")) if diseases else ()
    if slot_text(*parts) != text:
        raise ValueError(text)
    return parts


def visit_batch(schema: pa.Schema, slots: Sequence[str], **values: Array) -> pa.RecordBatch:
    """Visits as Arrow; words come as their place in their list, slots as that in `slots`, days as days since 1970."""
    words = {name: list(kind.spellings()) for name, kind in WORDS.items()} | {SLOT: list(slots)}
    arrays = []
    for field in schema:
        numbers = values[field.name]
        if field.name in words:
            indices = pa.array(numbers.astype(field.type.index_type.to_pandas_dtype()))
            arrays.append(pa.DictionaryArray.from_arrays(indices, pa.array(words[field.name])))
        elif pa.types.is_date32(field.type):
            arrays.append(pa.array(numbers.astype(np.int32)).view(pa.date32()))
        else:
            arrays.append(pa.array(numbers.astype(field.type.to_pandas_dtype())))
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def result_batch(
    schema: pa.Schema, person: Array, serial: Array, found: Iterable[tuple[RuleTable, Results]]
) -> pa.RecordBatch:
    """Results as Arrow: those of the base first, then those of the rules compared with."""
    arrays = [pa.array(person), pa.array(serial)]
    for table, results in found:
        for name in (*AMOUNTS, "flags"):
            of = schema.field(name).type.to_pandas_dtype()
            arrays.append(pa.array(getattr(results, name).astype(of, copy=False)))
        arrays.append(_reasons(table, results.reason))
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _reasons(table: RuleTable, numbers: Array) -> pa.DictionaryArray:
    """The codes of refusals, null where a visit is paid."""
    paid = numbers == PAID
    rows = np.flatnonzero(~paid)
    refused = numbers[rows]
    met = [int(number) for number in np.flatnonzero(np.bincount(refused))]
    codes = sorted({table.reasons[number].code for number in met})
    own = np.zeros(len(table.reasons), np.int16)
    own[met] = [codes.index(table.reasons[number].code) for number in met]
    places = np.zeros(len(numbers), np.int16)
    places[rows] = own[refused]
    return pa.DictionaryArray.from_arrays(pa.array(places, mask=paid), pa.array(codes, pa.string()))
