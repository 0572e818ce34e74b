"""The plan of somebody who signed in: filled in from their record, each step as it stands for them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from yidi.guide.services import notices
from yidi.operations.mine import care_regions_of, coverages_in, diseases_of
from yidi.operations.my_plan import my_plan
from yidi.portal.my_plan_form import MyPlanForm
from yidi.portal.own import Me, own_page


@require_safe
@own_page
def plan_page(request: HttpRequest, me: Me) -> HttpResponse:
    """The form and, where it is filled or a filing says where to, the plan."""
    today = timezone.localdate()
    coverages = coverages_in(me.person, today, me.pools)
    places = care_regions_of(me.person, today, me.pools)
    asked = any(name in request.GET for name in MyPlanForm.base_fields)
    care = places[0] if places else ""
    codes = diseases_of(me.person, coverages, today, me.pools)
    form = MyPlanForm(coverages, codes, today, request.GET if asked else None, care)
    if not asked and care and coverages:
        form = MyPlanForm(coverages, codes, today, dict(form.initial) | {"total": ""}, care)
    found = my_plan(form.coverage(), form.wanted(), today) if coverages and form.is_valid() else None
    context = {
        "form": form,
        "coverages": coverages,
        "mine": found,
        "plan": found.plan if found else None,
        "my_steps": found.steps if found else None,
        "notices": notices(),
        "references": {citation: number for number, citation in enumerate(found.plan.citations, 1)}
        if found
        else {},
    }
    return render(request, "portal/me/plan.html", context)
