"""What ships: it is found, small, described, rebuilt byte for byte, and speaks of nothing but itself."""

import subprocess
import sys
from pathlib import Path

import pytest

from yidi import resources

REFERENCE = resources.data_path("reference")
ROOT = Path(__file__).parents[2]
MOST_BYTES = 15_000_000


def shipped_files() -> list[Path]:
    return sorted(path for path in REFERENCE.rglob("*") if path.is_file())


def test_the_size() -> None:
    assert 0 < sum(path.stat().st_size for path in shipped_files()) < MOST_BYTES


def test_the_readme_describes_every_file() -> None:
    readme = (REFERENCE / "README.md").read_text(encoding="utf-8")
    names = [path.relative_to(REFERENCE).as_posix() for path in shipped_files() if path.name != "README.md"]
    assert [name for name in names if f"`{name}`" not in readme] == []


def test_the_files_are_plain_utf8() -> None:
    for path in shipped_files():
        text = path.read_bytes()
        assert b"\r" not in text, path.name
        assert text.decode("utf-8").endswith("\n"), path.name


def test_the_catalogues_are_what_the_script_writes() -> None:
    script = [sys.executable, str(ROOT / "bin" / "build_catalogues.py"), "--check"]
    checked = subprocess.run(script, capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stderr) == (0, "")


def test_the_script_says_how_it_is_used() -> None:
    script = [sys.executable, str(ROOT / "bin" / "build_catalogues.py"), "--nonsense"]
    checked = subprocess.run(script, capture_output=True, text=True, check=False)
    assert checked.returncode == 2
    assert "--check" in checked.stderr


def test_missing_data_is_named() -> None:
    with pytest.raises(resources.MissingData) as missing:
        resources.data_path("reference", "nothing.csv")
    assert missing.value.code == "DATA-MISSING"
    assert "reference/nothing.csv" in str(missing.value)
    assert "install yidi again" in missing.value.english


def test_the_packaged_copy_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for place in ("package", "checkout"):
        (tmp_path / place / "reference").mkdir(parents=True)
    (tmp_path / "package" / "reference" / "a.csv").touch()
    (tmp_path / "checkout" / "reference" / "b.csv").touch()
    monkeypatch.setattr(resources, "ROOTS", (tmp_path / "package", tmp_path / "checkout"))
    assert resources.data_path("reference", "a.csv").parts[-3] == "package"
    assert resources.data_path("reference", "b.csv").parts[-3] == "checkout"


def test_importing_the_registers_reads_no_file() -> None:
    code = (
        "import builtins, pathlib\n"
        "def refuse(self, *a, **k): raise AssertionError(self)\n"
        "import csv, yaml\n"
        "pathlib.Path.open = refuse\n"
        "import yidi.reference.regions, yidi.reference.diseases, yidi.reference.dictionaries\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
