"""Settlements per second through the gateway on PostgreSQL, beside pgbench's simple-update on the same server."""

import json
import os
import re
import shutil
import subprocess
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

from rich.console import Console
from rich.progress import track

from tests.system.running import Site, database, settlement, visit
from yidi.his.config import Config
from yidi.his.connection import Connection
from yidi.his.messages import Message, read_reply

CLIENTS = (2, 8)
SETTLEMENTS = 60
"""Per client and round."""
ROUNDS = 2
SECONDS = 6
SCALE = 10


def measure(console: Console) -> list[tuple[int, float, float]]:
    """(clients, settlements per second, pgbench transactions per second) per round, both on one durable server."""
    results = []
    url = os.environ["DATABASE_URL"]
    _pgbench(url, "-i", "-q", "-s", str(SCALE))
    with tempfile.TemporaryDirectory() as folder, database(Path(folder)) as own:
        site = Site(Path(folder), own)
        people = max(CLIENTS) * SETTLEMENTS
        site.seed(people)
        with site.serve():
            for number in range(ROUNDS):
                for clients in CLIENTS:
                    requests = _prepare(console, site, clients, f"R{number}C{clients}")
                    settled = _settle(site, requests)
                    told = _pgbench(
                        url, "-N", "-M", "prepared", "-c", str(clients), "-j", "2", "-T", str(SECONDS)
                    )
                    results.append((clients, settled, _tps(told)))
    return results


def _prepare(console: Console, site: Site, clients: int, name: str) -> list[list[Message]]:
    """For each client its settlements, presettled and in their envelopes; every one of another person."""
    hospital = site.hospital()
    hospital.sign_in()
    requests: list[list[Message]] = [[] for _ in range(clients)]
    for number in track(range(clients * SETTLEMENTS), f"preparing {name}", console=console, transient=True):
        requests[number % clients].append(settlement(hospital, visit(f"{name}-{number}", number)))
    return requests


def _settle(site: Site, requests: list[list[Message]]) -> float:
    with ProcessPoolExecutor(len(requests)) as pool:
        list(pool.map(int, range(len(requests))))
        started = time.perf_counter()
        done = sum(pool.map(_send_all, [(site.config(), share) for share in requests]))
        return done / (time.perf_counter() - started)


def _send_all(work: tuple[Config, list[Message]]) -> int:
    config, requests = work
    connection = Connection(config)
    return sum(read_reply(request, connection.post(request)).done for request in requests)


def _pgbench(url: str, *options: str) -> str:
    program = shutil.which("pgbench") or str(max(Path("/usr/lib/postgresql").glob("*/bin/pgbench")))
    parts = urlsplit(url)
    where = [
        "-h",
        parts.hostname or "",
        "-p",
        str(parts.port),
        "-U",
        parts.username or "",
        parts.path.strip("/"),
    ]
    environment = {**os.environ, "PGPASSWORD": parts.password or ""}
    return subprocess.run(
        [program, *options, *where], env=environment, check=True, capture_output=True, text=True
    ).stdout


def _tps(told: str) -> float:
    found = re.search(r"tps = ([\d.]+)", told)
    assert found, json.dumps(told)
    return float(found.group(1))
