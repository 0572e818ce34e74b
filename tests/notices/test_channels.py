"""Senders: each fits the interface, and each failure is told for what it is, against real sockets."""

import email
import json
import logging
import socket
import time
from email.policy import default as policy

import pytest

from tests.notices.servers import listening, request, smtp
from yidi.cli.ports import free_port
from yidi.notices import channels
from yidi.notices.addresses import masked, parse_address
from yidi.notices.channels import SENT, Console, HttpSms, Mail, Outcome, Sender, sender_of, senders
from yidi.notices.errors import BadAddress
from yidi.notices.terms import Channel, Trouble

NUMBER, MAILBOX = "13800001234", "someone@example.com"
SMS = {"headers": {}, "body": {"phone": "{address}", "text": "{text}"}, "expected": {}}
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n"


@pytest.fixture(autouse=True)
def impatient(monkeypatch) -> None:
    monkeypatch.setattr(channels, "TIMEOUT_S", 0.3)


def sms(port: int, **different) -> HttpSms:
    return HttpSms(url=f"http://127.0.0.1:{port}/send?v=1", **{**SMS, **different})


def answered(answer: bytes, **different) -> Outcome:
    """What comes of a text message when the service gives this answer and hangs up."""

    def serve(link: socket.socket) -> None:
        request(link)
        link.sendall(answer)

    with listening(serve) as port:
        return sms(port, **different).send(NUMBER, "标题", "正文")


class TestInterface:
    @pytest.mark.parametrize(
        "sender", [Console(Channel.SMS), Mail(), sms(1)], ids=lambda it: type(it).__name__
    )
    def test_each_fits(self, sender):
        interface = Sender.send.__annotations__
        assert type(sender).send.__annotations__ == interface
        fits: Sender = sender  # and so says the type checker
        assert fits.send.__func__ is type(sender).send

    def test_the_settings_choose(self, settings):
        settings.MAIL_URL, settings.SMS = "", {**SMS, "url": ""}
        assert senders() == {}
        settings.MAIL_URL, settings.SMS = "console:", {**SMS, "url": "console:"}
        assert senders() == {channel: Console(channel) for channel in Channel}
        settings.MAIL_URL, settings.SMS = "smtp://h:25", {**SMS, "url": "https://h/"}
        assert isinstance(sender_of(Channel.MAIL), Mail)
        assert sender_of(Channel.SMS) == HttpSms(url="https://h/", **SMS)


class TestConsole:
    def test_one_line_with_the_address_masked(self, caplog):
        with caplog.at_level(logging.WARNING):
            assert Console(Channel.SMS).send(NUMBER, "标题", "正文") == SENT
        assert caplog.messages == ["短信 → 138****1234：标题 正文"]


class TestTextMessages:
    def test_what_is_sent(self):
        got: list[bytes] = []

        def serve(link: socket.socket) -> None:
            got.append(request(link))
            link.sendall(OK + b'{"code": "0"}')

        body = {"phones": ["{address}"], "sign": "异地医保", "param": {"content": "【{text}】"}, "kind": 2}
        with listening(serve) as port:
            sender = sms(port, body=body, headers={"Authorization": "Bearer s"}, expected={"code": "0"})
            assert sender.send(NUMBER, "标题", "正文{address}") == SENT
        head, _, sent = got[0].partition(b"\r\n\r\n")
        assert head.startswith(b"POST /send?v=1 HTTP/1.1\r\n")
        assert b"Authorization: Bearer s" in head
        assert json.loads(sent) == {
            "phones": [NUMBER], "sign": "异地医保", "param": {"content": "【正文{address}】"}, "kind": 2,
        }  # fmt: skip

    @pytest.mark.parametrize(
        ("status", "trouble"),
        [
            (200, None), (204, None), (301, Trouble.REFUSED), (400, Trouble.REFUSED), (401, Trouble.REFUSED),
            (408, Trouble.BUSY), (429, Trouble.BUSY), (500, Trouble.BUSY), (502, Trouble.NO_ANSWER),
            (503, Trouble.BUSY), (504, Trouble.NO_ANSWER),
        ],
    )  # fmt: skip
    def test_the_status_tells(self, status, trouble):
        outcome = answered(f"HTTP/1.1 {status} x\r\nContent-Length: 0\r\n\r\n".encode())
        assert outcome == (Outcome(trouble, f"HTTP {status}") if trouble else SENT)

    @pytest.mark.parametrize(
        ("reply", "outcome"),
        [
            (b'{"code": "0"}', SENT),
            (b'{"code": "7"}', Outcome(Trouble.BUSY, "code=7")),
            (b'["code","0" ]', Outcome(Trouble.BUSY, "")),
            (b'{"code": "0" ', Outcome(Trouble.NO_ANSWER, "JSON")),
            (b'{"code"', Outcome(Trouble.NO_ANSWER, "JSON")),
            (b"", Outcome(Trouble.NO_ANSWER, "JSON")),
        ],
    )
    def test_so_does_the_reply_where_the_status_does_not(self, reply, outcome):
        assert answered(OK + reply, expected={"code": "0"}) == outcome

    @pytest.mark.parametrize(
        "answer", [b"", b"HTTP/1.1 200", b"nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\nConte"]
    )
    def test_half_an_answer_leaves_it_open(self, answer):
        assert answered(answer).trouble in (Trouble.NO_ANSWER, None)
        assert answered(answer, expected={"code": "0"}).trouble is Trouble.NO_ANSWER

    def test_no_answer_in_time_leaves_it_open(self):
        def silent(link: socket.socket) -> None:
            request(link)
            link.recv(1)  # until the sender goes away

        with listening(silent) as port:
            begun = time.monotonic()
            assert sms(port).send(NUMBER, "标题", "正文") == Outcome(Trouble.NO_ANSWER, "TimeoutError")
            assert time.monotonic() - begun < 5

    def test_nobody_there(self):
        assert sms(free_port()).send(NUMBER, "标题", "正文").trouble is Trouble.UNREACHABLE


class TestMail:
    @pytest.fixture
    def mailed(self, settings):
        """Sends one e-mail to a server with such replies; gives what came of it, and what the server took."""
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST = "127.0.0.1"
        settings.DEFAULT_FROM_EMAIL = "yidi@example.org"

        def mailed(**replies: str) -> tuple[Outcome, list[bytes]]:
            taken: list[bytes] = []
            with listening(lambda link: smtp(link, replies, taken)) as port:
                settings.EMAIL_PORT = port
                return Mail().send(MAILBOX, "报销款已支付", "医保办件 C1：已支付。"), taken

        return mailed

    def test_what_is_sent(self, mailed):
        outcome, (source,) = mailed()
        assert outcome == SENT
        letter = email.message_from_bytes(source, policy=policy)
        assert (letter["To"], letter["From"], letter["Subject"]) == (
            MAILBOX,
            "yidi@example.org",
            "报销款已支付",
        )
        assert letter.get_content().strip() == "医保办件 C1：已支付。"

    @pytest.mark.parametrize(
        ("replies", "outcome"),
        [
            ({"GREETING": "554 no"}, Outcome(Trouble.UNREACHABLE, "SMTPConnectError 554")),
            ({"EHLO": "-"}, Outcome(Trouble.NO_ANSWER, "SMTPServerDisconnected")),
            ({"MAIL": "451 later"}, Outcome(Trouble.BUSY, "SMTP 451")),
            ({"RCPT": "450 someone@example.com is busy"}, Outcome(Trouble.BUSY, "SMTP 450")),
            ({"RCPT": "550 no someone@example.com here"}, Outcome(Trouble.REFUSED, "SMTP 550")),
            ({"DATA": "554 no"}, Outcome(Trouble.REFUSED, "SMTP 554")),
            ({"END": "452 full"}, Outcome(Trouble.BUSY, "SMTP 452")),
            ({"END": "-"}, Outcome(Trouble.NO_ANSWER, "SMTPServerDisconnected")),
            ({"QUIT": "-"}, SENT),
        ],
    )
    def test_each_failure_is_told_without_the_address(self, mailed, replies, outcome):
        assert mailed(**replies)[0] == outcome

    def test_nobody_there(self, settings):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
        assert Mail().send(MAILBOX, "t", "x").trouble is Trouble.UNREACHABLE


class TestAddresses:
    @pytest.mark.parametrize(
        "text",
        ["13800001234", " 138 0000 1234 ", "+86 138-0000-1234", "86 13800001234", "１３８００００１２３４"],
    )
    def test_a_mobile_number_as_people_type_it(self, text):
        assert parse_address(Channel.SMS, text) == NUMBER

    @pytest.mark.parametrize(
        "text",
        ["", "1380000123", "138000012345", "12800001234", "0791-12393", "+1 3800001234", "1380000123a", "x"],
    )
    def test_no_mobile_number(self, text):
        with pytest.raises(BadAddress):
            parse_address(Channel.SMS, text)

    @pytest.mark.parametrize(
        "text", ["someone@example.com", " someone@example.com\n", "ｓomeone@example.com"]
    )
    def test_a_mailbox(self, text):
        assert parse_address(Channel.MAIL, text) == MAILBOX

    @pytest.mark.parametrize(
        "text",
        ["", "someone", "@example.com", "a@b", "a@example.com, b@example.com", "a@example.com\nBcc: b@c.de"],
    )
    def test_no_mailbox(self, text):
        with pytest.raises(BadAddress):
            parse_address(Channel.MAIL, text)

    def test_the_middle_is_hidden(self):
        assert masked(Channel.SMS, NUMBER) == "138****1234"
        assert masked(Channel.MAIL, MAILBOX) == "s***@example.com"
