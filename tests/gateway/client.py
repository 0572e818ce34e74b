"""A small hospital system: it builds the messages of a visit and posts them to the view."""

import copy
import itertools
import json
from decimal import Decimal
from typing import Any

from django.test import RequestFactory

from tests.gateway import factories
from tests.gateway.factories import World
from yidi.gateway.json_text import parse
from yidi.gateway.views import call_service

PATH = "/fsi/api/rsfComIfsService/callService"
LINES = [
    # serial, code, count, price, amount, approval
    ("1", factories.A, 2, "24.01", "48.02", "0"),
    ("2", factories.A_LIMITED, 3, "24.37", "73.11", "0"),
    ("3", factories.B, 2, "35.505", "71.01", "0"),
    ("4", factories.B_LIMITED, 1, "33.333333", "33.33", "0"),
    ("5", factories.C, 1, "88.80", "88.80", "0"),
    ("6", factories.OTHER_DISEASE, 1, "15.50", "15.50", "0"),
    ("7", factories.UNLISTED, 1, "20", "20", "0"),
    ("8", factories.RESTRICTED, 1, "12", "12", "0"),
    ("9", factories.SERVICE, 1, "20.00", "20.00", "0"),
    ("10", factories.CONSUMABLE, "2.0000", "9.99", "19.98", "0"),
]
TOTAL = "401.75"
FLOW = ("9001", "1101", "5301", "2201", "2203A", "2204", "2206A", "2207A", "2208")

Json = dict[str, Any]


class Client:
    """Builds and posts messages. What it learns from replies it uses in the messages that follow."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.serial = itertools.count(1)
        self.visit = self.settlement = "000000000000"
        self.provider_number = "OP-1"
        self.med_type = "14"
        self.requests: dict[str, Json] = {}
        self.replies: dict[str, Json] = {}

    def post(self, body: Any, path: str = "", **headers: str) -> Any:
        """The view's response to a body, given as an object or as bytes."""
        raw = body if isinstance(body, bytes) else json.dumps(body, default=str, ensure_ascii=False).encode()
        address = f"{PATH}/{path}" if path else PATH
        request = RequestFactory().post(address, raw, content_type="text/plain", headers=headers)
        return call_service(request)

    def send(self, body: Json, **headers: str) -> Json:
        """The reply to a message, its numbers exact."""
        response = self.post(body, **headers)
        assert response.status_code == 200
        reply: Json = parse(response.content.decode())
        return reply

    def run(self, *numbers: str) -> Json:
        """Send these transactions one after the other, each of which must go through; the last one's output."""
        output: Json = {}
        for number in numbers:
            body = self.message(number)
            reply = self.send(body)
            assert reply["infcode"] == 0, reply["err_msg"]
            self.requests[number], self.replies[number] = body, reply
            output = reply["output"]
            self._learn(number, output)
        return output

    def until(self, number: str) -> Json:
        """Everything before a transaction of the flow is sent; the message of that one is returned unsent."""
        self.run(*FLOW[: FLOW.index(number)])
        return self.message(number)

    def _learn(self, number: str, output: Json) -> None:
        if number == "2201":
            self.visit = output["data"]["mdtrt_id"]
        elif number.startswith("2207"):
            self.settlement = output["setlinfo"]["setl_id"]

    def message(self, number: str, **changes: Any) -> Json:
        """The message of a transaction with a fresh msgid; `changes` are made in the envelope."""
        given = copy.deepcopy(getattr(self, f"_{number.removesuffix('A')}")())
        return {**self._envelope(number), "input": given, **changes}

    def _envelope(self, number: str) -> Json:
        code = str(self.world.provider.code)
        return {
            "infno": number, "msgid": f"{code}20260101080000{next(self.serial):04d}",
            "mdtrtarea_admvs": "310106", "insuplc_admdvs": self.world.coverage.pool, "recer_sys_code": "YBXT",
            "dev_no": "", "dev_safe_info": "", "cainfo": "", "signtype": "", "infver": "V1.0", "opter_type": "1",
            "opter": "001", "opter_name": "收费员", "inf_time": factories.moment(),
            "fixmedins_code": code, "fixmedins_name": self.world.provider.name, "sign_no": "",
        }  # fmt: skip

    @property
    def _certificate(self) -> Json:
        return {"mdtrt_cert_type": "02", "mdtrt_cert_no": self.world.certificate}

    @property
    def _key(self) -> Json:
        return {"psn_no": self.world.person.number, "mdtrt_id": self.visit}

    def _9001(self) -> Json:
        return {"signIn": {"opter_no": "001", "mac": "00:00:00:00:00:00", "ip": "127.0.0.1"}}

    def _1101(self) -> Json:
        return {
            "data": {
                **self._certificate,
                "psn_cert_type": "01",
                "certno": self.world.certificate,
                "psn_name": "",
            }
        }

    def _5301(self) -> Json:
        return {"data": {"psn_no": self.world.person.number}}

    def _2201(self) -> Json:
        return {
            "data": {
                "psn_no": self.world.person.number, "insutype": "310", "begntime": factories.moment(),
                **self._certificate, "ipt_otp_no": self.provider_number, "atddr_no": "D310106000001",
                "dr_name": "医师甲", "dept_code": "A03", "dept_name": "心血管内科", "caty": "A03",
            }
        }  # fmt: skip

    def _2202(self) -> Json:
        return {"data": {**self._key, "ipt_otp_no": self.provider_number}}

    def _2203(self) -> Json:
        return {
            "mdtrtinfo": {
                **self._key, "med_type": self.med_type, "begntime": factories.moment(), "main_cond_dscr": "",
                "dise_codg": factories.DISEASE if self.med_type == "14" else "", "dise_name": "高血压",
            },
            "diseinfo": [
                {
                    "diag_type": "1", "diag_srt_no": "1", "diag_code": "I10.x00x002", "diag_name": "高血压病",
                    "diag_dept": "心血管内科", "dise_dor_no": "D310106000001", "dise_dor_name": "医师甲",
                    "diag_time": factories.moment(), "vali_flag": "1",
                }
            ],
        }  # fmt: skip

    def _2204(self) -> Json:
        return {"feedetail": [self._line(*line) for line in LINES]}

    def _line(self, serial: str, code: str, count: Any, price: str, amount: str, approval: str) -> Json:
        return {
            "feedetl_sn": serial, **self._key, "chrg_bchno": "B1", "dise_codg": "", "rxno": "R1", "rx_circ_flag": "0",
            "fee_ocur_time": factories.moment(), "med_list_codg": code, "medins_list_codg": f"IN-{code}",
            "det_item_fee_sumamt": amount, "cnt": count, "pric": price, "prd_days": 7,
            "bilg_dept_codg": "A03", "bilg_dept_name": "心血管内科", "bilg_dr_codg": "D310106000001",
            "bilg_dr_name": "医师甲", "hosp_appr_flag": approval, "dscg_tkdrug_flag": None,
        }  # fmt: skip

    def _2205(self) -> Json:
        return {"data": {**self._key, "chrg_bchno": "0000"}}

    def _2206(self) -> Json:
        return {
            "data": {
                **self._key, **self._certificate, "med_type": self.med_type, "medfee_sumamt": TOTAL,
                "psn_setlway": "01", "chrg_bchno": "B1", "acct_used_flag": "0", "insutype": "310",
            }
        }  # fmt: skip

    def _2207(self) -> Json:
        parts = ("fulamt_ownpay_amt", "overlmt_selfpay", "preselfpay_amt", "inscp_scp_amt")
        presettled = self.replies.get("2206A", {}).get("output", {}).get("setlinfo", {})
        return {
            "data": {
                **self._2206()["data"],
                "invono": "",
                **{name: presettled.get(name, "") for name in parts},
            }
        }

    def _2208(self) -> Json:
        return {"data": {**self._key, "setl_id": self.settlement}}

    def reversal(self, original: Json, **changes: Any) -> Json:
        """The 2601 for a message sent before."""
        number = self.world.person.number
        given = {"psn_no": number, "omsgid": original["msgid"], "oinfno": original["infno"], **changes}
        return {**self._envelope("2601"), "input": {"data": given}}


def yuan(value: Any) -> Decimal:
    """An amount of a reply, which must be a JSON number and no float."""
    assert isinstance(value, (int, Decimal))
    assert not isinstance(value, bool)
    return Decimal(value)
