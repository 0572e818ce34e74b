"""Messages and replies: the envelope (interface §1.1), message numbers (§8.2), and what an answer says (§1.2, §1.5)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from yidi.his.config import Config
from yidi.his.errors import Unanswered

SHANGHAI = ZoneInfo("Asia/Shanghai")
SEQUENCES = 10_000
"""A message number ends in four digits."""
NOT_PROCESSED = (408, 425, 429)
"""HTTP statuses under which the centre did not look at the message, whatever the body says."""

FILE = "application/octet-stream"
"""The content type of a reply that is a file (9102)."""

Json = Mapping[str, Any]


class State(StrEnum):
    """How far a message is."""

    PREPARED = "prepared"
    """Written down, not sent: after a crash it is certain that it never left."""
    SENT = "sent"
    ANSWERED = "answered"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    RESOLVED = "resolved"
    """Its outcome was learnt by another message, or it was undone by one."""
    DROPPED = "dropped"
    """Never sent, and no longer wanted."""


OPEN = (State.PREPARED, State.SENT, State.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Message:
    """One message as it was written down. Its text never changes: sent again, it is the same byte for byte."""

    msgid: str
    infno: str
    visit: str
    """The hospital's own number of the visit; empty where it belongs to none."""
    text: str
    state: State
    attempts: int
    """How often it was sent."""
    refers: str
    """The msgid of the message that this one undoes."""
    reply: str | None
    note: str

    @property
    def body(self) -> dict[str, Any]:
        body: dict[str, Any] = parse(self.text)
        return body

    @property
    def kind(self) -> str:
        """The transaction's number without its A: 2207 and 2207A settle alike."""
        return self.infno.removesuffix("A")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back over HTTP."""

    status: int
    content_type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply that can be read: yes with its output, or no with the centre's words."""

    text: str
    done: bool
    output: Any
    why: str


def message_number(code: str, now: datetime, sequence: int) -> str:
    """Institution 12 + time 14 + sequence 4 (interface §1.4)."""
    return f"{code}{now:%Y%m%d%H%M%S}{sequence % SEQUENCES:04d}"


def envelope(
    config: Config, infno: str, msgid: str, now: datetime, given: Json, *, home: str = "", sign_no: str = ""
) -> dict[str, Any]:
    """A message in its envelope. `home` is needed as soon as `given` names a person (interface §1.4)."""
    return {
        "infno": infno,
        "msgid": msgid,
        "mdtrtarea_admvs": config.institution.region,
        "insuplc_admdvs": home,
        "recer_sys_code": config.dialect.receiver,
        "dev_no": "",
        "dev_safe_info": "",
        "cainfo": "",
        "signtype": "",
        "infver": "V1.0",
        "opter_type": "1",
        "opter": config.operator.number,
        "opter_name": config.operator.name,
        "inf_time": f"{now:%Y-%m-%d %H:%M:%S}",
        "fixmedins_code": config.institution.code,
        "fixmedins_name": config.institution.name,
        "sign_no": sign_no,
        "input": given,
    }


def parse(text: str | bytes) -> Any:
    """JSON with its decimal numbers exact. Raises ValueError, ArithmeticError, RecursionError."""
    return json.loads(text, parse_float=Decimal)


def read_reply(message: Message, answer: Answer, unsure: tuple[str, ...] = ()) -> Reply:
    """What the centre said. Raises Unanswered where that is not to be told, or was not said by the centre."""
    if answer.status == 200 and FILE in answer.content_type:
        return Reply("", True, answer.body, "")
    if answer.status >= 500 or answer.status in NOT_PROCESSED:
        raise unanswered(message, f"HTTP 状态 {answer.status}")
    try:
        text = answer.body.decode("utf-8-sig")
        data = parse(text)
        code = str(data["infcode"])
        output = output_of(data)
        why = str(data.get("err_msg") or "中心没有说明原因")
    except (ValueError, ArithmeticError, RecursionError, LookupError, TypeError, AttributeError):
        raise unanswered(message, f"回复不完整或不是接口报文（HTTP {answer.status}）") from None
    if code != "0" and any(word in why for word in unsure):
        raise unanswered(message, why)
    return Reply(text, code == "0", output, why)


def output_of(data: Json) -> Any:
    """The output of a parsed reply; some centres write it as text. Raises ValueError where that is no JSON."""
    output = data.get("output")
    return parse(output) if isinstance(output, str) and output.strip() else output


def unanswered(message: Message, why: str, kind: type[Unanswered] = Unanswered) -> Unanswered:
    """The error that says a message got no usable reply."""
    return kind(msgid=message.msgid, infno=message.infno, why=why)


def yuan(fen: int) -> str:
    """Fen as the interface writes amounts: yuan with two decimals."""
    return f"{Decimal(fen) / 100:.2f}"


def fen(amount: Any) -> int:
    """An amount of a reply in fen. Raises ValueError where it is no whole number of fen."""
    value = Decimal(str(amount)) * 100
    if value != int(value):
        raise ValueError(f"{amount} is no whole number of fen")
    return int(value)
