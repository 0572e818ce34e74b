"""The last thing done to a reply: the form that its institution's client reads, the centre's signature, the seal."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache
from typing import Any, get_args

from django.conf import settings
from django.utils import timezone

from yidi.gateway import dialects
from yidi.gateway.dialects import Dialect, Names
from yidi.gateway.envelope import Trace
from yidi.gateway.errors import NoSM2
from yidi.gateway.fields import fields_of
from yidi.gateway.json_text import encode, parse
from yidi.gateway.models import Key
from yidi.gateway.security import sealed, signed_input, sm2
from yidi.gateway.transactions import TRANSACTIONS

AMOUNT = "16,2"
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def close_reply(trace: Trace, text: str) -> str:
    """A reply as it leaves, made of the national form, which is what is remembered. Raises NoSM2."""
    institution = trace.institution
    if institution is None or not (institution.dialect or institution.signs_replies or trace.seal):
        return text
    reply = parse(text)
    shaped = _shaped(reply, dialects.of(institution.dialect))
    if institution.signs_replies:
        shaped |= {
            "signtype": signed_input.SIGN_TYPE,
            "cainfo": signed_input.sign(centre_key(), shaped["output"]),
        }
    return _sealed(encode(shaped), trace.seal) if trace.seal else encode(shaped)


def close_refusal(trace: Trace, text: str) -> str:
    """The same of a refusal; in the national form where the server cannot sign, so that its sender hears why."""
    try:
        return close_reply(trace, text)
    except NoSM2:
        return text


def _sealed(text: str, key: Key) -> str:
    """The reply in the envelope in which its message came (interface §2.7)."""
    secret = key.secret or ""
    envelope = {
        "appId": key.account,
        "encType": sealed.ENC_TYPE,
        "signType": sealed.SIGN_TYPE,
        "timestamp": str(int(timezone.now().timestamp() * 1000)),
    }
    signed = sealed.sign({**envelope, "data": parse(text)}, secret, centre_key())
    return encode({**envelope, "encData": sealed.seal(text, key.account, secret), "signData": signed})


def centre_key() -> bytes:
    """The centre's own SM2 key."""
    return sm2.private_key(bytes.fromhex(settings.GATEWAY_SM2_KEY))


def _shaped(reply: dict[str, Any], dialect: Dialect) -> dict[str, Any]:
    """A reply in a dialect."""
    if dialect == dialects.NATIONAL:
        return reply
    output = _walked(reply["output"], dialect)
    return {
        **reply,
        "infcode": str(reply["infcode"]) if dialect.infcode_text else reply["infcode"],
        "output": encode(output) if dialect.output_text and output is not None else output,
        **(_wrapper(reply, output) if dialect.wrapped else {}),
    }


def _wrapper(reply: Mapping[str, Any], output: Any) -> dict[str, Any]:
    """What G reads beside the envelope; nobody told the values of `type`."""
    succeeded = reply["infcode"] == 0
    return {
        "code": reply.get("code", str(reply["infcode"])),
        "type": "success" if succeeded else "error",
        "message": reply.get("message", reply["err_msg"]),
        "data": output,
    }


def _walked(value: Any, dialect: Dialect) -> Any:
    if isinstance(value, list):
        return [_walked(item, dialect) for item in value]
    if not isinstance(value, dict):
        return value
    written: dict[str, Any] = {}
    for name, item in value.items():
        told = _amount(item) if dialect.amounts_text and name in _amount_names() else _walked(item, dialect)
        for spelling in _spellings(name, dialect):
            written[_SPELL[dialect.names](spelling)] = told
    return written


def _spellings(name: str, dialect: Dialect) -> list[str]:
    second = "psn_part_am" if dialect.part_am and name == "psn_part_amt" else dialect.both_spellings.get(name)
    first = dialect.nodes.get(name, name)
    return [first, second] if second else [first]


def _amount(value: Any) -> Any:
    return f"{value:.2f}" if isinstance(value, (int, Decimal)) else value


@cache
def _amount_names() -> frozenset[str]:
    """The fields of replies that are amounts, as the declarations have them."""
    found: set[str] = set()
    nodes = [transaction.reply for transaction in TRANSACTIONS if transaction.reply is not None]
    while nodes:
        node = nodes.pop()
        found |= {name for name, field in fields_of(node).items() if field.length == AMOUNT}
        nodes += [inner for hint in node.__annotations__.values() for inner in _classes(hint)]
    return frozenset(found)


def _classes(hint: Any) -> list[type]:
    """The classes of nodes inside a hint such as Annotated[list[Row], …]."""
    if isinstance(hint, type) and fields_of(hint):
        return [hint]
    return [found for inner in get_args(hint) for found in _classes(inner)]


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(part.capitalize() for part in others)


def _snake(name: str) -> str:
    return _HUMP.sub("_", name).lower()


_SPELL: Mapping[Names, Callable[[str], str]] = {Names.PRINTED: str, Names.CAMEL: _camel, Names.SNAKE: _snake}
