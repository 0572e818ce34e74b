"""What a clerk fills in to set a claim right."""

from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yidi.claims.models import Claim
from yidi.pages.fields import ChoiceField, LongText, ShortText, TermField, YuanField, select
from yidi.pages.templatetags.pages import say
from yidi.providers.models import Provider
from yidi.reference import regions
from yidi.values.money import FEN, decimal_text
from yidi.values.terms import Level


class CorrectForm(forms.Form):
    """Why lines are written otherwise than the person did, and what the invoice says in all."""

    use_required_attribute = False
    total = YuanField(
        label=_("票据总金额（元）"), required=True, error_messages={"required": _("请填写总金额。")}
    )
    reason = LongText(label=_("更正的缘由"), help_text=_("例如：按费用清单补录编码。申请人会看到。"), rows=2)

    def __init__(self, claim: Claim, data: Any = None) -> None:
        super().__init__(data, initial={"total": decimal_text(claim.total or 0, FEN, 2)})


class ProviderSearch(forms.Form):
    """A provider of the register, by name or code and place."""

    use_required_attribute = False
    text = ShortText(label=_("机构名称或编码"), required=False, most=60)
    place = ChoiceField(label=_("所在地"), required=False, widget=select())

    def __init__(self, data: Any) -> None:
        super().__init__(data, auto_id="search_%s")
        provinces = [(province.code, province.name) for province, _cities in regions.cities()]
        self.fields["place"].choices = [("", _("不限")), *provinces]  # type: ignore[attr-defined]


class NameProviderForm(forms.Form):
    """Which provider it was; its level, where the register gives none."""

    use_required_attribute = False
    level = TermField(
        Level,
        label=_("机构级别（登记中没有时填写）"),
        required=False,
        help_text=_("登记中已有级别的，以登记为准，这里留空。"),
    )
    reason = LongText(
        label=_("依据"),
        required=False,
        rows=2,
        most=300,  # the trail keeps it in 500 characters, after the provider's name
        help_text=_("填了级别的，请写明从哪里得知。申请人会看到。"),
    )
    field_order = ["provider"]

    def __init__(self, found: list[Provider], data: Any = None) -> None:
        super().__init__(data, auto_id="name_%s")
        self.found = {str(provider.pk): provider for provider in found}
        choices = [(key, _described(provider)) for key, provider in self.found.items()]
        self.fields["provider"] = ChoiceField(
            label=_("选择机构"), choices=choices, widget=forms.RadioSelect()
        )
        self.order_fields(self.field_order)

    def clean_provider(self) -> Provider:
        """The chosen row of the register."""
        return self.found[self.cleaned_data["provider"]]


def _described(provider: Provider) -> SafeString:
    """A row of the register; its name and place stay Chinese on an English page."""
    level = say(Level(provider.level)) if provider.level else gettext("级别不详")
    known = format_html(
        '<span lang="zh-Hans">{}，{}</span>', provider.name, regions.full_name(provider.region)
    )
    return format_html("{} · {} · {}", known, level, provider.code or gettext("没有国家编码"))
