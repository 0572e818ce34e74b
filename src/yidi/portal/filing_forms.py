"""The forms of filings: where and why, what is filled in, and the few questions of each act."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yidi.pages.fields import ChoiceField, DayField, DayForm, LongText, ShortText, TermField, select
from yidi.people.models import Coverage
from yidi.portal.forms import CityField
from yidi.reference import regions
from yidi.values.terms import FilingKind, Scheme

MOST_ADDRESS = 200


class CareField(CityField):
    """A city in which somebody wants to be treated, under its province."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            label=_("要去哪里看病（备案地）"),
            error_messages={"required": _("请选择看病的城市。")},
            **options,
        )


class StartForm(DayForm):
    """Where, why and from when: enough to say whether a filing is needed, and what it takes."""

    care = CareField()
    kind = TermField(
        FilingKind,
        label=_("为什么在外地看病"),
        help_text=_("按实际情况选一种。急诊抢救的不用备案，选了也会告诉您。"),
        widget=forms.RadioSelect,
        empty=None,
        error_messages={"required": _("请选择一种情况。")},
    )
    starts = DayField(
        label=_("从哪天开始"), help_text=_("可以是今天，也可以是以后；已经看完病、结完账的不能靠备案补。")
    )
    coverage = ChoiceField(label=_("用哪一份医保"), widget=select(lang="zh-Hans"))

    def __init__(self, coverages: Sequence[Coverage], today: date, data: Any = None, **options: Any) -> None:
        super().__init__(data, initial={"starts": today, **options.pop("initial", {})}, **options)
        self.coverages = {str(coverage.pk): coverage for coverage in coverages}
        self.fields["care"].fill()  # type: ignore[attr-defined]
        if len(coverages) < 2:
            del self.fields["coverage"]
        else:
            self.fields["coverage"].choices = [  # type: ignore[attr-defined]
                (key, f"{regions.full_name(held.pool)} {Scheme(held.scheme).zh}")
                for key, held in self.coverages.items()
            ]

    @property
    def chosen(self) -> Coverage:
        """The coverage that the filing is made for."""
        key = self.cleaned_data.get("coverage") or next(iter(self.coverages))
        return self.coverages[key]


class DetailsForm(DayForm):
    """What is filled in after that, as often as one likes."""

    starts = DayField(label=_("从哪天开始"))
    ends = DayField(
        label=_("到哪天为止"),
        required=False,
        help_text=_("有计划返回日期的填写；长期在外地的可以不填。"),
    )
    phone = ShortText(label=_("联系电话"), required=False, most=20, attrs={"inputmode": "tel"})
    address = ShortText(label=_("在外地的住址"), required=False, most=MOST_ADDRESS)
    note = LongText(label=_("想说明的情况"), required=False)


class CommitForm(forms.Form):
    """Agreeing to the commitment letter."""

    use_required_attribute = False
    agree = forms.BooleanField(
        label=_("我已看过承诺书，愿意按它办理"),
        error_messages={"required": _("同意承诺书的请勾选；不同意的可以上传证明材料。")},
    )


class CancelForm(DayForm):
    """When a filing shall end."""

    on = DayField(label=_("最后一天"), help_text=_("这一天过后，在备案地看病不再按备案结算。"))


class RenewForm(DayForm):
    """Until when a filing shall go on."""

    ends = DayField(label=_("续到哪天"), required=False)


class ChangeForm(DayForm):
    """A filing that takes the place of another: from when, and what is new about it."""

    care = CareField()
    kind = TermField(FilingKind, label=_("备案类型"), empty=None)
    starts = DayField(label=_("新备案从哪天开始"), help_text=_("原备案在前一天结束。"))
    ends = DayField(label=_("到哪天为止"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["care"].fill()  # type: ignore[attr-defined]
