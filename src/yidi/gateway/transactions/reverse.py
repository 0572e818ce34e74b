"""2601 冲正交易 (interface §4.19, §8.4): the sender does not know whether its message took effect, and wants it undone."""

from typing import Annotated

from yidi.clearing import services
from yidi.gateway.calls import Call
from yidi.gateway.declarations import Transaction
from yidi.gateway.envelope import MSGID
from yidi.gateway.errors import NotOffered, NotSupported
from yidi.gateway.fields import node, text
from yidi.gateway.models import Message
from yidi.gateway.nodes import Node, Request
from yidi.people import queries as people
from yidi.settlement.errors import VisitOfAnother
from yidi.settlement.models import Settlement
from yidi.settlement.queries import by_message
from yidi.settlement.states import SettlementKind

REVERSIBLE = {
    "2207": ("2207A", SettlementKind.SETTLE),
    "2207A": ("2207A", SettlementKind.SETTLE),
    "2208": ("2208", SettlementKind.CANCEL),
}
"""By the number that the sender gives: the number under which its message is remembered, and what it makes."""
NOT_OFFERED = {
    "2102": "药店结算",
    "2103": "药店结算撤销",
    "2304": "住院结算",
    "2305": "住院结算撤销",
    "2401": "入院办理",
}
"""Transactions that are reversible by the interface and that this centre does not have."""


class Original(Node):
    psn_no: Annotated[str, text("人员编号", 30)]
    omsgid: Annotated[str, text("原发送方报文ID", 30)]
    oinfno: Annotated[str, text("原交易编号", 6, doubt="印作 4 位")]


class ReverseRequest(Request):
    data: Annotated[Original, node("冲正信息", "mdtrtinfo")]


def reverse(call: Call, request: ReverseRequest) -> None:
    """Undo what the original did; where it did nothing, see to it that it never will.

    Its place among the remembered messages is taken first: where the original is being worked on, this waits for the
    outcome, and where it comes later, it finds the place taken.
    """
    given = request.data
    number, kind = _reversible(given.oinfno)
    people.by_number(given.psn_no)
    _, is_new = Message.objects.get_or_create(
        institution=call.institution,
        infno=number,
        msgid=given.omsgid,
        defaults={"reversed_by": call.msgid, "refmsgid": ""},
    )
    found = None if is_new else by_message(call.provider, kind, given.omsgid)
    if found is not None:
        _check_person(call, found, given.psn_no)
        services.reverse(found, _undoing(call.msgid), call.actor)


def _undoing(msgid: str) -> str:
    """The message of the record that a reversal leaves: longer than any number that a provider can give a message."""
    return f"2601 {msgid:>{MSGID}}"


def _reversible(number: str) -> tuple[str, SettlementKind]:
    """Raises NotOffered, NotSupported."""
    if number in REVERSIBLE:
        return REVERSIBLE[number]
    takes = "、".join(REVERSIBLE)
    if number in NOT_OFFERED:
        raise NotOffered(number=number, name=NOT_OFFERED[number], takes=takes)
    raise NotSupported(
        field="oinfno",
        what="原交易编号",
        given=number,
        why="只有门诊结算及其撤销可以冲正",
        remedy="改用该交易自己的撤销交易（2202、2205）",
        takes=takes,
    )


def _check_person(call: Call, settlement: Settlement, number: str) -> None:
    """Raises VisitOfAnother, WrongHome."""
    visit = settlement.visit
    if visit.coverage.person.number != number:
        raise VisitOfAnother(visit=visit.number, person=number)
    people.check_home(visit.coverage, call.home)


TRANSACTIONS = (
    Transaction(
        "2601",
        "冲正交易",
        ReverseRequest,
        None,
        reverse,
        writes=True,
        section="§4.19",
        doubt="接口没有写明 omsgid 从未到达时如何应答：此处应答成功，并记住该报文已作废，迟到的原报文不再办理",
    ),
)
