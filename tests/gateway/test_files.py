"""9101 and 9102: a file comes back as it was sent, to whom it belongs, for as long as it was promised (interface §4.36)."""

import base64
import io
import json
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import RequestFactory
from django.utils import timezone

from tests.gateway import factories
from tests.gateway.client import PATH, Client, Json
from yidi.accounts.actors import Actor, ActorKind
from yidi.audit.models import Event
from yidi.gateway import files
from yidi.gateway.errors import BadZip
from yidi.gateway.models import StoredFile
from yidi.gateway.views import call_service

pytestmark = pytest.mark.django_db

ROWS = [["S1", "V1", "P1", "10.00", "8.00", None, "0"], ["S2", "V2", "赵\t一", "5", "", "0", "1"]]
TEXT = "S1\tV1\tP1\t10.00\t8.00\tnull\t0\nS2\tV2\t赵 一\t5\tnull\t0\t1\n"
ZIP = files.zipped("stmt.txt", ROWS)[0]
SYSTEM = Actor(ActorKind.SYSTEM, "test", "")


def zip_of(*entries: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return packed.getvalue()


def changed(content: bytes, old: bytes, new: bytes) -> bytes:
    assert old in content
    return content.replace(old, new)


def upload(client: Client, **changes: Any) -> Json:
    code = str(client.world.provider.code)
    given = {"filename": "对账.zip", "fixmedins_code": code, "in": list(ZIP), **changes}
    return client.message("9001", infno="9101", input={"fsUploadIn": given})


def download(client: Client, number: str, name: str = "对账.zip", **changes: Any) -> Json:
    code = str(client.world.provider.code)
    given = {"file_qury_no": number, "filename": name, "fixmedins_code": code, **changes}
    return client.message("9001", infno="9102", input={"fsDownloadIn": given})


def kept(client: Client) -> str:
    return str(client.send(upload(client))["output"]["file_qury_no"])


def multipart(client: Client, body: Any, *contents: bytes, path: str = "") -> Any:
    data: Json = {"jsonStr": body if isinstance(body, str) else json.dumps(body)}
    data |= {f"file{rank}": named(content) for rank, content in enumerate(contents)}
    return call_service(RequestFactory().post(f"{PATH}/{path}" if path else PATH, data))


def named(content: bytes) -> io.BytesIO:
    file = io.BytesIO(content)
    file.name = "x.zip"
    return file


SPELLINGS: dict[str, Any] = {
    "bytes as numbers": list(ZIP),
    "signed bytes, as Java has them": [byte - 256 if byte > 127 else byte for byte in ZIP],
    "base64": base64.b64encode(ZIP).decode(),
    "base64 in lines": base64.encodebytes(ZIP).decode(),
}


@pytest.mark.parametrize("given", SPELLINGS.values(), ids=SPELLINGS)
def test_a_file_comes_back_as_it_was_sent(client: Client, given: Any) -> None:
    output = client.send(upload(client, **{"in": given}))["output"]
    last = timezone.localdate() + timedelta(days=settings.GATEWAY_FILE_DAYS)
    assert output.pop("file_qury_no") == StoredFile.objects.get().number
    assert output == {
        "filename": "对账.zip", "fixmedins_code": factories.HOSPITAL, "dld_endtime": f"{last} 23:59:59"
    }  # fmt: skip
    response = client.post(download(client, StoredFile.objects.get().number))
    assert (response.status_code, response["Content-Type"]) == (200, "application/octet-stream")
    assert response.content == ZIP
    assert files.text_of(response.content) == TEXT
    looked = Event.objects.filter(action__startswith="gateway:file-").values_list("action", flat=True)
    assert sorted(looked) == ["gateway:file-keep", "gateway:file-open"]


def test_a_file_beside_its_message(client: Client) -> None:
    for body in (upload(client, **{"in": None}), upload(client)):
        for given in (body["input"], json.dumps(body["input"]), {**body["input"]["fsUploadIn"]}):
            message = {**body, "input": given, "msgid": f"m{StoredFile.objects.count()}"}
            reply = json.loads(multipart(client, message, ZIP).content)
            assert reply["infcode"] == 0, reply
            number = reply["output"]["file_qury_no"]
            assert files.open(client.world.institution, number, SYSTEM) == ZIP


@pytest.mark.parametrize(
    ("body", "contents", "said"),
    [
        ("{", [ZIP], "GATEWAY-MALFORMED"),
        ("[]", [ZIP], "GATEWAY-MALFORMED"),
        ("{}", [], "GATEWAY-MALFORMED"),
        ("{}", [ZIP, ZIP], "GATEWAY-MALFORMED"),
        ("{}", [ZIP], "GATEWAY-FIELDS"),
        ('{"input": []}', [ZIP], "GATEWAY-FIELDS"),
        ('{"input": "{"}', [ZIP], "GATEWAY-FIELDS"),
        ("{}", [b"x" * (settings.GATEWAY_MAX_BODY + settings.GATEWAY_MAX_FILE)], "GATEWAY-TOO-LARGE"),
    ],
)
def test_parts_that_make_no_message(client: Client, body: str, contents: list[bytes], said: str) -> None:
    assert f"[{said}]" in multipart(client, body, *contents).content.decode()


def test_a_body_that_only_says_it_has_parts(client: Client) -> None:
    for kind in ("multipart/form-data", "multipart/form-data; boundary=x"):
        request = RequestFactory().post(PATH, b"no parts", content_type=kind)
        assert "[GATEWAY-MALFORMED]" in call_service(request).content.decode()


WRONG = [
    # what is changed in 9101, the code, a word of what is said
    ({"filename": None}, "GATEWAY-FIELDS", "filename（文件名）"),
    ({"filename": "a\0.zip"}, "GATEWAY-FIELDS", "控制字符"),
    ({"in": None}, "GATEWAY-FIELDS", "input.fsUploadIn.in（文件数据）：缺少"),
    ({"in": []}, "GATEWAY-FIELDS", "不能为空"),
    ({"in": "%%%"}, "GATEWAY-FIELDS", "base64"),
    ({"in": "你好"}, "GATEWAY-FIELDS", "base64"),
    ({"in": [80, 256]}, "GATEWAY-FIELDS", "-128 至 255"),
    ({"in": [80, -129]}, "GATEWAY-FIELDS", "-128 至 255"),
    ({"in": [80, True]}, "GATEWAY-FIELDS", "-128 至 255"),
    ({"in": [80, 7.5]}, "GATEWAY-FIELDS", "-128 至 255"),
    ({"in": [80, "75"]}, "GATEWAY-FIELDS", "-128 至 255"),
    ({"in": {"0": 80}}, "GATEWAY-FIELDS", "字节整数数组"),
    ({"in": 80}, "GATEWAY-FIELDS", "字节整数数组"),
    ({"in": list(b"S1\tV1\n")}, "GATEWAY-ZIP", "不是 ZIP"),
    ({"in": list(ZIP[:40])}, "GATEWAY-ZIP", "不是 ZIP"),
    ({"fixmedins_code": None}, "GATEWAY-FIELDS", "fixmedins_code"),
    ({"fixmedins_code": factories.OTHER_HOSPITAL}, "GATEWAY-FILE-SENDER", factories.OTHER_HOSPITAL),
]


@pytest.mark.parametrize(("change", "code", "word"), WRONG)
def test_what_is_no_upload(client: Client, change: Json, code: str, word: str) -> None:
    before = factories.rows()
    said = client.send(upload(client, **change))["err_msg"]
    assert said.startswith(f"[{code}]")
    assert word in said
    assert factories.rows() == before


def test_a_file_larger_than_may_be(client: Client, settings: Any) -> None:
    settings.GATEWAY_MAX_FILE = len(ZIP) - 1
    assert "[GATEWAY-FILE-SIZE]" in client.send(upload(client))["err_msg"]


@pytest.mark.parametrize(
    ("given", "known"),
    [
        ("对账.ZIP", "对账.ZIP"),
        ("stmt", "stmt.zip"),
        ("D:\\his\\..\\stmt.txt", "stmt.txt.zip"),
        ("../../etc/x.zip", "x.zip"),
        ("长" * 200, "长" * 79 + "….zip"),
    ],
)
def test_a_name_is_harmless_and_ends_as_the_file_is(client: Client, given: str, known: str) -> None:
    output = client.send(upload(client, filename=given))["output"]
    assert output["filename"] == known
    assert client.post(download(client, output["file_qury_no"], known)).content == ZIP


def test_the_same_message_keeps_one_file(client: Client) -> None:
    body = upload(client)
    assert client.send(body)["output"] == client.send(body)["output"]
    assert StoredFile.objects.count() == 1
    other = {**body, "input": upload(client, filename="b.zip")["input"]}
    assert "[GATEWAY-MSGID-REUSED]" in client.send(other)["err_msg"]


def test_what_is_no_download(client: Client) -> None:
    number = kept(client)
    rows = [
        (download(client, "0" * 30), "GATEWAY-FILE"),
        (download(client, number, "plc"), "GATEWAY-FILE-NAME"),
        (download(client, number, "b.zip"), "GATEWAY-FILE-NAME"),
        (download(client, number, ""), "GATEWAY-FIELDS"),
        (download(client, ""), "GATEWAY-FIELDS"),
        (download(client, number, fixmedins_code=factories.OTHER_HOSPITAL), "GATEWAY-FILE-SENDER"),
    ]
    for body, code in rows:
        response = client.post(body)
        assert response["Content-Type"].startswith("application/json")
        assert json.loads(response.content)["err_msg"].startswith(f"[{code}]")


def test_another_institution_does_not_learn_that_a_file_exists(client: Client) -> None:
    number = kept(client)
    other = factories.connect(factories.hospital(factories.OTHER_HOSPITAL, "上海另一示例医院（合成）"))
    body = download(client, number, fixmedins_code=factories.OTHER_HOSPITAL)
    said = client.send({**body, "fixmedins_code": other.provider.code})["err_msg"]
    assert said == client.send(download(client, "0" * 30))["err_msg"].replace("0" * 30, number)


def test_an_expired_file_is_refused_by_name_and_its_content_swept(client: Client) -> None:
    number = kept(client)
    StoredFile.objects.update(expires=timezone.now())
    assert "[GATEWAY-FILE-EXPIRED]" in client.send(download(client, number))["err_msg"]
    assert StoredFile.objects.get().sealed is not None
    kept(client)
    assert StoredFile.objects.get(number=number).sealed is None
    assert "[GATEWAY-FILE-EXPIRED]" in client.send(download(client, number))["err_msg"]


def test_at_rest_neither_name_nor_content_can_be_read(client: Client) -> None:
    stored = StoredFile.objects.filter(number=kept(client)).values_list("sealed", flat=True)[0]
    assert ZIP[:8] not in bytes(stored)
    assert b"stmt.txt" not in bytes(stored)


@pytest.mark.parametrize("catalogue", [None, "1309 310000"])
def test_a_catalogue_is_everybodys_and_may_be_called_plc(client: Client, catalogue: str | None) -> None:
    if catalogue is None:
        assert files.of_catalogue("1309 310000") is None
        return
    made = files.keep_catalogue(catalogue, "1309_310000.zip", ROWS)
    assert files.of_catalogue(catalogue) == made
    for name in ("plc", "1309_310000.zip"):
        assert files.text_of(client.post(download(client, made.number, name)).content) == TEXT
    StoredFile.objects.update(expires=made.expires - timedelta(days=1))
    assert files.of_catalogue(catalogue) is None


TEXT_ENTRY = ("stmt.txt", "一\n".encode())
BOMB = zip_of(("bomb.txt", b"0" * (settings.GATEWAY_MAX_TEXT + 1)))
BAD = {
    "nothing": (b"", "损坏"),
    "no zip": (b"PK\x03\x04" + b"x" * 40, "损坏"),
    "cut off": (zip_of(TEXT_ENTRY)[:-8], "损坏"),
    "no entry": (zip_of(), "0 项"),
    "two entries": (zip_of(TEXT_ENTRY, ("b.txt", b"b")), "2 项"),
    "a folder": (zip_of(("folder/", b"")), "目录"),
    "a path": (zip_of(("../../stmt.txt", b"x")), "目录"),
    "a path of Windows": (changed(zip_of(("abcstmt.txt", b"x")), b"abcstmt", b"..\\stmt"), "目录"),
    "an absolute path": (zip_of(("/etc/x.txt", b"x")), "目录"),
    "another method": (zip_of(TEXT_ENTRY, method=zipfile.ZIP_BZIP2), "deflate"),
    "wrong encoding": (zip_of(("a.txt", "医保".encode("gbk"))), "UTF-8"),
    "a bomb": (BOMB, "解压后超过"),
    "a bomb that says it is small": (
        changed(BOMB, (settings.GATEWAY_MAX_TEXT + 1).to_bytes(4, "little"), (9).to_bytes(4, "little")), "损坏"
    ),
    "content that was changed": (changed(zip_of(("a.txt", b"12.00"), method=0), b"12.00", b"92.00"), "损坏"),
}  # fmt: skip


@pytest.mark.parametrize(("content", "why"), BAD.values(), ids=BAD)
def test_a_zip_is_not_trusted(content: bytes, why: str) -> None:
    with pytest.raises(BadZip) as refusal:
        files.text_of(content)
    assert why in str(refusal.value)


def test_a_zip_with_a_password() -> None:
    packed = bytearray(zip_of(TEXT_ENTRY))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        packed[packed.index(mark) + offset] |= 1
    with pytest.raises(BadZip, match="密码"):
        files.text_of(bytes(packed))


@pytest.mark.parametrize("position", range(0, 120, 7))
def test_a_damaged_zip_is_refused_or_says_the_same(position: int) -> None:
    whole = zip_of(TEXT_ENTRY)
    for value in (0x00, 0x7F, 0xFF):
        damaged = bytearray(whole)
        damaged[position] = value
        try:
            assert files.text_of(bytes(damaged)) == "一\n"
        except BadZip:
            continue


def test_a_byte_order_mark_is_no_text() -> None:
    assert files.text_of(zip_of(("a.txt", b"\xef\xbb\xbfx"))) == "x"
