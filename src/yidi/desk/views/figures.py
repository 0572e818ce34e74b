"""Figures: how many cases, how fast, how they came out, what it cost; as tables, charts and spreadsheets."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from yidi.accounts.doors import staff_only
from yidi.accounts.terms import Action
from yidi.desk.clerks import clerk_of
from yidi.desk.figures import FIGURES, Asked
from yidi.desk.forms.figures import FiguresForm
from yidi.pages.serving import serve_sheet


@staff_only(Action.SEE_FIGURES)
@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """All figures of a period."""
    form, asked = _asked(request)
    found = [make(asked) for make in FIGURES.values()]
    return render(
        request, "desk/figures/figures.html", {"form": form, "figures": found, "scope": asked.scope}
    )


@staff_only(Action.SEE_FIGURES)
@require_safe
def export(request: HttpRequest, name: str) -> HttpResponse:
    """One table as a spreadsheet."""
    if name not in FIGURES:
        raise Http404
    _form, asked = _asked(request)
    table = FIGURES[name](asked).table
    scope = asked.scope
    return serve_sheet(table.sheet(), f"{table.title} {scope.first} {scope.last}")


def _asked(request: HttpRequest) -> tuple[FiguresForm, Asked]:
    actor, today = clerk_of(request), timezone.localdate()
    form = FiguresForm(actor, today, request.GET if {"first", "last", "pool"} & request.GET.keys() else None)
    return form, Asked(form.scope(), actor, today)
