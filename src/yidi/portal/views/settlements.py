"""Bills that were settled at the counter: what each came to, and why."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from yidi.documents.services import render as print_pdf
from yidi.operations.explained import explained
from yidi.pages.language import language
from yidi.pages.serving import serve_document
from yidi.portal.own import Me, own_page
from yidi.reference import diseases
from yidi.settlement.errors import UnknownSettlement
from yidi.settlement.models import Settlement
from yidi.settlement.papers import slip_of
from yidi.settlement.queries import of_person, own_settlement
from yidi.values.terms import Benefit, Level, Situation

PER_PAGE = 20


@require_safe
@own_page
def settlements(request: HttpRequest, me: Me) -> HttpResponse:
    """All settled bills of the person, the newest first."""
    page = Paginator(me.seen_of(of_person(me.person), "visit__coverage"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    return render(request, "portal/settlements/list.html", {"page": page})


def _own(me: Me, number: str) -> Settlement:
    """The person's settlement. Raises Http404, also where it is another's or another region's clerk looks."""
    try:
        found = own_settlement(me.person, number)
    except UnknownSettlement:
        raise Http404 from None
    if not me.seen_of(Settlement.objects.filter(pk=found.pk), "visit__coverage").exists():
        raise Http404
    return found


@require_safe
@own_page
def settlement(request: HttpRequest, me: Me, number: str) -> HttpResponse:
    """One settled bill: lines, who pays what, step by step, what would change it."""
    row = _own(me, number)
    visit = row.visit
    context = {
        "settlement": row,
        "explained": explained(row),
        "benefit": Benefit(visit.benefit),
        "disease": diseases.disease(visit.disease).name if visit.disease else "",
        "level": Level(row.level),
        "situation": Situation(row.situation),
    }
    return render(request, "portal/settlements/page.html", context)


@require_safe
@own_page
def slip_pdf(request: HttpRequest, me: Me, number: str) -> HttpResponse:
    """The settlement slip."""
    address = request.build_absolute_uri(reverse("portal:settlement", args=[number]))
    slip = slip_of(_own(me, number), address)
    return serve_document(print_pdf(slip, language=language()), f"{slip.document.zh} {number}")
