"""2501/2501A 转院备案, 2502 转院备案撤销, 5304 转院信息查询 (interface §4.16, §4.34)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

from yidi.filing import referrals
from yidi.filing.models import Referral
from yidi.filing.states import State
from yidi.gateway import codes
from yidi.gateway.calls import Call
from yidi.gateway.declarations import Mark, Transaction
from yidi.gateway.fields import code, day, extension, moment, node, nodes, text
from yidi.gateway.nodes import Node, Request
from yidi.gateway.transactions.records import Window, person_columns
from yidi.people import queries as people
from yidi.people.models import Person
from yidi.reference import regions
from yidi.settlement.queries import visit_ever

EFFECT = (
    "按参保地规则即时生效或待审核，结果见 expContent；编号为本中心备案号。撤销只能由原机构办理：待审核的撤回，"
    "已生效的自当日起终止，此前的结算不变"
)


class ReferralInfo(Node):
    psn_no: Annotated[str, text("人员编号", 30)]
    insutype: Annotated[str, code("险种类型", 6, "insutype", doubt="空时为该人在参保地的第一项参保")] = ""
    tel: Annotated[str, text("联系电话", 50)] = ""
    addr: Annotated[str, text("联系地址", 200)] = ""
    insu_optins: Annotated[str, text("参保机构医保区划", 6)] = ""
    diag_code: Annotated[str, text("诊断代码", 20)]
    diag_name: Annotated[str, text("诊断名称", 100)]
    dise_cond_dscr: Annotated[str, text("疾病病情描述", 2000)] = ""
    reflin_medins_no: Annotated[str, text("转往定点医药机构编号", 12)]
    reflin_medins_name: Annotated[str, text("转往医院名称", 200)]
    mdtrtarea_admdvs: Annotated[str, text("就医地行政区划", 6)]
    hosp_agre_refl_flag: Annotated[str, text("医院同意转院标志", 3, doubt="0 为不同意，不受理")] = ""
    refl_type: Annotated[str, code("转院类型", 30, "refl_type", doubt="值域未证实")]
    refl_date: Annotated[date, day("转院日期")]
    refl_rea: Annotated[str, text("转院原因", 100)]
    refl_opnn: Annotated[str, text("转院意见", 200)]
    begndate: Annotated[date | None, day("开始日期", doubt="空时为转院日期")] = None
    enddate: Annotated[date | None, day("结束日期", doubt="参保地没有规定有效期时必填")] = None
    refl_used_flag: Annotated[str, text("转诊使用标志", 3, doubt="仅 O（新版）")] = ""


class ReferralRequest(Request):
    refmedin: Annotated[ReferralInfo, node("转院信息", "data")]


class ReferralInfoA(ReferralInfo):
    refl_old_mdtrt_id: Annotated[str, text("转院前就诊ID", 30, doubt="仅一源")]


class ReferralRequestA(Request):
    refmedin: Annotated[ReferralInfoA, node("转院信息", "data")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    trt_dcla_detl_sn: Annotated[str, text("待遇申报明细流水号", 30)]
    expContent: Annotated[Any, extension()] = None
    exp_content: Annotated[Any, extension()] = None


@dataclass(frozen=True, slots=True)
class FiledReply:
    result: Annotated[Filed, node("备案结果")]


def refer(call: Call, request: ReferralRequest) -> FiledReply:
    return _refer(call, request.refmedin)


def refer_after_visit(call: Call, request: ReferralRequestA) -> FiledReply:
    given = request.refmedin
    visit = visit_ever(call.provider, given.refl_old_mdtrt_id, people.by_number(given.psn_no))
    return _refer(call, given, visit.number)


def _refer(call: Call, given: ReferralInfo, visit: str = "") -> FiledReply:
    starts = given.begndate or given.refl_date
    coverage = call.insured(given.psn_no, given.insutype, starts)
    if given.insu_optins:
        people.check_home(coverage, given.insu_optins)
    referral = Referral(
        provider=call.provider,
        receiver_code=given.reflin_medins_no,
        receiver_name=given.reflin_medins_name,
        diagnosis_code=given.diag_code,
        diagnosis_name=given.diag_name,
        condition=given.dise_cond_dscr,
        on=given.refl_date,
        reason=given.refl_rea,
        opinion=given.refl_opnn,
        visit=visit,
    )
    filing = referrals.refer(
        coverage,
        given.mdtrtarea_admdvs,
        starts,
        given.enddate,
        referral,
        call.acting_for(coverage.person),
        agreed=given.hosp_agre_refl_flag != codes.NO,
        phone=given.tel,
        address=given.addr,
    )
    state = State(filing.state).zh
    return FiledReply(Filed(trt_dcla_detl_sn=filing.number, expContent=state, exp_content=state))


class FiledKey(Node):
    trt_dcla_detl_sn: Annotated[str, text("待遇申报明细流水号", 30)]
    psn_no: Annotated[str, text("人员编号", 30)]
    memo: Annotated[str, text("备注", 500)] = ""


class TakeBackRequest(Request):
    data: Annotated[FiledKey, node("撤销信息", "refmedin")]


def take_back(call: Call, request: TakeBackRequest) -> None:
    given = request.data
    person = people.by_number(given.psn_no)
    filing = referrals.made_by(call.provider, given.trt_dcla_detl_sn, person)
    people.check_home(filing.coverage, call.home)
    referrals.take_back(filing, call.acting_for(person), given.memo)


class ReferralQuery(Window):
    psn_no: Annotated[str, text("人员编号", 30, doubt="空时只列本机构办理的转院")] = ""
    begntime: Annotated[datetime, moment("开始时间")]
    endtime: Annotated[datetime, moment("结束时间", doubt="必填 S Y / O 否")]


class ReferralsRequest(Request):
    data: Annotated[ReferralQuery, node("查询条件", "refmedin")]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralRecord:
    insutype: Annotated[str, code("险种类型", 6, "insutype")]
    dcla_souc: Annotated[str | None, code("申报来源", 6, "dcla_souc")] = None
    psn_no: Annotated[str, text("人员编号", 30)]
    psn_cert_type: Annotated[str, code("人员证件类型", 6, "psn_cert_type")]
    certno: Annotated[str, text("证件号码", 50)]
    psn_name: Annotated[str, text("人员姓名", 50)]
    gend: Annotated[str, code("性别", 6, "gend")]
    brdy: Annotated[date | None, day("出生日期")] = None
    tel: Annotated[str | None, text("联系电话", 50)] = None
    addr: Annotated[str | None, text("联系地址", 200)] = None
    insu_optins: Annotated[str | None, text("参保机构医保区划", 6)] = None
    emp_name: Annotated[str | None, text("单位名称", 200)] = None
    diag_code: Annotated[str | None, text("诊断代码", 20)] = None
    diag_name: Annotated[str | None, text("诊断名称", 100)] = None
    dise_cond_dscr: Annotated[str | None, text("疾病病情描述", 2000)] = None
    reflin_medins_no: Annotated[str | None, text("转往定点医药机构编号", 30)] = None
    reflin_medins_name: Annotated[str, text("转往医院名称", 200)]
    out_flag: Annotated[str | None, code("异地标志", 3, "out_flag")] = None
    refl_date: Annotated[date, day("转院日期")]
    refl_rea: Annotated[str, text("转院原因", 100)]
    begndate: Annotated[date, day("开始日期")]
    enddate: Annotated[date | None, day("结束日期")] = None
    hosp_agre_refl_flag: Annotated[str, text("医院同意转院标志", 3)]
    opter_id: Annotated[str | None, text("经办人ID", 20)] = None
    opter_name: Annotated[str | None, text("经办人姓名", 50)] = None
    opt_time: Annotated[datetime | None, moment("经办时间")] = None


@dataclass(frozen=True, slots=True)
class ReferralsReply:
    refmedin: Annotated[list[ReferralRecord], nodes("转院信息")]


def referred(call: Call, request: ReferralsRequest) -> ReferralsReply:
    given = request.data
    whose: dict[str, Any] = {"provider": call.provider}
    if given.psn_no:
        whose = {"filing__coverage__person": call.known_person(given.psn_no)}
    found = list(referrals.referred_between(given.begntime, given.endtime, **whose))
    seen: set[Person] = {item.filing.coverage.person for item in found}
    for person in seen:
        call.look(person)
    return ReferralsReply([_referred(item) for item in found])


def _referred(item: Referral) -> ReferralRecord:
    filing = item.filing
    known = person_columns(filing.coverage, item.on)
    away = regions.pool_of(filing.care_region) != regions.pool_of(filing.coverage.pool)
    return ReferralRecord(
        **{name: value for name, value in known.items() if name in ReferralRecord.__dataclass_fields__},
        dcla_souc=codes.DECLARED_BY_INSTITUTION,
        tel=filing.phone or None,
        addr=filing.address or None,
        diag_code=item.diagnosis_code,
        diag_name=item.diagnosis_name,
        dise_cond_dscr=item.condition or None,
        reflin_medins_no=item.receiver_code,
        reflin_medins_name=item.receiver_name,
        out_flag=codes.YES if away else codes.NO,
        refl_date=item.on,
        refl_rea=item.reason,
        begndate=filing.starts,
        enddate=filing.ends,
        hosp_agre_refl_flag=codes.YES,
        opt_time=filing.created,
    )


TRANSACTIONS = (
    Transaction(
        "2501", "转院备案", ReferralRequest, FiledReply, refer, writes=True, section="§4.16", doubt=EFFECT
    ),
    Transaction(
        "2501A",
        "转院备案",
        ReferralRequestA,
        FiledReply,
        refer_after_visit,
        writes=True,
        section="§4.16",
        doubt=EFFECT,
    ),
    Transaction("2502", "转院备案撤销", TakeBackRequest, None, take_back, writes=True, section="§4.16"),
    Transaction(
        "5304",
        "转院信息查询",
        ReferralsRequest,
        ReferralsReply,
        referred,
        writes=False,
        section="§4.34",
        mark=Mark.UNCONFIRMED,
        doubt="输出节点名未证实，此处用 refmedin；只列由机构办理的转院备案（2501），按转院日期查",
    ),
)
