"""2001 人员待遇享受检查 (interface §4.8)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

from django.utils import timezone

from yidi.gateway import codes
from yidi.gateway.calls import Call
from yidi.gateway.declarations import Transaction
from yidi.gateway.fields import code, day, extension, moment, node, nodes, text
from yidi.gateway.nodes import Request
from yidi.gateway.remedies import said
from yidi.gateway.setlinfo import ACCOUNT_NOT_USED, room_left
from yidi.gateway.transactions.records import Window
from yidi.people.models import Coverage
from yidi.reference import regions
from yidi.settlement.entitlement import Entitlement, entitlements
from yidi.values.money import yuan_text
from yidi.values.terms import Fund, Scheme

RESULT = "不享受时为原因；享受且有封顶线时为本期限额的余额"
LONGEST_RESULT = 500
CHECKED = "与结算用同样的检查；不能直接结算时只有统筹基金一行，写明原因。fixmedins_code 须为发送机构"


class EntitlementQuery(Window):
    psn_no: Annotated[str, text("人员编号", 30)]
    insutype: Annotated[str, code("险种类型", 6, "insutype")]
    fixmedins_code: Annotated[str, text("定点医药机构编号", 12)]
    med_type: Annotated[str, code("医疗类别", 6, "med_type")]
    begntime: Annotated[datetime, moment("开始时间")]
    endtime: Annotated[datetime | None, moment("结束时间")] = None
    dise_codg: Annotated[str, text("病种编码", 30)] = ""
    dise_name: Annotated[str, text("病种名称", 500)] = ""
    oprn_oprt_code: Annotated[str, text("手术操作代码", 30)] = ""
    oprn_oprt_name: Annotated[str, text("手术操作名称", 500)] = ""
    matn_type: Annotated[str, code("生育类别", 6, "matn_type")] = ""
    birctrl_type: Annotated[str, code("计划生育手术类别", 6, "birctrl_type")] = ""
    expContent: Annotated[Any, extension()] = None


class EntitlementRequest(Request):
    data: Annotated[EntitlementQuery, node("查询条件", "mdtrtinfo")]


@dataclass(frozen=True, slots=True, kw_only=True)
class EntitlementRow:
    """Whether one fund pays."""

    psn_no: Annotated[str, text("人员编号", 30)]
    trt_chk_type: Annotated[str, code("待遇检查类型", 6, "trt_chk_type")]
    fund_pay_type: Annotated[str, code("基金支付类型", 6, "fund_pay_type")]
    trt_enjymnt_flag: Annotated[str, code("基金款项待遇享受标志", 3, "trt_enjymnt_flag")]
    begndate: Annotated[date, day("开始日期")]
    enddate: Annotated[date | None, day("结束日期")] = None
    trt_chk_rslt: Annotated[str | None, text("待遇检查结果", 500, doubt=RESULT)] = None


@dataclass(frozen=True, slots=True)
class EntitlementReply:
    trtinfo: Annotated[list[EntitlementRow], nodes("待遇检查信息")]


def check(call: Call, request: EntitlementRequest) -> EntitlementReply:
    given = request.data
    call.must_be_own(given.fixmedins_code)
    care = codes.care_of(given.med_type, given.dise_codg)
    coverage = call.insured(given.psn_no, given.insutype, timezone.localdate(given.begntime))
    found = entitlements(
        call.provider, coverage, care.benefit, care.disease, given.begntime, emergency=care.emergency
    )
    call.look(coverage.person)
    return EntitlementReply([*(_row(coverage, item) for item in found), *_account(coverage, found[0])])


def _row(coverage: Coverage, item: Entitlement) -> EntitlementRow:
    scheme = Scheme(coverage.scheme)
    basic = item.fund is Fund.BASIC
    return EntitlementRow(
        psn_no=coverage.person.number,
        trt_chk_type=codes.FUND_CHECK,
        fund_pay_type=codes.POOLED_FUND[scheme] if basic else codes.layer_fund(item.fund, scheme)[0],
        trt_enjymnt_flag=codes.NO if item.hindrance else codes.YES,
        begndate=item.starts,
        enddate=item.ends,
        trt_chk_rslt=_result(item) if basic else None,
    )


def _result(item: Entitlement) -> str | None:
    if item.hindrance is not None:
        return said(item.hindrance)[:LONGEST_RESULT]
    left = room_left(item.decision) if item.decision else None
    return None if left is None else f"本期基金支付限额尚余 {yuan_text(left)} 元"


def _account(coverage: Coverage, basic: Entitlement) -> Iterator[EntitlementRow]:
    """The personal account of an employee pays nothing here, and says why."""
    if coverage.scheme == Scheme.EMPLOYEE:
        yield EntitlementRow(
            psn_no=coverage.person.number,
            trt_chk_type=codes.FUND_CHECK,
            fund_pay_type=codes.ACCOUNT_FUND,
            trt_enjymnt_flag=codes.NO,
            begndate=basic.starts,
            trt_chk_rslt=ACCOUNT_NOT_USED.format(home=regions.full_name(coverage.pool)),
        )


TRANSACTIONS = (
    Transaction(
        "2001",
        "人员待遇享受检查",
        EntitlementRequest,
        EntitlementReply,
        check,
        writes=False,
        section="§4.8",
        doubt=CHECKED,
    ),
)
