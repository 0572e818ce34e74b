"""One field of a good message changed, one named refusal: HTTP 200, infcode -1, Chinese, and nothing written."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tests.gateway import factories
from tests.gateway.client import FLOW, Client, Json
from yidi.filing.models import Filing
from yidi.gateway.models import Institution
from yidi.people.models import Coverage
from yidi.providers.models import Provider
from yidi.qualification.models import Qualification
from yidi.settlement.models import Settlement

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

MISSING = "(missing)"
ABROAD = "11010119900307001X"

ROWS: list[tuple[str, str, Any, str]] = [
    # transaction, path of the field, its new value, the code
    # the envelope
    ("1101", "msgid", MISSING, "GATEWAY-FIELDS"),
    ("1101", "msgid", "x" * 31, "GATEWAY-FIELDS"),
    ("1101", "msgid", "a\nb", "GATEWAY-FIELDS"),
    ("1101", "infno", MISSING, "GATEWAY-FIELDS"),
    ("1101", "infno", "9999", "GATEWAY-INFNO"),
    ("1101", "input", MISSING, "GATEWAY-FIELDS"),
    ("1101", "input", [], "GATEWAY-FIELDS"),
    ("1101", "input", "{", "GATEWAY-FIELDS"),
    ("1101", "input", {}, "GATEWAY-FIELDS"),
    ("1101", "opter", None, "GATEWAY-FIELDS"),
    ("1101", "opter_type", "7", "GATEWAY-FIELDS"),
    ("1101", "inf_time", "2026/01/01", "GATEWAY-FIELDS"),
    ("1101", "fixmedins_code", "H00000000000", "GATEWAY-INSTITUTION"),
    ("1101", "fixmedins_code", ["H31010699991"], "GATEWAY-FIELDS"),
    ("1101", "mdtrtarea_admvs", "360100", "GATEWAY-CARE-REGION"),
    ("1101", "mdtrtarea_admvs", "999999", "GATEWAY-CARE-REGION"),
    ("1101", "insuplc_admdvs", "999999", "GATEWAY-HOME-REGION"),
    ("5301", "insuplc_admdvs", "", "GATEWAY-FIELDS"),
    ("5301", "insuplc_admdvs", "310000", "PERSON-WRONG-HOME"),
    ("2201", "insuplc_admdvs", "310000", "PERSON-WRONG-HOME"),
    ("2204", "insuplc_admdvs", "360700", "PERSON-WRONG-HOME"),
    ("2207A", "insuplc_admdvs", MISSING, "GATEWAY-FIELDS"),
    ("2207A", "insuplc_admdvs", "310000", "PERSON-WRONG-HOME"),
    # the person
    ("1101", "input.data.mdtrt_cert_no", ABROAD, "PERSON-UNKNOWN"),
    ("1101", "input.data.mdtrt_cert_type", "01", "GATEWAY-UNSUPPORTED"),
    ("1101", "input.data.mdtrt_cert_type", "03", "GATEWAY-UNSUPPORTED"),
    ("1101", "input.data.mdtrt_cert_type", "88", "GATEWAY-FIELDS"),
    ("1101", "input.data.certno", ABROAD, "GATEWAY-CERTIFICATE"),
    ("1101", "input.data.psn_name", "王五", "GATEWAY-CERTIFICATE"),
    ("1101", "input.data.begntime", "2019-12-31 08:00:00", "PERSON-NOT-INSURED"),
    ("5301", "input.data.psn_no", "404", "PERSON-UNKNOWN"),
    ("2201", "input.data.psn_no", "404", "PERSON-UNKNOWN"),
    ("2204", "input.feedetail", MISSING, "GATEWAY-FIELDS"),
    ("2207A", "input.data.psn_no", "404", "PERSON-UNKNOWN"),
    # registering
    ("2201", "input.data", MISSING, "GATEWAY-FIELDS"),
    ("2201", "input.data", [], "GATEWAY-FIELDS"),
    ("2201", "input.data.ipt_otp_no", "   ", "GATEWAY-FIELDS"),
    ("2201", "input.data.ipt_otp_no", True, "GATEWAY-FIELDS"),
    ("2201", "input.data.dept_name", "科" * 101, "GATEWAY-FIELDS"),
    ("2201", "input.data.insutype", "340", "GATEWAY-UNSUPPORTED"),
    ("2201", "input.data.insutype", "390", "PERSON-NOT-IN-SCHEME"),
    ("2201", "input.data.insutype", "xyz", "GATEWAY-FIELDS"),
    ("2201", "input.data.begntime", "2019-12-31 08:00:00", "PERSON-NOT-INSURED"),
    ("2201", "input.data.begntime", "2099-01-01 08:00:00", "SETL-DATE"),
    ("2201", "input.data.begntime", "0001-01-01 08:00:00", "GATEWAY-FIELDS"),
    ("2201", "input.data.begntime", 20260101, "GATEWAY-FIELDS"),
    ("2201", "input.data.mdtrt_cert_no", ABROAD, "GATEWAY-CERTIFICATE"),
    ("2201", "input.data.mdtrt_cert_type", "01", "GATEWAY-UNSUPPORTED"),
    ("2201", "input.data.psn_name", "王五", "GATEWAY-CERTIFICATE"),
    ("2201", "input.data.certno", ABROAD, "GATEWAY-CERTIFICATE"),
    ("2201", "input.psnbaseinfo", {"psn_no": "404"}, "GATEWAY-CERTIFICATE"),
    ("2201", "input.psnbaseinfo", {"psn_name": "王五"}, "GATEWAY-CERTIFICATE"),
    ("2201", "input.psnbaseinfo", {"gend": "2"}, "GATEWAY-CERTIFICATE"),
    ("2201", "input.psnbaseinfo", {"brdy": "1956-01-01"}, "GATEWAY-CERTIFICATE"),
    ("2201", "input.agnterinfo", {"agnter_rlts": "?"}, "GATEWAY-FIELDS"),
    ("2201", "input.data.expContent", "长" * 4001, "GATEWAY-FIELDS"),
    # what the visit is for
    ("2203A", "input.mdtrtinfo", MISSING, "GATEWAY-FIELDS"),
    ("2203A", "input.diseinfo", MISSING, "GATEWAY-FIELDS"),
    ("2203A", "input.diseinfo", [], "GATEWAY-FIELDS"),
    ("2203A", "input.diseinfo", ["x"], "GATEWAY-FIELDS"),
    ("2203A", "input.diseinfo.0.diag_code", MISSING, "GATEWAY-FIELDS"),
    ("2203A", "input.mdtrtinfo.mdtrt_id", "000000000404", "SETL-VISIT"),
    ("2203A", "input.mdtrtinfo.mdtrt_id", "not-a-number", "SETL-VISIT"),
    ("2203A", "input.mdtrtinfo.med_type", "21", "GATEWAY-UNSUPPORTED"),
    ("2203A", "input.mdtrtinfo.med_type", "", "GATEWAY-FIELDS"),
    ("2203A", "input.mdtrtinfo.dise_codg", "", "GATEWAY-DISEASE"),
    ("2203A", "input.mdtrtinfo.dise_codg", "M99999", "DISEASE-UNKNOWN"),
    ("2203A", "input.mdtrtinfo.dise_codg", "M01600", "QUAL-NONE"),
    ("2203A", "input.diseinfo.0.diag_srt_no", 2147483648, "GATEWAY-FIELDS"),
    ("2203A", "input.diseinfo.0.diag_srt_no", 100, "GATEWAY-FIELDS"),
    ("2203A", "input.mdtrtinfo.geso_val", "100", "GATEWAY-FIELDS"),
    ("2203A", "input.diseinfo.0.psn_no", "404", "GATEWAY-FIELDS"),
    ("2203A", "input.diseinfo.0.mdtrt_id", "000000000404", "GATEWAY-FIELDS"),
    # lines
    ("2204", "input.drug_trac_info", [{"feedetl_sn": "404", "drug_trac_codg": "81"}], "GATEWAY-FIELDS"),
    ("2204", "input.drug_trac_info", [{"feedetl_sn": "1"}], "GATEWAY-FIELDS"),
    ("2204", "input.feedetail", [], "GATEWAY-FIELDS"),
    ("2204", "input.feedetail", "none", "GATEWAY-FIELDS"),
    ("2204", "input.feedetail.0.cnt", "二", "GATEWAY-FIELDS"),
    ("2204", "input.feedetail.0.cnt", 0, "GATEWAY-FIELDS"),
    ("2204", "input.feedetail.0.cnt", -2, "GATEWAY-FIELDS"),
    ("2204", "input.feedetail.0.cnt", "1_0", "GATEWAY-FIELDS"),
    ("2204", "input.feedetail.0.cnt", "0.00001", "GATEWAY-FIELDS"),
    ("2204", "input.feedetail.0.cnt", True, "GATEWAY-FIELDS"),
    ("2204", "input.feedetail.0.pric", {"yuan": 1}, "GATEWAY-FIELDS"),
    ("2204", "input.feedetail.0.pric", "24.0000001", "GATEWAY-FIELDS"),
    ("2204", "input.feedetail.0.pric", "1e400", "GATEWAY-FIELDS"),
    ("2204", "input.feedetail.0.det_item_fee_sumamt", "48.020000001", "GATEWAY-FIELDS"),
    ("2204", "input.feedetail.0.det_item_fee_sumamt", "-48.02", "GATEWAY-FIELDS"),
    ("2204", "input.feedetail.0.det_item_fee_sumamt", "99999999999999999", "GATEWAY-FIELDS"),
    ("2204", "input.feedetail.0.det_item_fee_sumamt", "9000000000.00", "GATEWAY-FIELDS"),
    ("2204", "input.feedetail.0.pric", 99999999999999, "GATEWAY-FIELDS"),
    ("2204", "input.feedetail.0.cnt", "1000000000000", "GATEWAY-FIELDS"),
    ("2204", "input.feedetail.0.prd_days", 100, "GATEWAY-FIELDS"),
    ("2204", "input.feedetail.0.det_item_fee_sumamt", "48.03", "BENEFIT-LINE-AMOUNT"),
    ("2204", "input.feedetail.0.cnt", 3, "BENEFIT-LINE-AMOUNT"),
    ("2204", "input.feedetail.0.pric", 24, "BENEFIT-LINE-AMOUNT"),
    ("2204", "input.feedetail.1.feedetl_sn", "1", "SETL-LINE-TWICE"),
    ("2204", "input.feedetail.1.psn_no", "404", "GATEWAY-VISITS"),
    ("2204", "input.feedetail.1.mdtrt_id", "000000000404", "GATEWAY-VISITS"),
    ("2204", "input.feedetail.1.dise_codg", "M01600", "GATEWAY-VISIT"),
    ("2204", "input.feedetail.1.hosp_appr_flag", "9", "GATEWAY-FIELDS"),
    ("2204", "input.feedetail.1.prd_days", "七", "GATEWAY-FIELDS"),
    # settling
    ("2206A", "input.data.medfee_sumamt", "401.76", "SETL-TOTAL"),
    ("2206A", "input.data.chrg_bchno", "B2", "SETL-NO-LINES"),
    ("2207A", "input.data.medfee_sumamt", "四百", "GATEWAY-FIELDS"),
    ("2207A", "input.data.medfee_sumamt", "NaN", "GATEWAY-FIELDS"),
    ("2207A", "input.data.medfee_sumamt", 401.76, "SETL-TOTAL"),
    ("2207A", "input.data.medfee_sumamt", MISSING, "GATEWAY-FIELDS"),
    ("2207A", "input.data.fulamt_ownpay_amt", "136.31", "SETL-TOTAL"),
    ("2207A", "input.data.overlmt_selfpay", 0, "SETL-TOTAL"),
    ("2207A", "input.data.preselfpay_amt", "0", "SETL-TOTAL"),
    ("2207A", "input.data.inscp_scp_amt", "232.42", "SETL-TOTAL"),
    ("2207A", "input.data.chrg_bchno", "B2", "SETL-NO-LINES"),
    ("2207A", "input.data.mdtrt_id", "000000000404", "SETL-VISIT"),
    ("2206A", "input.data.medfee_sumamt", "1000000000", "GATEWAY-FIELDS"),
    ("2206A", "input.data.medfee_sumamt", 0, "GATEWAY-ZERO"),
    ("2207A", "input.data.medfee_sumamt", "0.00", "GATEWAY-ZERO"),
    ("2207A", "input.data.med_type", "11", "SETL-BENEFIT"),
    ("2207A", "input.data.insutype", "390", "GATEWAY-VISIT"),
    ("2207A", "input.data.psn_setlway", "02", "GATEWAY-UNSUPPORTED"),
    ("2207A", "input.data.acct_used_flag", "2", "GATEWAY-FIELDS"),
    ("2207A", "input.data.mdtrt_cert_no", ABROAD, "GATEWAY-CERTIFICATE"),
    ("2207A", "input.data.mdtrt_cert_type", "03", "GATEWAY-UNSUPPORTED"),
    ("2207A", "input.data.invono", "9" * 21, "GATEWAY-FIELDS"),
    ("2206A", "input.data.psn_name", "王五", "GATEWAY-CERTIFICATE"),
    ("2207A", "input.data.certno", ABROAD, "GATEWAY-CERTIFICATE"),
    ("2207A", "input.data.psn_name", "王五", "GATEWAY-CERTIFICATE"),
    ("2207A", "input.data.mid_setl_flag", "1", "GATEWAY-UNSUPPORTED"),
    # cancelling
    ("2208", "input.data.setl_id", "000000000404", "SETL-UNKNOWN"),
    ("2208", "input.data.setl_id", "ABC", "SETL-UNKNOWN"),
    ("2208", "input.data.mdtrt_id", "000000000404", "SETL-VISIT"),
    ("2208", "input.data.psn_no", "404", "PERSON-UNKNOWN"),
]  # fmt: skip


def change(body: Json, path: str, value: Any) -> None:
    """Put a value where a path of names and row numbers leads; MISSING takes the field away."""
    *steps, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    node: Any = body
    for step in steps:
        node = node[step]
    if value == MISSING:
        del node[last]
    else:
        node[last] = value


def refuse(client: Client, body: Json, code: str) -> str:
    """The sentence of a refusal, which came as it should and wrote nothing."""
    before = factories.rows()
    reply = client.send(body)
    assert (reply["infcode"], reply["output"]) == (-1, None), reply
    said = reply["err_msg"]
    assert said.startswith(f"[{code}]"), said
    assert re.search(r"[\u4e00-\u9fff].*(请|无需|可直接)", said), "says in Chinese what to do"
    assert factories.rows() == before
    return str(said)


@pytest.mark.parametrize(("number", "path", "value", "code"), ROWS, ids=lambda item: str(item)[:40])
def test_one_field_changed(client: Client, number: str, path: str, value: Any, code: str) -> None:
    body = client.until(number)
    change(body, path, value)
    refuse(client, body, code)


def test_the_good_messages_themselves_go_through(client: Client) -> None:
    client.run(*FLOW)


def _expire(client: Client) -> None:
    Qualification.objects.update(state="expired", ends=date(2025, 12, 31))


def _unfile(client: Client) -> None:
    Filing.objects.all().delete()


def _file_elsewhere(client: Client) -> None:
    Filing.objects.update(care_region="110000")


def _file_later_than_now(client: Client) -> None:
    Filing.objects.update(starts=date(2099, 1, 1))


def _file_until_long_ago(client: Client) -> None:
    Filing.objects.update(ends=date(2025, 12, 31))


def _leave_the_scheme(client: Client) -> None:
    Coverage.objects.update(ends=date(2025, 12, 31))


def _close_service(client: Client) -> None:
    client.world.provider.services.filter(benefit="chronic-disease").delete()


def _forget_level(client: Client) -> None:
    Provider.objects.update(level="")


def _disconnect(client: Client) -> None:
    Institution.objects.update(active=False)


def _empty_catalogue(client: Client) -> None:
    factories.CatalogueItem.objects.all().delete()


def _upload_nothing(client: Client) -> None:
    client.run("2205")


def _withdraw(client: Client) -> None:
    client.run("2205", "2202")


SITUATIONS: list[tuple[str, Callable[[Client], None], str, str]] = [
    ("2203A", _expire, "QUAL-ENDED", "到期"),
    ("2206A", _expire, "QUAL-ENDED", "到期"),
    ("2207A", _expire, "QUAL-ENDED", "到期"),
    ("2206A", _unfile, "FILING-NONE", "备案"),
    ("2207A", _unfile, "FILING-NONE", "备案"),
    ("2207A", _file_elsewhere, "FILING-NONE", "备案"),
    ("2207A", _file_later_than_now, "FILING-NONE", "备案"),
    ("2207A", _file_until_long_ago, "FILING-NONE", "备案"),
    ("1101", _leave_the_scheme, "PERSON-NOT-INSURED", "12393"),
    ("2201", _leave_the_scheme, "PERSON-NOT-INSURED", "12393"),
    ("5301", _leave_the_scheme, "PERSON-NOT-INSURED", "12393"),
    ("2207A", _close_service, "SETL-NOT-OPENED", "手工报销"),
    ("2207A", _forget_level, "BILL-LEVEL", "级别"),
    ("2207A", _disconnect, "GATEWAY-INSTITUTION", "接入"),
    ("2204", _empty_catalogue, "CATALOGUE-MISSING", "目录"),
    ("2207A", _upload_nothing, "SETL-NO-LINES", "2204"),
    ("2207A", _withdraw, "SETL-VISIT", "2201"),
]


@pytest.mark.parametrize(
    ("number", "meanwhile", "code", "word"), SITUATIONS, ids=lambda item: getattr(item, "__name__", str(item))
)
def test_one_thing_has_changed(
    client: Client, number: str, meanwhile: Callable[[Client], None], code: str, word: str
) -> None:
    body = client.until(number)
    meanwhile(client)
    assert word in refuse(client, body, code)


def test_every_fault_of_a_message_at_once(client: Client) -> None:
    body = client.until("2204")
    change(body, "input.feedetail.0.cnt", "x")
    change(body, "input.feedetail.3.pric", MISSING)
    change(body, "input.feedetail.9.bilg_dr_name", "")
    said = refuse(client, body, "GATEWAY-FIELDS")
    assert "报文有 3 处不合要求" in said
    assert "input.feedetail[0].cnt（第 1 项数量）：“x”不是数字" in said
    assert "input.feedetail[3].pric（第 4 项单价）：缺少或为空" in said
    assert "input.feedetail[9].bilg_dr_name（第 10 项开单医师姓名）" in said


def test_faults_of_envelope_and_input_together(client: Client) -> None:
    body = client.until("2207A")
    change(body, "opter", "")
    change(body, "input.data.medfee_sumamt", "四百")
    said = refuse(client, body, "GATEWAY-FIELDS")
    assert "2 处" in said
    assert "opter（经办人）" in said
    assert "input.data.medfee_sumamt（医疗费总额）" in said
    change(body, "opter", "001")
    change(body, "insuplc_admdvs", "")
    said = refuse(client, body, "GATEWAY-FIELDS")
    assert "2 处" in said
    assert "1101" in said


def test_a_missing_node_is_named(client: Client) -> None:
    body = client.message("2203A")
    body["input"] = {"unrelated": 1}
    said = refuse(client, body, "GATEWAY-FIELDS")
    assert "input.mdtrtinfo（就诊信息）：缺少此节点" in said
    assert "input.diseinfo（诊断信息）：缺少此节点" in said


def test_very_many_faults_are_told_briefly(client: Client) -> None:
    body = client.until("2204")
    body["input"]["feedetail"] = [{}] * 500
    said = refuse(client, body, "GATEWAY-FIELDS")
    assert "input.feedetail[0].cnt（第 1 项数量）：缺少或为空，请补上（[1]–[499] 同样）" in said
    assert len(said) < 3000
    body["input"]["feedetail"] = [{}, {"cnt": 1}] * 200
    assert "[398] 同样" not in (said := refuse(client, body, "GATEWAY-FIELDS"))
    assert "[100] 等 199 项 同样" in said
    assert len(said) < 5000


def test_two_diagnoses_of_one_rank(client: Client) -> None:
    body = client.until("2203A")
    body["input"]["diseinfo"] *= 2
    assert "diag_srt_no" in refuse(client, body, "GATEWAY-FIELDS")


def test_an_invalid_diagnosis_does_not_count(client: Client) -> None:
    body = client.until("2203A")
    first = body["input"]["diseinfo"][0]
    body["input"]["diseinfo"] = [first, {**first, "vali_flag": "0"}]
    assert client.send(body)["infcode"] == 0


def test_another_hospital_sees_no_visit_of_this_one(client: Client) -> None:
    provider = factories.hospital(factories.OTHER_HOSPITAL, "上海第二示例医院（合成）")
    factories.connect(provider)
    client.run(*FLOW[:-1])
    for number in ("2204", "2206A", "2207A", "2205", "2202"):
        refuse(client, client.message(number, fixmedins_code=provider.code), "SETL-VISIT")
    refuse(client, client.message("2208", fixmedins_code=provider.code), "SETL-VISIT")
    stolen = {**client.reversal(client.requests["2207A"]), "fixmedins_code": provider.code}
    assert client.send(stolen)["infcode"] == 0, "no message of that hospital's own"
    assert not Settlement.objects.get().is_cancelled


def test_another_persons_visit(client: Client) -> None:
    stranger = factories.register_person("2", "钱二（合成）", factories.identity(2), synthetic=True)
    factories.insure(stranger)
    body = client.until("2207A")
    body["input"]["data"] |= {"psn_no": stranger.number, "mdtrt_cert_no": stranger.identity}
    refuse(client, body, "SETL-PERSON")


def test_registering_one_number_twice(client: Client) -> None:
    client.run("2201")
    assert client.visit in refuse(client, client.message("2201"), "SETL-VISIT-TWICE")


def test_withdrawing_under_the_wrong_number(client: Client) -> None:
    body = client.until("2203A")
    body = client.message("2202")
    body["input"]["data"]["ipt_otp_no"] = "OP-404"
    refuse(client, body, "GATEWAY-VISIT")


def test_nothing_of_a_settled_visit_may_change(client: Client) -> None:
    client.run(*FLOW[:-1])
    for number in ("2202", "2203A", "2204", "2205", "2206A"):
        assert client.settlement in refuse(client, client.message(number), "SETL-SETTLED")


def test_signing_out_of_somebody_elses_work(client: Client) -> None:
    number = client.run("9001")["signinoutb"]["sign_no"]
    for given in ({"sign_no": "404"}, {"sign_no": "x"}, {"sign_no": number, "opter_no": "002"}):
        refuse(client, client.message("9001", infno="9002", input={"signOut": given}), "GATEWAY-SIGN-IN")


@pytest.mark.parametrize(("described", "settled"), [("13", "11"), ("11", "13")])
def test_an_emergency_is_settled_as_one(client: Client, described: str, settled: str) -> None:
    client.med_type = described
    body = client.until("2206A")
    client.med_type = settled
    for number in ("2206A", "2207A"):
        said = refuse(client, client.message(number), "GATEWAY-VISIT")
        assert f"“{described}”" in said
        assert f"“{settled}”" in said
    assert client.send(body)["infcode"] == 0


def test_the_largest_numbers_that_fit(client: Client) -> None:
    """What the fields let through the database holds: no line of the limits ends in an internal error."""
    body = client.until("2204")
    rows = body["input"]["feedetail"]
    for rank, row in enumerate(rows):
        row["cnt"], row["pric"], row["det_item_fee_sumamt"] = "1", "999999999.99", "999999999.99"
        row["prd_days"] = "99.99"
        row["feedetl_sn"] = f"big-{rank}"
    assert client.send(body)["infcode"] == 0
    small = client.message("2204")
    small["input"]["feedetail"] = small["input"]["feedetail"][:1]
    change(small, "input.feedetail.0.cnt", "999999999999.9999")
    change(small, "input.feedetail.0.pric", "0.000001")
    change(small, "input.feedetail.0.det_item_fee_sumamt", "1000000")
    assert client.send(small)["infcode"] == 0
    refuse(client, {**client.message("2207A")}, "SETL-TOTAL")
