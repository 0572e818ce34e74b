"""What the checklist needs of a message and its reply; people only under a keyed hash."""

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from yidi.gateway.json_text import parse
from yidi.people.encryption import blind_index
from yidi.values.money import parse_yuan

PARTS = ("fulamt_ownpay_amt", "overlmt_selfpay", "preselfpay_amt", "inscp_scp_amt")
KEPT = ("mdtrt_id", "setl_id", "sign_no", "omsgid", "oinfno", "medins_setl_id", "med_type", "dise_codg", "chrg_bchno", "medfee_sumamt",
        *PARTS)  # fmt: skip
PAID = ("medfee_sumamt", "fund_pay_sumamt", "psn_cash_pay", *PARTS)
EQUAL = ("0", "000000")
"""Results of a comparison of accounts that mean no difference (interface §5)."""
RESULT_COLUMN = 4
_CODE = re.compile(r"\[([A-Z]+(?:-[A-Z]+)+)\]")
UNEXPLAINED = "-1"
"""The outcome of a refusal without a code."""

Facts = dict[str, Any]


def pseudonym(person: str) -> str:
    """A person's number under a keyed hash: the same person can be told, but not who it is."""
    return blind_index(person)[:16]


def asked(request: BaseModel | None) -> Facts:
    """What a message that could be read says."""
    found: Facts = {}
    for node in _nodes(request):
        found |= {name: value for name in KEPT if (value := getattr(node, name, None)) not in (None, "")}
        if number := getattr(node, "psn_no", ""):
            found["person"] = pseudonym(number)
    lines = getattr(request, "feedetail", None)
    if isinstance(lines, list) and hasattr(next(iter(lines), None), "det_item_fee_sumamt"):
        found["serials"] = [line.feedetl_sn for line in lines]
        found["sum"] = sum(line.det_item_fee_sumamt for line in lines)
    return found


def _nodes(request: BaseModel | None) -> Iterator[Any]:
    for name in type(request).model_fields if request else ():
        node = getattr(request, name)
        yield next(iter(node), None) if isinstance(node, list) else node


def outcome(text: str) -> str:
    """The code of the refusal that a reply tells; empty where it tells none."""
    reply = parse(text)
    if reply["infcode"] == 0:
        return ""
    found = _CODE.match(reply["err_msg"] or "")
    return found[1] if found else UNEXPLAINED


def told(text: str) -> Facts:
    """What a reply says."""
    output = parse(text)["output"]
    found: Facts = {}
    for name, learn in LEARNT.items():
        if isinstance(output, dict) and output.get(name):
            found |= learn(output[name])
    return found


LEARNT: Mapping[str, Callable[[Any], Facts]] = {
    "signinoutb": lambda node: {"sign_no": node["sign_no"]},
    "baseinfo": lambda node: {"person": pseudonym(node["psn_no"])},
    "insuinfo": lambda rows: {"homes": [row["insuplc_admdvs"] for row in rows]},
    "data": lambda node: {"mdtrt_id": node["mdtrt_id"]} if "mdtrt_id" in node else {},
    "result": lambda rows: (
        {"rows": [row.get("feedetl_sn") for row in rows]} if isinstance(rows, list) else {}
    ),
    "setlinfo": lambda node: _settled(node) if isinstance(node, dict) else {},
    "stmtinfo": lambda node: {"equal": node["stmt_rslt"] in EQUAL},
    "fileinfo": lambda node: {"file": node["file_qury_no"]},
}
"""Node of a reply → what is learnt from it."""


def _settled(node: Facts) -> Facts:
    amounts = {name: parse_yuan(Decimal(str(node[name]))) for name in PAID if node.get(name) is not None}
    return {**amounts, "setl_id": node.get("setl_id")}


def differences(file: bytes) -> Facts:
    """How many rows of a reconciliation result differ (interface §5); nothing where the file is none."""
    try:
        with zipfile.ZipFile(io.BytesIO(file)) as packed:
            text = packed.read(packed.namelist()[0]).decode()
    except (zipfile.BadZipFile, IndexError, UnicodeDecodeError):
        return {}
    rows = [line.split("\t") for line in text.splitlines() if line]
    if any(len(row) <= RESULT_COLUMN for row in rows):
        return {}
    return {"differences": sum(row[RESULT_COLUMN] not in EQUAL for row in rows)}
