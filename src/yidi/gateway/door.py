"""How a message comes in: opened, read as far as its envelope, and known to come from whom it says."""

from collections.abc import Mapping
from typing import Any

from yidi.gateway import institutions, signature
from yidi.gateway.envelope import Envelope, Trace, payload
from yidi.gateway.errors import BadFields, BadSeal, Malformed
from yidi.gateway.json_text import decode
from yidi.gateway.models import Institution, Key
from yidi.gateway.nodes import faulty, read, tidy
from yidi.gateway.security import keys, rates, sealed
from yidi.gateway.transactions import TABLE

HOME_MISSING = "insuplc_admdvs（参保地医保区划）：input 含人员编号时必填，请填写 1101 返回的 insuplc_admdvs"


def open_message(
    raw: bytes, headers: Mapping[str, str], hint: str, trace: Trace
) -> tuple[Institution, dict[str, Any], Envelope]:
    """Who sent a message, its body and its envelope; `hint` is the number in the path.

    Raises TransportRefusal, BadFields with the faults of `input` as far as they can be told, UnknownInstitution,
    TooManyMessages, NoSM2.
    """
    body = decode(raw)
    if sealed.is_sealed(body):
        body = _unsealed(body, trace)
    trace.learn(body)
    envelope = _envelope({**body, "infno": hint} if hint and "infno" not in tidy(Envelope, body) else body)
    trace.infno = envelope.infno
    trace.institution = _admitted(envelope, tidy(Envelope, body), headers, trace)
    return trace.institution, body, envelope


def _admitted(
    envelope: Envelope, given: Mapping[str, Any], headers: Mapping[str, str], trace: Trace
) -> Institution:
    institution, held = institutions.find(envelope.fixmedins_code)
    trace.institution = institution
    if trace.seal is not None and trace.seal.institution_id != institution.pk:
        raise BadSeal(why="appId 不是报文中 fixmedins_code 机构的")
    trace.nonce = signature.check(institution, held, headers, trace.at, sealed=trace.seal is not None)
    signature.check_input(institution, held, envelope.signtype, envelope.cainfo, given["input"], trace.at)
    rates.count(institution, trace.at)
    return institution


def _unsealed(outer: Mapping[str, Any], trace: Trace) -> dict[str, Any]:
    """The message inside the envelope of §2.7. Raises BadSeal, BadTimestamp, Malformed, NoSM2."""
    app_id, secret_text = outer["appId"], outer["encData"]
    if not (isinstance(app_id, str) and isinstance(secret_text, str)):
        raise BadSeal(why="appId 与 encData 应为文本")
    held = keys.of_app(app_id, trace.at)
    if not held:
        raise BadSeal(why="appId 没有登记或密钥已失效")
    garbled = None
    for key in held:
        try:
            body = _opened_with(key, outer, secret_text)
        except Malformed as refusal:
            # Of a wrong key, one message in 256 ends as though it were the right one.
            garbled = refusal
            continue
        if body is not None:
            trace.seal, trace.institution = key, key.institution
            signature.check_time(str(outer.get("timestamp", "")), trace.at)
            return body
    raise garbled or BadSeal(why="encData 无法解密，或 signData 与登记的机构公钥不符")


def _opened_with(key: Key, outer: Mapping[str, Any], enc_data: str) -> dict[str, Any] | None:
    """The body, if this key opens it and made its signature. Raises Malformed, NoSM2."""
    secret = key.secret or ""
    try:
        plain = sealed.unseal(enc_data, key.account, secret)
    except ValueError:
        return None
    body = decode(plain)
    return body if sealed.holds({**outer, "data": body}, secret, bytes.fromhex(key.public_key)) else None


def _envelope(body: Mapping[str, Any]) -> Envelope:
    """The envelope of a body. Raises BadFields, with the faults of `input` as far as they can be told."""
    try:
        return read(Envelope, body)
    except BadFields as refusal:
        raise faulty([*refusal.details["each"], *_faults_of_input(body)]) from None


def _faults_of_input(body: Mapping[str, Any]) -> list[str]:
    """What is wrong below an envelope that is itself faulty; nothing where its transaction or input cannot be told."""
    known = tidy(Envelope, body)
    transaction = TABLE.get(str(known.get("infno", "")).strip())
    if transaction is None:
        return []
    missing = [HOME_MISSING] if transaction.of_person and "insuplc_admdvs" not in known else []
    try:
        read(transaction.request, payload(known.get("input")), "input", missing)
    except BadFields as refusal:
        return list(refusal.details["each"])
    except ValueError:
        return missing
    return []
