"""A hospital of the tests: its configuration, its visits, and its client over a faulty line to a centre in memory."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.his.centre import Centre
from yidi.his.config import Config, config_of
from yidi.his.faults import Fault, FaultyTransport, Plan
from yidi.his.hospital import Hospital
from yidi.his.journal import MEMORY, Journal
from yidi.his.messages import Answer

CODE = "H31010699999"
NUMBER = "V1"


class Killed(BaseException):
    """The client's process is gone."""


def config(**dialect: Any) -> Config:
    return config_of(
        {
            "centre": {"url": "http://127.0.0.1:1/"},
            "institution": {"code": CODE, "name": "示例医院（合成）", "region": "310000"},
            "dialect": dialect,
            "recovery": {"attempts": 3, "wait_s": 0},
        }
    )


def visit(number: str = NUMBER, quantity: int = 2) -> dict[str, Any]:
    return {
        "id": number, "certno": "360102195501010017", "med_type": "11", "disease": "", "disease_name": "",
        "diagnosis": "I10.x00x002", "diagnosis_name": "高血压病", "invoice": f"INV{number}",
        "lines": [{"serial": "1", "code": "X", "quantity": quantity, "price": "24.01", "amount": f"{quantity * 24.01:.2f}"}],
    }  # fmt: skip


def killed() -> None:
    raise Killed


class House:
    """A hospital whose process can die: `hospital` is its running client, `restart` the next one on the same journal."""

    def __init__(self, centre: Centre, plan: Plan | None = None, file: str = MEMORY) -> None:
        self.centre = centre
        self.held: list[Callable[[], None]] = []
        """Messages on their way that the sender gave up."""
        self.journal = Journal(file)
        self.transport = FaultyTransport(centre, plan or {}, self.journal, killed, self.held.append)
        self.hospital = self.restart()

    def restart(self) -> Hospital:
        self.hospital = Hospital(
            config(replays=self.centre.replays), self.journal, self.transport, wait=lambda seconds: None
        )
        return self.hospital

    def arrive(self) -> None:
        """What was held up arrives at the centre."""
        while self.held:
            self.held.pop(0)()


def plan(kind: str, *faults: Fault) -> Plan:
    return {NUMBER: {kind: faults}}


class Handler(BaseHTTPRequestHandler):
    """Passes what is posted to the server's `answer`, over connections that are kept."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        answer = self.server.answer(body)  # type: ignore[attr-defined]
        self.server.seen.append((self.client_address, dict(self.headers.items())))  # type: ignore[attr-defined]
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def served(answer: Callable[[bytes], Answer]) -> Iterator[Any]:
    """An HTTP server on this machine that answers so; `seen` has each message's sender and headers."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.answer, server.seen = answer, []  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
