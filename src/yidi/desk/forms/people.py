"""Whom a clerk looks up, and why."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yidi.desk.forms.case import LookForm
from yidi.pages.fields import ChoiceField, ShortText, TermField, select
from yidi.people.errors import PersonKey


class PersonForm(forms.Form):
    """A person by one of their numbers. Sent by POST alone: the number stands in no address and no log."""

    use_required_attribute = False
    key = TermField(PersonKey, label=_("按什么号码查"), empty=None, initial=str(PersonKey.IDENTITY))
    number = ShortText(
        label=_("号码"),
        most=40,
        attrs={"autocapitalize": "characters", "spellcheck": "false"},
        error_messages={"required": _("请输入号码。")},
    )


class LookUpForm(LookForm, PersonForm):
    """Whom, and why."""

    field_order = ["key", "number", "why", "text"]


SHOWN = (
    ("居民身份证原件", _("居民身份证原件")),
    ("社会保障卡原件", _("社会保障卡原件")),
    ("医保电子凭证", _("医保电子凭证")),
    ("户口簿原件", _("户口簿原件")),
)
"""What a person shows at the window; any other document is written out."""


class WalkInForm(PersonForm):
    """Who stands at the window, and which document they showed."""

    shown = ChoiceField(
        label=_("核验了什么证件"), required=False, widget=select(), choices=[("", _("请选择")), *SHOWN]
    )
    other = ShortText(
        label=_("其他证件"), required=False, most=100, help_text=_("上面没有的，写明证件名称。")
    )
    agrees = forms.BooleanField(
        label=_("本人在场，同意由我今天代办"),
        error_messages={"required": _("须本人当面同意，才能代办。")},
    )

    @property
    def document(self) -> str:
        """What was shown, in words."""
        typed: dict[str, Any] = self.cleaned_data
        return str(typed["other"] or typed["shown"])
