"""Forms about lists."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from yidi.accounts.actors import Actor
from yidi.casework.queries import pools_of
from yidi.evidence.uploads import RefusedUpload, said
from yidi.operations.lists import Wanted
from yidi.operations.terms import ListKind
from yidi.pages.fields import ChoiceField, ShortText, select
from yidi.reference import regions

SPREADSHEETS = ".xlsx,.csv"


class SheetField(forms.FileField):
    """A spreadsheet; its value is what is in the file."""

    default_error_messages = {
        "required": _("请选择要导入的表格。"),
        "empty": _("这个文件是空的。请重新选择。"),
    }

    def __init__(self, **options: Any) -> None:
        widget = forms.FileInput({"class": "form-control", "accept": SPREADSHEETS})
        super().__init__(widget=widget, **options)

    def clean(self, data: Any, initial: Any = None) -> tuple[str, bytes]:
        """Name and content."""
        if isinstance(data, RefusedUpload):
            raise forms.ValidationError(said(data.refusal), code=data.refusal.code)
        upload: UploadedFile = super().clean(data, initial)
        return upload.name or "", upload.read()


class ImportForm(forms.Form):
    """A list to be checked."""

    use_required_attribute = False
    file = SheetField(label=_("名单文件"), help_text=_(".xlsx 或 .csv，表头与模板一致，最多 2000 行。"))


class ExportForm(forms.Form):
    """Which list goes out, and what for."""

    use_required_attribute = False
    pool = ChoiceField(label=_("统筹区"), required=False, widget=select())
    with_past = forms.BooleanField(label=_("连同已到期、已取消的"), required=False)
    reason = ShortText(
        label=_("导出原因"),
        most=200,
        help_text=_("名单上每个人的查阅记录里都会写上，例如：年度核对。"),
    )

    def __init__(self, kind: ListKind, actor: Actor, data: Any = None) -> None:
        super().__init__(data, auto_id=f"{kind}_%s")
        self.kind = kind
        pools = [(code, regions.full_name(code)) for code in pools_of(actor.region)]
        field = self.fields["pool"]
        assert isinstance(field, ChoiceField)  # noqa: S101 - declared above
        field.choices = pools if len(pools) == 1 else [("", _("全部")), *pools]

    def wanted(self) -> Wanted:
        """What is asked for; all that holds where it was not understood."""
        asked = self.cleaned_data if self.is_bound and self.is_valid() else {}
        return Wanted(self.kind, asked.get("pool", ""), asked.get("with_past", False))
