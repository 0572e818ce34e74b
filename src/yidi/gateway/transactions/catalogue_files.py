"""1301 to 1303, 1305 to 1311, 1313 to 1315 目录下载; 1320 and 1321, of which nothing is known (interface §4.5)."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, NoReturn

from django.utils import timezone

from yidi.gateway.calls import Call
from yidi.gateway.catalogues import CATALOGUES, Nothing, file_of
from yidi.gateway.declarations import Mark, Transaction
from yidi.gateway.errors import UnknownCatalogue
from yidi.gateway.fields import day, node, number, text
from yidi.gateway.nodes import Node, Request
from yidi.reference import regions

EMPTY = "本中心没有该目录的内容，文件为 0 行（data_cnt 为 0）。"
FILLED = "只填有据可查的列，其余为 null；版本号为 14 位的 yyyyMMddHHmmss，ver 填 0 得到全部。"
UNKNOWN = "公开资料没有说明内容，一律以 GATEWAY-CATALOGUE 拒绝。"


class Version(Node):
    ver: Annotated[str, text("版本号", 30, doubt="印作 20 位，见过 21 位的 F001_19970101000000_C")]


class VersionRequest(Request):
    data: Annotated[Version, node("已有的最高版本")]


@dataclass(frozen=True, slots=True)
class FileReply:
    file_qury_no: Annotated[str, text("文件查询号", 40)]
    filename: Annotated[str, text("文件名", 100)]
    dld_end_time: Annotated[date, day("下载截止日期")]
    data_cnt: Annotated[int, number("数据量", "16", doubt="仅一源")]
    data_cn: Annotated[int, number("数据量", "16", doubt="另一源的拼法，与 data_cnt 相同")]


def catalogue_file(call: Call, request: VersionRequest) -> FileReply:
    made = file_of(CATALOGUES[call.infno], regions.pool_of(call.provider.region), request.data.ver)
    return FileReply(made.number, made.name, timezone.localdate(made.expires), made.rows, made.rows)


def unknown_catalogue(call: Call, request: VersionRequest) -> NoReturn:
    raise UnknownCatalogue(infno=call.infno)


TRANSACTIONS = (
    *(
        Transaction(
            item.infno,
            f"{item.name}目录下载",
            VersionRequest,
            FileReply,
            catalogue_file,
            writes=False,
            of_person=False,
            section="§4.5",
            doubt=EMPTY if isinstance(item.source, Nothing) else FILLED,
        )
        for item in CATALOGUES.values()
    ),
    *(
        Transaction(
            infno,
            "目录下载（内容不详）",
            VersionRequest,
            FileReply,
            unknown_catalogue,
            writes=False,
            of_person=False,
            section="§4.5",
            mark=Mark.UNCONFIRMED,
            doubt=UNKNOWN,
        )
        for infno in ("1320", "1321")
    ),
)
