"""What an institution does for a person: referrals (2501, 2502), chronic-disease applications (2503, 2504), designations (2505, 2506)."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.gateway import factories
from tests.gateway.client import FLOW, Client, Json
from tests.gateway.test_queries import ask_of, other_hospital, other_person, window
from tests.gateway.test_refusals import MISSING, change, refuse
from yidi.audit.models import Event
from yidi.evidence.queries import papers_of
from yidi.filing.models import Filing, Referral
from yidi.gateway.transactions.chronic import DesignationRecord
from yidi.gateway.transactions.referrals import ReferralRecord
from yidi.gateway.transactions.totals import OWN_CODES
from yidi.operations.cases import story
from yidi.operations.terms import Doer
from yidi.qualification.models import Designation, Qualification
from yidi.reference import dictionaries

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate
BEIJING, DIABETES = "110000", "M01600"


def day(days: int = 0) -> str:
    return f"{TODAY() + timedelta(days=days)}"


def data_of(client: Client, infno: str) -> Json:
    """The data of a good message."""
    person = client.world.person.number
    referral = {
        "psn_no": person, "insutype": "310", "tel": "13800000000", "addr": "北京某路", "insu_optins": "360100",
        "diag_code": "I10.x00", "diag_name": "高血压病", "dise_cond_dscr": "控制不佳", "reflin_medins_no": "H11010199991",
        "reflin_medins_name": "北京示例医院", "mdtrtarea_admdvs": BEIJING, "hosp_agre_refl_flag": "1", "refl_type": "3",
        "refl_date": day(), "refl_rea": "诊治需要", "refl_opnn": "同意", "begndate": "", "enddate": day(60),
        "refl_used_flag": None,
    }  # fmt: skip
    designation = {
        "psn_no": person, "biz_appy_type": "03", "begndate": day(), "enddate": "", "fix_srt_no": "1", "tel": "",
        "fixmedins_code": str(client.world.provider.code), "fixmedins_name": client.world.provider.name,
        "agnter_name": "代办甲", "agnter_cert_type": "01", "agnter_rlts": "2", "memo": "首选",
    }  # fmt: skip
    appraisal = {
        "psn_no": person, "insutype": "310", "opsp_dise_code": DIABETES, "opsp_dise_name": "糖尿病",
        "insu_optins": "360100", "ide_fixmedins_no": str(client.world.provider.code), "tel": "13800000000",
        "ide_fixmedins_name": client.world.provider.name, "hosp_ide_date": day(-1), "diag_dr_codg": "D310106000001",
        "diag_dr_name": "医师甲", "begndate": day(), "enddate": "",
    }  # fmt: skip
    return {
        "2501": referral,
        "2501A": {**referral, "refl_old_mdtrt_id": client.visit},
        "2503": appraisal,
        "2505": designation,
        "5206": {"psn_no": person, "cum_ym": ""},
        "5302": {"psn_no": person, "biz_appy_type": "03"},
        "5303": {"psn_no": person, **window()},
        "5304": {"psn_no": person, **window()},
    }[infno]


def message(client: Client, infno: str, **changes: Any) -> Json:
    node = "refmedin" if infno.startswith("2501") else "data"
    return {**client._envelope(infno), "input": {node: {**data_of(client, infno), **changes}}}


def take_back(client: Client, infno: str, number: str, **changes: Any) -> Json:
    data = {"trt_dcla_detl_sn": number, "psn_no": client.world.person.number, "memo": "填错了", **changes}
    return {**client._envelope(infno), "input": {"data": data}}


def done(client: Client, body: Json) -> Any:
    reply = client.send(body)
    assert reply["infcode"] == 0, reply["err_msg"]
    return reply["output"]


def number_of(client: Client, infno: str, **changes: Any) -> str:
    return str(done(client, message(client, infno, **changes))["result"]["trt_dcla_detl_sn"])


def test_a_referral_takes_effect_as_the_home_pool_says(client: Client) -> None:
    output = done(client, message(client, "2501"))["result"]
    filing = Filing.objects.get(care_region=BEIJING)
    assert (output["trt_dcla_detl_sn"], output["expContent"]) == (filing.number, "已生效")
    assert (filing.kind, filing.state, filing.starts, filing.ends) == (
        "referral", "active", TODAY(), TODAY() + timedelta(days=60),
    )  # fmt: skip
    shown = {paper.material for paper in papers_of(filing.number)}
    assert shown == {"id-card", "referral-proof", "jiangxi-filing-form"}
    assert filing.phone == "13800000000"
    proof = papers_of(filing.number).get(material="referral-proof").description
    assert proof == f"由上海示例医院（合成）出具（{day()}）：高血压病，转往北京示例医院；诊治需要；同意"
    told = [(step.what.zh, step.doer) for step in story(filing.number)]
    assert told[0] == ("医院办理转院备案", Doer.INSTITUTION)
    begun = Event.objects.get(action="filing:refer")
    assert (begun.actor, begun.principal) == (f"{factories.HOSPITAL}/001", client.world.person.number)


def test_where_the_pool_wants_a_review_the_referral_waits(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    from yidi.filing import services

    rule_of = services.rule_of
    monkeypatch.setattr(services, "rule_of", lambda filing: replace(rule_of(filing), effect="reviewed"))
    output = done(client, message(client, "2501"))["result"]
    assert output["exp_content"] == "待审核"
    done(client, take_back(client, "2502", output["trt_dcla_detl_sn"]))
    assert Filing.objects.get(care_region=BEIJING).state == "withdrawn"


def test_a_referral_is_read_back_and_taken_back_by_who_made_it(client: Client) -> None:
    number = number_of(client, "2501")
    for answer in (
        ask_of(client, message(client, "5304"))["refmedin"],
        ask_of(client, message(client, "5304", psn_no=""))["refmedin"],
    ):
        (row,) = answer
        assert list(row) == list(ReferralRecord.__dataclass_fields__)
        expected = {
            "diag_code": "I10.x00", "reflin_medins_name": "北京示例医院", "refl_date": day(), "enddate": day(60),
            "hosp_agre_refl_flag": "1", "out_flag": "1", "dcla_souc": "01", "psn_name": "赵一（合成）", "tel": "13800000000",
        }  # fmt: skip
        assert {name: row[name] for name in expected} == expected
    assert ask_of(client, message(client, "5304", **window(-10)))["refmedin"] == []
    other = other_hospital(client)
    assert len(ask_of(other, message(other, "5304"))["refmedin"]) == 1
    assert ask_of(other, message(other, "5304", psn_no=""))["refmedin"] == []
    refuse(other, take_back(other, "2502", number), "FILING-REFERRAL")
    done(client, take_back(client, "2502", number, memo=""))
    filing = Filing.objects.get(care_region=BEIJING)
    assert (filing.state, filing.ends) == ("cancelled", TODAY())
    refuse(client, take_back(client, "2502", number), "CASE-MOVE")


def test_a_referral_decided_during_a_visit(client: Client) -> None:
    client.run(*FLOW[:4])
    number_of(client, "2501A")
    assert Referral.objects.get().visit == client.visit
    refuse(client, message(client, "2501A", refl_old_mdtrt_id="000000000404"), "SETL-VISIT")


def test_the_receiver_lies_where_the_filing_is_for(client: Client) -> None:
    factories.hospital("H11010199991", "北京示例医院", region="110101")
    body = message(client, "2501", mdtrtarea_admdvs="120000")
    refuse(client, body, "FILING-RECEIVER")
    number_of(client, "2501")


def test_an_application_with_the_hospitals_appraisal_goes_to_the_agency(client: Client) -> None:
    output = done(client, message(client, "2503"))["result"]
    case = Qualification.objects.get(disease=DIABETES)
    assert (output["trt_dcla_detl_sn"], output["expContent"]) == (case.number, "已提交")
    assert (case.state, case.starts, case.hospital) == ("submitted", None, client.world.provider.name)
    assert (case.appraisal.doctor_name, case.appraisal.wished_from) == ("医师甲", TODAY())
    shown = {paper.material: paper.description for paper in papers_of(case.number)}
    assert set(shown) == {"id-card", "medical-records", "diagnosis", "qualification-form"}
    assert "医师甲" in shown["diagnosis"]
    assert len(client.run("5301")["feedetail"]) == 1
    assert story(case.number)[0].doer is Doer.INSTITUTION
    refuse(client, message(client, "2503"), "QUAL-OPEN")
    refuse(other_hospital(client), take_back(client, "2504", case.number) | {"fixmedins_code": factories.OTHER_HOSPITAL}, "QUAL-NOT-YOURS")  # fmt: skip
    done(client, take_back(client, "2504", case.number))
    case.refresh_from_db()
    assert case.state == "withdrawn"
    refuse(client, take_back(client, "2504", case.number), "CASE-MOVE")


def test_what_is_approved_is_not_the_hospitals_to_take_back(client: Client) -> None:
    number = number_of(client, "2503")
    Qualification.objects.filter(disease=DIABETES).update(
        state="approved", starts=TODAY(), decided_on=TODAY()
    )
    refuse(client, take_back(client, "2504", number), "CASE-MOVE")


def test_a_designation_is_made_read_and_withdrawn(client: Client) -> None:
    number = number_of(client, "2505")
    (row,) = ask_of(client, message(client, "5302"))["psnfixmedin"]
    assert list(row) == list(DesignationRecord.__dataclass_fields__)
    assert (row["fixmedins_code"], row["fix_srt_no"], row["begndate"], row["enddate"], row["memo"]) == (
        factories.HOSPITAL, "1", day(), None, "首选",
    )  # fmt: skip
    other = other_hospital(client)
    assert len(ask_of(other, message(other, "5302"))["psnfixmedin"]) == 1
    refuse(other, message(other, "2505"), "QUAL-DESIGNATED")
    number_of(other, "2505", fix_srt_no="2")
    refuse(other, take_back(other, "2506", number), "QUAL-DESIGNATION")
    done(client, take_back(client, "2506", number))
    assert [row["fix_srt_no"] for row in ask_of(client, message(client, "5302"))["psnfixmedin"]] == ["2"]
    refuse(client, take_back(client, "2506", number), "QUAL-DESIGNATION")
    assert Designation.objects.count() == 2


def test_at_home_a_designation_does_not_go_against_the_approval(client: Client) -> None:
    provider = factories.hospital("H36010099991", "南昌示例医院", region="360102")
    factories.connect(provider, paasid="other")
    home = Client(factories.World(client.world.person, client.world.coverage, provider, provider.institution))
    body = message(home, "2505") | {"mdtrtarea_admvs": "360100"}
    Qualification.objects.update(providers=[factories.HOSPITAL])
    refuse(home, body, "QUAL-PROVIDER")
    Qualification.objects.update(providers=[])
    done(home, body)


REFUSALS: list[tuple[str, str, Any, str]] = [
    # transaction, path of the field, its new value, the code
    ("2501", "input.refmedin.psn_no", "404", "PERSON-UNKNOWN"),
    ("2501", "input.refmedin.insutype", "390", "PERSON-NOT-IN-SCHEME"),
    ("2501", "input.refmedin.insu_optins", "310000", "PERSON-WRONG-HOME"),
    ("2501", "insuplc_admdvs", "310000", "PERSON-WRONG-HOME"),
    ("2501", "input.refmedin.hosp_agre_refl_flag", "0", "FILING-NOT-AGREED"),
    ("2501", "input.refmedin.enddate", "", "FILING-END-DATE"),
    ("2501", "input.refmedin.enddate", "2020-01-01", "FILING-DATES"),
    ("2501", "input.refmedin.mdtrtarea_admdvs", "310000", "FILING-OPEN"),
    ("2501", "input.refmedin.mdtrtarea_admdvs", "360100", "FILING-NOT-NEEDED"),
    ("2501", "input.refmedin.mdtrtarea_admdvs", "360700", "FILING-NOT-NEEDED"),
    ("2501", "input.refmedin.mdtrtarea_admdvs", "999999", "REGION-UNKNOWN"),
    ("2501", "input.refmedin.refl_date", MISSING, "GATEWAY-FIELDS"),
    ("2501", "input.refmedin.refl_type", "9", "GATEWAY-FIELDS"),
    ("2501", "input.refmedin.tel", "1", "VALUE-BAD"),
    ("2503", "input.data.opsp_dise_code", "M99999", "POLICY-DISEASE"),
    ("2503", "input.data.hosp_ide_date", day(1), "QUAL-APPRAISED"),
    ("2503", "input.data.enddate", "2020-01-01", "QUAL-DATES"),
    ("2503", "input.data.insu_optins", "310000", "PERSON-WRONG-HOME"),
    ("2503", "input.data.opsp_dise_code", factories.DISEASE, "QUAL-OPEN"),
    ("2503", "input.data.diag_dr_name", MISSING, "GATEWAY-FIELDS"),
    ("2505", "input.data.biz_appy_type", "06", "GATEWAY-UNSUPPORTED"),
    ("2505", "input.data.fixmedins_code", factories.OTHER_HOSPITAL, "GATEWAY-OTHER-INSTITUTION"),
    ("2505", "input.data.enddate", "2020-01-01", "QUAL-DATES"),
    ("2505", "input.data.begndate", "2019-01-01", "PERSON-NOT-INSURED"),
    ("5206", "input.data.cum_ym", "202613", "GATEWAY-FIELDS"),
    ("5206", "insuplc_admdvs", "310000", "PERSON-WRONG-HOME"),
    ("5302", "input.data.biz_appy_type", "08", "GATEWAY-UNSUPPORTED"),
    ("5303", "input.data.psn_no", "404", "PERSON-UNKNOWN"),
    ("5304", "input.data.begntime", MISSING, "GATEWAY-FIELDS"),
    ("5304", "insuplc_admdvs", "310000", "PERSON-WRONG-HOME"),
]  # fmt: skip


@pytest.mark.parametrize(("infno", "path", "value", "code"), REFUSALS)
def test_one_field_changed(client: Client, infno: str, path: str, value: Any, code: str) -> None:
    body = message(client, infno)
    change(body, path, value)
    refuse(client, body, code)


@pytest.mark.parametrize(("made", "undone", "code"), [
    ("2501", "2502", "FILING-REFERRAL"), ("2503", "2504", "QUAL-NOT-YOURS"), ("2505", "2506", "QUAL-DESIGNATION"),
])  # fmt: skip
@pytest.mark.parametrize("number", ["", "X0000000001", "F9999999999999999999999", "Q٣", "{other}"])
def test_only_what_was_made_for_that_person_is_undone(
    client: Client, made: str, undone: str, code: str, number: str
) -> None:
    own = number_of(client, made)
    if number == "{other}":
        refuse(client, take_back(client, undone, own, psn_no=other_person(client)), code)
    else:
        refuse(client, take_back(client, undone, number), "GATEWAY-FIELDS" if not number else code)


def test_a_plain_repetition_makes_no_second_one(client: Client) -> None:
    body = message(client, "2505")
    assert done(client, body) == done(client, body)
    assert Designation.objects.count() == 1


def test_the_running_totals(client: Client) -> None:
    client.run(*FLOW[:-1])
    year = f"{TODAY().year}"
    rows = ask_of(client, message(client, "5206"))["cuminfo"]
    by_code = {row["cum_type_code"]: row for row in rows}
    paid = by_code["MTJJM03900"]
    settled = client.replies["2207A"]["output"]["setlinfo"]
    assert (paid["cum"], paid["year"], paid["cum_ym"], paid["insutype"]) == (
        settled["hifp_pay"], year, f"{year}12", "310",
    )  # fmt: skip
    for name in by_code:
        assert len(name) <= 10
        assert dictionaries.label("cum_type_code", name[:4]) in OWN_CODES or name[:2] in OWN_CODES
    assert ask_of(client, message(client, "5206", cum_ym="202001"))["cuminfo"] == []
    this_month = ask_of(client, message(client, "5206", cum_ym=f"{TODAY():%Y%m}"))["cuminfo"]
    assert {row["cum_ym"] for row in this_month} == {f"{TODAY():%Y%m}"}


def test_no_stays_are_kept(client: Client) -> None:
    assert ask_of(client, message(client, "5303")) == {"data": []}
    assert ask_of(client, message(client, "5303", psn_no="")) == {"data": []}
