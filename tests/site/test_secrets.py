"""An installation's own secrets: made once, whole, and for their owner alone."""

import subprocess
import sys
from pathlib import Path

from yidi.site.secrets import kept_secret

ASK = "import sys; from pathlib import Path; from yidi.site.secrets import kept_secret; print(kept_secret(Path(sys.argv[1])))"


def test_made_once_and_readable_by_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "secret.key"
    secret = kept_secret(path)
    assert len(bytes.fromhex(secret)) == 32
    assert kept_secret(path) == secret
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_processes_that_start_at_once_get_the_same_one(tmp_path: Path) -> None:
    command = [sys.executable, "-c", ASK, str(tmp_path / "secret.key")]
    asking = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(8)]
    told = {process.communicate()[0].strip() for process in asking}
    assert len(told) == 1
    assert len(bytes.fromhex(told.pop())) == 32
