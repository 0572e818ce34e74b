"""Applying for a chronic-disease qualification: choose the disease, fill in, add papers, hand in, answer, appeal."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from yidi.accounts.kept_input import KeptInput, pop_kept_input
from yidi.consents.queries import helper_of
from yidi.documents.services import render as print_pdf
from yidi.evidence.queries import papers_of
from yidi.operations.cases import story
from yidi.pages.language import language
from yidi.pages.papers import PapersBlock
from yidi.pages.serving import serve_document
from yidi.pages.sign_in import refused_in
from yidi.people.queries import coverages_on
from yidi.policy.book import book
from yidi.policy.case_rules import QualificationRule
from yidi.policy.cases import applicable_diseases
from yidi.portal.case_forms import AppealForm, ApplyForm, FieldsForm, typed
from yidi.portal.own import Me, own_case, own_page
from yidi.providers.queries import by_code
from yidi.qualification import services
from yidi.qualification.errors import FieldsMissing
from yidi.qualification.models import Qualification
from yidi.qualification.papers import form_of, letter_of
from yidi.qualification.queries import MADE_HERE, REAPPLY_DAYS, asked_of, of_person
from yidi.qualification.states import MACHINE, OF_APPLICANT, State
from yidi.reference import diseases
from yidi.values.errors import BadValue, Refusal
from yidi.values.terms import Scheme

PAGE = "portal:qualification"


@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def qualifications(request: HttpRequest, me: Me) -> HttpResponse:
    """All applications of the person, and the form that begins another."""
    today = timezone.localdate()
    open_to = {
        coverage: applicable_diseases(book(), coverage.pool, Scheme(coverage.scheme), today)
        for coverage in coverages_on(me.person, today)
    }
    form = ApplyForm(open_to, typed(request.POST, pop_kept_input(request)))
    if request.method == "POST" and form.is_valid():
        coverage, disease = form.cleaned_data["what"]
        try:
            case = services.apply(coverage, disease, today, me.actor)
        except Refusal as refusal:
            refused_in(form, refusal, "what")
        else:
            return redirect(PAGE, case.number)
    context = {
        "form": form,
        "may_apply": any(open_to.values()),
        "reapply_days": REAPPLY_DAYS,
        "cases": me.seen_of(of_person(me.person)).select_related("coverage__person"),
    }
    return render(request, "portal/qualifications/list.html", context)


@dataclass
class Page:
    """One application as its page shows it, with the forms that belong to its state."""

    request: HttpRequest
    me: Me
    case: Qualification

    @property
    def open(self) -> bool:
        """Whether the next step is the applicant's."""
        return self.state in OF_APPLICANT

    @property
    def state(self) -> State:
        """The case's state."""
        return State(self.case.state)

    @cached_property
    def rule(self) -> QualificationRule | Refusal:
        """What the pool asks for, or why nothing is known of it."""
        case, today = self.case, timezone.localdate()
        day = today if self.open else case.submitted_on or today
        try:
            return services.requirements(case.coverage, case.disease, day)
        except Refusal as refusal:
            return refusal

    @cached_property
    def kept(self) -> KeptInput | None:
        """What was typed before the session ended."""
        return pop_kept_input(self.request)

    def _typed(self, *acts: str) -> Any:
        """What was typed into the form of these buttons, now or before the session ended."""
        sent = typed(self.request.POST, self.kept)
        return sent if sent and sent.get("act") in acts else None

    @cached_property
    def fields(self) -> FieldsForm:
        """What there is to fill in."""
        asked = self.rule.fields if isinstance(self.rule, QualificationRule) else ()
        return FieldsForm(asked, self.case, self._typed("save", "submit"))

    @cached_property
    def appeal(self) -> AppealForm:
        """The grounds of an appeal."""
        return AppealForm(self._typed("appeal"))

    @cached_property
    def papers(self) -> PapersBlock:
        """What is asked for and what is there."""
        return PapersBlock(
            wanted=self.rule.evidence if isinstance(self.rule, QualificationRule) else (),
            papers=papers_of(self.case.number),
            address=reverse("portal:qualification_papers", args=[self.case.number]),
            viewer="portal:paper",
            takes=self.open,
            removes=self.open,
            at_window=self.me.at_window,
            made_here=(MADE_HERE,) if self.open else (),
        )

    def shown(self) -> HttpResponse:
        """The page."""
        case = self.case
        context = {
            "me": self.me,
            "case": case,
            "disease": diseases.disease(case.disease).name,
            "page": self,
            "refusal": self.rule if isinstance(self.rule, Refusal) else None,
            "providers": [by_code(code).name for code in case.providers],
            "has_letter": letter_of(case) is not None,
            "may_withdraw": State.WITHDRAWN in MACHINE.transitions.table.get(self.state, ()),
            "story": story(case.number),
        }
        return render(self.request, "portal/qualifications/page.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def qualification(request: HttpRequest, me: Me, number: str) -> HttpResponse:
    """One application: everything that may be done with it in its state."""
    page = Page(request, me, own_case(me, Qualification, number))
    if request.method == "POST":
        act = ACTS.get(request.POST.get("act", ""))
        if act is None:
            raise Http404
        if act(page):
            return redirect(PAGE, number)
    return page.shown()


def _save(page: Page) -> bool:
    if not page.fields.is_valid():
        return False
    try:
        services.save(page.case, page.me.actor, **page.fields.cleaned_data)
    except BadValue as refusal:
        refused_in(page.fields, refusal, "phone")
        return False
    except Refusal as refusal:
        refused_in(page.fields, refusal)
        return False
    return True


def _save_alone(page: Page) -> bool:
    done = _save(page)
    if done:
        messages.success(page.request, _("已保存。可以接着填，也可以下次再来。"))
    return done


def _submit(page: Page) -> bool:
    """What was typed is kept, whether handing in succeeds or not."""
    if not _save(page):
        return False
    try:
        services.submit(page.case, page.me.actor)
    except FieldsMissing:
        page.fields.say_missing(asked_of(page.case, timezone.localdate()).fields)
        return False
    except Refusal as refusal:
        refused_in(page.fields, refusal)
        return False
    messages.success(page.request, _("已提交。办理进度在这一页上看，有变化会发消息给您。"))
    return True


def _withdraw(page: Page) -> bool:
    services.withdraw(page.case, page.me.actor)
    messages.success(page.request, _("申请已撤回。需要时可以重新申请。"))
    return True


def _appeal(page: Page) -> bool:
    if not page.appeal.is_valid():
        return False
    try:
        services.appeal(page.case, page.appeal.cleaned_data["grounds"], page.me.actor)
    except Refusal as refusal:
        refused_in(page.appeal, refusal)
        return False
    messages.success(page.request, _("申诉已提交，由另一位经办人重新决定。"))
    return True


ACTS: dict[str, Callable[[Page], bool]] = {
    "save": _save_alone,
    "submit": _submit,
    "withdraw": _withdraw,
    "appeal": _appeal,
}
"""What the page's buttons do; each says whether it was done."""


@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def papers(request: HttpRequest, me: Me, number: str) -> HttpResponse:
    """Where the papers of an application are sent."""
    page = Page(request, me, own_case(me, Qualification, number))
    case, actor = page.case, me.actor
    if page.kept is not None:
        messages.warning(request, _("登录过期前选好的文件没有保存，请重新选择。"))
    if request.method != "POST" or page.papers.carry_out(
        request,
        hand_in=lambda material, file: services.add_evidence(case, material, file, file.name, actor),
        remove=lambda paper: services.remove_evidence(case, paper, actor),
        show=lambda material, said: services.show_evidence(case, material, said, actor),
    ):
        return redirect(reverse(PAGE, args=[number]) + "#papers")
    return page.shown()


@require_safe
@own_page
def form_pdf(request: HttpRequest, me: Me, number: str) -> HttpResponse:
    """The application form with the person's data, to keep or to print."""
    case = own_case(me, Qualification, number)
    form = form_of(case, helper_of(me.person, me.actor), _absolute(request, number))
    return serve_document(print_pdf(form), f"{form.document.zh} {number}")


@require_safe
@own_page
def letter_pdf(request: HttpRequest, me: Me, number: str) -> HttpResponse:
    """The letter about the decision."""
    letter = letter_of(own_case(me, Qualification, number), _absolute(request, number))
    if letter is None:
        raise Http404
    return serve_document(print_pdf(letter, language=language()), f"{letter.document.zh} {number}")


def _absolute(request: HttpRequest, number: str) -> str:
    return request.build_absolute_uri(reverse(PAGE, args=[number]))
