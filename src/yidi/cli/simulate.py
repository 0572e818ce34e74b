"""yidi simulate"""

import json
import resource
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.table import Table

from yidi.cli.progress import ProgressBar
from yidi.values.money import yuan_text

if TYPE_CHECKING:
    from yidi.simulation.stream import Run
    from yidi.simulation.sums import Sums

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
REASONS_SHOWN = 10
SIDES = (("base", "现行规则"), ("reform", "比较规则"))
HELP = """按规则库批量结算 VISITS（一个就诊文件，或存放就诊文件的文件夹），逐次写出结果与汇总。

就诊文件是按 person、day、serial 排好序的 Parquet 文件，列与单位见 yidi generate visits 所生成的文件。
结果写在输出文件夹的 results/ 下，与就诊文件逐个对应；中断之后可用 --resume 接着算。"""


@click.command(help=HELP)
@click.argument("visits", type=click.Path(exists=True, path_type=Path))
@click.option("--rules", type=FOLDER, help="规则目录，默认随附的规则库。")
@click.option("--against", type=FOLDER, help="与之比较的规则目录（改革方案）。")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="输出文件夹，须为空或尚不存在。")
@click.option("--unverified", is_flag=True, help="没有已采用的规则时，按未核实的口径估算。")
@click.option("--reading", default="", help="按某一口径（见 yidi policy regions）而不是已采用的口径计算。")
@click.option("--workers", type=click.IntRange(min=1), default=2, help="线程数，默认 2。")
@click.option("--resume", is_flag=True, help="接着上次没有算完的继续；规则或就诊文件变了则拒绝。")
@click.option("--results-only", is_flag=True, help="只写逐次结果，不作汇总，没有报告：更快。")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出汇总，金额单位为元。")
def simulate(
    visits: Path,
    rules: Path | None,
    against: Path | None,
    out: Path,
    unverified: bool,
    reading: str,
    workers: int,
    resume: bool,
    results_only: bool,
    as_json: bool,
) -> None:
    from yidi.simulation import need_batch

    started = time.perf_counter()
    need_batch()
    from yidi.policy.book import book, load
    from yidi.simulation.rules import Rules
    from yidi.simulation.stream import simulate as settle

    chosen = Rules(load(rules) if rules else book(), load(against) if against else None, reading, unverified)
    with ProgressBar("结算") as bar:
        run = settle(visits, chosen, out, workers, resume, bar, not results_only)
    summary: dict[str, Any] = {"visits": run.plan.rows}
    if not results_only:
        sums = run.sums()
        write_report(run, sums)
        summary |= summary_of(run, sums)
    summary |= speed_of(bar.done, time.perf_counter() - started)
    if as_json:
        click.echo(json.dumps(summary, ensure_ascii=False))
        return
    if not results_only:
        _print(summary)
    _print_speed(summary, out, results_only)


def write_report(run: "Run", sums: "Sums") -> None:
    """Write the page that shows what the run came to, with all figures beside it."""
    from yidi.simulation.about import About
    from yidi.simulation.report import write

    write(sums, run.folder, About.of_run(run.manifest, run.plan.about))


def summary_of(run: "Run", sums: "Sums") -> dict[str, Any]:
    """What a run came to, amounts in yuan as text."""
    sides = [side for side, _ in SIDES[: len(run.tables)]]
    counted = {
        side: {
            "fund": yuan_text(int(sums.cells[f"{side}.fund"].sum())),
            "layers": yuan_text(int(sums.cells[f"{side}.layers"].sum())),
            "refused": int(sums.cells[f"{side}.refused"].sum()),
            "reasons": _reasons(sums, place),
        }
        for place, side in enumerate(sides)
    }
    return {
        "people": sums.people,
        "total": yuan_text(sums.total),
        "sides": counted,
    }


def speed_of(settled: int, seconds: float) -> dict[str, Any]:
    """How fast it was. `settled` = visits of this time, where the run went on with another."""
    return {
        "settled_now": settled,
        "seconds": round(seconds, 1),
        "visits_per_second": round(settled / seconds) if seconds else 0,
        "peak_mib": _peak_mib(),
    }


def _reasons(sums: "Sums", side: int) -> dict[str, int]:
    """How many visits were refused, by code, the most frequent first."""
    mine = sums.refused["side"] == side
    found: dict[str, int] = {}
    for number, count in zip(sums.refused["reason"][mine], sums.refused["visits"][mine], strict=True):
        code = sums.reasons[number].code
        found[code] = found.get(code, 0) + int(count)
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def _peak_mib() -> int:
    """The most memory that this process held at any time."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak >> 20 if sys.platform == "darwin" else peak >> 10


def _print(summary: dict[str, Any]) -> None:
    from yidi.simulation.figures import refused_as

    console = Console()
    table = Table("项目", *(SIDES[place][1] for place in range(len(summary["sides"]))))
    sides = list(summary["sides"].values())
    table.add_row("基本统筹基金（元）", *(side["fund"] for side in sides))
    table.add_row("其他基金（元）", *(side["layers"] for side in sides))
    table.add_row("不能结算（次）", *(f"{side['refused']:,}" for side in sides))
    codes = list(dict.fromkeys(code for side in sides for code in side["reasons"]))
    for code in codes[:REASONS_SHOWN]:
        named = "　" + " ".join(part for part in refused_as(code) if part)
        table.add_row(named, *(f"{side['reasons'].get(code, 0):,}" for side in sides))
    console.print(f"就诊 {summary['visits']:,} 次，{summary['people']:,} 人，总费用 {summary['total']} 元。")
    console.print(table)


def _print_speed(summary: dict[str, Any], out: Path, results_only: bool) -> None:
    report = "" if results_only else "，报告是其中的 report.html"
    Console().print(
        f"本次结算 {summary['settled_now']:,} 次，用时 {summary['seconds']} 秒，"
        f"每秒 {summary['visits_per_second']:,} 次，内存最多 {summary['peak_mib']:,} MiB。结果写在 {out}{report}。"
    )
