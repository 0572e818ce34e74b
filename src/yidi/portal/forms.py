"""The portal's one form: what it accepts, what it says when something is wrong. No rules of the trade in here."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yidi.guide.plan import Bill, PlanRequest, Used
from yidi.guide.queries import ByProvince, care_places, diseases_known, diseases_not_known, home_pools
from yidi.guide.terms import STATED
from yidi.pages.fields import ChoiceField, Choices, DayField, DayForm, YuanField, plain, select
from yidi.pages.language import language
from yidi.policy.book import book
from yidi.reference.diseases import ChronicDisease
from yidi.reference.regions import MUNICIPALITIES
from yidi.values.terms import (
    STANDINGS_OF,
    TRAITS_OF_PERSON,
    Benefit,
    Level,
    Scheme,
    Situation,
    Standing,
    Term,
    Trait,
)

GENERAL = "general"
"""What the disease field holds for general outpatient care."""
LONGEST_AHEAD = timedelta(days=366)
OLDEST = 130
"""Years; whoever types more has slipped."""


class AgeField(forms.IntegerField):
    """An age in completed years, which may be left out."""

    default_error_messages = {"invalid": _("年龄没有看懂。请写成 68 这样的整数，或留空。")}

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"class": "form-control", "inputmode": "numeric"})
        super().__init__(required=False, min_value=0, max_value=OLDEST, widget=widget, **options)
        self.error_messages["min_value"] = self.error_messages["max_value"] = _(
            "年龄应在 0 到 130 之间。请核对。"
        )

    def to_python(self, value: Any) -> int | None:
        """The typed text (`68`, `６８岁`) as a number."""
        text = plain(str(value or "")).removesuffix("岁")
        years: int | None = super().to_python(text)
        return years


RARE = ("excluded", "over_limit", "upfront", "used_deductible", "used_fund", "age", "traits")


class PlanForm(DayForm):
    """A person's question. `question()` gives it as the guide wants it."""

    home = ChoiceField(
        label=_("在哪里参加医保"),
        widget=select(lang="zh-Hans"),
        error_messages={"required": _("请选择您参加医保的城市。")},
    )
    care = ChoiceField(
        label=_("要去哪里看病"),
        widget=select(lang="zh-Hans"),
        error_messages={"required": _("请选择看病的城市。")},
    )
    scheme = ChoiceField(
        label=_("参加的是哪种医保"),
        help_text=_("单位或灵活就业交的是职工医保；按年交的城乡居民医保（含新农合）是居民医保。"),
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择职工医保或居民医保。")},
    )
    standing = ChoiceField(
        label=_("您的人员类别"),
        widget=select(),
        error_messages={"required": _("请选择人员类别，例如“退休”。")},
    )
    disease = ChoiceField(
        label=_("看什么病"),
        help_text=_("没有办过门诊慢特病的，选“普通门诊”。"),
        widget=select(),
        error_messages={"required": _("请选择普通门诊，或您的门诊慢特病病种。")},
    )
    level = ChoiceField(
        label=_("医院的级别"),
        help_text=_("医院门口或官网上写着，例如“三级甲等”就是三级。"),
        widget=select(),
        error_messages={"required": _("请选择医院的级别。")},
    )
    filed = ChoiceField(
        label=_("异地就医备案办了没有"),
        help_text=_("没办过、不清楚或已经过期的，选“还没有备案”。"),
        widget=select(),
        error_messages={"required": _("请选择备案情况。")},
    )
    on = DayField(
        label=_("看病的日期"),
        error_messages={
            "required": _("请填写看病的日期。"),
            "invalid": _("日期没有看懂。请写成 2025-03-20 这样。"),
        },
    )
    total = YuanField(
        label=_("费用总额（元）"),
        help_text=_("填了就能估算报多少；不填也可以只看怎么办。"),
    )
    excluded = YuanField(label=_("其中：全自费（元）"), help_text=_("丙类、目录外的药和项目。费用清单上有。"))
    over_limit = YuanField(label=_("其中：超限价（元）"), help_text=_("单价超过医保限价的部分。"))
    upfront = YuanField(label=_("其中：先行自付（元）"), help_text=_("乙类药和项目要先自付的部分。"))
    used_deductible = YuanField(label=_("今年已付的起付线（元）"))
    used_fund = YuanField(label=_("今年统筹基金已为这项待遇支付（元）"))
    age = AgeField(label=_("看病时的年龄（周岁）"), help_text=_("有的地方年满若干岁报得多些。"))
    traits = forms.MultipleChoiceField(
        label=_("符合的请勾选"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("没有这个选项。请从列表中重新选择。")},
    )

    def __init__(self, data: Any = None, *, today: date) -> None:
        super().__init__(data, initial={"on": today})
        self.today = today
        self.language = language()
        pools = home_pools(book())
        self.home_provinces = [province.name for province, _units in pools]
        fields: dict[str, Choices] = {
            "home": by_province(pools),
            "care": by_province(municipalities_first(care_places())),
            "scheme": self._terms(Scheme),
            "standing": self._standings(),
            "disease": self._diseases(pools),
            "level": [(str(level), text) for level, text in LEVELS.items()],
            "filed": [(str(item), self._filed(item)) for item in STATED],
            "traits": self._terms(trait for trait in Trait if trait in TRAITS_OF_PERSON),
        }
        for name, choices in fields.items():
            nothing: Choices = [] if name in ("scheme", "traits") else [("", _("请选择"))]
            self.fields[name].choices = nothing + choices  # type: ignore[attr-defined]

    def _terms(self, terms: Iterable[Term]) -> Choices:
        return [(str(term), term.label(self.language)) for term in terms]

    def _standings(self) -> Choices:
        return [
            (scheme.label(self.language), self._terms(standings))
            for scheme, standings in STANDINGS_OF.items()
        ]

    def _filed(self, situation: Situation) -> Any:
        return _("还没有备案") if situation == Situation.UNFILED else situation.label(self.language)

    def _diseases(self, pools: ByProvince) -> Choices:
        codes = tuple(unit.code for _province, units in pools for unit in units)
        known = diseases_known(book(), codes, self.today)
        return [
            (GENERAL, _("普通门诊")),
            (gettext("门诊慢特病：参保地规则已收录"), _names(known)),
            (gettext("门诊慢特病：规则尚未收录"), _names(diseases_not_known(known))),
        ]

    def clean_on(self) -> date:
        """The day of service, not further ahead than anybody plans."""
        day: date = self.cleaned_data["on"]
        if day > self.today + LONGEST_AHEAD:
            raise forms.ValidationError(_("日期在一年以后。请核对年份。"))
        return day

    def clean(self) -> dict[str, Any]:
        """What must fit together: standing and scheme, the parts and the total."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        scheme, standing = data.get("scheme"), data.get("standing")
        if scheme and standing and standing not in STANDINGS_OF[Scheme(scheme)]:
            self.add_error("standing", _("人员类别与所选的医保不符。请改选人员类别，或改选医保。"))
        parts = [data.get(name) for name in ("excluded", "over_limit", "upfront")]
        given = [part for part in parts if part is not None]
        if given and data.get("total") is None and "total" not in self.errors:
            self.add_error("total", _("填了费用的构成，请把费用总额也填上。"))
        elif given and data.get("total") is not None and sum(given) > data["total"]:
            self.add_error("total", _("总额比全自费、超限价、先行自付三项之和还小。请核对这四个数。"))
        return data

    @property
    def parts_open(self) -> bool:
        """Whether the rarely used fields must be seen: something was said there."""
        return self.is_bound and any(self[name].data for name in RARE)

    def question(self) -> PlanRequest:
        """The question of a valid form."""
        data = self.cleaned_data
        general = data["disease"] == GENERAL
        total = data["total"]
        return PlanRequest(
            home=data["home"],
            care=data["care"],
            scheme=Scheme(data["scheme"]),
            standing=Standing(data["standing"]),
            benefit=Benefit.GENERAL_OUTPATIENT if general else Benefit.CHRONIC_DISEASE,
            level=Level(data["level"]),
            filed=Situation(data["filed"]),
            on=data["on"],
            today=self.today,
            disease="" if general else data["disease"],
            bill=None
            if total is None
            else Bill(total, data["excluded"], data["over_limit"], data["upfront"]),
            used=Used(data["used_deductible"], data["used_fund"]),
            age=data["age"],
            traits=frozenset(map(Trait, data["traits"])),
        )

    def rarely_used(self) -> list[forms.BoundField]:
        """The fields that stand apart, since most people can do without them."""
        return [self[name] for name in RARE]


LEVELS = {
    Level.TERTIARY: _("三级（如三甲大医院）"),
    Level.SECONDARY: _("二级（区、县医院）"),
    Level.PRIMARY: _("一级及以下（社区医院等）"),
    Level.TOWNSHIP: _("乡镇卫生院"),
    Level.VILLAGE: _("村卫生室"),
    Level.PHARMACY: _("定点药店"),
}


def _names(entries: Iterable[ChronicDisease]) -> list[tuple[str, str]]:
    return [(entry.code, entry.name) for entry in entries]


class CityField(ChoiceField):
    """A city, under its province. `fill` it when the form is made: the list is in the page's language."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("error_messages", {"required": _("请选择城市。")})
        super().__init__(widget=select(lang="zh-Hans"), **options)

    def fill(self, nothing: Any = None) -> None:
        """Read the list of cities; `nothing` stands where none is chosen."""
        self.choices = [("", nothing or _("请选择")), *by_province(municipalities_first(care_places()))]


def by_province(provinces: ByProvince) -> Choices:
    """Cities to choose from, grouped by province; the municipalities stand together."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for province, units in provinces:
        heading = gettext("直辖市") if province.code in MUNICIPALITIES else province.name
        groups.setdefault(heading, []).extend((unit.code, unit.name) for unit in units)
    return list(groups.items())


def municipalities_first(provinces: ByProvince) -> ByProvince:
    """The provinces with the municipalities, where most people go, on top."""
    return tuple(sorted(provinces, key=lambda item: item[0].code not in MUNICIPALITIES))
