"""The lines of a claimed bill: typed page by page, or read from a filled-in table."""

from dataclasses import dataclass
from io import BytesIO

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from yidi.accounts.kept_input import pop_kept_input
from yidi.benefit.split import FeeLine
from yidi.claims import drafting
from yidi.claims.errors import BadLine, BadRows
from yidi.claims.models import Claim
from yidi.claims.queries import lines_of, sum_of
from yidi.claims.sheets import lines_from_sheet, sheet_of, template_sheet
from yidi.evidence.checks import read_bounded
from yidi.evidence.uploads import received
from yidi.pages.language import language
from yidi.pages.lines import BLANK_ROWS, LineTable, table_of, typed_table
from yidi.pages.serving import serve_sheet
from yidi.pages.templatetags.pages import say
from yidi.portal.claim_forms import FileForm, refused_beside
from yidi.portal.claim_steps import Step, address_of, after
from yidi.portal.own import Me, own_case, own_page
from yidi.portal.views.claim_steps import shown, step_page
from yidi.values.errors import Refusal

PER_PAGE = 20


class AmongForm(forms.Form):
    """Which lines a page showed, as its hidden fields say."""

    first = forms.IntegerField(min_value=0, max_value=drafting.MOST_LINES)
    until = forms.IntegerField(min_value=0, max_value=drafting.MOST_LINES)
    seen = forms.CharField(max_length=64)


@dataclass
class Editor:
    """A page of the bill in which lines are typed."""

    claim: Claim
    held: list[FeeLine]
    """All lines on record."""
    first: int
    until: int
    """The place of the first line that the page shows, and that behind its last one."""
    seen: str
    """What tells whether lines were changed elsewhere since the page was made."""
    table: LineTable
    refusal: Refusal | None = None

    @property
    def page(self) -> int:
        """Which page it is, from 1."""
        return self.first // PER_PAGE + 1

    @property
    def pages(self) -> int:
        """How many there are: on the last one there is room for more lines."""
        return len(self.held) // PER_PAGE + 1

    @property
    def others(self) -> list[int]:
        """The numbers of all pages, for links; none where there is just this one."""
        return list(range(1, self.pages + 1)) if self.pages > 1 else []

    @property
    def sum(self) -> int:
        """What the bill comes to with the rows of this page as they stand, in fen."""
        return sum_of([*self.held[: self.first], *self.held[self.until :]]) + self.table.sum

    @property
    def short(self) -> int | None:
        """How much the lines lack to the invoice's total, in fen; negative where they are more."""
        return None if self.claim.total is None else self.claim.total - self.sum

    def refuse(self, refusal: Refusal) -> None:
        """Say a refusal at the row that it is about, else on top."""
        filled = [row for row in self.table.rows if not row.blank]
        place = refusal.details["row"] - 1 - self.first if isinstance(refusal, BadLine) else -1
        if 0 <= place < len(filled):
            filled[place].wrong = say(refusal)
        else:
            self.refusal = refusal


def opened(claim: Claim, page: str) -> Editor:
    """A page with the lines on record; the first one where no sensible one is asked for."""
    held = lines_of(claim)
    last = len(held) // PER_PAGE
    number = int(page) - 1 if page.isascii() and page.isdigit() and len(page) < 4 else 0
    first = min(max(number, 0), last) * PER_PAGE
    until = min(first + PER_PAGE, len(held))
    table = table_of(held[first:until], BLANK_ROWS if first == last * PER_PAGE else 0, first + 1)
    return Editor(claim, held, first, until, drafting.digest_of(held), table)


def typed(claim: Claim, data: QueryDict) -> Editor:
    """A page as it was sent. Raises Http404 where no such page was given out."""
    among = AmongForm(data)
    if not among.is_valid():
        raise Http404
    said = among.cleaned_data
    table = typed_table(data, said["first"] + 1)
    return Editor(claim, lines_of(claim), **said, table=table)


@step_page()
def lines(request: HttpRequest, me: Me, claim: Claim) -> HttpResponse:
    """The lines of the bill."""
    kept = pop_kept_input(request)
    sheet = _sheet_form(request)
    sent = request.POST or (kept.fields if kept else QueryDict())
    editor = typed(claim, sent) if "seen" in sent else opened(claim, request.GET.get("page", ""))
    if sheet.is_bound:
        if _take_sheet(request, me, claim, sheet):
            return redirect(address_of(claim, Step.LINES))
    elif request.method == "POST" and _write(editor, me):
        return redirect(_next(request, editor))
    if request.POST.get("act") == "more":
        editor.table.extend(BLANK_ROWS)
    context = {"editor": editor, "sheet": sheet, "most": drafting.MOST_LINES}
    return shown(request, claim, Step.LINES, kept_files=bool(kept and kept.files), **context)


def _write(editor: Editor, me: Me) -> bool:
    """Save the page; whether that was done."""
    if not editor.table.read():
        return False
    among = slice(editor.first, editor.until)
    try:
        editor.held = drafting.edit_lines(editor.claim, among, editor.table.lines, editor.seen, me.actor)
    except Refusal as refusal:
        editor.refuse(refusal)
        return False
    return True


def _next(request: HttpRequest, editor: Editor) -> str:
    """Where to go on: the page with room for more lines, the next page, or the next step."""
    here = address_of(editor.claim, Step.LINES)
    if request.POST.get("act") == "more":
        messages.success(request, _("已保存。"))
        return f"{here}?page={editor.pages}"
    following = editor.first // PER_PAGE + 2
    return f"{here}?page={following}" if following <= editor.pages else after(editor.claim, Step.LINES)


def _sheet_form(request: HttpRequest) -> FileForm:
    """The form that takes a filled-in table."""
    sent = (request.POST, received(request)) if request.POST.get("act") == "sheet" else ()
    return FileForm(
        gettext_lazy("填好的表格"),
        gettext_lazy("用上面的模板填写，.xlsx 或 .csv。上传后替换现有的全部明细。"),
        ".xlsx,.csv",
        *sent,
    )


def _take_sheet(request: HttpRequest, me: Me, claim: Claim, form: FileForm) -> bool:
    """Write the lines of a table in the place of those there are; whether that was done."""
    if not form.is_valid():
        return False
    try:
        found = lines_from_sheet(BytesIO(read_bounded(form.file, form.file.name or "")))
        drafting.replace_lines(claim, found, me.actor)
    except BadRows as refusal:
        for number, zh, en in refusal.details["rows"]:
            told = en if language() == "en" else zh
            form.add_error("file", _("第 %(number)d 行：%(told)s。") % {"number": number, "told": told})
        form.add_error("file", _("请在表格里改好再上传。现有的明细没有改动。"))
    except Refusal as refusal:
        refused_beside(form, refusal)
    else:
        count = len(found)
        told = ngettext("已读入 %d 行明细。", "已读入 %d 行明细。", count) % count
        messages.success(request, told)
    return not form.errors


@require_safe
@own_page
def template(request: HttpRequest, me: Me) -> HttpResponse:
    """The empty table to fill in."""
    return serve_sheet(template_sheet(language()), _("费用明细模板"))


@require_safe
@own_page
def download(request: HttpRequest, me: Me, number: str) -> HttpResponse:
    """The lines on record, to go on with in a spreadsheet program."""
    claim = own_case(me, Claim, number)
    return serve_sheet(sheet_of(lines_of(claim), language()), f"{_('费用明细')} {number}")
