"""A visit as the hospital has it, and the messages' contents that it makes (interface §4.9 – §4.15)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, Self

from yidi.his.errors import BadInput
from yidi.his.journal import VisitRecord
from yidi.his.messages import SHANGHAI, yuan

PARTS = ("fulamt_ownpay_amt", "overlmt_selfpay", "preselfpay_amt", "inscp_scp_amt")
DOCTOR = {"code": "D310106000001", "name": "医师甲"}
DEPARTMENT = {"code": "A03.04", "name": "心血管内科"}
NAMES = ("id", "certno", "med_type", "disease", "disease_name", "diagnosis", "diagnosis_name", "invoice")


@dataclass(frozen=True, slots=True)
class Line:
    """One fee line; amounts in yuan as text, as they are sent."""

    serial: str
    code: str
    quantity: int
    price: str
    amount: str


@dataclass(frozen=True, slots=True)
class Visit:
    """What the doctor and the cashier know before the centre is asked."""

    id: str
    certno: str
    med_type: str
    disease: str
    disease_name: str
    diagnosis: str
    diagnosis_name: str
    invoice: str
    lines: tuple[Line, ...]

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Self:
        """The visit that plain data spells; other keys are left alone. Raises BadInput."""
        try:
            lines = tuple(_line(line) for line in data["lines"])
            visit = cls(**{name: str(data[name]) for name in NAMES}, lines=lines)
            if visit.total <= 0:
                raise ValueError("lines")
        except KeyError as missing:
            raise BadInput(file=data.get("id", "就诊"), why=f"缺少 {missing.args[0]}") from None
        except (TypeError, ValueError, InvalidOperation):
            raise BadInput(file=data.get("id", "就诊"), why="费用明细 lines 不成立") from None
        return visit

    @property
    def total(self) -> int:
        """The bill in fen."""
        return sum(int(Decimal(line.amount) * 100) for line in self.lines)


def _line(line: Mapping[str, Any]) -> Line:
    quantity, price = int(line["quantity"]), Decimal(line["price"])
    amount = (quantity * price).quantize(Decimal("0.01"), ROUND_HALF_UP)
    if amount != Decimal(line["amount"]):
        raise ValueError(line["amount"])
    return Line(str(line["serial"]), str(line["code"]), quantity, str(price), f"{amount:.2f}")


def now() -> str:
    return f"{datetime.now(SHANGHAI):%Y-%m-%d %H:%M:%S}"


def certificate(visit: Visit) -> dict[str, str]:
    return {"mdtrt_cert_type": "02", "mdtrt_cert_no": visit.certno}


def key(record: VisitRecord) -> dict[str, str]:
    return {"psn_no": record.psn_no, "mdtrt_id": record.mdtrt_id}


def reading(visit: Visit) -> dict[str, Any]:
    """1101"""
    return {"data": {**certificate(visit), "psn_cert_type": "01", "certno": visit.certno, "psn_name": ""}}


def registration(visit: Visit, record: VisitRecord) -> dict[str, Any]:
    """2201"""
    return {
        "data": {
            "psn_no": record.psn_no,
            "insutype": record.insutype,
            "begntime": now(),
            **certificate(visit),
            "ipt_otp_no": visit.id,
            "atddr_no": DOCTOR["code"],
            "dr_name": DOCTOR["name"],
            "dept_code": DEPARTMENT["code"],
            "dept_name": DEPARTMENT["name"],
            "caty": DEPARTMENT["code"],
        }
    }


def description(visit: Visit, record: VisitRecord) -> dict[str, Any]:
    """2203A"""
    return {
        "mdtrtinfo": {
            **key(record),
            "med_type": visit.med_type,
            "begntime": now(),
            "main_cond_dscr": "",
            "dise_codg": visit.disease,
            "dise_name": visit.disease_name,
        },
        "diseinfo": [
            {
                "diag_type": "1",
                "diag_srt_no": 1,
                "diag_code": visit.diagnosis,
                "diag_name": visit.diagnosis_name,
                "diag_dept": DEPARTMENT["name"],
                "dise_dor_no": DOCTOR["code"],
                "dise_dor_name": DOCTOR["name"],
                "diag_time": now(),
                "vali_flag": "1",
            }
        ],
    }


def details(visit: Visit, record: VisitRecord) -> dict[str, Any]:
    """2204"""
    return {"feedetail": [_detail(line, visit, record) for line in visit.lines]}


def _detail(line: Line, visit: Visit, record: VisitRecord) -> dict[str, Any]:
    return {
        "feedetl_sn": f"{visit.id}-{line.serial}",
        **key(record),
        "chrg_bchno": visit.id,
        "dise_codg": visit.disease,
        "rxno": f"R{visit.id}",
        "rx_circ_flag": "0",
        "fee_ocur_time": now(),
        "med_list_codg": line.code,
        "medins_list_codg": line.code,
        "det_item_fee_sumamt": line.amount,
        "cnt": line.quantity,
        "pric": line.price,
        "bilg_dept_codg": DEPARTMENT["code"],
        "bilg_dept_name": DEPARTMENT["name"],
        "bilg_dr_codg": DOCTOR["code"],
        "bilg_dr_name": DOCTOR["name"],
        "hosp_appr_flag": "0",
    }


def bill(visit: Visit, record: VisitRecord) -> dict[str, Any]:
    """2206A"""
    return {
        "data": {
            **key(record),
            **certificate(visit),
            "med_type": visit.med_type,
            "medfee_sumamt": yuan(visit.total),
            "psn_setlway": "01",
            "chrg_bchno": visit.id,
            "acct_used_flag": "0",
            "insutype": record.insutype,
        }
    }


def final_bill(visit: Visit, record: VisitRecord, presettled: Mapping[str, Any]) -> dict[str, Any]:
    """2207A, with the four parts that 2206A returned (I11)."""
    parts = {name: str(presettled[name]) for name in PARTS}
    return {"data": {**bill(visit, record)["data"], "invono": visit.invoice, **parts}}
