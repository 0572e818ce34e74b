"""5201 就诊信息查询, 5202 诊断信息查询, 5203 结算信息查询 (interface §4.25 – §4.27): an institution's own visits and settlements."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

from django.utils import timezone
from pydantic import model_validator

from yidi.gateway import codes
from yidi.gateway.calls import Call
from yidi.gateway.declarations import Mark, Transaction
from yidi.gateway.fields import code, day, moment, money, node, nodes, number, ratio, text
from yidi.gateway.nodes import Node, Request, retold
from yidi.gateway.setlinfo import SetlDetail, booked
from yidi.people import queries as people
from yidi.people.models import Coverage
from yidi.reference import diseases, regions
from yidi.settlement.models import Diagnosis, Settlement, Visit
from yidi.settlement.queries import decision_of, record_of, standing_among, visit_ever, visits_between
from yidi.settlement.states import SettlementKind
from yidi.values.terms import Level, Scheme, Standing

UNTIL_SETTLED = "标必填；门诊以结算时间为准，未结算时为 null"
NOT_DESCRIBED = "标必填；只挂了号、尚未上传就诊信息（2203）的就诊为 null，无论查询哪种医疗类别都列出"
GRADE = "机构登记的等级在字典中没有时为 null"
REFUND = "1 为撤销记录，金额为负；原结算为 0，已撤销的另见 refd_setl_id"
BY_MESSAGE = (
    "本中心增加：setl_id 留空、medins_setl_id 填原 2207 或 2208 的 msgid，可查回超时而未收到回复的结算或撤销；"
    "同一 msgid 两者都有时给出结算"
)


class Window(Node):
    """A stretch of time that is asked about."""

    @model_validator(mode="after")
    def _in_order(self) -> "Window":
        begins, ends = getattr(self, "begntime", None), getattr(self, "endtime", None)
        if begins and ends and ends < begins:
            raise ValueError("结束时间 endtime 早于开始时间 begntime")
        return self


class VisitQuery(Window):
    psn_no: Annotated[str, text("人员编号", 30, doubt="是否必填两源不同")]
    begntime: Annotated[datetime, moment("开始时间")]
    endtime: Annotated[datetime, moment("结束时间")]
    med_type: Annotated[str, code("医疗类别", 6, "med_type")]
    mdtrt_id: Annotated[str, text("就诊ID", 30)] = ""


class VisitsRequest(Request):
    data: Annotated[VisitQuery, node("查询条件", "mdtrtinfo")]


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitRecord:
    """One visit. What only stays in hospital have is null."""

    mdtrt_id: Annotated[str, text("就诊ID", 30)]
    psn_no: Annotated[str, text("人员编号", 30)]
    psn_cert_type: Annotated[str, code("人员证件类型", 6, "psn_cert_type")]
    certno: Annotated[str, text("证件号码", 50)]
    psn_name: Annotated[str, text("人员姓名", 50)]
    gend: Annotated[str, code("性别", 6, "gend")]
    naty: Annotated[str | None, code("民族", 3, "naty")] = None
    brdy: Annotated[date | None, day("出生日期")] = None
    age: Annotated[int | None, number("年龄", "4,1")] = None
    coner_name: Annotated[str | None, text("联系人姓名", 50)] = None
    tel: Annotated[str | None, text("联系电话", 50)] = None
    insutype: Annotated[str, code("险种类型", 6, "insutype")]
    psn_type: Annotated[str, code("人员类别", 6, "psn_type")]
    maf_psn_flag: Annotated[str | None, text("医疗救助对象标志", 3)] = None
    cvlserv_flag: Annotated[str, text("公务员标志", 3)]
    flxempe_flag: Annotated[str | None, text("灵活就业标志", 3)] = None
    nwb_flag: Annotated[str | None, text("新生儿标志", 3)] = None
    insu_optins: Annotated[str | None, text("参保机构医保区划", 6)] = None
    emp_name: Annotated[str | None, text("单位名称", 200)] = None
    begntime: Annotated[datetime, moment("开始时间")]
    endtime: Annotated[datetime | None, moment("结束时间", doubt=UNTIL_SETTLED)] = None
    mdtrt_cert_type: Annotated[str | None, code("就诊凭证类型", 3, "mdtrt_cert_type")] = None
    med_type: Annotated[str | None, code("医疗类别", 6, "med_type", doubt=NOT_DESCRIBED)] = None
    ars_year_ipt_flag: Annotated[str | None, text("跨年度住院标志", 3)] = None
    pre_pay_flag: Annotated[str | None, text("先行支付标志", 3)] = None
    ipt_otp_no: Annotated[str | None, text("住院/门诊号", 30)] = None
    medrcdno: Annotated[str | None, text("病历号", 30)] = None
    atddr_no: Annotated[str | None, text("主治医生编码", 30)] = None
    chfpdr_name: Annotated[str | None, text("主诊医师姓名", 50)] = None
    adm_dept_codg: Annotated[str | None, text("入院科室编码", 30, doubt="门诊为就诊科室")] = None
    adm_dept_name: Annotated[str | None, text("入院科室名称", 100, doubt="门诊为就诊科室")] = None
    adm_bed: Annotated[str | None, text("入院床位", 30)] = None
    dscg_maindiag_code: Annotated[str | None, text("住院主诊断代码", 20)] = None
    dscg_maindiag_name: Annotated[str | None, text("住院主诊断名称", 300)] = None
    dscg_dept_codg: Annotated[str | None, text("出院科室编码", 30)] = None
    dscg_dept_name: Annotated[str | None, text("出院科室名称", 100)] = None
    dscg_bed: Annotated[str | None, text("出院床位", 30)] = None
    dscg_way: Annotated[str | None, text("离院方式", 3)] = None
    main_cond_dscr: Annotated[str | None, text("主要病情描述", 1000)] = None
    dise_codg: Annotated[str | None, text("病种编码", 30)] = None
    dise_name: Annotated[str | None, text("病种名称", 500)] = None
    oprn_oprt_code: Annotated[str | None, text("手术操作代码", 30)] = None
    oprn_oprt_name: Annotated[str | None, text("手术操作名称", 500)] = None
    otp_diag_info: Annotated[str | None, text("门诊诊断信息", 200)] = None
    inhosp_stas: Annotated[str | None, text("在院状态", 3)] = None
    die_date: Annotated[date | None, day("死亡日期")] = None
    ipt_days: Annotated[int | None, number("住院天数", "4,0")] = None
    fpsc_no: Annotated[str | None, text("计划生育服务证号", 50)] = None
    matn_type: Annotated[str | None, code("生育类别", 6, "matn_type")] = None
    birctrl_type: Annotated[str | None, code("计划生育手术类别", 6, "birctrl_type")] = None
    latechb_flag: Annotated[str | None, text("晚育标志", 3)] = None
    geso_val: Annotated[int | None, number("孕周数", "2")] = None
    fetts: Annotated[int | None, number("次", "3")] = None
    fetus_cnt: Annotated[int | None, number("胎儿数", "3")] = None
    pret_flag: Annotated[str | None, text("早产标志", 3)] = None
    birctrl_matn_date: Annotated[date | None, day("计划生育手术或生育日期")] = None
    cop_flag: Annotated[str | None, text("伴有并发症标志", 3)] = None
    opter_id: Annotated[str | None, text("经办人ID", 20)] = None
    opter_name: Annotated[str | None, text("经办人姓名", 50)] = None
    opt_time: Annotated[datetime | None, moment("经办时间")] = None
    memo: Annotated[str | None, text("备注", 500)] = None


@dataclass(frozen=True, slots=True)
class VisitsReply:
    mdtrtinfo: Annotated[list[VisitRecord], nodes("就诊信息")]


def visits(call: Call, request: VisitsRequest) -> VisitsReply:
    given = request.data
    person = people.by_number(given.psn_no)
    codes.benefit_of(given.med_type)
    found = visits_between(call.provider, person, given.begntime, given.endtime)
    rows = [
        _visit(visit)
        for visit in found
        if _med_type(visit) in (None, given.med_type) and given.mdtrt_id in ("", visit.number)
    ]
    call.look(person)
    return VisitsReply(rows)


def _med_type(visit: Visit) -> str | None:
    """None where nobody has said yet what the visit is for."""
    return codes.med_type_of(visit) if visit.benefit else None


def person_columns(coverage: Coverage, on: date) -> dict[str, Any]:
    """What the queries tell of a person in the same words, as of a day."""
    return {
        **codes.person_columns(coverage.person, on),
        "insutype": codes.SCHEMES[Scheme(coverage.scheme)],
        "psn_type": codes.STANDINGS[Standing(coverage.standing)],
        "cvlserv_flag": codes.civil_servant_flag(coverage),
        "insu_optins": regions.pool_of(coverage.pool),
        "emp_name": coverage.employer,
    }


def _visit(visit: Visit) -> VisitRecord:
    settled = standing_among(visit)
    told = {
        **retold(VisitRecord, visit.said),
        **person_columns(visit.coverage, timezone.localdate(visit.began)),
        "mdtrt_id": visit.number,
        "begntime": visit.began,
        "endtime": settled.at if settled else None,
        "mdtrt_cert_type": codes.IDENTITY_CARD,
        "med_type": _med_type(visit),
        "ipt_otp_no": visit.provider_number,
        "atddr_no": visit.doctor_code or None,
        "chfpdr_name": visit.doctor_name or None,
        "adm_dept_codg": visit.said.get("dept_code"),
        "adm_dept_name": visit.department or None,
        **_disease(visit),
        "otp_diag_info": "；".join(str(item) for item in visit.diagnoses.all())[:200] or None,
    }
    return VisitRecord(**told)


def _disease(visit: Visit) -> dict[str, Any]:
    """The chronic disease of a visit, if it is for one, under the name of the national list."""
    if not visit.disease:
        return {}
    return {"dise_codg": visit.disease, "dise_name": diseases.disease(visit.disease).name}


class DiagnosesQuery(Node):
    mdtrt_id: Annotated[str, text("就诊ID", 30)]
    psn_no: Annotated[str, text("人员编号", 30, doubt="是否必填两源不同")]


class DiagnosesRequest(Request):
    data: Annotated[DiagnosesQuery, node("查询条件", "mdtrtinfo")]


@dataclass(frozen=True, slots=True, kw_only=True)
class DiagnosisRecord:
    diag_info_id: Annotated[str, text("诊断信息ID", 30)]
    mdtrt_id: Annotated[str, text("就诊ID", 30)]
    psn_no: Annotated[str, text("人员编号", 30)]
    inout_diag_type: Annotated[str | None, text("出入院诊断类别", 3, doubt="标必填；门诊没有，为 null")] = (
        None
    )
    diag_type: Annotated[str, code("诊断类别", 3, "diag_type")]
    maindiag_flag: Annotated[str, text("主诊断标志", 3, doubt="2203 没有给出时，排序号 1 为主诊断")]
    diag_srt_no: Annotated[int, number("诊断排序号", "2")]
    diag_code: Annotated[str, text("诊断代码", 20)]
    diag_name: Annotated[str, text("诊断名称", 100)]
    adm_cond: Annotated[str | None, text("入院病情", 500)] = None
    diag_dept: Annotated[str | None, text("诊断科室", 50)] = None
    dise_dor_no: Annotated[str | None, text("诊断医生编码", 30)] = None
    dise_dor_name: Annotated[str | None, text("诊断医生姓名", 50)] = None
    diag_time: Annotated[datetime | None, moment("诊断时间")] = None
    opter_id: Annotated[str | None, text("经办人ID", 20)] = None
    opter_name: Annotated[str | None, text("经办人姓名", 50)] = None
    opt_time: Annotated[datetime | None, moment("经办时间")] = None


@dataclass(frozen=True, slots=True)
class DiagnosesReply:
    diseinfo: Annotated[list[DiagnosisRecord], nodes("诊断信息")]


def diagnoses(call: Call, request: DiagnosesRequest) -> DiagnosesReply:
    given = request.data
    visit = visit_ever(call.provider, given.mdtrt_id, people.by_number(given.psn_no))
    call.look(visit.coverage.person)
    found = visit.diagnoses.order_by("kind", "rank")
    return DiagnosesReply([_diagnosis(visit, item) for item in found])


def _diagnosis(visit: Visit, item: Diagnosis) -> DiagnosisRecord:
    first = codes.YES if item.rank == 1 else codes.NO
    return DiagnosisRecord(
        **{"maindiag_flag": first, **retold(DiagnosisRecord, item.said)},
        diag_info_id=f"{item.pk:012d}",
        mdtrt_id=visit.number,
        psn_no=visit.coverage.person.number,
        diag_type=item.kind,
        diag_srt_no=item.rank,
        diag_code=item.code,
        diag_name=item.name,
    )


class SettlementQuery(Node):
    psn_no: Annotated[str, text("人员编号", 30)]
    setl_id: Annotated[str, text("结算ID", 30, doubt="标必填；给出 medins_setl_id 时可空")] = ""
    mdtrt_id: Annotated[str, text("就诊ID", 30, doubt="是否必填两源不同；给出时须相符")] = ""
    medins_setl_id: Annotated[str, text("医药机构结算ID", 30, doubt=BY_MESSAGE)] = ""

    @model_validator(mode="after")
    def _one_of_two(self) -> "SettlementQuery":
        if not (self.setl_id or self.medins_setl_id):
            raise ValueError("setl_id（结算ID）：缺少或为空，请补上；只知道报文号的，填 medins_setl_id")
        return self


class SettlementRequest(Request):
    data: Annotated[SettlementQuery, node("查询条件", "mdtrtinfo")]


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementRecord:
    """One settlement, or the cancellation of one with its amounts negative."""

    setl_id: Annotated[str, text("结算ID", 30)]
    mdtrt_id: Annotated[str, text("就诊ID", 30)]
    psn_no: Annotated[str, text("人员编号", 30)]
    psn_name: Annotated[str, text("人员姓名", 50)]
    psn_cert_type: Annotated[str, code("人员证件类型", 6, "psn_cert_type")]
    certno: Annotated[str, text("证件号码", 50)]
    gend: Annotated[str, code("性别", 6, "gend")]
    naty: Annotated[str | None, code("民族", 3, "naty")] = None
    brdy: Annotated[date | None, day("出生日期")] = None
    age: Annotated[int | None, number("年龄", "4,1")] = None
    insutype: Annotated[str, code("险种类型", 6, "insutype")]
    psn_type: Annotated[str, code("人员类别", 6, "psn_type")]
    cvlserv_flag: Annotated[str, text("公务员标志", 3)]
    flxempe_flag: Annotated[str | None, text("灵活就业标志", 3)] = None
    nwb_flag: Annotated[str | None, text("新生儿标志", 3)] = None
    insu_optins: Annotated[str | None, text("参保机构医保区划", 6)] = None
    emp_name: Annotated[str | None, text("单位名称", 200)] = None
    pay_loc: Annotated[str, code("支付地点类别", 6, "pay_loc")]
    fixmedins_code: Annotated[str, text("定点医药机构编号", 12)]
    fixmedins_name: Annotated[str, text("定点医药机构名称", 200)]
    hosp_lv: Annotated[str | None, code("医院等级", 6, "hosp_lv", doubt=GRADE)] = None
    fixmedins_poolarea: Annotated[str | None, text("定点归属机构", 6)] = None
    lmtpric_hosp_lv: Annotated[str | None, code("限价医院等级", 6, "medinslv")] = None
    dedc_hosp_lv: Annotated[str | None, code("起付线医院等级", 6, "medinslv")] = None
    begndate: Annotated[date, day("开始日期", doubt="就诊日")]
    enddate: Annotated[date, day("结束日期", doubt="结算日")]
    setl_time: Annotated[datetime, moment("结算时间")]
    mdtrt_cert_type: Annotated[str | None, code("就诊凭证类型", 3, "mdtrt_cert_type")] = None
    med_type: Annotated[str, code("医疗类别", 6, "med_type")]
    clr_type: Annotated[str, code("清算类别", 6, "clr_type")]
    clr_way: Annotated[str | None, code("清算方式", 6, "clr_way")] = None
    clr_optins: Annotated[str | None, text("清算经办机构", 6)] = None
    medfee_sumamt: Annotated[int, money("医疗费总额")]
    fulamt_ownpay_amt: Annotated[int, money("全自费金额")]
    overlmt_selfpay: Annotated[int, money("超限价自费费用")]
    preselfpay_amt: Annotated[int, money("先行自付金额")]
    inscp_scp_amt: Annotated[int, money("符合政策范围金额")]
    act_pay_dedc: Annotated[int, money("实际支付起付线")]
    hifp_pay: Annotated[int, money("基本医疗保险统筹基金支出")]
    pool_prop_selfpay: Annotated[int, ratio("基本医疗保险统筹基金支付比例")]
    cvlserv_pay: Annotated[int, money("公务员医疗补助资金支出")] = 0
    hifes_pay: Annotated[int, money("企业补充医疗保险基金支出")] = 0
    hifmi_pay: Annotated[int, money("居民大病保险资金支出")] = 0
    hifob_pay: Annotated[int, money("职工大额医疗费用补助基金支出")] = 0
    maf_pay: Annotated[int, money("医疗救助基金支出")] = 0
    oth_pay: Annotated[int, money("其他支出")] = 0
    fund_pay_sumamt: Annotated[int, money("基金支付总额")]
    psn_pay: Annotated[int, money("个人支付金额")]
    acct_pay: Annotated[int, money("个人账户支出")]
    cash_payamt: Annotated[int, money("现金支付金额")]
    balc: Annotated[int, money("余额")]
    acct_mulaid_pay: Annotated[int, money("个人账户共济支付金额")]
    medins_setl_id: Annotated[str, text("医药机构结算ID", 30)]
    refd_setl_flag: Annotated[str, code("退费结算标志", 3, "refd_setl_flag", doubt=REFUND)]
    year: Annotated[str, text("年度", 4)]
    dise_codg: Annotated[str | None, text("病种编码", 30)] = None
    dise_name: Annotated[str | None, text("病种名称", 500)] = None
    invono: Annotated[str | None, text("发票号", 20)] = None
    opter_id: Annotated[str | None, text("经办人ID", 20)] = None
    opter_name: Annotated[str | None, text("经办人姓名", 50)] = None
    opt_time: Annotated[datetime | None, moment("经办时间")] = None
    refd_setl_id: Annotated[str | None, text("退费结算ID", 30, doubt="本中心增加：撤销本结算的记录号")] = None


@dataclass(frozen=True, slots=True)
class SettlementReply:
    setlinfo: Annotated[SettlementRecord, node("结算信息")]
    setldetail: Annotated[list[SetlDetail], nodes("基金分项信息")]


def settlement(call: Call, request: SettlementRequest) -> SettlementReply:
    given = request.data
    person = people.by_number(given.psn_no)
    found = record_of(call.provider, person, given.setl_id, given.medins_setl_id)
    if given.mdtrt_id:
        codes.check_visit(found.visit, "mdtrt_id", "就诊ID", found.visit.number, given.mdtrt_id)
    call.look(person)
    origin = found.cancels or found
    columns, rows = booked(found.visit, decision_of(origin), found)
    return SettlementReply(_settlement(found, columns), rows)


def _settlement(found: Settlement, columns: dict[str, Any]) -> SettlementRecord:
    visit, provider = found.visit, found.provider
    level = codes.LEVELS[Level(found.level)]
    return SettlementRecord(
        **{name: value for name, value in columns.items() if name in SettlementRecord.__dataclass_fields__},
        insu_optins=regions.pool_of(visit.coverage.pool),
        emp_name=visit.coverage.employer,
        pay_loc=codes.place_of_payment(visit.coverage.pool, provider.region),
        fixmedins_code=provider.code or "",
        fixmedins_name=provider.name,
        hosp_lv=codes.hospital_grade(provider),
        fixmedins_poolarea=regions.pool_of(provider.region),
        lmtpric_hosp_lv=level,
        dedc_hosp_lv=level,
        begndate=found.on,
        enddate=timezone.localdate(found.at),
        psn_pay=columns["psn_part_amt"],
        cash_payamt=columns["psn_cash_pay"],
        refd_setl_flag=codes.YES if found.kind == SettlementKind.CANCEL else codes.NO,
        refd_setl_id=found.cancellation.number if found.is_cancelled else None,
        year=str(found.on.year),
        **_disease(visit),
        invono=found.invoice or None,
        opt_time=found.at,
    )


TRANSACTIONS = (
    Transaction("5201", "就诊信息查询", VisitsRequest, VisitsReply, visits, writes=False, section="§4.25"),
    Transaction(
        "5202",
        "诊断信息查询",
        DiagnosesRequest,
        DiagnosesReply,
        diagnoses,
        writes=False,
        section="§4.26",
        mark=Mark.SINGLE,
    ),
    Transaction(
        "5203",
        "结算信息查询",
        SettlementRequest,
        SettlementReply,
        settlement,
        writes=False,
        section="§4.27",
        doubt=BY_MESSAGE,
    ),
)
