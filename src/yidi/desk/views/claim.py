"""Setting a claim right before it is assessed: its lines, and the provider that it is about."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yidi.accounts.actors import Actor
from yidi.accounts.doors import staff_only
from yidi.accounts.errors import NotAllowed, OutsideRegion
from yidi.accounts.kept_input import pop_kept_input
from yidi.accounts.terms import Action
from yidi.claims import services
from yidi.claims.models import Claim
from yidi.claims.queries import lines_of
from yidi.desk.case_file import CaseFile
from yidi.desk.clerks import clerk_of
from yidi.desk.forms.claim import CorrectForm, NameProviderForm, ProviderSearch
from yidi.desk.views.case import seen_in
from yidi.operations.handling import as_seen
from yidi.operations.looks import open_case
from yidi.pages.lines import MORE_ROWS, LineTable, table_of, typed_table
from yidi.pages.refusals import CONFLICT
from yidi.providers.queries import search
from yidi.values.errors import Refusal

READ_AND_SEND = ["GET", "HEAD", "POST"]


@staff_only(Action.ASSESS_CLAIM)
@require_http_methods(READ_AND_SEND)
def lines(request: HttpRequest, number: str) -> HttpResponse:
    """The lines of the bill as a table to be corrected beside the papers; more rows by a button that keeps everything."""
    clerk = clerk_of(request)
    claim = _claim(number, clerk)
    kept = pop_kept_input(request)
    if kept is not None:
        table, form = typed_table(kept.fields), CorrectForm(claim, kept.fields)
        return _lines_page(request, CaseFile(claim, clerk), table, form)
    if request.method != "POST":
        return _lines_page(request, CaseFile(claim, clerk), table_of(lines_of(claim)), CorrectForm(claim))
    table, form = typed_table(request.POST), CorrectForm(claim, request.POST)
    if "more" in request.POST:
        table.extend(MORE_ROWS)
        form.full_clean()
        form.errors.clear()
        return _lines_page(request, CaseFile(claim, clerk), table, form)
    if not form.is_valid() or table.faults:
        return _lines_page(request, CaseFile(claim, clerk), table, form)
    try:
        typed = form.cleaned_data
        as_seen(
            claim,
            seen_in(request),
            lambda: services.correct_lines(claim, table.lines, typed["reason"], clerk, typed["total"]),
        )
    except (NotAllowed, OutsideRegion):
        raise
    except Refusal as refusal:
        return _lines_page(request, CaseFile(_claim(number, clerk), clerk), table, form, refusal)
    messages.success(request, _("已更正。"))
    return redirect("desk:case", claim.number)


def _lines_page(
    request: HttpRequest,
    file: CaseFile,
    table: LineTable,
    form: CorrectForm,
    refusal: Refusal | None = None,
) -> HttpResponse:
    context = {"file": file, "case": file.case, "table": table, "form": form, "refusal": refusal}
    return render(request, "desk/cases/lines.html", context, status=CONFLICT if refusal else 200)


@staff_only(Action.ASSESS_CLAIM)
@require_http_methods(READ_AND_SEND)
def provider(request: HttpRequest, number: str) -> HttpResponse:
    """Match the claim with a provider of the register: search by GET, choose by POST."""
    clerk = clerk_of(request)
    claim = _claim(number, clerk)
    asked = request.GET if "text" in request.GET else {"text": claim.where}
    find = ProviderSearch(asked)
    typed = find.cleaned_data if find.is_valid() else {}
    found = search(typed.get("text", ""), typed.get("place", ""))
    form, refusal = NameProviderForm(found, request.POST or None), None
    if form.is_valid():
        chosen, level, reason = (form.cleaned_data[name] for name in ("provider", "level", "reason"))
        try:
            as_seen(
                claim,
                seen_in(request),
                lambda: services.name_provider(claim, chosen, clerk, level, reason),
            )
        except (NotAllowed, OutsideRegion):
            raise
        except Refusal as told:
            refusal, claim = told, _claim(number, clerk)
        else:
            messages.success(request, _("已对上机构登记。"))
            return redirect("desk:case", claim.number)
    file = CaseFile(claim, clerk)
    context = {"file": file, "case": claim, "find": find, "found": found, "form": form, "refusal": refusal}
    return render(request, "desk/cases/provider.html", context, status=CONFLICT if refusal else 200)


def _claim(number: str, clerk: Actor) -> Claim:
    """A claim of the region. Raises UnknownCase; Http404 for a case that is no claim."""
    found = open_case(number, clerk)
    if not isinstance(found, Claim):
        raise Http404
    return found
