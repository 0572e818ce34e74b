"""Cold starts: whole processes, beside an interpreter that does nothing."""

import statistics
import subprocess
import sys
import time

ROUNDS = 7
COMMANDS = {
    "python -c pass": [sys.executable, "-c", "pass"],
    "import yidi.benefit": [sys.executable, "-c", "import yidi.benefit"],
    "yidi --help": [sys.executable, "-m", "yidi", "--help"],
    "import django": [sys.executable, "-c", "import django.http"],
}


def measure() -> dict[str, float]:
    """Milliseconds per process, median of interleaved rounds."""
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(ROUNDS):
        for name, command in COMMANDS.items():
            started = time.perf_counter()
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            times[name].append((time.perf_counter() - started) * 1e3)
    return {name: statistics.median(values) for name, values in times.items()}
