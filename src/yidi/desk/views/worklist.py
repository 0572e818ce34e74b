"""The work list: open cases of the region by deadline, and handing them out."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from yidi.accounts.doors import staff_only
from yidi.accounts.queries import names_of
from yidi.accounts.terms import Action
from yidi.desk.clerks import clerk_of
from yidi.desk.deeds import colleagues_of
from yidi.desk.forms.worklist import FindForm, HandOutForm, WorklistForm, chips, wanted_in
from yidi.desk.nav import pages_for
from yidi.operations import handling
from yidi.operations.cases import find_for_clerk, room_of, state_of
from yidi.operations.deadlines import Deadline, deadline
from yidi.operations.errors import TooManyCases, UnknownCase
from yidi.operations.terms import Offer
from yidi.operations.worklist import cases_of, tally, worklist
from yidi.pages.sign_in import refused_in
from yidi.pages.templatetags.pages import say
from yidi.values.terms import CaseKind, Term

PER_PAGE = 25


@dataclass(frozen=True, slots=True)
class Row:
    """One case of the list."""

    case: Any
    kind: CaseKind
    state: Term
    deadline: Deadline | None
    holder: str
    """What the clerk is called on whose desk it lies; empty where nobody has it."""


@staff_only()
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Where members of staff land: the work list, or the first page that their offices open."""
    first = next(pages_for(clerk_of(request)))
    return show(request) if first.name == "worklist" else redirect(f"desk:{first.name}")


@staff_only(Action.SEE_CASES)
def show(request: HttpRequest) -> HttpResponse:
    """The list, sorted out as the address says; a case's number typed into it leads to the case."""
    clerk, today = clerk_of(request), timezone.localdate()
    find = FindForm(request.GET)
    if find.is_valid() and find.cleaned_data["number"]:
        try:
            return redirect("desk:case", find_for_clerk(find.cleaned_data["number"], clerk).number)
        except UnknownCase as refusal:
            refused_in(find, refusal, "number")
    wanted = wanted_in(request.GET)
    counted = tally(clerk, wanted, today)
    page = Paginator(worklist(clerk, wanted, today), PER_PAGE).get_page(request.GET.get("page"))
    cases = cases_of(page.object_list)
    may_assign = clerk.may_do(Action.ASSIGN, clerk.region)
    context = {
        "find": find,
        "chips": chips(counted, request.GET),
        "form": WorklistForm(counted),
        "page": page,
        "rows": rows_of(cases),
        "total": counted.total,
        "may_take_on": clerk.may_do(Action.TAKE_UP, clerk.region),
        "hand_out": HandOutForm(colleagues_of(clerk)) if may_assign else None,
        "take_on": Offer.TAKE_ON,
        "assign": Offer.ASSIGN,
        "wanted": wanted,
    }
    return render(request, "desk/cases/list.html", context)


def rows_of(cases: Iterable[Any]) -> list[Row]:
    """The cases as rows of a list."""
    cases, today = list(cases), timezone.localdate()
    names = names_of(case.assigned_to for case in cases if case.assigned_to)
    return [
        Row(
            case,
            room_of(case).kind,
            state_of(case),
            deadline(case, today),
            names.get(case.assigned_to, case.assigned_to),
        )
        for case in cases
    ]


@staff_only(Action.TAKE_UP)
@require_http_methods(["GET", "HEAD", "POST"])
def hand_out(request: HttpRequest) -> HttpResponse:
    """Take the chosen cases on, or give them to a colleague: each is answered for by its number."""
    if request.method != "POST":
        return redirect("desk:worklist")
    clerk, numbers = clerk_of(request), request.POST.getlist("number")
    back = f"{reverse('desk:worklist')}?{QueryDict(request.POST.get('back', '')).urlencode()}"
    do: Callable[[Any], None] = partial(handling.take_on, clerk=clerk)
    if request.POST.get("do") == Offer.ASSIGN:
        form = HandOutForm(colleagues_of(clerk), request.POST)
        if not form.is_valid():
            messages.error(request, str(form.errors["clerk"][0]))
            return redirect(back)
        do = partial(handling.assign, colleague=form.cleaned_data["clerk"], clerk=clerk)
    try:
        answers = handling.each(numbers, clerk, do)
    except TooManyCases as refusal:
        messages.error(request, say(refusal))
        return redirect(back)
    _tell(request, answers)
    return redirect(back)


def _tell(request: HttpRequest, answers: list[handling.Answer]) -> None:
    done = [answer.number for answer in answers if answer.refusal is None]
    if done:
        told = _("已办理 %(count)d 件：%(numbers)s。")
        messages.success(request, told % {"count": len(done), "numbers": _("、").join(done)})
    for answer in answers:
        if answer.refusal is not None:
            messages.warning(request, f"{answer.number}{_('：')}{say(answer.refusal)}")
    if not answers:
        messages.warning(request, _("没有选中办件。请先在列表里勾选。"))
