"""One visit from sign-in to cancellation, as the interface describes it."""

import re
from dataclasses import fields as dataclass_fields
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.gateway import factories
from tests.gateway.client import FLOW, LINES, Client, yuan
from yidi.audit.models import Event
from yidi.gateway.models import Message
from yidi.gateway.setlinfo import CancelledSetlInfo, SetlInfo
from yidi.his.identities import broken_identities
from yidi.ledger.services import used_counters
from yidi.settlement.models import Settlement

pytestmark = pytest.mark.django_db


def test_the_envelope_of_a_reply(client: Client) -> None:
    response = client.post(client.message("9001"))
    assert response["Content-Type"] == "application/json;charset=UTF-8"
    assert not response.has_header("Content-Encoding")
    reply = client.send(client.message("9001"))
    assert list(reply) == [
        "infcode", "inf_refmsgid", "refmsg_time", "respond_time", "enctype", "signtype", "err_msg", "output",
    ]  # fmt: skip
    assert (reply["infcode"], reply["err_msg"], reply["enctype"], reply["signtype"]) == (0, None, "", "")
    assert re.fullmatch(r"310106\d{24}", reply["inf_refmsgid"])
    assert re.fullmatch(r"\d{17}", reply["refmsg_time"])
    assert reply["refmsg_time"] <= reply["respond_time"]
    assert re.fullmatch(r"\d{6,}", reply["output"]["signinoutb"]["sign_no"])


def test_the_person(client: Client) -> None:
    output = client.run("9001", "1101")
    person = client.world.person
    assert output["baseinfo"] == {
        "psn_no": person.number, "psn_cert_type": "01", "certno": person.identity, "psn_name": "赵一（合成）",
        "gend": "1", "naty": "01", "brdy": "1955-01-01", "age": output["baseinfo"]["age"],
        "expContent": None, "exp_content": None,
    }  # fmt: skip
    assert output["insuinfo"] == [
        {
            "balc": Decimal("1234.56"), "insutype": "310", "psn_type": "12", "psn_insu_stas": "1",
            "psn_insu_date": "2020-01-01", "paus_insu_date": None, "cvlserv_flag": "0",
            "insuplc_admdvs": "360100", "emp_name": "示例单位",
        }
    ]  # fmt: skip
    assert output["idetinfo"] == []
    assert Event.objects.filter(action="gateway:look-1101", subject=person.number).exists()


def test_the_diseases(client: Client) -> None:
    assert client.run("5301")["feedetail"] == [
        {
            "opsp_dise_code": "M03900", "opsp_dise_name": "高血压", "begndate": "2025-01-01", "enddate": None,
            "expContent": None, "exp_content": None,
        }
    ]  # fmt: skip


def test_the_visit(client: Client) -> None:
    output = client.run("2201")
    assert output["data"] == {
        "mdtrt_id": output["data"]["mdtrt_id"], "psn_no": client.world.person.number, "ipt_otp_no": "OP-1",
        "expContent": None, "exp_content": None,
    }  # fmt: skip
    assert re.fullmatch(r"\d{12}", output["data"]["mdtrt_id"])
    assert client.run("2203A") == {}


EXPECTED_ROWS = {
    # serial: limit, share, excluded, over limit, upfront, in scope, class, category, restricted, note
    "1": ("999999", "0", "0", "0", "0", "48.02", "01", "09", "0", ""),
    "2": ("18.5", "0", "0", "17.61", "0", "55.50", "01", "09", "0", ""),
    "3": ("999999", "0.1", "0", "0", "7.10", "63.91", "02", "09", "0", ""),
    "4": ("30", "0.1", "0", "3.33", "3.00", "27.00", "02", "09", "0", ""),
    "5": ("999999", "1", "88.80", "0", "0", "0", "03", "09", "0", "丙类"),
    "6": ("999999", "1", "15.50", "0", "0", "0", "01", "09", "0", "不属于本次门诊慢特病"),
    "7": ("999999", "1", "20", "0", "0", "0", "03", "14", "0", "目录外"),
    "8": ("999999", "1", "12", "0", "0", "0", "02", "09", "1", "未经医院审批"),
    "9": ("999999", "0", "0", "0", "0", "20", "01", "02", "0", ""),
    "10": ("999999", "0.1", "0", "0", "2.00", "17.98", "02", "08", "0", ""),
}


def test_the_lines(client: Client) -> None:
    rows = client.run("2201", "2203A", "2204")["result"]
    assert [row["feedetl_sn"] for row in rows] == [line[0] for line in LINES]
    names = (
        "pric_uplmt_amt", "selfpay_prop", "fulamt_ownpay_amt", "overlmt_amt", "preselfpay_amt", "inscp_scp_amt",
    )  # fmt: skip
    for row in rows:
        *amounts, klass, category, restricted, note = EXPECTED_ROWS[row["feedetl_sn"]]
        assert [yuan(row[name]) for name in names] == [Decimal(amount) for amount in amounts]
        assert (row["chrgitm_lv"], row["med_chrgitm_type"], row["lmt_used_flag"]) == (
            klass,
            category,
            restricted,
        )
        assert note in row["memo"]
        assert bool(note) == bool(row["memo"])


def test_the_whole_flow_to_the_fen(client: Client) -> None:
    client.run(*FLOW[:-2])
    before = factories.rows()
    settled = client.run("2207A")
    info = settled["setlinfo"]
    expected = {
        "medfee_sumamt": "401.75", "fulamt_ownpay_amt": "136.30", "overlmt_selfpay": "20.94",
        "preselfpay_amt": "12.10", "inscp_scp_amt": "232.41", "act_pay_dedc": "0", "hifp_pay": "197.55",
        "pool_prop_selfpay": "0.85", "fund_pay_sumamt": "197.55", "psn_part_amt": "204.20", "acct_pay": "0",
        "psn_cash_pay": "204.20", "hosp_part_amt": "0", "balc": "1234.56",
    }  # fmt: skip
    assert {name: yuan(info[name]) for name in expected} == {
        key: Decimal(text) for key, text in expected.items()
    }
    assert info["medins_setl_id"] == client.requests["2207A"]["msgid"]
    assert (info["med_type"], info["clr_optins"], info["clr_type"]) == ("14", "310000", "11")
    (row,) = settled["setldetail"]
    assert (row["fund_pay_type"], row["fund_payamt"]) == ("310100", Decimal("197.55"))
    assert row["crt_payb_lmt_amt"] == 4000
    assert "85%" in row["setl_proc_info"]
    cancelled = client.run("2208")
    assert yuan(cancelled["setlinfo"]["psn_cash_pay"]) == Decimal("-204.20")
    assert cancelled["setlinfo"]["medins_setl_id"] == client.requests["2208"]["msgid"]
    assert broken_identities(client.requests, client.replies) == []
    assert not any(used_counters(client.world.coverage).values())
    assert before["settlement.Visit"] == factories.rows()["settlement.Visit"]


def test_all_41_fields_whatever_the_transaction(client: Client) -> None:
    client.run(*FLOW)
    names = [field.name for field in dataclass_fields(SetlInfo)]
    assert len(names) == 41
    before, settled, cancelled = (client.replies[number]["output"]["setlinfo"] for number in FLOW[-3:])
    assert list(before) == list(settled) == names
    assert (
        set(cancelled)
        == {field.name for field in dataclass_fields(CancelledSetlInfo)}
        == {*names, "pdn_cash_pay"}
    )
    assert before["setl_id"] is before["setl_time"] is None
    assert all(value is not None for value in {**settled, **cancelled}.values())


def test_settled_cancelled_and_settled_again(client: Client) -> None:
    first = client.run(*FLOW[:-1])["setlinfo"]
    client.run("2208")
    again = client.run("2206A", "2207A")["setlinfo"]
    assert again["setl_id"] > first["setl_id"]
    assert again["psn_cash_pay"] == first["psn_cash_pay"]
    assert Settlement.objects.filter(kind="settle", is_cancelled=False).count() == 1


def test_after_a_cancellation_everything_can_be_withdrawn(client: Client) -> None:
    client.run(*FLOW)
    assert client.run("2205") == {}
    assert client.run("2202") == {}
    refused = client.send(client.message("2204"))
    assert "[SETL-VISIT]" in refused["err_msg"]


def test_withdrawing_lines_that_were_never_sent_is_no_fault(client: Client) -> None:
    assert client.run("2201", "2203A", "2205") == {}


def test_general_outpatient_and_emergency(client: Client) -> None:
    for med_type, emergency in (("11", False), ("13", True)):
        client.med_type, client.provider_number = med_type, f"OP-{med_type}"
        info = client.run(*FLOW[3:-1])["setlinfo"]
        assert info["med_type"] == med_type
        assert broken_identities(client.requests, client.replies) == []
        visit = Settlement.objects.get(pk=int(info["setl_id"])).visit
        assert (visit.benefit, visit.emergency) == ("general-outpatient", emergency)
    assert yuan(info["act_pay_dedc"]) == Decimal("52.09")


def test_a_resident_is_paid_from_the_residents_fund(client: Client) -> None:
    person = factories.register_person("2", "钱二（合成）", factories.identity(2), synthetic=True)
    coverage = factories.insure(person, factories.Standing.SENIOR, factories.Scheme.RESIDENT)
    factories.Qualification.objects.create(
        coverage=coverage, disease=factories.DISEASE, state="approved", starts=coverage.starts
    )
    factories.file_for(coverage)
    resident = Client(factories.World(person, coverage, client.world.provider, client.world.institution))
    resident.run("1101")
    for number in FLOW[3:-1]:
        body = resident.message(number)
        node = body["input"].get("data", {})
        if "insutype" in node:
            node["insutype"] = "390"
        reply = resident.send(body)
        assert reply["infcode"] == 0, reply["err_msg"]
        resident._learn(number, reply["output"])
    info = reply["output"]["setlinfo"]
    assert (info["insutype"], info["psn_type"], info["pool_prop_selfpay"]) == ("390", "16", Decimal("0.6"))
    assert reply["output"]["setldetail"][0]["fund_pay_type"] == "390100"


def test_two_batches_in_one_upload(client: Client) -> None:
    body = client.until("2204")
    for row in body["input"]["feedetail"][::2]:
        row["chrg_bchno"] = "B2"
    rows = client.send(body)["output"]["result"]
    assert [row["feedetl_sn"] for row in rows] == [line[0] for line in LINES]
    settle = client.message("2206A")
    settle["input"]["data"] |= {"chrg_bchno": "B2", "medfee_sumamt": "247.83"}
    assert client.send(settle)["err_msg"] is None


def test_signing_out(client: Client) -> None:
    number = client.run("9001")["signinoutb"]["sign_no"]
    body = client.message("9001", infno="9002", input={"signOut": {"sign_no": number, "opter_no": "001"}})
    ended = client.send(body)["output"]["signoutoutb"]["sign_time"]
    again = client.send({**body, "msgid": "again"})
    assert again["output"]["signoutoutb"]["sign_time"] == ended


def test_stored_replies_are_encrypted(client: Client) -> None:
    client.run(*FLOW[:-1])
    with connection.cursor() as cursor:
        cursor.execute("SELECT reply FROM gateway_message")
        stored = b"".join(bytes(row[0]) for row in cursor.fetchall())
    assert client.world.certificate.encode() not in stored
    assert all(message.reply for message in Message.objects.all())


def test_settling_takes_a_bounded_number_of_queries(client: Client) -> None:
    client.run(*FLOW[:-1])
    client.provider_number = "OP-2"
    client.run(*FLOW[3:-2])
    body = client.message("2207A")
    with CaptureQueriesContext(connection) as queries:
        assert client.send(body)["infcode"] == 0
    assert len(queries) <= 45, [query["sql"] for query in queries]
