"""Reads of the catalogues."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Case, Q, QuerySet, When

from yidi.catalogue.errors import NoCatalogue
from yidi.catalogue.models import CatalogueItem

MOST_FOUND = 30
"""Rows that a search shows: whoever sees so many gives another word."""
LOOKUP_CODES = 500
"""Codes asked for in one query: databases bound the number of parameters."""


def _in_force(region: str, on: date) -> QuerySet[CatalogueItem]:
    holds = Q(valid_to__isnull=True) | Q(valid_to__gte=on)
    return CatalogueItem.objects.filter(holds, region=region, valid_from__lte=on)


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
    wanted = sorted(set(codes))
    found: dict[str, CatalogueItem] = {}
    for start in range(0, len(wanted), LOOKUP_CODES):
        batch = _in_force(region, on).filter(code__in=wanted[start : start + LOOKUP_CODES])
        # Should two overlap, the one that began later holds.
        found |= {item.code: item for item in batch.order_by("valid_from")}
    if not found and not has_catalogue(region, on):
        raise NoCatalogue(region=region, on=on)
    return found
