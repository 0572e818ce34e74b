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
from typing import Any
from urllib.parse import urlsplit

from rich.console import Console
from rich.progress import track

from tests.system.running import Site, database, visit
from yidi.demo.his import Hospital

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


def _prepare(console: Console, site: Site, clients: int, name: str) -> list[list[dict[str, Any]]]:
    """For each client its settlements, presettled and in their envelopes; every one of another person."""
    hospital = site.hospital()
    hospital.sequence = 0
    hospital.sign_in()
    requests: list[list[dict[str, Any]]] = [[] for _ in range(clients)]
    for number in track(range(clients * SETTLEMENTS), f"preparing {name}", console=console, transient=True):
        one = visit(f"{name}-{number}", number)
        requests[number % clients].append(hospital.settle_request(one, hospital.prepare(one)))
    return requests


def _settle(site: Site, requests: list[list[dict[str, Any]]]) -> float:
    script = {**site.script, "url": f"http://127.0.0.1:{site.port}/"}
    with ProcessPoolExecutor(len(requests)) as pool:
        list(pool.map(int, range(len(requests))))
        started = time.perf_counter()
        done = sum(pool.map(_send_all, [(script, share) for share in requests]))
        return done / (time.perf_counter() - started)


def _send_all(work: tuple[dict[str, Any], list[dict[str, Any]]]) -> int:
    script, requests = work
    hospital = Hospital(script, lambda record: None)
    for request in requests:
        hospital.send(request)
    return len(requests)


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
