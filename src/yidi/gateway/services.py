"""One message in, one reply out. Whatever happens, there is a reply, and what was refused has written nothing."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import transaction as database
from django.utils import timezone

from yidi.accounts.actors import Actor, ActorKind
from yidi.gateway import signature
from yidi.gateway.calls import Call
from yidi.gateway.certification.watch import overhear
from yidi.gateway.closing import close_refusal, close_reply
from yidi.gateway.declarations import Transaction
from yidi.gateway.door import HOME_MISSING, open_message
from yidi.gateway.envelope import Envelope, Trace, failure, success
from yidi.gateway.errors import (
    Internal,
    MessageReused,
    Reversed,
    TransportRefusal,
    UnknownHome,
    WrongCareRegion,
)
from yidi.gateway.fields import wire
from yidi.gateway.json_text import digest
from yidi.gateway.models import Institution, Message
from yidi.gateway.nodes import Request, read
from yidi.gateway.remedies import said
from yidi.gateway.transactions import find
from yidi.reference import regions
from yidi.statements import insert, update, whole
from yidi.values.errors import Refusal

logger = logging.getLogger("yidi.gateway")

Told = TypeVar("Told", bound=str | bytes)


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes back: the HTTP status, and the JSON text or else the bytes of a file."""

    status: int
    text: str = ""
    file: bytes | None = None


def answer(receive: Callable[[], bytes], headers: Mapping[str, str], hint: str = "") -> Reply:
    """Answer one message. `receive` gives the body or raises a TransportRefusal; `hint` is the number in the path."""
    trace = Trace(timezone.now())
    try:
        said_or_file = _answer(receive(), headers, hint, trace)
        _note(trace, said_or_file)
        if isinstance(said_or_file, bytes):
            return Reply(200, file=said_or_file)
        return Reply(200, close_reply(trace, said_or_file))
    except TransportRefusal as refusal:
        _log(refusal, trace)
        told = failure(trace, str(refusal), code=refusal.code, message=refusal.message)
        return Reply(refusal.status, close_refusal(trace, told))
    except Refusal as refusal:
        _log(refusal, trace)
        return Reply(200, close_refusal(trace, _note(trace, failure(trace, said(refusal)))))
    except Exception:
        logger.exception("failed %s %r %r %r", trace.number, trace.sender, trace.infno, trace.msgid)
        told = _note(trace, failure(trace, str(Internal(number=trace.number))))
        return Reply(200, close_refusal(trace, told))


def _note(trace: Trace, told: Told) -> Told:
    """Have an open certification note what is answered, in the national form."""
    if trace.watched is not None:
        trace.watched.note(told)
    return told


def _log(refusal: Refusal, trace: Trace) -> None:
    """Who was refused what. The sentence stays out of the log: it may name people."""
    logger.warning(
        "refused %s %s %r %r %r", refusal.code, trace.number, trace.sender, trace.infno, trace.msgid
    )


def _answer(raw: bytes, headers: Mapping[str, str], hint: str, trace: Trace) -> str | bytes:
    """The reply. What is refused has written nothing but the nonce of its signature, which stays spent.

    One transaction holds both, so that a message waits for the disk once: therefore a refusal is carried out of it.
    """
    institution, body, envelope = open_message(raw, headers, hint, trace)
    if trace.nonce is None:
        with whole():
            return _handled(envelope, institution, body, trace)
    with database.atomic():
        signature.spend(trace.nonce)
        try:
            with whole():
                return _handled(envelope, institution, body, trace)
        except Exception as error:
            refusal = error
    raise refusal


def _handled(envelope: Envelope, institution: Institution, body: dict[str, Any], trace: Trace) -> str | bytes:
    trace.watched = overhear(institution, envelope, body, trace.at)
    transaction = find(envelope.infno)
    _check_regions(envelope, institution)
    missing = [HOME_MISSING] if transaction.of_person and not envelope.insuplc_admdvs else []
    request = read(transaction.request, envelope.input, "input", missing)
    if trace.watched is not None:
        trace.watched.request = request
    call = _call(envelope, institution, trace)
    if transaction.writes:
        return _perform_once(transaction, call, request, trace, institution, digest(body))
    if transaction.gives_file:
        return bytes(transaction.handle(call, request))
    return _perform(transaction, call, request, trace)


def _check_regions(envelope: Envelope, institution: Institution) -> None:
    """Raises WrongCareRegion, UnknownHome."""
    care, home, own = envelope.mdtrtarea_admvs, envelope.insuplc_admdvs, institution.provider.region
    if not regions.is_insurance_region(care) or regions.pool_of(care) != regions.pool_of(own):
        raise WrongCareRegion(given=care, actual=f"{regions.full_name(own)}（{regions.pool_of(own)}）")
    if home and not regions.is_insurance_region(home):
        raise UnknownHome(given=home)


def _call(envelope: Envelope, institution: Institution, trace: Trace) -> Call:
    provider = institution.provider
    return Call(
        infno=envelope.infno,
        msgid=envelope.msgid,
        home=envelope.insuplc_admdvs,
        institution=institution,
        actor=Actor(ActorKind.INSTITUTION, f"{provider.code}/{envelope.opter}", provider.region),
        at=trace.at,
        reply_number=trace.number,
    )


def _perform(transaction: Transaction, call: Call, request: Request, trace: Trace) -> str:
    output = transaction.handle(call, request)
    if transaction.listed:
        return success(trace, [wire(row) for row in output])
    return success(trace, {} if output is None else wire(output))


def _perform_once(
    transaction: Transaction, call: Call, request: Request, trace: Trace, institution: Institution, body: str
) -> str:
    """The reply to a transaction that changes something; the same message again gets the same text.

    The row that remembers the message is put in first: of two that come at once, the second waits for the first one's
    outcome. Where the handler refuses, the row goes with everything else. Raises MessageReused, Reversed, and what
    the transaction raises where the message's effect was undone since.
    """
    message = Message(
        institution=institution,
        infno=transaction.infno,
        msgid=call.msgid,
        digest=body,
        refmsgid=trace.number,
    )
    if insert([message], "DO NOTHING"):
        message.reply = _perform(transaction, call, request, trace)
        update(message, "reply")
        return message.reply
    earlier = Message.objects.get(institution=institution, infno=message.infno, msgid=message.msgid)
    if earlier.reversed_by or earlier.digest != body:
        at = f"{timezone.localtime(earlier.at):%Y-%m-%d %H:%M:%S}"
        kind = Reversed if earlier.reversed_by else MessageReused
        raise kind(number=call.msgid, infno=call.infno, at=at, by=earlier.reversed_by)
    if transaction.still_holds is not None:
        transaction.still_holds(call)
    return str(earlier.reply)
