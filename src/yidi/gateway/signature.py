"""Who sent a message: what each scheme demands of it (interface §2.4 – §2.7), in one table.

No header scheme signs the body. What keeps a message from being booked twice is its msgid.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from yidi.gateway.errors import BadInputSignature, BadSignature, BadTimestamp, NonceReplayed, Unsigned
from yidi.gateway.models import Institution, Key, Nonce
from yidi.gateway.security import signed_input
from yidi.gateway.security.headers import CSB_SIGNED, csb_signature, same, x_tif_signature
from yidi.gateway.security.terms import InputSignature, KeyKind, Scheme
from yidi.statements import insert

MILLISECONDS_FROM = 10**11
"""A timestamp this large counts milliseconds: as seconds it would lie in the year 5138."""
LONGEST_NONCE = 64
SWEEP_EVERY = 100
"""Old nonces are cleared away whenever so many new ones have come."""

Headers = Mapping[str, str]
Keys = Sequence[Key]


def check(
    institution: Institution, keys: Keys, headers: Headers, now: datetime, sealed: bool = False
) -> Nonce | None:
    """Raises BadSignature, BadTimestamp or Unsigned where what the scheme demands does not hold.

    `sealed` tells that the message came in the envelope of §2.7 under a key of the institution. Gives the nonce that
    is still to be spent, in the transaction of the message (`services`).
    """
    if institution.scheme == Scheme.SEALED and not sealed:
        raise BadSignature(
            why="本机构只受理密文报文（encData、signData）", check="appId、appSecret 与报文格式"
        )
    return CHECKS[Scheme(institution.scheme)](keys, headers, now)


def _x_tif(keys: Keys, headers: Headers, now: datetime) -> Nonce:
    formula = "x-tif-paasid、密钥与签名算法 SHA256(timestamp+密钥+nonce+timestamp)"
    paasid, timestamp, nonce, given = _sent(
        headers, ("x-tif-paasid", "x-tif-timestamp", "x-tif-nonce", "x-tif-signature"), formula
    )
    mine = _of(keys, KeyKind.X_TIF, paasid)
    signing = [
        key for key in mine if same(given.lower(), x_tif_signature(timestamp, key.secret or "", nonce))
    ]
    _check_holds(signing, now, formula)
    if len(nonce) > LONGEST_NONCE:
        raise BadSignature(why=f"x-tif-nonce 超过 {LONGEST_NONCE} 个字符", check=formula)
    check_time(timestamp, now)
    return Nonce(paasid=paasid, nonce=nonce, at=now)


def _csb(keys: Keys, headers: Headers, now: datetime) -> None:
    """CSB has no nonce, and two messages of one second have one signature: it is taken more than once on purpose."""
    formula = "_api_access_key、密钥与签名算法 Base64(HMAC-SHA1(密钥, 四个 _api_ 请求头按名称排序以 & 连接))"
    *signed, given = _sent(headers, (*CSB_SIGNED, "_api_signature"), formula)
    said = dict(zip(CSB_SIGNED, signed, strict=True))
    mine = _of(keys, KeyKind.CSB, said["_api_access_key"])
    _check_holds([key for key in mine if same(given, csb_signature(said, key.secret or ""))], now, formula)
    check_time(said["_api_timestamp"], now)


def _apikey(keys: Keys, headers: Headers, now: datetime) -> None:
    (given,) = _sent(headers, ("apikey",), "apikey")
    _check_holds([key for key in _of(keys, KeyKind.APIKEY) if same(given, key.secret or "")], now, "apikey")


def _nothing(keys: Keys, headers: Headers, now: datetime) -> None:
    """The sealed envelope was opened already, and a demo asks for nothing."""


def _unsigned(keys: Keys, headers: Headers, now: datetime) -> None:
    if not settings.GATEWAY_UNSIGNED:
        raise Unsigned()


CHECKS: Mapping[Scheme, Callable[[Keys, Headers, datetime], Nonce | None]] = {
    Scheme.X_TIF: _x_tif,
    Scheme.CSB: _csb,
    Scheme.APIKEY: _apikey,
    Scheme.SEALED: _nothing,
    Scheme.NONE: _unsigned,
}


def check_input(
    institution: Institution, keys: Keys, signtype: str, cainfo: str, given: object, now: datetime
) -> None:
    """Raises BadInputSignature where `cainfo` is no signature over `input` and the institution's setting minds it."""
    wanted = InputSignature(institution.input_signature)
    if wanted is InputSignature.OFF:
        return
    if not signed_input.is_signed(signtype, cainfo):
        if wanted is InputSignature.REQUIRE:
            raise BadInputSignature(why="报文没有 SM2 签名（signtype 应为 SM2，cainfo 为签名）")
        return
    holding = [key for key in _of(keys, KeyKind.INPUT) if key.holds(now)]
    if not any(signed_input.holds(bytes.fromhex(key.public_key), given, cainfo) for key in holding):
        raise BadInputSignature(
            why="cainfo 与登记的机构公钥及 input 不符" if holding else "没有登记有效的机构公钥"
        )


def _sent(headers: Headers, names: Sequence[str], formula: str) -> list[str]:
    found = [headers.get(name, "").strip() for name in names]
    if not all(found):
        raise BadSignature(why=f"缺少请求头 {'、'.join(names)} 之一", check=formula)
    return found


def _of(keys: Keys, kind: KeyKind, account: str = "") -> Keys:
    return [key for key in keys if key.kind == kind and same(key.account, account)]


def _check_holds(found: Keys, now: datetime, formula: str) -> None:
    """Raises BadSignature where no key made the signature, or one that does not hold now: whoever has it may know."""
    if not found:
        raise BadSignature(why="账号、密钥或签名与登记不符", check=formula)
    if not any(key.holds(now) for key in found):
        day = timezone.localtime(found[-1].ends or found[-1].starts)
        why = "已到期" if found[-1].ends and found[-1].ends <= now else "尚未生效"
        raise BadSignature(why=f"所用密钥{why}（{day:%Y-%m-%d %H:%M:%S}）", check="是否已换用中心新发的密钥")


def check_time(timestamp: str, now: datetime) -> None:
    """Raises BadTimestamp where Unix time in seconds or milliseconds lies outside the clock window."""
    window = settings.GATEWAY_CLOCK_WINDOW_S
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 15):
        raise BadTimestamp(seconds=window)
    moment = int(timestamp)
    seconds = moment / 1000 if moment >= MILLISECONDS_FROM else moment
    if abs(now.timestamp() - seconds) > window:
        raise BadTimestamp(seconds=window)


def spend(nonce: Nonce) -> None:
    """Use up the nonce of a signature. Raises NonceReplayed."""
    spent = insert([nonce], "DO NOTHING")
    if not spent:
        raise NonceReplayed()
    if spent[0][0] % SWEEP_EVERY == 0:
        # A timestamp may lie a window ahead of the clock, and then holds for one more.
        old = nonce.at - timedelta(seconds=2 * settings.GATEWAY_CLOCK_WINDOW_S)
        Nonce.objects.filter(at__lt=old).delete()
