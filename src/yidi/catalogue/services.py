"""Loading catalogues. A load is one transaction and may be repeated."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path

from django.db import transaction
from django.db.models import Min, Q
from django.utils import timezone

from yidi.catalogue.models import CatalogueItem
from yidi.catalogue.terms import ANY_DISEASE, Category, Kind
from yidi.reference.diseases import groups
from yidi.reference.regions import region as known_region
from yidi.reference.tables import DEMO, LoadCounts, Progress, Row, compare, read_rows, refuse_demo, write
from yidi.resources import data_path
from yidi.values.money import PPM, parse_percent, parse_price
from yidi.values.terms import CatalogueClass

NO_LIMIT = "none"
ONE_DAY = timedelta(days=1)

DEMO_FROM = date(2025, 1, 1)
"""First day of the shipped catalogues, every row of which is a demo row: the demo's own choice, no source's."""

COLUMNS = (
    "code",
    "name",
    "kind",
    "category",
    "dosage_form",
    "spec",
    "unit",
    "class",
    "class_source",
    "upfront",
    "upfront_source",
    "price_limit",
    "price_limit_source",
    "chronic_groups",
    "restricted",
    "list_price",
    "list_price_source",
)
SOURCE_COLUMNS = tuple(column for column in COLUMNS if column.endswith("_source"))
FIELDS = [
    field.name
    for field in CatalogueItem._meta.concrete_fields
    # `valid_to` is not in the files: a reload must not reopen an item that was ended.
    if field.name not in ("id", "region", "code", "valid_from", "valid_to", "created", "changed")
]
LONGEST = {
    field.name: field.max_length or 0
    for field in CatalogueItem._meta.concrete_fields
    if field.get_internal_type() == "CharField"
}

KINDS = frozenset(word.value for word in Kind)
CATEGORIES = frozenset(word.value for word in Category)
CLASSES = frozenset(word.value for word in CatalogueClass)


def shipped_catalogues() -> Mapping[str, Path]:
    """The catalogue files that travel with yidi, by region."""
    folder = data_path("reference", "catalogues")
    return {path.name[:6]: path for path in sorted(folder.glob("[0-9]*-*.csv"))}


def load_catalogue(
    region: str,
    path: Path | None = None,
    *,
    allow_demo: bool = False,
    valid_from: date = DEMO_FROM,
    progress: Progress | None = None,
) -> LoadCounts:
    """Loads one edition of a region's catalogue, by default the shipped file, in force from `valid_from` on.

    An earlier edition ends the day before; this one ends the day before a later one that is already there.
    A reload takes over the file's values; an item that the file no longer has stays as it was.
    Raises UnknownRegion, BadRow or BadHeader naming file and line, and DemoDataRefused where a row has a
    value whose source is `demo` and `allow_demo` is not given. A refusal writes nothing.
    """
    known_region(region)
    rows = list(read_rows(path or _shipped(region), COLUMNS))
    refuse_demo(rows, SOURCE_COLUMNS, allow_demo)
    wanted: dict[str, CatalogueItem] = {}
    now = timezone.now()
    for row in rows:
        item = _item(row, region, valid_from, now)
        if item.code in wanted:
            raise row.refuse("code", f"“{item.code}”重复")
        wanted[item.code] = item
    with transaction.atomic():
        last_day = _make_room(region, valid_from, now)
        for item in wanted.values():
            item.valid_to = last_day
        there = CatalogueItem.objects.filter(region=region, valid_from=valid_from)
        changes = compare(wanted, {item.code: item for item in there}, FIELDS)
        for item in changes.changed:
            item.changed = now
        return write(CatalogueItem.objects, changes, [*FIELDS, "changed"], progress)


def _make_room(region: str, valid_from: date, now: datetime) -> date | None:
    """Ends the earlier edition the day before `valid_from`; gives the last day that a later one leaves."""
    editions = CatalogueItem.objects.filter(region=region)
    open_then = Q(valid_to__isnull=True) | Q(valid_to__gte=valid_from)
    editions.filter(open_then, valid_from__lt=valid_from).update(valid_to=valid_from - ONE_DAY, changed=now)
    later = editions.filter(valid_from__gt=valid_from).aggregate(first=Min("valid_from"))["first"]
    return later - ONE_DAY if later else None


def _shipped(region: str) -> Path:
    shipped = shipped_catalogues()
    return shipped[region] if region in shipped else data_path("reference", "catalogues", f"{region}-*.csv")


def _is_demo(row: Row) -> bool:
    return any(row[column] == DEMO for column in SOURCE_COLUMNS)


def _item(row: Row, region: str, valid_from: date, now: datetime) -> CatalogueItem:
    klass = row.one_of("class", CLASSES)
    upfront_ppm = row.number("upfront", parse_percent)
    if (klass == CatalogueClass.C.value) != (upfront_ppm == PPM):
        raise row.refuse("upfront", "丙类应为 100%，甲类和乙类应低于 100%")
    return CatalogueItem(
        region=region,
        code=row.required("code", LONGEST["code"]),
        name=row.required("name", LONGEST["name"]),
        kind=row.one_of("kind", KINDS),
        category=row.one_of("category", CATEGORIES),
        dosage_form=row.text("dosage_form", LONGEST["dosage_form"]),
        spec=row.text("spec", LONGEST["spec"]),
        unit=row.text("unit", LONGEST["unit"]),
        klass=klass,
        upfront_ppm=upfront_ppm,
        price_limit_micro=_price_limit(row),
        chronic_groups=_chronic_groups(row),
        restricted=row.flag("restricted"),
        valid_from=valid_from,
        class_source=row.required("class_source", LONGEST["class_source"]),
        upfront_source=row.required("upfront_source", LONGEST["upfront_source"]),
        price_limit_source=row.required("price_limit_source", LONGEST["price_limit_source"]),
        demo=_is_demo(row),
        created=now,
        changed=now,
    )


def _price_limit(row: Row) -> int | None:
    if row["price_limit"] == NO_LIMIT:
        return None
    limit = row.number("price_limit", parse_price)
    if limit < 0:
        raise row.refuse("price_limit", "不能为负数")
    return limit


def _chronic_groups(row: Row) -> str:
    text = row.text("chronic_groups", LONGEST["chronic_groups"])
    known = groups() | {ANY_DISEASE}
    if text and not set(text.split("|")) <= known:
        raise row.refuse("chronic_groups", f"“{text}”含有未知的病种组")
    return text
