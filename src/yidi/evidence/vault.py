"""Where the sealed content of papers lies: one file each, named at random, outside of anything that is served."""

import os
import re
import secrets
import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from yidi.people.encryption import SEAL, seal, unseal

_BLOB = re.compile("[0-9a-f]{32}")
_UNFINISHED = ".part"


def path_of(blob: str) -> Path:
    """The file of a blob. Nothing that a person typed comes near it."""
    if not _BLOB.fullmatch(blob):
        raise ValueError("not the name of a blob")
    return Path(settings.EVIDENCE_ROOT, blob[:2], blob)


def write(content: bytes) -> str:
    """Seal content into a file of its own, which is there as a whole or not at all; returns the blob's name."""
    blob = secrets.token_hex(16)
    path = path_of(blob)
    for folder in (path.parent.parent, path.parent):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = path.with_suffix(_UNFINISHED)
    try:
        handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(seal(content, blob.encode()))
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(path)
    finally:
        unfinished.unlink(missing_ok=True)
    _sync(path.parent)
    return blob


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def read(blob: str) -> bytes:
    """The content of a blob. Raises FileNotFoundError, and WrongDataKey where the file is not what was sealed."""
    return unseal(path_of(blob).read_bytes(), blob.encode())


def length(blob: str) -> int | None:
    """Bytes of a blob's content, without opening it; None where the file is not there."""
    try:
        return path_of(blob).stat().st_size - SEAL
    except FileNotFoundError:
        return None


def erase(blob: str) -> None:
    """Take the file away, if it is there."""
    path_of(blob).unlink(missing_ok=True)


def files(older_than_s: int) -> Iterator[Path]:
    """Every file that was not touched for so many seconds, finished or not."""
    latest = time.time() - older_than_s
    for path in sorted(Path(settings.EVIDENCE_ROOT).glob("??/*")):
        if path.stat().st_mtime <= latest:
            yield path
