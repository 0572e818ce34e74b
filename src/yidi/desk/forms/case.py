"""What a clerk fills in to move a case."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yidi.audit.terms import LookReason
from yidi.pages.fields import DayField, DayForm, LongText, ShortText, TermField
from yidi.providers.models import Provider
from yidi.providers.queries import search
from yidi.reference import regions
from yidi.values.terms import Term

MOST_NAMED = 10
"""Providers that one approval names."""


class PlainForm(forms.Form):
    """A button with nothing to fill in."""

    use_required_attribute = False


class AskForm(forms.Form):
    """What more is wanted of the applicant."""

    use_required_attribute = False
    reason = LongText(
        label=_("请申请人补充什么"),
        help_text=_("只能要求一次，请一次说全。这段话会原样发给申请人。"),
        rows=4,
    )


class RejectForm(forms.Form):
    """Why an application is refused: a reason of the list, and words for this case."""

    use_required_attribute = False
    text = LongText(
        label=_("说明"),
        help_text=_("对照材料写明缘由；申请人会看到，也可以据此申诉。"),
        required=False,
        most=400,
    )
    field_order = ["reason"]

    def __init__(self, reasons: type[Term], data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.fields["reason"] = TermField(reasons, label=_("理由"))
        self.order_fields(self.field_order)


class GrantForm(DayForm):
    """From when to when a qualification holds, and where."""

    starts = DayField(label=_("待遇开始日期"))
    ends = DayField(label=_("待遇截止日期"), required=False)
    providers = LongText(
        label=_("限定的医疗机构"),
        help_text=_("不限定就留空。每行一家，写名称或 12 位国家编码。"),
        required=False,
        rows=2,
    )

    def __init__(self, by_rule: str, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.fields["ends"].help_text = by_rule

    def clean_providers(self) -> list[str]:
        """The national codes of the providers that were named. Each line must name exactly one."""
        lines = [line for line in map(str.strip, self.cleaned_data["providers"].splitlines()) if line]
        if len(lines) > MOST_NAMED:
            raise forms.ValidationError(gettext("最多写 %(most)d 家。"), params={"most": MOST_NAMED})
        faults, codes = [], []
        for line in lines:
            found = _meant(line)
            if isinstance(found, str):
                faults.append(found)
            else:
                codes.append(found.code or "")
        if faults:
            raise forms.ValidationError(faults)
        return list(dict.fromkeys(codes))


def _meant(text: str) -> Provider | str:
    """The one provider that a line names; else what is wrong with the line."""
    found = search(text)
    exact = [provider for provider in found if text in (provider.name, provider.code)]
    named = exact if len(exact) == 1 else found
    if not named:
        return gettext("定点机构登记中没有“%(text)s”。请核对名称或编码。") % {"text": text}
    if len(named) > 1:
        return gettext("“%(text)s”有好几家，请写全名或编码：%(found)s。") % {
            "text": text,
            "found": _listed(named),
        }
    if not named[0].code:
        return gettext("“%(text)s”没有登记国家编码，不能限定为它。") % {"text": named[0].name}
    return named[0]


def _listed(providers: Iterable[Provider]) -> str:
    named = (f"{x.name}（{x.code or '—'}，{regions.full_name(x.region)}）" for x in list(providers)[:5])
    return "；".join(named)


class EndForm(DayForm):
    """The last day of what is ended, and why it is."""

    last_day = DayField(label=_("最后一天"))
    reason = LongText(
        label=_("终止的缘由"),
        help_text=_("例如：已办理转出、材料不实。会留在办理记录里，参保人看得到。"),
        rows=2,
    )

    def __init__(self, today: date, data: Any = None, **options: Any) -> None:
        super().__init__(data, initial={"last_day": today}, **options)


class LookForm(forms.Form):
    """Why somebody wants to see a person's data."""

    use_required_attribute = False
    why = TermField(LookReason, label=_("查看理由"))
    text = ShortText(
        label=_("补充说明"), required=False, most=100, help_text=_("选“其他”的必须写明。理由会留存备查。")
    )
