"""How a clerk sorts out the work list."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from yidi.operations.cases import ROOMS
from yidi.operations.terms import Matter, Whose
from yidi.operations.worklist import Filter, Tally
from yidi.pages.fields import ChoiceField, Choices, ShortText, select
from yidi.pages.language import language
from yidi.pages.templatetags.pages import say
from yidi.reference import diseases, regions
from yidi.values.terms import CaseKind, Term

CHIPS: dict[str, tuple[Any, type[Term], tuple[Term, ...]]] = {
    "kind": (_("种类"), CaseKind, tuple(ROOMS)),
    "whose": (_("经办"), Whose, tuple(Whose)),
    "matter": (_("情形"), Matter, tuple(Matter)),
}
"""What is chosen by a click: the label, the words and those of them that are offered."""


def wanted_in(query: QueryDict) -> Filter:
    """The filter that an address carries; what it does not know filters nothing."""
    chosen: dict[str, Any] = {name: query.get(name, "")[:30] for name in ("state", "pool", "disease")}
    for name, (_label, terms, _offered) in CHIPS.items():
        chosen[name] = _word(terms, query.get(name, ""))
    return Filter(**chosen)


def _word(terms: type[Term], text: str) -> Any:
    return terms(text) if text in terms.spellings() else None


@dataclass(frozen=True, slots=True)
class Chip:
    """One choice: where it leads, how many cases it shows."""

    address: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Chips:
    """The choices of one kind."""

    name: str
    label: Any
    chips: tuple[Chip, ...]


def chips(tally: Tally, query: QueryDict) -> Iterator[Chips]:
    """What can be chosen by a click, with counts."""
    for name, (label, _terms, offered) in CHIPS.items():
        chosen, counted = getattr(tally.wanted, name), tally.of(name)
        everything = Chip(_with(query, name), str(_("全部")), tally.without(name), chosen is None)
        listed = (
            Chip(_with(query, name, word), say(word), counted[str(word)], word is chosen) for word in offered
        )
        yield Chips(name, label, (everything, *listed))


def _with(query: QueryDict, name: str, word: str = "") -> str:
    """The address of the first page of a list with another choice."""
    changed = query.copy()
    for key in ("page", "number", name):
        changed.pop(key, None)
    if word:
        changed[name] = str(word)
    return "?" + changed.urlencode()


class WorklistForm(forms.Form):
    """What is chosen from lists: only what would show something, each with its count."""

    use_required_attribute = False
    state = ChoiceField(label=_("状态"), required=False, widget=select())
    disease = ChoiceField(label=_("病种"), required=False, widget=select())
    pool = ChoiceField(label=_("统筹区"), required=False, widget=select())

    def __init__(self, tally: Tally) -> None:
        wanted = tally.wanted
        super().__init__(
            auto_id="filter_%s",
            initial={"state": wanted.state, "disease": wanted.disease, "pool": wanted.pool},
        )
        names = {"state": _state_name(wanted.kind), "disease": _disease_name, "pool": regions.full_name}
        for name, named in names.items():
            counted = tally.of(name)
            chosen = getattr(wanted, name)
            values = sorted({*counted, chosen} - {""})
            listed: Choices = [(value, f"{named(value)}（{counted[value]}）") for value in values]
            self.fields[name].choices = [("", _("全部")), *listed]  # type: ignore[attr-defined]
        if len(tally.of("pool")) < 2 and not wanted.pool:
            del self.fields["pool"]


def _disease_name(code: str) -> str:
    known = diseases.find_disease(code)
    return known.name if known else code


def _state_name(kind: CaseKind | None) -> Any:
    """How a state is called: its word in the chosen kind of case, else the words of all kinds that know it."""
    rooms = [room for room in ROOMS.values() if kind in (None, room.kind)]

    def name(state: str) -> str:
        words = (room.states(state).label(language()) for room in rooms if state in room.states.spellings())
        return "／".join(dict.fromkeys(words)) or state

    return name


class FindForm(forms.Form):
    """A case by its number."""

    use_required_attribute = False
    number = ShortText(label=_("办件编号"), required=False, most=20, attrs={"autocapitalize": "characters"})


class HandOutForm(forms.Form):
    """To whom the chosen cases go."""

    use_required_attribute = False
    clerk = ChoiceField(label=_("分派给"), required=False, widget=select())

    def __init__(self, listed: Choices, data: Any = None, **options: Any) -> None:
        super().__init__(data, auto_id="hand_out_%s", **options)
        self.fields["clerk"].choices = [("", _("放回待领取")), *listed]  # type: ignore[attr-defined]
