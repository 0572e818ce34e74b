"""What an auditor wants to see of the trail."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from yidi.operations.terms import TrailKind
from yidi.operations.trail import Asked
from yidi.pages.fields import DayField, DayForm, ShortText, TermField


class TrailForm(DayForm):
    """Sent by POST, page by page: a person's number stands in no address."""

    kind = TermField(TrailKind, label=_("看什么"), empty=None)
    person = ShortText(label=_("人员编号"), required=False, most=30)
    case = ShortText(label=_("办件编号"), required=False, most=20, attrs={"autocapitalize": "characters"})
    actor = ShortText(label=_("谁（用户名或人员编号）"), required=False, most=100)
    first = DayField(label=_("从哪天"), required=False)
    last = DayField(label=_("到哪天"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            self.add_error("last", _("结束日期早于开始日期。请核对。"))
        return cleaned

    def asked(self) -> Asked:
        """What was typed; only after it was found in order."""
        return Asked(**self.cleaned_data)
