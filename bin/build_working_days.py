#!/usr/bin/env python3
"""Builds reference/working_days.csv: the days on which the State Council's yearly notices depart from the week.

    bin/build_working_days.py            writes the file
    bin/build_working_days.py --check    exit status 1 if it is not what would be written

The notices' days are taken from the package chinesecalendar (MIT).
"""

import csv
import io
import sys
from pathlib import Path

from chinese_calendar.constants import Holiday, holidays, workdays

FILE = Path(__file__).resolve().parents[1] / "reference" / "working_days.csv"
SINCE = 2020
NAMES = {holiday.value: holiday.chinese for holiday in Holiday}


def text() -> str:
    """The file's text: off days of holidays and working days that make up for them, in order."""
    rows = [(day, "off", name) for day, name in holidays.items()]
    rows += [(day, "work", name) for day, name in workdays.items()]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("day", "kind", "holiday"))
    writer.writerows((day, kind, NAMES[name]) for day, kind, name in sorted(rows) if day.year >= SINCE)
    return out.getvalue()


def main(arguments: list[str]) -> int:
    """Writes or checks the file; the exit status is 1 where the check fails."""
    if arguments not in ([], ["--check"]):
        print(__doc__, file=sys.stderr)
        return 2
    wanted = text().encode()
    if not arguments:
        FILE.write_bytes(wanted)
    elif not FILE.exists() or FILE.read_bytes() != wanted:
        print(f"{FILE.name} differs from what bin/build_working_days.py writes", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
