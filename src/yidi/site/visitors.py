"""What pages need and the gateway does not: sessions, who signed in, messages. One middleware, with a short way round."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string

from yidi.accounts.sessions import keep_limits
from yidi.gateway.paths import is_ours

Answer = Callable[[HttpRequest], HttpResponse]


class VisitorsMiddleware:
    """Runs `VISITOR_MIDDLEWARE` around every request but those of the gateway, which know neither cookie nor session."""

    def __init__(self, get_response: Answer) -> None:
        self.gateway = self.visitors = get_response
        for path in reversed(settings.VISITOR_MIDDLEWARE):
            self.visitors = import_string(path)(self.visitors)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if is_ours(request.path_info):
            return self.gateway(request)
        return self.visitors(request)


class SessionLimitsMiddleware:
    """Ends what has lasted too long, before anybody asks who is signed in."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        keep_limits(request)
        return self.get_response(request)
