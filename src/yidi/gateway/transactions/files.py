"""9101 文件上传, 9102 文件下载 (interface §4.36, §5)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from pydantic import create_model

from yidi.gateway import files
from yidi.gateway.calls import Call
from yidi.gateway.declarations import Transaction
from yidi.gateway.errors import FileOfAnother
from yidi.gateway.fields import content, moment, node, text
from yidi.gateway.nodes import Node, Request

CONTENT = "in"
"""A field whose name Python keeps for itself: no class can spell it out."""
SEEN = "见过 JSON 整数数组、base64 文本与 multipart（jsonStr + file），都收"


class UploadHead(Node):
    filename: Annotated[str, text("文件名", 200)]
    fixmedins_code: Annotated[str, text("医药机构编号", 30)]


class Upload(
    create_model(  # type: ignore[misc]
        "UploadBody",
        __base__=UploadHead,
        **{CONTENT: (Annotated[bytes, content("文件数据", doubt=SEEN)], ...)},
    )
):
    pass


class UploadRequest(Request):
    fsUploadIn: Annotated[Upload, node("上传文件", "data")]


@dataclass(frozen=True, slots=True)
class UploadReply:
    file_qury_no: Annotated[str, text("文件查询号", 30)]
    filename: Annotated[str, text("文件名", 200)]
    fixmedins_code: Annotated[str, text("医药机构编号", 30, doubt="仅一源")]
    dld_endtime: Annotated[datetime, moment("截止时间")]


class Download(Node):
    file_qury_no: Annotated[str, text("文件查询号", 40, doubt="印作 30 位，13xx 为 40 位")]
    filename: Annotated[str, text("文件名", 200, doubt="下载 13xx 文件时固定 plc；返回的文件名也收")]
    fixmedins_code: Annotated[str, text("医药机构编号", 30)]


class DownloadRequest(Request):
    fsDownloadIn: Annotated[Download, node("下载文件", "data")]


def upload(call: Call, request: UploadRequest) -> UploadReply:
    given = request.fsUploadIn
    _check_own(call, given.fixmedins_code)
    kept = files.keep(call.institution, given.filename, getattr(given, CONTENT), call.actor)
    return UploadReply(kept.number, kept.name, given.fixmedins_code, kept.expires)


def download(call: Call, request: DownloadRequest) -> bytes:
    given = request.fsDownloadIn
    _check_own(call, given.fixmedins_code)
    return files.fetch(call.institution, given.file_qury_no, given.filename, call.actor)


def _check_own(call: Call, code: str) -> None:
    """Raises FileOfAnother."""
    if code != call.provider.code:
        raise FileOfAnother(given=code, own=call.provider.code)


TRANSACTIONS = (
    Transaction(
        "9101", "文件上传", UploadRequest, UploadReply, upload, writes=True, of_person=False, section="§4.36"
    ),
    Transaction(
        "9102",
        "文件下载",
        DownloadRequest,
        None,
        download,
        writes=False,
        of_person=False,
        gives_file=True,
        section="§4.36",
    ),
)
