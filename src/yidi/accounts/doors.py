"""Doors of pages: who may enter, where everybody else is sent, and that no page with personal data is stored."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

from yidi.accounts.errors import NotAllowed
from yidi.accounts.kept_input import keep_input
from yidi.accounts.models import User
from yidi.accounts.sessions import actor_for, signed_in_fully
from yidi.accounts.terms import MATRIX, Action, UserKind

View = Callable[..., HttpResponse]
NEXT = "next"
LONGEST_NEXT = 2000


def person_only(view: View) -> View:
    """A page for insured people who signed in and whose real name was checked; `actor_for(request)` says who acts."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user = request.user
        if not isinstance(user, User) or user.kind != UserKind.PERSON or not signed_in_fully(user):
            return sent_to_sign_in(request, UserKind.PERSON)
        return view(request, *args, **kwargs)

    return never_stored(guarded)


def staff_only(action: Action | None = None) -> Callable[[View], View]:
    """A page for members of staff whose second factor was checked and one of whose offices may do `action` somewhere.

    For which region they may, services check. None lets every member of staff in.
    """

    def door(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            user = request.user
            if not isinstance(user, User) or user.kind != UserKind.STAFF or not signed_in_fully(user):
                return sent_to_sign_in(request, UserKind.STAFF)
            if user.must_change_password:
                return _redirect(request, settings.NEW_PASSWORD_PAGE)
            actor = actor_for(request)
            if action is not None and not actor.roles & MATRIX[action]:
                raise NotAllowed(kind=actor.kind, actor=actor.name, action=action)
            return view(request, *args, **kwargs)

        return never_stored(guarded)

    return door


def never_stored(view: View) -> View:
    """A page that neither browsers nor proxies may keep."""

    @wraps(view)
    def unstored(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.headers["Cache-Control"] = "no-store, private"
        return response

    return unstored


def next_page(request: HttpRequest, otherwise: str) -> str:
    """Where to go after signing in: the page of this site that was asked for, else the one with that name."""
    wanted = request.POST.get(NEXT) or request.GET.get(NEXT) or ""
    return wanted if is_safe(request, wanted) else resolve_url(otherwise)


def is_safe(request: HttpRequest, address: str) -> bool:
    """Whether an address lies on this site."""
    return (
        address.startswith("/")
        and len(address) <= LONGEST_NEXT
        and address.isprintable()
        and url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    )


def sent_to_sign_in(request: HttpRequest, kind: UserKind) -> HttpResponseRedirect:
    """To the sign-in page of that kind of user; what a form sent is kept until then."""
    keep_input(request)
    return _redirect(request, settings.SIGN_IN_PAGES[str(kind)])


def _redirect(request: HttpRequest, page: str) -> HttpResponseRedirect:
    back = request.path if request.method == "POST" else request.get_full_path()
    query = urlencode({NEXT: back}) if is_safe(request, back) else ""
    return HttpResponseRedirect(f"{resolve_url(page)}?{query}")
