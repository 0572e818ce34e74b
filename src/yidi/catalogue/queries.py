"""Reads of the catalogues."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Case, DateField, Max, Q, QuerySet, When

from yidi.catalogue.errors import NoCatalogue
from yidi.catalogue.models import CatalogueItem
from yidi.catalogue.terms import Category, Kind, Part
from yidi.statements import Query, Slot
from yidi.values.terms import CatalogueClass

MOST_FOUND = 30
"""Rows that a search shows: whoever sees so many gives another word."""
LOOKUP_CODES = 20
"""Codes asked for in one query: those of most bills."""
ROWS_AT_ONCE = 2000
"""Rows held in memory while a whole catalogue is read."""

_NONE = Q(pk__isnull=True)
PARTS: Mapping[Part, Q] = {
    Part.DRUGS: Q(kind=Kind.DRUG.value) & ~Q(category=Category.HERBAL_SLICE.value),
    Part.SLICES: Q(kind=Kind.DRUG.value, category=Category.HERBAL_SLICE.value),
    Part.PREPARATIONS: _NONE,  # a catalogue does not tell these and the next from other drugs
    Part.ETHNIC: _NONE,
    Part.SERVICES: Q(kind=Kind.SERVICE.value),
    Part.CONSUMABLES: Q(kind=Kind.CONSUMABLE.value),
}


def in_force(on: date) -> Q:
    """The condition that an item holds on a day."""
    return ~ended(on) & Q(valid_from__lte=on)


def ended(by: date) -> Q:
    """The condition that an item no longer holds on a day."""
    return Q(valid_to__isnull=False, valid_to__lt=by)


def _in_force(region: Any, on: Any) -> QuerySet[CatalogueItem]:
    return CatalogueItem.objects.filter(in_force(on), region=region)


_ENTRIES = Query(
    lambda: (
        _in_force(Slot("region"), Slot("on", DateField()))
        .filter(code__in=[Slot(f"code{place}") for place in range(LOOKUP_CODES)])
        .order_by("valid_from")
    )
)


def has_catalogue(region: str, on: date) -> bool:
    """Whether the region has any item in force on that day."""
    return _in_force(region, on).exists()


def search(region: str, text: str, on: date) -> list[CatalogueItem]:
    """The first of a region's items in force on a day whose names have every word of a text, or with that code.

    Names that begin with the text come first.
    """
    words = text.split()
    if not words:
        return []
    named = Q()
    for word in words:
        named &= Q(name__icontains=word)
    begins = Case(When(name__istartswith=words[0], then=0), default=1)
    rows = _in_force(region, on).filter(named | Q(code__iexact=text.strip()))
    return list(rows.order_by(begins, "name", "code")[:MOST_FOUND])


def entries(region: str, codes: Iterable[str], on: date) -> dict[str, CatalogueItem]:
    """The region's items with those codes on that day, by code; a code not payable there has none.

    Raises NoCatalogue where the region has no item at all that day.
    """
    found = listed(region, codes, on)
    if not found and not has_catalogue(region, on):
        raise NoCatalogue(region=region, on=on)
    return found


def listed(region: str, codes: Iterable[str], on: date) -> dict[str, CatalogueItem]:
    """What `entries` gives; nothing where the region has no item at all that day."""
    wanted = sorted(set(codes))
    found: dict[str, CatalogueItem] = {}
    for start in range(0, len(wanted), LOOKUP_CODES):
        asked = {f"code{place}": wanted[min(start + place, len(wanted) - 1)] for place in range(LOOKUP_CODES)}
        # Should two overlap, the one that began later holds.
        found |= {item.code: item for item in _ENTRIES.all(region=region, on=on, **asked)}
    return found


def last_change(region: str, part: Part, until: datetime | None = None) -> datetime | None:
    """When that part of the region's catalogue was last changed, at the latest at `until`; None: never."""
    rows = CatalogueItem.objects.filter(PARTS[part], region=region)
    if until is not None:
        rows = rows.filter(changed__lte=until)
    last: datetime | None = rows.aggregate(last=Max("changed"))["last"]
    return last


def changes(region: str, part: Part, since: datetime | None, on: date) -> Iterator[CatalogueItem]:
    """That part of the region's catalogue as it changed after a moment, ended items among it; read as it is used.

    Without a moment: all that has not ended by that day. What begins later is given with the rest: it says when.
    """
    rows = CatalogueItem.objects.filter(PARTS[part], region=region)
    rows = rows.exclude(ended(on)) if since is None else rows.filter(changed__gt=since)
    return rows.order_by("code", "valid_from").iterator(chunk_size=ROWS_AT_ONCE)


def part_of(item: CatalogueItem) -> Part:
    """The part of the catalogue that an item stands in."""
    if item.kind == Kind.SERVICE:
        return Part.SERVICES
    if item.kind == Kind.CONSUMABLE:
        return Part.CONSUMABLES
    return Part.SLICES if item.category == Category.HERBAL_SLICE else Part.DRUGS


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What items must be like; None = whatever."""

    part: Part | None = None
    number: int | None = None
    """The row's own number."""
    code: str | None = None
    name: str | None = None
    """A part of the name."""
    category: Category | None = None
    klass: CatalogueClass | None = None
    restricted: bool | None = None
    limited: bool | None = None
    """Whether it has a price limit."""
    on: date | None = None
    """A day on which it holds."""
    ended_by: date | None = None
    not_ended_by: date | None = None
    starts_from: date | None = None
    ends_by: date | None = None
    changed_from: datetime | None = None


CONDITIONS: Mapping[str, Callable[[Any], Q]] = {
    "part": lambda part: PARTS[part],
    "number": lambda number: Q(pk=number),
    "code": lambda code: Q(code=code),
    "name": lambda name: Q(name__icontains=name),
    "category": lambda category: Q(category=category.value),
    "klass": lambda klass: Q(klass=klass.value),
    "restricted": lambda restricted: Q(restricted=restricted),
    "limited": lambda limited: Q(price_limit_micro__isnull=not limited),
    "on": in_force,
    "ended_by": ended,
    "not_ended_by": lambda day: ~ended(day),
    "starts_from": lambda day: Q(valid_from__gte=day),
    "ends_by": lambda day: Q(valid_to__lte=day),
    "changed_from": lambda moment: Q(changed__gte=moment),
}


@dataclass(frozen=True, slots=True)
class Page:
    """Some items of those found, and how many there are in all."""

    items: list[CatalogueItem]
    total: int


def page(region: str, search: Search, start: int, size: int) -> Page:
    """`size` of the region's items that are as searched for, from the one of that rank on, the first being 0."""
    asked = {name: value for name in CONDITIONS if (value := getattr(search, name)) is not None}
    rows = CatalogueItem.objects.filter(
        *(CONDITIONS[name](value) for name, value in asked.items()), region=region
    )
    return Page(list(rows.order_by("pk")[start : start + size]), rows.count())
