"""JSON in and out without a float: numbers are int or Decimal on both sides."""

import hashlib
import json
from decimal import Decimal
from json.encoder import encode_basestring
from typing import Any

from yidi.gateway.errors import Malformed


def decode(raw: bytes) -> dict[str, Any]:
    """The object that UTF-8 text spells. Raises Malformed, also for what only spells one on paper (depth, surrogates)."""
    try:
        body = parse(raw.decode("utf-8-sig"))
        digest(body)
    except json.JSONDecodeError as wrong:
        raise Malformed(why=f"第 {wrong.lineno} 行第 {wrong.colno} 列无法解析") from None
    except UnicodeError:
        raise Malformed(why="不是 UTF-8 编码") from None
    except (ValueError, ArithmeticError, RecursionError):
        raise Malformed(why="数字或嵌套层数超出范围") from None
    if not isinstance(body, dict):
        raise Malformed(why="最外层应为对象 {…}")
    return body


def parse(text: str) -> Any:
    """JSON with its decimal numbers as Decimal. Raises ValueError (NaN and Infinity too), ArithmeticError, RecursionError."""
    return json.loads(text, parse_float=Decimal, parse_constant=_refuse)


def _refuse(name: str) -> Any:
    raise ValueError(name)


def digest(body: Any) -> str:
    """SHA-256 of a body, whatever the order of its keys and its white space."""
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def encode(value: Any) -> str:
    """Compact JSON. A Decimal is written as the plain number it is; anything else JSON has no word for is a TypeError."""
    if isinstance(value, str):
        return encode_basestring(value)
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, (int, Decimal)):
        return format(value, "d" if isinstance(value, int) else "f")
    if isinstance(value, dict):
        return "{" + ",".join(f"{encode_basestring(key)}:{encode(item)}" for key, item in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(map(encode, value)) + "]"
    raise TypeError(f"no JSON for {type(value).__name__}")


def pretty(value: Any, indent: str = "") -> str:
    """JSON for people: one field a line, amounts as exact as they came."""
    inner = indent + "  "
    if isinstance(value, dict) and value:
        rows = [f"{inner}{encode_basestring(key)}: {pretty(item, inner)}" for key, item in value.items()]
        return "{\n" + ",\n".join(rows) + f"\n{indent}}}"
    if isinstance(value, (list, tuple)) and any(isinstance(item, (dict, list)) for item in value):
        return "[\n" + ",\n".join(inner + pretty(item, inner) for item in value) + f"\n{indent}]"
    return encode(value)
