"""A centre in memory: it keeps replies, forgets what it refuses, and settles a visit once. For the client's tests alone."""

import base64
import io
import itertools
import json
import threading
import zipfile
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from yidi.his.messages import SHANGHAI, Answer, Message, parse

PARTS = {"fulamt_ownpay_amt": 0, "overlmt_selfpay": 0, "preselfpay_amt": 0}
FUNDS = ("cvlserv_pay", "hifes_pay", "hifmi_pay", "hifob_pay", "maf_pay", "oth_pay")
PERSON = {"psn_no": "P1", "insutype": "310", "insuplc_admdvs": "360100"}


class No(Exception):
    """The centre refuses."""


@dataclass
class Centre:
    """`replays`: a 2207 or 2208 sent again gets its stored reply, as any other does. `remembers`: a reversed msgid is refused ever after."""

    replays: bool = True
    remembers: bool = True
    wrong: str = ""
    """A field of every 2207 reply that comes back one fen too high."""
    seen: list[str] = field(default_factory=list)
    replies: dict[str, Any] = field(default_factory=dict)
    reversed: set[str] = field(default_factory=set)
    visits: dict[str, dict[str, Any]] = field(default_factory=dict)
    settlements: dict[str, dict[str, Any]] = field(default_factory=dict)
    """setl_id → its setlinfo with `refd_setl_flag`, and `undone` where it does not stand."""
    files: dict[str, bytes] = field(default_factory=dict)
    lock: Any = field(default_factory=threading.Lock)
    numbers: Any = field(default_factory=lambda: itertools.count(1))

    def post(self, message: Message) -> Answer:
        return self.answer(message.text.encode())

    def close(self) -> None:
        pass

    def answer(self, text: bytes) -> Answer:
        with self.lock:
            return self._answered(text)

    def _answered(self, text: bytes) -> Answer:
        body = json.loads(text)
        kind = body["infno"].removesuffix("A")
        self.seen.append(kind)
        try:
            output = self._answer(kind, body["msgid"], body["input"])
        except No as no:
            return _json({"infcode": -1, "err_msg": str(no), "output": None})
        if isinstance(output, bytes):
            return Answer(200, "application/octet-stream;charset=UTF-8", output)
        return _json({"infcode": 0, "err_msg": None, "output": output})

    def _answer(self, kind: str, msgid: str, given: dict[str, Any]) -> Any:
        if msgid in self.reversed:
            raise No("已冲正")
        if msgid in self.replies:
            if not self.replays and kind in ("2207", "2208"):
                raise No("报文号重复")
            kept = self.replies[msgid]
            if kind == "2207" and self.settlements[kept["setlinfo"]["setl_id"]].get("undone"):
                raise No("结算已撤销")
            return kept
        output = getattr(self, f"_{kind}")(msgid, next(iter(given.values())) if given else {})
        if kind not in ("1101", "5301", "5203", "2206", "3201", "9102"):
            self.replies[msgid] = output
        return output

    def standing(self, visit: str = "") -> list[dict[str, Any]]:
        return [
            one
            for one in self.settlements.values()
            if one["refd_setl_flag"] == "0" and not one.get("undone") and visit in ("", one["mdtrt_id"])
        ]

    def _9001(self, msgid: str, data: Any) -> Any:
        return {"signinoutb": {"sign_no": "000001"}}

    def _9002(self, msgid: str, data: Any) -> Any:
        return {"signoutoutb": {"sign_time": "2026-01-01 18:00:00"}}

    def _1101(self, msgid: str, data: Any) -> Any:
        return {"baseinfo": {"psn_no": "P1"}, "insuinfo": [PERSON]}

    def _5301(self, msgid: str, data: Any) -> Any:
        return {"feedetail": []}

    def _2201(self, msgid: str, data: Any) -> Any:
        if any(one["number"] == data["ipt_otp_no"] for one in self.visits.values()):
            raise No("已挂号")
        number = f"{next(self.numbers):012d}"
        self.visits[number] = {"number": data["ipt_otp_no"], "lines": []}
        return {"data": {"mdtrt_id": number}}

    def _2203(self, msgid: str, data: Any) -> Any:
        return None

    def _2204(self, msgid: str, lines: Any) -> Any:
        self.visits[lines[0]["mdtrt_id"]]["lines"] = lines
        return {"result": [_line(line) for line in lines]}

    def _2205(self, msgid: str, data: Any) -> Any:
        self.visits[data["mdtrt_id"]]["lines"] = []
        return None

    def _2202(self, msgid: str, data: Any) -> Any:
        if self.standing(data["mdtrt_id"]):
            raise No("已结算")
        del self.visits[data["mdtrt_id"]]
        return None

    def _2206(self, msgid: str, data: Any) -> Any:
        return _settled(data, "", msgid)

    def _2207(self, msgid: str, data: Any) -> Any:
        if self.standing(data["mdtrt_id"]):
            raise No("已结算")
        number = f"S{next(self.numbers):06d}"
        output = _settled(data, number, msgid)
        if self.wrong:
            output["setlinfo"][self.wrong] += Decimal("0.01")
        self.settlements[number] = {**output["setlinfo"], "refd_setl_flag": "0"}
        return output

    def _2208(self, msgid: str, data: Any) -> Any:
        return self._undo(self.settlements[data["setl_id"]], msgid)

    def _undo(self, one: dict[str, Any], msgid: str) -> Any:
        if one.get("undone"):
            raise No("已撤销")
        number = f"S{next(self.numbers):06d}"
        one["undone"] = number
        negated = {
            name: -value if isinstance(value, (Decimal, int)) else value for name, value in one.items()
        }
        info = {**negated, "setl_id": number, "medins_setl_id": msgid}
        self.settlements[number] = {**info, "refd_setl_flag": "1", "original": one["setl_id"]}
        return {"setlinfo": info, "setldetail": [_paid(info)]}

    def _2601(self, msgid: str, data: Any) -> Any:
        found = [one for one in self.settlements.values() if one["medins_setl_id"] == data["omsgid"]]
        if self.remembers:
            self.reversed.add(data["omsgid"])
        elif not found:
            raise No("无需冲正")
        for one in found:
            if one["refd_setl_flag"] == "1":
                raise No("撤销不能冲正")
            if not one.get("undone"):
                self._undo(one, msgid)
            one["reversed"] = self.settlements[one["undone"]]["reversed"] = True
        return None

    def _5203(self, msgid: str, data: Any) -> Any:
        for one in self.settlements.values():
            if data.get("medins_setl_id") == one["medins_setl_id"] or data["setl_id"] == one["setl_id"]:
                flag = "1" if one.get("undone") else one["refd_setl_flag"]
                info = {
                    **one,
                    "psn_pay": one["psn_part_amt"],
                    "cash_payamt": one["psn_cash_pay"],
                    "refd_setl_flag": flag,
                }
                return {"setlinfo": info, "setldetail": [_paid(one)]}
        raise No("没有该结算")

    # reconciliation

    def counted(self) -> list[dict[str, Any]]:
        return [one for one in self.settlements.values() if not one.get("reversed")]

    def _3201(self, msgid: str, data: Any) -> Any:
        rows = [one for one in self.counted() if one["insutype"] == data["insutype"]]
        same = len(rows) == int(data["fixmedins_setl_cnt"]) and all(
            sum(Decimal(str(one[name])) for one in rows) == Decimal(data[name])
            for name in ("medfee_sumamt", "fund_pay_sumamt", "acct_pay")
        )
        return {
            "stmtinfo": {"stmt_rslt": "0" if same else "3", "stmt_rslt_dscr": "", "setl_optins": "310000"}
        }

    def _9101(self, msgid: str, data: Any) -> Any:
        number = f"F{next(self.numbers)}"
        self.files[number] = base64.b64decode(data["in"])
        return {"file_qury_no": number, "filename": data["filename"]}

    def _3202(self, msgid: str, data: Any) -> Any:
        with zipfile.ZipFile(io.BytesIO(self.files[data["file_qury_no"]])) as packed:
            (name,) = packed.namelist()
            rows = [line.split("\t") for line in packed.read(name).decode().splitlines()]
        theirs = {row[0]: row for row in rows}
        result = [self._compared(one, theirs.pop(one["setl_id"], None)) for one in self.counted()]
        result += [
            [row[2], row[1], row[0], "null", "2", row[6], "null", *row[3:6]] for row in theirs.values()
        ]
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as packed:
            packed.writestr("result.txt", "\n".join("\t".join(row) for row in result))
        number = f"F{next(self.numbers)}"
        self.files[number] = buffer.getvalue()
        return {"fileinfo": {"file_qury_no": number, "filename": "result.zip", "dld_endtime": ""}}

    def _compared(self, one: dict[str, Any], row: list[str] | None) -> list[str]:
        amounts = [f"{one[name]:.2f}" for name in ("medfee_sumamt", "fund_pay_sumamt", "acct_pay")]
        result = "1" if row is None else "0" if row[3:6] == amounts else "3"
        names = ("psn_no", "mdtrt_id", "setl_id", "medins_setl_id")
        return [*(one[name] for name in names), result, one["refd_setl_flag"], "null", *amounts]

    def _9102(self, msgid: str, data: Any) -> Any:
        return self.files[data["file_qury_no"]]


def _line(line: dict[str, Any]) -> dict[str, Any]:
    amount = Decimal(line["det_item_fee_sumamt"])
    return {
        "feedetl_sn": line["feedetl_sn"], "det_item_fee_sumamt": amount, "cnt": line["cnt"], "pric": Decimal(line["pric"]),
        "pric_uplmt_amt": 999999, "selfpay_prop": 0, "fulamt_ownpay_amt": 0, "overlmt_amt": 0, "preselfpay_amt": 0,
        "inscp_scp_amt": amount,
    }  # fmt: skip


def _settled(data: dict[str, Any], number: str, msgid: str) -> dict[str, Any]:
    total = Decimal(data["medfee_sumamt"])
    fund = (total * 3 / 5).quantize(Decimal("0.01"))
    info = {
        "setl_id": number, "mdtrt_id": data["mdtrt_id"], "psn_no": data["psn_no"], "medins_setl_id": msgid if number else "",
        "setl_time": f"{datetime.now(SHANGHAI):%Y-%m-%d %H:%M:%S}", "insutype": data["insutype"], "clr_type": "11", "clr_optins": "310000",
        "medfee_sumamt": total, "inscp_scp_amt": total, **PARTS, "act_pay_dedc": 0, "hifp_pay": fund,
        **dict.fromkeys(FUNDS, 0), "fund_pay_sumamt": fund, "psn_part_amt": total - fund, "acct_pay": 0,
        "psn_cash_pay": total - fund, "hosp_part_amt": 0,
    }  # fmt: skip
    return {"setlinfo": info, "setldetail": [_paid(info)]}


def _paid(info: dict[str, Any]) -> dict[str, Any]:
    return {"fund_pay_type": "310100", "fund_payamt": info["fund_pay_sumamt"]}


def _json(body: dict[str, Any]) -> Answer:
    # Amounts go over the wire as JSON numbers; these are exact in a float's digits.
    text = json.dumps(body, default=float, ensure_ascii=False)
    assert parse(text)
    return Answer(200, "application/json;charset=UTF-8", text.encode())
