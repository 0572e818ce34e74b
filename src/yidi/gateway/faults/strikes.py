"""What each kind of fault does to a message and its reply."""

import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from yidi.gateway.faults import held
from yidi.gateway.faults.kinds import FaultKind
from yidi.gateway.faults.models import FaultPlan
from yidi.gateway.faults.plans import pass_over
from yidi.gateway.json_text import encode, parse

Deliver = Callable[[], HttpResponseBase]
"""Hands the message to the centre, each time it is called."""
FLUSH_S = 0.1
"""Seconds in which the server writes out what it has; without them it throws it away with the connection."""
AMOUNTS = {
    "setlinfo": ("medfee_sumamt", "fulamt_ownpay_amt", "inscp_scp_amt", "fund_pay_sumamt", "psn_cash_pay"),
    "result": ("det_item_fee_sumamt", "fulamt_ownpay_amt", "inscp_scp_amt"),
}
"""Node of a reply → amounts in it without which its identities no longer hold (interface §7)."""
CENT = Decimal("0.01")

pause = time.sleep


def strike(plan: FaultPlan, deliver: Deliver) -> HttpResponseBase:
    """The reply to a message that a plan strikes."""
    return STRIKES[FaultKind(plan.kind)](plan, deliver)


def _delay(plan: FaultPlan, deliver: Deliver) -> HttpResponseBase:
    _hold(plan)
    return deliver()


def _late(plan: FaultPlan, deliver: Deliver) -> HttpResponseBase:
    reply = deliver()
    _hold(plan)
    return reply


def _hold(plan: FaultPlan) -> None:
    with held.place(str(plan.institution.provider.code)) as free:
        if free:
            pause(plan.parameter)
        else:
            pass_over(plan)


def _drop_before(plan: FaultPlan, deliver: Deliver) -> HttpResponseBase:
    return _announced(iter(()), 1)


def _drop(plan: FaultPlan, deliver: Deliver) -> HttpResponseBase:
    return _announced(iter(()), len(_text(deliver())))


def _half(plan: FaultPlan, deliver: Deliver) -> HttpResponseBase:
    text = _text(deliver())
    return _announced(_cut(text[: len(text) // 2]), len(text))


def _headers_only(plan: FaultPlan, deliver: Deliver) -> HttpResponseBase:
    return _announced(_cut(b""), len(_text(deliver())))


def _duplicate(plan: FaultPlan, deliver: Deliver) -> HttpResponseBase:
    reply = deliver()
    deliver()
    return reply


def _wrong_amounts(plan: FaultPlan, deliver: Deliver) -> HttpResponseBase:
    reply = deliver()
    text = _text(reply)
    spoilt = spoil(text, plan)
    if spoilt is None:
        pass_over(plan)
    return HttpResponse(spoilt or text, content_type=reply["Content-Type"], status=reply.status_code)


def _error_before(plan: FaultPlan, deliver: Deliver) -> HttpResponseBase:
    """What a proxy in between would say: no JSON."""
    said = f"<html><title>{plan.parameter} {HTTPStatus(plan.parameter).phrase}</title></html>"
    return HttpResponse(said, status=plan.parameter)


def _error_after(plan: FaultPlan, deliver: Deliver) -> HttpResponseBase:
    deliver()
    return _error_before(plan, deliver)


STRIKES: dict[FaultKind, Callable[[FaultPlan, Deliver], HttpResponseBase]] = {
    FaultKind.DELAY: _delay,
    FaultKind.LATE: _late,
    FaultKind.DROP_BEFORE: _drop_before,
    FaultKind.DROP: _drop,
    FaultKind.HALF: _half,
    FaultKind.HEADERS_ONLY: _headers_only,
    FaultKind.DUPLICATE: _duplicate,
    FaultKind.WRONG_AMOUNTS: _wrong_amounts,
    FaultKind.ERROR_BEFORE: _error_before,
    FaultKind.ERROR_AFTER: _error_after,
}


def _text(reply: HttpResponseBase) -> bytes:
    """The whole body of a reply. The reply is not closed: that would tell Django that the request is over."""
    return b"".join(reply)


def _announced(pieces: Iterator[bytes], length: int) -> StreamingHttpResponse:
    """A reply that announces more than it holds: the server has to close the connection."""
    reply = StreamingHttpResponse(pieces, content_type="application/json;charset=UTF-8")
    reply["Content-Length"] = str(length)
    return reply


def _cut(begun: bytes) -> Iterator[bytes]:
    if begun:
        yield begun
    pause(FLUSH_S)


def spoil(text: bytes, plan: FaultPlan) -> bytes | None:
    """The reply with one amount too large, so that its identities break; None where it holds no amount."""
    try:
        reply = parse(text.decode())
    except ValueError:
        return None
    places = list(_places(reply))
    if not places:
        return None
    node, name = places[plan.draw(plan.seen, len(places))]
    node[name] = Decimal(str(node[name])) + plan.parameter * CENT
    return encode(reply).encode()


def _places(reply: Any) -> Iterator[tuple[dict[str, Any], str]]:
    output = reply.get("output") if isinstance(reply, dict) else None
    for name, amounts in AMOUNTS.items():
        found = output.get(name) if isinstance(output, dict) else None
        for node in found if isinstance(found, list) else [found]:
            if isinstance(node, dict):
                yield from ((node, amount) for amount in amounts if node.get(amount) is not None)
