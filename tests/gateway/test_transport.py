"""What is no message, or comes from nobody we know: refused with a status of its own, logged, nothing written."""

import hashlib
import io
import json
import logging
import time
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client as HttpClient
from django.test import RequestFactory
from django.utils import timezone

from tests.gateway import factories
from tests.gateway.client import PATH, Client, Json
from yidi.gateway import signature
from yidi.gateway.json_text import parse
from yidi.gateway.models import Institution, Nonce
from yidi.gateway.security.headers import x_tif_signature
from yidi.gateway.views import call_service

pytestmark = pytest.mark.django_db

MEGABYTE = 1024 * 1024


def refused(response: Any, status: int, code: str) -> Json:
    """The reply of a refusal at the door: readable by clients of the envelope and of {code, message}."""
    assert response.status_code == status
    assert response["Content-Type"] == "application/json;charset=UTF-8"
    reply: Json = parse(response.content.decode())
    assert (reply["infcode"], reply["output"], reply["code"]) == (-1, None, code)
    assert reply["err_msg"] == f"[{code}] {reply['message']}"
    assert "请" in reply["message"]
    assert len(reply["inf_refmsgid"]) == 30
    return reply


@pytest.fixture(autouse=True)
def nothing_written_and_one_line_logged(client: Client, caplog: pytest.LogCaptureFixture) -> Any:
    caplog.set_level(logging.WARNING, "yidi.gateway")
    before = factories.rows()
    yield
    assert factories.rows() == before


MALFORMED = [
    b"", b"   ", b"{", b"[]", b'"text"', b"null", b"nonsense", b'{"infno":"1101",}', "{}".encode("utf-16"),
    b"\xff\xfe\xfd", b'{"infno": NaN}', b'{"infno": -Infinity}', b'{"a": 1e99999999999999999999}',
    b'{"a":' + b"9" * 5000 + b"}", b"[" * 100_000, b'{"a":' * 100_000, b'{"msgid": "\\ud800"}',
]  # fmt: skip


@pytest.mark.parametrize("raw", MALFORMED, ids=lambda raw: repr(raw[:12]))
def test_malformed_json(client: Client, raw: bytes, caplog: pytest.LogCaptureFixture) -> None:
    refused(client.post(raw), 400, "GATEWAY-MALFORMED")
    assert "GATEWAY-MALFORMED" in caplog.text


class Flood:
    """A body that is received piece by piece, and never kept."""

    def __init__(self, size: int) -> None:
        self.left = size

    def read(self, size: int) -> bytes:
        assert size <= 64 * 1024
        piece = min(size, self.left)
        self.left -= piece
        return b"x" * piece


@pytest.mark.parametrize(("announced_mb", "left_mb"), [(10, 0), (100, 68)])
def test_a_body_far_too_large_is_thrown_away(
    caplog: pytest.LogCaptureFixture, announced_mb: int, left_mb: int
) -> None:
    request = RequestFactory().post(PATH, b"", content_type="application/json")
    request.META["CONTENT_LENGTH"] = str(announced_mb * MEGABYTE)
    request._stream = flood = Flood(announced_mb * MEGABYTE)
    refused(call_service(request), 413, "GATEWAY-TOO-LARGE")
    assert flood.left == left_mb * MEGABYTE
    assert "GATEWAY-TOO-LARGE" in caplog.text


def test_a_body_in_chunks(client: Client) -> None:
    """Servers hand it over without a length."""
    request = RequestFactory().post(PATH, b"", content_type="application/json")
    raw = json.dumps(client.message("9001", infno="0000")).encode()
    request.META |= {"CONTENT_LENGTH": "", "HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True}
    request.META["wsgi.input"] = io.BytesIO(raw)
    assert "[GATEWAY-INFNO]" in call_service(request).content.decode()


def test_a_body_larger_than_it_said(client: Client) -> None:
    refused(client.post(b"{" + b" " * settings.GATEWAY_MAX_BODY), 413, "GATEWAY-TOO-LARGE")


def test_a_body_of_the_limit_is_read(client: Client) -> None:
    body = b'{"x":"' + b"y" * (settings.GATEWAY_MAX_BODY - 8) + b'"}'
    assert len(body) == settings.GATEWAY_MAX_BODY
    response = client.post(body)
    assert response.status_code == 200
    assert "[GATEWAY-FIELDS]" in response.content.decode()


def test_only_post() -> None:
    refused(call_service(RequestFactory().get(PATH)), 405, "GATEWAY-METHOD")


class TestSigned:
    """An institution that must sign."""

    @pytest.fixture
    def client(self, world: factories.World) -> Client:
        Institution.objects.update(scheme="x-tif")
        return Client(world)

    def headers(self, **changes: str) -> dict[str, str]:
        given = {"paasid": factories.PAASID, "timestamp": str(int(time.time())), "nonce": "n-1", **changes}
        text = given["timestamp"] + factories.SECRET + given["nonce"] + given["timestamp"]
        given.setdefault("signature", hashlib.sha256(text.encode()).hexdigest())
        return {f"x-tif-{name}": value for name, value in given.items() if value}

    def look(self, client: Client, **changes: str) -> Any:
        """A message that changes nothing: an unknown transaction, refused after the signature."""
        return client.post(client.message("9001", infno="0000"), **self.headers(**changes))

    @pytest.mark.parametrize("digits", [10, 13])
    def test_seconds_and_milliseconds(self, client: Client, digits: int) -> None:
        stamp = str(int(time.time() * 1000))[:digits]
        assert self.look(client, timestamp=stamp).status_code == 200
        assert Nonce.objects.count() == 1

    def test_hex_of_any_case(self, client: Client) -> None:
        good = self.headers()
        shouted = {**good, "X-TIF-SIGNATURE": good["x-tif-signature"].upper()}
        del shouted["x-tif-signature"]
        assert client.post(client.message("9001", infno="0000"), **shouted).status_code == 200

    @pytest.mark.parametrize(
        "changes",
        [
            {"paasid": "other"}, {"paasid": ""}, {"signature": "0" * 64}, {"signature": "ü"}, {"nonce": ""},
            {"timestamp": ""}, {"nonce": "n" * 65}, {"signature": x_tif_signature("1735689600", "demo-secret", "n-1")},
        ],
    )  # fmt: skip
    def test_a_wrong_signature(
        self, client: Client, changes: dict[str, str], caplog: pytest.LogCaptureFixture
    ) -> None:
        refused(self.look(client, **changes), 401, "GATEWAY-SIGNATURE")
        assert "GATEWAY-SIGNATURE" in caplog.text
        assert not Nonce.objects.exists()

    def test_no_signature(self, client: Client) -> None:
        refused(client.post(client.message("9001")), 401, "GATEWAY-SIGNATURE")

    @pytest.mark.parametrize("seconds", [-400, 400, -(10**9)])
    def test_a_clock_that_is_off(self, client: Client, seconds: int) -> None:
        stamp = str(int(time.time()) + seconds)
        refused(self.look(client, timestamp=stamp), 401, "GATEWAY-TIMESTAMP")
        assert not Nonce.objects.exists()

    @pytest.mark.parametrize("stamp", ["soon", "1e9", "-1", "１７３５６８９６００", "9" * 16])
    def test_a_timestamp_that_is_none(self, client: Client, stamp: str) -> None:
        refused(self.look(client, timestamp=stamp), 401, "GATEWAY-TIMESTAMP")

    def test_a_nonce_sent_again(self, client: Client) -> None:
        assert self.look(client).status_code == 200
        refused(self.look(client), 401, "GATEWAY-NONCE")
        assert Nonce.objects.count() == 1

    def test_old_nonces_are_cleared_away(self, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(signature, "SWEEP_EVERY", 1)
        old = timezone.now() - timedelta(seconds=2 * settings.GATEWAY_CLOCK_WINDOW_S + 1)
        Nonce.objects.create(paasid=factories.PAASID, nonce="old", at=old)
        self.look(client)
        assert list(Nonce.objects.values_list("nonce", flat=True)) == ["n-1"]


def test_the_log_names_nobody(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    body = client.message("1101")
    body["input"]["data"]["psn_name"] = "王五"
    client.send(body)
    assert "GATEWAY-CERTIFICATE" in caplog.text
    assert body["msgid"] in caplog.text
    assert client.world.certificate not in caplog.text
    assert "王五" not in caplog.text


@pytest.mark.parametrize("address", [PATH, f"{PATH}/", f"{PATH}/9001", f"{PATH}/9001/", f"{PATH}/whatever"])
def test_the_routes(client: Client, address: str) -> None:
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    body = client.message("9001", infno="0000")
    response = HttpClient(enforce_csrf_checks=True).post(address, body, content_type="application/json")
    assert response.status_code == 200
    assert "[GATEWAY-INFNO]" in response.content.decode()
    assert response["Content-Type"] == "application/json;charset=UTF-8"
    assert not response.has_header("Content-Encoding")
