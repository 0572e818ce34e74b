"""The messages of visits, made ahead as bytes: while it measures, a client fills in numbers and signs."""

import hashlib
import itertools
import json
import re
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.system.invented import CODE, ITEM, SECRET, identity

LOOPBACK = "127.0.0.1"
PATH = "/fsi/api/rsfComIfsService/callService"
PEOPLE = 300
"""Seeded people; visits go round among them."""
LINES = 5
"""Fee lines of a visit."""
CHAIN = ("1101", "2201", "2203A", "2204", "2206A", "2207A")
QUERIED_EVERY = 20
"""One visit in so many asks for its settlement again (5203): a printed receipt, a question at the counter."""
CANCELLED_EVERY = 50
"""One visit in so many is taken back (2208)."""
PRICE, TOTAL = "24.00", "120.00"
_FOUND = {"visit": re.compile(rb'"mdtrt_id":"(\d+)"'), "settlement": re.compile(rb'"setl_id":"(\d+)"')}
_serial = itertools.count(1)
_RUN = secrets.randbelow(10**6)


@dataclass
class Visit:
    """One visit on its way, with what the centre has answered so far."""

    number: str
    person: int
    visit: str = ""
    settlement: str = ""
    sent: dict[str, str] = field(default_factory=dict)
    """The msgid of each message."""

    def transactions(self, rank: int) -> Iterator[str]:
        """The numbers of its messages, in order; `rank` decides whether it is asked about or taken back."""
        yield from CHAIN
        if rank % QUERIED_EVERY == 0:
            yield "5203"
        if rank % CANCELLED_EVERY == 0:
            yield "2208"

    def message(self, infno: str) -> bytes:
        """The HTTP request of its next message, signed."""
        self.sent[infno] = msgid = f"{CODE}{_RUN:06d}{next(_serial):012d}"
        body = _TEMPLATES[infno]
        told = {
            "@MSGID": msgid,
            "@NUMBER": self.number,
            "@PSN": f"3601{self.person:016d}",
            "@CERT": identity(self.person),
            "@VISIT": self.visit,
            "@SETL": self.settlement,
        }
        for mark, value in told.items():
            body = body.replace(mark, value)
        return _request(body.encode())

    def learn(self, reply: bytes) -> None:
        """Take over the numbers that the centre gave."""
        for name, pattern in _FOUND.items():
            found = pattern.search(reply)
            if found and not getattr(self, name):
                setattr(self, name, found.group(1).decode())


def _request(body: bytes) -> bytes:
    stamp, nonce = str(int(time.time())), secrets.token_hex(16)
    signature = hashlib.sha256(f"{stamp}{SECRET}{nonce}{stamp}".encode()).hexdigest()
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: {LOOPBACK}\r\nContent-Type: application/json;charset=utf-8\r\n"
        f"Content-Length: {len(body)}\r\nx-tif-paasid: system-test\r\nx-tif-timestamp: {stamp}\r\n"
        f"x-tif-nonce: {nonce}\r\nx-tif-signature: {signature}\r\n\r\n"
    )
    return head.encode() + body


def _templates() -> dict[str, str]:
    # A little ago, so that no visit lies ahead of the server's clock.
    now = datetime.now(ZoneInfo("Asia/Shanghai")) - timedelta(minutes=1)
    began = f"{now:%Y-%m-%d %H:%M:%S}"
    cert = {"mdtrt_cert_type": "02", "mdtrt_cert_no": "@CERT"}
    bill = {
        "psn_no": "@PSN", **cert, "med_type": "11", "medfee_sumamt": TOTAL, "psn_setlway": "01",
        "mdtrt_id": "@VISIT", "chrg_bchno": "@NUMBER", "acct_used_flag": "0", "insutype": "310",
    }  # fmt: skip
    key = {"psn_no": "@PSN", "mdtrt_id": "@VISIT", "setl_id": "@SETL"}
    inputs: dict[str, Any] = {
        "1101": {"data": {**cert, "psn_cert_type": "01", "certno": "@CERT"}},
        "2201": {"data": {
            "psn_no": "@PSN", "insutype": "310", "begntime": began, **cert, "ipt_otp_no": "@NUMBER",
            "atddr_no": "D310106000001", "dr_name": "医师甲", "dept_code": "A03.04", "dept_name": "心血管内科",
            "caty": "A03.04",
        }},
        "2203A": {
            "mdtrtinfo": {"mdtrt_id": "@VISIT", "psn_no": "@PSN", "med_type": "11", "begntime": began},
            "diseinfo": [{
                "diag_type": "1", "diag_srt_no": 1, "diag_code": "I10.x00x002", "diag_name": "高血压病",
                "diag_dept": "心血管内科", "dise_dor_no": "D310106000001", "dise_dor_name": "医师甲",
                "diag_time": began, "vali_flag": "1",
            }],
        },
        "2204": {"feedetail": [_line(rank, began) for rank in range(LINES)]},
        "2206A": {"data": bill},
        "2207A": {"data": {**bill, "invono": "I@NUMBER"}},
        "5203": {"data": key},
        "2208": {"data": key},
    }  # fmt: skip
    return {
        infno: json.dumps(_envelope(infno, now, given), ensure_ascii=False) for infno, given in inputs.items()
    }


def _line(rank: int, began: str) -> dict[str, Any]:
    return {
        "feedetl_sn": f"@NUMBER-{rank}", "mdtrt_id": "@VISIT", "psn_no": "@PSN", "chrg_bchno": "@NUMBER",
        "rxno": "R@NUMBER", "rx_circ_flag": "0", "fee_ocur_time": began, "med_list_codg": ITEM,
        "medins_list_codg": ITEM, "det_item_fee_sumamt": PRICE, "cnt": 1, "pric": PRICE,
        "bilg_dept_codg": "A03.04", "bilg_dept_name": "心血管内科", "bilg_dr_codg": "D310106000001",
        "bilg_dr_name": "医师甲", "hosp_appr_flag": "0",
    }  # fmt: skip


def _envelope(infno: str, now: datetime, given: dict[str, Any]) -> dict[str, Any]:
    return {
        "infno": infno, "msgid": "@MSGID", "mdtrtarea_admvs": "310000",
        "insuplc_admdvs": "" if infno == "1101" else "360100", "recer_sys_code": "YBXT", "dev_no": "",
        "dev_safe_info": "", "cainfo": "", "signtype": "", "infver": "V1.0", "opter_type": "1", "opter": "001",
        "opter_name": "收费员甲", "inf_time": f"{now:%Y-%m-%d %H:%M:%S}", "fixmedins_code": CODE,
        "fixmedins_name": "系统测试医院（合成）", "sign_no": "", "input": given,
    }  # fmt: skip


_TEMPLATES = _templates()
