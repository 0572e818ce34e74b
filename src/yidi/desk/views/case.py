"""One case: its papers beside the decision, and whatever may be done with it."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from yidi.accounts.doors import staff_only
from yidi.accounts.errors import NotAllowed, OutsideRegion
from yidi.accounts.kept_input import pop_kept_input
from yidi.accounts.terms import Action
from yidi.audit.errors import ReasonMissing
from yidi.claims.models import Claim
from yidi.claims.queries import latest_assessment, lines_of
from yidi.claims.states import AMOUNT_KNOWN
from yidi.claims.states import State as ClaimState
from yidi.desk.case_file import CaseFile
from yidi.desk.clerks import clerk_of
from yidi.desk.deeds import BUTTONS, told
from yidi.desk.forms.case import LookForm
from yidi.operations.cases import find_for_clerk
from yidi.operations.explained import explained
from yidi.operations.handling import as_seen
from yidi.operations.looks import open_case, open_paper, unveil
from yidi.operations.terms import Offer
from yidi.pages.refusals import CONFLICT
from yidi.pages.serving import serve_paper
from yidi.pages.sign_in import refused_in
from yidi.pages.templatetags.pages import say
from yidi.values.errors import Refusal
from yidi.values.terms import CaseKind

READ_AND_SEND = ["GET", "HEAD", "POST"]
TEMPLATES = {kind: f"desk/cases/{kind}.html" for kind in BUTTONS}
APPROVE = {
    CaseKind.QUALIFICATION: _("同意认定"),
    CaseKind.FILING: _("同意备案"),
    CaseKind.CLAIM: _("批准报销"),
}
"""What the button of an approval says."""


@staff_only(Action.SEE_CASES)
@require_safe
def case(request: HttpRequest, number: str) -> HttpResponse:
    """A case of the region; the log keeps that it was opened."""
    clerk = clerk_of(request)
    return page(request, CaseFile(open_case(number, clerk), clerk))


@staff_only(Action.SEE_PERSON)
@require_safe
def paper(request: HttpRequest, key: int) -> HttpResponse:
    """A paper of a case of the region, opened."""
    return serve_paper(open_paper(key, clerk_of(request)))


@staff_only(Action.SEE_PERSON)
@require_http_methods(READ_AND_SEND)
def full(request: HttpRequest, number: str) -> HttpResponse:
    """The same page with everything that is otherwise masked, for a reason that the log keeps; gone at the next click."""
    if request.method != "POST":
        return redirect("desk:case", number)
    clerk = clerk_of(request)
    file, form = CaseFile(find_for_clerk(number, clerk), clerk), LookForm(request.POST, auto_id="look_%s")
    if form.is_valid():
        try:
            unveil(file.case, clerk, form.cleaned_data["why"], form.cleaned_data["text"])
        except ReasonMissing as refusal:
            refused_in(form, refusal, "text")
        else:
            return page(request, file, full=True)
    return page(request, file, look=form)


@staff_only(Action.SEE_CASES)
@require_http_methods(READ_AND_SEND)
def act(request: HttpRequest, number: str, deed: str) -> HttpResponse:
    """Do one thing with a case that is still as the page showed it; what is refused is said on the page as it is now.

    What was sent after the session had ended is shown again and not carried out.
    """
    clerk = clerk_of(request)
    file = CaseFile(find_for_clerk(number, clerk), clerk)
    offer = Offer(deed) if deed in Offer.spellings() else None
    button = BUTTONS[file.kind].get(offer) if offer else None
    if offer is None or button is None:
        raise Http404
    if request.method != "POST":
        kept = pop_kept_input(request)
        if kept is None:
            return redirect("desk:case", number)
        return page(request, file, offer, button.form(file, kept.fields))
    form = button.form(file, request.POST)
    if form.is_valid():
        try:
            do = partial(button.do, file.case, form.cleaned_data, clerk)
            outcome = as_seen(file.case, seen_in(request), do)
        except (NotAllowed, OutsideRegion):
            raise
        except Refusal as refusal:
            anew = CaseFile(find_for_clerk(number, clerk), clerk)
            return page(request, anew, offer, form, refusal=refusal)
        messages.success(request, told(offer, outcome))
        return redirect("desk:case", number)
    return page(request, file, offer, form)


def seen_in(request: HttpRequest) -> int:
    """The version of the case that a form was made for; 0, which no case has, where it does not say."""
    sent = request.POST.get("seen", "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) <= 18 else 0


def page(
    request: HttpRequest,
    file: CaseFile,
    sent: Offer | None = None,
    form: forms.Form | None = None,
    *,
    refusal: Refusal | None = None,
    look: LookForm | None = None,
    full: bool = False,
) -> HttpResponse:
    """The page of a case, with the form that was sent and not carried out, if one was."""
    buttons = BUTTONS[file.kind]
    offered = {
        offer.name.lower(): form if offer is sent else buttons[offer].form(file, None)
        for offer in file.offers
        if offer in buttons
    }
    context: dict[str, Any] = {
        "file": file,
        "case": file.case,
        "person": file.case.coverage.person,
        "forms": offered,
        "form": form or look,
        "sent": sent.name.lower() if sent else "",
        "refusal": refusal,
        "approve_label": APPROVE[file.kind],
        "look": look or LookForm(auto_id="look_%s"),
        "full": full and file.may_see_person,
        **_of_claim(file),
    }
    status = CONFLICT if refusal else 200
    return render(request, TEMPLATES[file.kind], context, status=status)


def _of_claim(file: CaseFile) -> dict[str, Any]:
    """What only the page of a claim shows."""
    claim = file.case
    if not isinstance(claim, Claim):
        return {}
    lines, assessment = lines_of(claim), latest_assessment(claim)
    shown: dict[str, Any] = {
        "lines": lines,
        "lines_sum": sum(line.amount for line in lines),
        "may_correct": Offer.CORRECT in file.offers,
        "holds": claim.state in AMOUNT_KNOWN,
    }
    if assessment is None:
        return shown
    shown |= {
        "assessed_by": assessment.by,
        "assessed_at": assessment.at,
        "by_me": assessment.by == file.clerk.name and claim.state == ClaimState.ASSESSED,
    }
    try:
        return shown | {"explained": explained(claim)}
    except Refusal as refusal:
        return shown | {"unexplained": say(refusal)}
