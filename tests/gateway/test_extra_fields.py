"""What clients send on top of the printed fields: taken in, compared where it says who the patient is, kept to be told again."""

from typing import Any

import pytest

from tests.gateway import factories
from tests.gateway.client import FLOW, Client, Json
from yidi.people.models import Coverage
from yidi.settlement.models import Diagnosis, Visit, VisitLine
from yidi.values.terms import Trait

pytestmark = pytest.mark.django_db


def extras(client: Client) -> dict[str, Json]:
    """By transaction and node, what clients of Hunan, Jiangsu and Guangzhou add."""
    person = client.world.person
    of_person = {
        "card_sn": "81AB", "psn_cert_type": "01", "certno": person.identity.lower(), "psn_type": "12",
        "psn_name": person.name, "pub_hosp_rfom_flag": None, "mdtrt_mode": "0",
    }  # fmt: skip
    return {
        "1101": {"data": {"orgin_card_info": "raw", "sign": "S", "expContent": {"a": 1}}},
        "2201": {"data": {**of_person, "exp_content": {"flx_emp_flag": "1"}}},
        "2203A": {
            "mdtrtinfo": {"main_cond_dscr": "头晕三天", "ttp_resp": "0", "expi_gestation_nub_of_m": ""}
        },
        "2206A": {"data": of_person},
        "2207A": {"data": {**of_person, "mid_setl_flag": "0", "expContent": '{"er_flag":"0"}'}},
        "2208": {"data": {"expContent": "{}"}},
    }


def send_with_extras(client: Client, number: str) -> Json:
    body = client.message(number)
    for node, more in extras(client).get(number, {}).items():
        body["input"][node] |= more
    if number == "2201":
        body["input"]["psnbaseinfo"] = {
            "psn_no": client.world.person.number,
            "brdy": "1955-01-01",
            "gend": "1",
        }
        body["input"]["agnterinfo"] = {"agnter_name": "代办甲", "agnter_rlts": "2"}
    if number == "2203A":
        body["input"]["diseinfo"][0] |= {
            "maindiag_flag": "1",
            "adm_cond": "",
            "psn_no": client.world.person.number,
        }
    if number == "2204":
        body["input"]["feedetail"][0] |= {"sin_dos_dscr": "1 片", "minpacunt_drug_trac_cnt": 1}
        body["input"]["drug_trac_info"] = [
            {"feedetl_sn": "1", "drug_trac_codg": "8312345678", "trdn_flag": "0"}
        ]
    reply = client.send(body)
    assert reply["infcode"] == 0, reply["err_msg"]
    client.replies[number] = reply
    client._learn(number, reply["output"])
    return reply


def test_every_extra_field_is_taken_and_what_is_asked_for_again_is_kept(client: Client) -> None:
    for number in FLOW:
        send_with_extras(client, number)
    visit, diagnosis = Visit.objects.get(), Diagnosis.objects.get()
    assert visit.said == {
        "dept_code": "A03", "caty": "A03", "main_cond_dscr": "头晕三天", "dise_name": "高血压",
    }  # fmt: skip
    assert diagnosis.said["maindiag_flag"] == "1"
    assert (diagnosis.said["diag_dept"], diagnosis.said["dise_dor_name"]) == ("心血管内科", "医师甲")
    line = VisitLine.objects.get(serial="1")
    assert line.said["sin_dos_dscr"] == "1 片"
    assert line.said["drug_trac_info"] == [{"drug_trac_codg": "8312345678", "trdn_flag": "0"}]
    assert (line.said["rxno"], line.said["prd_days"]) == ("R1", "7")
    assert line.occurred is not None
    assert "expContent" not in {**visit.said, **line.said}


@pytest.mark.parametrize("spelling", ["dise_codg", "dise_code"])
def test_the_disease_under_either_name(client: Client, spelling: str) -> None:
    body = client.until("2203A")
    body["input"]["mdtrtinfo"][spelling] = body["input"]["mdtrtinfo"].pop("dise_codg")
    assert client.send(body)["infcode"] == 0
    assert Visit.objects.get().disease == factories.DISEASE


def test_no_traces_at_all(client: Client) -> None:
    body = client.until("2204")
    body["input"]["drug_trac_info"] = []
    assert client.send(body)["infcode"] == 0


def test_the_number_of_another_document_is_not_compared(client: Client) -> None:
    body = client.until("2201")
    body["input"]["data"] |= {"psn_cert_type": "03", "certno": "E12345678"}
    assert client.send(body)["infcode"] == 0


@pytest.mark.parametrize(("serial", "left"), [("0000", 0), ("1", 9), ("", 0)])
def test_withdrawing_one_line_or_all(client: Client, serial: str, left: int) -> None:
    client.run(*FLOW[:6])
    body = client.message("2205")
    body["input"]["data"]["feedetl_sn"] = serial
    assert client.send(body)["infcode"] == 0
    assert VisitLine.objects.count() == left


IDENTITIES: list[tuple[Any, str, list[str]]] = [
    # traits on record, the civil-servant flag, the identities
    (None, "0", []),
    ([], "0", []),
    ([Trait.CIVIL_SERVANT], "1", ["Y02"]),
    ([Trait.HARDSHIP, Trait.FAMILY_DOCTOR], "0", ["Y04", "Y01"]),
]


@pytest.mark.parametrize(("traits", "flag", "codes"), IDENTITIES)
def test_identities_come_from_what_is_on_record(
    client: Client, traits: Any, flag: str, codes: list[str]
) -> None:
    Coverage.objects.update(traits=traits)
    output = client.run("1101")
    assert output["insuinfo"][0]["cvlserv_flag"] == flag
    assert [row["psn_idet_type"] for row in output["idetinfo"]] == codes
    for row in output["idetinfo"]:
        assert row["memo"]
        assert row["begntime"] == "2020-01-01 00:00:00"


SPELLINGS = ["赵一（合成）", "赵一(合成)", " 赵 一（合成） "]


@pytest.mark.parametrize("name", SPELLINGS)
def test_a_name_however_it_is_spelt(client: Client, name: str) -> None:
    body = client.message("2201")
    body["input"]["data"]["psn_name"] = name
    assert client.send(body)["infcode"] == 0
