"""The one view: bytes in, bytes out."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from yidi.gateway.errors import MethodNotAllowed, TooLarge
from yidi.gateway.services import answer

CONTENT_TYPE = "application/json;charset=UTF-8"


@csrf_exempt
def call_service(request: HttpRequest, infno: str = "") -> HttpResponse:
    """Answer one message; `infno` in the path is a hint only, the body's wins."""
    reply = answer(lambda: _body(request), request.headers, infno)
    return HttpResponse(reply.text.encode(), content_type=CONTENT_TYPE, status=reply.status)


def _body(request: HttpRequest) -> bytes:
    """The body, of which never more than the limit is read. Raises MethodNotAllowed, TooLarge."""
    if request.method != "POST":
        raise MethodNotAllowed(method=request.method)
    limit = settings.GATEWAY_MAX_BODY
    announced = request.META.get("CONTENT_LENGTH") or "0"
    if announced.isdigit() and int(announced) > limit:
        raise TooLarge(limit=limit)
    raw = request.read(limit + 1)
    if len(raw) > limit:
        raise TooLarge(limit=limit)
    return raw
