"""A person's filings: begun, filled in, handed in, looked after. Each button calls one service."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yidi.accounts.kept_input import pop_kept_input
from yidi.consents.queries import helper_of
from yidi.documents.services import render as render_document
from yidi.evidence.queries import papers_of
from yidi.filing import services
from yidi.filing.errors import AlreadyFiled, NotNeeded
from yidi.filing.models import Filing
from yidi.filing.papers import form_of, letter_of
from yidi.filing.queries import asked_of, lineage, made_here_of, of_person, promised, wanted
from yidi.filing.states import OF_APPLICANT, State
from yidi.guide.filings import choice
from yidi.operations.cases import story
from yidi.pages.language import language
from yidi.pages.papers import PapersBlock
from yidi.pages.serving import serve_document
from yidi.pages.sign_in import refused_in
from yidi.people.queries import coverages_on
from yidi.policy.book import book
from yidi.policy.cases import filing_rules
from yidi.portal.case_forms import AppealForm, typed
from yidi.portal.filing_forms import (
    CancelForm,
    ChangeForm,
    CommitForm,
    DetailsForm,
    RenewForm,
    StartForm,
)
from yidi.portal.own import Me, own_case, own_page
from yidi.values.errors import Refusal
from yidi.values.materials import met_by_commitment
from yidi.values.terms import FilingKind, Material, Scheme

PAGE = "portal:filing"


@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def filings(request: HttpRequest, me: Me) -> HttpResponse:
    """All filings of the person, and the form that begins another; where none is needed the page says so."""
    today = timezone.localdate()
    coverages = coverages_on(me.person, today)
    form = StartForm(coverages, today, typed(request.POST, pop_kept_input(request)))
    answer: Refusal | None = None
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            case = services.draft(form.chosen, data["kind"], data["care"], data["starts"], me.actor)
        except (NotNeeded, AlreadyFiled) as refusal:
            answer = refusal
        except Refusal as refusal:
            refused_in(form, refusal)
        else:
            return redirect(PAGE, case.number)
    rules = [filing_rules(book(), held.pool, Scheme(held.scheme), today) for held in coverages]
    context = {
        "form": form,
        "answer": answer,
        "may_file": bool(coverages),
        "exempt": next((found for found in rules if found.exempt_within_province), None),
        "cases": me.seen_of(of_person(me.person)).select_related("coverage__person"),
    }
    return render(request, "portal/filings/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def filing(request: HttpRequest, me: Me, number: str) -> HttpResponse:
    """One filing: what it says, what is still wanted, what can be done with it now."""
    case = own_case(me, Filing, number)
    if request.method == "POST":
        return _act(request, me, case)
    return _shown(request, me, case, _papers(case, me))


@require_POST
@own_page
def papers(request: HttpRequest, me: Me, number: str) -> HttpResponse:
    """Papers of a filing: handed in, noted at the window, taken back."""
    case = own_case(me, Filing, number)
    block = _papers(case, me)

    def show(material: Material, said: str) -> object:
        return services.show(case, material, said, me.actor)

    done = block.carry_out(
        request,
        hand_in=lambda material, remade: services.add_paper(case, material, remade, remade.name, me.actor),
        remove=lambda paper: services.remove(case, paper, me.actor),
        show=show if me.at_window else None,
    )
    if done:
        return redirect(reverse(PAGE, args=[number]) + "#papers")
    return _shown(request, me, case, block)


def _papers(case: Filing, me: Me) -> PapersBlock:
    state = State(case.state)
    opened = state in OF_APPLICANT
    line = [one.number for one in lineage(case)]
    return PapersBlock(
        wanted=wanted(case),
        papers=[paper for number in line for paper in papers_of(number)],
        earlier=line[1:],
        address=reverse("portal:filing_papers", args=[case.number]),
        viewer="portal:paper",
        takes=opened or (state is State.ACTIVE and bool(promised(case))),
        removes=opened,
        at_window=me.at_window,
        made_here=made_here_of(case) if opened else (),
    )


@dataclass(frozen=True, slots=True)
class Act:
    """A button: which form it needs, what it does, what is said when it is done."""

    do: Callable[[Filing, Me, dict[str, Any]], object]
    said: str | Promise
    form: type[forms.Form] | None = None
    states: tuple[State, ...] = ()
    """In which states the page offers it; whether it may be done the service decides."""
    initial: Callable[[Filing], dict[str, Any]] = lambda case: {}
    fits: Callable[[Filing], bool] = lambda case: True
    """Whether it makes sense for this filing."""


def _changed(case: Filing, me: Me, data: dict[str, Any]) -> Filing:
    return services.change(case, me.actor, data["starts"], data["kind"], data["care"], data["ends"])


ACTS: Mapping[str, Act] = {
    "save": Act(
        lambda case, me, data: services.save(case, me.actor, **data),
        _("已保存。可以离开，下次接着填。"),
        DetailsForm,
        (State.DRAFT, State.MORE_EVIDENCE, State.REJECTED),
        lambda case: {name: getattr(case, name) for name in DetailsForm.base_fields},
    ),
    "commit": Act(
        lambda case, me, data: services.commit(case, me.actor),
        _("已按承诺书办理。证明材料以后补交。"),
        CommitForm,
        OF_APPLICANT,
        fits=lambda case: any(Material.COMMITMENT in group for group in asked_of(case)),
    ),
    "submit": Act(
        lambda case, me, data: services.submit(case, me.actor),
        _("已提交。"),
        None,
        (State.DRAFT, State.MORE_EVIDENCE),
    ),
    "withdraw": Act(
        lambda case, me, data: services.withdraw(case, me.actor),
        _("已撤回。"),
        None,
        (State.DRAFT, State.SUBMITTED, State.MORE_EVIDENCE),
    ),
    "appeal": Act(
        lambda case, me, data: services.appeal(case, data["grounds"], me.actor),
        _("申诉已提交，会由另一位经办人重新审核。"),
        AppealForm,
        (State.REJECTED,),
    ),
    "cancel": Act(
        lambda case, me, data: services.cancel(case, data["on"], me.actor),
        _("备案已取消。"),
        CancelForm,
        (State.ACTIVE,),
        lambda case: {"on": timezone.localdate()},
    ),
    "renew": Act(
        lambda case, me, data: services.renew(case, me.actor, data["ends"]),
        _("续办的备案已写好，请核对后提交。"),
        RenewForm,
        (State.ACTIVE, State.EXPIRED),
        fits=lambda case: case.ends is not None,
    ),
    "change": Act(
        _changed,
        _("变更后的备案已写好，请核对后提交。"),
        ChangeForm,
        (State.ACTIVE,),
        lambda case: {
            "care": case.care_region,
            "kind": case.kind,
            "ends": case.ends,
            "starts": timezone.localdate(),
        },
    ),
}
"""What a person may do with a filing, by the name of the button."""


def _act(request: HttpRequest, me: Me, case: Filing) -> HttpResponse:
    """Do what a button says; what a service refuses is said at its form, with what was typed."""
    name = request.POST.get("act", "")
    deed = ACTS.get(name)
    if deed is None:
        raise Http404
    form = (deed.form or forms.Form)(request.POST, auto_id=f"{name}_%s")
    if form.is_valid():
        try:
            made = deed.do(case, me, form.cleaned_data)
        except Refusal as refusal:
            refused_in(form, refusal)
        else:
            messages.success(request, str(deed.said))
            return redirect(PAGE, made.number if isinstance(made, Filing) else case.number)
    case.refresh_from_db()
    return _shown(request, me, case, _papers(case, me), {name: form})


def _shown(
    request: HttpRequest,
    me: Me,
    case: Filing,
    block: PapersBlock,
    failed: Mapping[str, forms.Form] | None = None,
) -> HttpResponse:
    state, coverage = State(case.state), case.coverage
    kept = pop_kept_input(request)
    offered = {name: deed for name, deed in ACTS.items() if state in deed.states and deed.fits(case)}
    made: dict[str, forms.Form] = {
        name: deed.form(
            kept.fields if kept and kept.fields.get("act") == name else None,
            initial=deed.initial(case),
            auto_id=f"{name}_%s",
        )
        for name, deed in offered.items()
        if deed.form
    }
    context = {
        "me": me,
        "case": case,
        "kind": FilingKind(case.kind),
        "offered": offered,
        "acts": made | dict(failed or {}),
        "failed": list((failed or {}).values()),
        "papers": block,
        "open": state in OF_APPLICANT,
        "choice": choice(book(), coverage.pool, Scheme(coverage.scheme), FilingKind(case.kind), case.starts),
        "proofs": met_by_commitment(wanted(case)),
        "owed": promised(case) if state is State.ACTIVE else (),
        "story": story(case.number),
        "has_letter": letter_of(case) is not None,
    }
    return render(request, "portal/filings/page.html", context)


@require_safe
@own_page
def form_pdf(request: HttpRequest, me: Me, number: str) -> HttpResponse:
    """The filing form with the person's data, to print and sign."""
    case = own_case(me, Filing, number)
    address = request.build_absolute_uri(reverse(PAGE, args=[number]))
    return serve_document(
        render_document(form_of(case, helper_of(me.person, me.actor), address)), f"备案表-{number}"
    )


@require_safe
@own_page
def letter_pdf(request: HttpRequest, me: Me, number: str) -> HttpResponse:
    """The letter about what was decided."""
    case = own_case(me, Filing, number)
    letter = letter_of(case, request.build_absolute_uri(reverse(PAGE, args=[number])))
    if letter is None:
        raise Http404
    return serve_document(render_document(letter, language=language()), f"备案结果-{number}")
