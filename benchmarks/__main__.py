"""`make bench`: every measure in one run, printed as ratios."""

import os

from rich.console import Console
from rich.table import Table

from benchmarks import engine, startup


def main() -> None:
    console = Console(width=110)
    _engine(console)
    _startup(console)
    if os.environ.get("DATABASE_URL", "").startswith("postgres"):
        from benchmarks import gateway

        _gateway(console, gateway.measure(console))
    else:
        console.print("No PostgreSQL (DATABASE_URL): the gateway was not measured. `make bench` starts one.")


def _engine(console: Console) -> None:
    times = engine.measure()
    table = Table(title="One case in plain Python (best of rounds)")
    table.add_column("call")
    table.add_column("µs", justify="right")
    table.add_column("× adjudicate", justify="right")
    for name, micros in times.items():
        table.add_row(name, f"{micros:.1f}", f"{micros / times['adjudicate']:.2f}")
    console.print(table)


def _startup(console: Console) -> None:
    times = startup.measure()
    base = times["python -c pass"]
    table = Table(title="Cold start of a process (median)")
    table.add_column("process")
    table.add_column("ms", justify="right")
    table.add_column("× bare interpreter", justify="right")
    for name, millis in times.items():
        table.add_row(name, f"{millis:.0f}", f"{millis / base:.1f}")
    console.print(table)


def _gateway(console: Console, rounds: "list[tuple[int, float, float]]") -> None:
    table = Table(
        title="2207A over HTTP on PostgreSQL beside pgbench -N (simple-update, prepared), same clients"
    )
    for name in ("clients", "settlements/s", "pgbench tx/s", "ratio"):
        table.add_column(name, justify="right")
    for clients, settlements, transactions in rounds:
        ratio = settlements / transactions
        table.add_row(str(clients), f"{settlements:.0f}", f"{transactions:.0f}", f"{ratio:.3f}")
    console.print(table)


if __name__ == "__main__":
    main()
