"""The engine's own table-driven kernel and walk, in C: the same rule table, looked up by the same resolver."""

import ctypes
from typing import Any

import numpy as np

from benchmarks.batch.field import Array, Field
from benchmarks.batch.peers.c import PAID
from benchmarks.batch.peers.c_build import build, defines, pointers, struct
from benchmarks.batch.peers.engine import rule_table
from yidi.benefit import batch_walk, kernel
from yidi.benefit.batch_table import Asked
from yidi.benefit.batch_walk import Columns, Memory, Paid

ROOM = 16
"""Pools and schemes that a person may have in a year."""


class Table:
    def __init__(self, field: Field) -> None:
        self.table = rule_table(field)
        self.visits = Columns(**field.columns())
        self.count = len(self.visits.person)
        columns = {name: np.zeros(self.count, kind) for name, kind in PAID.items()}
        self.paid = Paid(**columns, each=np.zeros(0, np.int64))
        names = "#include <stdint.h>\n" + defines("K_", vars(kernel)) + defines("W_", vars(batch_walk))
        names += struct("Rules", self.table.rules) + struct("Visits", self.visits)
        names += struct("Memory", self._memory()) + struct("Paid", self.paid)
        self.library = build("table", field.folder, names=names)
        self.library.walk.restype = self.library.run.restype = ctypes.c_int64
        self.learnt = False

    def run(self, threads: int) -> None:
        if not self.learnt:
            self._learn()
        missing = self.library.run(
            pointers(*self.table.rules),
            pointers(*self.visits),
            pointers(*self.paid),
            ctypes.c_int64(self.count),
            ctypes.c_int64(ROOM),
            threads,
        )
        if missing:
            raise RuntimeError(f"{missing} visits were not paid")

    def _learn(self) -> None:
        """Look up every rule that the visits ask for: walk until a whole walk has not stopped."""
        stopped = True
        while stopped:
            at, stopped, memory = 0, False, self._memory()
            while at < self.count:
                if len(memory.cells) < self.table.rules.sizes[batch_walk.CELLS]:
                    memory = self._memory()
                at = self._walk(memory, at)
                if at < self.count:
                    stopped = True
                    self._answer(memory, at)
        self.learnt = True

    def _walk(self, memory: Memory, start: int) -> int:
        structs = (pointers(*one) for one in (self.table.rules, self.visits, memory, self.paid))
        paid: int = self.library.walk(*structs, ctypes.c_int64(start), ctypes.c_int64(self.count))
        return paid

    def _answer(self, memory: Any, at: int) -> None:
        """Give the walk what it has stopped for."""
        state = memory.state
        if state[batch_walk.STOPPED] == batch_walk.FOR_RULE:
            self.table.learn(Asked(*(int(getattr(self.visits, name)[at]) for name in Asked._fields)))
        elif state[batch_walk.STOPPED] == batch_walk.FOR_REASON:
            self.table.explain_range(int(state[batch_walk.RANGE_PASSED]), int(state[batch_walk.REACHED]))
        else:
            raise RuntimeError(f"a person has more than {ROOM} pools in a year")

    def _memory(self) -> Memory:
        width = int(self.table.rules.sizes[batch_walk.CELLS])
        sizes = {
            "state": batch_walk.STATE,
            "kept": ROOM * width,
            "kept_accounts": ROOM,
            "kept_months": ROOM,
            "outcome": kernel.LAYERS_MOST * kernel.OUTCOME,
        }
        memory = Memory(**{name: np.zeros(sizes.get(name, width), np.int64) for name in Memory._fields})
        memory.state[batch_walk.PERSON], memory.state[batch_walk.ROOM] = batch_walk.NOBODY, ROOM
        return memory

    def outputs(self) -> dict[str, Array]:
        return {name: getattr(self.paid, name) for name in PAID}
