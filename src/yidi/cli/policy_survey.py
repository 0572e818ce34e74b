"""yidi policy coverage | conflicts | stale"""

import sys
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table
from rich.text import Text

from yidi.cli.policy_errors import UnknownConflict
from yidi.cli.policy_options import (
    day,
    folder_option,
    format_option,
    known_option,
    on_option,
    put_out,
    relative,
    rules,
    said_known,
    say,
)
from yidi.cli.policy_text import MARK
from yidi.policy.lookup import matter_of
from yidi.policy.survey import Coverage, Place, contested, stale
from yidi.policy.survey import coverage as covered
from yidi.reference import regions
from yidi.values.terms import Scheme

SHORT = {
    "general-outpatient": "门诊",
    "chronic-disease": "慢特",
    "inpatient": "住院",
    "two-diseases": "两病",
    "dual-channel": "双通",
    "large-sum": "大额",
    "serious-illness": "大病",
    "civil-servant": "公补",
    "medical-aid": "救助",
    "filing": "备案",
    "account": "账户",
    "cover": "参保",
}
"""The matters that the table has a column for, in two characters; the others show with --format."""

MARKS = {"partly": "+", "unverified": "?", "named": "*", "missing": "缺", "none": "·"}
LEGEND = (
    "字母＝已采用规则全部作答，所据来源的等级；+＝部分作答；?＝只有未核实（C、R 级）的，供测算；"
    "*＝只有须按名调用的口径；缺＝有规则而缺参数；·＝没有规则。"
)
STATES = {
    "adopted": "全部作答",
    "partly": "部分作答",
    "unverified": "仅未核实",
    "named": "须按名调用",
    "missing": "缺参数",
    "none": "没有规则",
}


@click.command(
    help="各统筹区 × 险种 × 待遇：已采用的规则答到什么程度、依据哪一级来源；只有未核实的；还是缺哪个参数。"
    "逐项向引擎提问得出。写 POOL（可几个）只看这些统筹区，并列出缺什么。"
)
@click.argument("pools", nargs=-1, metavar="[POOL]...")
@on_option()
@known_option
@format_option
@folder_option
def coverage(
    pools: tuple[str, ...], on: datetime | None, known_on: datetime | None, form: str, folder: Path | None
) -> None:
    homes = tuple(regions.pool_of(pool) for pool in pools)
    found = covered(rules(folder, known_on), day(on), homes)
    if form != "table":
        known = {"known_on": str(known_on.date()) if known_on else ""}
        put_out([_row(item) | known for item in found if homes or item.state != "none"], form)
        return
    console = Console()
    if known_on:
        say(console, said_known(known_on))
    _print_matrix(console, found)
    say(console, LEGEND)
    counts = {state: sum(item.state == state for item in found) for state in STATES}
    said = "，".join(f"{STATES[state]} {count}" for state, count in counts.items() if state != "none")
    say(console, f"{len(found)} 格：{said}。")
    for item in found if homes else ():
        _print_missing(console, item)


def _row(item: Coverage) -> dict[str, Any]:
    return {
        "pool": item.pool,
        "region": regions.full_name(item.pool),
        "scheme": str(item.scheme),
        "matter": item.matter,
        "state": item.state,
        "asked": item.asked,
        "adopted": item.adopted,
        "unverified": item.unverified,
        "named": item.named,
        "grades": list(item.grades),
        "unverified_grades": list(item.unverified_grades),
        "readings": list(item.readings),
        "missing": list(item.missing),
    }


def _print_matrix(console: Console, found: Iterable[Coverage]) -> None:
    table = Table(box=SIMPLE, padding=(0, 0), show_edge=False)
    table.add_column("地区", no_wrap=True)
    table.add_column("险种", no_wrap=True)
    for name in SHORT.values():
        table.add_column(name, justify="center", no_wrap=True)
    cells: dict[tuple[str, Scheme], dict[str, str]] = {}
    for item in found:
        cells.setdefault((item.pool, item.scheme), {})[item.matter] = _mark(item)
    for (pool, scheme), marks in cells.items():
        name = regions.full_name(pool)
        table.add_row(_short(name), scheme.zh[:2], *(marks.get(matter, "") for matter in SHORT))
    console.print(table)


def _short(name: str) -> str:
    """A region's own name, without its province's, in at most five characters."""
    own = name.split("省")[-1].split("自治区")[-1] or name
    return own if len(own) <= 5 else own[:5]


def _mark(item: Coverage) -> str:
    grades = "".join(item.grades)
    if item.state == "adopted":
        return grades
    return grades + MARKS[item.state] if item.state == "partly" else MARKS[item.state]


def _print_missing(console: Console, item: Coverage) -> None:
    if item.state in ("none", "adopted"):
        return
    about = f"{regions.full_name(item.pool)}{item.scheme.zh}{matter_of(item.matter).zh}"
    told = f"{about}：{STATES[item.state]}（{item.asked} 问，已采用 {item.adopted}"
    told += f"，未核实 {item.unverified}" if item.unverified else ""
    told += f"，按名 {item.named}（{'、'.join(item.readings)}）" if item.named else ""
    say(console, f"{told}）；缺 {'、'.join(item.missing)}。")


@click.command(
    help="来源之间的分歧（conflicts.yaml），以及每项分歧涉及的规则：统筹区、险种、待遇、规则、口径、文件与行号。"
    "写 ID（如 E-01）只看一项。"
)
@click.argument("names", nargs=-1, metavar="[ID]...")
@format_option
@folder_option
def conflicts(names: tuple[str, ...], form: str, folder: Path | None) -> None:
    book = rules(folder)
    every = contested(book)
    for name in names:
        if name not in every:
            raise UnknownConflict(name=name, known="、".join(every))
    found = {name: places for name, places in every.items() if not names or name in names}
    if form != "table":
        rows = [
            {"conflict": name, "zh": book.conflicts[name].zh, "en": book.conflicts[name].en, **_place(place)}
            for name, places in found.items()
            for place in places or (None,)
        ]
        put_out(rows, form)
        return
    console = Console()
    for name, places in found.items():
        console.print(Text(name, style="bold"), Text(f"涉及规则 {len(places)} 条"))
        say(console, book.conflicts[name].zh, 2)
        for place in places:
            say(console, f"· {_said(place)}", 4)


PLACE = ("pool", "scheme", "matter", "rule", "reading", "adopted", "unverified", "file", "line")
"""What is said of where a rule stands."""


def _place(place: Place | None) -> dict[str, Any]:
    if place is None:
        return dict.fromkeys(PLACE, "")
    return {name: getattr(place, name) for name in PLACE} | {"file": str(relative(place.file))}


def _said(place: Place) -> str:
    scheme = "两险种" if place.scheme == "all" else Scheme(place.scheme).zh
    adopted = "已采用" if place.adopted else "未采用"
    mark = MARK if place.unverified else ""
    return (
        f"{mark}{regions.full_name(place.pool)} {scheme}{matter_of(place.matter).zh}：{place.rule}"
        f"（口径 {place.reading}，{adopted}）{relative(place.file)}:{place.line}"
    )


@click.command(
    "stale", help="超过 N 天没有核对的来源，按规则包、文件与行号列出，最久的在前。有则退出码 1，没有则 0。"
)
@click.option("--days", type=click.IntRange(min=0), default=180, show_default=True, help="多少天算久。")
@on_option("--as-of", "截至哪一天，默认今天。")
@format_option
@folder_option
def stale_sources(days: int, as_of: datetime | None, form: str, folder: Path | None) -> None:
    found = stale(rules(folder), day(as_of), days)
    if form != "table":
        rows = [
            {
                **_place(item.place),
                "source": item.source,
                "grade": item.grade,
                "checked": item.checked,
                "days": item.days,
            }
            for item in found
        ]
        put_out(rows, form)
    else:
        console = Console()
        for item in found:
            place = item.place
            scheme = "两险种" if place.scheme == "all" else Scheme(place.scheme).zh
            say(console, f"{item.checked}（{item.days} 天）{item.source} {item.grade} 级")
            say(console, f"{relative(place.file)}:{place.line}", 2)
            say(
                console,
                f"{regions.full_name(place.pool)} {scheme}{matter_of(place.matter).zh} {place.rule}",
                2,
            )
        click.echo(
            f"{len(found)} 处来源超过 {days} 天没有核对。" if found else f"没有超过 {days} 天未核对的来源。"
        )
    sys.exit(1 if found else 0)
