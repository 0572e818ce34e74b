"""A database and a server of its own for each system test, and a hospital that speaks to it."""

import json
import os
import secrets
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from tests.system.invented import ITEM, identity
from yidi.cli.ports import free_port
from yidi.his.config import Config, config_of
from yidi.his.hospital import Hospital
from yidi.his.journal import Journal
from yidi.his.messages import Message

ROOT = Path(__file__).parents[2]
START_LIMIT_S = 30


@contextmanager
def database(folder: Path, template: str = "") -> Iterator[str]:
    """The URL of a database: a SQLite file in the folder, or a new one on the PostgreSQL server of DATABASE_URL.

    `template` is the URL of a database there to copy from; a SQLite file is copied with its folder.
    """
    server = os.environ.get("DATABASE_URL", "")
    if not server.startswith("postgres"):
        yield f"sqlite:///{folder / 'system.sqlite3'}"
        return
    import psycopg

    name = f"system_{secrets.token_hex(4)}"
    source = urlsplit(template).path.strip("/") if template else "template1"
    with psycopg.connect(server, autocommit=True) as link:
        link.execute(f'CREATE DATABASE "{name}" TEMPLATE "{source}"')
    yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    with psycopg.connect(server, autocommit=True) as link:
        link.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


COUNTED = {
    "settlements": "SELECT count(*) FROM settlement_settlement",
    "postings": "SELECT count(*) FROM ledger_posting",
    "fund": "SELECT coalesce(sum(fund), 0) FROM settlement_settlement WHERE kind = 'settle' AND NOT is_cancelled",
    "messages": "SELECT count(*) FROM gateway_message WHERE infno = '2207A'",
}


@contextmanager
def read(url: str) -> Iterator[Callable[[str], int]]:
    """Asks that database for one number at a time."""
    if url.startswith("postgres"):
        import psycopg

        link: Any = psycopg.connect(url)
    else:
        link = sqlite3.connect(url.removeprefix("sqlite:///"))
    with closing(link):
        yield lambda query: int(link.execute(query).fetchone()[0])


@dataclass
class Site:
    """One installation: its environment, and the servers started on it."""

    folder: Path
    url: str
    port: int = 0
    script: dict[str, Any] = field(default_factory=dict)
    journal: Journal = field(init=False)
    """The hospital's, whose file the hospital's clients share: their messages are numbered together."""

    def __post_init__(self) -> None:
        self.journal = Journal(str(self.folder / "his.sqlite3"))

    connections: ExitStack = field(default_factory=ExitStack)

    @property
    def environment(self) -> dict[str, str]:
        wanted = {
            "DATABASE_URL": self.url,
            "YIDI_HOME": str(self.folder),
            "YIDI_DEMO": "1",
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")]),
        }
        return {**os.environ, **wanted, "DJANGO_SETTINGS_MODULE": "yidi.site.settings"}

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """A command of ours against this installation's database."""
        return subprocess.run(
            [sys.executable, "-m", *command], env=self.environment, capture_output=True, text=True, cwd=ROOT
        )

    def seed(self, people: int = 1) -> None:
        built = self.run("tests.system.seed", str(people))
        assert built.returncode == 0, built.stderr
        self.script = json.loads(built.stdout.splitlines()[-1])

    @contextmanager
    def server(self, *command: str) -> Iterator[subprocess.Popen[bytes]]:
        """A server on a port of its own, in a process group of its own; ended when the block is left."""
        self.port = free_port()
        arguments = [part.replace("PORT", str(self.port)) for part in command]
        process = subprocess.Popen(
            [sys.executable, "-m", *arguments], env=self.environment, cwd=ROOT, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            _wait_for(self.port, process)
            yield process
        finally:
            kill(process)

    def serve(self) -> Any:
        return self.server("yidi", "serve", "--port", "PORT")

    def config(self) -> Config:
        """The hospital's configuration, for the server that was started last."""
        return config_of({**self.script, "centre": {"url": f"http://127.0.0.1:{self.port}/"}})

    def hospital(self) -> Hospital:
        """Its connections are closed with the installation, whatever becomes of it in between."""
        hospital = Hospital(self.config(), self.journal)
        self.connections.callback(hospital.transport.close)
        return hospital

    def audit(self) -> dict[str, Any]:
        """What `yidi audit` finds."""
        audited = self.run("yidi", "audit", "--json")
        assert audited.returncode in (0, 1), audited.stderr
        found: dict[str, Any] = json.loads(audited.stdout)
        return found

    def counts(self) -> dict[str, int]:
        """How many rows stand in the tables that a settlement writes."""
        with read(self.url) as ask:
            return {name: ask(query) for name, query in COUNTED.items()}


def visit(number: str, person: int = 0, boxes: int = 1) -> dict[str, Any]:
    """A general outpatient visit of one of the seeded people: so many boxes at 480 yuan."""
    return {
        "id": number, "certno": identity(person), "med_type": "11", "disease": "", "disease_name": "",
        "diagnosis": "I10.x00x002", "diagnosis_name": "高血压病", "invoice": f"INV{number}",
        "lines": [
            {"serial": "1", "code": ITEM, "quantity": boxes, "price": "480.00", "amount": f"{480 * boxes}.00"}
        ],
    }  # fmt: skip


def settlement(hospital: Hospital, one: dict[str, Any]) -> Message:
    """The settlement of a visit, presettled and written down, ready to be sent."""
    return hospital.compose_settlement(hospital.open_visit(one))


def kill(process: subprocess.Popen[bytes]) -> None:
    """SIGKILL to the whole group, as a power cut would end it."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_LIMIT_S
    while time.monotonic() < deadline:
        assert process.poll() is None, "the server ended at once"
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("the server did not start")
