"""The rules of a pool, read only: what they say and on what grounds, where sources disagree, what is old, what is missing."""

from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from yidi.accounts.doors import staff_only
from yidi.accounts.terms import Action
from yidi.desk.clerks import clerk_of
from yidi.desk.forms.policy import AGES, PoolForm, RulesForm, StaleForm
from yidi.policy import listing
from yidi.policy.book import book
from yidi.policy.lookup import matter_of
from yidi.policy.survey import MATTERS
from yidi.policy.survey import coverage as covered
from yidi.values.terms import Scheme

readers = staff_only(Action.SEE_POLICY)


def _shown(request: HttpRequest, name: str, form: PoolForm, **context: Any) -> HttpResponse:
    common = {"form": form, "home": form.home, "digest": book().digest, "today": timezone.localdate()}
    return render(request, f"desk/policy/{name}.html", common | context)


@readers
@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """Every statement that may speak for the pool."""
    form = RulesForm(clerk_of(request), request.GET or None)
    asked = form.chosen
    scheme = asked.get("scheme") or Scheme.EMPLOYEE
    matters = (asked["matter"],) if asked.get("matter") else MATTERS
    found = [
        item
        for item in listing.stated(book(), form.home, scheme, matters)
        if item.place.adopted or not asked.get("adopted")
    ]
    groups = [
        (matter_of(matter), list(items)) for matter, items in groupby(found, lambda item: item.place.matter)
    ]
    return _shown(request, "rules", form, groups=groups, scheme=scheme, count=len(found))


@readers
@require_safe
def conflicts(request: HttpRequest) -> HttpResponse:
    """Where sources disagree."""
    form = PoolForm(clerk_of(request), request.GET or None)
    found = listing.contested_in(book(), form.home)
    told = [(name, book().conflicts[name], places) for name, places in found.items()]
    return _shown(request, "conflicts", form, conflicts=told)


@readers
@require_safe
def stale_sources(request: HttpRequest) -> HttpResponse:
    """What nobody has looked at for some time."""
    form = StaleForm(clerk_of(request), request.GET or None)
    days = int(form.chosen.get("days") or AGES[1])
    found = listing.stale_in(book(), form.home, timezone.localdate(), days)
    rows = [(item, book().sources[item.source].title) for item in found]
    return _shown(request, "stale", form, rows=rows, days=days)


@readers
@require_safe
def coverage(request: HttpRequest) -> HttpResponse:
    """How far the rules answer, matter by matter, and what is missing."""
    form = PoolForm(clerk_of(request), request.GET or None)
    found = {(item.matter, item.scheme): item for item in covered(book(), timezone.localdate(), [form.home])}
    rows = [
        (matter_of(matter), [found[matter, scheme] for scheme in Scheme])
        for matter in MATTERS
        if any(found[matter, scheme].state != "none" for scheme in Scheme)
    ]
    return _shown(request, "coverage", form, rows=rows, schemes=list(Scheme))
