"""What the commands about rules share: which rule book, which day, and how a list is put out."""

import csv
import io
import json
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from yidi.cli.policy_errors import NothingKnown, NotYetKnown
from yidi.policy.book import RuleBook, book, load
from yidi.policy.forms import FIRST_YEAR, LAST_YEAR

FORMATS = ("table", "csv", "json")

folder_option = click.option(
    "--folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="另一个规则目录，默认为随包的 policies/。",
)
format_option = click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default="table",
    show_default=True,
    help="输出：表格、CSV 或 JSON。",
)


class Day(click.DateTime):
    """A day in a year of which rules may speak."""

    def __init__(self) -> None:
        super().__init__(["%Y-%m-%d"])

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The day as a moment. Raises click.BadParameter."""
        given = super().convert(value, param, ctx)
        if not FIRST_YEAR <= given.year <= LAST_YEAR:
            self.fail(f"“{value}”的年份不在 {FIRST_YEAR} 至 {LAST_YEAR} 之间", param, ctx)
        return given


def on_option(name: str = "--on", text: str = "就医日期，默认今天。") -> Any:
    """An option for a day."""
    return click.option(name, type=Day(), help=text)


known_option = on_option(
    "--known-on", "只用截至这一天已经能知道的规则：来源当时还没有发布、也没有核对过的不用。默认不限。"
)


def rules(folder: Path | None, known_on: datetime | None = None) -> RuleBook:
    """The rule book of a folder, or the shipped one, as far as it was known on a day.

    Raises PackProblem, NotYetKnown, NothingKnown.
    """
    return as_known(load(folder) if folder else book(), known_on)


def as_known(whole: RuleBook, known_on: datetime | None) -> RuleBook:
    """A rule book as far as it was known on a day, where one is given. Raises NotYetKnown, NothingKnown."""
    if known_on is None:
        return whole
    on, today = known_on.date(), day(None)
    if on > today:
        raise NotYetKnown(on=on, today=today)
    left = whole.as_known_on(on)
    if whole.packs and not left.packs:
        raise NothingKnown(on=on, first=whole.first_known())
    return left


def said_known(known_on: datetime | None) -> str:
    """The day on which the rules were known, for a heading; empty where none is given."""
    return f"（只用 {known_on.date()} 已经能知道的规则）" if known_on else ""


def day(given: datetime | None) -> date:
    """The day given, or today."""
    return given.date() if given else datetime.now().astimezone().date()


def put_out(rows: Sequence[Mapping[str, Any]], form: str) -> None:
    """Rows as CSV with a heading, or as JSON."""
    if form == "json":
        click.echo(json.dumps(list(rows), ensure_ascii=False, indent=1, default=str))
        return
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]) if rows else [], lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: _cell(value) for name, value in row.items()})
    click.echo(text.getvalue(), nl=False)


def _cell(value: Any) -> Any:
    return " ".join(map(str, value)) if isinstance(value, list | tuple) else value


def relative(path: Path) -> Path:
    """A path as short as the working directory allows."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def say(console: Console, text: str, indent: int = 0, style: str = "") -> None:
    """A line of text, wrapped under itself where the terminal ends: between Chinese characters, not inside words."""
    for line in wrapped(text, console.width - indent):
        console.print(Text(" " * indent + line, style=style), no_wrap=True, crop=False)


_PIECES = re.compile(r"[\x21-\x7e]+|.", re.DOTALL)
_CLOSING = "，。；：、）”’》〕！？·%"
"""Never at the beginning of a line."""
_OPENING = "（“‘《〔"
"""Never at the end of a line."""


def wrapped(text: str, width: int) -> list[str]:
    """A text in lines of at most `width` columns.

    >>> wrapped("起付线（年度）300 元", 14)
    ['起付线（年度）', '300 元']
    """
    lines: list[list[str]] = [[]]
    for piece in _PIECES.findall(text):
        if cell_len("".join(lines[-1])) + cell_len(piece) > width and lines[-1]:
            lines.append(_carried(lines[-1], piece))
        if piece != " " or lines[-1]:
            lines[-1].append(piece)
    return ["".join(line).rstrip() for line in lines]


def _carried(line: list[str], piece: str) -> list[str]:
    """What must leave a full line together with the next piece."""
    carried: list[str] = []
    while len(line) > 1 and (line[-1] in _OPENING or (carried or [piece])[0] in _CLOSING):
        carried.insert(0, line.pop())
    return carried
