"""Refusals as pages: what a view did not answer itself is said on a page of its own, never as a stack trace."""

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from yidi.accounts.errors import NotAllowed, OfAnother, OutsideRegion
from yidi.operations.errors import UnknownCase
from yidi.values.errors import Refusal

CONFLICT, FORBIDDEN, MISSING = 409, 403, 404
STATUS: dict[type[Refusal], int] = {
    NotAllowed: FORBIDDEN,
    OfAnother: FORBIDDEN,
    OutsideRegion: FORBIDDEN,
    UnknownCase: MISSING,
}
"""HTTP status of a refusal; every other one is a conflict with the state of things."""

logger = logging.getLogger(__name__)


class RefusalPages:
    """Middleware: shows a refusal that a view let through, with its code, and logs the code alone."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.answer(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The page of a refusal; anything else is a defect and goes on its way."""
        if not isinstance(error, Refusal):
            return None
        logger.info("refused %s: %s", request.path, error.code)
        return refused(request, error)


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The page that says a refusal."""
    status = next((code for kind, code in STATUS.items() if isinstance(refusal, kind)), CONFLICT)
    response = render(request, "pages/refused.html", {"refusal": refusal}, status=status)
    response.headers["Cache-Control"] = "no-store, private"
    return response
