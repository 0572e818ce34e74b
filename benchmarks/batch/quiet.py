"""On a machine that others use too: how much they do, and waiting until they do less."""

import os
import time

SHARE = 0.1
"""Of one processor: less than that is quiet."""
LOOK = 0.1
"""Seconds between two looks."""


class Busy:
    """What processes other than this one have used of the machine since this was made."""

    def __init__(self) -> None:
        self._others = _machine() - _own()

    def others(self) -> float:
        """Processor seconds. 0 where the system does not tell."""
        return max(0.0, _machine() - _own() - self._others)


def wait_for_quiet(patience: float) -> None:
    """Wait until others are quiet, so many seconds at most."""
    end = time.perf_counter() + patience
    while time.perf_counter() < end:
        busy, looked = Busy(), time.perf_counter()
        time.sleep(LOOK)
        if busy.others() / (time.perf_counter() - looked) < SHARE:
            return


def _machine() -> float:
    try:
        with open("/proc/stat") as stat:
            user, nice, system, _, _, interrupts, soft, stolen = (
                int(part) for part in stat.readline().split()[1:9]
            )
    except OSError:
        return _own()
    return (user + nice + system + interrupts + soft + stolen) / os.sysconf("SC_CLK_TCK")


def _own() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system
