"""A hospital's system: a process of its own that knows the national interface, HTTP, and nothing of this project.

    python -m yidi.demo.his < script.json

Reads a script, sends the messages of each visit in order, and writes one JSON line per message with the request and the
reply's exact text. A refusal ends its visit, not the run.
"""

import hashlib
import http.client
import json
import secrets
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

PATH = "/fsi/api/rsfComIfsService/callService"
TIMEOUT_S = 60
SHANGHAI = ZoneInfo("Asia/Shanghai")


class Refused(Exception):
    """The centre answered with infcode other than 0."""


@dataclass(frozen=True)
class Prepared:
    """A visit with its lines uploaded: ready to be settled."""

    number: str
    person: str
    home: str
    bill: dict[str, Any]
    """What 2206A and 2207A have in common."""


class Hospital:
    """One institution's connection to the centre. `write` gets a record of every message that was answered."""

    def __init__(self, script: dict[str, Any], write: Callable[[dict[str, Any]], None]) -> None:
        self.script = script
        self.write = write
        self.sequence = script.get("sequence", 0)
        self.sign_no = ""
        self.address = urlsplit(script["url"])

    def call(self, infno: str, body: dict[str, Any], insured_at: str = "") -> dict[str, Any]:
        """Send one message; returns its output. Raises Refused."""
        return self.send(self.envelope(infno, body, insured_at))

    def send(self, request: dict[str, Any]) -> dict[str, Any]:
        """Send a message that is already in its envelope, perhaps for the second time. Raises Refused."""
        text = json.dumps(request, ensure_ascii=False).encode()
        link = http.client.HTTPConnection(self.address.hostname or "", self.address.port, timeout=TIMEOUT_S)
        try:
            link.request(
                "POST", PATH, text, {"Content-Type": "application/json;charset=utf-8", **self._signature()}
            )
            reply = link.getresponse()
            answer = reply.read().decode("utf-8")
        finally:
            link.close()
        self.write({"infno": request["infno"], "status": reply.status, "request": request, "reply": answer})
        data: dict[str, Any] = json.loads(answer, parse_float=Decimal)
        if data["infcode"] != 0:
            raise Refused(data["err_msg"])
        output: dict[str, Any] = data["output"]
        return output

    def envelope(self, infno: str, body: dict[str, Any], insured_at: str = "") -> dict[str, Any]:
        """A message in its envelope, with a message number of its own (interface §1.1)."""
        now = datetime.now(SHANGHAI)
        self.sequence += 1
        return {
            "infno": infno,
            "msgid": f"{self.script['code']}{now:%Y%m%d%H%M%S}{self.sequence:04d}",
            "mdtrtarea_admvs": self.script["region"],
            "insuplc_admdvs": insured_at,
            "recer_sys_code": "YBXT",
            "dev_no": "",
            "dev_safe_info": "",
            "cainfo": "",
            "signtype": "",
            "infver": "V1.0",
            "opter_type": "1",
            "opter": "001",
            "opter_name": "收费员甲",
            "inf_time": f"{now:%Y-%m-%d %H:%M:%S}",
            "fixmedins_code": self.script["code"],
            "fixmedins_name": self.script["name"],
            "sign_no": self.sign_no,
            "input": body,
        }

    def _signature(self) -> dict[str, str]:
        stamp, nonce = str(int(time.time())), secrets.token_hex(16)
        text = stamp + self.script["secret"] + nonce + stamp
        return {
            "x-tif-paasid": self.script["paasid"],
            "x-tif-timestamp": stamp,
            "x-tif-nonce": nonce,
            "x-tif-signature": hashlib.sha256(text.encode()).hexdigest(),
        }

    def sign_in(self) -> None:
        """Sign in for the day (9001)."""
        output = self.call(
            "9001", {"signIn": {"opter_no": "001", "mac": "00:00:00:00:00:00", "ip": "127.0.0.1"}}
        )
        self.sign_no = output["signinoutb"]["sign_no"]

    def prepare(self, visit: dict[str, Any]) -> Prepared:
        """Read the person, register the visit, upload diagnosis and lines. Raises Refused."""
        cert = {"mdtrt_cert_type": "02", "mdtrt_cert_no": visit["certno"]}
        output = self.call("1101", {"data": {**cert, "psn_cert_type": "01", "certno": visit["certno"]}})
        person, insured = output["baseinfo"]["psn_no"], output["insuinfo"][0]
        home = insured["insuplc_admdvs"]
        if visit["disease"]:
            self.call("5301", {"data": {"psn_no": person}}, home)
        began = f"{datetime.now(SHANGHAI):%Y-%m-%d %H:%M:%S}"
        output = self.call("2201", {"data": _registration(visit, person, insured, cert, began)}, home)
        number = output["data"]["mdtrt_id"]
        self.call("2203A", _information(visit, person, number, began), home)
        details = [_detail(line, visit, person, number, began) for line in visit["lines"]]
        self.call("2204", {"feedetail": details}, home)
        bill = {
            "psn_no": person,
            **cert,
            "med_type": visit["med_type"],
            "medfee_sumamt": f"{_total(visit):.2f}",
            "psn_setlway": "01",
            "mdtrt_id": number,
            "chrg_bchno": visit["id"],
            "acct_used_flag": "0",
            "insutype": insured["insutype"],
        }
        return Prepared(number, person, home, bill)

    def settle_request(self, visit: dict[str, Any], prepared: Prepared) -> dict[str, Any]:
        """Presettle (2206A) and put the settlement (2207A) into its envelope, ready to be sent. Raises Refused."""
        presettled = self.call("2206A", {"data": prepared.bill}, prepared.home)["setlinfo"]
        parts = ("fulamt_ownpay_amt", "overlmt_selfpay", "preselfpay_amt", "inscp_scp_amt")
        sums = {name: str(presettled[name]) for name in parts}
        return self.envelope(
            "2207A", {"data": {**prepared.bill, "invono": visit["invoice"], **sums}}, prepared.home
        )

    def cancel(self, prepared: Prepared, settlement: str) -> dict[str, Any]:
        """Cancel a settlement (2208). Raises Refused."""
        body = {"setl_id": settlement, "mdtrt_id": prepared.number, "psn_no": prepared.person}
        return self.call("2208", {"data": body}, prepared.home)

    def visit(self, visit: dict[str, Any]) -> None:
        """A whole visit, cancelled at the end where the script says so. Raises Refused."""
        prepared = self.prepare(visit)
        settled = self.send(self.settle_request(visit, prepared))["setlinfo"]
        if visit["cancel"]:
            self.cancel(prepared, settled["setl_id"])


def _registration(
    visit: dict[str, Any], person: str, insured: dict[str, Any], cert: dict[str, str], began: str
) -> dict[str, Any]:
    return {
        "psn_no": person,
        "insutype": insured["insutype"],
        "begntime": began,
        **cert,
        "ipt_otp_no": visit["id"],
        "atddr_no": "D310106000001",
        "dr_name": "医师甲",
        "dept_code": "A03.04",
        "dept_name": "心血管内科",
        "caty": "A03.04",
    }


def _information(visit: dict[str, Any], person: str, number: str, began: str) -> dict[str, Any]:
    return {
        "mdtrtinfo": {
            "mdtrt_id": number,
            "psn_no": person,
            "med_type": visit["med_type"],
            "begntime": began,
            "main_cond_dscr": "",
            "dise_codg": visit["disease"],
            "dise_name": visit["disease_name"],
        },
        "diseinfo": [
            {
                "diag_type": "1",
                "diag_srt_no": 1,
                "diag_code": visit["diagnosis"],
                "diag_name": visit["diagnosis_name"],
                "diag_dept": "心血管内科",
                "dise_dor_no": "D310106000001",
                "dise_dor_name": "医师甲",
                "diag_time": began,
                "vali_flag": "1",
            }
        ],
    }


def _detail(
    line: dict[str, Any], visit: dict[str, Any], person: str, number: str, began: str
) -> dict[str, Any]:
    return {
        "feedetl_sn": f"{visit['id']}-{line['serial']}",
        "mdtrt_id": number,
        "psn_no": person,
        "chrg_bchno": visit["id"],
        "dise_codg": visit["disease"],
        "rxno": f"R{visit['id']}",
        "rx_circ_flag": "0",
        "fee_ocur_time": began,
        "med_list_codg": line["code"],
        "medins_list_codg": line["code"],
        "det_item_fee_sumamt": line["amount"],
        "cnt": line["quantity"],
        "pric": line["price"],
        "bilg_dept_codg": "A03.04",
        "bilg_dept_name": "心血管内科",
        "bilg_dr_codg": "D310106000001",
        "bilg_dr_name": "医师甲",
        "hosp_appr_flag": "0",
    }


def _total(visit: dict[str, Any]) -> Decimal:
    return sum((Decimal(line["amount"]) for line in visit["lines"]), Decimal())


def main() -> None:
    """Play the script on standard input."""
    script = json.load(sys.stdin)
    hospital = Hospital(script, lambda record: print(json.dumps(record, ensure_ascii=False), flush=True))
    hospital.sign_in()
    for visit in script["visits"]:
        with suppress(Refused):
            hospital.visit(visit)


if __name__ == "__main__":
    main()
