"""A scripted day at a hospital: who comes, what happens at the counter, and what goes wrong on the network, all from a seed.

Each counter is a process of its own (`cashier.py`) on the one journal. One that dies is started again, as it would be.
"""

import json
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from yidi.his.errors import BadInput, CounterFailed
from yidi.his.faults import Fault
from yidi.his.journal import Journal, VisitRecord, VisitState

CASHIERS = 3
LOOK_S = 0.2
CONFIG, PLAN = "his.toml", "day.json"


@dataclass(frozen=True, slots=True)
class Course:
    """What happens at the counter: steps that `counter.py` knows, and the transactions that a fault may strike."""

    zh: str
    steps: tuple[str, ...]
    kinds: tuple[str, ...] = ()


COURSES: tuple[Course, ...] = (
    Course("结算", ("settle",)),
    Course("反复预结算后结算", ("presettle", "presettle", "settle")),
    Course("结算后撤销、退号", ("settle", "cancel", "withdraw"), ("2208", "2208", "2205", "2202")),
    Course("撤销后重新结算", ("settle", "cancel", "settle"), ("2208", "2208")),
    Course("结算报文重复发送", ("settle", "repeat")),
    Course("换报文号再次结算", ("settle", "second")),
    Course("冲正后重新结算", ("settle", "reverse", "settle"), ("2601",)),
    Course("冲正后退号", ("settle", "reverse", "withdraw"), ("2601", "2202")),
    Course("冲正没有发出的结算，再结算", ("phantom", "settle"), ("2601",)),
)
ALWAYS = ("1101", "2201", "2203", "2204", "2206", "2207", "2207", "2207")
"""What a fault may strike in every course; a settlement three times as often."""
STRUCK = 0.5
"""The part of the visits on which the network fails."""
TWICE_STRUCK = 0.4


@dataclass(frozen=True, slots=True)
class Cast:
    """Whom the hospital treats, for what, and what it prescribes."""

    people: tuple[Mapping[str, Any], ...]
    disease: Mapping[str, str]
    items: tuple[Mapping[str, str], ...]

    @classmethod
    def read(cls, data: Any, where: str) -> "Cast":
        """The cast that plain data spells. Raises BadInput."""
        try:
            people = tuple(
                {"certno": str(one["certno"]), "chronic": bool(one["chronic"])} for one in data["people"]
            )
            disease = {
                name: str(data["disease"][name]) for name in ("code", "name", "diagnosis", "diagnosis_name")
            }
            items = tuple({"code": str(one["code"]), "price": str(one["price"])} for one in data["items"])
            if not people or not items:
                raise ValueError("empty")
        except (LookupError, TypeError, ValueError):
            raise BadInput(
                file=where, why="应有 people（certno、chronic）、disease 和 items（code、price）"
            ) from None
        return cls(people, disease, items)


@dataclass(frozen=True, slots=True)
class Day:
    """The visits in the order in which they come, each with its course, and the faults of each."""

    visits: tuple[Mapping[str, Any], ...]
    faults: Mapping[str, Mapping[str, tuple[Fault, ...]]]


def plan_day(cast: Cast, visits: int, seed: int | None, name: str = "D") -> Day:
    """The same seed gives the same day. Without a seed nothing goes wrong; the visits are those of seed 0."""
    dice = random.Random(seed or 0)  # noqa: S311
    planned = tuple(_visit(cast, f"{name}{number:05d}", number, dice) for number in range(visits))
    faults: dict[str, Mapping[str, tuple[Fault, ...]]] = {}
    if seed is not None:
        for number, visit in enumerate(planned):
            struck = _faults(COURSES[visit["course"]], number, dice)
            if struck:
                faults[visit["id"]] = struck
    return Day(planned, faults)


def _visit(cast: Cast, identifier: str, number: int, dice: random.Random) -> dict[str, Any]:
    person = cast.people[number % len(cast.people)]
    chronic = person["chronic"] and dice.random() < 0.7
    course = number % len(COURSES) if number < len(COURSES) else dice.randrange(len(COURSES))
    items = dice.sample(cast.items, dice.randint(1, min(3, len(cast.items))))
    return {
        "id": identifier,
        "certno": person["certno"],
        "med_type": "14" if chronic else "11",
        "disease": cast.disease["code"] if chronic else "",
        "disease_name": cast.disease["name"] if chronic else "",
        "diagnosis": cast.disease["diagnosis"],
        "diagnosis_name": cast.disease["diagnosis_name"],
        "invoice": f"INV{identifier}",
        "lines": [_line(serial, item, dice.randint(1, 3)) for serial, item in enumerate(items, start=1)],
        "course": course,
        "steps": list(COURSES[course].steps),
    }


def _line(serial: int, item: Mapping[str, str], quantity: int) -> dict[str, Any]:
    amount = f"{quantity * Decimal(item['price']):.2f}"
    return {
        "serial": str(serial),
        "code": item["code"],
        "quantity": quantity,
        "price": item["price"],
        "amount": amount,
    }


def _faults(course: Course, number: int, dice: random.Random) -> dict[str, tuple[Fault, ...]]:
    """What goes wrong on one visit. On the first visits every fault strikes a settlement once."""
    every = list(Fault)
    if number < len(every):
        return {"2207": (every[number],)}
    if dice.random() >= STRUCK:
        return {}
    kinds = dice.sample((*ALWAYS, *course.kinds), 2 if dice.random() < TWICE_STRUCK else 1)
    return {
        kind: tuple(dice.choices(every, k=2 if dice.random() < TWICE_STRUCK else 1))
        for kind in dict.fromkeys(kinds)
    }


def finished(record: VisitRecord) -> bool:
    """Whether a visit's course is done, or was given up for a person to look at."""
    return record.step >= len(record.data["steps"]) or record.state is VisitState.DISPUTED


def play(folder: Path, day: Day, cashiers: int, tell: Callable[[int], None]) -> int:
    """Let the counters work through the day; `tell` hears how many visits are done. Returns how often a client was killed.

    The folder holds the configuration. Raises CounterFailed.
    """
    journal = Journal(str(folder / "his.sqlite3"))
    for visit in day.visits:
        journal.add_visit(visit["id"], visit)
    (folder / PLAN).write_text(_plan_text(day, cashiers), encoding="utf-8")
    running = {number: _start(folder, number) for number in range(cashiers)}
    kills = 0
    try:
        while running:
            time.sleep(LOOK_S)
            tell(sum(finished(record) for record in _records(journal, day)))
            for number, process in list(running.items()):
                kills += _look_after(folder, running, number, process)
    finally:
        for process in running.values():
            process.kill()
            process.communicate()
        journal.close()
    return kills


def _look_after(
    folder: Path, running: dict[int, "subprocess.Popen[str]"], number: int, process: "subprocess.Popen[str]"
) -> bool:
    """Start a counter again that was killed, and let one go that is done. Whether it was killed."""
    status = process.poll()
    if status is None:
        return False
    said = _last(process)
    if status == -signal.SIGKILL:
        running[number] = _start(folder, number)
        return True
    del running[number]
    if status:
        raise CounterFailed(number=number, why=said or f"退出码 {status}", folder=folder)
    return False


def _last(process: "subprocess.Popen[str]") -> str:
    """The last line that a process which has ended wrote on standard error."""
    lines = process.communicate()[1].strip().splitlines()
    return lines[-1] if lines else ""


def _records(journal: Journal, day: Day) -> list[VisitRecord]:
    wanted = {visit["id"] for visit in day.visits}
    return [record for record in journal.visits() if record.number in wanted]


def _start(folder: Path, number: int) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "yidi.his.cashier", str(folder), str(number)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def _plan_text(day: Day, cashiers: int) -> str:
    visits = [visit["id"] for visit in day.visits]
    return json.dumps({"cashiers": cashiers, "visits": visits, "faults": day.faults}, ensure_ascii=False)


def read_plan(folder: Path) -> tuple[int, Sequence[str], dict[str, dict[str, tuple[Fault, ...]]]]:
    """Cashiers, visits and faults of the day in that folder."""
    data = json.loads((folder / PLAN).read_text(encoding="utf-8"))
    faults = {
        visit: {kind: tuple(map(Fault, struck)) for kind, struck in kinds.items()}
        for visit, kinds in data["faults"].items()
    }
    return data["cashiers"], data["visits"], faults


def unfinished(journal: Journal, day: Day) -> list[VisitRecord]:
    """The visits that did not come to the end of their course, or not as it says."""
    return [
        record
        for record in _records(journal, day)
        if record.step < len(record.data["steps"]) or record.state is not ENDS[record.data["steps"][-1]]
    ]


ENDS: Mapping[str, VisitState] = {
    "settle": VisitState.SETTLED,
    "repeat": VisitState.SETTLED,
    "second": VisitState.SETTLED,
    "withdraw": VisitState.WITHDRAWN,
}
"""Last step of a course → the state in which it leaves a visit."""


def struck(day: Day) -> Counter[Fault]:
    """How often each fault is planned."""
    return Counter(fault for kinds in day.faults.values() for faults in kinds.values() for fault in faults)
