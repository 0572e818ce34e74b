"""HTTP to the centre: signatures, kept connections, and what is no answer."""

import socket
import threading
import time

import pytest

from tests.his import factories
from tests.his.factories import CODE, served
from yidi.his.config import Config, Signature, config_of
from yidi.his.connection import Connection, headers_of
from yidi.his.errors import NotSent, Unanswered
from yidi.his.messages import Answer, Message, State, read_reply

OK = Answer(200, "application/json;charset=UTF-8", b'{"infcode": 0, "output": {"amount": 4.52}}')
MESSAGE = Message(f"{CODE}1", "2207A", "V1", '{"infno": "2207A"}', State.SENT, 1, "", None, "")


def config(port: int, **centre: object) -> Config:
    plain = factories.config().model_dump()
    return config_of({**plain, "centre": {"url": f"http://127.0.0.1:{port}/", **centre}})


@pytest.mark.parametrize(
    ("scheme", "expected"),
    [
        ("x-tif", {"x-tif-paasid": "demo-ak", "x-tif-timestamp": "1735689600",
                   "x-tif-signature": "a07d548a90e8ed5a2c17de48b9f8f5f97861515f698a3ab2433685d393c2d6bd"}),
        ("_api_", {"_api_name": "hsa-demo", "_api_version": "1.0.0", "_api_access_key": "demo-ak",
                   "_api_timestamp": "1735689600", "_api_signature": "9GkyZVBhpcMOZXkdx5B4XY8w1H0="}),
        ("apikey", {"apikey": "demo-secret"}),
        ("none", {}),
    ],
)  # fmt: skip
def test_signatures(scheme: str, expected: dict, monkeypatch: pytest.MonkeyPatch) -> None:
    """The test vectors of the interface, §2.4 and §2.5."""
    monkeypatch.setattr(time, "time", lambda: 1735689600.7)
    monkeypatch.setattr("secrets.token_hex", lambda size: "0123456789abcdef0123456789abcdef")
    secret = "demo-sk" if scheme == "_api_" else "demo-secret"
    signature = Signature(scheme=scheme, account="demo-ak", secret=secret, service="hsa-demo")
    headers = headers_of(signature)
    assert {name: headers[name] for name in expected} == expected
    assert len(headers) == len(expected) + (scheme == "x-tif")


def test_a_connection_is_kept_until_it_was_idle_too_long() -> None:
    with served(lambda body: OK) as server:
        kept = Connection(config(server.server_port))
        for _ in range(3):
            assert read_reply(MESSAGE, kept.post(MESSAGE)).done
        assert len({sender for sender, _ in server.seen}) == 1
        short = Connection(config(server.server_port, keep_alive_s=1e-9))
        short.post(MESSAGE)
        short.post(MESSAGE)
        assert len({sender for sender, _ in server.seen}) == 3
        kept.close()
        short.close()


def test_a_message_that_did_not_leave() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        with pytest.raises(NotSent, match=MESSAGE.msgid):
            Connection(config(port)).post(MESSAGE)


def test_a_late_answer_is_not_taken_for_the_next_one() -> None:
    held = threading.Event()
    texts = iter([b'{"infcode": 0, "output": "late"}', b'{"infcode": 0, "output": 2}'])

    def answer(body: bytes) -> Answer:
        text = next(texts)
        if b"late" in text:
            held.wait(10)
        return Answer(200, "application/json", text)

    with served(answer) as server:
        connection = Connection(config(server.server_port, timeout_s=0.2))
        with pytest.raises(Unanswered, match="timed out"):
            connection.post(MESSAGE)
        held.set()
        assert read_reply(MESSAGE, connection.post(MESSAGE)).output == 2
        connection.close()


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, b""),
        (200, b"<html>"),
        (200, b"[]"),
        (200, b'{"output": {}}'),
        (200, b'{"infcode": 0, "output": "{"}'),
        (200, b'{"infcode": 0, "output": {"a": 1'),
        (200, b"\xff\xfe"),
        (200, b"[" * 5000),
        (200, '{"infcode": -1, "err_msg": "[GATEWAY-INTERNAL] 内部错误"}'.encode()),
        (404, b"not found"),
        (429, b'{"infcode": -1, "err_msg": "busy"}'),
        (502, b'{"infcode": 0, "output": {}}'),
    ],
)
def test_what_is_no_answer(status: int, body: bytes) -> None:
    with pytest.raises(Unanswered):
        read_reply(MESSAGE, Answer(status, "application/json", body), ("GATEWAY-INTERNAL",))


@pytest.mark.parametrize(
    ("body", "done", "output"),
    [
        (b'{"infcode": 0, "output": {"a": 1}}', True, {"a": 1}),
        (b'{"infcode": "0", "output": "{\\"a\\": 1}"}', True, {"a": 1}),
        (b'\xef\xbb\xbf{"infcode": 0, "output": null}', True, None),
        (b'{"infcode": -1, "err_msg": "no", "output": null}', False, None),
        (b'{"infcode": "-1", "err_msg": null}', False, None),
    ],
)
def test_what_is_one(body: bytes, done: bool, output: object) -> None:
    reply = read_reply(MESSAGE, Answer(200, "", body))
    assert (reply.done, reply.output) == (done, output)
    assert reply.why


def test_a_refused_signature_is_a_refusal() -> None:
    body = '{"infcode": -1, "err_msg": "签名未通过"}'.encode()
    assert read_reply(MESSAGE, Answer(401, "", body)).why == "签名未通过"
