"""Forms about members of staff."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yidi.accounts.queries import offices_under
from yidi.accounts.terms import Role
from yidi.pages.fields import ChoiceField, ShortText, TermField, select
from yidi.reference import regions

ACTIVE = {"": None, "yes": True, "no": False}


class StaffFilter(forms.Form):
    """Which members of staff are listed."""

    use_required_attribute = False
    text = ShortText(label=_("用户名或姓名"), required=False)
    role = TermField(Role, label=_("岗位"), required=False, empty=_("全部"))
    active = ChoiceField(
        label=_("账户"),
        required=False,
        widget=select(),
        choices=[("", _("全部")), ("yes", _("可以登录")), ("no", _("已停用"))],
    )

    def wanted(self) -> dict[str, Any]:
        """The filter as `accounts.queries.staff_of` takes it; what was not understood filters nothing."""
        self.is_valid()
        said = self.cleaned_data
        return {
            "text": said.get("text", ""),
            "role": said.get("role"),
            "active": ACTIVE[said.get("active", "")],
        }


class NewStaffForm(forms.Form):
    """A new member of staff."""

    use_required_attribute = False
    username = ShortText(
        label=_("用户名"),
        help_text=_("登录时使用，建立后不能更改。"),
        attrs={"autocapitalize": "none", "spellcheck": "false"},
    )
    name = ShortText(label=_("姓名"), help_text=_("同事看到的名字。"))
    region = ChoiceField(label=_("所属经办机构"), widget=select())
    provider_code = ShortText(
        label=_("定点医药机构代码（仅机构收费员）"),
        most=12,
        required=False,
        help_text=_("12 位国家编码。只有在定点机构收费的人填写，其他岗位留空。"),
    )

    def __init__(self, region: str, data: Any = None) -> None:
        super().__init__(data)
        codes = offices_under(region)
        field = self.fields["region"]
        assert isinstance(field, ChoiceField)  # noqa: S101 - declared above
        field.choices = [(code, regions.full_name(code)) for code in codes]
        self.initial["region"] = region


class OfficeForm(forms.Form):
    """An office to be given."""

    use_required_attribute = False
    role = TermField(Role, label=_("岗位"))


class ReasonForm(forms.Form):
    """Why something is done to an account; the trail keeps it."""

    use_required_attribute = False
    reason = ShortText(
        label=_("原因"), most=200, help_text=_("留痕中会记下，例如：已调离、手机丢失、本人来电核实。")
    )
