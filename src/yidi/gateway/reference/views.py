"""The reference as pages, for anybody; and the form that tries a message, where the data are invented."""

import re
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from yidi.gateway.declarations import Mark
from yidi.gateway.dialects import PRESETS, stored
from yidi.gateway.errors import TransportRefusal
from yidi.gateway.json_text import parse, pretty
from yidi.gateway.reference import openapi as openapi_document
from yidi.gateway.reference import trial
from yidi.gateway.reference.forms import TrialForm
from yidi.gateway.reference.markdown import KINDS, MARKS, notes
from yidi.gateway.reference.model import Entry, all_refusals, by_area, entries, envelope, find, texts
from yidi.gateway.reference.samples import FILE, sample_of
from yidi.gateway.reference.script import messages, scene_of
from yidi.gateway.reference.transport import addresses, vectors
from yidi.gateway.remedies import REMEDIES
from yidi.gateway.security.terms import InputSignature, Scheme
from yidi.pages.templatetags.pages import say
from yidi.reference import dictionaries
from yidi.reference.errors import UnknownDictionary
from yidi.values.errors import Refusal

_FAULTS = re.compile(r"(?<=[：；])\d+\) (.+?)(?=；\d+\) |；其余|。请全部改正)")


@dataclass(frozen=True, slots=True)
class Told:
    """A refusal as a page tells it: a template would make one of the class."""

    code: str
    zh: str
    en: str
    status: int
    helps: str
    """The transaction that helps against it."""
    users: list[Entry]
    """Which transactions may refuse so; none = every message may."""


def _told(kind: type[Refusal]) -> Told:
    status = kind.status if issubclass(kind, TransportRefusal) else 200
    users = [entry for entry in entries().values() if kind in entry.refusals]
    return Told(kind.code, kind.zh, kind.en, status, REMEDIES.get(kind.code, ""), users)


def _shown(request: HttpRequest, page: str, /, **context: Any) -> HttpResponse:
    return render(request, f"gateway/{page}.html", {"marks": MARKS, "kinds": KINDS, **context})


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every transaction, by area."""
    return _shown(request, "index", areas=by_area(), unconfirmed=Mark.UNCONFIRMED)


@require_safe
def envelope_page(request: HttpRequest) -> HttpResponse:
    """What every message and every reply is wrapped in."""
    reply = openapi_document.document()["components"]["schemas"]["reply"]["properties"]
    sample = sample_of(entries()["1101"].transaction)
    return _shown(request, "envelope", table=envelope(), reply=reply, sample=sample)


@require_safe
def transport(request: HttpRequest) -> HttpResponse:
    """Where messages go, how they are signed, and how to check one's own signature."""
    return _shown(
        request,
        "transport",
        addresses=addresses(),
        vectors=vectors(),
        statuses=openapi_document.statuses(),
        schemes=list(Scheme),
        signatures=list(InputSignature),
    )


@require_safe
def dialects_page(request: HttpRequest) -> HttpResponse:
    """What clients of single regions want otherwise, and what is taken from anybody."""
    words = texts()["dialects"]
    places = [
        (name, words["places"][name], [(words["options"][key], value) for key, value in stored(form).items()])
        for name, form in PRESETS.items()
    ]
    return _shown(request, "dialects", places=places, tolerances=texts()["tolerances"])


@require_safe
def errors(request: HttpRequest) -> HttpResponse:
    """Every refusal that a sender may be told."""
    return _shown(request, "errors", told=[_told(kind) for kind in all_refusals()])


@require_safe
def doubts(request: HttpRequest) -> HttpResponse:
    """What the sources do not agree on or nobody has confirmed, and what this centre does."""
    uncertain = [
        entry
        for entry in entries().values()
        if entry.transaction.doubt or entry.transaction.mark is not Mark.AGREED
    ]
    fields = [(entry, entry.doubts) for entry in entries().values() if entry.doubts]
    of_envelope = [row for row in envelope().rows if row.field.doubt]
    return _shown(request, "doubts", uncertain=uncertain, fields=fields, of_envelope=of_envelope)


@require_safe
def dictionary_list(request: HttpRequest) -> HttpResponse:
    """Every dictionary, and which transactions use it."""
    rows = [(name, dictionaries.title(name), _users(name)) for name in dictionaries.names()]
    return _shown(request, "dictionaries", rows=rows)


@require_safe
def dictionary(request: HttpRequest, name: str) -> HttpResponse:
    """The codes of one dictionary: national, unconfirmed, and those of single regions."""
    try:
        title = dictionaries.title(name)
    except UnknownDictionary:
        raise Http404 from None
    national = dictionaries.dictionary(name)
    every = dictionaries.dictionary(name, unconfirmed=True)
    return _shown(
        request,
        "dictionary",
        name=name,
        title=title,
        national=national.items(),
        unconfirmed=[(code, said) for code, said in every.items() if code not in national],
        local=[(code, sorted(said)) for code, said in dictionaries.local_codes(name).items()],
        users=_users(name),
    )


def _users(name: str) -> list[Entry]:
    return [
        entry
        for entry in entries().values()
        if any(
            row.field.dictionary == name for table in (*entry.requests, *entry.replies) for row in table.rows
        )
    ]


@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    """The OpenAPI document."""
    return HttpResponse(openapi_document.text(), content_type="application/json; charset=utf-8")


@require_http_methods(["GET", "HEAD", "POST"])
def transaction(request: HttpRequest, infno: str) -> HttpResponse:
    """One transaction; a POST tries a message of it, or makes one ready to be tried."""
    entry = find(infno)
    if entry is None:
        raise Http404
    if entry.infno != infno:
        return redirect("reference:transaction", entry.infno)
    tried = _tried(request, entry)
    return _shown(
        request,
        "transaction",
        entry=entry,
        item=entry.transaction,
        notes=list(notes(entry)),
        told=[_told(kind) for kind in entry.refusals],
        sample=sample_of(entry.transaction),
        mark=MARKS[entry.transaction.mark],
        testers=trial.testers(),
        before=scene_of(entry.infno),
        knows=entry.infno in messages(),
        **tried,
    )


def _tried(request: HttpRequest, entry: Entry) -> dict[str, Any]:
    """The form, and what came back where a message was sent."""
    testers = trial.testers()
    plain = sample_of(entry.transaction).request
    if request.method != "POST":
        return {"form": TrialForm(testers, initial={"message": plain})}
    form = TrialForm(testers, request.POST)
    try:
        sender = trial.tester(request.POST.get("sender", ""))
        if request.POST.get("do") == "prepare":
            ready = pretty(trial.ready(sender, entry.infno))
            return {"form": TrialForm(testers, initial={"sender": sender.provider.code, "message": ready})}
        if form.is_valid():
            return {
                "form": form,
                "answer": _answer(trial.send(sender, form.cleaned_data["message"].encode())),
            }
    except Refusal as refusal:
        form.add_error(None, say(refusal))
    return {"form": form}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, for reading."""

    status: int
    milliseconds: int
    text: str
    refused: str
    faults: list[str]


def _answer(outcome: trial.Outcome) -> Answer:
    reply = outcome.reply
    if reply.file is not None:
        told = _("{count} 字节").format(count=len(reply.file))
        return Answer(reply.status, outcome.milliseconds, f"{FILE} {told}", "", [])
    body = parse(reply.text)
    said = body["err_msg"] or ""
    return Answer(reply.status, outcome.milliseconds, pretty(body), said, _FAULTS.findall(said))
