"""Who may act for me, and for whom I may act (亲属代办)."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yidi.accounts.actors import Actor
from yidi.accounts.doors import person_only
from yidi.accounts.errors import LockedOut
from yidi.accounts.kept_input import pop_kept_input
from yidi.accounts.models import User
from yidi.accounts.sessions import act_for, act_for_oneself, actor_for
from yidi.consents import services
from yidi.consents.errors import CodeUnknown, NameMissing, OneselfNot, TooManyOffers
from yidi.consents.models import Consent
from yidi.consents.queries import given_by, helped_by, received_by
from yidi.consents.terms import Lasting, Relation
from yidi.operations.cases import done_for
from yidi.pages.fields import ShortText, TermField
from yidi.pages.sign_in import locked_page, refused_in
from yidi.people.models import Person
from yidi.people.queries import by_number

CODE = "consent-code"
"""Under which the session keeps a code until it has been shown, once."""
READ_AND_SEND = ["GET", "HEAD", "POST"]


class OfferForm(forms.Form):
    """Whom a person lets act for them."""

    use_required_attribute = False
    name = ShortText(
        label=gettext_lazy("亲属的姓名"),
        help_text=gettext_lazy("与他身份证上的一致。只有这个姓名的人能用授权码。"),
        error_messages={"required": gettext_lazy("请填写亲属的姓名。")},
    )
    relation = TermField(Relation, label=gettext_lazy("他是您的"))
    lasting = TermField(Lasting, label=gettext_lazy("授权到什么时候"))


class CodeForm(forms.Form):
    """The code that a relative was told."""

    use_required_attribute = False
    code = ShortText(
        label=gettext_lazy("授权码"),
        most=20,
        help_text=gettext_lazy("授权人告诉您的 8 位数字。"),
        attrs={"inputmode": "numeric"},
        error_messages={"required": gettext_lazy("请输入 8 位数字的授权码。")},
    )


@person_only
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Both lists."""
    me = by_number(_self(request).name)
    context = {
        "given": given_by(me),
        "received": received_by(me),
        "helped": helped_by(me, timezone.localdate()),
        "done": done_for(me),
        "today": timezone.localdate(),
        "now": timezone.now(),
    }
    return render(request, "portal/consents/overview.html", context)


@person_only
@require_http_methods(READ_AND_SEND)
def give(request: HttpRequest) -> HttpResponse:
    """A new consent: name, relation, how long."""
    kept = pop_kept_input(request)
    form = OfferForm(request.POST or (kept.fields if kept else None))
    if request.method == "POST" and form.is_valid():
        try:
            offer = services.offer(_self(request), **form.cleaned_data)
        except NameMissing as refusal:
            refused_in(form, refusal, "name")
        except TooManyOffers as refusal:
            refused_in(form, refusal)
        else:
            request.session[CODE] = offer.code
            return redirect("portal:consent_code", offer.consent.pk)
    return render(request, "portal/consents/give.html", {"form": form})


@person_only
@require_safe
def code(request: HttpRequest, key: int) -> HttpResponse:
    """The code, once: it is kept nowhere."""
    consent = _own(request, key)
    digits = request.session.pop(CODE, "")
    if not digits:
        messages.warning(request, _("授权码只显示一次。没有记下来的，请取消这份授权，再给一次。"))
        return redirect("portal:consents")
    return render(
        request, "portal/consents/code.html", {"consent": consent, "code": f"{digits[:4]} {digits[4:]}"}
    )


@person_only
@require_http_methods(READ_AND_SEND)
def enter(request: HttpRequest) -> HttpResponse:
    """The relative types the code, sees who it is from, and accepts or declines."""
    form = CodeForm(request.POST or None)
    if not form.is_valid():
        return render(request, "portal/consents/enter.html", {"form": form})
    actor, digits = _self(request), form.cleaned_data["code"]
    try:
        if "accept" in request.POST:
            services.accept(request, actor, digits)
            messages.success(request, _("您可以替他办理了。办的时候请先点“替他办理”。"))
            return redirect("portal:consents")
        if "decline" in request.POST:
            services.decline(request, actor, digits)
            messages.success(request, _("已拒绝。"))
            return redirect("portal:consents")
        consent = services.offered(request, actor, digits)
    except LockedOut as refusal:
        return locked_page(request, refusal)
    except (CodeUnknown, OneselfNot) as refusal:
        refused_in(form, refusal, "code")
        return render(request, "portal/consents/enter.html", {"form": form})
    return render(request, "portal/consents/answer.html", {"form": form, "consent": consent})


@person_only
@require_http_methods(READ_AND_SEND)
def revoke(request: HttpRequest, key: int) -> HttpResponse:
    """Asked once more, then taken back; by the person or by the helper."""
    consent = _own(request, key)
    if request.method == "POST":
        services.revoke(consent, _self(request))
        messages.success(request, _("授权已取消。"))
        return redirect("portal:consents")
    return render(
        request, "portal/consents/revoke.html", {"consent": consent, "mine": _is_giver(request, consent)}
    )


@person_only
@require_POST
def act(request: HttpRequest) -> HttpResponse:
    """From now on for the person with that number."""
    person = services.must_help(_self(request), request.POST.get("number", ""), timezone.localdate())
    act_for(request, person.number)
    return redirect(settings.HOME_PAGES["person"])


@require_POST
def stop(request: HttpRequest) -> HttpResponse:
    """From now on for oneself again: a relative, or a clerk at the window."""
    act_for_oneself(request)
    user = request.user
    return redirect(settings.HOME_PAGES[user.kind if isinstance(user, User) else "person"])


def _self(request: HttpRequest) -> Actor:
    """The person who signed in, whoever they act for at the moment: consents are their own matter."""
    actor = actor_for(request)
    return Actor(actor.kind, actor.name)


def _own(request: HttpRequest, key: int) -> Consent:
    """A consent that the person gave or was given. Raises Http404, also where it is others'."""
    me: Person = by_number(_self(request).name)
    found = (given_by(me) | received_by(me)).filter(pk=key).first()
    if found is None:
        raise Http404
    return found


def _is_giver(request: HttpRequest, consent: Consent) -> bool:
    return consent.person.number == _self(request).name
