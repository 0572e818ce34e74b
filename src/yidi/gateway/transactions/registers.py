"""1201 医药机构信息获取, 1901 字典表查询: what anybody may know (interface §4.4, §4.7)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date as Day
from typing import Annotated

from yidi.gateway import codes
from yidi.gateway.calls import Call
from yidi.gateway.declarations import Transaction
from yidi.gateway.errors import ProviderQueryEmpty
from yidi.gateway.fields import code, day, node, nodes, number, text
from yidi.gateway.nodes import Node, Request
from yidi.providers import queries as providers
from yidi.providers.models import Provider
from yidi.reference import dictionaries, regions

MEDICAL, PHARMACY = "1", "2"
TYPES = {False: MEDICAL, True: PHARMACY, None: None}
"""By whether a provider is a pharmacy."""


class ProviderQuery(Node):
    fixmedins_type: Annotated[
        str, code("定点医疗服务机构类型", 6, "fixmedins_type", doubt="一源标非必填")
    ] = ""
    fixmedins_name: Annotated[str, text("定点医药机构名称", 200)] = ""
    fixmedins_code: Annotated[str, text("定点医药机构编号", 12)] = ""


class ProviderRequest(Request):
    medinsinfo: Annotated[ProviderQuery, node("查询条件", "data")]


@dataclass(frozen=True, slots=True)
class ProviderRow:
    fixmedins_code: Annotated[str, text("定点医药机构编号", 12)]
    fixmedins_name: Annotated[str, text("定点医药机构名称", 200)]
    uscc: Annotated[str | None, text("统一社会信用代码", 50, doubt="一源标非必填；本中心没有登记")]
    fixmedins_type: Annotated[str | None, code("定点医疗服务机构类型", 6, "fixmedins_type")]
    hosp_lv: Annotated[str | None, code("医院等级", 6, "hosp_lv")]


@dataclass(frozen=True, slots=True)
class ProviderReply:
    medinsinfo: Annotated[list[ProviderRow], nodes("医药机构信息")]


class DictionaryQuery(Node):
    type: Annotated[str, text("字典类型", 30)]
    parentValue: Annotated[
        str, text("父字典键值", 10, doubt="一源标非必填；本中心的字典不分级，填什么都一样")
    ] = ""
    admdvs: Annotated[str, text("行政区划", 6, doubt="只有全国通用的字典，不分区划")]
    date: Annotated[Day, day("查询日期")]
    valiFlag: Annotated[str, code("有效标志", 3, "vali_flag", doubt="一源标非必填")] = ""


class DictionaryRequest(Request):
    data: Annotated[DictionaryQuery, node("查询条件")]


BOTH = "驼峰与下划线两种写法都给"


@dataclass(frozen=True, slots=True, kw_only=True)
class DictionaryRow:
    type: Annotated[str, text("字典类型", 30)]
    label: Annotated[str, text("字典标签", 50)]
    value: Annotated[str, text("字典键值", 20)]
    parentValue: Annotated[str | None, text("父字典键值", 10, doubt=BOTH)] = None
    parent_value: Annotated[str | None, text("父字典键值", 10)] = None
    sort: Annotated[int, number("序号", "30")]
    valiFlag: Annotated[str, code("权限标识", 3, "vali_flag", doubt=BOTH)] = codes.YES
    vali_flag: Annotated[str, code("权限标识", 3, "vali_flag")] = codes.YES
    createUser: Annotated[str | None, text("创建账户", 30, doubt=BOTH)] = None
    create_user: Annotated[str | None, text("创建账户", 30)] = None
    createDate: Annotated[Day, day("创建时间")]
    create_date: Annotated[Day, day("创建时间")]
    version: Annotated[int, number("版本号", "20")]


@dataclass(frozen=True, slots=True)
class DictionaryReply:
    list: Annotated[Sequence[DictionaryRow], nodes("字典")]


def provider(call: Call, request: ProviderRequest) -> ProviderReply:
    given = request.medinsinfo
    if not (given.fixmedins_name or given.fixmedins_code):
        raise ProviderQueryEmpty()
    if given.fixmedins_type not in ("", MEDICAL, PHARMACY):
        return ProviderReply([])
    pharmacy = given.fixmedins_type == PHARMACY if given.fixmedins_type else None
    found = providers.coded(given.fixmedins_code, given.fixmedins_name, pharmacy)
    return ProviderReply([_provider(item) for item in found])


def _provider(item: Provider) -> ProviderRow:
    return ProviderRow(
        fixmedins_code=item.code or "",
        fixmedins_name=item.name,
        uscc=None,
        fixmedins_type=TYPES[providers.is_pharmacy(item)],
        hosp_lv=_grade_of(item.grade),
    )


def _grade_of(grade: str) -> str | None:
    """The code of an official grade such as 三级甲等; a mere 三级 has none."""
    return next((known for known, name in dictionaries.dictionary("hosp_lv").items() if name == grade), None)


def dictionary(call: Call, request: DictionaryRequest) -> DictionaryReply:
    given = request.data
    regions.region(given.admdvs)
    name = given.type.lower()
    entries = dictionaries.dictionary(name, unconfirmed=True)
    if given.valiFlag == codes.NO:
        return DictionaryReply([])
    return DictionaryReply(
        [
            _entry(given.type, value, label, rank)
            for rank, (value, label) in enumerate(entries.items(), start=1)
        ]
    )


def _entry(kind: str, value: str, label: str, rank: int) -> DictionaryRow:
    edition = dictionaries.EDITION
    return DictionaryRow(
        type=kind,
        label=label,
        value=value,
        sort=rank,
        createDate=edition,
        create_date=edition,
        version=int(f"{edition:%Y%m%d}"),
    )


ONLY_CODED = f"只有有国家编码的机构，至多 {providers.MOST_FOUND} 家；名称与编号至少填一项。"
NATIONAL = "公开资料中全国通用的代码，含少数推断的代码，不含各地自定的代码；都有效，不分日期。"

TRANSACTIONS = (
    Transaction(
        "1201",
        "医药机构信息获取",
        ProviderRequest,
        ProviderReply,
        provider,
        writes=False,
        of_person=False,
        section="§4.4",
        doubt=ONLY_CODED,
    ),
    Transaction(
        "1901",
        "字典表查询",
        DictionaryRequest,
        DictionaryReply,
        dictionary,
        writes=False,
        of_person=False,
        section="§4.7",
        doubt=NATIONAL,
    ),
)
