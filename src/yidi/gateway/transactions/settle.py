"""2206/2206A 门诊预结算, 2207/2207A 门诊结算, 2208 门诊结算撤销 (interface §4.13 – §4.15)."""

from typing import Annotated, Any, Literal

from django.utils import timezone

from yidi.gateway import codes
from yidi.gateway.calls import Call
from yidi.gateway.declarations import Transaction
from yidi.gateway.errors import CancellationUndone, NothingToPay, SettlementUndone
from yidi.gateway.fields import code, extension, money, node, text
from yidi.gateway.nodes import Node, Request
from yidi.gateway.setlinfo import CancelReply, SetlReply, cancelled, presettled, settled
from yidi.gateway.transactions.visit import Repeated
from yidi.settlement import services
from yidi.settlement.models import Visit
from yidi.settlement.queries import by_message, decision_of, settlement_of
from yidi.settlement.services import Bill
from yidi.settlement.states import SettlementKind
from yidi.values.terms import Scheme

Part = Literal["excluded", "over_limit", "upfront", "in_scope"]
PARTS: dict[str, Part] = {
    "fulamt_ownpay_amt": "excluded",
    "overlmt_selfpay": "over_limit",
    "preselfpay_amt": "upfront",
    "inscp_scp_amt": "in_scope",
}


class Billed(Node):
    """What 2206 and 2207 ask."""

    psn_no: Annotated[str, text("人员编号", 30)]
    mdtrt_cert_type: Annotated[str, code("就诊凭证类型", 3, "mdtrt_cert_type")]
    mdtrt_cert_no: Annotated[str, text("就诊凭证编号", 50, doubt="是否必填两源不同")] = ""
    med_type: Annotated[str, code("医疗类别", 6, "med_type")]
    medfee_sumamt: Annotated[int, money("医疗费总额")]
    psn_setlway: Annotated[str, code("个人结算方式", 6, "psn_setlway")]
    mdtrt_id: Annotated[str, text("就诊ID", 30)]
    chrg_bchno: Annotated[str, text("收费批次号", 30)]
    acct_used_flag: Annotated[str, code("个人账户使用标志", 1, "acct_used_flag")]
    insutype: Annotated[str, code("险种类型", 6, "insutype")]


class Besides(Repeated):
    """What clients send on top of it."""

    pub_hosp_rfom_flag: Annotated[
        str, text("公立医院改革标志", 3, doubt="湖南及 2025 年客户端附带；不使用")
    ] = ""
    mdtrt_mode: Annotated[str, text("就诊方式", 3, doubt="湖南、广州客户端附带；不使用")] = ""
    mid_setl_flag: Annotated[str, text("中途结算标志", 3, doubt="湖南客户端发 0；1 不受理")] = ""


class BillInfo(Besides, Billed):
    """What 2206 asks."""


class PresettleRequest(Request):
    data: Annotated[BillInfo, node("预结算信息", "mdtrtinfo")]


class FinallyBilled(Billed):
    """What 2207 asks on top. Clients send the four parts, leave them empty, or leave them out."""

    invono: Annotated[str, text("发票号", 20)] = ""
    fulamt_ownpay_amt: Annotated[int | None, money("全自费金额", doubt="有客户端传空")] = None
    overlmt_selfpay: Annotated[int | None, money("超限价金额", doubt="有客户端传空")] = None
    preselfpay_amt: Annotated[int | None, money("先行自付金额", doubt="有客户端传空")] = None
    inscp_scp_amt: Annotated[int | None, money("符合政策范围金额", doubt="有客户端传空")] = None


class FinalBillInfo(Besides, FinallyBilled):
    """What 2207 asks."""


class SettleRequest(Request):
    data: Annotated[FinalBillInfo, node("结算信息", "mdtrtinfo")]


AnyBill = BillInfo | FinalBillInfo


def presettle(call: Call, request: PresettleRequest) -> SetlReply:
    visit = _visit(call, request.data)
    answer = services.presettle(visit, _bill(request.data))
    call.look(visit.coverage.person)
    return presettled(visit, answer.decision, call.msgid, _asks_account(request.data))


def settle(call: Call, request: SettleRequest) -> SetlReply:
    given = request.data
    visit = _visit(call, given)
    parts = {part: getattr(given, name) for name, part in PARTS.items() if getattr(given, name) is not None}
    bill = _bill(given, parts, given.invono)
    settlement, decision = services.settle_with_decision(visit, bill, call.msgid, call.actor)
    return settled(
        visit, decision, call.msgid, settlement.number, settlement.at, asks_account=_asks_account(given)
    )


def settlement_stands(call: Call) -> None:
    """Raises SettlementUndone where the settlement that the same message made before was cancelled since."""
    found = by_message(call.provider, SettlementKind.SETTLE, call.msgid)
    if found is not None and found.is_cancelled:
        undone = found.cancellation
        raise SettlementUndone(
            number=call.msgid,
            settlement=found.number,
            at=f"{timezone.localtime(undone.at):%Y-%m-%d %H:%M:%S}",
            by=undone.provider_message,
            cancellation=undone.number,
        )


def _asks_account(given: AnyBill) -> bool:
    return given.acct_used_flag == codes.YES


def _visit(call: Call, given: AnyBill) -> Visit:
    visit = call.visit(given.mdtrt_id, given.psn_no)
    codes.check_certificate(visit.coverage.person, given.mdtrt_cert_type, given.mdtrt_cert_no)
    codes.check_said(visit.coverage.person, given)
    codes.check_payment_way(given.psn_setlway, given.mid_setl_flag)
    codes.check_visit(
        visit, "insutype", "险种类型", codes.SCHEMES[Scheme(visit.coverage.scheme)], given.insutype
    )
    if visit.benefit == codes.benefit_of(given.med_type):
        # Another benefit is the service's to refuse: it knows whether the visit was described at all.
        codes.check_visit(visit, "med_type", "医疗类别", codes.med_type_of(visit), given.med_type)
    if given.medfee_sumamt == 0:
        raise NothingToPay()
    return visit


def _bill(given: AnyBill, parts: dict[Part, int] | None = None, invoice: str = "") -> Bill:
    return Bill(
        benefit=codes.benefit_of(given.med_type),
        total=given.medfee_sumamt,
        batch=given.chrg_bchno,
        parts=parts,
        invoice=invoice,
    )


class CancelKey(Node):
    setl_id: Annotated[str, text("结算ID", 30)]
    mdtrt_id: Annotated[str, text("就诊ID", 30)]
    psn_no: Annotated[str, text("人员编号", 30)]
    expContent: Annotated[Any, extension()] = None


class CancelRequest(Request):
    data: Annotated[CancelKey, node("结算撤销信息", "mdtrtinfo")]


def cancel(call: Call, request: CancelRequest) -> CancelReply:
    given = request.data
    visit = call.visit(given.mdtrt_id, given.psn_no)
    settlement = settlement_of(visit, given.setl_id)
    cancellation = services.cancel(settlement, call.msgid, call.actor)
    return cancelled(visit, decision_of(settlement), call.msgid, cancellation.number, cancellation.at)


def cancellation_stands(call: Call) -> None:
    """Raises CancellationUndone where the cancellation that the same message made before was reversed since."""
    found = by_message(call.provider, SettlementKind.CANCEL, call.msgid)
    if found is not None and found.is_reversed:
        reversal = found.undoings.get()
        raise CancellationUndone(
            number=call.msgid,
            cancellation=found.number,
            at=f"{timezone.localtime(reversal.at):%Y-%m-%d %H:%M:%S}",
            by=reversal.provider_message,
            settlement=found.cancels,
        )


TRANSACTIONS = (
    Transaction(
        "2206A",
        "门诊预结算",
        PresettleRequest,
        SetlReply,
        presettle,
        writes=False,
        also=("2206",),
        section="§4.13",
    ),
    Transaction(
        "2207A",
        "门诊结算",
        SettleRequest,
        SetlReply,
        settle,
        writes=True,
        still_holds=settlement_stands,
        also=("2207",),
        section="§4.14",
    ),
    Transaction(
        "2208",
        "门诊结算撤销",
        CancelRequest,
        CancelReply,
        cancel,
        writes=True,
        still_holds=cancellation_stands,
        section="§4.15",
    ),
)
