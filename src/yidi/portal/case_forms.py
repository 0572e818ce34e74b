"""The forms of a person's own pages: applying, filling in, appealing, where messages shall go."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yidi.accounts.kept_input import KeptInput
from yidi.notices.terms import Channel
from yidi.pages.fields import ChoiceField, LongText, ShortText, TermField, select
from yidi.people.models import Coverage
from yidi.qualification.models import Qualification
from yidi.reference import diseases, regions
from yidi.values.terms import CaseField, Scheme


def typed(sent: Any, kept: KeptInput | None) -> Any:
    """What a form is filled with: what was sent now, else what was typed before the session ended, else nothing."""
    return sent or (kept.fields if kept else None)


class ApplyForm(forms.Form):
    """For which disease, under which coverage."""

    use_required_attribute = False

    def __init__(self, open_to: Mapping[Coverage, Iterable[str]], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.coverages = {coverage.pk: coverage for coverage in open_to}
        groups = [
            (f"{regions.full_name(coverage.pool)} · {Scheme(coverage.scheme).zh}", self._of(coverage, codes))
            for coverage, codes in open_to.items()
        ]
        self.fields["what"] = ChoiceField(
            label=_("为哪种病申请"),
            help_text=_("只列出您参保地可以申请的病种。"),
            error_messages={"required": _("请选择病种。")},
            choices=[("", _("请选择")), *groups],
            widget=select(lang="zh-Hans"),
        )

    @staticmethod
    def _of(coverage: Coverage, codes: Iterable[str]) -> list[tuple[str, str]]:
        return [(f"{coverage.pk}:{code}", diseases.disease(code).name) for code in codes]

    def clean_what(self) -> tuple[Coverage, str]:
        """The coverage and the disease."""
        key, _colon, code = self.cleaned_data["what"].partition(":")
        return self.coverages[int(key)], code


LABELS: Mapping[CaseField, tuple[Any, Any]] = {
    CaseField.HOSPITAL: (_("想在哪家医院享受待遇"), _("写医院全名；有几家就用顿号隔开。")),
    CaseField.RECORD_NUMBER: (_("病案号"), _("住院病案首页上的号码。")),
    CaseField.PHONE: (_("联系电话"), _("手机号，或带区号的固定电话。办理中有事会打这个电话。")),
}
MOST = {CaseField.HOSPITAL: 200, CaseField.RECORD_NUMBER: 60, CaseField.PHONE: 20}


class FieldsForm(forms.Form):
    """What an application asks the person to write. It may be saved with gaps; handing in names them."""

    use_required_attribute = False

    def __init__(self, asked: Sequence[CaseField], case: Qualification, sent: Any = None) -> None:
        initial = {name_of(field): case.field(field) for field in asked} | {"note": case.note}
        super().__init__(sent, initial=initial)
        for field in asked:
            label, help_text = LABELS[field]
            self.fields[name_of(field)] = ShortText(
                label=label, help_text=help_text, most=MOST[field], required=False
            )
        self.fields["note"] = LongText(label=_("想补充说明的"), required=False)

    def say_missing(self, missing: Iterable[CaseField]) -> None:
        """Say beside each field that is still empty that it is wanted."""
        for field in missing:
            self.add_error(name_of(field), _("提交前请填写这一项。"))


def name_of(field: CaseField) -> str:
    """The name of a form's field, and of the column behind it."""
    return str(field).replace("-", "_")


class AppealForm(forms.Form):
    """Why a decision is to be looked at again."""

    use_required_attribute = False
    grounds = LongText(
        label=_("为什么不同意"),
        help_text=_("写明哪里不对、有什么新材料。由另一位经办人重新决定。"),
        error_messages={"required": _("请写明申诉的理由。")},
    )


class ContactForm(forms.Form):
    """Where messages shall go besides the person's own page."""

    use_required_attribute = False

    def __init__(self, channels: Sequence[Channel], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["channel"] = TermField(tuple(channels), label=_("怎么通知您"))
        self.fields["address"] = ShortText(
            label=_("手机号或邮箱"),
            most=100,
            error_messages={"required": _("请填写手机号或邮箱。")},
        )


class ConfirmForm(forms.Form):
    """The digits that came to an address."""

    use_required_attribute = False
    code = ShortText(
        label=_("收到的验证码"),
        most=12,
        attrs={"inputmode": "numeric", "autocomplete": "one-time-code"},
        error_messages={"required": _("请填写收到的 6 位数字。")},
    )
