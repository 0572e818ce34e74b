"""Members of staff: listed, created, given offices, helped when they cannot sign in. For administrators."""

from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yidi.accounts import passwords, services
from yidi.accounts.actors import Actor
from yidi.accounts.doors import staff_only
from yidi.accounts.errors import BadUsername, NotStaff, PrivateUsername, UsernameTaken
from yidi.accounts.models import User
from yidi.accounts.queries import sign_ins_of, staff_member, staff_of
from yidi.accounts.terms import Action, Role, StaffAct
from yidi.desk.clerks import clerk_of
from yidi.desk.forms.staff import NewStaffForm, OfficeForm, ReasonForm, StaffFilter
from yidi.desk.targets import form_target, read_or_send, sent_now_or_before
from yidi.pages.sign_in import refused_in
from yidi.pages.templatetags.pages import say
from yidi.providers.errors import UnknownProvider
from yidi.providers.queries import find_by_code
from yidi.values.errors import Refusal

PER_PAGE = 50
administrators = staff_only(Action.MANAGE_STAFF)
BESIDE: dict[type[Refusal], str] = {
    BadUsername: "username",
    PrivateUsername: "username",
    UsernameTaken: "username",
    UnknownProvider: "provider_code",
}
"""Beside which field of the new account a refusal is said."""


@dataclass(frozen=True, slots=True)
class Button:
    """What may be done to an account: the form it takes, and the service that does it."""

    form: type[forms.Form]
    do: Callable[[User, Actor, forms.Form], str]
    """Returns what to tell the administrator."""


def _reset_password(user: User, actor: Actor, form: forms.Form) -> str:
    password = passwords.first_password()
    services.reset_password(user, password, actor, form.cleaned_data["reason"])
    return _once(user, password)


def _once(user: User, password: str) -> str:
    return _("%(name)s 的一次性密码：%(password)s（只显示这一次，请当面交给本人；登录后须立即更换）") % {
        "name": user.username,
        "password": password,
    }


def _by(service: Callable[[User, Actor, str], None]) -> Callable[[User, Actor, forms.Form], str]:
    def do(user: User, actor: Actor, form: forms.Form) -> str:
        service(user, actor, form.cleaned_data["reason"])
        return ""

    return do


def _appoint(user: User, actor: Actor, form: forms.Form) -> str:
    services.appoint(user, form.cleaned_data["role"], actor)
    return ""


def _revoke(user: User, actor: Actor, form: forms.Form) -> str:
    services.revoke(user, form.cleaned_data["role"], actor)
    return ""


BUTTONS: dict[StaffAct, Button] = {
    StaffAct.APPOINT: Button(OfficeForm, _appoint),
    StaffAct.REVOKE: Button(OfficeForm, _revoke),
    StaffAct.UNLOCK: Button(ReasonForm, _by(services.unlock)),
    StaffAct.RESET_PASSWORD: Button(ReasonForm, _reset_password),
    StaffAct.RESET_SECOND_FACTOR: Button(ReasonForm, _by(services.reset_second_factor)),
    StaffAct.END_SESSIONS: Button(ReasonForm, _by(services.end_sessions)),
    StaffAct.DEACTIVATE: Button(ReasonForm, _by(services.deactivate)),
    StaffAct.REACTIVATE: Button(ReasonForm, _by(services.reactivate)),
}


@administrators
@require_safe
def staff(request: HttpRequest) -> HttpResponse:
    """The members of staff of the administrator's region."""
    form = StaffFilter(request.GET)
    found = staff_of(clerk_of(request).region, **form.wanted())
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    rows = [(user, [Role(held.role) for held in user.appointments.all()]) for user in page]
    return render(request, "desk/staff/list.html", {"form": form, "page": page, "rows": rows})


@administrators
@read_or_send
def new(request: HttpRequest) -> HttpResponse:
    """A new account, with a password for one sign-in."""
    actor = clerk_of(request)
    form = NewStaffForm(actor.region, sent_now_or_before(request))
    if request.method == "POST" and form.is_valid():
        password = passwords.first_password()
        try:
            user = services.create_staff(password=password, actor=actor, **form.cleaned_data)
        except Refusal as refusal:
            refused_in(form, refusal, BESIDE.get(type(refusal)))
        else:
            messages.success(request, _once(user, password))
            return redirect("desk:member", user.pk)
    return render(request, "desk/staff/new.html", {"form": form})


@administrators
@require_safe
def member(request: HttpRequest, key: int) -> HttpResponse:
    """One member of staff."""
    return _page(request, _member(request, key))


@administrators
@form_target("desk:member", "key")
def change(request: HttpRequest, key: int, act: str, sent: QueryDict) -> HttpResponse:
    """Do one of the things that may be done to an account."""
    user = _member(request, key)
    if act not in StaffAct.spellings():
        raise Http404
    wanted = StaffAct(act)
    button = BUTTONS[wanted]
    form = button.form(sent, auto_id=f"{wanted}_%s")
    if request.method == "POST" and form.is_valid():
        try:
            told = button.do(user, clerk_of(request), form)
        except Refusal as refusal:
            refused_in(form, refusal)
        else:
            messages.success(request, told or _("已办理：%(act)s。") % {"act": say(wanted)})
            return redirect("desk:member", user.pk)
    return _page(request, user, wanted, form)


def _member(request: HttpRequest, key: int) -> User:
    try:
        return staff_member(clerk_of(request).region, key)
    except NotStaff:
        raise Http404 from None


def _page(
    request: HttpRequest, user: User, sent: StaffAct | None = None, form: forms.Form | None = None
) -> HttpResponse:
    """The page of a member of staff, with the form that was sent and refused, if one was."""
    past = StaffAct.DEACTIVATE if not user.is_active else StaffAct.REACTIVATE
    offered = [act for act in BUTTONS if act not in (StaffAct.REVOKE, past)]
    held = [Role(row.role) for row in user.appointments.all()]
    fresh = {act: BUTTONS[act].form(auto_id=f"{act}_%s") for act in offered}
    context = {
        "member": user,
        "held": held,
        "provider": find_by_code(user.provider_code),
        "sign_ins": sign_ins_of(user),
        "forms": [(act, form if act is sent else fresh[act], act is sent) for act in offered],
        "form": form,
        "is_self": user.pk == request.user.pk,
        "revoke": StaffAct.REVOKE,
    }
    return render(request, "desk/staff/member.html", context)
