"""Addresses that forms are sent to and that have no page of their own.

Whoever comes back to one after signing in anew is shown the page that it belongs to, with what they had typed; nothing is
carried out before it is sent again.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from yidi.accounts.kept_input import pop_kept_input

View = Callable[..., HttpResponse]
read_or_send = require_http_methods(["GET", "HEAD", "POST"])


def sent_now_or_before(request: HttpRequest) -> QueryDict | None:
    """What a page with a form of its own shows in it: what was sent, or typed before the session ended."""
    if request.method == "POST":
        return request.POST
    kept = pop_kept_input(request)
    return kept.fields if kept else None


def form_target(page: str, *names: str) -> Callable[[View], View]:
    """For a form: the view gets what was `sent`, now or before the session ended, and carries it out only if now.

    `page` is the address that it belongs to, `names` those parts of the address which that one takes.
    """

    def target(view: View) -> View:
        @read_or_send
        @wraps(view)
        def reached(request: HttpRequest, *parts: Any, **named: Any) -> HttpResponse:
            if request.method == "POST":
                return view(request, *parts, sent=request.POST, **named)
            kept = pop_kept_input(request)
            if kept is None:
                return redirect(page, **{name: named[name] for name in names})
            return view(request, *parts, sent=kept.fields, **named)

        return reached

    return target


def button_target(page: str, *names: str) -> Callable[[View], View]:
    """For a button: whoever comes back is shown the page, to press it again."""

    def target(view: View) -> View:
        @read_or_send
        @wraps(view)
        def reached(request: HttpRequest, *parts: Any, **named: Any) -> HttpResponse:
            if request.method == "POST":
                return view(request, *parts, **named)
            pop_kept_input(request)
            return redirect(page, **{name: named[name] for name in names})

        return reached

    return target
