"""Regions: every code of the insurance table has a pool, a province and a name."""

import csv

import pytest

from yidi.reference import regions
from yidi.reference.errors import UnknownRegion
from yidi.resources import data_path


def codes_of(name: str) -> list[str]:
    with data_path("reference", name).open(encoding="utf-8", newline="") as file:
        return [row["code"] for row in csv.DictReader(file)]


@pytest.fixture(scope="module")
def insurance_codes() -> list[str]:
    return codes_of("divisions_nhsa.csv")


@pytest.mark.parametrize("name", ["divisions_nhsa.csv", "divisions.csv"])
def test_every_code_resolves(name: str) -> None:
    for code in codes_of(name):
        pool, province = regions.pool_of(code), regions.province_of(code)
        assert regions.region(province).parent == ""
        assert regions.pool_of(pool) == pool
        assert regions.province_of(pool) == province
        assert code[:2] == province[:2]
        assert pool == province or regions.region(pool).parent == province
        assert regions.full_name(code).startswith(regions.region(province).name)


def test_the_insurance_table_is_what_messages_are_checked_against(insurance_codes: list[str]) -> None:
    both = set(insurance_codes) | set(codes_of("divisions.csv"))
    assert len(insurance_codes) == len(set(insurance_codes)) == 4294
    assert {code for code in both if regions.is_insurance_region(code)} == set(insurance_codes)
    assert all(regions.is_known(code) for code in both)


@pytest.mark.parametrize(
    ("code", "pool"),
    [
        ("360121", "360100"),  # a county of a prefecture
        ("360100", "360100"),
        ("360199", "360100"),  # the city's own office
        ("360000", "360000"),  # a province gives itself
        ("369900", "369900"),  # the province's own office is a pool beside the cities
        ("310106", "310000"),  # a district of a municipality
        ("310000", "310000"),
        ("319900", "310000"),
        ("110101", "110000"),
        ("500101", "500000"),
        ("429004", "429004"),  # directly under the province
        ("469001", "469001"),
        ("130181", "130181"),  # its own pool in the insurance table, a county-level city in GB/T 2260
        ("350512", "350500"),  # stands beside prefectures in the table, under one by its parent
        ("659001", "659001"),  # a corps city, in GB/T 2260 only
        ("130209", "130200"),  # a district, in GB/T 2260 only
        ("660101", "660100"),  # a regiment of the corps
        ("660100", "660100"),
        ("669900", "669900"),
        ("910000", "910000"),  # the army
        ("920000", "920000"),  # the armed police
    ],
)
def test_pool(code: str, pool: str) -> None:
    assert regions.pool_of(code) == pool


@pytest.mark.parametrize(
    ("code", "layers"),
    [
        ("360100", ("CN", "360000", "360100")),
        ("360121", ("CN", "360000", "360100")),
        ("360000", ("CN", "360000")),
        ("310106", ("CN", "310000")),
        ("429004", ("CN", "420000", "429004")),
        ("660101", ("CN", "660000", "660100")),
        ("910000", ("CN", "910000")),
    ],
)
def test_layers(code: str, layers: tuple[str, ...]) -> None:
    assert regions.layers_of(code) == layers


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("360100", "江西省南昌市"),
        ("360121", "江西省南昌市南昌县"),
        ("360199", "江西省南昌市市本级"),
        ("369900", "江西省省本级"),
        ("310106", "上海市静安区"),
        ("310000", "上海市"),
        ("429004", "湖北省仙桃市"),
        ("660100", "新疆生产建设兵团一师阿拉尔市"),
        ("910000", "中国人民解放军部队"),
    ],
)
def test_full_name(code: str, name: str) -> None:
    assert regions.full_name(code) == name


def test_the_tables_are_joined() -> None:
    merged_district = regions.region("360105")
    assert (merged_district.in_insurance, merged_district.in_gb2260) == (True, False)
    new_district = regions.region("130209")
    assert (new_district.in_insurance, new_district.in_gb2260) == (False, True)
    renamed = regions.region("650104")
    assert (renamed.name, renamed.gb_name) == ("乌鲁木齐高新技术产业开发区（新市区）", "新市区")


def test_same_province() -> None:
    assert regions.same_province("360121", "369900")
    assert not regions.same_province("360100", "310106")
    assert not regions.same_province("650100", "660100")


@pytest.mark.parametrize("code", ["", "36", "999999", "100000", "36010", " 360100", "３６０１００"])
def test_an_unknown_code_is_refused(code: str) -> None:
    assert not regions.is_known(code)
    assert regions.find_region(code) is None
    with pytest.raises(UnknownRegion) as refused:
        regions.pool_of(code)
    assert refused.value.code == "REGION-UNKNOWN"
    assert f"“{code}”" in refused.value.message


def test_cities_for_pickers(insurance_codes: list[str]) -> None:
    groups = regions.cities()
    offered = [city.code for _, cities in groups for city in cities]
    assert [province.code for province, _ in groups] == sorted(province.code for province, _ in groups)
    assert len(groups) == 32
    for province, cities in groups:
        assert [city.code for city in cities] == sorted(city.code for city in cities)
        assert all(regions.province_of(city.code) == province.code for city in cities)
    assert len(offered) == len(set(offered))
    # Whoever is insured somewhere finds his pool, except where nothing but a province or a heading stands.
    pools = {regions.pool_of(code) for code in insurance_codes}
    missing = {code for code in pools - set(offered) if regions.region(code).parent}
    assert missing == {"429000"}
    assert "310000" in offered
    assert "360100" in offered
