"""What every message and every reply is wrapped in (interface §1)."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any

from django.utils import timezone

from yidi.gateway.certification.watch import Watched
from yidi.gateway.fields import Field, code, moment, text
from yidi.gateway.json_text import digest, encode, parse
from yidi.gateway.models import Institution, Key, Nonce
from yidi.gateway.nodes import Node

Output = Mapping[str, Any] | list[dict[str, Any]]
MSGID = 30
"""Characters of a message's number, at most."""
NOWHERE = "000000"
"""The region in the number of a reply to a message that names none."""


def payload(value: Any) -> Any:
    """`input`, an object or the JSON text of one. Raises ValueError with a Chinese reason."""
    if isinstance(value, str):
        try:
            value = parse(value)
            digest(value)
        except (ValueError, ArithmeticError, RecursionError):
            raise ValueError("不是有效的 JSON") from None
    if not isinstance(value, dict):
        raise ValueError("应为对象 {…}")
    return value


class Envelope(Node):
    """The envelope of a request. Keys of other places' dialects are ignored."""

    infno: Annotated[str, text("交易编号", 6, doubt="印作 4 位，而 2203A 有 5 位")]
    msgid: Annotated[str, text("发送方报文ID", MSGID)]
    mdtrtarea_admvs: Annotated[str, text("就医地医保区划", 6)]
    insuplc_admdvs: Annotated[str, text("参保地医保区划", 6, doubt="input 含人员编号时必填")] = ""
    recer_sys_code: Annotated[str, text("接收方系统代码", 10, doubt="值域各地不同")]
    dev_no: Annotated[str, text("设备编号", 100)] = ""
    dev_safe_info: Annotated[str, text("设备安全信息", 2000)] = ""
    cainfo: Annotated[
        str,
        text(
            "数字签名信息",
            1024,
            doubt="多数客户端传空；算法与原文未证实：此处为 SM2（SM3）对 input 紧凑 JSON（键名排序）的签名，Base64 或十六进制，是否验签按机构设置",
        ),
    ] = ""
    signtype: Annotated[str, text("签名类型", 10)] = ""
    infver: Annotated[str, text("接口版本号", 6)]
    opter_type: Annotated[str, code("经办人类别", 3, "opter_type")]
    opter: Annotated[str, text("经办人", 30)]
    opter_name: Annotated[str, text("经办人姓名", 50)]
    inf_time: Annotated[datetime, moment("交易时间")]
    fixmedins_code: Annotated[str, text("定点医药机构编号", 30, doubt="12 或 30 位")]
    fixmedins_name: Annotated[str, text("定点医药机构名称", 200, doubt="20 或 200 字")]
    sign_no: Annotated[str, text("交易签到流水号", 30, doubt="是否强制看地方；此处不强制")] = ""
    input: Annotated[dict[str, Any], Field("交易输入", "node", payload, dict)]


@dataclass(slots=True)
class Trace:
    """What is known of a message so far: for the reply's own number, and for the log."""

    at: datetime
    region: str = NOWHERE
    sender: str = ""
    infno: str = ""
    msgid: str = ""
    institution: Institution | None = None
    """The sender, once it is found."""
    seal: Key | None = None
    """The key under which the message came sealed (interface §2.7)."""
    nonce: Nonce | None = None
    """The nonce of its signature, to be spent with its work."""
    serial: int = field(default_factory=lambda: secrets.randbelow(10**10))
    watched: Watched | None = None
    """What a certification notes of it, where its institution is in one."""

    def learn(self, body: Mapping[str, Any]) -> None:
        """Take over what a body says of itself, trusting none of it."""
        said = {name: str(body.get(name) or "")[:30] for name in ("fixmedins_code", "infno", "msgid")}
        self.sender, self.infno, self.msgid = said.values()
        region = body.get("mdtrtarea_admvs")
        if isinstance(region, str) and len(region) == len(NOWHERE) and region.isascii() and region.isdigit():
            self.region = region

    @property
    def number(self) -> str:
        """The reply's own number: region 6 + time 14 + serial 10."""
        return f"{self.region}{timezone.localtime(self.at):%Y%m%d%H%M%S}{self.serial:010d}"


def success(trace: Trace, output: Output) -> str:
    """The text of a reply to a transaction that went through."""
    return _reply(trace, 0, None, output)


def failure(trace: Trace, said: str, **more: str) -> str:
    """The text of a reply that says why not; `more` are further keys for clients that look for them."""
    return _reply(trace, -1, said, None, **more)


def _reply(trace: Trace, infcode: int, said: str | None, output: Output | None, **more: str) -> str:
    return encode(
        {
            "infcode": infcode,
            "inf_refmsgid": trace.number,
            "refmsg_time": _digits(trace.at),
            "respond_time": _digits(timezone.now()),
            "enctype": "",
            "signtype": "",
            "err_msg": said,
            "output": output,
            **more,
        }
    )


def _digits(at: datetime) -> str:
    """yyyyMMddHHmmssSSS in China's time."""
    local = timezone.localtime(at)
    return f"{local:%Y%m%d%H%M%S}{local.microsecond // 1000:03d}"
