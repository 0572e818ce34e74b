"""`make bench`: every measure in one run, printed as ratios.

`python -m benchmarks batch` takes the batches alone, `python -m benchmarks nation` a whole nation's year, on request only.
"""

import os
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from benchmarks import engine, nation, startup
from benchmarks.batch import command
from benchmarks.batch.peers import PEERS
from benchmarks.batch.race import Pace

VISITS = 100_000
"""Of the batches, where nothing else is said: enough to tell the peers apart, done within a minute."""
LONGEST = 0.6
"""Seconds that a peer of the batches runs before it has run enough, where nothing else is said."""


@click.group(invoke_without_command=True)
@click.pass_context
def main(context: click.Context) -> None:
    """Measures of this engine beside its peers; all of them where none is named."""
    if context.invoked_subcommand is not None:
        return
    console = Console(width=110)
    _engine(console)
    _startup(console)
    command.run(console, VISITS, Pace(seconds=LONGEST))
    console.print("The gateway is measured by `make bench-gateway`.")


@main.command()
@click.option("--visits", type=float, default=VISITS, show_default=True, help="How many, such as 1e7.")
@click.option(
    "--kind", "kinds", type=click.Choice(command.KINDS), multiple=True, help="One comparison instead of both."
)
@click.option("--only", type=click.Choice(sorted(PEERS)), multiple=True, help="These peers, and the oracle.")
@click.option("--rounds", default=Pace.rounds, show_default=True, help="Timed runs of each peer, at most.")
@click.option(
    "--seconds", default=LONGEST, show_default=True, help="No further run of a peer that ran for so long."
)
@click.option(
    "--patience",
    default=Pace.patience,
    show_default=True,
    help="Seconds to wait before each run, at most, for others to leave the machine alone.",
)
@click.option("--publish", is_flag=True, help="Write the page of results, docs/benchmarks.md.")
@click.option(
    "--to", type=click.Path(dir_okay=False, path_type=Path), default=command.PAGE, help="That page elsewhere."
)
def batch(
    visits: float,
    kinds: tuple[str, ...],
    only: tuple[str, ...],
    rounds: int,
    seconds: float,
    patience: float,
    publish: bool,
    to: Path,
) -> None:
    """Many visits at once, by this engine and by other means."""
    pace = Pace(rounds, seconds, patience)
    command.run(Console(), int(visits), pace, kinds or command.KINDS, only, to if publish else None)


@main.command(name="nation")
@click.option("--visits", type=float, default=nation.NATION, show_default=True, help="How many, such as 3e6.")
@click.option("--workers", default=nation.WORKERS, show_default=True, help="Threads of each step.")
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Keep visits and results there; a temporary folder otherwise. A whole year takes about 8 GB.",
)
@click.option("--publish", is_flag=True, help="Put the results on the page docs/benchmarks.md.")
@click.option(
    "--to", type=click.Path(dir_okay=False, path_type=Path), default=command.PAGE, help="That page elsewhere."
)
def nations_year(visits: float, workers: int, folder: Path | None, publish: bool, to: Path) -> None:
    """A nation's year of visits, Parquet to Parquet: generated, then settled."""
    nation.measure(Console(), int(visits), workers, folder, to if publish else None)


@main.command(name="gateway")
@click.option("--clients", multiple=True, type=int, default=(1, 4, 16, 64), show_default=True)
@click.option("--settlements", default=600, show_default=True, help="Of each measure of settlements alone.")
@click.option("--seconds", default=8.0, show_default=True, help="Of each measure of whole visits.")
@click.option("--minutes", default=0.0, show_default=True, help="Of a long run that watches the memory.")
@click.option("--publish", is_flag=True, help="Write the page of results.")
@click.option(
    "--to", type=click.Path(dir_okay=False, path_type=Path), default=Path("docs/benchmarks-gateway.md")
)
def hospitals(
    clients: tuple[int, ...], settlements: int, seconds: float, minutes: float, publish: bool, to: Path
) -> None:
    """Hospitals' messages over HTTP, beside pgbench; needs a PostgreSQL in DATABASE_URL."""
    from benchmarks.gateway import report
    from benchmarks.gateway.measure import measure

    if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        raise click.UsageError("No PostgreSQL (DATABASE_URL): `make bench-gateway` starts one.")
    results = measure(Console(width=200), clients, settlements, seconds, minutes)
    click.echo("\n".join(report.body(results)))
    if publish:
        to.write_text(report.page(results), encoding="utf-8")


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


if __name__ == "__main__":
    main()
