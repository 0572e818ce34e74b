"""Large type for weak eyes (适老化): asked for with `?type=large`, remembered in a cookie, taken back with `?type=normal`."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from yidi.pages.cookies import remember

PARAMETER = "type"
COOKIE = "yidi_type"
LARGE, NORMAL = "large", "normal"


class ChosenTypeSize:
    """Middleware: notes on the request whether the reader wants large type, and remembers a wish just spoken."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = request.GET.get(PARAMETER)
        if asked not in (LARGE, NORMAL):
            asked = None
        request.large_type = (asked or request.COOKIES.get(COOKIE)) == LARGE  # type: ignore[attr-defined]
        response = self.answer(request)
        if asked:
            remember(response, COOKIE, asked)
        return response
