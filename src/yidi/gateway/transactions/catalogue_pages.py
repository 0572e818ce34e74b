"""1304, 1312, 1316 to 1319: the care region's catalogue in pages (interface §4.6)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Annotated, Any

from django.utils import timezone

from yidi.catalogue import queries as catalogue
from yidi.catalogue.models import CatalogueItem
from yidi.catalogue.queries import Search
from yidi.catalogue.terms import Category, Part
from yidi.gateway import codes
from yidi.gateway.calls import Call
from yidi.gateway.declarations import Mark, Transaction
from yidi.gateway.errors import BadPage, NotSupported
from yidi.gateway.fields import fields_of, node, nodes, number, truth
from yidi.gateway.nodes import Node, Request
from yidi.gateway.transactions import catalogue_nodes as fields
from yidi.reference import regions
from yidi.values.terms import CatalogueClass

MOST_ROWS = 1000
"""Rows of one page."""

LIST_TYPES = {
    Part.DRUGS: "101",
    Part.SLICES: "102",
    Part.PREPARATIONS: "103",
    Part.ETHNIC: "104",
    Part.SERVICES: "201",
    Part.CONSUMABLES: "301",
}
PARTS = {known: part for part, known in LIST_TYPES.items()}
CATEGORIES = {known: Category(category) for category, known in codes.CATEGORIES.items()}
CLASSES = {known: klass for klass, known in codes.CLASSES.items()}


class EthnicRequest(Request):
    data: Annotated[fields.EthnicQuery, node("查询条件")]


class CatalogueRequest(Request):
    data: Annotated[fields.CatalogueQuery, node("查询条件")]


class MatchRequest(Request):
    data: Annotated[fields.MatchQuery, node("查询条件")]


class OwnMatchRequest(Request):
    data: Annotated[fields.OwnMatchQuery, node("查询条件")]


class LimitRequest(Request):
    data: Annotated[fields.LimitQuery, node("查询条件")]


class SelfPayRequest(Request):
    data: Annotated[fields.SelfPayQuery, node("查询条件")]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageReply:
    firstPage: Annotated[bool, truth("是否第一页")]
    lastPage: Annotated[bool, truth("是否最后一页")]
    size: Annotated[int, number("本页行数", "4")]
    startRow: Annotated[int, number("本页首行序号", "16")]
    pageSize: Annotated[int, number("每页行数", "4")]
    pageNum: Annotated[int, number("当前页数", "4")]
    recordCounts: Annotated[int, number("总行数", "16")]
    pages: Annotated[int, number("总页数", "16")]


@dataclass(frozen=True, slots=True, kw_only=True)
class EthnicPage(PageReply):
    data: Annotated[list[fields.EthnicRow], nodes("民族药品")]


@dataclass(frozen=True, slots=True, kw_only=True)
class CataloguePage(PageReply):
    data: Annotated[list[fields.CatalogueRow], nodes("医保目录")]


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchPage(PageReply):
    data: Annotated[list[fields.MatchRow], nodes("医疗目录与医保目录匹配")]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnMatchPage(PageReply):
    data: Annotated[list[fields.OwnMatchRow], nodes("医药机构目录匹配")]


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitPage(PageReply):
    data: Annotated[list[fields.LimitRow], nodes("医保目录限价")]


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfPayPage(PageReply):
    data: Annotated[list[fields.SelfPayRow], nodes("医保目录先自付比例")]


def ethnic_drugs(call: Call, request: EthnicRequest) -> EthnicPage:
    return EthnicPage(**_place(request.data, 0, 0), data=[])


def items(call: Call, request: CatalogueRequest) -> CataloguePage:
    return CataloguePage(**_found(call, request.data, _item))


def matches(call: Call, request: MatchRequest) -> MatchPage:
    return MatchPage(**_found(call, request.data, _match))


def own_matches(call: Call, request: OwnMatchRequest) -> OwnMatchPage:
    return OwnMatchPage(**_place(request.data, 0, 0), data=[])


def price_limits(call: Call, request: LimitRequest) -> LimitPage:
    return LimitPage(**_found(call, request.data, _limit, limited=True))


def self_payments(call: Call, request: SelfPayRequest) -> SelfPayPage:
    return SelfPayPage(**_found(call, request.data, _self_payment))


def _found(call: Call, given: Any, row: Callable[[CatalogueItem], Any], **always: Any) -> dict[str, Any]:
    """The fields of a page: those about it, and its rows. Raises BadPage, NotSupported."""
    region = regions.pool_of(call.provider.region)
    search = Search(**always, **_conditions(given, region))
    found = catalogue.page(region, search, _start(given), given.page_size)
    return {**_place(given, found.total, len(found.items)), "data": [row(item) for item in found.items]}


def _start(given: Any) -> int:
    """The rank of a page's first row, the first of all being 0. Raises BadPage."""
    if given.page_num < 1 or not 1 <= given.page_size <= MOST_ROWS:
        raise BadPage(most=MOST_ROWS, number=given.page_num, size=given.page_size)
    return int((given.page_num - 1) * given.page_size)


def _place(given: Any, total: int, shown: int) -> dict[str, Any]:
    """Where a page lies among all of them. Raises BadPage."""
    start, pages = _start(given), -(-total // given.page_size)
    return {
        "firstPage": given.page_num == 1,
        "lastPage": given.page_num >= pages,
        "size": shown,
        "startRow": start + 1 if shown else 0,
        "pageSize": given.page_size,
        "pageNum": given.page_num,
        "recordCounts": total,
        "pages": pages,
    }


def _conditions(given: Node, region: str) -> dict[str, Any]:
    """What a message searches by, in this system's words. Raises NotSupported, UnknownRegion."""
    wanted: dict[str, Any] = {}
    for name, value in given:
        if value in ("", None) or name in ("page_num", "page_size"):
            continue
        if name in ("insu_admdvs", "poolarea_no"):
            _check_region(given, name, value, region)
        elif name not in CONDITIONS or (name == "list_type" and value not in PARTS):
            raise _unsupported(given, name, value, "目录没有登记此项", "不填此项重新查询", "nothing")
        else:
            wanted |= CONDITIONS[name](value)
    return wanted


def _check_region(given: Node, name: str, value: str, region: str) -> None:
    if regions.pool_of(value) != region:
        raise _unsupported(given, name, value, "异地就医执行就医地目录", f"填写 {region} 或不填", region)


def _unsupported(given: Node, name: str, value: Any, why: str, remedy: str, takes: str) -> NotSupported:
    what = fields_of(type(given))[name].label
    return NotSupported(field=name, what=what, given=value, why=why, remedy=remedy, takes=takes)


def _holding(flag: str) -> dict[str, Any]:
    return {"not_ended_by" if flag == codes.YES else "ended_by": timezone.localdate()}


def _since(day: date) -> dict[str, Any]:
    return {"changed_from": timezone.make_aware(datetime.combine(day, time.min))}


LONGEST_NUMBER = 18
"""Digits of a row's number that a database holds."""


def _numbered(rid: str) -> dict[str, Any]:
    known = rid.isascii() and rid.isdigit() and len(rid) <= LONGEST_NUMBER
    return {"number": int(rid) if known else 0}


CONDITIONS: Mapping[str, Callable[[Any], dict[str, Any]]] = {
    "query_date": lambda day: {"on": day},
    "hilist_code": lambda code: {"code": code},
    "med_list_codg": lambda code: {"code": code},
    "hilist_name": lambda name: {"name": name},
    "begndate": lambda day: {"starts_from": day},
    "enddate": lambda day: {"ends_by": day},
    "med_chrgitm_type": lambda code: {"category": CATEGORIES[code]},
    "chrgitm_lv": lambda code: {"klass": CLASSES[code]},
    "lmt_used_flag": lambda flag: {"restricted": flag == codes.YES},
    "list_type": lambda code: {"part": PARTS[code]},
    "vali_flag": _holding,
    "updt_time": _since,
    "rid": _numbered,
}
"""How a condition of a message is searched by; what is not here is not on record."""


def _kept(item: CatalogueItem) -> dict[str, Any]:
    """The fields that every row has."""
    ended = item.valid_to is not None and item.valid_to < timezone.localdate()
    return {
        "insu_admdvs": item.region,
        "begndate": item.valid_from,
        "enddate": item.valid_to,
        "vali_flag": codes.NO if ended else codes.YES,
        "rid": str(item.pk),
        "updt_time": timezone.localdate(item.changed),
        "crte_time": timezone.localdate(item.created),
        "poolarea_no": item.region,
    }


def _item(item: CatalogueItem) -> fields.CatalogueRow:
    return fields.CatalogueRow(
        hilist_code=item.code,
        hilist_name=item.name,
        med_chrgitm_type=codes.CATEGORIES[Category(item.category)],
        chrgitm_lv=codes.CLASSES[CatalogueClass(item.klass)],
        lmt_used_flag=codes.YES if item.restricted else codes.NO,
        list_type=LIST_TYPES[catalogue.part_of(item)],
        **_kept(item),
    )


def _match(item: CatalogueItem) -> fields.MatchRow:
    """The catalogue names its items by their national codes: the two codes are one."""
    return fields.MatchRow(
        med_list_codg=item.code,
        hilist_code=item.code,
        list_type=LIST_TYPES[catalogue.part_of(item)],
        **_kept(item),
    )


def _limit(item: CatalogueItem) -> fields.LimitRow:
    return fields.LimitRow(
        hilist_code=item.code, hilist_pric_uplmt_amt=item.price_limit_micro or 0, **_kept(item)
    )


def _self_payment(item: CatalogueItem) -> fields.SelfPayRow:
    return fields.SelfPayRow(hilist_code=item.code, selfpay_prop=item.upfront_ppm, **_kept(item))


NONE_KEPT = "本中心没有这类记录，结果总是 0 行。"
OWN_REGION = f"只有就医地的目录；每页至多 {MOST_ROWS} 行；begndate 是不早于、enddate 是不晚于、updt_time 是自该日起有改动。"


def _paged(
    infno: str, name: str, request: type[Request], reply: type, handle: Callable[[Call, Any], Any], doubt: str
) -> Transaction:
    return Transaction(
        infno, name, request, reply, handle, writes=False, of_person=False, section="§4.6", mark=Mark.SINGLE, doubt=doubt
    )  # fmt: skip


TRANSACTIONS = (
    _paged("1304", "民族药品目录查询", EthnicRequest, EthnicPage, ethnic_drugs, NONE_KEPT),
    _paged("1312", "医保目录信息查询", CatalogueRequest, CataloguePage, items, OWN_REGION),
    _paged("1316", "医疗目录与医保目录匹配信息查询", MatchRequest, MatchPage, matches, OWN_REGION),
    _paged("1317", "医药机构目录匹配信息查询", OwnMatchRequest, OwnMatchPage, own_matches, NONE_KEPT),
    _paged("1318", "医保目录限价信息查询", LimitRequest, LimitPage, price_limits, OWN_REGION),
    _paged("1319", "医保目录先自付比例信息查询", SelfPayRequest, SelfPayPage, self_payments, OWN_REGION),
)
