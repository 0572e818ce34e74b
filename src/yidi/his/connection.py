"""The way to the centre: HTTP with keep-alive and a time-out, each message signed anew."""

import base64
import hashlib
import hmac
import http.client
import secrets
import threading
import time
from collections.abc import Callable
from typing import Protocol
from urllib.parse import urlsplit

from yidi.his.config import PATH, Centre, Config, Signature
from yidi.his.errors import NotSent
from yidi.his.messages import Answer, Message, unanswered


class Transport(Protocol):
    """Whatever brings a message to the centre and its answer back."""

    def post(self, message: Message) -> Answer:
        """Send a message once. Raises NotSent, Unanswered."""

    def close(self) -> None:
        """End it."""


class Connection:
    """A connection to the centre, one for each thread that uses it."""

    def __init__(self, config: Config) -> None:
        self._centre: Centre = config.centre
        self._signature: Signature = config.signature
        self._address = urlsplit(config.centre.url)
        self._path = self._address.path.rstrip("/") or PATH
        self._mine = threading.local()
        self._links: set[http.client.HTTPConnection] = set()

    def post(self, message: Message) -> Answer:
        """Send a message once. Raises NotSent where it did not leave, Unanswered where no whole answer came.

        After a failure the connection is closed: a late answer must not be taken for the next one's.
        """
        link = self._open(message)
        try:
            headers = {"Content-Type": "application/json;charset=utf-8", **headers_of(self._signature)}
            link.request("POST", self._path, message.text.encode(), headers)
            reply = link.getresponse()
            answer = Answer(reply.status, reply.headers.get("Content-Type", ""), reply.read())
        except (OSError, http.client.HTTPException) as error:
            self._hang_up()
            raise unanswered(message, str(error) or type(error).__name__) from None
        self._mine.used = time.monotonic()
        return answer

    def _open(self, message: Message) -> http.client.HTTPConnection:
        link: http.client.HTTPConnection | None = getattr(self._mine, "link", None)
        if link is not None and time.monotonic() - self._mine.used < self._centre.keep_alive_s:
            return link
        self._hang_up()
        kind = http.client.HTTPSConnection if self._address.scheme == "https" else http.client.HTTPConnection
        link = kind(self._address.hostname or "", self._address.port, timeout=self._centre.timeout_s)
        try:
            link.connect()
        except OSError as error:
            raise unanswered(message, str(error), NotSent) from None
        self._mine.link, self._mine.used = link, time.monotonic()
        self._links.add(link)
        return link

    def _hang_up(self) -> None:
        """Close this thread's connection, if there is one."""
        link: http.client.HTTPConnection | None = getattr(self._mine, "link", None)
        if link is not None:
            link.close()
            self._links.discard(link)
            self._mine.link = None

    def close(self) -> None:
        """Close the connections of all threads."""
        for link in self._links:
            link.close()


def headers_of(signature: Signature) -> dict[str, str]:
    """The headers that sign one sending; a message sent again needs new ones."""
    return _SCHEMES[signature.scheme](signature)


def _x_tif(signature: Signature) -> dict[str, str]:
    stamp, nonce = str(int(time.time())), secrets.token_hex(16)
    text = stamp + signature.secret + nonce + stamp
    return {
        "x-tif-paasid": signature.account,
        "x-tif-timestamp": stamp,
        "x-tif-nonce": nonce,
        "x-tif-signature": hashlib.sha256(text.encode()).hexdigest(),
    }


def _api(signature: Signature) -> dict[str, str]:
    headers = {
        "_api_name": signature.service,
        "_api_version": signature.version,
        "_api_access_key": signature.account,
        "_api_timestamp": str(int(time.time())),
    }
    text = "&".join(f"{name}={value}" for name, value in sorted(headers.items()))
    digest = hmac.new(signature.secret.encode(), text.encode(), hashlib.sha1).digest()
    return {**headers, "_api_signature": base64.b64encode(digest).decode()}


_SCHEMES: dict[str, Callable[[Signature], dict[str, str]]] = {
    "x-tif": _x_tif,
    "_api_": _api,
    "apikey": lambda signature: {"apikey": signature.secret},
    "none": lambda signature: {},
}
