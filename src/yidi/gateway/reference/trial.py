"""Sending a message from a page of the reference, as an institution that is there for tests.

It is real traffic: the message takes the same way as any other, is answered once, and what it books stands in the books
of that institution. So it is offered only where all data are invented, and only as an invented institution.
"""

import secrets
import time
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import timezone

from yidi.gateway import institutions
from yidi.gateway.errors import Malformed, TrialClosed, TrialSender
from yidi.gateway.json_text import decode, parse
from yidi.gateway.models import Institution
from yidi.gateway.reference.script import Json, Player, scene_of
from yidi.gateway.security import keys
from yidi.gateway.security.headers import x_tif_signature
from yidi.gateway.security.terms import KeyKind
from yidi.gateway.services import Reply, answer

LEFT_OVER = {("2501", "2501A"): "2502", ("2503",): "2504", ("2505",): "2506", ("3203",): "3204"}
"""What only one of can stand at a time, so that the last visitor's is in the way → what takes it back."""
_DAYS = 5_000


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came back, and how long it took."""

    reply: Reply
    milliseconds: int


def testers() -> list[Institution]:
    """The institutions as which one may try messages here; none where the data are not invented."""
    return institutions.for_testing() if settings.DEMO else []


def tester(code: str) -> Institution:
    """One of them. Raises TrialClosed."""
    for institution in testers():
        if institution.provider.code == code:
            return institution
    raise TrialClosed()


def send(institution: Institution, raw: bytes) -> Outcome:
    """Sign and send a message as an institution. Raises TrialClosed, TrialSender for a message in another's name."""
    tester(str(institution.provider.code))
    _check_sender(institution, raw)
    began = time.perf_counter()
    reply = answer(lambda: raw, _signed(institution))
    return Outcome(reply, round((time.perf_counter() - began) * 1000))


def ready(institution: Institution, infno: str) -> Json:
    """A message that can be sent now: what comes before it in the day is sent first. Raises TrialClosed."""
    provider, before = institution.provider, scene_of(infno)
    player = Player(
        str(provider.code),
        provider.name,
        provider.region,
        lambda raw: send(institution, raw).reply,
        first_number(),
    )
    _clear_away(player, institution, {*before, infno})
    for _ in player.play(before):
        pass
    return player.message(infno)


def first_number() -> int:
    """Where the numbers of one visitor's messages begin, so that two of one second seldom meet."""
    return 1 + secrets.randbelow(_DAYS)


def _clear_away(player: Player, institution: Institution, wanted: set[str]) -> None:
    """Take back what earlier visitors left; what they took back themselves is refused, which does no harm."""
    for made, taking_back in LEFT_OVER.items():
        last = institution.messages.filter(infno__in=made).exclude(reply=None).order_by("pk").last()
        if last is not None and wanted & {*made}:
            player.facts[last.infno] = {"output": parse(last.reply or "")["output"]}
            player.exchange(player.message(taking_back))
            del player.facts[last.infno], player.facts[taking_back]


def _check_sender(institution: Institution, raw: bytes) -> None:
    """What is no message at all names nobody, and is the gateway's to refuse."""
    try:
        body: dict[str, Any] = decode(raw)
    except Malformed:
        return
    if body.get("fixmedins_code") != institution.provider.code:
        raise TrialSender(code=institution.provider.code)


def _signed(institution: Institution) -> dict[str, str]:
    now = timezone.now()
    key = keys.current(institution, KeyKind.X_TIF, now)
    stamp, nonce = str(int(now.timestamp())), secrets.token_hex(16)
    return {
        "x-tif-paasid": key.account,
        "x-tif-timestamp": stamp,
        "x-tif-nonce": nonce,
        "x-tif-signature": x_tif_signature(stamp, key.secret or "", nonce),
    }
