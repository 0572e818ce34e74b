"""The process of one peer: told over its standard input when to run, it answers in lines of JSON.

`run THREADS` pays all visits once; `peak` tells the process's peak memory; `save FILE` writes what the last run paid.
"""

import gc
import json
import os
import resource
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.batch.field import Field
from benchmarks.batch.peers import PEERS, Unavailable
from benchmarks.batch.quiet import Busy, wait_for_quiet


def main(name: str, folder: str, patience: float) -> None:
    started = time.perf_counter()
    try:
        peer = PEERS[name].make(Field(Path(folder)))
    except Unavailable as why:
        _tell(skipped=str(why))
        return
    _tell(ready=time.perf_counter() - started, bytes_moved=getattr(peer, "bytes_moved", 0))
    for line in sys.stdin:
        order, _, what = line.strip().partition(" ")
        if order == "run":
            _tell(**_timed(peer, int(what), patience))
        elif order == "peak":
            _tell(peak=peak_memory())
        elif order == "save":
            np.savez(what, **peer.outputs())
            _tell(saved=what)


def _timed(peer: Any, threads: int, patience: float) -> dict[str, float]:
    gc.collect()
    wait_for_quiet(patience)
    busy, cpu, started = Busy(), time.process_time(), time.perf_counter()
    peer.run(threads)
    seconds = time.perf_counter() - started
    return {"seconds": seconds, "cpu": time.process_time() - cpu, "others": busy.others() / seconds}


def peak_memory() -> int:
    """The most memory that this process has held, in bytes.

    Not by getrusage where the kernel tells more: there a process begins with the peak of the one that started it.
    """
    try:
        with open("/proc/self/status") as status:
            lines = [line.split() for line in status if line.startswith("VmHWM:")]
            return int(lines[0][1]) * 1024
    except (OSError, IndexError):
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak if sys.platform == "darwin" else peak * 1024


def _tell(**facts: Any) -> None:
    print(json.dumps(facts), file=ANSWERS, flush=True)


if __name__ == "__main__":
    # What libraries print must not get between the answers.
    ANSWERS = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    main(sys.argv[1], sys.argv[2], float(sys.argv[3]))
