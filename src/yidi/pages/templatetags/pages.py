"""Tags of all pages: bilingual values in the page's language, money and numbers as people read them, bars."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from django import template
from django.template import Context

from yidi.benefit.adjudicate import Decision
from yidi.benefit.explain import line_note
from yidi.benefit.split import LineSplit
from yidi.evidence.models import Paper
from yidi.evidence.sheets import Column
from yidi.pages.language import language
from yidi.reference import regions
from yidi.values.errors import Refusal
from yidi.values.identity import mask_identity
from yidi.values.materials import Group, named
from yidi.values.money import QUANTUM, decimal_text, yuan_text
from yidi.values.terms import Material, Term

register = template.Library()
THOUSANDTHS = 1000


class _Bilingual(Protocol):
    def text(self, language: str = "zh") -> str: ...


class _TwoLanguages(Protocol):
    @property
    def zh(self) -> str: ...
    @property
    def en(self) -> str: ...


@register.filter
def say(thing: _Bilingual | Term | Refusal) -> str:
    """A sentence, a word or a refusal in the page's language."""
    if isinstance(thing, Refusal):
        return thing.english if language() == "en" else thing.message
    return thing.label(language()) if isinstance(thing, Term) else thing.text(language())


@register.filter
def either(thing: _TwoLanguages) -> str:
    """What keeps its two languages as `zh` and `en`, in the page's language."""
    return thing.en if language() == "en" else thing.zh


@register.filter
def why_excluded(row: LineSplit) -> str:
    """Why a line of a bill is not paid; empty where it is."""
    return line_note(row, language())


@register.filter
def quantity(number: int) -> str:
    """How many of something, as it stands on the bill."""
    return decimal_text(number, QUANTUM)


@register.filter
def heading(column: Column) -> str:
    """The heading of a spreadsheet's column."""
    return column.en if language() == "en" else column.zh


@register.filter
def is_refusal(thing: object) -> bool:
    """Whether a refusal stands where something else was hoped for."""
    return isinstance(thing, Refusal)


@register.filter
def yuan(fen: int) -> str:
    """An amount of fen as yuan with separators between the thousands."""
    whole, _point, rest = yuan_text(abs(fen)).partition(".")
    return f"{'-' if fen < 0 else ''}{int(whole):,}.{rest}"


@register.filter
def tel(number: str) -> str:
    """A telephone number as a link's address; empty where an area code must be filled in first."""
    digits = number.replace("-", "")
    return digits if digits.isascii() and digits.isdigit() else ""


@register.filter
def region(code: str) -> str:
    """The full name of a region, or of the nation."""
    return regions.full_name(code)


@register.filter
def absolute(number: int) -> int:
    """The size of a number."""
    return abs(number)


@register.filter
def masked(identity: str) -> str:
    """An identity number as it may be shown."""
    return mask_identity(identity)


@register.filter
def masked_name(name: str) -> str:
    """A person's name as it may be shown in lists: the family name, the rest hidden."""
    return name[:1] + "*" * max(len(name) - 1, 1) if name else ""


@register.filter
def day(value: date | None) -> str:
    """A day as it is written everywhere."""
    return f"{value:%Y-%m-%d}" if value else "—"


@register.filter
def material_name(paper: Paper) -> str:
    """What kind of paper it is, in the page's language."""
    return Material(paper.material).label(language())


@register.filter
def groups(papers: Iterable[Group]) -> str:
    """Groups of papers in one line: A or B; C."""
    return named(papers, language())


TONES: Mapping[str, str] = {
    "draft": "asked",
    "more-evidence": "asked",
    "submitted": "waiting",
    "under-review": "waiting",
    "assessed": "waiting",
    "approved": "good",
    "active": "good",
    "paid": "good",
    "rejected": "refused",
    "withdrawn": "over",
    "expired": "over",
    "cancelled": "over",
    "replaced": "over",
}
"""How a state of any case looks: what waits for whom, and how it came out. The word always stands beside."""


@register.filter
def tone(state: str) -> str:
    """The class of a state."""
    return f"state-{TONES[str(state)]}"


@register.simple_tag(takes_context=True)
def keep_query(context: Context, **changes: Any) -> str:
    """This page's query string with some parameters changed; an empty value takes one away."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        if value in ("", None):
            query.pop(name, None)
        else:
            query[name] = str(value)
    return "?" + query.urlencode()


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of the bar: where it starts and how wide it is, as percentages in plain text."""

    name: str
    fen: int
    start: str
    width: str


@register.inclusion_tag("pages/_bar.html")
def money_bar(decision: Decision) -> dict[str, Any]:
    """Who pays what, as one stacked bar; the bill's total is its whole width."""
    split = decision.split
    parts = (
        ("fund", decision.funds),
        ("scope", split.in_scope - decision.funds),
        ("outside", split.total - split.in_scope),
    )
    segments, before = [], 0
    for name, fen in parts:
        segments.append(Segment(name, fen, percent(before, split.total), percent(fen, split.total)))
        before += fen
    return {"segments": segments, "decision": decision}


def percent(part: int, whole: int) -> str:
    """A part of a whole as a width: `12.345%`."""
    return decimal_text(part * 100 * THOUSANDTHS // whole, THOUSANDTHS) + "%" if whole else "0%"
