"""What an institution asks about: its own visits, bills and lines, and what it may know of a person."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from tests.gateway import factories
from tests.gateway.client import FLOW, LINES, Client, Json
from tests.gateway.test_refusals import MISSING, change, refuse
from yidi.audit.models import Event
from yidi.gateway.transactions.records import SettlementRecord, VisitRecord

pytestmark = pytest.mark.django_db

SETTLED = FLOW[:-1]


def window(days: int = 0) -> Json:
    """From yesterday to tomorrow, moved by some days."""
    today = timezone.localdate() + timedelta(days=days)
    return {
        "begntime": f"{today - timedelta(days=1)} 00:00:00",
        "endtime": f"{today + timedelta(days=1)} 23:59:59",
    }


def query(client: Client, infno: str, **changes: Any) -> Json:
    """A query that finds what the client did."""
    person = client.world.person.number
    data = {
        "5201": {"psn_no": person, **window(), "med_type": client.med_type, "mdtrt_id": ""},
        "5202": {"psn_no": person, "mdtrt_id": client.visit},
        "5203": {"psn_no": person, "mdtrt_id": client.visit, "setl_id": client.settlement},
        "5204": {"psn_no": person, "mdtrt_id": client.visit, "setl_id": client.settlement},
        "5205": {"psn_no": person, **window()},
    }[infno]
    return {**client._envelope(infno), "input": {"data": {**data, **changes}}}


def ask(client: Client, infno: str, **changes: Any) -> Any:
    return ask_of(client, query(client, infno, **changes))


def ask_of(client: Client, body: Json) -> Any:
    reply = client.send(body)
    assert reply["infcode"] == 0, reply["err_msg"]
    return reply["output"]


def other_hospital(client: Client) -> Client:
    """The same person's client at another hospital."""
    provider = factories.hospital(factories.OTHER_HOSPITAL, "上海另一医院（合成）")
    institution = factories.connect(provider, paasid="other")
    world = factories.World(client.world.person, client.world.coverage, provider, institution)
    other = Client(world)
    other.visit, other.settlement = client.visit, client.settlement
    return other


def other_person(client: Client) -> str:
    person = factories.register_person("2", "钱二（合成）", factories.identity(2), synthetic=True)
    factories.insure(person)
    return person.number


def test_the_visits(client: Client) -> None:
    client.run(*SETTLED)
    (row,) = ask(client, "5201")["mdtrtinfo"]
    assert list(row) == list(VisitRecord.__dataclass_fields__)
    expected = {
        "mdtrt_id": client.visit, "psn_name": "赵一（合成）", "insutype": "310", "psn_type": "12", "med_type": "14",
        "insu_optins": "360100", "ipt_otp_no": "OP-1", "atddr_no": "D310106000001", "chfpdr_name": "医师甲",
        "adm_dept_codg": "A03", "adm_dept_name": "心血管内科", "dise_codg": "M03900", "dise_name": "高血压",
        "otp_diag_info": "I10.x00x002 高血压病", "adm_bed": None,
    }  # fmt: skip
    assert {name: row[name] for name in expected} == expected
    settled_at = client.replies["2207A"]["output"]["setlinfo"]["setl_time"]
    assert (row["endtime"], row["mdtrt_id"]) == (settled_at, client.visit)


def test_visits_are_found_by_time_kind_and_number(client: Client) -> None:
    client.run(*FLOW[:5])
    for changes, found in (
        ({}, 1),
        ({"med_type": "11"}, 0),
        ({"mdtrt_id": "000000000404"}, 0),
        (window(-10), 0),
        (window(10), 0),
    ):
        assert len(ask(client, "5201", **changes)["mdtrtinfo"]) == found, changes


def test_a_visit_that_nobody_described_yet_is_found_whatever_kind_is_asked_for(client: Client) -> None:
    client.run(*FLOW[:4])
    for med_type in ("11", "14"):
        (row,) = ask(client, "5201", med_type=med_type)["mdtrtinfo"]
        assert (row["med_type"], row["endtime"], row["dise_codg"]) == (None, None, None)
    client.run("2202")
    assert ask(client, "5201")["mdtrtinfo"] == []


def test_the_diagnoses(client: Client) -> None:
    body = client.until("2203A")
    body["input"]["diseinfo"][0] |= {"adm_cond": "稳定"}
    client.send(body)
    (row,) = ask(client, "5202")["diseinfo"]
    assert (row["diag_code"], row["diag_name"], row["maindiag_flag"]) == ("I10.x00x002", "高血压病", "1")
    assert (row["diag_dept"], row["dise_dor_no"], row["adm_cond"]) == ("心血管内科", "D310106000001", "稳定")
    assert row["diag_time"] == body["input"]["diseinfo"][0]["diag_time"]


def test_the_settlement_as_it_was_answered(client: Client) -> None:
    client.run(*SETTLED)
    info = client.replies["2207A"]["output"]["setlinfo"]
    output = ask(client, "5203")
    row = output["setlinfo"]
    assert list(row) == list(SettlementRecord.__dataclass_fields__)
    same = set(row) & set(info)
    assert len(same) > 30
    assert {name: row[name] for name in same} == {name: info[name] for name in same}
    assert (row["psn_pay"], row["cash_payamt"]) == (info["psn_part_amt"], info["psn_cash_pay"])
    expected = {
        "refd_setl_flag": "0", "refd_setl_id": None, "pay_loc": "4", "lmtpric_hosp_lv": "3", "dedc_hosp_lv": "3",
        "fixmedins_code": factories.HOSPITAL, "fixmedins_poolarea": "310000", "insu_optins": "360100", "year": f"{timezone.localdate().year}",
        "dise_codg": "M03900", "invono": None,
    }  # fmt: skip
    assert {name: row[name] for name in expected} == expected
    amounts = [value for name, value in row.items() if name.endswith(("_pay", "_amt", "_sumamt", "payamt"))]
    assert None not in amounts
    assert output["setldetail"] == client.replies["2207A"]["output"]["setldetail"]


BY_MESSAGE: list[tuple[str, str, int]] = [
    # whose message is asked for, the refund flag, the sign of the total
    ("2207A", "0", 1),
    ("2208", "1", -1),
]


@pytest.mark.parametrize(("infno", "flag", "sign"), BY_MESSAGE)
def test_a_lost_reply_is_found_by_its_message(client: Client, infno: str, flag: str, sign: int) -> None:
    client.run(*FLOW)
    message = client.requests[infno]["msgid"]
    row = ask(client, "5203", setl_id="", mdtrt_id="", medins_setl_id=message)["setlinfo"]
    total = Decimal("401.75") * sign
    assert (row["medins_setl_id"], row["refd_setl_flag"], row["medfee_sumamt"]) == (message, flag, total)
    cancellation = client.replies["2208"]["output"]["setlinfo"]["setl_id"]
    assert row["refd_setl_id"] == (cancellation if infno == "2207A" else None)
    assert ask(client, "5203", setl_id=cancellation)["setlinfo"]["medfee_sumamt"] == Decimal("-401.75")


def test_the_lines_come_as_a_list(client: Client) -> None:
    client.run(*FLOW[:7])
    rows = ask(client, "5204", setl_id="")
    assert isinstance(rows, list)
    assert [row["feedetl_sn"] for row in rows] == [line[0] for line in LINES]
    uploaded = client.replies["2204"]["output"]["result"]
    for row, answer in zip(rows, uploaded, strict=True):
        same = set(row) & set(answer)
        assert len(same) > 12
        assert {name: row[name] for name in same} == {name: answer[name] for name in same}
    first = rows[0]
    expected = {
        "rx_drord_no": "R1", "medins_list_codg": f"IN-{factories.A}", "prd_days": 7, "list_type": "101",
        "bilg_dr_name": "医师甲", "hosp_appr_flag": "0", "med_type": "14", "setl_id": None, "hilist_code": factories.A,
        "acord_dept_name": None,
    }  # fmt: skip
    assert {name: first[name] for name in expected} == expected
    assert [row["list_type"] for row in rows[-2:]] == ["201", "301"]
    client.run("2207A")
    assert {row["setl_id"] for row in ask(client, "5204")} == {client.settlement}


def test_the_drugs_of_the_chronic_disease_wherever_they_were_given(client: Client) -> None:
    client.run(*SETTLED)
    elsewhere = other_hospital(client)
    rows = ask(elsewhere, "5205")["feedetail"]
    assert [row["feedetl_sn"] for row in rows] == ["1", "2", "3", "4", "5", "6", "8"]
    assert {row["fixmedins_code"] for row in rows} == {factories.HOSPITAL}
    assert Event.objects.filter(action="gateway:look-5205", subject=client.world.person.number).count() == 1
    assert ask(elsewhere, "5205", **window(-10))["feedetail"] == []
    assert len(ask(elsewhere, "5205", endtime="")["feedetail"]) == 7
    client.run("2208")
    assert ask(elsewhere, "5205")["feedetail"] == []


REFUSALS: list[tuple[str, str, Any, str]] = [
    # transaction, path of the field, its new value, the code
    ("5201", "input.data.psn_no", "404", "PERSON-UNKNOWN"),
    ("5201", "input.data.med_type", "21", "GATEWAY-UNSUPPORTED"),
    ("5201", "input.data.begntime", MISSING, "GATEWAY-FIELDS"),
    ("5201", "input.data.endtime", "2020-01-01 00:00:00", "GATEWAY-FIELDS"),
    ("5202", "input.data.mdtrt_id", "000000000404", "SETL-VISIT"),
    ("5203", "input.data.setl_id", "", "GATEWAY-FIELDS"),
    ("5203", "input.data.setl_id", "000000000404", "SETL-UNKNOWN"),
    ("5203", "input.data", {"psn_no": "36010000000000000001", "medins_setl_id": "X"}, "SETL-MESSAGE"),
    ("5203", "input.data.mdtrt_id", "000000000404", "GATEWAY-VISIT"),
    ("5203", "input.data.psn_no", "404", "PERSON-UNKNOWN"),
    ("5204", "input.data.mdtrt_id", "x", "SETL-VISIT"),
    ("5204", "input.data.setl_id", "000000000404", "SETL-UNKNOWN"),
    ("5205", "insuplc_admdvs", "310000", "PERSON-WRONG-HOME"),
    ("5205", "insuplc_admdvs", "", "GATEWAY-FIELDS"),
    ("5205", "input.data.begntime", "2099-01-01 00:00:00", "GATEWAY-FIELDS"),
]


@pytest.mark.parametrize(("infno", "path", "value", "code"), REFUSALS)
def test_one_field_changed(client: Client, infno: str, path: str, value: Any, code: str) -> None:
    client.run(*SETTLED)
    body = query(client, infno)
    change(body, path, value)
    refuse(client, body, code)


HIDDEN = {"5202": "SETL-VISIT", "5203": "SETL-UNKNOWN", "5204": "SETL-VISIT"}


@pytest.mark.parametrize("infno", HIDDEN)
def test_an_institution_sees_nothing_of_another(client: Client, infno: str) -> None:
    client.run(*SETTLED)
    other = other_hospital(client)
    refuse(other, query(other, infno), HIDDEN[infno])
    assert ask(other, "5201")["mdtrtinfo"] == []
    by_message = {"setl_id": "", "mdtrt_id": "", "medins_setl_id": client.requests["2207A"]["msgid"]}
    refuse(other, query(other, "5203", **by_message), "SETL-MESSAGE")


@pytest.mark.parametrize(
    ("infno", "code"), [("5202", "SETL-PERSON"), ("5203", "SETL-UNKNOWN"), ("5204", "SETL-PERSON")]
)
def test_nor_what_belongs_to_another_person(client: Client, infno: str, code: str) -> None:
    client.run(*SETTLED)
    refuse(client, query(client, infno, psn_no=other_person(client)), code)
    assert ask(client, "5201", psn_no="2")["mdtrtinfo"] == []


def test_every_look_at_a_person_is_noted(client: Client) -> None:
    client.run(*SETTLED)
    for infno in ("5201", "5202", "5203", "5204"):
        ask(client, infno)
        assert (
            Event.objects.filter(action=f"gateway:look-{infno}", subject=client.world.person.number).count()
            == 1
        )
