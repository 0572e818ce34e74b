"""The catalogues: loading, reading, and what the database itself refuses."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from yidi.catalogue import queries, services
from yidi.catalogue.errors import NoCatalogue
from yidi.catalogue.models import CatalogueItem
from yidi.catalogue.terms import Category, Part
from yidi.reference.errors import BadHeader, BadRow, DemoDataRefused, UnknownRegion
from yidi.reference.tables import LoadCounts
from yidi.resources import MissingData
from yidi.values.terms import CatalogueClass

pytestmark = pytest.mark.django_db

SHANGHAI, JIANGXI = "310000", "360000"
DAY = date(2025, 6, 1)
ROW = {
    "code": "X1",
    "name": "甲药",
    "kind": "drug",
    "category": "western-drug",
    "dosage_form": "片剂",
    "spec": "5mg*7片/盒",
    "unit": "盒",
    "class": "B",
    "class_source": "test",
    "upfront": "12.5%",
    "upfront_source": "test",
    "price_limit": "18.123456",
    "price_limit_source": "test",
    "chronic_groups": "hypertension|coronary",
    "restricted": "1",
    "list_price": "24.01",
    "list_price_source": "test",
}


def write(path: Path, *rows: dict[str, str]) -> Path:
    file = path / "file.csv"
    lines = [services.COLUMNS, *([row[column] for column in services.COLUMNS] for row in rows)]
    file.write_text("".join(",".join(line) + "\n" for line in lines), encoding="utf-8")
    return file


def an_item(**changes: object) -> CatalogueItem:
    values = {
        "region": SHANGHAI,
        "code": "X1",
        "name": "甲药",
        "kind": "drug",
        "category": "western-drug",
        "klass": "A",
        "upfront_ppm": 0,
        "valid_from": date(2025, 1, 1),
        "class_source": "test",
        "upfront_source": "test",
        "price_limit_source": "test",
    }
    return CatalogueItem.objects.create(**{**values, **changes})


def test_a_load_says_when_each_row_changed(tmp_path: Path) -> None:
    changes: list[tuple[date, dict[str, str], set[tuple[str, date]]]] = [
        # from when it holds, what the file says of X1, which rows changed
        (DAY, {}, {("X1", DAY), ("X2", DAY)}),
        (DAY, {}, set()),
        (DAY, {"name": "乙药"}, {("X1", DAY)}),
        (date(2025, 7, 1), {}, {(code, day) for code in ("X1", "X2") for day in (DAY, date(2025, 7, 1))}),
    ]
    for valid_from, changed, wanted in changes:
        CatalogueItem.objects.update(changed=EARLIER)
        file = write(tmp_path, {**ROW, **changed}, {**ROW, "code": "X2"})
        services.load_catalogue(SHANGHAI, file, valid_from=valid_from)
        found = CatalogueItem.objects.filter(changed__gt=EARLIER)
        assert set(found.values_list("code", "valid_from")) == wanted
        assert found.values("changed").distinct().count() == bool(wanted)


EARLIER = datetime(2025, 1, 1, tzinfo=UTC)
SEARCHES: list[tuple[dict[str, Any], set[str]]] = [
    ({}, {"甲", "乙", "床", "针"}),
    ({"part": Part.DRUGS}, {"甲"}),
    ({"part": Part.SLICES}, {"乙"}),
    ({"part": Part.SERVICES}, {"床"}),
    ({"part": Part.CONSUMABLES}, {"针"}),
    ({"part": Part.ETHNIC}, set()),
    ({"part": Part.PREPARATIONS}, set()),
    ({"code": "乙"}, {"乙"}),
    ({"name": "药"}, {"甲", "乙"}),
    ({"category": Category.BED}, {"床"}),
    ({"klass": CatalogueClass.B}, {"乙"}),
    ({"restricted": True}, {"针"}),
    ({"restricted": False, "limited": True}, {"床"}),
    ({"on": date(2024, 12, 31)}, set()),
    ({"on": date(2025, 3, 31)}, {"甲", "乙", "床", "针"}),
    ({"on": date(2025, 4, 1)}, {"甲", "床", "针"}),
    ({"ended_by": date(2025, 4, 1)}, {"乙"}),
    ({"not_ended_by": date(2025, 4, 1)}, {"甲", "床", "针"}),
    ({"starts_from": date(2025, 1, 2)}, set()),
    ({"ends_by": date(2025, 3, 31)}, {"乙"}),
    ({"changed_from": EARLIER, "code": "甲"}, {"甲"}),
    ({"changed_from": datetime(2100, 1, 1, tzinfo=UTC)}, set()),
    ({"number": 0}, set()),
]


@pytest.mark.parametrize(("asked", "found"), SEARCHES)
def test_pages_of_what_is_searched_for(asked: dict[str, Any], found: set[str]) -> None:
    an_item(code="甲", name="甲药")
    an_item(
        code="乙", name="乙药", category="herbal-slice", klass="B", upfront_ppm=1, valid_to=date(2025, 3, 31)
    )
    an_item(code="床", name="床位费", kind="service", category="bed", price_limit_micro=1)
    an_item(code="针", name="针头", kind="consumable", category="material", restricted=True)
    an_item(code="赣", name="药", region=JIANGXI)
    page = queries.page(SHANGHAI, queries.Search(**asked), 0, 10)
    assert {item.code for item in page.items} == found
    assert page.total == len(found)
    second = queries.page(SHANGHAI, queries.Search(**asked), 1, 1)
    assert [item.code for item in second.items] == [item.code for item in page.items][1:2]
    assert second.total == len(found)


def test_two_regions_ship() -> None:
    assert list(services.shipped_catalogues()) == [SHANGHAI, JIANGXI]


@pytest.mark.parametrize("region", [SHANGHAI, JIANGXI])
def test_a_shipped_catalogue_loads_and_reloads(region: str) -> None:
    told: list[tuple[int, int]] = []
    first = services.load_catalogue(
        region, allow_demo=True, progress=lambda done, total: told.append((done, total))
    )
    assert first == LoadCounts(rows=2464, created=2464, updated=0, unchanged=0)
    assert told[-1] == (2464, 2464)
    assert services.load_catalogue(region, allow_demo=True) == LoadCounts(2464, 0, 0, 2464)
    assert CatalogueItem.objects.filter(region=region).count() == 2464
    classes = set(CatalogueItem.objects.values_list("klass", flat=True).order_by().distinct())
    assert classes == {"A", "B", "C"}


@pytest.mark.parametrize("region", [SHANGHAI, JIANGXI])
def test_a_shipped_catalogue_is_refused_outside_the_demo(region: str) -> None:
    with pytest.raises(DemoDataRefused) as refused:
        services.load_catalogue(region)
    assert refused.value.code == "DEMO-REFUSED"
    assert refused.value.details["count"] == 2464
    assert not CatalogueItem.objects.exists()


@pytest.mark.parametrize("column", services.SOURCE_COLUMNS)
def test_one_demo_value_makes_a_demo_row(tmp_path: Path, column: str) -> None:
    file = write(tmp_path, ROW, {**ROW, "code": "X2", column: "demo"})
    with pytest.raises(DemoDataRefused) as refused:
        services.load_catalogue(SHANGHAI, file)
    assert (refused.value.details["count"], refused.value.details["line"]) == (1, 3)
    assert not CatalogueItem.objects.exists()
    services.load_catalogue(SHANGHAI, file, allow_demo=True)
    assert dict(CatalogueItem.objects.values_list("code", "demo")) == {"X1": False, "X2": True}


def test_values_are_exact(tmp_path: Path) -> None:
    services.load_catalogue(SHANGHAI, write(tmp_path, ROW))
    item = CatalogueItem.objects.get()
    assert (item.klass, item.upfront_ppm, item.price_limit_micro) == ("B", 125_000, 18_123_456)
    assert (item.valid_from, item.valid_to) == (date(2025, 1, 1), None)
    assert item.restricted
    assert item.belongs_to("hypertension")
    assert not item.belongs_to("diabetes")
    assert not item.belongs_to("")


@pytest.mark.parametrize(
    ("groups", "group", "belongs"),
    [("any", "hypertension", True), ("any", "", True), ("", "hypertension", False), ("", "", False)],
)
def test_belongs_to(groups: str, group: str, belongs: bool) -> None:
    assert CatalogueItem(chronic_groups=groups).belongs_to(group) is belongs


def test_a_changed_row_is_taken_over(tmp_path: Path) -> None:
    services.load_catalogue(SHANGHAI, write(tmp_path, ROW))
    counts = services.load_catalogue(SHANGHAI, write(tmp_path, {**ROW, "price_limit": "none"}))
    assert counts == LoadCounts(rows=1, created=0, updated=1, unchanged=0)
    assert CatalogueItem.objects.get().price_limit_micro is None


@pytest.mark.parametrize(
    "changes",
    [
        {"class": "D"},
        {"class": ""},
        {"kind": "toy"},
        {"category": "fun"},
        {"upfront": "10"},
        {"upfront": "-1%"},
        {"upfront": "100.1%"},
        {"upfront": "100%"},  # class B
        {"upfront": "0.00001%"},
        {"price_limit": ""},
        {"price_limit": "-1"},
        {"price_limit": "1e30"},
        {"price_limit": "0.0000001"},
        {"price_limit": "NaN"},
        {"chronic_groups": "gout"},
        {"restricted": "yes"},
        {"name": ""},
        {"name": "长" * 201},
        {"code": ""},
        {"code": "X1"},
        {"class_source": ""},
        {"upfront_source": ""},
        {"price_limit_source": ""},
    ],
)
def test_a_bad_row_is_named_and_nothing_is_written(tmp_path: Path, changes: dict[str, str]) -> None:
    with pytest.raises(BadRow) as refused:
        services.load_catalogue(SHANGHAI, write(tmp_path, ROW, {**ROW, "code": "X2", **changes}))
    assert (refused.value.details["file"], refused.value.details["line"]) == ("file.csv", 3)
    assert refused.value.details["column"] == next(iter(changes))
    assert not CatalogueItem.objects.exists()


def test_a_class_c_row_must_be_wholly_upfront(tmp_path: Path) -> None:
    with pytest.raises(BadRow, match="丙类"):
        services.load_catalogue(SHANGHAI, write(tmp_path, {**ROW, "class": "C"}))


def test_a_wrong_header_is_named(tmp_path: Path) -> None:
    file = tmp_path / "file.csv"
    file.write_text("code,name\n", encoding="utf-8")
    with pytest.raises(BadHeader, match="price_limit"):
        services.load_catalogue(SHANGHAI, file)


def test_an_unknown_region_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnknownRegion):
        services.load_catalogue("999999", write(tmp_path, ROW))


def test_a_region_without_a_shipped_catalogue() -> None:
    with pytest.raises(MissingData, match="440000"):
        services.load_catalogue("440000")


def test_entries() -> None:
    services.load_catalogue(SHANGHAI, allow_demo=True)
    limited, unknown = "XC08CAX066A011030378269", "XC00000000000000000000"
    found = queries.entries(SHANGHAI, [limited, "001102000010000", unknown, limited], DAY)
    assert set(found) == {limited, "001102000010000"}
    assert found[limited].price_limit_micro == 18_500_000
    assert queries.entries(SHANGHAI, [unknown], DAY) == {}
    assert queries.entries(SHANGHAI, [], DAY) == {}


def test_entries_of_a_long_list() -> None:
    services.load_catalogue(SHANGHAI, allow_demo=True)
    codes = list(CatalogueItem.objects.values_list("code", flat=True))
    assert len(queries.entries(SHANGHAI, codes, DAY)) == len(codes) > 2 * queries.LOOKUP_CODES


def test_no_catalogue_is_not_an_empty_answer() -> None:
    an_item()
    for region, on in (("360000", DAY), (SHANGHAI, date(2024, 12, 31))):
        assert not queries.has_catalogue(region, on)
        with pytest.raises(NoCatalogue) as refused:
            queries.entries(region, ["X1"], on)
        assert refused.value.code == "CATALOGUE-MISSING"


def test_editions_follow_each_other(tmp_path: Path) -> None:
    first, second, third = date(2025, 1, 1), date(2026, 1, 1), date(2026, 7, 1)
    services.load_catalogue(SHANGHAI, write(tmp_path, ROW, {**ROW, "code": "X2"}), valid_from=first)
    services.load_catalogue(SHANGHAI, write(tmp_path, {**ROW, "name": "三"}), valid_from=third)
    services.load_catalogue(SHANGHAI, write(tmp_path, {**ROW, "name": "二"}), valid_from=second)
    services.load_catalogue(JIANGXI, write(tmp_path, ROW), valid_from=first)
    names = {
        on: {code: item.name for code, item in queries.entries(SHANGHAI, ["X1", "X2"], on).items()}
        for on in (first, date(2025, 12, 31), second, date(2026, 6, 30), third)
    }
    assert names == {
        first: {"X1": "甲药", "X2": "甲药"},
        date(2025, 12, 31): {"X1": "甲药", "X2": "甲药"},
        second: {"X1": "二"},
        date(2026, 6, 30): {"X1": "二"},
        third: {"X1": "三"},
    }
    assert queries.entries(JIANGXI, ["X1"], third)["X1"].name == "甲药"


def test_a_reload_does_not_reopen_what_was_ended(tmp_path: Path) -> None:
    services.load_catalogue(SHANGHAI, write(tmp_path, ROW))
    CatalogueItem.objects.update(valid_to=date(2025, 3, 31))
    services.load_catalogue(SHANGHAI, write(tmp_path, {**ROW, "name": "乙药"}))
    item = CatalogueItem.objects.get()
    assert (item.name, item.valid_to) == ("乙药", date(2025, 3, 31))


@pytest.mark.parametrize(
    "changes",
    [
        {"code": ""},
        {"kind": "toy"},
        {"category": "fun"},
        {"klass": "D"},
        {"upfront_ppm": -1},
        {"upfront_ppm": 1_000_001},
        {"upfront_ppm": 1_000_000},  # class A
        {"klass": "C", "upfront_ppm": 100_000},
        {"price_limit_micro": -1},
        {"valid_to": date(2024, 12, 31)},
    ],
)
def test_the_database_refuses_an_item(changes: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        an_item(**changes)


@pytest.mark.parametrize("changes", [{"valid_to": date(2025, 3, 31)}, {"valid_from": date(2025, 7, 1)}])
def test_the_database_refuses_a_second_row_for_an_item(changes: dict[str, object]) -> None:
    an_item()
    with pytest.raises(IntegrityError), transaction.atomic():
        an_item(**changes)


def test_the_shipped_catalogues_serve_the_demo_bill() -> None:
    services.load_catalogue(SHANGHAI, allow_demo=True)
    bill = {
        "XC08CAA187A001020101187": ("A", None, True),
        "XC07ABB087A001020179462": ("A", None, True),
        "XC08CAX066A011030378269": ("A", 18_500_000, True),
        "XC09CAE003A001020178814": ("B", None, True),
        "XC09CAL245A001030178642": ("B", None, True),
        "XC08CAB037A001010100617": ("B", 30_000_000, True),
        "XC08CAM148A001020107315": ("C", None, True),
        "XJ01CAA040E001010205758": ("A", None, False),
        "XJ01DDT073A001010104094": ("B", None, False),
        "001102000010000": ("A", None, True),
        "003107010210000": ("B", None, True),
        "C14161000400000116100000003": ("B", None, True),
    }
    found = queries.entries(SHANGHAI, bill, DAY)
    shown = {
        code: (item.klass, item.price_limit_micro, item.belongs_to("hypertension"))
        for code, item in found.items()
    }
    assert shown == bill
    assert not any(item.restricted for item in found.values())
