"""Catalogues as files: what is on record stands in the column where it belongs, and only news is sent (interface §4.5)."""

import io
import zipfile
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.gateway import factories
from tests.gateway.client import Client, Json
from yidi.catalogue.models import CatalogueItem
from yidi.gateway import files
from yidi.gateway.catalogues import CATALOGUES, Nothing
from yidi.gateway.models import StoredFile
from yidi.reference import diagnoses, diseases
from yidi.reference.columns import columns_of

pytestmark = pytest.mark.django_db

WIDTHS = {
    "1301": 92, "1302": 28, "1303": 78, "1305": 16, "1306": 71, "1307": 24, "1308": 24, "1309": 16, "1310": 15,
    "1311": 15, "1313": 11, "1314": 14, "1315": 14,
}  # fmt: skip
EMPTY = ["1303", "1308", "1310", "1311", "1313", "1314", "1315"]
LOADED = datetime(2026, 3, 1, 8, 30, 15, 999999, tzinfo=timezone.get_default_timezone())
VERSION = "20260301083015"


@pytest.fixture
def client(client: Client) -> Client:
    CatalogueItem.objects.update(created=LOADED, changed=LOADED)
    return client


def ask(client: Client, infno: str, ver: str = "0", **changes: Any) -> Json:
    return client.send(client.message("9001", infno=infno, input={"data": {"ver": ver}}, **changes))


def lines_of(client: Client, output: Json) -> list[list[str]]:
    """The file of a reply, fetched as clients do."""
    code = client.world.provider.code
    given = {"file_qury_no": output["file_qury_no"], "filename": "plc", "fixmedins_code": code}
    packed = client.post(client.message("9001", infno="9102", input={"fsDownloadIn": given})).content
    (text,) = zipfile.ZipFile(io.BytesIO(packed)).namelist()
    assert f"{text}.zip" == output["filename"]
    return [line.split("\t") for line in files.text_of(packed).splitlines()]


def rows_of(client: Client, infno: str, ver: str = "0") -> list[Json]:
    output = ask(client, infno, ver)["output"]
    lines = lines_of(client, output)
    assert output["data_cnt"] == output["data_cn"] == len(lines)
    assert all(len(line) == WIDTHS[infno] for line in lines)
    return [
        {name: cell for name, cell in zip(columns_of(infno), line, strict=True) if cell != "null"}
        for line in lines
    ]


def test_the_widths_are_those_of_the_interface() -> None:
    assert {infno: len(columns_of(infno)) for infno in CATALOGUES} == WIDTHS


@pytest.mark.parametrize("infno", CATALOGUES)
def test_no_cell_is_meant_for_a_column_that_no_catalogue_has(infno: str) -> None:
    source = CATALOGUES[infno].source
    assert (infno in EMPTY) == isinstance(source, Nothing)
    columns = {name for other in ("1301", "1302", "1305", "1306", infno) for name in columns_of(other)}
    assert set(source.cells) <= columns
    assert infno in EMPTY or columns_of(infno)[0] in source.cells or infno == "1307"


def test_drugs(client: Client) -> None:
    CatalogueItem.objects.filter(code=factories.B).update(
        spec="5mg×7\t片/盒", unit="盒", dosage_form="片剂", category="patent-drug", restricted=True
    )
    rows = {row["医疗目录编码"]: row for row in rows_of(client, "1301")}
    assert len(rows) == 7
    moment = "2026-03-01 08:30:15"
    assert rows[factories.B].pop("唯一记录号").isdigit()
    assert rows[factories.B] == {
        "医疗目录编码": factories.B, "药品通用名": "乙药", "药品剂型名称": "片剂", "包装规格": "5mg×7 片/盒",
        "最小计价单位": "盒", "中成药标志": "1", "限制使用标志": "1", "开始日期": "2025-01-01", "有效标志": "1",
        "数据创建时间": moment, "数据更新时间": moment, "版本号": VERSION, "国家医保药品目录甲乙类标识": "乙",
    }  # fmt: skip
    assert rows[factories.A]["国家医保药品目录甲乙类标识"] == "甲"
    assert "国家医保药品目录甲乙类标识" not in rows[factories.C]


def test_each_part_has_its_own_file(client: Client) -> None:
    CatalogueItem.objects.filter(code=factories.A).update(category="herbal-slice")
    (slices,) = rows_of(client, "1302")
    (service,) = rows_of(client, "1305")
    (consumable,) = rows_of(client, "1306")
    assert (slices["医疗目录编码"], slices["单味药名称"]) == (factories.A, "甲药")
    assert (service["医疗目录编码"], service["医疗服务项目名称"]) == (factories.SERVICE, "门诊诊察费")
    assert (consumable["医疗目录编码"], consumable["耗材名称"]) == (factories.CONSUMABLE, "一次性耗材")
    assert len(rows_of(client, "1301")) == 6


def test_diagnoses_with_the_headings_above_them(client: Client) -> None:
    rows = {row["诊断代码"]: row for row in rows_of(client, "1307")}
    assert len(rows) == 3429
    assert rows["B15.001"] == {
        "类目代码": "B15", "类目名称": "急性甲型肝炎", "亚目代码": "B15.0", "亚目名称": "甲型肝炎，伴有肝昏迷",
        "诊断代码": "B15.001", "诊断名称": "急性甲型病毒性肝炎伴肝昏迷", "有效标志": "1",
        "版本号": f"{diagnoses.EDITION:%Y%m%d}000000",
    }  # fmt: skip
    assert "亚目代码" not in rows["I10.x00x002"]
    assert rows["I10.x00x002"]["类目代码"] == "I10"


def test_chronic_diseases(client: Client) -> None:
    rows = rows_of(client, "1309")
    assert len(rows) == len(diseases.diseases())
    assert {
        "门慢门特病种目录代码": "M03900", "门慢门特病种名称": "高血压", "有效标志": "1",
        "版本号": f"{diseases.EDITION:%Y%m%d}000000",
    } in rows  # fmt: skip


@pytest.mark.parametrize("infno", EMPTY)
def test_a_catalogue_of_which_nothing_is_known_is_an_empty_file(client: Client, infno: str) -> None:
    assert rows_of(client, infno) == []


def test_a_region_without_a_catalogue_gets_empty_files(client: Client) -> None:
    CatalogueItem.objects.all().delete()
    assert rows_of(client, "1301") == []


def test_the_reply(client: Client) -> None:
    output = ask(client, "1301")["output"]
    assert output.pop("file_qury_no") == StoredFile.objects.get().number
    last = timezone.localdate() + timedelta(days=7)
    assert output == {
        "filename": f"1301_310000_{VERSION}.txt.zip", "dld_end_time": f"{last}", "data_cnt": 7, "data_cn": 7
    }  # fmt: skip


def test_only_what_changed_since_the_version_held(client: Client) -> None:
    later = LOADED + timedelta(hours=1)
    CatalogueItem.objects.filter(code=factories.A).update(changed=later, valid_to=date(2026, 3, 1))
    CatalogueItem.objects.filter(code=factories.C).update(changed=later, valid_to=date(2099, 3, 1))
    CatalogueItem.objects.filter(code=factories.B).update(valid_to=date(2026, 2, 1))
    news = {row["医疗目录编码"]: row for row in rows_of(client, "1301", VERSION)}
    assert {code: (row["有效标志"], row["结束日期"]) for code, row in news.items()} == {
        factories.A: ("0", "2026-03-01"),
        factories.C: ("1", "2099-03-01"),
    }
    assert {row["版本号"] for row in news.values()} == {"20260301093015"}
    assert {factories.A, factories.B} < {
        row["医疗目录编码"] for row in rows_of(client, "1301", "20200101000000")
    }
    everything = {row["医疗目录编码"] for row in rows_of(client, "1301")}
    assert factories.C in everything
    assert not {factories.A, factories.B} & everything  # ended: of no use to whoever begins


@pytest.mark.parametrize(
    ("infno", "ver", "count"),
    [
        ("1301", "0", 7),
        ("1301", "00000000000000", 7),
        ("1301", "20260301083014", 7),
        ("1301", VERSION, 0),
        ("1301", "F001_20260301083015_C", 0),
        ("1301", "F001_19970101000000_C", 7),
        ("1301", "20991231235959", 0),
        ("1309", "20261121235959", 69),
        ("1309", "20261122000000", 0),
    ],
)
def test_versions(client: Client, infno: str, ver: str, count: int) -> None:
    assert len(rows_of(client, infno, ver)) == count


@pytest.mark.parametrize(
    ("infno", "ver", "code"),
    [
        ("1301", "", "GATEWAY-FIELDS"),
        ("1301", "x" * 31, "GATEWAY-FIELDS"),
        ("1301", "V1.0", "GATEWAY-VERSION"),
        ("1301", "2026030108301", "GATEWAY-VERSION"),
        ("1301", "202603010830150", "GATEWAY-VERSION"),
        ("1301", "20261301083015", "GATEWAY-VERSION"),
        ("1301", "00010101000000", "GATEWAY-VERSION"),
        ("1303", "99991231235959", "GATEWAY-VERSION"),
        ("1307", "-1", "GATEWAY-VERSION"),
        ("1320", "0", "GATEWAY-CATALOGUE"),
        ("1321", "0", "GATEWAY-CATALOGUE"),
    ],
)
def test_refusals(client: Client, infno: str, ver: str, code: str) -> None:
    before = factories.rows()
    assert ask(client, infno, ver)["err_msg"].startswith(f"[{code}]")
    assert factories.rows() == before


def test_a_file_is_made_once_a_day_and_shared(client: Client) -> None:
    first = ask(client, "1301")["output"]
    other = factories.connect(
        factories.hospital(factories.OTHER_HOSPITAL, "上海另一示例医院（合成）"), paasid="2"
    )
    assert ask(client, "1301", fixmedins_code=other.provider.code)["output"] == first
    StoredFile.objects.update(expires=timezone.now() + timedelta(days=6))
    assert ask(client, "1301")["output"]["file_qury_no"] != first["file_qury_no"]
    CatalogueItem.objects.filter(code=factories.A).update(changed=timezone.now())
    assert ask(client, "1301")["output"]["filename"] != first["filename"]
