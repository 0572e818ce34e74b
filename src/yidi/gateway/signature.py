"""The x-tif signature: who sent a message, and that it is not an old one sent again (interface §2.4).

The body is not signed: the formula is the interface's. What keeps a message from being booked twice is its msgid.
"""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings

from yidi.gateway.errors import BadSignature, BadTimestamp, NonceReplayed
from yidi.gateway.models import Institution, Nonce
from yidi.statements import insert

MILLISECONDS_FROM = 10**11
"""A timestamp this large counts milliseconds: as seconds it would lie in the year 5138."""
LONGEST_NONCE = 64
SWEEP_EVERY = 100
"""Old nonces are cleared away whenever so many new ones have come."""


def sign(timestamp: str, secret: str, nonce: str) -> str:
    """The signature of a message as lower-case hex."""
    return hashlib.sha256(f"{timestamp}{secret}{nonce}{timestamp}".encode()).hexdigest()


def check(institution: Institution, headers: Mapping[str, str], now: datetime) -> None:
    """Raises BadSignature, BadTimestamp or NonceReplayed where a signature is demanded and does not hold.

    The nonce is spent in the transaction of the message, and stays spent whatever becomes of it (`services`).
    """
    if not institution.signed:
        return
    paasid, timestamp, nonce, given = (
        headers.get(f"x-tif-{name}", "").strip() for name in ("paasid", "timestamp", "nonce", "signature")
    )
    if not (paasid and timestamp and nonce and given):
        raise BadSignature(why="缺少 x-tif-paasid、x-tif-timestamp、x-tif-nonce 或 x-tif-signature 请求头")
    expected = sign(timestamp, institution.secret or "", nonce)
    same_sender = hmac.compare_digest(paasid.encode(), institution.paasid.encode())
    if not same_sender or not hmac.compare_digest(given.lower().encode(), expected.encode()):
        raise BadSignature(why="账号或签名与登记不符")
    if len(nonce) > LONGEST_NONCE:
        raise BadSignature(why=f"x-tif-nonce 超过 {LONGEST_NONCE} 个字符")
    _check_time(timestamp, now)
    _spend(paasid, nonce, now)


def _check_time(timestamp: str, now: datetime) -> None:
    window = settings.GATEWAY_CLOCK_WINDOW_S
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 15):
        raise BadTimestamp(seconds=window)
    moment = int(timestamp)
    seconds = moment / 1000 if moment >= MILLISECONDS_FROM else moment
    if abs(now.timestamp() - seconds) > window:
        raise BadTimestamp(seconds=window)


def _spend(paasid: str, nonce: str, now: datetime) -> None:
    spent = insert([Nonce(paasid=paasid, nonce=nonce, at=now)], "DO NOTHING")
    if not spent:
        raise NonceReplayed()
    if spent[0][0] % SWEEP_EVERY == 0:
        # A timestamp may lie a window ahead of the clock, and then holds for one more.
        Nonce.objects.filter(at__lt=now - timedelta(seconds=2 * settings.GATEWAY_CLOCK_WINDOW_S)).delete()
