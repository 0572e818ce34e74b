"""Looking a person up, and acting for one who stands at the window."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yidi.accounts.doors import staff_only
from yidi.accounts.kept_input import pop_kept_input
from yidi.accounts.sessions import act_for
from yidi.accounts.terms import Action
from yidi.audit.errors import ReasonMissing
from yidi.consents.errors import DocumentNotShown
from yidi.desk.clerks import clerk_of
from yidi.desk.forms.people import LookUpForm, WalkInForm
from yidi.desk.views.worklist import rows_of
from yidi.operations.errors import NotHere
from yidi.operations.records import look_up
from yidi.operations.walk_ins import begin, consented_today, resume
from yidi.pages.sign_in import refused_in
from yidi.people.errors import NotInsured
from yidi.values.errors import BadValue, Refusal

BESIDE: dict[type[Refusal], str] = {
    BadValue: "number",
    NotHere: "number",
    NotInsured: "number",
    ReasonMissing: "text",
    DocumentNotShown: "shown",
}
"""Beside which field a refusal is said; any other goes its way."""
READ_AND_SEND = ["GET", "HEAD", "POST"]
OWN_PAGES = "portal:me"
"""The page of a person: the desk knows its name alone."""


@staff_only(Action.SEE_PERSON)
@require_http_methods(READ_AND_SEND)
def people(request: HttpRequest) -> HttpResponse:
    """A person's record, for a reason; it comes with the answer to the form and has no address of its own."""
    form = LookUpForm(_typed(request))
    context: dict[str, Any] = {"form": form, "record": None}
    if request.method == "POST" and form.is_valid():
        typed, clerk = form.cleaned_data, clerk_of(request)
        try:
            record = look_up(
                typed["key"], typed["number"], clerk, typed["why"], typed["text"], timezone.localdate()
            )
        except tuple(BESIDE) as refusal:
            _beside(form, refusal)
        else:
            context |= {"record": record, "rows": rows_of(record.cases), "full": True}
    return render(request, "desk/people/people.html", context)


@staff_only(Action.ACT_FOR_WALK_IN)
@require_http_methods(READ_AND_SEND)
def window(request: HttpRequest) -> HttpResponse:
    """The window: note whom the clerk has before them and what was shown; then they act on that person's own pages."""
    clerk = clerk_of(request)
    form = WalkInForm(_typed(request))
    if request.method == "POST" and form.is_valid():
        try:
            person = begin(form.cleaned_data["key"], form.cleaned_data["number"], form.document, clerk)
        except tuple(BESIDE) as refusal:
            _beside(form, refusal)
        else:
            act_for(request, person.number)
            messages.success(request, _("已登记本人的当面授权，今天有效。现在办的是他的事。"))
            return redirect(OWN_PAGES)
    context = {"form": form, "today": consented_today(clerk)}
    return render(request, "desk/people/window.html", context)


@staff_only(Action.ACT_FOR_WALK_IN)
@require_http_methods(READ_AND_SEND)
def act_again(request: HttpRequest, key: int) -> HttpResponse:
    """Go on with somebody whose consent of today is on record."""
    if request.method != "POST":
        return redirect("desk:window")
    act_for(request, resume(key, clerk_of(request)).number)
    return redirect(OWN_PAGES)


def _typed(request: HttpRequest) -> QueryDict | None:
    """What was sent now, or what was sent after the session had ended: that is shown again and not carried out."""
    if request.method == "POST":
        return request.POST
    kept = pop_kept_input(request)
    return kept.fields if kept else None


def _beside(form: forms.Form, refusal: Refusal) -> None:
    refused_in(form, refusal, BESIDE[type(refusal)])
