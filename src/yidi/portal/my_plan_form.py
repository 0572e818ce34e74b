"""The question of somebody who signed in: where they want to be treated, for what, and when. The rest is on record."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from yidi.guide.queries import care_places
from yidi.operations.my_plan import Wanted
from yidi.pages.fields import ChoiceField, DayField, DayForm, YuanField, select
from yidi.people.models import Coverage
from yidi.portal.forms import GENERAL, LEVELS, LONGEST_AHEAD, by_province, municipalities_first
from yidi.reference import diseases, regions
from yidi.values.terms import Level, Scheme


class MyPlanForm(DayForm):
    """`wanted()` gives the question of a valid form."""

    care = ChoiceField(
        label=_("要去哪里看病"),
        widget=select(lang="zh-Hans"),
        error_messages={"required": _("请选择看病的城市。")},
    )
    disease = ChoiceField(label=_("看什么病"), widget=select(lang="zh-Hans"))
    level = ChoiceField(
        label=_("医院的级别"), help_text=_("医院门口或官网上写着，例如“三级甲等”就是三级。"), widget=select()
    )
    on = DayField(label=_("看病的日期"))
    total = YuanField(label=_("费用总额（元）"), help_text=_("填了就能估算报多少；不填也可以只看怎么办。"))

    def __init__(
        self, coverages: Sequence[Coverage], codes: Sequence[str], today: date, data: Any, care: str
    ) -> None:
        defaults = {
            "on": today,
            "care": care,
            "level": str(Level.TERTIARY),
            "disease": codes[0] if codes else GENERAL,
        }
        super().__init__(data, initial=defaults)
        self.today = today
        self.coverages = {str(coverage.pk): coverage for coverage in coverages}
        if len(coverages) > 1:
            named = [
                (key, f"{regions.full_name(coverage.pool)} · {Scheme(coverage.scheme).zh}")
                for key, coverage in self.coverages.items()
            ]
            self.fields["coverage"] = ChoiceField(
                label=_("用哪一份医保"), choices=named, widget=select(lang="zh-Hans")
            )
            self.order_fields(["coverage"])
        choices: dict[str, Any] = {
            "care": [("", _("请选择")), *by_province(municipalities_first(care_places()))],
            "disease": [(GENERAL, _("普通门诊")), *((code, diseases.disease(code).name) for code in codes)],
            "level": [(str(level), text) for level, text in LEVELS.items()],
        }
        for name, listed in choices.items():
            self.fields[name].choices = listed  # type: ignore[attr-defined]

    def clean_on(self) -> date:
        """The day of service, not further ahead than anybody plans."""
        day: date = self.cleaned_data["on"]
        if day > self.today + LONGEST_AHEAD:
            raise ValidationError(_("日期在一年以后。请核对年份。"))
        return day

    def coverage(self) -> Coverage:
        """The coverage that was chosen; the only one where there is no choice."""
        key = self.cleaned_data.get("coverage")
        return self.coverages[key] if key else next(iter(self.coverages.values()))

    def wanted(self) -> Wanted:
        """The question."""
        data = self.cleaned_data
        return Wanted(
            care=data["care"],
            disease="" if data["disease"] == GENERAL else data["disease"],
            level=Level(data["level"]),
            on=data["on"],
            total=data["total"],
        )
