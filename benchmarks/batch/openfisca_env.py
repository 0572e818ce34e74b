"""An environment for OpenFisca alone: what it pins must not decide what this project runs on."""

import hashlib
import subprocess
import sys
from pathlib import Path

from benchmarks.batch.peers import Unavailable

ROOT = Path(__file__).parents[2]
LOCKED = ROOT / "requirements" / "openfisca.txt"
FOLDER = ROOT / "benchmarks" / "environments" / "openfisca"
PYTHON = FOLDER / "bin" / "python"
STAMP = FOLDER / "installed"


def interpreter() -> Path:
    """The interpreter of the environment, made when first asked for. Raises Unavailable where that fails."""
    if not LOCKED.exists():
        raise Unavailable(f"there is no {LOCKED.relative_to(ROOT)}")
    if not is_made():
        _make()
        STAMP.write_text(_wanted())
    return PYTHON


def is_made() -> bool:
    """Whether the environment is there and holds what is locked."""
    return LOCKED.exists() and STAMP.exists() and STAMP.read_text() == _wanted()


def _wanted() -> str:
    return hashlib.sha256(LOCKED.read_bytes()).hexdigest()


def _make() -> None:
    pip = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    commands = [[sys.executable, "-m", "venv", "--clear", FOLDER], [*pip, "-r", LOCKED]]
    for command in commands:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            said = (done.stderr or done.stdout).strip().splitlines() or ["no reason given"]
            raise Unavailable(f"its environment could not be made: {said[-1]}")
