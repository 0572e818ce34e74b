"""Files made anew: opened by a child process with tight limits, so that a bomb ends in a refusal and not in the server."""

import json
import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

from yidi.evidence import errors
from yidi.evidence.checks import MEGABYTE, Readable, must_be_taken, read_bounded
from yidi.evidence.names import display_name
from yidi.evidence.terms import MediaType, Taken

logger = logging.getLogger(__name__)

DECODER = Path(__file__).parent / "decoding" / "__main__.py"
PIXELS_PER_WAN = 10_000


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost. No rule of the trade: chosen so that any phone's photo passes and a bomb does not."""

    memory: int = 1024 * MEGABYTE
    """Bytes of address space."""
    cpu_s: int = 20
    wall_s: int = 60
    """Seconds by the clock on the wall, for a machine that is busy."""
    output: int = 80 * MEGABYTE
    """Bytes that the child may write; what is kept may have half of it."""
    pixels: int = 64_000_000
    pages: int = 60
    edge: int = 3000
    """Pixels of the long edge of what is kept: A4 at some 250 dots per inch."""
    dots_per_inch: int = 200


LIMITS = Limits()
_TOGETHER = threading.BoundedSemaphore(max(2, os.cpu_count() or 1))
"""How many files one server process opens at a time: each may take `Limits.memory`."""

_ONE_AT_A_TIME = threading.Lock()
"""PDFium must not be called from two threads at once."""


@dataclass(frozen=True, slots=True)
class Remade:
    """A file that was taken: what is kept of it."""

    name: str
    """As its sender called it, harmless to show."""
    media_type: MediaType
    pages: int
    content: bytes
    sha256: str
    """Of the file as it was handed in, in hex."""


def made_here(content: bytes, name: str) -> Remade:
    """A PDF that this system wrote itself, as a paper of a case. The same content is the same paper."""
    import pypdfium2 as pdfium  # only for what is our own: the files of strangers are opened by the decoder

    with _ONE_AT_A_TIME:
        document = pdfium.PdfDocument(content)
        pages = len(document)
        document.close()
    return Remade(name, MediaType.PDF, pages, content, sha256(content).hexdigest())


def remake(upload: "Readable | BinaryIO", name: str, limits: Limits = LIMITS) -> Remade:
    """Check a file and make it anew. Takes part of a second: call it outside of any transaction.

    Raises the subclasses of FileRefused, CannotDecode.
    """
    content = read_bounded(upload, name)
    kind = must_be_taken(content, name)
    header, fresh = decoded("remake", kind, content, name, limits)
    return Remade(
        name=display_name(name),
        media_type=MediaType(header["media_type"]),
        pages=header["pages"],
        content=fresh,
        sha256=sha256(content).hexdigest(),
    )


def decoded(
    task: str, kind: Taken, content: bytes, name: str, limits: Limits = LIMITS
) -> tuple[dict[str, Any], bytes]:
    """What the child says of a picture or PDF, and the content it made. Raises the subclasses of FileRefused."""
    shown = display_name(name)
    header, fresh = ordered({"task": task, "kind": str(kind), **asdict(limits)}, content, shown)
    if "refused" in header:
        raise _refusal(header, kind, shown, limits)
    return header, fresh


def ordered(order: dict[str, Any], content: bytes, name: str) -> tuple[dict[str, Any], bytes]:
    """The answer of the child to an order: a header, which may say `refused` and why, and content.

    Raises CannotDecode where the child does not even start, Busy.
    """
    if not _TOGETHER.acquire(timeout=order["wall_s"]):
        raise errors.Busy(name=name)
    try:
        status, answer, complaint = _run(order, content)
    finally:
        _TOGETHER.release()
    if status > 0:
        logger.error(
            "the decoder ended with status %s: %s", status, complaint.decode(errors="replace")[-500:]
        )
        raise errors.CannotDecode()
    line, _, fresh = answer.partition(b"\n")
    header = json.loads(line) if status == 0 else {"refused": _ENDED_BY.get(status, "damaged")}
    if "refused" in header:
        logger.info("the decoder refused %s: %s, status %s", order, header, status)
    return header, fresh


_ENDED_BY = {-signal.SIGXCPU: "heavy", -signal.SIGKILL: "heavy"}
"""What it means that a signal ended the decoder; any other one: the file made it crash."""


def _refusal(header: dict[str, Any], kind: Taken, name: str, limits: Limits) -> errors.FileRefused:
    match header["refused"]:
        case "pixels":
            wan, million = limits.pixels // PIXELS_PER_WAN, limits.pixels // 1_000_000
            size = {"width": header["width"], "height": header["height"]}
            return errors.TooManyPixels(name=name, limit=wan, limit_en=million, **size)
        case "pages":
            return errors.TooManyPages(name=name, pages=header["pages"], limit=limits.pages)
        case "password":
            return errors.PdfEncrypted(name=name)
        case "heavy":
            return errors.TooHeavy(name=name)
        case _:
            return errors.FileDamaged(name=name, kind=kind)


def _run(order: dict[str, Any], content: bytes) -> tuple[int, bytes, bytes]:
    """Exit status of the decoder (the negative number of a signal that ended it), what it wrote, and its complaints.

    All its ends are files in memory: the kernel then holds the child to its limit of what it writes.
    """
    with (
        _in_memory("paper") as source,
        _in_memory("remade") as result,
        _in_memory("complaints") as complaints,
    ):
        source.write(content)
        source.seek(0)
        command = [sys.executable, "-I", "-B", str(DECODER), json.dumps(order)]
        try:
            done = subprocess.run(
                command,
                stdin=source,
                stdout=result,
                stderr=complaints,
                env={"MALLOC_ARENA_MAX": "1"},
                timeout=order["wall_s"],
                check=False,
            )
        except subprocess.TimeoutExpired:
            return -signal.SIGKILL, b"", b""
        result.seek(0)
        complaints.seek(0)
        return done.returncode, result.read(), complaints.read()


@contextmanager
def _in_memory(name: str) -> Iterator[BinaryIO]:
    with os.fdopen(os.memfd_create(name), "w+b", buffering=0) as file:
        yield file
