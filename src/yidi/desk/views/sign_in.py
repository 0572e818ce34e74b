"""How staff sign in: password, then the code of their authenticator app; the first time they enrol it."""

import segno
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from yidi.accounts import passwords, second_factor, sessions
from yidi.accounts.doors import NEXT, never_stored, next_page
from yidi.accounts.errors import (
    CodesTooFast,
    LockedOut,
    SamePassword,
    SignInAnew,
    WeakPassword,
    WrongCode,
    WrongSignIn,
)
from yidi.accounts.models import SecondFactor, User
from yidi.accounts.terms import UserKind
from yidi.pages.sign_in import (
    ChangePasswordForm,
    CodeForm,
    SignInForm,
    locked_page,
    refused_in,
    sign_in_context,
)
from yidi.pages.templatetags.pages import say

HOME = settings.HOME_PAGES["staff"]
READ_AND_SEND = ["GET", "HEAD", "POST"]


@never_stored
@require_http_methods(READ_AND_SEND)
def sign_in(request: HttpRequest) -> HttpResponse:
    """The first step: name and password."""
    form = SignInForm(request.POST or None)
    if form.is_valid():
        try:
            user = passwords.checked(request, **form.cleaned_data, kind=UserKind.STAFF)
        except LockedOut as refusal:
            return locked_page(request, refusal)
        except WrongSignIn as refusal:
            refused_in(form, refusal)
        else:
            second_factor.begin(request, user)
            step = "desk:second_factor" if second_factor.is_enrolled(user) else "desk:enrol"
            return _onwards(request, step)
    return render(request, "desk/sign_in/sign_in.html", {"form": form} | sign_in_context(request))


@never_stored
@require_http_methods(READ_AND_SEND)
def enter_code(request: HttpRequest) -> HttpResponse:
    """The second step: the code of the app."""
    try:
        user = second_factor.waiting(request)
        return _code_step(request, "desk/sign_in/second_factor.html", None, second_factor.demo_code(user))
    except SignInAnew as refusal:
        return _anew(request, refusal)


@never_stored
@require_http_methods(READ_AND_SEND)
def enrol(request: HttpRequest) -> HttpResponse:
    """The second step of the first day: the app takes the secret over and proves it."""
    try:
        device = second_factor.enrolment(second_factor.waiting(request))
        return _code_step(request, "desk/sign_in/enrol.html", device)
    except SignInAnew as refusal:
        return _anew(request, refusal)


@never_stored
@require_http_methods(READ_AND_SEND)
def new_password(request: HttpRequest) -> HttpResponse:
    """A new password; demanded after one that somebody else chose."""
    user = request.user
    if not isinstance(user, User) or not sessions.signed_in_fully(user) or user.kind != UserKind.STAFF:
        return redirect("desk:sign_in")
    form = ChangePasswordForm(request.POST or None)
    if form.is_valid():
        typed = form.cleaned_data
        try:
            passwords.change_password(request, user, typed["old_password"], typed["new_password"])
        except LockedOut as refusal:
            return locked_page(request, refusal)
        except WrongSignIn as refusal:
            refused_in(form, refusal, "old_password")
        except (WeakPassword, SamePassword) as refusal:
            refused_in(form, refusal, "new_password")
        else:
            sessions.begin(request, user, SecondFactor.objects.get(user=user))
            messages.success(request, _("密码已更换，其他设备上已退出登录。"))
            return redirect(next_page(request, HOME))
    context = {"form": form, "demanded": user.must_change_password} | sign_in_context(request)
    return render(request, "desk/sign_in/new_password.html", context)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Out, here or on every device."""
    if "everywhere" in request.POST and isinstance(request.user, User):
        sessions.end_everywhere(request.user)
    sessions.end(request)
    messages.success(request, _("已退出登录。"))
    return redirect("desk:sign_in")


def _code_step(
    request: HttpRequest, template: str, device: SecondFactor | None, demo_code: str = ""
) -> HttpResponse:
    form = CodeForm(request.POST or None)
    if form.is_valid():
        try:
            second_factor.complete(request, form.cleaned_data["code"])
        except (WrongCode, CodesTooFast) as refusal:
            refused_in(form, refusal, "code")
        else:
            return redirect(next_page(request, HOME))
    context = {"form": form, "demo_code": demo_code} | sign_in_context(request)
    if device is not None:
        context |= {"qr": _drawn(second_factor.address(device)), "secret": _in_fours(device.secret)}
    return render(request, template, context)


def _drawn(address: str) -> SafeString:
    """A QR code as inline SVG: no outside image, nothing that a strict content policy forbids."""
    drawing = segno.make(address, error="m").svg_inline(
        scale=5, border=3, light="#fff", title=_("二维码：用手机验证器扫描"), svgclass="qr", lineclass=None
    )
    return mark_safe(drawing)  # noqa: S308 - drawn here, from a secret of ours


def _in_fours(secret: str) -> str:
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))


def _onwards(request: HttpRequest, step: str) -> HttpResponse:
    answer = redirect(step)
    answer["Location"] += "?" + urlencode({NEXT: next_page(request, HOME)})
    return answer


def _anew(request: HttpRequest, refusal: SignInAnew) -> HttpResponse:
    messages.warning(request, say(refusal))
    return _onwards(request, "desk:sign_in")
