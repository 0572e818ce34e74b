"""What is written to disk: whole or not at all, by one run at a time, and refused by name where it cannot be."""

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from yidi.simulation.errors import CannotWrite, FolderInUse

UNFINISHED = ".unfinished"
"""Behind the name of a file that is being written."""
SAID = {
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "超出磁盘配额",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "只读",
    errno.ENOTDIR: "路径中有一段不是文件夹",
    errno.EISDIR: "是文件夹",
    errno.ENOENT: "不存在",
    errno.ENAMETOOLONG: "名称太长",
}
"""What a system says of files, in Chinese."""


def why(error: OSError) -> tuple[str, str]:
    """Why the system refuses, in Chinese where there are words for it, and in its own."""
    system = error.strerror or (str(error).splitlines() or [type(error).__name__])[0]
    return SAID.get(error.errno or 0, system), system


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Raises CannotWrite where the system does not let something be written."""
    try:
        yield
    except OSError as error:
        zh, en = why(error)
        raise CannotWrite(folder=folder, why=zh, why_en=en) from None


def is_empty(folder: Path) -> bool:
    """Whether a folder is not there yet, or holds nothing but what a run cut short has left unfinished."""
    if not folder.exists():
        return not folder.is_symlink()
    return folder.is_dir() and all(path.name.endswith(UNFINISHED) for path in folder.iterdir())


@contextmanager
def claimed(folder: Path) -> Iterator[None]:
    """Make a folder, and keep other runs out of it as long as this one lasts. Raises CannotWrite, FolderInUse."""
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # some file systems know no locks
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise FolderInUse(folder=folder) from None
        yield
    finally:
        os.close(handle)


@contextmanager
def new_file(path: Path) -> Iterator[Path]:
    """A file to be written that takes its name when all went well, and is gone otherwise."""
    unfinished = path.with_name(path.name + UNFINISHED)
    try:
        yield unfinished
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write a text as it is; the file is there whole or as it was before."""
    with new_file(path) as unfinished:
        unfinished.write_text(text, encoding="utf-8")
