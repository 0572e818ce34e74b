"""The register of providers: loading, reading, and what the database itself refuses."""

from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from yidi.providers import queries, services
from yidi.providers.errors import UnknownProvider
from yidi.providers.models import Provider, ProviderService
from yidi.reference.errors import BadHeader, BadRow, DemoDataRefused
from yidi.reference.tables import LoadCounts
from yidi.values.terms import Benefit, Level

pytestmark = pytest.mark.django_db

HUASHAN = "H31010600037"
HEADER = ",".join(services.PROVIDER_COLUMNS)
SERVICE_HEADER = ",".join(services.SERVICE_COLUMNS)


def a_provider(**changes: object) -> Provider:
    values = {"register_key": "310106:甲", "name": "甲", "region": "310106", "source": "test"}
    return Provider.objects.create(**{**values, **changes})


def write(path: Path, header: str, *rows: str) -> Path:
    file = path / "file.csv"
    file.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    return file


def test_the_shipped_register_loads_and_reloads() -> None:
    told: list[tuple[int, int]] = []
    first = services.load_providers(progress=lambda done, total: told.append((done, total)))
    assert first == LoadCounts(rows=4906, created=4906, updated=0, unchanged=0)
    assert told[-1] == (4906, 4906)
    assert told == sorted(told)
    assert services.load_providers() == LoadCounts(rows=4906, created=0, updated=0, unchanged=4906)
    assert Provider.objects.count() == 4906
    assert not Provider.objects.filter(synthetic=True).exists()


def test_a_real_hospital() -> None:
    services.load_providers()
    huashan = queries.by_code(HUASHAN)
    assert (huashan.name, huashan.region) == ("复旦大学附属华山医院", "310106")
    assert (huashan.level, huashan.grade, huashan.kind) == (Level.TERTIARY, "三级甲等", "hospital")


def test_a_changed_row_is_taken_over(tmp_path: Path) -> None:
    services.load_providers(write(tmp_path, HEADER, "甲医院,310106,二级,,,,,,test"))
    counts = services.load_providers(write(tmp_path, HEADER, f"甲医院,310106,三级,,,,,{HUASHAN},test"))
    assert counts == LoadCounts(rows=1, created=0, updated=1, unchanged=0)
    assert queries.by_code(HUASHAN).level == Level.TERTIARY


@pytest.mark.parametrize(
    ("grade", "level"),
    [
        ("三级甲等", "tertiary"),
        ("三级", "tertiary"),
        ("二级乙等", "secondary"),
        ("一级", "primary"),
        ("药店", "pharmacy"),
        ("", ""),
    ],
)
def test_level_of_grade(tmp_path: Path, grade: str, level: str) -> None:
    services.load_providers(write(tmp_path, HEADER, f"甲,310106,{grade},,,,,,test"))
    assert Provider.objects.get().level == level


@pytest.mark.parametrize(
    ("name", "word", "kind"),
    [
        ("甲医院", "", "hospital"),
        ("甲社区卫生服务中心（甲医院）", "", "community"),
        ("甲诊所", "", "clinic"),
        ("甲大药房", "", "pharmacy"),
        ("甲", "综合医院", "hospital"),
        ("甲", "对外综合", ""),
    ],
)
def test_kind(tmp_path: Path, name: str, word: str, kind: str) -> None:
    services.load_providers(write(tmp_path, HEADER, f"{name},310106,,{word},,,,,test"))
    provider = Provider.objects.get()
    assert (provider.kind, provider.kind_text) == (kind, word)


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (",310106,,,,,,,test", "name"),
        ("乙,999999,,,,,,,test", "region_code"),
        ("乙,,,,,,,,test", "region_code"),
        ("乙,310106,四级,,,,,,test", "level"),
        ("乙,310106,,,,,,H1,test", "national_code"),
        (f"乙,310106,,,,,,{HUASHAN},test", "national_code"),
        ("甲,310106,,,,,,,test", "name"),
        ("乙,310106,,,,,,,", "sources"),
        (f"{'长' * 101},310106,,,,,,,test", "name"),
    ],
)
def test_a_bad_row_is_named_and_nothing_is_written(tmp_path: Path, row: str, column: str) -> None:
    file = write(tmp_path, HEADER, f"甲,310106,,,,,,{HUASHAN},test", row)
    with pytest.raises(BadRow) as refused:
        services.load_providers(file)
    assert (refused.value.details["file"], refused.value.details["line"]) == ("file.csv", 3)
    assert refused.value.details["column"] == column
    assert not Provider.objects.exists()


def test_a_wrong_header_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadHeader, match="region_code"):
        services.load_providers(write(tmp_path, "name", "甲"))


def test_demo_providers_only_in_the_demo(tmp_path: Path) -> None:
    file = write(tmp_path, HEADER, "甲,310106,,,,,,,test", "乙,310106,,,,,,,demo")
    with pytest.raises(DemoDataRefused) as refused:
        services.load_providers(file)
    assert refused.value.code == "DEMO-REFUSED"
    assert (refused.value.details["count"], refused.value.details["line"]) == (1, 3)
    assert not Provider.objects.exists()
    services.load_providers(file, allow_demo=True)
    assert list(Provider.objects.filter(synthetic=True).values_list("name", flat=True)) == ["乙"]


def test_what_providers_have_opened() -> None:
    services.load_providers()
    services.load_demo_providers(allow_demo=True)
    first = services.load_provider_services(allow_demo=True)
    assert first.created == first.rows > 0
    assert services.load_provider_services(allow_demo=True).unchanged == first.rows
    huashan, secondary = queries.by_code(HUASHAN), queries.by_code("H31010699992")
    assert queries.has_opened(huashan, Benefit.GENERAL_OUTPATIENT)
    assert queries.has_opened(huashan, Benefit.CHRONIC_DISEASE, "M03900")
    assert not queries.has_opened(huashan, Benefit.CHRONIC_DISEASE, "M00300")
    assert queries.has_opened(secondary, Benefit.GENERAL_OUTPATIENT)
    assert not queries.has_opened(secondary, Benefit.CHRONIC_DISEASE, "M03900")
    assert not queries.has_opened(huashan, Benefit.INPATIENT)


def test_demo_services_only_in_the_demo() -> None:
    services.load_providers()
    services.load_demo_providers(allow_demo=True)
    with pytest.raises(DemoDataRefused):
        services.load_provider_services()
    assert not ProviderService.objects.exists()


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("H99999999999,general-outpatient,,test", "national_code"),
        (",general-outpatient,,test", "national_code"),
        (f"{HUASHAN},dentistry,,test", "benefit"),
        (f"{HUASHAN},chronic-disease,,test", "disease"),
        (f"{HUASHAN},chronic-disease,M99999,test", "disease"),
        (f"{HUASHAN},general-outpatient,M03900,test", "disease"),
        (f"{HUASHAN},chronic-disease,M03900,test", "national_code"),
        (f"{HUASHAN},general-outpatient,,", "source"),
    ],
)
def test_a_bad_service_row_is_named(tmp_path: Path, row: str, column: str) -> None:
    a_provider(code=HUASHAN)
    file = write(tmp_path, SERVICE_HEADER, f"{HUASHAN},chronic-disease,M03900,test", row)
    with pytest.raises(BadRow) as refused:
        services.load_provider_services(file)
    assert (refused.value.details["line"], refused.value.details["column"]) == (3, column)
    assert not ProviderService.objects.exists()


@pytest.mark.parametrize("code", ["", "H00000000000"])
def test_an_unknown_provider_is_refused(code: str) -> None:
    a_provider(code=None)
    assert queries.find_by_code(code) is None
    with pytest.raises(UnknownProvider) as refused:
        queries.by_code(code)
    assert refused.value.code == "PROVIDER-UNKNOWN"


@pytest.mark.parametrize(
    "changes",
    [
        {"level": "quaternary"},
        {"kind": "spa"},
        {"code": ""},
        {"name": ""},
        {"register_key": "310106:甲"},
        {"code": HUASHAN},
    ],
)
def test_the_database_refuses_a_provider(changes: dict[str, str]) -> None:
    a_provider(code=HUASHAN)
    with pytest.raises(IntegrityError), transaction.atomic():
        a_provider(**{"register_key": "310106:乙", **changes})


def test_providers_without_a_national_code_stand_side_by_side() -> None:
    a_provider(code=None)
    a_provider(code=None, register_key="310106:乙")
    assert Provider.objects.count() == 2


@pytest.mark.parametrize(
    ("benefit", "disease"),
    [
        ("dentistry", ""),
        ("chronic-disease", ""),
        ("general-outpatient", "M03900"),
        ("chronic-disease", "M03900"),
    ],
)
def test_the_database_refuses_a_service(benefit: str, disease: str) -> None:
    provider = a_provider()
    ProviderService.objects.create(
        provider=provider, benefit="chronic-disease", disease="M03900", source="test"
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        ProviderService.objects.create(provider=provider, benefit=benefit, disease=disease, source="test")


def test_a_provider_is_found_by_words_of_its_name_or_by_its_code() -> None:
    for number, (name, region) in enumerate(
        [
            ("复旦大学附属华山医院", "310106"),
            ("华山医院", "310106"),
            ("华山诊所", "360102"),
            ("瑞金医院", "310101"),
        ]
    ):
        a_provider(register_key=str(number), name=name, region=region)
    a_provider(register_key="code", name="仁济医院", region="310115", code="H31011500001")

    def found(text: str, region: str = "") -> list[str]:
        return [provider.name for provider in queries.search(text, region)]

    assert found("华山") == ["华山医院", "华山诊所", "复旦大学附属华山医院"]
    assert found(" 附属  华山 ") == ["复旦大学附属华山医院"]
    assert found("华山", "310000") == ["华山医院", "复旦大学附属华山医院"]
    assert found("华山", "360100") == ["华山诊所"]
    assert found("h31011500001") == ["仁济医院"]
    assert found("") == found("  ") == found("同济") == []


def test_a_search_shows_no_more_than_fits() -> None:
    for number in range(queries.MOST_FOUND + 5):
        a_provider(register_key=str(number), name=f"医院{number:02d}")
    assert len(queries.search("医院")) == queries.MOST_FOUND
