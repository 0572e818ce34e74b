"""Lines of a bill, split by the care region's catalogue as they arrive."""

from collections.abc import Iterable
from datetime import date

from django.db import models
from django.db.models import F, Q

from yidi.benefit.split import CatalogueEntry, FeeLine, LineSplit, Reason, split_line
from yidi.catalogue.models import CatalogueItem
from yidi.catalogue.queries import entries
from yidi.policy.book import book
from yidi.policy.cases import upfront_on_whole
from yidi.values.money import PPM
from yidi.values.terms import CatalogueClass


class SplitLine(models.Model):
    """The columns of a split line. Quantity in ten-thousandths, prices in micro-yuan, amounts in fen."""

    serial = models.CharField(max_length=30)
    code = models.CharField(max_length=50)
    name = models.CharField(max_length=200)
    category = models.CharField(max_length=20)
    klass = models.CharField(max_length=1)
    quantity = models.BigIntegerField()
    price_micro = models.BigIntegerField()
    price_limit_micro = models.BigIntegerField(null=True)
    upfront_ppm = models.IntegerField()
    restricted = models.BooleanField()
    reason = models.CharField(max_length=20)
    source = models.CharField(max_length=200)
    amount = models.BigIntegerField()
    excluded = models.BigIntegerField()
    over_limit = models.BigIntegerField()
    upfront = models.BigIntegerField()
    in_scope = models.BigIntegerField()

    class Meta:
        abstract = True


def line_constraints(room: str) -> list[models.CheckConstraint]:
    """The constraints of split lines, named for the room whose table they stand in."""
    parts = ("excluded", "over_limit", "upfront", "in_scope")
    none_negative = Q(amount__gte=0, quantity__gt=0, price_micro__gte=0)
    for name in parts:
        none_negative &= Q(**{f"{name}__gte": 0})
    total = F("excluded") + F("over_limit") + F("upfront") + F("in_scope")
    return [
        models.CheckConstraint(name=f"{room}_line_not_negative", condition=none_negative),
        models.CheckConstraint(name=f"{room}_line_parts_sum", condition=Q(amount=total)),
    ]


def entry_of(item: CatalogueItem) -> CatalogueEntry:
    """A catalogue row as the engine wants it."""
    return CatalogueEntry(
        code=item.code,
        name=item.name,
        klass=CatalogueClass(item.klass),
        upfront_ppm=item.upfront_ppm,
        price_limit_micro=item.price_limit_micro,
        chronic_groups=frozenset(item.chronic_groups.split("|")) - {""},
        restricted=item.restricted,
        source=f"{item.class_source} / {item.upfront_source} / {item.price_limit_source}",
    )


def unlisted(line: FeeLine) -> CatalogueEntry:
    """What is not in the care region's catalogue: class C, all of it the person's (interface §7, I8)."""
    return CatalogueEntry(line.code, line.name, CatalogueClass.C, PPM, None, source="not listed")


def split_lines(
    region: str, lines: Iterable[FeeLine], on: date, chronic_group: str | None
) -> list[tuple[LineSplit, CatalogueItem | None]]:
    """Split every line by the catalogue of a care region on a day of service, in the order given.

    Raises NoCatalogue where the region has none, AmountMismatch where a line is not count × price.
    """
    wanted = list(lines)
    items = entries(region, {line.code for line in wanted}, on)
    on_whole = upfront_on_whole(book(), region, on)
    found = ((line, items.get(line.code)) for line in wanted)
    return [
        (split_line(line, entry_of(item) if item else unlisted(line), chronic_group, on_whole), item)
        for line, item in found
    ]


def split_of_row(row: SplitLine) -> LineSplit:
    """The split that a stored line holds, as the engine gave it."""
    line = FeeLine(row.serial, row.code, row.name, row.quantity, row.price_micro, row.amount)
    entry = CatalogueEntry(
        code=row.code,
        name=row.name,
        klass=CatalogueClass(row.klass),
        upfront_ppm=row.upfront_ppm,
        price_limit_micro=row.price_limit_micro,
        restricted=row.restricted,
        source=row.source,
    )
    reason: Reason = row.reason  # type: ignore[assignment]
    return LineSplit(line, entry, row.excluded, row.over_limit, row.upfront, row.in_scope, reason)


def columns(row: LineSplit, item: CatalogueItem | None) -> dict[str, object]:
    """The columns of `SplitLine` for one split line."""
    return {
        "serial": row.line.serial,
        "code": row.line.code,
        "name": item.name if item else row.line.name,
        "category": item.category if item else "other",
        "klass": str(row.entry.klass),
        "quantity": row.line.quantity,
        "price_micro": row.line.price_micro,
        "price_limit_micro": row.entry.price_limit_micro,
        "upfront_ppm": row.entry.upfront_ppm,
        "restricted": row.entry.restricted,
        "reason": row.reason,
        "source": row.entry.source,
        "amount": row.line.amount,
        "excluded": row.excluded,
        "over_limit": row.over_limit,
        "upfront": row.upfront,
        "in_scope": row.in_scope,
    }
