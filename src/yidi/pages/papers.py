"""The block of a case's papers: what is asked for, what is there, and a small form for each.

A view makes the block, and where something was sent lets it carry that out:

    block = PapersBlock(rule.evidence, papers_of(case.number), address=…, viewer="portal:paper", takes=True, removes=True)
    if request.method == "POST" and block.carry_out(request, hand_in=…, show=…, remove=…):
        return redirect(…)

and shows `{% include "pages/_papers.html" with block=block %}`, with what was wrong beside the file it is about.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from yidi.evidence.models import Paper
from yidi.evidence.remaking import Remade
from yidi.evidence.services import MOST_DESCRIPTION
from yidi.evidence.uploads import PaperField, received
from yidi.pages.fields import ChoiceField, ShortText, select
from yidi.pages.language import language
from yidi.pages.templatetags.pages import say
from yidi.values.errors import Refusal
from yidi.values.materials import Group
from yidi.values.terms import Material

GROUP, REMOVE = "group", "remove"
"""Names of the fields that say which group's form was sent, or which paper is to go."""


class PaperForm(forms.Form):
    """What somebody hands in for one group of papers of which one will do."""

    use_required_attribute = False

    def __init__(self, group: Group, at_window: bool, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.group = group
        if len(group) > 1:
            choices = [(str(material), material.label(language())) for material in group]
            self.fields["material"] = ChoiceField(
                label=gettext_lazy("这是哪一种"), choices=[("", _("请选择")), *choices], widget=select()
            )
        if at_window:
            self.fields["description"] = ShortText(
                label=gettext_lazy("窗口已看过的材料（不留文件时填写）"),
                help_text=gettext_lazy("例如：居民身份证原件，有效期至 2035-01-01"),
                most=MOST_DESCRIPTION,
                required=False,
            )
        # Last, so that what stands before it is kept where the files are too large.
        self.fields["files"] = PaperField(
            label=gettext_lazy("拍照或选择文件"),
            help_text=gettext_lazy("照片（JPEG、PNG、HEIC）或 PDF，每个不超过 10 MB。有几页就选几张。"),
            required=not at_window,
        )

    def clean(self) -> dict[str, Any]:
        """At the window: files, or the note of what was seen."""
        cleaned = super().clean() or {}
        nothing = not self.errors and not cleaned.get("files") and not cleaned.get("description")
        if nothing:
            self.add_error("files", _("请选择文件，或写明窗口看过的材料。"))
        return cleaned

    @property
    def material(self) -> Material:
        """Which of the group it is."""
        return Material(self.cleaned_data["material"]) if len(self.group) > 1 else self.group[0]


@dataclass
class Row:
    """One group of papers: of its materials any one will do."""

    key: str
    materials: Group
    papers: list[Paper]
    form: PaperForm | None
    """None where the case takes no papers now."""
    asked: bool = True
    """Whether the pool asks for it; else it is what somebody adds of their own accord."""
    hint: str = ""
    made_here: bool = False
    """Whether the system itself writes this paper when the case is handed in."""

    @property
    def have(self) -> bool:
        """Whether one of the group is there."""
        return bool(self.papers) or self.made_here

    @property
    def failed(self) -> bool:
        """Whether what was sent for this group was refused."""
        return self.form is not None and self.form.is_bound and bool(self.form.errors)


@dataclass
class PapersBlock:
    """The papers of one case as a page shows them."""

    wanted: Iterable[Collection[str]]
    """What the rules ask for: all of the outer, any one of each inner."""
    papers: Iterable[Paper]
    address: str
    """Where its forms are sent."""
    viewer: str
    """Name of the page that shows one paper by its key."""
    takes: bool
    """Whether the case takes papers now."""
    removes: bool
    """Whether papers may be taken out again."""
    at_window: bool = False
    """Whether a clerk acts at a window, who may note a paper that was only shown."""
    hints: Mapping[Material, str] = field(default_factory=dict)
    """What to say beside a material."""
    made_here: Collection[Material] = ()
    """Materials that the system itself writes when the case is handed in."""
    earlier: Collection[str] = ()
    """Numbers of earlier cases whose papers stand here too: they are not taken out of those."""
    rows: list[Row] = field(init=False)

    def __post_init__(self) -> None:
        self.rows = list(self._rows())

    @property
    def missing(self) -> int:
        """Of how many groups that are asked for nothing is there."""
        return sum(row.asked and not row.have for row in self.rows)

    @property
    def failed(self) -> list[Row]:
        """The groups whose form was refused."""
        return [row for row in self.rows if row.failed]

    def _rows(self) -> Iterator[Row]:
        left = list(self.papers)
        groups = [tuple(Material(name) for name in group) for group in self.wanted]
        for place, group in enumerate(groups):
            own = [paper for paper in left if paper.material in group]
            left = [paper for paper in left if paper not in own]
            yield Row(
                key=f"g{place}",
                materials=group,
                papers=own,
                form=self._form(f"g{place}", group),
                hint=next((self.hints[material] for material in group if material in self.hints), ""),
                made_here=any(material in self.made_here for material in group) and not own,
            )
        named = {material for group in groups for material in group}
        others = tuple(material for material in Material if material not in named)
        if left or self.takes:
            yield Row("others", others, left, self._form("others", others), asked=False)

    def _form(self, key: str, group: Group, *sent: Any) -> PaperForm | None:
        return PaperForm(group, self.at_window, *sent, prefix=key) if self.takes else None

    def carry_out(
        self,
        request: HttpRequest,
        hand_in: Callable[[Material, Remade], object],
        remove: Callable[[Paper], object],
        show: Callable[[Material, str], object] | None = None,
    ) -> bool:
        """Do what was sent by calling one of the case's services for each paper; whether all of it was done.

        What a service refuses is said at the form. Files that were taken before one was refused stay.
        """
        if REMOVE in request.POST:
            remove(self._paper(request.POST[REMOVE]))
            messages.success(request, _("已删去。需要时可以重新上传。"))
            return True
        row = next((row for row in self.rows if row.key == request.POST.get(GROUP)), None)
        if row is None or row.form is None:
            raise Http404
        form = self._form(row.key, row.materials, request.POST, received(request))
        row.form = form
        if form is None or not form.is_valid():
            return False
        try:
            self._hand_in(form, hand_in, show)
        except Refusal as refusal:
            form.add_error("files", forms.ValidationError(say(refusal), code=refusal.code))
            return False
        count = len(form.cleaned_data["files"])
        said = ngettext("已收下 %(count)d 个文件。", "已收下 %(count)d 个文件。", count) % {"count": count}
        messages.success(request, said if count else _("已登记窗口看过的材料。"))
        return True

    def _hand_in(
        self,
        form: PaperForm,
        hand_in: Callable[[Material, Remade], object],
        show: Callable[[Material, str], object] | None,
    ) -> None:
        for remade in form.cleaned_data["files"]:
            hand_in(form.material, remade)
        if show is not None and form.cleaned_data.get("description"):
            show(form.material, form.cleaned_data["description"])

    def _paper(self, key: str) -> Paper:
        """The paper of this block with that key. Raises Http404: others are none of its business."""
        shown = [paper for row in self.rows for paper in row.papers]
        found = next((paper for paper in shown if str(paper.pk) == key), None)
        if found is None:
            raise Http404
        return found
