"""The counter of a provider without a system of its own: find the person, register, write the bill, settle, cancel."""

import secrets
from functools import wraps
from typing import Any, Protocol

from django import forms
from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yidi.accounts.doors import staff_only
from yidi.accounts.models import User
from yidi.accounts.terms import Action
from yidi.audit.services import looked
from yidi.catalogue.queries import search
from yidi.desk.clerks import clerk_of
from yidi.desk.forms.counter import (
    CancelForm,
    DescribeForm,
    IdentityForm,
    LineForm,
    RegistrationForm,
    SearchForm,
    SettleForm,
)
from yidi.desk.targets import button_target, form_target
from yidi.documents.services import render as print_pdf
from yidi.operations.explained import Explained, explained
from yidi.pages.language import language
from yidi.pages.serving import serve_document
from yidi.pages.sign_in import refused_in
from yidi.pages.templatetags.pages import say
from yidi.people.errors import UnknownPerson
from yidi.people.models import Person
from yidi.providers.models import Provider
from yidi.qualification.queries import diseases_held
from yidi.reference import regions
from yidi.settlement import counter, services
from yidi.settlement.errors import AlreadyCancelled, UnknownLine, UnknownSettlement, UnknownVisit
from yidi.settlement.models import Settlement, Visit
from yidi.settlement.papers import slip_of
from yidi.settlement.queries import settled_at, settlement_at, standing_of, unsettled_at, visit_at
from yidi.settlement.services import NewDiagnosis, Registration
from yidi.settlement.states import VisitState
from yidi.values.errors import Refusal

FOUND = "counter-person"
"""What the seal of a found person is good for."""
GOOD_FOR_S = 3600
SHOWN = 20
"""Visits and settlements on the first page."""
cashiers = staff_only(Action.SETTLE_AT_COUNTER)


class AtProvider(Protocol):
    """A view that knows at which provider it is."""

    def __call__(
        self, request: HttpRequest, provider: Provider, *parts: Any, **named: Any
    ) -> HttpResponse: ...


def at_provider(view: AtProvider) -> Any:
    """Gives a view the provider at whose counter the cashier works. Others' visits and settlements are not there."""

    @wraps(view)
    def at(request: HttpRequest, *parts: Any, **named: Any) -> HttpResponse:
        user = request.user
        assert isinstance(user, User)  # noqa: S101 - the door lets nobody else in
        try:
            return view(request, counter.provider_of(user), *parts, **named)
        except (UnknownVisit, UnknownSettlement):
            raise Http404 from None

    return cashiers(at)


@at_provider
@require_safe
def home(request: HttpRequest, provider: Provider) -> HttpResponse:
    """What is open, and what was settled last."""
    return _home(request, provider, IdentityForm())


def _home(request: HttpRequest, provider: Provider, form: forms.Form) -> HttpResponse:
    context = {
        "provider": provider,
        "form": form,
        "visits": unsettled_at(provider)[:SHOWN],
        "settlements": settled_at(provider)[:SHOWN],
    }
    return render(request, "desk/counter/home.html", context)


@at_provider
@form_target("desk:counter")
def find(request: HttpRequest, provider: Provider, sent: QueryDict) -> HttpResponse:
    """The person with an identity number, which so stands in no address."""
    form = IdentityForm(sent)
    if request.method == "POST" and form.is_valid():
        try:
            person = counter.find(form.cleaned_data["identity"], clerk_of(request))
            return _registration(request, provider, person)
        except UnknownPerson as refusal:
            refused_in(form, refusal, "identity")
        except Refusal as refusal:
            refused_in(form, refusal)
    return _home(request, provider, form)


def _registration(
    request: HttpRequest, provider: Provider, person: Person, form: RegistrationForm | None = None
) -> HttpResponse:
    ways = counter.ways_insured(person, provider)
    number = f"MZ{timezone.localtime():%Y%m%d%H%M%S}"
    context = {
        "provider": provider,
        "person": person,
        "ways": ways,
        "seal": signing.dumps([person.pk, request.user.pk], salt=FOUND),
        "form": form or RegistrationForm(ways, initial={"number": number}),
    }
    return render(request, "desk/counter/person.html", context)


@at_provider
@form_target("desk:counter")
def register(request: HttpRequest, provider: Provider, sent: QueryDict) -> HttpResponse:
    """A visit of the person who was found."""
    try:
        key, user = signing.loads(sent.get("seal", ""), salt=FOUND, max_age=GOOD_FOR_S)
    except signing.BadSignature:
        key, user = 0, 0
    person = Person.objects.filter(pk=key).first() if user == request.user.pk else None
    if person is None:
        messages.warning(request, _("等待时间过长，请重新输入身份证号。"))
        return redirect("desk:counter")
    form = RegistrationForm(counter.ways_insured(person, provider), sent)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        wanted = Registration(
            given["number"], timezone.now(), given["doctor_code"], given["doctor_name"], given["department"]
        )
        coverage = form.ways[given["coverage"]].coverage
        try:
            visit = counter.register(provider, coverage, wanted, clerk_of(request))
        except Refusal as refusal:
            refused_in(form, refusal, "number")
        else:
            return redirect("desk:counter_visit", visit.number)
    return _registration(request, provider, person, form)


@at_provider
@require_safe
def visit(request: HttpRequest, provider: Provider, number: str) -> HttpResponse:
    """A visit with its bill as far as it is written."""
    found = visit_at(provider, number)
    standing = standing_of(found)
    if standing is not None:
        return redirect("desk:counter_settlement", standing.number)
    return _visit(request, found)


def _visit(
    request: HttpRequest, found: Visit, purpose: DescribeForm | None = None, line: LineForm | None = None
) -> HttpResponse:
    """The page of an open visit, with the form that was sent and refused, if one was."""
    wanted = SearchForm(request.GET)
    text = line.data.get("q", "") if line else wanted.cleaned_data["q"] if wanted.is_valid() else ""
    items = _items(found, text)
    lines = counter.lines_of(found)
    context = {
        "visit": found,
        "is_open": found.state == VisitState.OPEN,
        "described": bool(found.benefit),
        "diagnosis": found.diagnoses.order_by("rank").first(),
        "purpose": purpose or DescribeForm(found, diseases_held(found.coverage, _day(found))),
        "search": SearchForm(initial={"q": text}),
        "searched": text,
        "found": items,
        "restricted": any(item.restricted for item in items),
        "line": line or LineForm(items, initial={"q": text, "serial": counter.next_serial(found)}),
        "form": purpose or line,
        "lines": lines,
        "total": counter.total_of(lines),
    }
    return render(request, "desk/counter/visit.html", context)


def _items(found: Visit, text: str) -> list[Any]:
    return search(regions.province_of(found.provider.region), text, _day(found))


def _day(found: Visit) -> Any:
    return timezone.localdate(found.began)


@at_provider
@form_target("desk:counter_visit", "number")
def describe(request: HttpRequest, provider: Provider, number: str, sent: QueryDict) -> HttpResponse:
    """What the visit is for."""
    found = visit_at(provider, number)
    form = DescribeForm(found, diseases_held(found.coverage, _day(found)), sent)
    if request.method == "POST" and form.is_valid():
        benefit, disease = form.benefit_and_disease
        given = form.cleaned_data
        diagnosis = NewDiagnosis(1, counter.MAIN_DIAGNOSIS, given["diagnosis_code"], given["diagnosis_name"])
        try:
            services.describe_visit(
                found, benefit, disease, given["emergency"], [diagnosis], clerk_of(request)
            )
        except Refusal as refusal:
            refused_in(form, refusal)
        else:
            return redirect("desk:counter_visit", number)
    return _visit(request, found, purpose=form)


@at_provider
@form_target("desk:counter_visit", "number")
def add_line(request: HttpRequest, provider: Provider, number: str, sent: QueryDict) -> HttpResponse:
    """One more line."""
    found = visit_at(provider, number)
    form = LineForm(_items(found, sent.get("q", "")[:60]), sent)
    if request.method == "POST" and form.is_valid():
        try:
            counter.add_line(found, actor=clerk_of(request), **form.line)
        except Refusal as refusal:
            refused_in(form, refusal)
        else:
            return redirect("desk:counter_visit", number)
    return _visit(request, found, line=form)


@at_provider
@button_target("desk:counter_visit", "number")
def remove_line(request: HttpRequest, provider: Provider, number: str) -> HttpResponse:
    """One line less; that it is gone already is what was wanted."""
    found = visit_at(provider, number)
    try:
        services.withdraw_line(found, request.POST.get("serial", "")[:30], clerk_of(request))
    except UnknownLine:
        messages.warning(request, _("这一行已经删去了。"))
    except Refusal as refusal:
        messages.error(request, say(refusal))
    return redirect("desk:counter_visit", number)


@at_provider
@button_target("desk:counter_visit", "number")
def withdraw(request: HttpRequest, provider: Provider, number: str) -> HttpResponse:
    """The visit never was."""
    found = visit_at(provider, number)
    try:
        services.withdraw_visit(found, clerk_of(request))
    except Refusal as refusal:
        messages.error(request, say(refusal))
        return redirect("desk:counter_visit", number)
    messages.success(request, _("已撤销挂号。"))
    return redirect("desk:counter")


@at_provider
@require_safe
def presettle(request: HttpRequest, provider: Provider, number: str) -> HttpResponse:
    """What settling would come to: what the cashier reads out before anything is settled."""
    found = visit_at(provider, number)
    standing = standing_of(found)
    if standing is not None:
        return redirect("desk:counter_settlement", standing.number)
    return _presettled(request, found)


def _presettled(request: HttpRequest, found: Visit, sent: SettleForm | None = None) -> HttpResponse:
    context: dict[str, Any] = {"visit": found, "sent": sent}
    try:
        assessment = counter.presettled(found)
    except Refusal as refusal:
        context["refusal"] = refusal
    else:
        person = found.coverage.person
        looked(clerk_of(request), person.number, f"presettle {found.number}", counter.WHY)
        decision = assessment.decision
        shown = {
            "token": secrets.token_hex(16),
            "total": decision.split.total,
            "funds": decision.funds,
            "invoice": sent.data.get("invoice", "") if sent else "",
        }
        context |= {"explained": Explained(assessment), "form": SettleForm(initial=shown)}
    return render(request, "desk/counter/presettle.html", context)


@at_provider
@form_target("desk:counter_presettle", "number")
def settle(request: HttpRequest, provider: Provider, number: str, sent: QueryDict) -> HttpResponse:
    """Settle what was shown; clicked twice it is settled once."""
    found = visit_at(provider, number)
    form = SettleForm(sent)
    if request.method == "POST" and form.is_valid():
        try:
            done = counter.settle(found, actor=clerk_of(request), **form.cleaned_data)
        except Refusal as refusal:
            refused_in(form, refusal)
        else:
            return redirect("desk:counter_settlement", done.number)
    standing = standing_of(found)
    if standing is not None:
        messages.warning(request, _("这次就诊已经结算过了，没有重复结算。"))
        return redirect("desk:counter_settlement", standing.number)
    return _presettled(request, found, form)


@at_provider
@require_safe
def settlement(request: HttpRequest, provider: Provider, number: str) -> HttpResponse:
    """A settled bill: what to tell the person, the slip, and how to take it back."""
    row = settlement_at(provider, number)
    looked(clerk_of(request), row.visit.coverage.person.number, f"settlement {row.number}", counter.WHY)
    return _settlement(request, row)


def _settlement(request: HttpRequest, row: Settlement) -> HttpResponse:
    context = {
        "settlement": row,
        "explained": explained(row),
        "cancel": CancelForm(initial={"token": secrets.token_hex(16)}),
    }
    return render(request, "desk/counter/settlement.html", context)


@at_provider
@button_target("desk:counter_settlement", "number")
def cancel(request: HttpRequest, provider: Provider, number: str) -> HttpResponse:
    """Take a settlement back; clicked twice it is taken back once."""
    row = settlement_at(provider, number)
    form = CancelForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("页面已过期，没有撤销。请再试一次。"))
        return redirect("desk:counter_settlement", number)
    try:
        counter.cancel(row, form.cleaned_data["token"], clerk_of(request))
    except AlreadyCancelled as refusal:
        messages.warning(request, say(refusal))
    else:
        messages.success(request, _("已撤销结算。需要时可以重新预结算。"))
    return redirect("desk:counter_settlement", number)


@at_provider
@require_safe
def slip(request: HttpRequest, provider: Provider, number: str) -> HttpResponse:
    """The slip that the person takes home."""
    row = settlement_at(provider, number)
    form = slip_of(row)
    looked(clerk_of(request), row.visit.coverage.person.number, f"slip {row.number}", counter.WHY)
    return serve_document(print_pdf(form, language=language()), f"{form.document.zh} {number}")
