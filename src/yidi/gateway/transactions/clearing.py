"""3201–3204 对账与清算申请, 3260–3262 异地清分 (interface §4.20–4.22, §4.24, §5)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from yidi.clearing import services
from yidi.clearing.comparing import Compared
from yidi.clearing.queries import Period, case_number, check_period, month_of, page, payable
from yidi.clearing.states import Amount, Outcome
from yidi.gateway import codes, dialects, files
from yidi.gateway.calls import Call
from yidi.gateway.declarations import Mark, Transaction
from yidi.gateway.fields import balance, code, day, moment, money, node, nodes, number, text
from yidi.gateway.nodes import Node, Request, faulty
from yidi.reference import regions
from yidi.settlement.models import Settlement
from yidi.values.money import yuan_text

RESULT = "result.txt"
ALL = "0"
"""As `otransid`: everything of the month."""
REFUNDS = "仅 O（小写）与 Z（大写）；1 或空=含退费，0=不含"


class TotalsInfo(Node):
    insutype: Annotated[str, code("险种", 6, "insutype")]
    clr_type: Annotated[str, code("清算类别", 6, "clr_type")]
    setl_optins: Annotated[str, text("结算经办机构", 6, aliases=("clr_optins",))]
    stmt_begndate: Annotated[date, day("对账开始日期")]
    stmt_enddate: Annotated[date, day("对账结束日期")]
    medfee_sumamt: Annotated[int, balance("医疗费总额")]
    fund_pay_sumamt: Annotated[int, balance("基金支付总额")]
    acct_pay: Annotated[
        int | None, balance("个人账户支付金额", doubt="必填；只有以 cash_payamt 代替的客户端可缺")
    ] = None
    cash_payamt: Annotated[int | None, balance("现金支付金额", doubt="G 用它代替 acct_pay")] = None
    fixmedins_setl_cnt: Annotated[int, number("定点医药机构结算笔数", "10")]
    refd_setl_flag: Annotated[str, code("退费结算标志", 1, "refd_setl_flag", doubt=REFUNDS)] = codes.YES


class TotalsRequest(Request):
    data: Annotated[TotalsInfo, node("对总账信息")]


@dataclass(frozen=True, slots=True)
class TotalsResult:
    setl_optins: Annotated[str, text("结算经办机构", 6)]
    stmt_rslt: Annotated[str, code("对账结果", 6, "stmt_rslt", doubt="旧值一位，新值六位；缺省回新值")]
    stmt_rslt_dscr: Annotated[str, text("对账结果说明", 200)]


@dataclass(frozen=True, slots=True)
class TotalsReply:
    stmtinfo: Annotated[TotalsResult, node("对账结果信息")]


def totals(call: Call, request: TotalsRequest) -> TotalsReply:
    given = request.data
    if given.acct_pay is None and given.cash_payamt is None:
        raise faulty(["input.data.acct_pay（个人账户支付金额）：缺少或为空，请补上"])
    check_period(call.provider, given.stmt_begndate, given.stmt_enddate, given.setl_optins)
    asked = _period(call, given, given.insutype)
    claimed = {
        Amount.COUNT: given.fixmedins_setl_cnt,
        Amount.TOTAL: given.medfee_sumamt,
        Amount.FUND: given.fund_pay_sumamt,
        Amount.ACCOUNT: given.acct_pay,
        Amount.CASH: given.cash_payamt,
    }
    kept = services.reconcile_totals(
        asked, {word: value for word, value in claimed.items() if value is not None}, call.msgid, call.actor
    )
    outcome = Outcome(kept.outcome)
    told = f"{outcome.zh}：{kept.said}" if kept.said else outcome.zh
    return TotalsReply(TotalsResult(given.setl_optins, _result(call, outcome), told[:200]))


class RecordsInfo(Node):
    setl_optins: Annotated[str, text("结算经办机构", 6, aliases=("clr_optins",))]
    file_qury_no: Annotated[str, text("文件查询号", 30)]
    stmt_begndate: Annotated[date, day("对账开始日期")]
    stmt_enddate: Annotated[date, day("对账结束日期")]
    medfee_sumamt: Annotated[int, balance("医疗费总额")]
    fund_pay_sumamt: Annotated[int, balance("基金支付总额")]
    cash_payamt: Annotated[int, balance("现金支付金额")]
    fixmedins_setl_cnt: Annotated[int, number("定点医药机构结算笔数", "10")]
    clr_type: Annotated[str, code("清算类别", 6, "clr_type", doubt="仅 O、Z")] = codes.OUTPATIENT_CLEARING
    refd_setl_flag: Annotated[str, code("退费结算标志", 1, "refd_setl_flag", doubt=REFUNDS)] = codes.YES


class RecordsRequest(Request):
    data: Annotated[RecordsInfo, node("对明细账信息")]


@dataclass(frozen=True, slots=True)
class RecordsFile:
    file_qury_no: Annotated[str, text("文件查询号", 30)]
    filename: Annotated[str, text("文件名称", 200)]
    dld_endtime: Annotated[datetime, moment("下载截止时间")]


@dataclass(frozen=True, slots=True)
class RecordsReply:
    fileinfo: Annotated[RecordsFile, node("对账结果文件")]


def records(call: Call, request: RecordsRequest) -> RecordsReply:
    given = request.data
    check_period(call.provider, given.stmt_begndate, given.stmt_enddate, given.setl_optins)
    uploaded = files.text_of(files.open(call.institution, given.file_qury_no, call.actor))
    claimed = {
        Amount.COUNT: given.fixmedins_setl_cnt,
        Amount.TOTAL: given.medfee_sumamt,
        Amount.FUND: given.fund_pay_sumamt,
        Amount.CASH: given.cash_payamt,
    }
    _, compared = services.reconcile_records(_period(call, given), claimed, uploaded, call.msgid, call.actor)
    packed, _ = files.zipped(RESULT, _result_rows(call, compared))
    name = f"result-{given.stmt_begndate:%Y%m%d}-{given.stmt_enddate:%Y%m%d}.zip"
    kept = files.keep(call.institution, name, packed, call.actor)
    return RecordsReply(RecordsFile(kept.number, kept.name, kept.expires))


def _period(call: Call, given: TotalsInfo | RecordsInfo, insutype: str = "") -> Period:
    return Period(
        call.provider,
        given.stmt_begndate,
        given.stmt_enddate,
        codes.scheme_of(insutype) if insutype else None,
        with_refunds=given.refd_setl_flag != codes.NO,
        outpatient=given.clr_type == codes.OUTPATIENT_CLEARING,
    )


def _result(call: Call, outcome: Outcome) -> str:
    """`stmt_rslt` as the institution's client knows it."""
    newer, older = codes.OUTCOMES[outcome]
    return older if dialects.of(call.institution.dialect).older_results else newer


def _result_rows(call: Call, compared: Iterator[Compared]) -> Iterator[tuple[str, ...]]:
    """The ten columns of the result (§5), of every record of either side."""
    for row in compared:
        ours = row.record
        yield (
            ours.person,
            ours.visit,
            ours.settlement,
            row.message,
            _result(call, row.outcome),
            codes.YES if ours.is_refund else codes.NO,
            row.memo,
            yuan_text(ours.total),
            yuan_text(ours.fund),
            yuan_text(ours.account),
        )


class ApplicationInfo(Node):
    clr_type: Annotated[str, code("清算类别", 30, "clr_type")]
    clr_way: Annotated[str, text("清算方式", 30, doubt="值域未证实，不核对")] = ""
    setlym: Annotated[str, text("清算年月", 6, doubt="写作 yyyyMM")]
    psntime: Annotated[int, number("清算人次", "6", doubt="按结算笔数减退费笔数核对")]
    medfee_sumamt: Annotated[int, balance("医疗费总额")]
    med_sumfee: Annotated[int, balance("医保认可费用总额", doubt="按政策范围内金额（inscp_scp_amt）核对")]
    fund_appy_sum: Annotated[int, balance("基金申报总额")]
    cash_payamt: Annotated[int, balance("现金支付金额")]
    acct_pay: Annotated[int, balance("个人账户支出")]
    begndate: Annotated[date, day("开始日期")]
    enddate: Annotated[date, day("结束日期")]


class ApplicationRequest(Request):
    data: Annotated[ApplicationInfo, node("清算申请信息")]


@dataclass(frozen=True, slots=True)
class ApplicationResult:
    clr_appy_evt_id: Annotated[str, text("机构清算申请事件ID", 30)]


@dataclass(frozen=True, slots=True)
class ApplicationReply:
    result: Annotated[ApplicationResult, node("清算申请结果")]


class WithdrawalInfo(Node):
    clr_appy_evt_id: Annotated[str, text("机构清算申请事件ID", 30)]


class WithdrawalRequest(Request):
    data: Annotated[WithdrawalInfo, node("清算申请撤销信息")]


def apply(call: Call, request: ApplicationRequest) -> ApplicationReply:
    given = request.data
    codes.check_clearing_class(given.clr_type)
    claimed = {
        Amount.COUNT: given.psntime,
        Amount.TOTAL: given.medfee_sumamt,
        Amount.IN_SCOPE: given.med_sumfee,
        Amount.FUND: given.fund_appy_sum,
        Amount.ACCOUNT: given.acct_pay,
        Amount.CASH: given.cash_payamt,
    }
    month = month_of(given.setlym[:4], given.setlym[4:])
    made = services.apply(call.provider, month, (given.begndate, given.enddate), claimed, call.actor)
    return ApplicationReply(ApplicationResult(made.number))


def withdraw(call: Call, request: WithdrawalRequest) -> None:
    services.withdraw(call.provider, request.data.clr_appy_evt_id, call.actor)


class DetailInfo(Node):
    trt_year: Annotated[str, text("结算年度", 4)]
    trt_month: Annotated[str, text("结算月份", 2)]
    startrow: Annotated[int, number("开始行数", "12", doubt="从 1 开始；Z 发字符串，H 发数字")]


class DetailRequest(Request):
    data: Annotated[DetailInfo, node("清分明细查询条件")]


@dataclass(frozen=True, slots=True, kw_only=True)
class DetailRow:
    seqno: Annotated[str, text("顺序号", 12)]
    mdtrtarea: Annotated[str, text("就医地医保区划", 6)]
    medins_no: Annotated[str, text("医疗机构编号", 22)]
    certno: Annotated[str, text("证件号码", 18)]
    mdtrt_id: Annotated[
        str, text("就诊登记号", 20, doubt="S + 参保地统筹区 6 + YYMMDD + 流水 7；与 2201 不同")
    ]
    mdtrt_setl_time: Annotated[datetime, moment("就诊结算时间")]
    setl_sn: Annotated[
        str,
        text(
            "结算流水号",
            30,
            doubt="印作 A + 参保地 + YYMMDD + 流水；Z 以它对应 2207 的 setl_id，故回 setl_id",
        ),
    ]
    fulamt_advpay_flag: Annotated[str, code("全额垫付标志", 1, "fulamt_advpay_flag")] = codes.NO
    medfee_sumamt: Annotated[int, money("总费用")]
    optins_pay_sumamt: Annotated[int, money("经办机构支付总额")]


@dataclass(frozen=True, slots=True)
class DetailReply:
    data: Annotated[list[DetailRow], nodes("清分明细")]


def detail(call: Call, request: DetailRequest) -> DetailReply:
    given = request.data
    if given.startrow < 1:
        raise faulty(["input.data.startrow（开始行数）：从 1 开始"])
    rows = page(call.provider, *month_of(given.trt_year, given.trt_month), given.startrow)
    for row in rows:
        call.look(row.visit.coverage.person)
    return DetailReply([_detail(row, rank) for rank, row in enumerate(rows, start=given.startrow)])


def _detail(row: Settlement, rank: int) -> DetailRow:
    return DetailRow(
        seqno=str(rank),
        mdtrtarea=regions.pool_of(row.visit.provider.region),
        medins_no=row.visit.provider.code or "",
        certno=row.visit.coverage.person.identity,
        mdtrt_id=case_number(row),
        mdtrt_setl_time=row.at,
        setl_sn=row.number,
        medfee_sumamt=row.total,
        optins_pay_sumamt=payable(row),
    )


class ConfirmationInfo(Node):
    trt_year: Annotated[str, text("结算年度", 4)]
    trt_month: Annotated[str, text("结算月份", 2)]
    totalrow: Annotated[int, number("总行数", "10")]


class ConfirmedRow(Node):
    certno: Annotated[str, text("证件号码", 18)]
    mdtrt_id: Annotated[str, text("就诊登记号", 20)]
    mdtrt_setl_time: Annotated[datetime, moment("就诊结算时间")]
    setl_sn: Annotated[str, text("结算流水号", 30)]
    medfee_sumamt: Annotated[int, money("总费用")]
    optins_pay_sumamt: Annotated[int, money("经办机构支付总额")]
    cnfm_flag: Annotated[str, code("确认标志", 1, "cnfm_flag", doubt="未标必填；缺省为 1 纳入")] = codes.YES


class ConfirmationRequest(Request):
    data: Annotated[ConfirmationInfo, node("清分确认信息")]
    detail: Annotated[list[ConfirmedRow], nodes("清分确认明细")]


def confirm(call: Call, request: ConfirmationRequest) -> None:
    given = request.data
    rows = [
        services.Row(
            number=row.setl_sn,
            case=row.mdtrt_id,
            identity=row.certno,
            at=row.mdtrt_setl_time,
            total=row.medfee_sumamt,
            payable=row.optins_pay_sumamt,
            included=row.cnfm_flag == codes.YES,
        )
        for row in request.detail
    ]
    month = month_of(given.trt_year, given.trt_month)
    services.confirm(call.provider, month, given.totalrow, rows, call.reply_number, call.actor)


class RollbackInfo(Node):
    trt_year: Annotated[str, text("结算年度", 4)]
    trt_month: Annotated[str, text("结算月份", 2)]
    otransid: Annotated[
        str, text("原交易编号", 30, doubt="3261 回复的 inf_refmsgid；0 为整月，客户端只发过 0")
    ]


class RollbackRequest(Request):
    data: Annotated[RollbackInfo, node("清分确认回退信息")]


def roll_back(call: Call, request: RollbackRequest) -> None:
    given = request.data
    number = None if given.otransid == ALL else given.otransid
    services.roll_back(call.provider, month_of(given.trt_year, given.trt_month), number, call.actor)


BETWEEN_REGIONS = "页面说只用于省内异地；此处省内与跨省异地的结算都在内，因为没有见过跨省的另一组交易"

TRANSACTIONS = (
    Transaction(
        "3201", "医药机构费用结算对总账", TotalsRequest, TotalsReply, totals, writes=True, of_person=False,
        section="§4.20", doubt="退费是单独的负数记录，计入笔数；被 2601 冲正的结算与撤销都不计",
    ),
    Transaction(
        "3202", "医药机构费用结算对明细账", RecordsRequest, RecordsReply, records, writes=True, of_person=False,
        section="§4.21", doubt="结果文件含双方全部记录，10 列，没有表头；上传文件第 8 列不读",
    ),
    Transaction(
        "3203", "清算申请", ApplicationRequest, ApplicationReply, apply, writes=True, of_person=False,
        section="§4.22", mark=Mark.SINGLE, doubt="按整月申请，各项合计须与中心账目一致",
    ),
    Transaction(
        "3204", "清算申请撤销", WithdrawalRequest, None, withdraw, writes=True, of_person=False,
        section="§4.22", mark=Mark.SINGLE,
    ),
    Transaction(
        "3260", "提取异地清分明细", DetailRequest, DetailReply, detail, writes=False, of_person=False,
        section="§4.24", doubt=BETWEEN_REGIONS,
    ),
    Transaction(
        "3261", "异地清分结果确认", ConfirmationRequest, None, confirm, writes=True, of_person=False,
        section="§4.24", doubt=BETWEEN_REGIONS,
    ),
    Transaction(
        "3262", "异地清分结果确认回退", RollbackRequest, None, roll_back, writes=True, of_person=False,
        section="§4.24", doubt="整月回退时没有可回退的也是成功",
    ),
)  # fmt: skip
