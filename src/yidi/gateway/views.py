"""The one view: bytes in, bytes out."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from yidi.gateway.errors import MethodNotAllowed, TooLarge
from yidi.gateway.multipart import MULTIPART, joined
from yidi.gateway.paths import number_in
from yidi.gateway.services import answer

CONTENT_TYPE = "application/json;charset=UTF-8"
FILE = "application/octet-stream"
PIECE = 64 * 1024
MOST_DISCARDED = 32 * 1024 * 1024
"""Bytes of an oversized body that are received and thrown away, so that its sender stays to hear the refusal."""


@csrf_exempt
def call_service(request: HttpRequest) -> HttpResponse:
    """Answer one message; what the path says of its transaction is a hint only, the body's number wins."""
    reply = answer(lambda: _body(request), request.headers, number_in(request.path_info))
    if reply.file is not None:
        return HttpResponse(reply.file, content_type=FILE, status=reply.status)
    return HttpResponse(reply.text.encode(), content_type=CONTENT_TYPE, status=reply.status)


def _body(request: HttpRequest) -> bytes:
    """The body, of which never more than the limit is kept. Raises MethodNotAllowed, TooLarge, Malformed."""
    if request.method != "POST":
        raise MethodNotAllowed(method=request.method)
    with_file = (request.content_type or "").lower() == MULTIPART
    limit = settings.GATEWAY_MAX_BODY + (settings.GATEWAY_MAX_FILE if with_file else 0)
    stream = body_stream(request)
    if announced(request) > limit or len(raw := stream.read(limit + 1)) > limit:
        _discard(stream)
        raise TooLarge(limit=limit)
    return joined(request.META["CONTENT_TYPE"], bytes(raw)) if with_file else bytes(raw)


def announced(request: HttpRequest) -> int:
    """The length that the sender announces; 0 where it announces none."""
    length = request.META.get("CONTENT_LENGTH") or ""
    return int(length) if length.isdecimal() else 0


def body_stream(request: HttpRequest) -> Any:
    """Where the body comes from. One that comes in chunks announces no length, and Django takes it for empty."""
    chunked = request.META.get("HTTP_TRANSFER_ENCODING", "").lower() == "chunked"
    return request.META["wsgi.input"] if chunked and request.META.get("wsgi.input_terminated") else request


def _discard(stream: Any) -> None:
    left = MOST_DISCARDED
    while left > 0 and (piece := stream.read(PIECE)):
        left -= len(piece)
