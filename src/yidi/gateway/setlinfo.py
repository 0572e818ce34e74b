"""`setlinfo` and `setldetail`: what 2206, 2207 and 2208 answer, built in one place (interface §4.14, §7).

The personal account pays nothing yet: no adopted source says which parts of a bill it may pay, so `acct_pay` is 0 and
`balc` the balance as it stands. Whether `fund_pay_sumamt` includes the account is the care region's way (§7): where it does,
`psn_part_amt` is what is left without it, so that I2 holds either way.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

from yidi.benefit.adjudicate import Decision
from yidi.benefit.explain import explain
from yidi.gateway import codes
from yidi.gateway.fields import code, day, extension, moment, money, node, nodes, number, ratio, text
from yidi.reference import dictionaries, regions
from yidi.reference.fund_sums import account_inside
from yidi.settlement.models import Settlement, Visit
from yidi.settlement.states import SettlementKind
from yidi.values.terms import Scheme, Standing

CLEARED_BY_ITEM = "1"
LONGEST_PROCESS = 4000
ACCOUNT_NOT_USED = (
    "未使用个人账户：参保地{home}没有已采用的规则写明个人账户可以支付哪些费用，个人账户支出为 0。"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetlInfo:
    """One settlement. Amounts in fen; negative in a cancellation."""

    mdtrt_id: Annotated[str, text("就诊ID", 30)]
    setl_id: Annotated[str | None, text("结算ID", 30)]
    psn_no: Annotated[str, text("人员编号", 30)]
    psn_name: Annotated[str, text("人员姓名", 50)]
    psn_cert_type: Annotated[str, code("人员证件类型", 6, "psn_cert_type")]
    certno: Annotated[str, text("证件号码", 50)]
    gend: Annotated[str, code("性别", 6, "gend")]
    naty: Annotated[str, code("民族", 3, "naty")]
    brdy: Annotated[date, day("出生日期")]
    age: Annotated[int, number("年龄", "4,1")]
    insutype: Annotated[str, code("险种类型", 6, "insutype")]
    psn_type: Annotated[str, code("人员类别", 6, "psn_type")]
    cvlserv_flag: Annotated[str, text("公务员标志", 3)]
    setl_time: Annotated[datetime | None, moment("结算时间")]
    mdtrt_cert_type: Annotated[str, code("就诊凭证类型", 3, "mdtrt_cert_type")]
    med_type: Annotated[str, code("医疗类别", 6, "med_type")]
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
    fund_pay_sumamt: Annotated[int, money("基金支付总额", doubt="是否含个人账户各地不同；按就医地登记")]
    psn_part_amt: Annotated[int, money("个人负担总金额")]
    acct_pay: Annotated[int, money("个人账户支出")]
    psn_cash_pay: Annotated[int, money("个人现金支出")]
    hosp_part_amt: Annotated[int, money("医院负担金额")] = 0
    balc: Annotated[int, money("余额")]
    acct_mulaid_pay: Annotated[int, money("个人账户共济支付金额")] = 0
    medins_setl_id: Annotated[str, text("医药机构结算ID", 30)]
    clr_optins: Annotated[str, text("清算经办机构", 6)]
    clr_way: Annotated[str, code("清算方式", 6, "clr_way", doubt="一位数的值域未证实")] = CLEARED_BY_ITEM
    clr_type: Annotated[str, code("清算类别", 6, "clr_type")] = codes.OUTPATIENT_CLEARING


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelledSetlInfo(SetlInfo):
    """The cancellation of a settlement, with the second spelling of its cash."""

    pdn_cash_pay: Annotated[int, money("个人现金支出", doubt="抄本拼作 pdn，样例用 psn：两个都给")]


@dataclass(frozen=True, slots=True, kw_only=True)
class SetlDetail:
    """What one fund paid."""

    fund_pay_type: Annotated[str, code("基金支付类型", 6, "fund_pay_type")]
    inscp_scp_amt: Annotated[int, money("符合政策范围金额")]
    crt_payb_lmt_amt: Annotated[
        int | None, money("本次可支付限额金额", doubt="标必填，样例为 null；无封顶线时为 null")
    ]
    fund_payamt: Annotated[int, money("基金支付金额")]
    fund_pay_type_name: Annotated[str, text("基金支付类型名称", 200)]
    setl_proc_info: Annotated[str, text("结算过程信息", LONGEST_PROCESS)]


@dataclass(frozen=True, slots=True)
class SetlReply:
    """`output` of 2206 and 2207."""

    setlinfo: Annotated[SetlInfo, node("结算信息")]
    setldetail: Annotated[list[SetlDetail], nodes("基金分项信息")]
    expContent: Annotated[Any, extension()] = None
    exp_content: Annotated[Any, extension()] = None


@dataclass(frozen=True, slots=True)
class CancelReply:
    """`output` of 2208."""

    setlinfo: Annotated[CancelledSetlInfo, node("结算信息")]
    setldetail: Annotated[list[SetlDetail], nodes("基金分项信息")]
    expContent: Annotated[Any, extension()] = None
    exp_content: Annotated[Any, extension()] = None


def presettled(visit: Visit, decision: Decision, message: str, asks_account: bool = False) -> SetlReply:
    """What settling would come to: no settlement number, no time."""
    info = SetlInfo(**_columns(visit, decision, message, 1, None, None))
    return SetlReply(info, _rows(visit, decision, 1, closing=_on_account(visit, asks_account)))


def settled(
    visit: Visit,
    decision: Decision,
    message: str,
    settlement: str,
    at: datetime,
    *,
    asks_account: bool = False,
) -> SetlReply:
    """What was settled, under its number. `asks_account`: the provider wanted the personal account used."""
    info = SetlInfo(**_columns(visit, decision, message, 1, settlement, at))
    return SetlReply(info, _rows(visit, decision, 1, closing=_on_account(visit, asks_account)))


def _on_account(visit: Visit, asked: bool) -> str:
    """Why the account was not used, where the provider asked for it."""
    return ACCOUNT_NOT_USED.format(home=regions.full_name(visit.coverage.pool)) if asked else ""


def cancelled(visit: Visit, decision: Decision, message: str, cancellation: str, at: datetime) -> CancelReply:
    """The mirror image of what was settled, under the cancellation's own number."""
    info = CancelledSetlInfo(
        **_columns(visit, decision, message, -1, cancellation, at), pdn_cash_pay=-decision.cash
    )
    return CancelReply(info, _rows(visit, decision, -1, "结算已撤销，原结算过程："))


def booked(visit: Visit, decision: Decision, record: Settlement) -> tuple[dict[str, Any], list[SetlDetail]]:
    """The columns and the rows of a settlement on record, or of a cancellation, whose amounts are negative."""
    sign = -1 if record.kind == SettlementKind.CANCEL else 1
    columns = _columns(visit, decision, record.provider_message, sign, record.number, record.at)
    return {**columns, "clr_way": CLEARED_BY_ITEM, "clr_type": codes.OUTPATIENT_CLEARING}, _rows(
        visit, decision, sign
    )


def _columns(
    visit: Visit, decision: Decision, message: str, sign: int, settlement: str | None, at: datetime | None
) -> dict[str, Any]:
    coverage, person, split = visit.coverage, visit.coverage.person, decision.split
    account = decision.account + decision.family_account
    inside = account if account_inside(visit.provider.region) else 0
    return {
        "mdtrt_id": visit.number,
        "setl_id": settlement,
        **codes.person_columns(person, decision.on),
        "insutype": codes.SCHEMES[Scheme(coverage.scheme)],
        "psn_type": codes.STANDINGS[Standing(coverage.standing)],
        "cvlserv_flag": codes.civil_servant_flag(coverage),
        "setl_time": at,
        "mdtrt_cert_type": codes.IDENTITY_CARD,
        "med_type": codes.med_type_of(visit),
        "medfee_sumamt": sign * split.total,
        "fulamt_ownpay_amt": sign * split.excluded,
        "overlmt_selfpay": sign * split.over_limit,
        "preselfpay_amt": sign * split.upfront,
        "inscp_scp_amt": sign * split.in_scope,
        "act_pay_dedc": sign * decision.deductible,
        **{column: sign * amount for column, amount in codes.fund_columns(decision).items()},
        "pool_prop_selfpay": decision.share_ppm,
        "fund_pay_sumamt": sign * (decision.funds + inside),
        "psn_part_amt": sign * (decision.person - inside),
        "acct_pay": sign * account,
        "acct_mulaid_pay": sign * decision.family_account,
        "psn_cash_pay": sign * decision.cash,
        "balc": coverage.account_balance,
        "medins_setl_id": message,
        "clr_optins": regions.pool_of(visit.provider.region),
    }


def _rows(
    visit: Visit, decision: Decision, sign: int, opening: str = "", closing: str = ""
) -> list[SetlDetail]:
    """One row for each fund that has a part in the bill, the pooled fund always."""
    pooled = codes.POOLED_FUND[Scheme(visit.coverage.scheme)]
    told = "".join([opening, *(step.zh for step in explain(decision).steps)])
    process = told[: LONGEST_PROCESS - len(closing)] + closing
    rows = [_row(pooled, sign * decision.split.in_scope, room_left(decision), sign * decision.fund, process)]
    for paid in decision.layers:
        if paid.fund:
            code, _ = codes.layer_fund(paid.layer.fund, decision.rule.scheme)
            rows.append(_row(code, sign * paid.base, None, sign * paid.fund, ""))
    if decision.account:
        rows.append(_row(codes.ACCOUNT_FUND, 0, visit.coverage.account_balance, sign * decision.account, ""))
    return rows


def _row(fund: str, in_scope: int, room: int | None, paid: int, process: str) -> SetlDetail:
    return SetlDetail(
        fund_pay_type=fund,
        inscp_scp_amt=in_scope,
        crt_payb_lmt_amt=room,
        fund_payamt=paid,
        fund_pay_type_name=dictionaries.label("fund_pay_type", fund),
        setl_proc_info=process,
    )


def room_left(decision: Decision) -> int | None:
    """The least that was surely left under a ceiling on the fund before the visit; None = no ceiling.

    Where a source gives a range only, what is sure is what lies under its lower end.
    """
    rooms = []
    for ceiling, room in zip(decision.rule.ceilings, decision.rooms, strict=True):
        if ceiling.on == "fund" and ceiling.amount is not None and room is not None:
            doubtful = 0 if ceiling.certain_to is None else ceiling.amount - ceiling.certain_to
            rooms.append(max(room - doubtful, 0))
    return min(rooms, default=None)
