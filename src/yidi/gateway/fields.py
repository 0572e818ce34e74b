"""The vocabulary of fields: what the interface says of one field, how it is read and how it is written.

Request nodes (`nodes.Node`) and reply nodes (dataclasses) annotate every field with a `Field`:

    medfee_sumamt: Annotated[int, money("医疗费总额")]

Inside, amounts are fen, quantities ten-thousandths, prices micro-yuan, ratios ppm; outside they are decimal numbers.
A request field with a default is optional.
"""

import base64
import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from types import MappingProxyType
from typing import Any

from django.utils import timezone
from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from yidi.reference import dictionaries
from yidi.values.errors import BadValue
from yidi.values.money import (
    FEN,
    MICRO,
    PPM,
    QUANTUM,
    as_decimal,
    half_up,
    parse_price,
    parse_quantity,
    parse_scaled,
    parse_yuan,
)

DAY = "%Y-%m-%d"
MOMENT = "%Y-%m-%d %H:%M:%S"
YEARS = range(1900, 2101)
"""Years that a date may lie in: what is beyond is a slip of the pen."""

_BYTES = range(-128, 256)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_RATIO_PLACES = 10_000

MOST_YUAN = 1_000_000_000
"""What one amount or price of a message stays below, in yuan. The interface's N(16,2) would allow more than the sums
of many lines, which are kept in fen in 64 bits, could hold."""


LONGEST_EXTENSION = 4000
TWO_SPELLINGS = "expContent 与 exp_content 两种键名都见过：两种都收，都回；收下的内容不使用"


@dataclass(frozen=True, slots=True)
class Field:
    """One field as the interface's tables describe it. `read` raises ValueError with a Chinese reason."""

    label: str
    kind: str
    """`C` text, `N` number, `D` day, `DT` moment, `B` bytes, `L` true or false, `node` or `list` of nodes (interface §0)."""
    read: Callable[[Any], Any]
    write: Callable[[Any], Any]
    length: str = ""
    dictionary: str = ""
    doubt: str = ""
    """What the sources do not agree on."""
    aliases: tuple[str, ...] = ()
    """Other names under which clients send it."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(self.read, handler(source))


def text(label: str, length: int, *, doubt: str = "", aliases: tuple[str, ...] = ()) -> Field:
    """Text of at most `length` characters; a whole number is read as its digits."""
    return Field(
        label, "C", lambda value: _text(value, length), _same, str(length), doubt=doubt, aliases=aliases
    )


def extension() -> Field:
    """What places add to a node of their own, as an object or as text; taken in, and nothing here depends on it."""
    return Field("字段扩展", "C", _extension, _same, str(LONGEST_EXTENSION), doubt=TWO_SPELLINGS)


def code(label: str, length: int, dictionary: str, *, doubt: str = "") -> Field:
    """A code of one of the dictionaries, local codes included."""

    def read(value: Any) -> str:
        found = _text(value, length)
        if not dictionaries.is_code(dictionary, found):
            raise ValueError(f"“{found}”不是{dictionaries.title(dictionary)}代码{_choices(dictionary)}")
        return found

    return Field(label, "C", read, _same, str(length), dictionary, doubt)


def money(label: str, *, doubt: str = "") -> Field:
    """N(16,2) in yuan, not negative when read; fen inside."""
    return Field(
        label, "N", _reader("16,2", FEN, parse_yuan, most=MOST_YUAN), _writer(FEN), "16,2", doubt=doubt
    )


def balance(label: str, *, doubt: str = "") -> Field:
    """N(16,2) in yuan, a sum that refunds may bring below zero; fen inside."""
    return Field(label, "N", _read_balance, _writer(FEN), "16,2", doubt=doubt)


def quantity(label: str) -> Field:
    """N(16,4), above zero when read; ten-thousandths inside."""
    read = _reader("16,4", QUANTUM, parse_quantity, above_zero=True)
    return Field(label, "N", read, _writer(QUANTUM), "16,4")


def price(label: str, *, doubt: str = "") -> Field:
    """N(16,6) in yuan; micro-yuan inside."""
    read = _reader("16,6", MICRO, parse_price, most=MOST_YUAN)
    return Field(label, "N", read, _writer(MICRO), "16,6", doubt=doubt)


def ratio(label: str) -> Field:
    """N(5,4), 1 = 100 %; ppm inside. Only ever written."""
    return Field(label, "N", _reader("5,4", _RATIO_PLACES), _write_ratio, "5,4")


def number(label: str, length: str, *, scale: int = 1, doubt: str = "") -> Field:
    """Any other number of the interface's N(length), as a whole number of 1/scale."""
    return Field(label, "N", _reader(length, scale), _writer(scale), length, doubt=doubt)


def day(label: str, *, doubt: str = "") -> Field:
    """yyyy-MM-dd; a date inside."""
    return Field(label, "D", lambda value: _instant(value, DAY, "yyyy-MM-dd").date(), _write_day, doubt=doubt)


def moment(label: str, *, doubt: str = "") -> Field:
    """yyyy-MM-dd HH:mm:ss in China's time; an aware datetime inside."""
    return Field(
        label,
        "DT",
        lambda value: timezone.make_aware(_instant(value, MOMENT, "yyyy-MM-dd HH:mm:ss")),
        _moment,
        doubt=doubt,
    )


def truth(label: str) -> Field:
    """true or false of JSON. Only ever written."""
    return Field(label, "L", _same, _same)


def content(label: str, *, doubt: str = "") -> Field:
    """The bytes of a file, as a list of numbers (Java's are signed) or as base64. Only ever read."""
    return Field(label, "B", _content, _same, doubt=doubt)


def node(label: str, *aliases: str) -> Field:
    """A single node."""
    return Field(label, "node", _object, wire, aliases=aliases)


def nodes(label: str, *aliases: str, some: bool = True) -> Field:
    """A list of nodes, at least one unless `some` is false; clients also send a single one bare."""
    return Field(
        label, "list", _list if some else _any_list, lambda rows: [wire(row) for row in rows], aliases=aliases
    )


@cache
def fields_of(cls: Any) -> Mapping[str, Field]:
    """The fields that a class of request or reply nodes declares, by name, in order."""
    hints = {
        name: hint for base in reversed(cls.__mro__) for name, hint in inspect.get_annotations(base).items()
    }
    declared = {name: next(_fields_in(hint), None) for name, hint in hints.items()}
    return MappingProxyType({name: item for name, item in declared.items() if item is not None})


def _fields_in(hint: Any) -> Iterator[Field]:
    return (item for item in getattr(hint, "__metadata__", ()) if isinstance(item, Field))


def wire(reply: Any) -> dict[str, Any]:
    """A reply node as it goes out: names in order, amounts as decimals, what is missing as null."""
    written: dict[str, Any] = {}
    kind: Any = type(reply)
    for name, declared in fields_of(kind).items():
        value = getattr(reply, name)
        written[name] = None if value is None else declared.write(value)
    return written


def _same(value: Any) -> Any:
    return value


def _text(value: Any, length: int) -> str:
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        raise ValueError("应为文本")
    found = str(value).strip()
    if not found:
        raise ValueError("不能为空")
    if len(found) > length:
        raise ValueError(f"超过 {length} 个字")
    if _CONTROL.search(found):
        raise ValueError("含有控制字符")
    return found


def _extension(value: Any) -> Any:
    if isinstance(value, dict):
        return value
    if not isinstance(value, str):
        raise ValueError("应为文本或对象")
    if len(value) > LONGEST_EXTENSION:
        raise ValueError(f"超过 {LONGEST_EXTENSION} 个字")
    return value


def _choices(dictionary: str) -> str:
    codes = dictionaries.dictionary(dictionary)
    return "，应为 " + "、".join(f"{key} {label}" for key, label in codes.items()) if len(codes) <= 4 else ""


def _number(value: Any, parse: Callable[[str], int], above_zero: bool = False) -> int:
    """A JSON number or numeric text; the decimals that `parse` cannot hold are refused, not rounded."""
    if isinstance(value, bool) or not isinstance(value, (int, Decimal, str)):
        raise ValueError("应为数字")
    try:
        parsed = parse(str(value))
    except BadValue as wrong:
        raise ValueError(f"“{wrong.details['text']}”{wrong.details['why']}") from None
    if parsed < 0 or (above_zero and parsed == 0):
        raise ValueError("应大于 0" if above_zero else "不能为负数")
    return parsed


def _read_balance(value: Any) -> int:
    """An amount with its sign, else like any other amount."""
    read = _reader("16,2", FEN, parse_yuan)
    if isinstance(value, str) and value.strip().startswith("-"):
        return -read(value.strip()[1:])
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool) and value < 0:
        return -read(-value)
    return read(value)


def _reader(
    length: str,
    scale: int,
    parse: Callable[[str], int] | None = None,
    *,
    most: int | None = None,
    above_zero: bool = False,
) -> Callable[[Any], int]:
    """Reads a number of N(digits,places) as a whole number of 1/scale; `most`, if given, is what it stays below."""
    digits, _, places = length.partition(",")
    whole = int(digits) - int(places or 0)
    shown = parse or (lambda text: parse_scaled(text, scale))

    def read(value: Any) -> int:
        found = _number(value, shown, above_zero)
        if most is not None and found >= most * scale:
            raise ValueError(f"应小于 {most} 元")
        if found >= 10**whole * scale:
            raise ValueError(f"整数部分超过 {whole} 位")
        return found

    return read


def _instant(value: Any, form: str, shown: str) -> datetime:
    try:
        found = datetime.strptime(value.strip(), form)  # noqa: DTZ007 - the caller knows whose time it is
    except (AttributeError, ValueError):
        raise ValueError(f"应写作 {shown}") from None
    if found.year not in YEARS:
        raise ValueError(f"年份应在 {YEARS.start} 与 {YEARS.stop - 1} 之间")
    return found


def _content(value: Any) -> bytes:
    if isinstance(value, bytes):  # pydantic looks at a value again that was read before
        return value
    found = b""
    if isinstance(value, str):
        try:
            found = base64.b64decode("".join(value.split()), validate=True)
        except ValueError:
            raise ValueError("不是有效的 base64 文本") from None
    elif isinstance(value, list):
        if not all(type(item) is int and item in _BYTES for item in value):
            raise ValueError("数组的每一项应为 -128 至 255 的整数")
        found = bytes(item & 0xFF for item in value)
    else:
        raise ValueError("应为字节整数数组或 base64 文本")
    if not found:
        raise ValueError("不能为空")
    return found


def _object(value: Any) -> Any:
    if not isinstance(value, dict):
        raise ValueError("应为对象 {…}")
    return value


def _any_list(value: Any) -> Any:
    rows = [value] if isinstance(value, dict) else value
    if not isinstance(rows, list):
        raise ValueError("应为数组 […]")
    return rows


def _list(value: Any) -> Any:
    rows = _any_list(value)
    if not rows:
        raise ValueError("至少要有一项")
    return rows


def _writer(scale: int) -> Callable[[int], Decimal]:
    return lambda value: as_decimal(value, scale)


def _write_ratio(ppm: int) -> Decimal:
    return as_decimal(half_up(ppm * _RATIO_PLACES, PPM), _RATIO_PLACES)


def _write_day(value: date) -> str:
    return value.strftime(DAY)


def _moment(value: datetime) -> str:
    return timezone.localtime(value).strftime(MOMENT)
