"""One counter of a scripted day: a process of its own, which may be killed at any time and goes on where it was.

    python -m yidi.his.cashier FOLDER NUMBER

Every second counter plays a system whose vendor does not resend: after a time-out it asks (5203) and reverses (2601).
"""

import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from yidi.his.config import Config, Dialect, Operator, read_config
from yidi.his.connection import Connection
from yidi.his.day import CONFIG, finished, read_plan
from yidi.his.errors import Refused, StillUnknown, WrongReply, WrongState
from yidi.his.faults import FaultyTransport
from yidi.his.hospital import Hospital
from yidi.his.journal import Journal

PASSES = 3
"""How often a counter comes back to the visits that it could not finish."""

STEPS: Mapping[str, Callable[[Hospital, str], object]] = {
    "presettle": Hospital.presettle,
    "settle": Hospital.settle,
    "cancel": Hospital.cancel,
    "withdraw": Hospital.withdraw,
    "reverse": Hospital.reverse,
    "repeat": Hospital.repeat,
    "second": Hospital.settle_twice,
    "phantom": Hospital.reverse_unsent,
}


def attend(hospital: Hospital, number: str) -> None:
    """Go on with a visit's course. What cannot be known now is left for the next pass; a refusal is left for a person."""
    journal = hospital.journal
    record = journal.visit(number)
    for step in range(record.step, len(record.data["steps"])):
        try:
            STEPS[record.data["steps"][step]](hospital, number)
        except StillUnknown:
            return
        except (Refused, WrongReply, WrongState) as error:
            hospital.dispute(number, str(error))
            return
        journal.change_visit(number, step=step + 1)


def counter_config(config: Config, number: int) -> Config:
    """The configuration of that counter: an operator and habits of its own."""
    operator = Operator(number=f"{number + 1:03d}", name=f"{number + 1} 号窗口")
    dialect: Dialect = config.dialect.model_copy(update={"replays": number % 2 == 0})
    return config.model_copy(update={"dialect": dialect, "operator": operator})


def main() -> None:
    """Attend to this counter's share of the day."""
    folder, number = Path(sys.argv[1]), int(sys.argv[2])
    cashiers, visits, faults = read_plan(folder)
    config = counter_config(read_config(folder / CONFIG), number)
    journal = Journal(config.journal)
    with Hospital(config, journal, FaultyTransport(Connection(config), faults, journal)) as hospital:
        _patiently(hospital.sign_in)
        for _ in range(PASSES):
            for visit in visits[number::cashiers]:
                if not finished(journal.visit(visit)):
                    attend(hospital, visit)
        _patiently(hospital.sign_out)


def _patiently(sign: Callable[[], None]) -> None:
    """Sign in or out; where the centre does not answer at all, the counter works on without."""
    for _ in range(PASSES):
        with suppress(StillUnknown):
            return sign()


if __name__ == "__main__":
    main()
