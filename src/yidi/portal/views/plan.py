"""The portal's first page: read the form, ask the guide, show the answer."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from yidi.guide.services import notices, plan
from yidi.portal.forms import PlanForm

READING = ("GET", "HEAD")
View = Callable[[HttpRequest], HttpResponse]


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
def plan_page(request: HttpRequest) -> HttpResponse:
    """The first page: the form and, once it is filled, the plan. All state is in the address."""
    asked = any(name in request.GET for name in PlanForm.base_fields)
    form = PlanForm(request.GET if asked else None, today=timezone.localdate())
    found = plan(form.question()) if form.is_valid() else None
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
        },
    )
