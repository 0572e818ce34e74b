"""Secrets that an installation makes for itself once and keeps."""

import os
import secrets
from pathlib import Path


def kept_secret(path: Path) -> str:
    """32 random bytes as hex, made at the first call and read back ever after. Only the owner can read the file."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return kept_secret(path)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_hex(32))
    return path.read_text().strip()
