"""The one way in: a middleware that settings load on a bench alone."""

import io
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from yidi.gateway.certification.unheard import note_unheard
from yidi.gateway.envelope import Envelope
from yidi.gateway.errors import Malformed
from yidi.gateway.faults.kinds import BEFORE_WORK
from yidi.gateway.faults.plans import next_strike
from yidi.gateway.faults.strikes import strike
from yidi.gateway.faults.suffered import SUFFERED
from yidi.gateway.json_text import decode
from yidi.gateway.nodes import tidy
from yidi.gateway.paths import is_ours, number_in
from yidi.gateway.views import MULTIPART, announced, body_stream


class FaultBench:
    """Lets faults strike the messages of institutions that have plans; everything else passes as it is."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if not (settings.FAULT_BENCH and settings.DEMO):
            raise MiddlewareNotUsed("故障台不在生产环境中工作。")
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not _is_message(request):
            return self.get_response(request)
        raw = body_stream(request).read(settings.GATEWAY_MAX_BODY + 1)
        plan = next_strike(*_named(raw, number_in(request.path_info)), timezone.now())
        if plan is None:
            return self._deliver(request, raw)
        suffering = SUFFERED.set(plan.kind)
        try:
            if plan.kind in BEFORE_WORK:
                note_unheard(raw, timezone.now())
            return strike(plan, lambda: self._deliver(request, raw))
        finally:
            SUFFERED.reset(suffering)

    def _deliver(self, request: HttpRequest, raw: bytes) -> HttpResponseBase:
        """Hand the message on as if it had just come, its length known."""
        request.META.pop("HTTP_TRANSFER_ENCODING", None)
        request.META["CONTENT_LENGTH"] = str(len(raw))
        request._stream = io.BytesIO(raw)
        return self.get_response(request)


def _is_message(request: HttpRequest) -> bool:
    """Whether it could be a message of a size that the gateway reads; a file beside one passes unharmed."""
    return (
        is_ours(request.path_info)
        and request.method == "POST"
        and request.content_type != MULTIPART
        and announced(request) <= settings.GATEWAY_MAX_BODY
    )


def _named(raw: bytes, hint: str) -> tuple[str, str]:
    """Institution and transaction that a message names, else the path; empty where it is none, or sealed."""
    try:
        said = tidy(Envelope, decode(raw))
    except Malformed:
        return "", ""
    return str(said.get("fixmedins_code", "")), str(said.get("infno", hint))
