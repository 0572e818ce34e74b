"""The portal's pages: read the form, ask the guide, show the answer."""

from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt

from yidi.guide.services import notices, plan
from yidi.portal.forms import PlanForm
from yidi.portal.language import View, in_chosen_language, same_page_in

OTHER_LANGUAGE = {"zh-hans": "en", "en": "zh-hans"}

READING = ("GET", "HEAD")


def for_reading_only(view: View) -> View:
    """Run a view for GET and HEAD; anything else gets a page that says so. Nothing is changed, so no token is asked."""

    @csrf_exempt
    @wraps(view)
    def reading(request: HttpRequest) -> HttpResponse:
        if request.method in READING:
            return view(request)
        response = render(request, "405.html", status=405)
        response.headers["Allow"] = ", ".join(READING)
        return response

    return reading


@for_reading_only
@in_chosen_language
def plan_page(request: HttpRequest) -> HttpResponse:
    """The first page: the form and, once it is filled, the plan. All state is in the address."""
    asked = any(name in request.GET for name in PlanForm.base_fields)
    form = PlanForm(request.GET if asked else None, today=timezone.localdate())
    found = plan(form.question()) if form.is_valid() else None
    language = get_language() or ""
    return render(
        request,
        "portal/plan.html",
        {
            "form": form,
            "plan": found,
            "notices": notices(),
            "references": {citation: number for number, citation in enumerate(found.citations, 1)}
            if found
            else {},
            "other_language": OTHER_LANGUAGE[language],
            "other_language_query": same_page_in(request.GET, OTHER_LANGUAGE[language]),
        },
    )
