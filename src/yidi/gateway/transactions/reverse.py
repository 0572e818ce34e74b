"""2601 冲正交易 (interface §4.19, §8.4): the sender does not know whether its message took effect, and wants it undone."""

from typing import Annotated

from yidi.gateway.calls import Call
from yidi.gateway.declarations import Transaction
from yidi.gateway.errors import NotReversible, NotSupported
from yidi.gateway.fields import node, text
from yidi.gateway.nodes import Node, Request
from yidi.people import queries as people
from yidi.settlement import services
from yidi.settlement.errors import NothingToReverse, VisitOfAnother
from yidi.settlement.models import Settlement
from yidi.settlement.queries import by_message
from yidi.settlement.states import SettlementKind

KINDS = {
    "2207": SettlementKind.SETTLE,
    "2207A": SettlementKind.SETTLE,
    "2208": SettlementKind.CANCEL,
}


class Original(Node):
    psn_no: Annotated[str, text("人员编号", 30)]
    omsgid: Annotated[str, text("原发送方报文ID", 30)]
    oinfno: Annotated[str, text("原交易编号", 6, doubt="印作 4 位")]


class ReverseRequest(Request):
    data: Annotated[Original, node("冲正信息", "mdtrtinfo")]


def reverse(call: Call, request: ReverseRequest) -> None:
    given = request.data
    kind = KINDS.get(given.oinfno)
    if kind is None:
        raise NotSupported(
            field="oinfno",
            what="原交易编号",
            given=given.oinfno,
            why="只有门诊结算及其撤销可以冲正",
            remedy="改用该交易自己的撤销交易（2202、2205）",
            takes="、".join(KINDS),
        )
    found = by_message(call.provider, kind, given.omsgid)
    if found is None:
        raise NothingToReverse(message=given.omsgid, what=kind)
    _check_person(call, found, given.psn_no)
    if kind is SettlementKind.CANCEL:
        raise NotReversible(cancellation=found.number)
    if not found.is_cancelled:
        services.cancel(found, f"2601 {call.msgid}", call.actor, "settlement:reverse")


def _check_person(call: Call, settlement: Settlement, number: str) -> None:
    """Raises VisitOfAnother, WrongHome."""
    visit = settlement.visit
    if visit.coverage.person.number != number:
        raise VisitOfAnother(visit=visit.number, person=number)
    people.check_home(visit.coverage, call.home)


TRANSACTIONS = (Transaction("2601", "冲正交易", ReverseRequest, None, reverse, writes=True, section="§4.19"),)
