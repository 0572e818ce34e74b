"""What a reply changes in the hospital's books, and whether it may: its amounts are checked before they are taken over."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from yidi.his.identities import NEGATED, broken_identities
from yidi.his.journal import Journal, SettlementRecord, VisitState
from yidi.his.messages import Message, State, fen, output_of, parse, yuan

UNREADABLE = (LookupError, TypeError, ValueError, ArithmeticError)
"""What comes of a reply that lacks fields or spells them wrongly."""

AMOUNTS = {
    "total": "medfee_sumamt",
    "fund": "fund_pay_sumamt",
    "account": "acct_pay",
    "cash": "psn_cash_pay",
}


def faults_of(journal: Journal, message: Message, output: Any) -> list[str]:
    """What is wrong with a successful reply, each as a sentence; a reply with a fault is not taken over."""
    check = CHECKS.get(message.kind)
    try:
        return [] if check is None else check(journal, message, output)
    except UNREADABLE as error:
        return [f"回复缺少字段或字段无法读取（{error}）"]


def _amounts(journal: Journal, message: Message, output: Any) -> list[str]:
    """I1 – I13 over this message and what the visit was told before."""
    requests = {message.infno: message.body}
    replies: dict[str, Any] = {message.infno: {"infcode": 0, "output": output}}
    for earlier in journal.messages_of(message.visit, "2204"):
        if earlier.reply is not None and earlier.state is State.ANSWERED:
            requests["2204"], replies["2204"] = earlier.body, _reply(earlier.reply)
    if message.kind == "2208":
        requests, replies = _with_settlement(journal, message, requests, replies)
    broken = broken_identities(requests, replies)
    if message.kind == "2207":
        broken += _second_settlement(journal, message, output)
    return broken + _strayed(message, output)


def _with_settlement(
    journal: Journal, message: Message, requests: dict[str, Any], replies: dict[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The messages of a cancellation with those of what it cancels, for I12."""
    record = journal.settlement(message.body["input"]["data"]["setl_id"])
    settled = journal.message(record.msgid) if record else None
    if settled is None or settled.reply is None or settled.kind != "2207":
        return {message.infno: message.body}, {message.infno: replies[message.infno]}
    return {**requests, settled.infno: settled.body}, {**replies, settled.infno: _reply(settled.reply)}


def _reply(text: str) -> dict[str, Any]:
    """A stored reply as the checker of the identities reads it."""
    return {"infcode": 0, "output": output_of(parse(text))}


def _second_settlement(journal: Journal, message: Message, output: Any) -> list[str]:
    standing = journal.standing(message.visit)
    if standing is None or standing.setl_id == output["setlinfo"]["setl_id"]:
        return []
    return [f"就诊 {message.visit} 已有有效结算 {standing.setl_id}，中心又结算了一次"]


def _strayed(message: Message, output: Any) -> list[str]:
    """The reply belongs to this message: what it repeats is what was sent."""
    sent, info = message.body["input"]["data"], output.get("setlinfo", {})
    echoed = {name: sent[name] for name in ("psn_no", "mdtrt_id")}
    if message.kind != "2206":
        echoed["medins_setl_id"] = message.msgid
    return [
        f"{name} 应为 {value}，回复为 {info[name]}"
        for name, value in echoed.items()
        if info.get(name) not in (None, "", value)
    ]


def _lines(journal: Journal, message: Message, output: Any) -> list[str]:
    return broken_identities({"2204": message.body}, {"2204": {"infcode": 0, "output": output}})


CHECKS: Mapping[str, Callable[[Journal, Message, Any], list[str]]] = {
    "2204": _lines,
    "2206": _amounts,
    "2207": _amounts,
    "2208": _amounts,
}


# effects


def enter(journal: Journal, message: Message, output: Any) -> None:
    """Enter what a successful reply says. Raises one of UNREADABLE where it does not say it."""
    effect = EFFECTS.get(message.kind)
    if effect is not None:
        effect(journal, message, output)


def _person_read(journal: Journal, message: Message, output: Any) -> None:
    insured = output["insuinfo"][0]
    journal.change_visit(
        message.visit,
        psn_no=output["baseinfo"]["psn_no"],
        home=insured["insuplc_admdvs"],
        insutype=insured["insutype"],
        state=VisitState.READ,
    )


def _registered(journal: Journal, message: Message, output: Any) -> None:
    journal.change_visit(message.visit, mdtrt_id=output["data"]["mdtrt_id"], state=VisitState.REGISTERED)


def _settled(journal: Journal, message: Message, output: Any) -> None:
    record = _record(message, output["setlinfo"])
    journal.book(record)
    journal.change_visit(message.visit, state=VisitState.SETTLED)


def _cancelled(journal: Journal, message: Message, output: Any) -> None:
    undone = journal.settlement(message.body["input"]["data"]["setl_id"])
    if undone is None:
        raise LookupError("setl_id")
    journal.change_settlement(undone.setl_id, stands=0)
    journal.book(cancellation(undone, message.msgid, output["setlinfo"]))
    _unsettled(journal, message.visit, VisitState.CANCELLED)


def cancellation(undone: SettlementRecord, msgid: str, info: Mapping[str, Any]) -> SettlementRecord:
    """The record of a settlement's cancellation, of the same kind as the settlement."""
    return replace(
        undone,
        setl_id=info["setl_id"],
        msgid=msgid,
        undoes=undone.setl_id,
        stands=False,
        counts=True,
        at=info["setl_time"],
        **amounts(info),
    )


def _reversed(journal: Journal, message: Message, output: Any) -> None:
    """The effect of the message that this one names is gone, and counts as never sent."""
    original = message.body["input"]["data"]["omsgid"]
    record = journal.settlement_by_message(original)
    if record is not None:
        journal.change_settlement(record.setl_id, stands=0, counts=0)
    if message.visit:
        _unsettled(journal, message.visit, VisitState.UPLOADED)
    if message.refers:
        journal.end(journal.message(message.refers), State.RESOLVED, note=f"已由报文 {message.msgid} 冲正")


def _unsettled(journal: Journal, visit: str, state: VisitState) -> None:
    """The visit, now that one of its settlements is gone, unless another one stands."""
    if journal.standing(visit) is None and journal.visit(visit).state is VisitState.SETTLED:
        journal.change_visit(visit, state=state)


def _becomes(state: VisitState) -> Callable[[Journal, Message, Any], None]:
    return lambda journal, message, output: journal.change_visit(message.visit, state=state)


EFFECTS: Mapping[str, Callable[[Journal, Message, Any], None]] = {
    "1101": _person_read,
    "2201": _registered,
    "2203": _becomes(VisitState.DESCRIBED),
    "2204": _becomes(VisitState.UPLOADED),
    "2207": _settled,
    "2208": _cancelled,
    "2205": _becomes(VisitState.DESCRIBED),
    "2202": _becomes(VisitState.WITHDRAWN),
    "2601": _reversed,
}


def _record(message: Message, info: Mapping[str, Any]) -> SettlementRecord:
    return SettlementRecord(
        setl_id=info["setl_id"],
        msgid=message.msgid,
        visit=message.visit,
        undoes=None,
        stands=True,
        counts=True,
        at=info["setl_time"],
        insutype=info["insutype"],
        clr_type=info["clr_type"],
        clr_optins=info["clr_optins"],
        **amounts(info),
    )


def amounts(info: Mapping[str, Any]) -> dict[str, Any]:
    """The amounts of a setlinfo that the books keep, in fen."""
    return {name: fen(info[field]) for name, field in AMOUNTS.items()}


def as_settled(info: Mapping[str, Any]) -> dict[str, Any]:
    """The setlinfo of a 5203 with the names of a 2207: the query calls some amounts otherwise (interface §4.27)."""
    amounts = {"psn_part_amt": info["psn_pay"], "psn_cash_pay": info["cash_payamt"]}
    hospital = fen(info["medfee_sumamt"]) - fen(info["fund_pay_sumamt"]) - fen(info["psn_pay"])
    named = {**info, **amounts}
    named.setdefault("hosp_part_amt", yuan(hospital))
    return {name: 0 if value is None and name in NEGATED else value for name, value in named.items()}
