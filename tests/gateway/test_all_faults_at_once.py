"""The promise of the checks, over every declaration: required, length, code, type; all faults at once, by path, in Chinese."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.gateway.client import Client
from tests.gateway.messages import filled
from yidi.gateway.errors import BadFields
from yidi.gateway.fields import Field
from yidi.gateway.nodes import read
from yidi.gateway.reference.model import NESTED, Row, tables
from yidi.gateway.transactions import TRANSACTIONS

REQUESTS = {item.infno: item.request for item in TRANSACTIONS}
OUT_OF_KIND: dict[str, Any] = {"C": ["x"], "N": "二", "D": "2026/01/02", "DT": 20260102, "I": "二"}


def leaves(request: Any) -> Iterator[tuple[str, Row]]:
    """Every field of the first row of everything, by its path as a fault tells it."""
    for table in tables(request, "input"):
        for row in table.rows:
            if row.field.kind in NESTED:
                continue
            yield f"{table.path.replace('[]', '[0]')}.{row.name}", row


def put(message: Any, path: str, value: Any) -> None:
    *steps, last = re.findall(r"\w+", path.removeprefix("input"))
    for step in steps:
        message = message[int(step) if step.isdigit() else step]
    message[last] = value


def faults(request: Any, given: Any) -> list[str]:
    try:
        read(request, given, "input")
    except BadFields as refusal:
        return list(refusal.details["each"])
    return []


def gone(row: Row) -> bool:
    return row.required


def too_long(row: Row) -> bool:
    return row.field.kind == "C" and row.field.length.isdigit()


def of_dictionary(row: Row) -> bool:
    return bool(row.field.dictionary)


def of_kind(row: Row) -> bool:
    return row.field.kind in OUT_OF_KIND


BREAKS: dict[str, tuple[Callable[[Row], bool], Callable[[Field], Any], str]] = {
    # which fields, what stands there instead, what the fault says
    "required": (gone, lambda field: "", "缺少或为空"),
    "length": (too_long, lambda field: "长" * (int(field.length) + 1), "超过"),
    "code": (of_dictionary, lambda field: "?", "代码"),
    "type": (of_kind, lambda field: OUT_OF_KIND[field.kind], ""),
}


@pytest.mark.parametrize("broken", BREAKS)
@pytest.mark.parametrize("infno", sorted(REQUESTS))
def test_every_fault_is_told_by_its_path(infno: str, broken: str) -> None:
    request = REQUESTS[infno]
    applies, value, said = BREAKS[broken]
    message = filled(request, {})
    wanted = [(path, row) for path, row in leaves(request) if applies(row)]
    for path, row in wanted:
        put(message, path, value(row.field))
    found = faults(request, message)
    for path, row in wanted:
        (fault,) = [one for one in found if one.startswith(f"{path}（")]
        assert row.field.label in fault
        assert said in fault
        assert re.search(r"[一-鿿]", fault.partition("：")[2])


@pytest.mark.parametrize("as_text", [False, True], ids=["object", "text"])
@pytest.mark.django_db
def test_faults_of_every_kind_and_place_in_one_answer(client: Client, as_text: bool) -> None:
    """Envelope and input, an absent home region, several rows: nothing waits for a second round."""
    body = client.message("2204", msgid="x" * 31, opter_type="9", inf_time="today", insuplc_admdvs="")
    first = body["input"]["feedetail"][0]
    broken = {**first, "cnt": "二", "rx_circ_flag": "?", "bilg_dr_name": "", "chrg_bchno": "长" * 31}
    body["input"] = {"feedetail": [broken, first, broken, broken]}
    if as_text:
        body["input"] = json.dumps(body["input"])
    said = client.send(body)["err_msg"]
    assert "报文有 16 处不合要求" in said
    assert "insuplc_admdvs（参保地医保区划）" in said
    for path in ("msgid", "opter_type", "inf_time"):
        assert f"{path}（" in said
    for name in ("cnt", "rx_circ_flag", "bilg_dr_name", "chrg_bchno"):
        assert re.search(rf"input\.feedetail\[0\]\.{name}（第 1 项[^；]*（\[2\]–\[3\] 同样）", said)
