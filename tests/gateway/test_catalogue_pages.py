"""The catalogue in pages: every condition is honoured or refused, and every page says where it lies (interface §4.6)."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from tests.gateway import factories
from tests.gateway.client import Client, Json
from yidi.catalogue.models import CatalogueItem

pytestmark = pytest.mark.django_db

PAGED = ("1304", "1312", "1316", "1317", "1318", "1319")
PAGE_FIELDS = ["firstPage", "lastPage", "size", "startRow", "pageSize", "pageNum", "recordCounts", "pages"]
ALL = 9


def ask(client: Client, infno: str, **asked: Any) -> Json:
    given = {"updt_time": "2000-01-01", "page_num": 1, "page_size": 100, **asked}
    return client.send(client.message("9001", infno=infno, input={"data": given}))


def codes_of(client: Client, infno: str, **asked: Any) -> list[str]:
    reply = ask(client, infno, **asked)
    assert reply["infcode"] == 0, reply["err_msg"]
    assert reply["output"]["recordCounts"] == len(reply["output"]["data"])
    return [row["hilist_code"] for row in reply["output"]["data"]]


def kept(item: CatalogueItem) -> Json:
    today = f"{timezone.localdate()}"
    nobody = dict.fromkeys(
        ("crter_id", "crter_name", "crte_optins_no", "opter_id", "opter_name", "opt_time", "optins_no")
    )
    return {
        "insu_admdvs": "310000", "begndate": "2025-01-01", "enddate": None, "vali_flag": "1", "rid": str(item.pk),
        "updt_time": today, "crte_time": today, "poolarea_no": "310000", **nobody,
    }  # fmt: skip


def test_the_rows(client: Client) -> None:
    item = CatalogueItem.objects.get(code=factories.B_LIMITED)
    code = {"hilist_code": item.code}
    unknown = ("med_use_flag", "matn_used_flag", "hilist_use_type", "lmt_cpnd_type", "wubi", "pinyin", "memo")
    expected: dict[str, Json] = {
        "1312": {
            **code, "hilist_name": "限价乙药", "med_chrgitm_type": "09", "chrgitm_lv": "02", "lmt_used_flag": "0",
            "list_type": "101", **dict.fromkeys(unknown),
        },
        "1316": {**code, "med_list_codg": item.code, "list_type": "101", "memo": None},
        "1318": {
            **code, "hilist_lmtpric_type": None, "overlmt_dspo_way": None, "hilist_pric_uplmt_amt": 30,
            "tabname": None,
        },
        "1319": {
            **code, "selfpay_prop_psn_type": None, "selfpay_prop_type": None, "selfpay_prop": Decimal("0.1"),
            "tabname": None,
        },
    }  # fmt: skip
    for infno, own in expected.items():
        output = ask(client, infno, hilist_code=item.code)["output"]
        assert sorted(output) == sorted([*PAGE_FIELDS, "data"])
        assert output["data"] == [{**kept(item), **own}]


@pytest.mark.parametrize("infno", ["1304", "1317"])
def test_nothing_of_the_kind_is_kept(client: Client, infno: str) -> None:
    output = ask(client, infno, vali_flag="1", med_list_codg="X")["output"]
    assert output == {
        "firstPage": True, "lastPage": True, "size": 0, "startRow": 0, "pageSize": 100, "pageNum": 1,
        "recordCounts": 0, "pages": 0, "data": [],
    }  # fmt: skip


SEARCHES: list[tuple[str, Json, int]] = [
    ("1312", {}, ALL),
    ("1312", {"wubi": "", "med_use_flag": None, "list_type": ""}, ALL),
    ("1312", {"hilist_code": factories.A}, 1),
    ("1312", {"hilist_code": "X"}, 0),
    ("1312", {"hilist_name": "限价"}, 2),
    ("1312", {"insu_admdvs": "310000"}, ALL),
    ("1312", {"insu_admdvs": "310106"}, ALL),
    ("1312", {"med_chrgitm_type": "08"}, 1),
    ("1312", {"chrgitm_lv": "03"}, 1),
    ("1312", {"lmt_used_flag": "1"}, 1),
    ("1312", {"list_type": "101"}, 7),
    ("1312", {"list_type": "103"}, 0),
    ("1312", {"list_type": "201"}, 1),
    ("1312", {"list_type": "301"}, 1),
    ("1312", {"query_date": "2024-12-31"}, 0),
    ("1312", {"query_date": "2025-06-30"}, ALL),
    ("1312", {"query_date": "2025-07-01"}, ALL - 1),
    ("1312", {"vali_flag": "1"}, ALL - 1),
    ("1312", {"vali_flag": "0"}, 1),
    ("1312", {"begndate": "2025-01-01"}, ALL),
    ("1312", {"begndate": "2025-01-02"}, 0),
    ("1312", {"updt_time": "2099-01-01"}, 0),
    ("1312", {"page_num": "1", "page_size": "100"}, ALL),
    ("1316", {"med_list_codg": factories.A}, 1),
    ("1316", {"hilist_code": factories.A, "list_type": "201"}, 0),
    ("1318", {}, 2),
    ("1318", {"enddate": "2025-06-30"}, 1),
    ("1318", {"poolarea_no": "310000"}, 2),
    ("1318", {"rid": "0"}, 0),
    ("1318", {"rid": "x"}, 0),
    ("1318", {"rid": "9" * 40}, 0),
    ("1318", {"rid": "９"}, 0),
    ("1319", {"vali_flag": "0"}, 1),
    ("1319", {}, ALL),
]


@pytest.mark.parametrize(("infno", "asked", "count"), SEARCHES)
def test_conditions(client: Client, infno: str, asked: Json, count: int) -> None:
    CatalogueItem.objects.filter(code=factories.A_LIMITED).update(valid_to=date(2025, 6, 30))
    assert len(codes_of(client, infno, **asked)) == count


def test_the_conditions_of_a_row_by_its_number(client: Client) -> None:
    item = CatalogueItem.objects.get(code=factories.B)
    assert codes_of(client, "1319", rid=str(item.pk)) == [factories.B]


WRONG: list[tuple[str, Json, str, str]] = [
    ("1312", {"updt_time": ""}, "GATEWAY-FIELDS", "updt_time"),
    ("1312", {"page_num": None}, "GATEWAY-FIELDS", "page_num"),
    ("1312", {"page_size": "all"}, "GATEWAY-FIELDS", "page_size"),
    ("1312", {"page_size": 10000}, "GATEWAY-FIELDS", "page_size"),
    ("1312", {"page_num": 1.5}, "GATEWAY-FIELDS", "page_num"),
    ("1312", {"query_date": "2025/01/01"}, "GATEWAY-FIELDS", "query_date"),
    ("1312", {"chrgitm_lv": "9"}, "GATEWAY-FIELDS", "chrgitm_lv"),
    ("1312", {"vali_flag": "2"}, "GATEWAY-FIELDS", "vali_flag"),
    ("1312", {"page_num": 0}, "GATEWAY-PAGE", "page_num"),
    ("1312", {"page_size": 0}, "GATEWAY-PAGE", "page_size"),
    ("1304", {"page_size": 1001}, "GATEWAY-PAGE", "1000"),
    ("1319", {"page_num": -1}, "GATEWAY-FIELDS", "page_num"),
    ("1312", {"insu_admdvs": "360100"}, "GATEWAY-UNSUPPORTED", "310000"),
    ("1312", {"insu_admdvs": "999999"}, "REGION-UNKNOWN", "999999"),
    ("1312", {"wubi": "abc"}, "GATEWAY-UNSUPPORTED", "五笔助记码"),
    ("1312", {"list_type": "106"}, "GATEWAY-UNSUPPORTED", "106"),
    ("1312", {"matn_used_flag": "1"}, "GATEWAY-UNSUPPORTED", "matn_used_flag"),
    ("1316", {"medins_list_codg": "1"}, "GATEWAY-UNSUPPORTED", "medins_list_codg"),
    ("1318", {"tabname": "t"}, "GATEWAY-UNSUPPORTED", "表名"),
    ("1318", {"poolarea_no": "360000"}, "GATEWAY-UNSUPPORTED", "310000"),
    ("1319", {"selfpay_prop_type": "1"}, "GATEWAY-UNSUPPORTED", "selfpay_prop_type"),
]


@pytest.mark.parametrize(("infno", "asked", "code", "word"), WRONG)
def test_refusals(client: Client, infno: str, asked: Json, code: str, word: str) -> None:
    said = ask(client, infno, **asked)["err_msg"]
    assert said.startswith(f"[{code}]")
    assert word in said


PLACES = [
    # page, its size; first, last, size, startRow, pages
    (1, 4, (True, False, 4, 1, 3)),
    (2, 4, (False, False, 4, 5, 3)),
    (3, 4, (False, True, 1, 9, 3)),
    (4, 4, (False, True, 0, 0, 3)),
    (1, 9, (True, True, 9, 1, 1)),
    (9999, 1000, (False, True, 0, 0, 1)),
]


@pytest.mark.parametrize(("number", "size", "place"), PLACES)
def test_where_a_page_lies(client: Client, number: int, size: int, place: tuple[Any, ...]) -> None:
    output = ask(client, "1312", page_num=number, page_size=size)["output"]
    assert tuple(output[name] for name in ("firstPage", "lastPage", "size", "startRow", "pages")) == place
    assert (output["pageNum"], output["pageSize"], output["recordCounts"]) == (number, size, ALL)


def test_the_pages_together_are_all_rows_once(client: Client) -> None:
    found = [
        row["rid"]
        for number in (1, 2, 3)
        for row in ask(client, "1312", page_num=number, page_size=4)["output"]["data"]
    ]
    assert sorted(map(int, found)) == sorted(CatalogueItem.objects.values_list("pk", flat=True))
