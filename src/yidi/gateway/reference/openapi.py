"""The interface as an OpenAPI 3.1 document: one path for each transaction, named by the number that is a hint there."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from yidi import __version__
from yidi.gateway.declarations import Transaction
from yidi.gateway.envelope import Envelope
from yidi.gateway.errors import TransportRefusal
from yidi.gateway.fields import Field, fields_of
from yidi.gateway.json_text import parse, pretty
from yidi.gateway.nodes import Node
from yidi.gateway.reference.model import NESTED, Entry, entries, is_required, node_class
from yidi.gateway.reference.refusals import every_message
from yidi.gateway.reference.samples import sample_of
from yidi.gateway.security.headers import CSB_SIGNED
from yidi.gateway.security.terms import Scheme
from yidi.reference import dictionaries

PATH = "/fsi/api/rsfComIfsService/callService"
SCHEMES: Mapping[Scheme, tuple[str, ...]] = {
    Scheme.X_TIF: ("x-tif-paasid", "x-tif-timestamp", "x-tif-nonce", "x-tif-signature"),
    Scheme.CSB: (*CSB_SIGNED, "_api_signature"),
    Scheme.APIKEY: ("apikey",),
}
"""The headers that each scheme demands; an institution has one scheme."""
DAY = r"^\d{4}-\d{2}-\d{2}$"
MOMENT = r"^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$"
NUMBER = r"^\s*-?\d+(\.\d+)?\s*$"

Json = dict[str, Any]


@cache
def document() -> Mapping[str, Any]:
    """The whole document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "定点医药机构接口",
            "version": __version__,
            "description": "由交易声明生成。业务失败为 HTTP 200、infcode -1，err_msg 说明原因与办法。",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "tags": [{"name": area} for area in dict.fromkeys(entry.area.zh for entry in entries().values())],
        "security": [*({name: [] for name in names} for names in SCHEMES.values()), {}],
        "paths": {f"{PATH}/{entry.infno}": {"post": _operation(entry)} for entry in entries().values()},
        "components": {
            "securitySchemes": {
                name: {"type": "apiKey", "in": "header", "name": name, "description": scheme.zh}
                for scheme, names in SCHEMES.items()
                for name in names
            },
            "schemas": {
                "envelope": _node(Envelope, leave_out="input"),
                "reply": _reply(),
                "refused": _refused(),
                **{f"dictionary.{name}": _dictionary(name) for name in sorted(_dictionaries())},
            },
        },
    }


def text() -> str:
    """The document as it is served."""
    return pretty(document()) + "\n"


def _operation(entry: Entry) -> Json:
    item = entry.transaction
    sample = sample_of(item)
    example = {"example": parse(sample.request)} if sample.runs else {}
    return {
        "operationId": f"transaction{item.infno}",
        "summary": f"{item.infno} {item.name}",
        "description": _description(entry),
        "tags": [entry.area.zh],
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": _request(item), **example}},
        },
        "responses": {
            "200": {"description": "成功，或业务失败", "content": _answered(item, sample.reply)},
            **{
                str(status): {
                    "description": said,
                    "content": {"application/json": {"schema": _ref("refused")}},
                }
                for status, said in statuses().items()
            },
        },
        "x-yidi-section": item.section,
        "x-yidi-mark": item.mark.value,
        "x-yidi-refusals": [kind.code for kind in (*every_message(), *entry.refusals)],
    }


@cache
def statuses() -> Mapping[int, str]:
    """The HTTP statuses other than 200, and the codes of what has them."""
    found: dict[int, list[str]] = {}
    for kind in every_message():
        if issubclass(kind, TransportRefusal):
            found.setdefault(kind.status, []).append(kind.code)
    return {status: "、".join(found[status]) for status in sorted(found)}


def _description(entry: Entry) -> str:
    item = entry.transaction
    other = f"另一编号：{'、'.join(item.also)}。" if item.also else ""
    doubt = f"未证实：{item.doubt}" if item.doubt else ""
    return f"{entry.purpose}{other}{doubt}"


def _request(item: Transaction) -> Json:
    must = ["input", *(["insuplc_admdvs"] if item.of_person else [])]
    numbers = {"type": "string", "enum": [item.infno, *item.also]}
    return {
        "allOf": [_ref("envelope")],
        "type": "object",
        "properties": {"infno": numbers, "input": _node(item.request)},
        "required": must,
    }


def _answered(item: Transaction, reply: str) -> Json:
    if item.gives_file:
        file = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
        return {**file, "application/json": {"schema": _ref("refused")}}
    output = _node(item.reply) if item.reply else {"type": "object", "maxProperties": 0}
    if item.listed:
        output = {"type": "array", "items": output}
    success = {
        "allOf": [_ref("reply")],
        "type": "object",
        "properties": {"infcode": {"const": 0}, "err_msg": {"type": "null"}, "output": output},
    }
    example = {"example": parse(reply)} if reply else {}
    return {"application/json": {"schema": {"oneOf": [success, _ref("refused")]}, **example}}


def _node(cls: Any, leave_out: str = "") -> Json:
    sent = issubclass(cls, Node)
    properties = {
        name.removesuffix("_"): _field(cls, name, field, sent)
        for name, field in fields_of(cls).items()
        if name != leave_out
    }
    must = [
        name.removesuffix("_")
        for name in fields_of(cls)
        if name != leave_out and (not sent or is_required(cls, name))
    ]
    return {"type": "object", "properties": properties, **({"required": must} if must else {})}


def _field(cls: Any, name: str, field: Field, sent: bool) -> Json:
    schema = _nested(cls, name, field) if field.kind in NESTED else _plain(field, sent)
    if not is_required(cls, name):
        schema = {"anyOf": [schema, {"enum": ["", None]} if sent else {"type": "null"}]}
    told = f"{field.label}。未证实：{field.doubt}" if field.doubt else field.label
    return {"description": told, **schema}


def _nested(cls: Any, name: str, field: Field) -> Json:
    inner = node_class(cls, name)
    schema = _node(inner) if inner else {"type": "object"}
    if field.kind == "node":
        return schema
    least = {"minItems": 1} if issubclass(cls, Node) else {}
    return {"type": "array", "items": schema, **least}


def _plain(field: Field, sent: bool) -> Json:
    if field.dictionary and sent:
        return {**_ref(f"dictionary.{field.dictionary}")}
    if field.kind in ("N", "I"):
        number: Json = {"type": "number", "x-yidi-length": field.length}
        return {"anyOf": [number, {"type": "string", "pattern": NUMBER}]} if sent else number
    if field.kind == "L":
        return {"type": "boolean"}
    if field.kind == "B":
        byte = {"type": "integer", "minimum": -128, "maximum": 255}
        return {"anyOf": [{"type": "string", "contentEncoding": "base64"}, {"type": "array", "items": byte}]}
    if field.kind in ("D", "DT"):
        return {"type": "string", "pattern": DAY if field.kind == "D" else MOMENT}
    least = {"minLength": 1, "pattern": r"\S"} if sent else {}
    return {"type": "string", **least, **({"maxLength": int(field.length)} if field.length.isdigit() else {})}


def _dictionaries() -> set[str]:
    """Those of which a request holds codes."""
    classes = [Envelope, *(entry.transaction.request for entry in entries().values())]
    return {field.dictionary for top in classes for field in _fields(top) if field.dictionary}


def _fields(cls: Any) -> list[Field]:
    found: list[Field] = []
    for name, field in fields_of(cls).items():
        inner = node_class(cls, name) if field.kind in NESTED else None
        found += _fields(inner) if inner else [field]
    return found


def _dictionary(name: str) -> Json:
    """The codes that are taken: the national ones, and those that were seen in single regions."""
    codes = [*dictionaries.dictionary(name, unconfirmed=True), *dictionaries.local_codes(name)]
    return {"type": "string", "title": dictionaries.title(name), "enum": list(dict.fromkeys(codes))}


def _reply() -> Json:
    digits = {"type": "string", "pattern": r"^\d{17}$"}
    return {
        "type": "object",
        "required": [
            "infcode",
            "inf_refmsgid",
            "refmsg_time",
            "respond_time",
            "enctype",
            "signtype",
            "err_msg",
            "output",
        ],
        "properties": {
            "infcode": {"description": "交易状态码：0 成功，-1 失败", "enum": [0, -1]},
            "inf_refmsgid": {"description": "接收方报文ID", "type": "string", "pattern": r"^\d{30}$"},
            "refmsg_time": {"description": "接收报文时间", **digits},
            "respond_time": {"description": "响应报文时间", **digits},
            "enctype": {"description": "加密类型", "type": "string"},
            "signtype": {"description": "签名类型", "type": "string"},
            "err_msg": {"description": "错误信息", "type": ["string", "null"]},
            "output": {"description": "交易输出"},
        },
    }


def _refused() -> Json:
    return {
        "allOf": [_ref("reply")],
        "type": "object",
        "properties": {
            "infcode": {"const": -1},
            "err_msg": {"type": "string", "pattern": r"^\[[A-Z]+(-[A-Z]+)+\] "},
            "output": {"type": "null"},
            "code": {"description": "错误编号，仅在 HTTP 状态不是 200 时", "type": "string"},
            "message": {"description": "错误说明，仅在 HTTP 状态不是 200 时", "type": "string"},
        },
    }


def _ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}
