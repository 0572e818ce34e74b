"""What figures are asked for."""

from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from yidi.accounts.actors import Actor
from yidi.casework.queries import pools_of
from yidi.operations.figures import Scope
from yidi.pages.fields import ChoiceField, DayField, DayForm, select
from yidi.reference import regions

LONGEST = timedelta(days=5 * 366)
YEAR_OF_MONTHS = 11
"""Months before the current one that are shown where nothing is asked for."""


class FiguresForm(DayForm):
    """A period, and a pool of the region or all of them."""

    first = DayField(label=_("从"), required=False)
    last = DayField(label=_("到"), required=False)
    pool = ChoiceField(label=_("统筹区"), required=False, widget=select())

    def __init__(self, actor: Actor, today: date, data: Any = None) -> None:
        super().__init__(data)
        self.pools = pools_of(actor.region)
        self.otherwise = (_months_before(today, YEAR_OF_MONTHS), today)
        field = self.fields["pool"]
        assert isinstance(field, ChoiceField)  # noqa: S101 - declared above
        named = [(code, regions.full_name(code)) for code in self.pools]
        field.choices = named if len(named) == 1 else [("", _("全部")), *named]
        self.initial = {"first": self.otherwise[0], "last": today}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = (cleaned.get(name) or day for name, day in zip(("first", "last"), self.otherwise))  # noqa: B905
        if first > last:
            self.add_error("last", _("截止日期早于开始日期。请改正。"))
        elif last - first > LONGEST:
            self.add_error("first", _("一次最多看五年。请缩短期间。"))
        return cleaned | {"first": first, "last": last}

    def scope(self) -> Scope:
        """What is asked for; the last twelve months of all pools where it was not understood."""
        if not self.is_valid():
            return Scope(self.pools, *self.otherwise)
        asked = self.cleaned_data
        return Scope((asked["pool"],) if asked["pool"] else self.pools, asked["first"], asked["last"])


def _months_before(day: date, count: int) -> date:
    number = day.year * 12 + day.month - 1 - count
    return date(number // 12, number % 12 + 1, 1)
