"""Signing in and out, registering, and one's own account."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from yidi.accounts import passwords, real_name, sessions
from yidi.accounts.doors import never_stored, next_page, person_only
from yidi.accounts.errors import (
    AlreadyRegistered,
    BadUsername,
    LockedOut,
    NotInRegister,
    PrivateUsername,
    RegistrationClosed,
    SamePassword,
    UsernameTaken,
    WeakPassword,
    WrongSignIn,
)
from yidi.accounts.models import User
from yidi.accounts.terms import UserKind
from yidi.pages.sign_in import (
    ChangePasswordForm,
    RealNameForm,
    RegisterForm,
    SignInForm,
    locked_page,
    refused_in,
    sign_in_context,
)
from yidi.portal.openid import OPENID

HOME = settings.HOME_PAGES["person"]
FIELD_OF = {
    BadUsername: "username",
    PrivateUsername: "username",
    UsernameTaken: "username",
    WeakPassword: "new_password",
    SamePassword: "new_password",
    NotInRegister: "identity",
}
"""Beside which field a refusal is said; the others are said above the form."""
IN_FORM = (*FIELD_OF, AlreadyRegistered, WrongSignIn)


@never_stored
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Name and password, or the way to the identity provider."""
    form = SignInForm(request.POST or None)
    if form.is_valid():
        try:
            user = passwords.checked(request, **form.cleaned_data, kind=UserKind.PERSON)
        except LockedOut as refusal:
            return locked_page(request, refusal)
        except WrongSignIn as refusal:
            refused_in(form, refusal)
        else:
            sessions.begin(request, user)
            return redirect(next_page(request, HOME))
    context = {
        "form": form,
        "openid": settings.OIDC_LABEL if settings.OIDC_ISSUER else "",
        "registration": settings.REGISTRATION,
    }
    return render(request, "portal/sign_in/sign_in.html", context | sign_in_context(request))


@never_stored
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """A new account here, after the real-name check."""
    if not settings.REGISTRATION:
        raise RegistrationClosed()
    form = RegisterForm(request.POST or None)
    if form.is_valid():
        typed = form.cleaned_data
        try:
            person = real_name.checked_person(request, typed["name"], typed["identity"])
            user = real_name.register(person, typed["username"], typed["new_password"])
        except LockedOut as refusal:
            return locked_page(request, refusal)
        except IN_FORM as refusal:
            refused_in(form, refusal, FIELD_OF.get(type(refusal)))
        else:
            sessions.begin(request, user)
            return redirect(next_page(request, HOME))
    return render(request, "portal/sign_in/register.html", {"form": form} | sign_in_context(request))


@never_stored
@require_http_methods(["GET", "HEAD", "POST"])
def say_who(request: HttpRequest) -> HttpResponse:
    """Once, for somebody whom the identity provider let in without saying who they are in the register."""
    openid = request.session.get(OPENID)
    if not openid:
        return redirect("portal:sign_in")
    form = RealNameForm(request.POST or None)
    if form.is_valid():
        try:
            person = real_name.checked_person(request, **form.cleaned_data)
            user = real_name.bind_openid(person, openid)
        except LockedOut as refusal:
            return locked_page(request, refusal)
        except IN_FORM as refusal:
            refused_in(form, refusal, FIELD_OF.get(type(refusal)))
        else:
            del request.session[OPENID]
            sessions.begin(request, user)
            return redirect(next_page(request, HOME))
    return render(request, "portal/sign_in/say_who.html", {"form": form} | sign_in_context(request))


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Out, here or on every device."""
    if "everywhere" in request.POST and isinstance(request.user, User):
        sessions.end_everywhere(request.user)
    sessions.end(request)
    messages.success(request, _("已退出登录。"))
    return redirect("portal:plan")


@person_only
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """One's own account: a new password, signing out on all devices."""
    user = request.user
    form = ChangePasswordForm(request.POST or None)
    if form.is_valid() and isinstance(user, User):
        typed = form.cleaned_data
        try:
            passwords.change_password(request, user, typed["old_password"], typed["new_password"])
        except LockedOut as refusal:
            return locked_page(request, refusal)
        except WrongSignIn as refusal:
            refused_in(form, refusal, "old_password")
        except IN_FORM as refusal:
            refused_in(form, refusal, FIELD_OF.get(type(refusal)))
        else:
            sessions.begin(request, user)
            messages.success(request, _("密码已更换，其他设备上已退出登录。"))
            return redirect("portal:account")
    return render(request, "portal/sign_in/account.html", {"form": form})
