"""2201 门诊挂号, 2202 门诊挂号撤销, 2203/2203A 门诊就诊信息上传 (interface §4.9, §4.10)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

from django.utils import timezone
from pydantic import model_validator

from yidi.gateway import codes
from yidi.gateway.calls import Call
from yidi.gateway.codes import OF_PERSON
from yidi.gateway.declarations import Transaction
from yidi.gateway.fields import code, day, extension, moment, node, nodes, number, text
from yidi.gateway.nodes import Node, Request, given_of
from yidi.people import queries as people
from yidi.settlement import services
from yidi.settlement.services import NewDiagnosis, Registration

WHEN_CHRONIC = "med_type 为 14 时实际必填；dise_code 亦收"
KEPT_OF_VISIT = (
    "main_cond_dscr", "dise_name", "birctrl_type", "birctrl_matn_date", "matn_type", "geso_val",
)  # fmt: skip
KEPT_OF_DIAGNOSIS = ("diag_dept", "dise_dor_no", "dise_dor_name", "diag_time", "maindiag_flag", "adm_cond")
"""What is kept to be told again by 5201 and 5202; nothing is decided by it."""


class Repeated(Node):
    """What cross-province clients repeat of the person behind the printed fields of 2201, 2206 and 2207."""

    expContent: Annotated[Any, extension()] = None
    card_sn: Annotated[str, text("卡识别码", 32, doubt=OF_PERSON)] = ""
    psn_cert_type: Annotated[str, code("人员证件类型", 6, "psn_cert_type", doubt=OF_PERSON)] = ""
    certno: Annotated[str, text("证件号码", 50, doubt=OF_PERSON)] = ""
    psn_type: Annotated[str, code("人员类别", 6, "psn_type", doubt=OF_PERSON)] = ""
    psn_name: Annotated[str, text("人员姓名", 50, doubt=OF_PERSON)] = ""


class Printed(Node):
    """What the interface prints for 2201."""

    psn_no: Annotated[str, text("人员编号", 30)]
    insutype: Annotated[str, code("险种类型", 6, "insutype")]
    begntime: Annotated[datetime, moment("开始时间")]
    mdtrt_cert_type: Annotated[str, code("就诊凭证类型", 3, "mdtrt_cert_type")]
    mdtrt_cert_no: Annotated[str, text("就诊凭证编号", 50)]
    ipt_otp_no: Annotated[str, text("住院/门诊号", 30)]
    atddr_no: Annotated[str, text("医师编码", 30)]
    dr_name: Annotated[str, text("医师姓名", 50)]
    dept_code: Annotated[str, text("科室编码", 30)]
    dept_name: Annotated[str, text("科室名称", 100)]
    caty: Annotated[str, text("科别", 6, doubt="字典未收")]


class NewVisit(Repeated, Printed):
    """What 2201 asks."""


class SaidOfPerson(Node):
    """Jiangsu's second description of the patient: whatever it says is compared with the person on record."""

    psn_no: Annotated[str, text("人员编号", 30)] = ""
    psn_cert_type: Annotated[str, code("人员证件类型", 6, "psn_cert_type")] = ""
    certno: Annotated[str, text("证件号码", 50)] = ""
    psn_name: Annotated[str, text("人员姓名", 50)] = ""
    gend: Annotated[str, code("性别", 6, "gend")] = ""
    naty: Annotated[str, text("民族", 3)] = ""
    brdy: Annotated[date | None, day("出生日期")] = None


class SaidOfAgent(Node):
    """Guangzhou's description of whoever registers for the patient. Nothing here depends on it, nothing is kept of it."""

    agnter_name: Annotated[str, text("代办人姓名", 50)] = ""
    agnter_cert_type: Annotated[str, code("代办人证件类型", 6, "psn_cert_type")] = ""
    agnter_certno: Annotated[str, text("代办人证件号码", 50)] = ""
    agnter_tel: Annotated[str, text("代办人联系方式", 30)] = ""
    agnter_addr: Annotated[str, text("代办人联系地址", 200)] = ""
    agnter_rlts: Annotated[str, code("代办人关系", 3, "agnter_rlts")] = ""


class NewVisitRequest(Request):
    data: Annotated[NewVisit, node("挂号信息", "mdtrtinfo")]
    psnbaseinfo: Annotated[SaidOfPerson | None, node("人员基本信息（江苏）")] = None
    agnterinfo: Annotated[SaidOfAgent | None, node("代办人信息（广州）")] = None


@dataclass(frozen=True, slots=True)
class Registered:
    mdtrt_id: Annotated[str, text("就诊ID", 30)]
    psn_no: Annotated[str, text("人员编号", 30)]
    ipt_otp_no: Annotated[str, text("住院/门诊号", 30)]
    expContent: Annotated[Any, extension()] = None
    exp_content: Annotated[Any, extension()] = None


@dataclass(frozen=True, slots=True)
class NewVisitReply:
    data: Annotated[Registered, node("挂号结果")]


def open_visit(call: Call, request: NewVisitRequest) -> NewVisitReply:
    given = request.data
    person = people.by_number(given.psn_no)
    codes.check_certificate(person, given.mdtrt_cert_type, given.mdtrt_cert_no)
    for said in filter(None, (given, request.psnbaseinfo)):
        codes.check_said(person, said)
    coverage = call.coverage(person, codes.scheme_of(given.insutype), timezone.localdate(given.begntime))
    registration = Registration(
        provider_number=given.ipt_otp_no,
        began=given.begntime,
        doctor_code=given.atddr_no,
        doctor_name=given.dr_name,
        department=given.dept_name,
        said={"dept_code": given.dept_code, "caty": given.caty},
    )
    visit = services.open_visit(call.provider, coverage, registration, call.actor)
    return NewVisitReply(Registered(visit.number, person.number, visit.provider_number))


class VisitKey(Node):
    psn_no: Annotated[str, text("人员编号", 30)]
    mdtrt_id: Annotated[str, text("就诊ID", 30)]
    ipt_otp_no: Annotated[str, text("住院/门诊号", 30)]
    expContent: Annotated[Any, extension()] = None


class WithdrawRequest(Request):
    data: Annotated[VisitKey, node("挂号撤销信息", "mdtrtinfo")]


def withdraw_visit(call: Call, request: WithdrawRequest) -> None:
    given = request.data
    visit = call.visit(given.mdtrt_id, given.psn_no)
    codes.check_visit(visit, "ipt_otp_no", "住院/门诊号", visit.provider_number, given.ipt_otp_no)
    services.withdraw_visit(visit, call.actor)


class VisitInfo(Node):
    mdtrt_id: Annotated[str, text("就诊ID", 30)]
    psn_no: Annotated[str, text("人员编号", 30)]
    med_type: Annotated[str, code("医疗类别", 6, "med_type")]
    begntime: Annotated[datetime, moment("开始时间")]
    main_cond_dscr: Annotated[str, text("主要病情描述", 1000)] = ""
    dise_codg: Annotated[str, text("病种编码", 30, doubt=WHEN_CHRONIC, aliases=("dise_code",))] = ""
    dise_name: Annotated[str, text("病种名称", 500)] = ""
    birctrl_type: Annotated[str, code("计划生育手术类别", 6, "birctrl_type")] = ""
    birctrl_matn_date: Annotated[date | None, day("计划生育手术或生育日期")] = None
    matn_type: Annotated[str, code("生育类别", 6, "matn_type")] = ""
    geso_val: Annotated[int | None, number("孕周数", "2")] = None
    expContent: Annotated[Any, extension()] = None
    ttp_resp: Annotated[str, text("第三方责任标志", 3, doubt="湖南客户端的键，含义按字面")] = ""
    expi_gestation_nub_of_m: Annotated[str, text("终止妊娠孕周", 6, doubt="湖南客户端的键，含义按字面")] = ""


class DiagnosisInfo(Node):
    diag_type: Annotated[str, code("诊断类别", 3, "diag_type")]
    diag_srt_no: Annotated[int, number("诊断排序号", "2")]
    diag_code: Annotated[str, text("诊断代码", 20)]
    diag_name: Annotated[str, text("诊断名称", 100)]
    diag_dept: Annotated[str, text("诊断科室", 50)]
    dise_dor_no: Annotated[str, text("诊断医生编码", 30)]
    dise_dor_name: Annotated[str, text("诊断医生姓名", 50)]
    diag_time: Annotated[datetime, moment("诊断时间")]
    vali_flag: Annotated[str, code("有效标志", 3, "vali_flag")]
    psn_no: Annotated[str, text("人员编号", 30, doubt="门诊不需要；给出时须与 mdtrtinfo 一致")] = ""
    maindiag_flag: Annotated[str, text("主诊断标志", 3, doubt="门诊不需要；1 为主诊断")] = ""
    adm_cond: Annotated[str, text("入院病情", 500, doubt="住院用；收下，可由 5202 查回")] = ""
    mdtrt_id: Annotated[str, text("就诊ID", 30, doubt="住院用；给出时须与 mdtrtinfo 一致")] = ""


class DescribeRequest(Request):
    mdtrtinfo: Annotated[VisitInfo, node("就诊信息", "data")]
    diseinfo: Annotated[list[DiagnosisInfo], nodes("诊断信息")]

    @model_validator(mode="after")
    def _each_rank_once(self) -> "DescribeRequest":
        ranks = [(item.diag_type, item.diag_srt_no) for item in self.valid]
        if len(set(ranks)) < len(ranks):
            raise ValueError("diseinfo 中同一诊断类别的诊断排序号 diag_srt_no 重复")
        return self

    @model_validator(mode="after")
    def _of_one_visit(self) -> "DescribeRequest":
        own = self.mdtrtinfo
        for rank, item in enumerate(self.diseinfo):
            for name in ("psn_no", "mdtrt_id"):
                if getattr(item, name) not in ("", getattr(own, name)):
                    raise ValueError(
                        f"diseinfo[{rank}].{name} 与 mdtrtinfo 的不同，诊断应属于同一人的同一次就诊"
                    )
        return self

    @property
    def valid(self) -> list[DiagnosisInfo]:
        """The diagnoses that are not marked invalid."""
        return [item for item in self.diseinfo if item.vali_flag == codes.YES]


def describe_visit(call: Call, request: DescribeRequest) -> None:
    given = request.mdtrtinfo
    visit = call.visit(given.mdtrt_id, given.psn_no)
    care = codes.care_of(given.med_type, given.dise_codg)
    found = [
        NewDiagnosis(
            item.diag_srt_no,
            item.diag_type,
            item.diag_code,
            item.diag_name,
            given_of(item, KEPT_OF_DIAGNOSIS),
        )
        for item in request.valid
    ]
    said = given_of(given, KEPT_OF_VISIT)
    services.describe_visit(visit, care.benefit, care.disease, care.emergency, found, call.actor, said)


TRANSACTIONS = (
    Transaction("2201", "门诊挂号", NewVisitRequest, NewVisitReply, open_visit, writes=True, section="§4.9"),
    Transaction("2202", "门诊挂号撤销", WithdrawRequest, None, withdraw_visit, writes=True, section="§4.9"),
    Transaction(
        "2203A",
        "门诊就诊信息上传",
        DescribeRequest,
        None,
        describe_visit,
        writes=True,
        also=("2203",),
        section="§4.10",
    ),
)
