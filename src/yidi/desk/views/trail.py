"""The trail and the log of looks, for auditors."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from yidi.accounts.doors import staff_only
from yidi.accounts.queries import names_of
from yidi.accounts.terms import Action
from yidi.desk.clerks import clerk_of
from yidi.desk.forms.trail import TrailForm
from yidi.operations import trail as trails
from yidi.operations.errors import NotHere, TrailTooLong, UnknownCase
from yidi.operations.terms import TrailFile, TrailKind
from yidi.pages.fields import day_text
from yidi.pages.language import language
from yidi.pages.serving import serve_csv, serve_sheet
from yidi.pages.sign_in import refused_in
from yidi.values.errors import Refusal

PER_PAGE = 50
BESIDE: dict[type[Refusal], str] = {NotHere: "person", UnknownCase: "case"}
EXPORT = "export"
"""The name of the buttons that make a file."""


@staff_only(Action.SEE_TRAIL)
@require_http_methods(["GET", "HEAD", "POST"])
def trail(request: HttpRequest) -> HttpResponse:
    """What was asked for, page by page, or as a file; at first all that was done today. A case may stand in the address."""
    auditor, today = clerk_of(request), day_text(timezone.localdate())
    first = {"kind": str(TrailKind.DEEDS), "case": request.GET.get("case", "")}
    if not first["case"]:
        first |= {"first": today, "last": today}
    form = TrailForm(request.POST if request.method == "POST" else first)
    context: dict[str, Any] = {"form": form, "files": tuple(TrailFile), "page": None}
    if form.is_valid():
        asked = form.asked()
        try:
            trails.must_be_here(asked, auditor)
            if request.POST.get(EXPORT) in TrailFile.spellings():
                return _file(request, asked)
        except (NotHere, UnknownCase, TrailTooLong) as refusal:
            refused_in(form, refusal, BESIDE.get(type(refusal)))
        else:
            page = Paginator(trails.rows(asked, auditor), PER_PAGE).get_page(request.POST.get("page"))
            lines = trails.lines(list(page.object_list))
            context |= {
                "page": page,
                "lines": lines,
                "names": names_of(line.row.actor for line in lines),
                "looks": asked.kind is TrailKind.LOOKS,
            }
    return render(request, "desk/trail.html", context)


def _file(request: HttpRequest, asked: trails.Asked) -> HttpResponse:
    form = TrailFile(request.POST[EXPORT])
    content = trails.export(asked, form, clerk_of(request), language())
    name = f"{asked.kind.label(language())} {timezone.localdate()}"
    return serve_csv(content, name) if form is TrailFile.CSV else serve_sheet(content, name)
