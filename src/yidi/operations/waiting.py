"""Files that wait to be confirmed: sealed as papers are, named by nobody but the session of whoever sent them.

One that is never confirmed is swept away after an hour, like every file that no row names (`evidence.services.sweep`).
"""

from yidi.evidence import vault
from yidi.operations.errors import AnotherFile
from yidi.operations.lists import digest_of
from yidi.people.errors import WrongDataKey


def keep(content: bytes) -> str:
    """Seal a file; returns the name under which it waits."""
    return vault.write(content)


def content(blob: str, digest: str) -> bytes:
    """The file that waits under a name. Raises AnotherFile where it is gone, or is not the one with that digest."""
    try:
        found = vault.read(blob)
    except (FileNotFoundError, WrongDataKey):
        raise AnotherFile() from None
    if digest_of(found) != digest:
        raise AnotherFile()
    return found


def forget(blob: str) -> None:
    """Erase the file."""
    vault.erase(blob)
