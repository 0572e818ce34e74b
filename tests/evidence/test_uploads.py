"""Uploads at the door: what is read, what is kept while it is read, and what a form says of what was refused."""

import io
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django import forms
from django.core.files.uploadhandler import FileUploadHandler
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest
from django.test import RequestFactory
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.utils import translation
from pytest_django import Settings

from tests.evidence.factories import a_photo, a_png, an_upload
from yidi.evidence import uploads
from yidi.evidence.checks import MEGABYTE, MOST_PER_MATERIAL
from yidi.evidence.errors import FileTooLarge, RequestTooLarge, TooManyAtOnce
from yidi.evidence.uploads import BoundedUpload, PaperField, RefusedUpload, received


class PaperForm(forms.Form):
    name = forms.CharField()
    papers = PaperField(label="诊断书")
    other = PaperField(label="其他", required=False, multiple=False)


class Counting(io.RawIOBase):
    """A body that is made while it is read, and knows how much of it was read."""

    def __init__(self, parts: Iterator[bytes]) -> None:
        self.parts, self.rest, self.taken = parts, b"", 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        while len(self.rest) < size:
            part = next(self.parts, b"")
            if not part:
                break
            self.rest += part
        given, self.rest = self.rest[:size], self.rest[size:]
        self.taken += len(given)
        return given


def a_request(body: Any, length: int) -> HttpRequest:
    """A POST whose body is read from a stream."""
    environ = RequestFactory().generic("POST", "/", b"x", MULTIPART_CONTENT).environ
    return WSGIRequest({**environ, "wsgi.input": body, "CONTENT_LENGTH": str(length)})


def posted(**data: Any) -> HttpRequest:
    """A request as a browser sends it, the fields in this order."""
    body = encode_multipart(BOUNDARY, data)
    return a_request(io.BytesIO(body), len(body))


def bytes_of(size: int, before: bytes = b"", behind: bytes = b"") -> Iterator[bytes]:
    yield before
    for _ in range(size // MEGABYTE):
        yield b"\xff\xd8\xff\0" * (MEGABYTE // 4)
    yield behind


def a_part(name: str, file: str = "") -> bytes:
    named = f'; filename="{file}"\r\nContent-Type: image/jpeg' if file else ""
    return f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{named}\r\n\r\n'.encode()


END = f"\r\n--{BOUNDARY}--\r\n".encode()


def errors_of(request: HttpRequest, field: str = "papers") -> list[str]:
    return PaperForm(request.POST, received(request)).errors.get(field, [])


@pytest.fixture(autouse=True)
def nothing_on_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: Any, **_named: Any) -> None:
        raise AssertionError("an upload went to the disk")

    monkeypatch.setattr("tempfile.NamedTemporaryFile", refuse)


# the handler


def test_fields_and_files_are_read() -> None:
    request = posted(name="甲", papers=[an_upload(a_photo()), an_upload(a_png(), "二.png")])
    form = PaperForm(request.POST, received(request))
    assert form.is_valid(), form.errors
    assert [(paper.name, paper.media_type) for paper in form.cleaned_data["papers"]] == [
        ("诊断书.jpg", "image/jpeg"),
        ("二.png", "image/jpeg"),
    ]
    assert form.cleaned_data["other"] == []


def test_a_file_over_the_limit_is_refused_by_name_and_all_else_is_kept(settings: Settings) -> None:
    settings.EVIDENCE_MAX_FILE = MEGABYTE
    large = an_upload(b"\xff\xd8\xff" + b"\0" * MEGABYTE, "大.jpg")
    request = posted(papers=[an_upload(a_photo()), large], name="甲", other=an_upload(a_png()))
    assert request.POST["name"] == "甲"
    assert len(request.FILES.getlist("papers")) == 2
    form = PaperForm(request.POST, received(request))
    assert form.errors == {
        "papers": ["文件“大.jpg”太大（1.1 MB），每个文件最多 1 MB。请把照片调小些，或分成几个文件上传。"]
    }
    (refused,) = [upload for upload in request.FILES.getlist("papers") if isinstance(upload, RefusedUpload)]
    assert isinstance(refused.refusal, FileTooLarge)
    assert refused.read() == b""


def test_a_body_announced_as_too_large_is_read_no_further_than_to_its_first_file() -> None:
    size = 200 * MEGABYTE
    head = a_part("name") + b"\xe7\x94\xb2\r\n" + a_part("papers", "大.jpg")
    body = Counting(bytes_of(size, head, END))
    request = a_request(body, size + len(head) + len(END))
    assert request.POST["name"] == "甲"
    assert body.taken < MEGABYTE
    assert errors_of(request) == [
        "这次上传的文件合计太大（200.1 MB），一次最多 64 MB，文件“大.jpg”没有收下。请分几次上传。"
    ]


def test_a_body_of_unknown_length_is_counted(settings: Settings) -> None:
    settings.EVIDENCE_MAX_REQUEST = 4 * MEGABYTE
    body = Counting(bytes_of(200 * MEGABYTE, a_part("name") + b"x\r\n" + a_part("papers", "a.jpg"), END))
    handler = BoundedUpload()
    request = a_request(body, 300 * MEGABYTE)
    handler.request = request
    # As a server would that does not know the length: nothing is announced, the bytes alone tell.
    monkey: Callable[..., None] = lambda *_args, **_named: None  # noqa: E731
    handler.handle_raw_input = monkey  # type: ignore[method-assign]
    request.upload_handlers = [handler]
    assert request.POST["name"] == "x"
    assert body.taken < 6 * MEGABYTE
    assert "4.1 MB" in errors_of(request)[0]


def test_while_a_large_file_is_read_nothing_of_it_is_kept(settings: Settings) -> None:
    settings.EVIDENCE_MAX_FILE = MEGABYTE
    handler = BoundedUpload()
    handler.new_file("papers", "a.jpg", "image/jpeg", None)
    most = 0
    for _ in range(100):
        assert handler.receive_data_chunk(b"\0" * 65_536, 0) is None
        most = max(most, handler.kept.getbuffer().nbytes)
    assert most <= MEGABYTE
    assert isinstance(handler.file_complete(0), RefusedUpload)


def test_more_files_than_a_form_may_have_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_AT_ONCE", 1)
    request = posted(name="甲", papers=[an_upload(a_photo(), "一.jpg"), an_upload(a_photo(), "二.jpg")])
    one, two = request.FILES.getlist("papers")
    assert one.size > 0
    assert isinstance(two, RefusedUpload)
    assert isinstance(two.refusal, TooManyAtOnce)
    assert errors_of(request) == ["一次最多上传 1 个文件，“二.jpg”没有收下。请分几次上传。"]


def test_the_handler_in_the_settings_is_this_one() -> None:
    request = RequestFactory().post("/")
    handlers: list[FileUploadHandler] = list(request.upload_handlers)
    assert [type(handler) for handler in handlers] == [BoundedUpload]


def test_refusals_of_the_whole_body_know_their_field() -> None:
    head = a_part("name") + b"x\r\n" + a_part("other", "a.jpg")
    request = a_request(Counting(bytes_of(70 * MEGABYTE, head, END)), 70 * MEGABYTE + len(head) + len(END))
    ((refused,),) = [received(request).getlist("other")]
    assert isinstance(refused, RefusedUpload)
    assert isinstance(refused.refusal, RequestTooLarge)
    assert len(errors_of(request, "other")) == 1


# the field


def test_each_refused_file_has_an_error_of_its_own_in_the_language_of_the_page() -> None:
    files = [an_upload(b"GIF89a", "一.gif"), an_upload(a_png(), "二.png"), an_upload(b"", "三.jpg")]
    with translation.override("zh-hans"):
        assert [error[:10] for error in errors_of(posted(name="x", papers=files))] == [
            "文件“一.gif”不",
            "文件“三.jpg”是",
        ]
    for upload in files:
        upload.seek(0)
    with translation.override("en"):
        first, second = errors_of(posted(name="x", papers=files))
    assert first.startswith("The file “一.gif” is of a type that is not taken.")
    assert second.startswith("The file “三.jpg” is empty (0 bytes)")


def test_a_field_that_must_be_filled_in() -> None:
    assert errors_of(posted(name="x")) == ["请选择要上传的照片或 PDF 文件。"]


def test_a_field_for_one_file_takes_one() -> None:
    files = [an_upload(a_png()), an_upload(a_png())]
    assert errors_of(posted(name="x", papers=an_upload(a_png()), other=files), "other") == [
        "这里只能上传一个文件。请只选一个。"
    ]


def test_too_many_files_are_refused_before_any_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: Any) -> None:
        raise AssertionError("opened")

    monkeypatch.setattr(uploads, "remake", refuse)
    files = [an_upload(b"x", f"{number}.jpg") for number in range(MOST_PER_MATERIAL + 1)]
    (error,) = errors_of(posted(name="x", papers=files))
    assert error.startswith(f"一次最多选 {MOST_PER_MATERIAL} 个文件。")


def test_what_a_phone_is_shown() -> None:
    form = PaperForm()
    several, one = str(form["papers"]), str(form["other"])
    assert 'accept="image/*,application/pdf"' in several
    assert 'type="file"' in several
    assert " multiple" in several
    assert " multiple" not in one
    assert "required" in several
    assert form.is_multipart()
    assert "诊断书" in form["papers"].label_tag()


def test_names_in_errors_are_escaped_on_the_page() -> None:
    request = posted(name="x", papers=an_upload(b"GIF89a", "<script>alert(1)</script>.gif"))
    form = PaperForm(request.POST, received(request))
    assert "<script>" not in str(form["papers"].errors)
