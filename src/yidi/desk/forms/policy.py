"""Which rules are looked at."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yidi.accounts.actors import Actor
from yidi.casework.queries import pools_of
from yidi.pages.fields import ChoiceField, TermField, select
from yidi.pages.language import language
from yidi.policy.lookup import matter_of
from yidi.policy.survey import MATTERS
from yidi.reference import regions
from yidi.values.terms import Scheme

AGES = ("90", "180", "365")
"""After how many days a source counts as old."""


class PoolForm(forms.Form):
    """A pool of the reader's region."""

    use_required_attribute = False
    pool = ChoiceField(label=_("统筹区"), required=False, widget=select())

    def __init__(self, actor: Actor, data: Any = None) -> None:
        super().__init__(data, auto_id="%s")
        pools = [code for code in pools_of(actor.region) if code != regions.NATION]
        self.otherwise = actor.region if actor.region in pools else pools[0]
        field = self.fields["pool"]
        assert isinstance(field, ChoiceField)  # noqa: S101 - declared above
        field.choices = [(code, regions.full_name(code)) for code in pools]
        self.initial["pool"] = self.otherwise

    @property
    def chosen(self) -> dict[str, Any]:
        """What was chosen; nothing where nothing was, and what was not understood is left out."""
        if not self.is_bound:
            return {}
        self.is_valid()
        return self.cleaned_data

    @property
    def home(self) -> str:
        """The pool."""
        return self.chosen.get("pool") or self.otherwise


class RulesForm(PoolForm):
    """Which statements."""

    scheme = TermField(Scheme, label=_("险种"), required=False, empty=None)
    matter = ChoiceField(label=_("事项"), required=False, widget=select())
    adopted = forms.BooleanField(label=_("只看已采用的"), required=False)

    def __init__(self, actor: Actor, data: Any = None) -> None:
        super().__init__(actor, data)
        field = self.fields["matter"]
        assert isinstance(field, ChoiceField)  # noqa: S101 - declared above
        field.choices = [("", _("全部")), *((name, matter_of(name).label(language())) for name in MATTERS)]


class StaleForm(PoolForm):
    """How old."""

    days = ChoiceField(label=_("多久没有核对"), required=False, widget=select())

    def __init__(self, actor: Actor, data: Any = None) -> None:
        super().__init__(actor, data)
        field = self.fields["days"]
        assert isinstance(field, ChoiceField)  # noqa: S101 - declared above
        field.choices = [(days, _("%(days)s 天以上") % {"days": days}) for days in AGES]
        self.initial["days"] = AGES[1]
