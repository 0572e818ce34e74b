"""The load: clients that each keep one connection and send one message after the other.

Threads of one process with blocking sockets: the cheapest there is in plain Python, and what it costs is told.
"""

import itertools
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from benchmarks.gateway.messages import LOOPBACK, PEOPLE, Visit

PATIENCE_S = 60
DONE = b'{"infcode":0,'

_numbers = itertools.count(1)


@dataclass
class Run:
    """What became of the messages of one run."""

    seconds: float = 0.0
    latencies: dict[str, list[float]] = field(default_factory=dict)
    """Seconds of every message that went through, by its transaction."""
    settled: list[Visit] = field(default_factory=list)
    """Visits whose settlement was acknowledged."""
    cancelled: list[Visit] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    processor_s: float = 0.0
    """Processor time of the load itself."""

    @property
    def messages(self) -> int:
        return sum(map(len, self.latencies.values()))


class Client:
    """One connection to the server."""

    def __init__(self, port: int) -> None:
        self.link = socket.create_connection((LOOPBACK, port), PATIENCE_S)
        self.link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, request: bytes) -> bytes:
        """The body that comes back."""
        self.link.sendall(request)
        received = self.link.recv(65536)
        while b"\r\n\r\n" not in received:
            received += self._more()
        head, _, body = received.partition(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        while len(body) < length:
            body += self._more()
        return body

    def _more(self) -> bytes:
        piece = self.link.recv(65536)
        if not piece:
            raise ConnectionError("the server hung up")
        return piece


Step = tuple[Visit, str]
"""A visit and the transaction that it sends next."""


def visits(most: int | None = None, until: Callable[[], bool] = lambda: False) -> Iterator[Visit]:
    """New visits, of one person after the other."""
    ranks = itertools.count() if most is None else range(most)
    for _ in ranks:
        if until():
            return
        number = next(_numbers)
        yield Visit(f"V{number:09d}", number % PEOPLE)


def drive(port: int, clients: int, steps: Callable[[], Iterable[Step]], pace_s: float = 0.0) -> Run:
    """Let so many clients send what their steps say.

    With a pace, a client's message is due every so many seconds, and its latency counts from when it was due.
    """
    run, lock = Run(), threading.Lock()
    links = [Client(port) for _ in range(clients)]
    started, before = time.perf_counter(), time.process_time()
    threads = [
        threading.Thread(target=_play, args=(link, steps(), run, lock, pace_s, pace_s * rank / clients))
        for rank, link in enumerate(links)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    run.seconds = time.perf_counter() - started
    run.processor_s = time.process_time() - before
    for link in links:
        link.link.close()
    return run


def _play(
    client: Client, steps: Iterable[Step], run: Run, lock: threading.Lock, pace_s: float, delay_s: float
) -> None:
    due = time.perf_counter() + delay_s
    for visit, infno in steps:
        request = visit.message(infno)
        if pace_s:
            time.sleep(max(0.0, due - time.perf_counter()))
        sent = due if pace_s else time.perf_counter()
        due += pace_s
        try:
            reply = client.send(request)
        except (OSError, ValueError, IndexError) as error:
            with lock:
                run.errors.append(f"{infno}: {error!r}")
            return
        _note(run, lock, visit, infno, reply, time.perf_counter() - sent)


def _note(run: Run, lock: threading.Lock, visit: Visit, infno: str, reply: bytes, seconds: float) -> None:
    with lock:
        if not reply.startswith(DONE):
            run.errors.append(f"{infno}: {reply[:300].decode(errors='replace')}")
            return
        visit.learn(reply)
        run.latencies.setdefault(infno, []).append(seconds)
        if infno == "2207A":
            run.settled.append(visit)
        elif infno == "2208":
            run.cancelled.append(visit)
