"""Lists as spreadsheets: templates, exports, and imports in two steps: check, then confirm the same file."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yidi.accounts.doors import staff_only
from yidi.accounts.terms import MATRIX, Action
from yidi.desk.clerks import clerk_of
from yidi.desk.forms.lists import ExportForm, ImportForm
from yidi.desk.targets import button_target, form_target, read_or_send
from yidi.evidence.errors import SheetRefused
from yidi.evidence.names import display_name
from yidi.evidence.uploads import received
from yidi.operations import lists, waiting
from yidi.operations.errors import AnotherFile, NoRows, NoSuchPart, TooManyRows
from yidi.operations.terms import ListKind
from yidi.pages.language import language
from yidi.pages.serving import serve_sheet
from yidi.pages.sign_in import refused_in
from yidi.pages.templatetags.pages import say

WAITING = "list-to-confirm"
"""Under which the session keeps where the checked file waits."""
REFUSED = (SheetRefused, NoRows, TooManyRows)


@staff_only(Action.EXPORT_LISTS)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """What can be exported and imported."""
    return _page(request)


@staff_only(Action.EXPORT_LISTS)
@form_target("desk:lists")
def export(request: HttpRequest, kind: str, sent: QueryDict) -> HttpResponse:
    """A list as a spreadsheet, or, where it is long, one part of it."""
    actor, wanted_kind = clerk_of(request), _kind(kind)
    form = ExportForm(wanted_kind, actor, sent)
    if request.method != "POST" or not form.is_valid():
        return _page(request, form)
    wanted, part = form.wanted(), sent.get("part", "")
    parts = wanted.parts(actor)
    if not parts:
        form.add_error(None, _("没有符合条件的记录，没有可以导出的。"))
        return _page(request, form)
    if parts > 1 and not part:
        return _page(request, form, parts)
    try:
        number = int(part) if part.isascii() and part.isdigit() and len(part) < 7 else 1
        content = lists.export_list(wanted, number, actor, form.cleaned_data["reason"], language())
    except NoSuchPart as refusal:
        refused_in(form, refusal)
        return _page(request, form)
    name = f"{say(wanted_kind)} {number}" if parts > 1 else say(wanted_kind)
    return serve_sheet(content, name)


@staff_only(Action.EXPORT_LISTS)
@require_safe
def template(request: HttpRequest, kind: str) -> HttpResponse:
    """The empty list."""
    wanted = _kind(kind)
    name = _("%(list)s模板") % {"list": say(wanted)}
    return serve_sheet(lists.template(wanted, language()), name)


@staff_only(Action.IMPORT_LISTS)
@read_or_send
def upload(request: HttpRequest, kind: str) -> HttpResponse:
    """The first step: a file is read and kept until it is confirmed."""
    wanted = _kind(kind)
    form = ImportForm(request.POST, received(request)) if request.method == "POST" else ImportForm()
    if form.is_valid():
        name, content = form.cleaned_data["file"]
        try:
            lists.rows_of(wanted, content)
        except REFUSED as refusal:
            refused_in(form, refusal, "file")
        else:
            _forget(request)
            kept = {"kind": kind, "name": display_name(name), "blob": waiting.keep(content)}
            request.session[WAITING] = kept | {"digest": lists.digest_of(content)}
            return redirect("desk:check_list", kind)
    return render(request, "desk/lists/upload.html", {"form": form, "kind": wanted})


@staff_only(Action.IMPORT_LISTS)
@require_safe
def check(request: HttpRequest, kind: str) -> HttpResponse:
    """The second step: what importing the file would do, row by row where something is wrong."""
    wanted, kept = _kind(kind), _kept(request, kind)
    if kept is None:
        return redirect("desk:import_list", kind)
    try:
        content = waiting.content(kept["blob"], kept["digest"])
    except AnotherFile as refusal:
        return _gone(request, kind, refusal)
    report = lists.import_list(wanted, content, clerk_of(request), keep=False)
    return render(request, "desk/lists/check.html", {"kind": wanted, "file": kept, "report": report})


@staff_only(Action.IMPORT_LISTS)
@button_target("desk:check_list", "kind")
def confirm(request: HttpRequest, kind: str) -> HttpResponse:
    """The last step: all of the checked file, or nothing."""
    wanted, kept = _kind(kind), _kept(request, kind)
    try:
        if kept is None or request.POST.get("digest") != kept["digest"]:
            raise AnotherFile()
        content = waiting.content(kept["blob"], kept["digest"])
    except AnotherFile as refusal:
        return _gone(request, kind, refusal)
    report = lists.import_list(wanted, content, clerk_of(request), keep=True)
    if report.faults:
        messages.error(request, _("检查之后情况有变，什么都没有导入。请看下面的问题。"))
        return redirect("desk:check_list", kind)
    _forget(request)
    told = _("已导入：新增 %(new)d 条，原来就有、没有变动的 %(unchanged)d 条。")
    messages.success(request, told % {"new": report.new, "unchanged": report.unchanged})
    return redirect("desk:lists")


def _kind(kind: str) -> ListKind:
    if kind not in ListKind.spellings():
        raise Http404
    return ListKind(kind)


def _kept(request: HttpRequest, kind: str) -> dict[str, Any] | None:
    kept: dict[str, Any] | None = request.session.get(WAITING)
    return kept if kept is not None and kept["kind"] == kind else None


def _forget(request: HttpRequest) -> None:
    kept = request.session.pop(WAITING, None)
    if kept is not None:
        waiting.forget(kept["blob"])


def _gone(request: HttpRequest, kind: str, refusal: AnotherFile) -> HttpResponse:
    _forget(request)
    messages.error(request, say(refusal))
    return redirect("desk:import_list", kind)


def _page(request: HttpRequest, sent: ExportForm | None = None, parts: int = 0) -> HttpResponse:
    """The overview, with the form that was sent and what it wants else, where one was."""
    actor = clerk_of(request)
    forms = [sent if sent is not None and sent.kind is kind else ExportForm(kind, actor) for kind in ListKind]
    context = {
        "forms": forms,
        "form": sent,
        "parts": range(1, parts + 1),
        "may_import": bool(actor.roles & MATRIX[Action.IMPORT_LISTS]),
    }
    return render(request, "desk/lists/overview.html", context)
