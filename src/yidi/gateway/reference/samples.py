"""Sample messages that really run: kept under `samples/`, each checked by a test that sends it again."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from yidi.gateway.declarations import Transaction
from yidi.gateway.fields import Field, fields_of
from yidi.gateway.json_text import parse, pretty
from yidi.gateway.reference.script import Exchange, Json
from yidi.reference import dictionaries

FOLDER = Path(__file__).with_name("samples")
FILE = "（文件内容：application/octet-stream）"
DRAWN = {
    "diag_info_id": r"\d+$",
    "mdtrt_id": r"(?<=^S\d{12})\d{7}$|^\d+$",
    "refl_old_mdtrt_id": r"^\d+$",
    "setl_id": r"\d+$",
    "setl_sn": r"\d+$",
    "sign_no": r"\d+$",
    "file_qury_no": r".+",
    "inf_refmsgid": r"\d{10}$",
    "rid": r".+",
    "trt_dcla_detl_sn": r"\d+$",
    "clr_appy_evt_id": r"\d+$",
}
"""Fields that the centre draws, and which part of them; a sample counts them instead, so that it is the same each time."""
SAME = {"setl_sn": "setl_id", "refl_old_mdtrt_id": "mdtrt_id"}
"""Two names of one number."""
GROWING = {"rid"}
"""Numbers of no fixed length: how many digits one has tells only how many came before it."""


@dataclass(frozen=True, slots=True)
class Sample:
    """What is sent and what comes back."""

    request: str
    reply: str
    """Empty where the sample shows the form alone and was not sent."""

    @property
    def runs(self) -> bool:
        return bool(self.reply)


@cache
def sample_of(transaction: Transaction) -> Sample:
    """The sample of a transaction: one that was sent, else one that shows the form of its `input`."""
    path = FOLDER / f"{transaction.infno}.json"
    if not path.exists():
        return Sample(pretty({"infno": transaction.infno, "input": shape(transaction.request)}), "")
    kept = parse(path.read_text(encoding="utf-8"))
    reply = kept["reply"]
    return Sample(pretty(kept["request"]), reply if isinstance(reply, str) else pretty(reply))


def text_of(exchange: Exchange) -> str:
    """An exchange as it is kept."""
    reply = FILE if isinstance(exchange.reply, bytes) else exchange.reply
    return pretty({"request": exchange.request, "reply": reply}) + "\n"


@dataclass(slots=True)
class Renumbered:
    """Takes exchanges in order and writes counted numbers where the centre drew some."""

    known: dict[tuple[str, str], str] = field(default_factory=dict)

    def exchanges(self, played: Iterable[Exchange]) -> Iterator[Exchange]:
        for exchange in played:
            reply = exchange.reply if isinstance(exchange.reply, bytes) else self._seen(exchange.reply, "")
            yield Exchange(exchange.infno, self._seen(exchange.request, ""), reply)

    def _seen(self, value: Any, name: str) -> Any:
        if isinstance(value, dict):
            return {key: self._seen(item, key) for key, item in value.items()}
        if isinstance(value, list):
            return [self._seen(item, name) for item in value]
        return self._counted(name, value) if name in DRAWN and isinstance(value, str) and value else value

    def _counted(self, name: str, drawn: str) -> str:
        """The part that is drawn becomes the number of those seen so far."""
        kind = SAME.get(name, name)
        rank = 1 + sum(seen == kind for seen, _ in self.known)
        counted = re.sub(
            DRAWN[name], lambda part: str(rank).zfill(0 if name in GROWING else len(part[0])), drawn
        )
        return self.known.setdefault((kind, drawn), counted)


def shape(node: Any) -> Json:
    """A node with every field filled by what its declaration allows."""
    from yidi.gateway.reference.model import node_class

    filled: Json = {}
    for name, declared in fields_of(node).items():
        inner = node_class(node, name) if declared.kind in ("node", "list") else None
        value = shape(inner) if inner else _example(declared)
        filled[name.removesuffix("_")] = [value] if declared.kind == "list" else value
    return filled


def _example(declared: Field) -> Any:
    plain: dict[str, Any] = {"N": 1, "I": 1, "D": "2026-06-15", "DT": "2026-06-15 10:00:00", "B": "UEsFBg=="}
    if declared.dictionary:
        return next(iter(dictionaries.dictionary(declared.dictionary)))
    longest = re.match(r"\d+", declared.length)
    return plain.get(declared.kind, declared.label[: int(longest[0])] if longest else declared.label)
