"""On what, and by what, a measure was taken."""

import os
import platform
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

from benchmarks.batch import openfisca_env
from benchmarks.batch.peers.c_build import version as compiler

PACKAGES = ("numpy", "numba", "polars", "duckdb", "pyarrow")


def machine() -> dict[str, str]:
    """Processor, memory and system, as far as the system tells."""
    return {
        "processor": _first(r"model name\s*:\s*(.+)", "/proc/cpuinfo") or platform.processor(),
        "processors": str(os.cpu_count()),
        "last cache": _cache(),
        "memory": f"{_memory() / 2**30:.1f} GiB" if _memory() else "",
        "system": f"{platform.system()} {'.'.join(platform.release().split('.')[:2])} {platform.machine()}",
    }


def versions() -> dict[str, str]:
    """Of everything that was measured; without what is not there."""
    found = {"Python": platform.python_version(), "yidi": metadata.version("yidi")}
    for name in PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    found |= {"openfisca-core": _openfisca(), "C": compiler()}
    return {name: version for name, version in found.items() if version}


def _openfisca() -> str:
    if not openfisca_env.PYTHON.exists():
        return ""
    code = "from importlib import metadata as m; print(m.version('openfisca-core'), 'with numpy', m.version('numpy'))"
    told = subprocess.run([openfisca_env.PYTHON, "-c", code], capture_output=True, text=True, check=False)
    return told.stdout.strip()


def _first(pattern: str, path: str) -> str:
    try:
        found = re.search(pattern, Path(path).read_text())
    except OSError:
        return ""
    return found.group(1).strip() if found else ""


def _cache() -> str:
    levels = sorted(Path("/sys/devices/system/cpu/cpu0/cache").glob("index*"))
    return _first(r"(\S+)", str(levels[-1] / "size")) if levels else ""


def _memory() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") if sys.platform == "linux" else 0
