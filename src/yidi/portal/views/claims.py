"""A person's claims: all of them, and the page of each with everything that may be done in its state."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from yidi.accounts.kept_input import pop_kept_input
from yidi.claims import services
from yidi.claims.models import Claim
from yidi.claims.papers import OUTCOMES, form_of, letter_of, slip_of
from yidi.claims.queries import (
    lines_of,
    missing_of_bill,
    nothing_to_pay,
    of_person,
    paid_on,
    requirements,
    sum_of,
)
from yidi.claims.states import WRITABLE, State, moves_of
from yidi.documents.forms import AnyDocument
from yidi.documents.services import render as print_pdf
from yidi.operations.cases import story
from yidi.operations.explained import Explained, explained
from yidi.pages.language import language
from yidi.pages.serving import serve_document
from yidi.people.models import Person
from yidi.people.queries import coverages_on
from yidi.policy.case_rules import ClaimPapers
from yidi.policy.errors import MissingParameter
from yidi.portal.case_forms import AppealForm
from yidi.portal.claim_steps import Step, address_of, progress, unfinished
from yidi.portal.own import Me, own_case, own_page
from yidi.portal.views.claim_steps import PAGE, papers_block, sent_by
from yidi.reference import diseases
from yidi.values.errors import Refusal
from yidi.values.materials import missing
from yidi.values.terms import Benefit


@require_safe
@own_page
def claims(request: HttpRequest, me: Me) -> HttpResponse:
    """All claims of the person, what to bring, and the way to another one."""
    wanted = _wanted_today(me.person)
    context = {
        "cases": me.seen_of(of_person(me.person)),
        "wanted": wanted,
        "materials": missing(wanted.materials, ()) if wanted else (),
    }
    return render(request, "portal/claims/list.html", context)


def _wanted_today(person: Person) -> ClaimPapers | None:
    """The papers that the person's pool asks for now; None where they are not on record, or nobody is insured."""
    today = timezone.localdate()
    try:
        return next((requirements(coverage, today) for coverage in coverages_on(person, today)), None)
    except MissingParameter:
        return None


@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def claim(request: HttpRequest, me: Me, number: str) -> HttpResponse:
    """One claim: how far it is, what is asked, what it came to, and what may be done."""
    case = own_case(me, Claim, number)
    kept = pop_kept_input(request)
    appeal = AppealForm(sent_by(request, kept, "appeal"))
    refusal = None
    if request.method == "POST":
        act = ACTS.get(request.POST.get("act", ""))
        if act is None:
            raise Http404
        try:
            said = act(case, me, appeal)
        except Refusal as why:
            refusal = why
        else:
            if said:
                messages.success(request, said)
                return redirect(PAGE, number)
    return render(request, "portal/claims/page.html", _context(me, case, appeal, refusal))


def _submit(case: Claim, me: Me, form: AppealForm) -> str:
    services.submit(case, me.actor)
    return _("已提交。办理进度在这一页上看，有变化会发消息给您。")


def _withdraw(case: Claim, me: Me, form: AppealForm) -> str:
    services.withdraw(case, me.actor)
    return _("申请已撤回，票据可以重新申请报销。")


def _appeal(case: Claim, me: Me, form: AppealForm) -> str:
    if not form.is_valid():
        return ""
    services.appeal(case, form.cleaned_data["grounds"], me.actor)
    return _("申诉已提交，由另一位经办人重新决定。")


ACTS: Mapping[str, Callable[[Claim, Me, AppealForm], str]] = {
    "submit": _submit,
    "withdraw": _withdraw,
    "appeal": _appeal,
}
"""What the page's buttons do; each gives what is said when it is done, nothing where the form was refused."""


def _context(me: Me, case: Claim, appeal: AppealForm, refusal: Refusal | None) -> dict[str, Any]:
    state = State(case.state)
    writable = state in WRITABLE
    lines = lines_of(case)
    return {
        "case": case,
        "refusal": refusal,
        "appeal": appeal,
        "writable": writable,
        "may": {str(move) for move in moves_of(state)},
        "progress": progress(case, Step.CHECK) if writable else None,
        "left": [(step, address_of(case, step)) for step in unfinished(case)] if writable else [],
        "disease": diseases.disease(case.disease).name if case.disease else "",
        "benefit": Benefit(case.benefit) if case.benefit else None,
        "lines": lines,
        "sum": sum_of(lines),
        "papers": papers_block(case, me, takes=False),
        "explained": _explained(case),
        "paid_on": paid_on(case),
        "nothing": nothing_to_pay(case),
        "has_form": not missing_of_bill(case),
        "has_letter": state in OUTCOMES,
        "story": story(case.number),
    }


def _explained(case: Claim) -> Explained | Refusal | None:
    """How the amount came about, or why that can no longer be shown."""
    try:
        return explained(case)
    except Refusal as refusal:
        return refusal


@require_safe
@own_page
def form_pdf(request: HttpRequest, me: Me, number: str) -> HttpResponse:
    """The application form with the person's data, to keep or to print."""
    case = own_case(me, Claim, number)
    return _printed(form_of(case, me.actor, _absolute(request, number)), number)


@require_safe
@own_page
def letter_pdf(request: HttpRequest, me: Me, number: str) -> HttpResponse:
    """The letter about the decision."""
    return _printed(letter_of(own_case(me, Claim, number), _absolute(request, number)), number)


@require_safe
@own_page
def slip_pdf(request: HttpRequest, me: Me, number: str) -> HttpResponse:
    """The slip of a claim that was paid."""
    return _printed(slip_of(own_case(me, Claim, number), _absolute(request, number)), number)


def _printed(document: AnyDocument | None, number: str) -> HttpResponse:
    if document is None:
        raise Http404
    name = f"{document.document.label(language())} {number}"
    return serve_document(print_pdf(document, language=language()), name)


def _absolute(request: HttpRequest, number: str) -> str:
    return request.build_absolute_uri(reverse(PAGE, args=[number]))
