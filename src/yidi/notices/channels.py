"""Ways out of the house: one interface, and what stands behind it by the settings.

A sender hands one short text to one address and says what came of it. It never tries twice, and never waits longer
than `TIMEOUT_S` for the other side's next word.
"""

import json
import logging
import smtplib
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any, Protocol
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from yidi.notices.addresses import masked
from yidi.notices.terms import Channel, Trouble

TIMEOUT_S = 10
LONGEST_REPLY = 65_536
"""Bytes of a reply that are read."""
CONSOLE = "console:"
"""The address in the settings that stands for the log."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of handing a message over: sent, or a trouble with a code that explains it."""

    trouble: Trouble | None = None
    detail: str = ""


SENT = Outcome()


class Sender(Protocol):
    """Hands a text to an address."""

    def send(self, address: str, title: str, text: str) -> Outcome: ...


@dataclass(frozen=True, slots=True)
class Console:
    """For the demo: one line in the log, with the address masked."""

    channel: Channel

    def send(self, address: str, title: str, text: str) -> Outcome:
        log.warning("%s → %s：%s %s", self.channel.zh, masked(self.channel, address), title, text)
        return SENT


@dataclass(frozen=True, slots=True)
class Mail:
    """E-mail by Django's backend (`EMAIL_…` in the settings)."""

    def send(self, address: str, title: str, text: str) -> Outcome:
        connection = get_connection(timeout=TIMEOUT_S)
        try:
            connection.open()
        except OSError as error:  # what smtplib raises is an OSError too
            return Outcome(Trouble.UNREACHABLE, _code(error))
        try:
            EmailMessage(title, text, to=[address], connection=connection).send()
        except smtplib.SMTPRecipientsRefused as error:
            return _refused_mail(next(iter(error.recipients.values()))[0])
        except smtplib.SMTPResponseException as error:
            return _refused_mail(error.smtp_code)
        except OSError as error:
            return Outcome(Trouble.NO_ANSWER, _code(error))
        finally:
            with suppress(OSError):  # what was sent is sent, however the farewell goes
                connection.close()
        return SENT


def _refused_mail(code: int) -> Outcome:
    """SMTP: 4xx may pass later, 5xx will not."""
    return Outcome(Trouble.BUSY if code < 500 else Trouble.REFUSED, f"SMTP {code}")


@dataclass(frozen=True, slots=True)
class HttpSms:
    """A text message by one POST of JSON to a service, whose names are in the settings."""

    url: str
    headers: Mapping[str, str]
    body: Mapping[str, Any]
    """What is sent; `{address}` and `{text}` inside its texts are filled."""
    expected: Mapping[str, Any]
    """What the reply must hold, for services that answer 200 to everything; empty where the status tells."""

    def send(self, address: str, title: str, text: str) -> Outcome:
        parts = urlsplit(self.url)
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        body = json.dumps(_filled(self.body, address, text), ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json; charset=utf-8", **self.headers}
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        with closing(kind(parts.hostname or "", parts.port, timeout=TIMEOUT_S)) as connection:
            try:
                connection.connect()
            except OSError as error:
                return Outcome(Trouble.UNREACHABLE, _code(error))
            try:
                connection.request("POST", path or "/", body, headers)
                reply = connection.getresponse()
                return self._judged(reply.status, reply.read(LONGEST_REPLY))
            except (OSError, HTTPException) as error:
                return Outcome(Trouble.NO_ANSWER, _code(error))

    def _judged(self, status: int, content: bytes) -> Outcome:
        if status in (502, 504):  # said by something in between: what lies behind may have sent it
            return Outcome(Trouble.NO_ANSWER, f"HTTP {status}")
        if status in (408, 425, 429) or status >= 500:
            return Outcome(Trouble.BUSY, f"HTTP {status}")
        if not 200 <= status < 300:
            return Outcome(Trouble.REFUSED, f"HTTP {status}")
        if not self.expected:
            return SENT
        try:
            said = json.loads(content)
        except ValueError:
            return Outcome(Trouble.NO_ANSWER, "JSON")
        found = {name: said.get(name) for name in self.expected} if isinstance(said, dict) else {}
        if found == dict(self.expected):
            return SENT
        return Outcome(Trouble.BUSY, " ".join(f"{name}={str(value)[:20]}" for name, value in found.items()))


def _filled(part: Any, address: str, text: str) -> Any:
    if isinstance(part, str):
        return part.replace("{text}", text) if "{text}" in part else part.replace("{address}", address)
    if isinstance(part, Mapping):
        return {name: _filled(value, address, text) for name, value in part.items()}
    return [_filled(value, address, text) for value in part] if isinstance(part, list) else part


def _code(error: Exception) -> str:
    """A short name of what went wrong. The error's own words may hold the address, so they are left out."""
    number = getattr(error, "smtp_code", None) or getattr(error, "errno", None)
    return f"{type(error).__name__} {number or ''}".strip()


def sender_of(channel: Channel) -> Sender | None:
    """What sends through a channel by the settings; None where nothing does."""
    url = {Channel.MAIL: settings.MAIL_URL, Channel.SMS: settings.SMS["url"]}[channel]
    if not url:
        return None
    if url == CONSOLE:
        return Console(channel)
    if channel is Channel.MAIL:
        return Mail()
    return HttpSms(**settings.SMS)


def senders() -> dict[Channel, Sender]:
    """The channels that are in use, with what sends through them."""
    return {channel: sender for channel in Channel if (sender := sender_of(channel))}
