"""yidi generate visits"""

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from yidi.cli.progress import ProgressBar

if TYPE_CHECKING:
    from yidi.simulation.parameters import Parameter, Parameters

FIRST_YEAR, LAST_YEAR = 2000, 2098


@click.group(help="生成模拟数据。全部为合成，不含真实个人信息。")
def generate() -> None:
    pass


@generate.command(
    help="生成一年的跨省异地门诊就诊（合成），写成 Parquet 文件，供 yidi simulate 测算。"
    "\n\n规模与结构取自 reference/national_stats.csv；没有统计的参数是假定，用 --parameters 查看全部参数与出处。"
    "同样的种子与参数，得到同样的就诊，与文件数、线程数无关。"
)
@click.option("--year", type=click.IntRange(FIRST_YEAR, LAST_YEAR), required=True, help="就诊年份。")
@click.option("--people", type=click.IntRange(min=1), help="就诊人数；不写时由 --visits 推出。")
@click.option("--visits", type=click.IntRange(min=1), help="就诊次数，恰为此数；不写时由人均次数决定。")
@click.option("--seed", type=click.IntRange(min=0), default=0, help="随机种子，默认 0。")
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), help="写入的文件夹，须为空或尚不存在。"
)
@click.option("--parts", type=click.IntRange(min=1), help="文件数；不写时每个文件约二百万人。")
@click.option("--workers", type=click.IntRange(min=1), default=2, help="线程数，默认 2。")
@click.option("--answered-only", is_flag=True, help="只生成规则库能够作答的统筹区、待遇、级别与情形。")
@click.option("--unverified", is_flag=True, help="与 --answered-only 同用：未核实的口径也算能够作答。")
@click.option(
    "--rules",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="--answered-only 所依据的规则目录，默认随附的规则库。",
)
@click.option("--parameters", "only_parameters", is_flag=True, help="只列出全部参数及其出处，不生成。")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
def visits(
    year: int,
    people: int | None,
    visits: int | None,
    seed: int,
    out: Path | None,
    parts: int | None,
    workers: int,
    answered_only: bool,
    unverified: bool,
    folder: Path | None,
    only_parameters: bool,
    as_json: bool,
) -> None:
    from yidi.simulation.parameters import parameters

    chosen = parameters(year)
    if only_parameters:
        _print_parameters(chosen, as_json)
        return
    if out is None or (people is None and visits is None):
        raise click.UsageError("缺少 --out，或 --people 与 --visits 之一")
    from yidi.simulation import need_batch

    need_batch()
    from yidi.policy.book import book, load
    from yidi.simulation.generate import Wanted, generate

    if people is None:
        people = max(1, int((visits or 0) / chosen["visits.mean"]))
    wanted = Wanted(people, year, seed, visits, answered_only, unverified)
    about = visits or int(people * chosen["visits.mean"])
    started = time.perf_counter()
    with ProgressBar("生成就诊") as bar:
        bar.begin(about)
        written = generate(wanted, load(folder) if folder else book(), out, workers, parts, bar.advance)
    seconds = time.perf_counter() - started
    size = sum(path.stat().st_size for path in out.glob("*.parquet"))
    if as_json:
        click.echo(json.dumps({"visits": written, "people": people, "bytes": size}))
        return
    click.echo(
        f"已生成 {people:,} 人的 {written:,} 次就诊（合成数据），{size / 1e6:,.1f} MB，"
        f"用时 {seconds:.1f} 秒，写在 {out}。"
    )


def _print_parameters(chosen: "Parameters", as_json: bool) -> None:
    if as_json:
        rows = [
            {
                "name": row.name,
                "zh": row.zh,
                "value": str(row.value),
                "unit": row.unit,
                "source": row.source,
                "note": row.note,
            }
            for row in chosen.rows
        ]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    from yidi.simulation.parameters import UNITS

    sources = list(dict.fromkeys(item for row in chosen.rows for item in _addresses(row)))
    table = Table("参数", "含义", "值", "单位", "出处", "说明")
    for row in chosen.rows:
        cited = "".join(f"[{sources.index(item) + 1}]" for item in _addresses(row)) or "假定"
        table.add_row(row.name, row.zh, str(row.value), UNITS[row.unit], Text(cited), row.note)
    console = Console()
    console.print(table)
    for number, source in enumerate(sources, start=1):
        console.print(Text(f"[{number}] {source}"), soft_wrap=True)


def _addresses(row: "Parameter") -> list[str]:
    """The web addresses of a parameter's source; none where it is assumed."""
    return [item for item in row.source.split() if item.startswith("http")]
