"""A message with its file beside it: multipart/form-data with `jsonStr` and one file (interface §4.36)."""

import base64
import io
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.http.multipartparser import MultiPartParser, MultiPartParserError

from yidi.evidence.uploads import BoundedUpload
from yidi.gateway.envelope import payload
from yidi.gateway.errors import Malformed
from yidi.gateway.json_text import decode, encode

MULTIPART = "multipart/form-data"
MESSAGE = "jsonStr"
CONTENT = "in"


def joined(content_type: str, raw: bytes) -> bytes:
    """The message with its file inside as base64, as it might have been sent. Raises Malformed."""
    meta = {"CONTENT_TYPE": content_type, "CONTENT_LENGTH": len(raw)}
    try:
        fields, files = MultiPartParser(meta, io.BytesIO(raw), [BoundedUpload()], "utf-8").parse()
    except (MultiPartParserError, SuspiciousOperation):
        raise Malformed(why="multipart/form-data 的分段无法解析") from None
    sent = [file for key in files for file in files.getlist(key)]
    if MESSAGE not in fields or len(sent) != 1:
        raise Malformed(why=f"multipart/form-data 应含 {MESSAGE} 一项和一个文件，实有 {len(sent)} 个文件")
    body = decode(str(fields[MESSAGE]).encode("utf-8", "surrogatepass"))
    return encode(_with_file(body, sent[0].read())).encode()


def _with_file(body: dict[str, Any], content: bytes) -> dict[str, Any]:
    """The body with a file in the one node of its `input`, or in `input` itself where that has none."""
    try:
        given = payload(body.get("input"))
    except ValueError:
        return body
    node = next((name for name, value in given.items() if isinstance(value, dict)), None)
    packed = {CONTENT: base64.b64encode(content).decode()}
    filled = {**given, **packed} if node is None else {**given, node: {**given[node], **packed}}
    return {**body, "input": filled}
