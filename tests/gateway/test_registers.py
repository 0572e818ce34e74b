"""1201 and 1901: the public registers as the interface gives them (interface §4.4, §4.7)."""

from typing import Any

import pytest

from tests.gateway import factories
from tests.gateway.client import Client, Json
from yidi.providers.models import Provider
from yidi.reference import dictionaries

pytestmark = pytest.mark.django_db


def ask(client: Client, infno: str, **asked: Any) -> Json:
    node = {"1201": "medinsinfo", "1901": "data"}[infno]
    return client.send(client.message("9001", infno=infno, input={node: asked}))


def found(client: Client, **asked: Any) -> set[str]:
    reply = ask(client, "1201", **asked)
    assert reply["infcode"] == 0, reply["err_msg"]
    return {row["fixmedins_code"] for row in reply["output"]["medinsinfo"]}


@pytest.fixture
def client(client: Client) -> Client:
    factories.hospital(
        "P31010699991", "上海示例大药房（合成）", kind="pharmacy", level="pharmacy", grade="药店"
    )
    factories.hospital(
        "H36010299991", "南昌示例医院（合成）", region="360102", grade="三级甲等", kind="hospital"
    )
    factories.hospital("H36010299992", "南昌示例诊所（合成）", region="360102", level="", kind="")
    Provider.objects.filter(pk=factories.hospital("local", "上海示例无码医院（合成）").pk).update(code=None)
    return client


QUERIES: list[tuple[Json, set[str]]] = [
    ({"fixmedins_name": "上海"}, {factories.HOSPITAL, "P31010699991"}),
    ({"fixmedins_name": "示例 医院"}, {factories.HOSPITAL, "H36010299991"}),
    ({"fixmedins_name": "无码"}, set()),
    ({"fixmedins_name": "%"}, set()),
    ({"fixmedins_code": factories.HOSPITAL}, {factories.HOSPITAL}),
    ({"fixmedins_code": factories.HOSPITAL.lower()}, {factories.HOSPITAL}),
    ({"fixmedins_code": factories.HOSPITAL, "fixmedins_name": "南昌"}, set()),
    ({"fixmedins_name": "示例", "fixmedins_type": "1"}, {factories.HOSPITAL, "H36010299991"}),
    ({"fixmedins_name": "示例", "fixmedins_type": "2"}, {"P31010699991"}),
    ({"fixmedins_name": "示例", "fixmedins_type": "3"}, set()),
]


@pytest.mark.parametrize(("asked", "codes"), QUERIES)
def test_institutions(client: Client, asked: Json, codes: set[str]) -> None:
    assert found(client, **asked) == codes


def test_an_institution_as_it_is_given(client: Client) -> None:
    rows = {
        row.pop("fixmedins_code"): row
        for row in ask(client, "1201", fixmedins_name="示例")["output"]["medinsinfo"]
    }
    unknown = {"uscc": None, "fixmedins_type": None, "hosp_lv": None}
    assert rows["H36010299991"] == {
        **unknown, "fixmedins_name": "南昌示例医院（合成）", "fixmedins_type": "1", "hosp_lv": "02"
    }  # fmt: skip
    assert rows["P31010699991"]["fixmedins_type"] == "2"
    assert rows["H36010299992"] == {**unknown, "fixmedins_name": "南昌示例诊所（合成）"}


def test_a_dictionary_in_both_spellings(client: Client) -> None:
    rows = ask(client, "1901", type="INSUTYPE", admdvs="310000", date="2026-01-01")["output"]["list"]
    assert [row["value"] for row in rows] == list(dictionaries.dictionary("insutype"))
    edition = f"{dictionaries.EDITION}"
    assert rows[0] == {
        "type": "INSUTYPE", "label": "职工基本医疗保险", "value": "310", "parentValue": None, "parent_value": None,
        "sort": 1, "valiFlag": "1", "vali_flag": "1", "createUser": None, "create_user": None,
        "createDate": edition, "create_date": edition, "version": int(edition.replace("-", "")),
    }  # fmt: skip


def test_every_dictionary_fits_its_fields(client: Client) -> None:
    asked = {"parent_value": "0", "admdvs": "310106", "date": "2026-01-01", "vali_flag": "1"}
    for name in dictionaries.names():
        rows = ask(client, "1901", type=name, **asked)["output"]["list"]
        assert len(rows) == len(dictionaries.dictionary(name, unconfirmed=True))
        assert all(len(row["label"]) <= 50 and len(row["value"]) <= 20 for row in rows), name


def test_no_entry_of_a_dictionary_is_invalid(client: Client) -> None:
    asked = {"type": "insutype", "admdvs": "310000", "date": "2026-01-01", "valiFlag": "0"}
    assert ask(client, "1901", **asked)["output"] == {"list": []}


WRONG: list[tuple[str, Json, str]] = [
    ("1201", {"fixmedins_type": "1"}, "GATEWAY-PROVIDER-QUERY"),
    ("1201", {"fixmedins_type": "9", "fixmedins_name": "示例"}, "GATEWAY-FIELDS"),
    ("1201", {"fixmedins_code": "H" * 13}, "GATEWAY-FIELDS"),
    ("1901", {"type": "", "admdvs": "310000", "date": "2026-01-01"}, "GATEWAY-FIELDS"),
    ("1901", {"type": "insutype", "admdvs": "310000", "date": "today"}, "GATEWAY-FIELDS"),
    (
        "1901",
        {"type": "insutype", "admdvs": "310000", "date": "2026-01-01", "valiFlag": "x"},
        "GATEWAY-FIELDS",
    ),
    ("1901", {"type": "nosuch", "admdvs": "310000", "date": "2026-01-01"}, "DICTIONARY-UNKNOWN"),
    ("1901", {"type": "insutype", "admdvs": "999999", "date": "2026-01-01"}, "REGION-UNKNOWN"),
]


@pytest.mark.parametrize(("infno", "asked", "code"), WRONG)
def test_refusals(client: Client, infno: str, asked: Json, code: str) -> None:
    assert ask(client, infno, **asked)["err_msg"].startswith(f"[{code}]")
