"""The page of the results, docs/benchmarks-gateway.md, and the same for the terminal."""

import math
from collections.abc import Iterator, Sequence
from datetime import datetime

from benchmarks.batch.machine import machine
from benchmarks.gateway.measure import PACED, Measure, Results
from benchmarks.gateway.messages import CANCELLED_EVERY, LINES, QUERIED_EVERY

RATIO, P99_MS, GROWTH = 0.3, 100, 0.05
"""Goals: of pgbench's rate; milliseconds at half of saturation; how much memory may grow in a long run."""
WARM = 0.2
"""Of a long run, what its memory is not held to."""
TOP = f"""# 医院接口性能 · Gateway benchmarks

本页由 `make bench-gateway PUBLISH=1` 写成，请勿手改。服务端与 `yidi serve` 相同，PostgreSQL 每次提交都落盘；同一次运行中与
`pgbench -N`（simple-update，prepared，客户端数相同，前后各一次取平均）交替测量。

This page is written by `make bench-gateway PUBLISH=1`. Messages are real HTTP, signed, to a server as `yidi serve` runs
it, on a PostgreSQL whose commits reach the disk. In the same run, before and after, `pgbench -N` (simple-update,
prepared) with as many clients. Load, server and database share this machine's processors; what each of them spent is
told per settlement or visit, and says more than a rate where the machine is shared with others.

* *Settlements alone*: 2207A of visits of {LINES} fee lines that were brought so far before; every check, the decision,
  the books, the audit trail, the explanation in the reply.
* *Whole visits*: 1101, 2201, 2203A, 2204, 2206A, 2207A one after the other; one visit in {QUERIED_EVERY} asks for its
  settlement again (5203), one in {CANCELLED_EVERY} is taken back (2208). No statistics of a real day are public; these
  two shares are round figures.
"""


def page(results: Results) -> str:
    """The whole page."""
    facts = {"measured": f"{datetime.now().astimezone():%Y-%m-%d}", **machine()}
    told = ["", "| | |", "| --- | --- |", *(f"| {name} | {value} |" for name, value in facts.items())]
    return "\n".join([TOP, *told, "", *body(results)]) + "\n"


def body(results: Results) -> Iterator[str]:
    """The tables, as Markdown."""
    yield "## 单独结算 · Settlements alone\n"
    yield from _table("settlements/s", results.alone)
    yield "\n## 完整就诊 · Whole visits\n"
    yield from _table("visits/s", results.mixed)
    yield "\n| transaction | p50 ms | p95 ms | p99 ms |\n| --- | ---: | ---: | ---: |"
    yield from _by_transaction(results.mixed)
    if results.paced:
        yield f"\n## 半负荷 · Half of saturation\n\nSettlements at a fixed pace, {PACED} clients; latency counts from when"
        yield "a message was due.\n"
        yield from _table("settlements/s", [results.paced])
    if results.memory:
        yield "\n## 内存 · Memory of the server\n\n| minute | MiB |\n| ---: | ---: |"
        step = max(1, len(results.memory) // 10)
        yield from (f"| {minutes:.1f} | {size / 2**20:.1f} |" for minutes, size in results.memory[::step])
    yield "\n## 账目 · The books\n\n| | |\n| --- | ---: |"
    yield from (f"| {name} | {count} |" for name, count in results.books.items())
    yield f"| findings of `yidi audit` | {results.findings} |"
    yield "\n## 目标 · Goals\n\n| goal | reached | |\n| --- | --- | --- |"
    yield from (f"| {goal} | {reached} | {'yes' if met else 'no'} |" for goal, reached, met in goals(results))


def _table(unit: str, measures: Sequence[Measure]) -> Iterator[str]:
    yield (
        f"| clients | {unit} | messages/s | p50 ms | p95 ms | p99 ms | errors | pgbench tx/s | ratio"
        " | server CPU ms | database CPU ms | load CPU ms | machine load |"
    )
    yield "| ---: |" + " ---: |" * 12
    for item in measures:
        run, times = item.run, [each for several in item.run.latencies.values() for each in several]
        per = 1000 / max(1, len(run.settled))
        cells = (
            str(item.clients),
            f"{item.settled_per_s:.1f}",
            f"{run.messages / run.seconds:.0f}",
            *(f"{_percentile(times, share) * 1000:.1f}" for share in (0.5, 0.95, 0.99)),
            str(len(run.errors)),
            f"{item.pgbench:.0f}" if item.pgbench else "",
            f"{item.ratio:.3f}" if item.pgbench else "",
            *(f"{spent * per:.2f}" for spent in (item.spent.server, item.spent.database, run.processor_s)),
            f"{item.load:.1f}",
        )
        yield f"| {' | '.join(cells)} |"


def _by_transaction(measures: Sequence[Measure]) -> Iterator[str]:
    """Of the run with the fewest clients: what one message takes where nobody waits."""
    for infno, times in measures[0].run.latencies.items():
        told = " | ".join(f"{_percentile(times, share) * 1000:.1f}" for share in (0.5, 0.95, 0.99))
        yield f"| {infno} | {told} |"


def goals(results: Results) -> Iterator[tuple[str, str, bool]]:
    """(goal, what was reached, whether that is enough)"""
    for item in results.alone:
        yield (
            f"{RATIO} of pgbench, {item.clients} clients",
            f"{item.ratio:.3f}",
            item.ratio >= RATIO,
        )
    if results.paced:
        worst = _percentile(results.paced.run.latencies.get("2207A", []), 0.99) * 1000
        yield f"p99 below {P99_MS} ms at half of saturation", f"{worst:.1f} ms", worst < P99_MS
    if results.memory:
        minutes = results.memory[-1][0]
        warm = [size for passed, size in results.memory if passed >= WARM * minutes]
        growth = warm[-1] / warm[0] - 1
        yield f"flat memory over {minutes:.0f} minutes", f"{growth:+.1%} after warm-up", growth < GROWTH
    wrong = results.books["lost or changed"] + results.books["doubled"] + results.findings
    yield "nothing lost, nothing doubled, `yidi audit` accepts", str(wrong), wrong == 0


def _percentile(times: Sequence[float], share: float) -> float:
    """The time that so large a share of the messages did not exceed; 0 of none."""
    return sorted(times)[math.ceil(share * len(times)) - 1] if times else 0.0
