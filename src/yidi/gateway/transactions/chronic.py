"""2503 人员慢特病备案, 2504 撤销, 2505 人员定点备案, 2506 撤销, 5302 人员定点信息查询 (interface §4.17, §4.18, §4.32)."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from django.utils import timezone

from yidi.gateway import codes
from yidi.gateway.calls import Call
from yidi.gateway.declarations import Mark, Transaction
from yidi.gateway.fields import code, day, node, nodes, text
from yidi.gateway.nodes import Node, Request
from yidi.gateway.transactions.referrals import Filed, FiledReply
from yidi.people import queries as people
from yidi.qualification import appraisals, designations
from yidi.qualification.models import Appraisal, Designation
from yidi.qualification.states import State
from yidi.values.terms import Scheme

REVIEWED = (
    "提交后由参保地经办机构审核（已有来源中没有哪个参保地由医院直接认定），编号为本中心认定号；审核结果用 5301 查。"
    "证件、诊断与病历等由鉴定机构核对、留存，经办机构需要时另行要求"
)
DESIGNATED = "登记后即有；备案地的联网机构都可直接结算，不因定点受限（限定机构的慢特病认定除外）"


class AppraisalInfo(Node):
    psn_no: Annotated[str, text("人员编号", 30)]
    insutype: Annotated[str, code("险种类型", 6, "insutype")]
    opsp_dise_code: Annotated[str, text("门慢门特病种目录代码", 30)]
    opsp_dise_name: Annotated[str, text("门慢门特病种名称", 300)]
    tel: Annotated[str, text("联系电话", 50)] = ""
    addr: Annotated[str, text("联系地址", 200)] = ""
    insu_optins: Annotated[str, text("参保机构医保区划", 6)]
    ide_fixmedins_no: Annotated[str, text("鉴定定点医药机构编号", 30)]
    ide_fixmedins_name: Annotated[str, text("鉴定定点医药机构名称", 200)]
    hosp_ide_date: Annotated[date, day("医院鉴定日期")]
    diag_dr_codg: Annotated[str, text("诊断医师编码", 30)]
    diag_dr_name: Annotated[str, text("诊断医师姓名", 50)]
    begndate: Annotated[date, day("开始日期")]
    enddate: Annotated[date | None, day("结束日期")] = None


class AppraisalRequest(Request):
    data: Annotated[AppraisalInfo, node("慢特病备案信息")]


def hand_in(call: Call, request: AppraisalRequest) -> FiledReply:
    given = request.data
    coverage = call.insured(given.psn_no, given.insutype, timezone.localdate(call.at))
    people.check_home(coverage, given.insu_optins)
    appraisal = Appraisal(
        provider=call.provider,
        appraiser_code=given.ide_fixmedins_no,
        appraiser_name=given.ide_fixmedins_name,
        on=given.hosp_ide_date,
        doctor_code=given.diag_dr_codg,
        doctor_name=given.diag_dr_name,
        wished_from=given.begndate,
        wished_until=given.enddate,
    )
    actor = call.acting_for(coverage.person)
    case = appraisals.hand_in(coverage, given.opsp_dise_code, appraisal, actor, given.tel)
    state = State(case.state).zh
    return FiledReply(Filed(trt_dcla_detl_sn=case.number, expContent=state, exp_content=state))


class ApplicationKey(Node):
    trt_dcla_detl_sn: Annotated[str, text("待遇申报明细流水号", 30)]
    psn_no: Annotated[str, text("人员编号", 30)]
    memo: Annotated[str, text("备注", 500)]


class TakeBackRequest(Request):
    data: Annotated[ApplicationKey, node("撤销信息")]


def take_back(call: Call, request: TakeBackRequest) -> None:
    given = request.data
    person = people.by_number(given.psn_no)
    case = appraisals.made_by(call.provider, given.trt_dcla_detl_sn, person)
    people.check_home(case.coverage, call.home)
    appraisals.take_back(case, call.acting_for(person), given.memo)


class DesignationInfo(Node):
    psn_no: Annotated[str, text("人员编号", 30)]
    tel: Annotated[str, text("联系电话", 50)] = ""
    addr: Annotated[str, text("联系地址", 200)] = ""
    biz_appy_type: Annotated[
        str, code("业务申请类型", 3, "biz_appy_type", doubt="值域一源；此处只受理 03 就医定点医疗机构登记")
    ]
    begndate: Annotated[date, day("开始日期")]
    enddate: Annotated[date | None, day("结束日期")] = None
    agnter_name: Annotated[str, text("代办人姓名", 50)] = ""
    agnter_cert_type: Annotated[str, code("代办人证件类型", 6, "psn_cert_type")] = ""
    agnter_certno: Annotated[str, text("代办人证件号码", 50)] = ""
    agnter_tel: Annotated[str, text("代办人联系方式", 30)] = ""
    agnter_addr: Annotated[str, text("代办人联系地址", 200)] = ""
    agnter_rlts: Annotated[str, code("代办人关系", 3, "agnter_rlts")] = ""
    fix_srt_no: Annotated[str, text("定点排序号", 3)]
    fixmedins_code: Annotated[str, text("定点医药机构编号", 12)]
    fixmedins_name: Annotated[str, text("定点医药机构名称", 200)]
    memo: Annotated[str, text("备注", 500)] = ""


class DesignationRequest(Request):
    data: Annotated[DesignationInfo, node("定点备案信息")]


def designate(call: Call, request: DesignationRequest) -> FiledReply:
    given = request.data
    codes.check_designation_kind(given.biz_appy_type)
    call.must_be_own(given.fixmedins_code)
    coverage = call.insured(given.psn_no, "", given.begndate)
    made = designations.designate(
        coverage,
        call.provider,
        given.fix_srt_no,
        given.begndate,
        given.enddate,
        call.acting_for(coverage.person),
        phone=given.tel,
        address=given.addr,
        agent=given.agnter_name,
        note=given.memo,
    )
    return FiledReply(Filed(trt_dcla_detl_sn=made.number))


def withdraw_designation(call: Call, request: TakeBackRequest) -> None:
    given = request.data
    person = call.known_person(given.psn_no)
    actor = call.acting_for(person)
    designations.withdraw(call.provider, given.trt_dcla_detl_sn, person, given.memo, actor)


class DesignationsQuery(Node):
    psn_no: Annotated[str, text("人员编号", 30)]
    biz_appy_type: Annotated[
        str, code("业务申请类型", 3, "biz_appy_type", doubt="值域一源；此处只有 03 就医定点医疗机构登记")
    ]


class DesignationsRequest(Request):
    data: Annotated[DesignationsQuery, node("查询条件")]


@dataclass(frozen=True, slots=True, kw_only=True)
class DesignationRecord:
    psn_no: Annotated[str, text("人员编号", 30)]
    insutype: Annotated[str | None, code("险种类型", 6, "insutype")] = None
    fix_srt_no: Annotated[str, text("定点排序号", 3)]
    fixmedins_code: Annotated[str, text("定点医药机构编号", 12)]
    fixmedins_name: Annotated[str, text("定点医药机构名称", 200)]
    begndate: Annotated[date, day("开始日期")]
    enddate: Annotated[date | None, day("结束日期")] = None
    memo: Annotated[str | None, text("备注", 500)] = None


@dataclass(frozen=True, slots=True)
class DesignationsReply:
    psnfixmedin: Annotated[list[DesignationRecord], nodes("人员定点信息")]


def designated(call: Call, request: DesignationsRequest) -> DesignationsReply:
    given = request.data
    codes.check_designation_kind(given.biz_appy_type)
    person = call.known_person(given.psn_no)
    call.look(person)
    return DesignationsReply([_designated(item) for item in designations.of_person(person)])


def _designated(item: Designation) -> DesignationRecord:
    return DesignationRecord(
        psn_no=item.coverage.person.number,
        insutype=codes.SCHEMES[Scheme(item.coverage.scheme)],
        fix_srt_no=item.rank,
        fixmedins_code=item.provider.code or "",
        fixmedins_name=item.provider.name,
        begndate=item.starts,
        enddate=item.ends,
        memo=item.note or None,
    )


TRANSACTIONS = (
    Transaction(
        "2503",
        "人员慢特病备案",
        AppraisalRequest,
        FiledReply,
        hand_in,
        writes=True,
        section="§4.17",
        mark=Mark.SINGLE,
        doubt=REVIEWED,
    ),
    Transaction(
        "2504",
        "人员慢特病备案撤销",
        TakeBackRequest,
        None,
        take_back,
        writes=True,
        section="§4.17",
        mark=Mark.SINGLE,
        doubt="只能由原机构在审核决定之前撤回",
    ),
    Transaction(
        "2505",
        "人员定点备案",
        DesignationRequest,
        FiledReply,
        designate,
        writes=True,
        section="§4.18",
        mark=Mark.SINGLE,
        doubt=DESIGNATED,
    ),
    Transaction(
        "2506",
        "人员定点备案撤销",
        TakeBackRequest,
        None,
        withdraw_designation,
        writes=True,
        section="§4.18",
        mark=Mark.SINGLE,
        doubt="只能由原机构撤销",
    ),
    Transaction(
        "5302",
        "人员定点信息查询",
        DesignationsRequest,
        DesignationsReply,
        designated,
        writes=False,
        section="§4.32",
        mark=Mark.SINGLE,
        doubt="列出未撤销的定点，含已到期的",
    ),
)
