"""The report: its figures add up, its page stands alone and can be read by eye, by ear, on a phone and on paper."""

import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from tests.simulation.tallying import PAID, SLOTS, Batch, Naive, Vocabulary, batches, made_up
from yidi.benefit.batch_walk import UNVERIFIED
from yidi.simulation.about import MADE_UP, REFORM, About, RuleSet, Stated, VisitFile
from yidi.simulation.charts import Bar, Chart, Piece, Row, Said
from yidi.simulation.page import page
from yidi.simulation.page_parts import Unit, amount, percent
from yidi.simulation.report import Report, json_text, write
from yidi.simulation.sums import SIDES, Sums
from yidi.simulation.tally import Tally
from yidi.values.money import parse_yuan, yuan_text

GOLDEN = Path(__file__).parent / "golden"
VOID = {"meta", "br", "img", "input", "link", "hr"}
ABOUT = About(
    base=RuleSet("a" * 64),
    reform=RuleSet("b" * 64, REFORM, unverified=True),
    synthetic=True,
    data=MADE_UP,
    parameters=(Stated("visits.mean", "每人平均就诊次数", "6 visits", "假定"),),
    files=(VisitFile("part-00000.parquet", 24, "c" * 64),),
    version="1.2.3",
)
ALONE = About(base=RuleSet("a" * 64))


def report_of(batch: Batch, sides: int = 2, about: About = ABOUT) -> Report:
    tally = Tally(*(Vocabulary() for _ in range(sides)))
    visits, results = batch.arrays(0, len(batch))
    tally.add(visits, *results[:sides], compiled=False)
    return Report.of(tally.sums(), about)


def written_out() -> Batch:
    """Two dozen visits without dice: eight people, three visits each."""
    rows = range(24)
    total = [(row * 7919 % 23 + 1) * 1_234 + row for row in rows]
    in_scope = [amount - amount // 7 for amount in total]
    visits = {
        "person": [row // 3 for row in rows],
        "day": [20_100 + row % 3 * 50 for row in rows],
        "pool": [(360100, 310000, 440300)[row // 3 % 3] for row in rows],
        "standing": [row // 3 % 5 for row in rows],
        "level": [row * 3 % 7 for row in rows],
        "situation": [row * 7 % 10 for row in rows],
        "slot": [row % len(SLOTS) for row in rows],
        "total": total,
        "in_scope": in_scope,
    }
    sides, layers = [], []
    for share in (55, 60):
        reason = [row % 11 == 5 for row in rows]
        paid = [0 if refused else scope for refused, scope in zip(reason, in_scope, strict=True)]
        fund = [
            (scope - scope // 5) * (share - (row % 4 == 3) * (share - 55) * 2) // 100
            for row, scope in enumerate(paid)
        ]
        layer = [scope // 50 * (row % 2) for row, scope in enumerate(paid)]
        sides.append(
            {
                "deductible": [scope // 5 for scope in paid],
                "fund": fund,
                "layers": layer,
                "upfront": [0 for _ in rows],
                "flags": [
                    (row % 6 == 1) + UNVERIFIED * (row // 3 == 2) if scope else 0
                    for row, scope in enumerate(paid)
                ],
                "reason": [int(refused) * (1 + row % 3) for row, refused in zip(rows, reason, strict=True)],
            }
        )
        layers.append([[0, part, 0, 0] for part in layer])
    assert all(set(side) == set(PAID) for side in sides)
    return Batch(visits, tuple(sides), tuple(layers))


# reading a page


@dataclass
class Node:
    name: str
    attributes: dict[str, str]
    children: "list[Node | str]" = field(default_factory=list)

    def text(self) -> str:
        return re.sub(r"\s+", " ", self.raw()).strip()

    def raw(self) -> str:
        return "".join(child if isinstance(child, str) else child.raw() for child in self.children)

    def all(self, *names: str) -> "Iterator[Node]":
        for child in self.children:
            if isinstance(child, Node):
                if child.name in names:
                    yield child
                yield from child.all(*names)


class Tree(HTMLParser):
    """Reads a page strictly: everything that is opened is closed, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Node("", {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs)
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_endtag(self, tag: str) -> None:
        assert tag not in VOID
        assert self.open.pop().name == tag

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def read(text: str) -> Node:
    tree = Tree()
    assert text.startswith("<!DOCTYPE html>\n")
    tree.feed(text)
    tree.close()
    assert tree.open == [tree.root]
    return tree.root


def cells(row: Node) -> list[str]:
    return [cell.text() for cell in row.all("th", "td")]


def outline(root: Node) -> str:
    """What the page says, without how it looks."""
    lines = []
    for node in root.all("h1", "h2", "h3", "p", "dt", "dd", "figcaption", "desc", "tr", "li", "text"):
        said = " | ".join(cells(node)) if node.name == "tr" else node.text()
        lines.append(f"{node.name}: {said}".rstrip())
    return "\n".join(lines) + "\n"


def number(text: str) -> Decimal | None:
    plain = text.replace(",", "").replace("−", "-").removeprefix("+")
    return Decimal(plain) if re.fullmatch(r"-?[0-9]+(\.[0-9]{2})?", plain) else None


# what it says


def test_the_report_of_a_few_visits(golden: Callable[[Path, str], None]) -> None:
    report = report_of(written_out())
    golden(GOLDEN / "report.json", json_text(report))
    golden(GOLDEN / "report.txt", outline(read(page(report))))


NOT_ADDED = ("人数", "基金占比", "变化比例", "范围", "比例")
"""Heads of columns whose numbers do not add up: people, shares."""


def check_tables(root: Node) -> int:
    """Every table with a total adds up, column by column; returns how many numbers were added."""
    added = 0
    for table in root.all("table"):
        feet = [cells(row) for foot in table.all("tfoot") for row in foot.all("tr")]
        if not feet:
            continue
        heads = cells([row for head in table.all("thead") for row in head.all("tr")][-1])
        rows = [cells(row) for body in table.all("tbody") for row in body.all("tr")]
        for column, total in enumerate(feet[0][1:], start=1):
            wanted = number(total)
            skipped = heads[column].startswith(NOT_ADDED) or "人数" in heads[column]
            if wanted is None or skipped:
                continue
            numbers = [number(row[column]) for row in rows]
            assert sum(item for item in numbers if item is not None) == wanted, (
                table.attributes,
                heads[column],
            )
            added += len(numbers)
    return added


@settings(max_examples=25)
@given(batches)
def test_tables_on_the_page_add_up(batch: Batch) -> None:
    root = read(page(report_of(batch)))
    assert check_tables(root) > 0 or not len(batch)


def test_long_tables_are_cut_and_still_add_up() -> None:
    batch = made_up(3, 400, people=150)
    pools = [100_000 + 7 * person for person in batch.visits["person"]]
    visits = {**batch.visits, "pool": [abs(pool) for pool in pools]}
    root = read(page(report_of(Batch(visits, batch.sides, batch.layers))))
    assert check_tables(root) > 1000
    assert "其余" in root.text()
    assert "全部统筹区与病种" in root.text()


@settings(max_examples=40)
@given(batches)
def test_lines_add_up_to_the_whole(batch: Batch) -> None:
    document = json.loads(json_text(report_of(batch)))

    def amounts(line: dict[str, Any]) -> dict[str, int]:
        found = {
            "visits": line["visits"],
            "total": parse_yuan(line["total"]),
            "in_scope": parse_yuan(line["in_scope"]),
        }
        for side, values in line["sides"].items():
            for name, value in values.items():
                if name != "share":
                    found[f"{side}.{name}"] = value if isinstance(value, int) else parse_yuan(value)
        return found

    whole = amounts(document["whole"])
    for side in SIDES if len(batch) else ():
        fund, layers, person = (whole[f"{side}.{name}"] for name in ("fund", "layers", "person"))
        assert fund + layers + person == whole[f"{side}.paid_total"]
        assert whole[f"{side}.paid_total"] + whole[f"{side}.refused_total"] == whole["total"]
        parts = ("outside", "upfront", "deductible", "own_share", "fund")
        assert sum(whole[f"{side}.{name}"] for name in parts) == whole[f"{side}.paid_total"]
        assert sum(item["visits"] for item in document["refused"][side]) == whole[f"{side}.refused"]
    for lines in document["lines"].values():
        sums = dict.fromkeys(whole, 0)
        for line in lines:
            sums = {name: sums[name] + value for name, value in amounts(line).items()}
        assert sums == whole


@settings(max_examples=60)
@given(batches)
def test_quantiles_and_tenths_are_those_of_the_years(batch: Batch) -> None:
    report, naive = report_of(batch), Naive(batch)
    for place, side in enumerate(SIDES):
        # The naive tally keeps bins too: what each year comes to is counted here from the visits.
        paid = sorted(years_paid(batch, place))
        for quantile in report.quantiles[side]["all"]:
            exact = paid[-(-len(paid) * quantile.tenths // 10) - 1]
            assert quantile.least <= exact <= quantile.most
            assert (quantile.most - quantile.least) * 256 <= max(quantile.least, 255)
    tenths = report.tenths["all"]
    paid = years_paid(batch, 0)
    assert sum(item.years for item in tenths) == len(paid)
    assert sum(item.person for item in tenths) == sum(paid)
    assert all(before.most < after.least for before, after in pairwise(tenths))
    whole = report.years["all"][0]
    assert sum(item.gained for item in tenths) == whole.gained == sum(band.gained for band in report.bands)
    assert sum(item.losers for item in tenths) == whole.losers == sum(band.losers for band in report.bands)
    assert whole.years == sum(group["years"] for group in naive.groups.values())


def years_paid(batch: Batch, side: int) -> list[int]:
    """What each person pays in each year in which some visit is paid."""
    found: dict[tuple[int, int], int] = {}
    columns = batch.sides[side]
    for row in range(len(batch)):
        if not columns["reason"][row]:
            year = batch.visits["person"][row], 2025 + (batch.visits["day"][row] >= 20_454)
            own = batch.visits["total"][row] - columns["fund"][row] - columns["layers"][row]
            found[year] = found.get(year, 0) + own
    return list(found.values())


def test_alone_it_says_nothing_of_a_reform() -> None:
    report = report_of(written_out(), sides=1, about=ALONE)
    text = page(report)
    assert "比较规则" not in text
    assert "受益" not in text
    assert "合成数据" not in text
    assert check_tables(read(text)) > 0
    assert json.loads(json_text(report))["sides"] == ["base"]


def test_without_visits_it_says_so() -> None:
    for about, tables in ((ABOUT, 2), (ALONE, 1)):
        report = Report.of(Tally(*(Vocabulary() for _ in range(tables))).sums(), about)
        assert "没有就诊" in read(page(report)).text()
        assert json.loads(json_text(report))["days"] is None
    assert Report.of(Sums(), ABOUT).whole.visits == 0
    with pytest.raises(ValueError, match="sides"):
        report_of(written_out(), sides=1, about=ABOUT)


def test_what_is_not_verified_is_marked_on_every_line() -> None:
    batch = written_out()
    text = page(report_of(batch))
    marked = [row for row in read(text).all("tr") if "未核实" in row.text() and row.children]
    assert len(marked) > 10
    sides = tuple({**side, "flags": [flags & ~UNVERIFIED for flags in side["flags"]]} for side in batch.sides)
    verified = RuleSet("b" * 64, REFORM)
    plain = page(
        report_of(Batch(batch.visits, sides, batch.layers), about=About(RuleSet("a" * 64), verified))
    )
    root = read(plain)
    assert not [row for row in root.all("tr") if "未核实" in row.text() and "口径" not in row.text()]


def test_it_names_what_it_rests_on() -> None:
    text = read(page(report_of(written_out()))).text()
    for said in ("a" * 64, "b" * 64, "c" * 64, "part-00000.parquet", "visits.mean", "合成数据", "1.2.3"):
        assert said in text


def test_what_it_rests_on_comes_from_the_run() -> None:
    manifest = {
        "yidi": "0.9",
        "rules": {"base": "d1", "reform": None, "reading": "nc", "unverified": True},
        "visits": {"rows": 5, "files": [{"name": "v.parquet", "rows": 5, "sha256": "f1"}]},
    }
    given_ = About.of_run(manifest, {})
    assert (given_.base, given_.reform, given_.synthetic) == (
        RuleSet("d1", reading="nc", unverified=True),
        None,
        False,
    )
    assert given_.files == (VisitFile("v.parquet", 5, "f1"),)
    parameter = {
        "name": "p.q",
        "zh": "参数",
        "value": "0.5",
        "unit": "share",
        "source": "assumed",
        "note": "说明",
    }
    generator = {"people": 10, "seed": 0, "answered_only": True, "visits": None, "parameters": [parameter]}
    manifest["rules"]["reform"] = "d2"  # type: ignore[index]
    made = About.of_run(manifest, {"generator": generator})
    assert made.synthetic
    assert made.reform == RuleSet("d2", REFORM, "nc", True)
    assert [(item.name, item.value, item.source) for item in made.parameters] == [
        ("people", "10", ""),
        ("seed", "0", ""),
        ("answered_only", "是", ""),
        ("p.q", "50%", "假定（assumed）；说明"),
    ]


# files


def test_the_same_sums_give_the_same_files(tmp_path: Path) -> None:
    batch = made_up(9, 200, people=40)
    for name, edges in (("one", []), ("two", [3, 77, 150])):
        tally = Tally(Vocabulary(), Vocabulary())
        for start, end in zip([0, *edges], [*edges, len(batch)], strict=True):
            visits, results = batch.arrays(start, end)
            tally.add(visits, *results)
        write(tally if name == "one" else tally.sums(), tmp_path / name, ABOUT)
    for name in ("report.json", "report.html"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    assert sorted(path.name for path in (tmp_path / "one").iterdir()) == ["report.html", "report.json"]


# the page


@pytest.mark.parametrize("sides", [1, 2])
def test_the_page_stands_alone_and_is_sound(sides: int) -> None:
    text = page(report_of(written_out(), sides, ABOUT if sides == 2 else ALONE))
    root = read(text)
    assert not list(root.all("script", "iframe", "object", "embed", "link", "img", "use", "image"))
    nodes = list(root.all(*{node.name for node in walk(root)}))
    for node in nodes:
        for name, value in node.attributes.items():
            assert not name.startswith("on")
            assert name not in ("src", "href", "style", "srcset", "xlink:href")
            assert "//" not in value
    (style,) = (node.text() for node in root.all("style"))
    assert not re.search(r"url\(|@import|expression", style)
    identities = [node.attributes["id"] for node in nodes if "id" in node.attributes]
    assert len(identities) == len(set(identities))
    html = next(root.all("html"))
    assert html.attributes["lang"] == "zh-CN"
    assert next(root.all("meta")).attributes == {"charset": "utf-8"}


def walk(node: Node) -> Iterator[Node]:
    for child in node.children:
        if isinstance(child, Node):
            yield child
            yield from walk(child)


def test_charts_can_be_read_by_ear() -> None:
    root = read(page(report_of(written_out())))
    figures = list(root.all("figure"))
    assert len(figures) >= 12
    for figure in figures:
        (svg,) = figure.all("svg")
        (title,) = svg.all("title")
        (about,) = svg.all("desc")
        assert svg.attributes["role"] == "img"
        assert svg.attributes["aria-labelledby"] == title.attributes["id"]
        assert svg.attributes["aria-describedby"] == about.attributes["id"]
        assert title.text()
        assert about.text()
    for section in root.all("section"):
        if list(section.all("figure")):
            assert list(section.all("table"))
    labels = [node.attributes["aria-label"] for node in root.all("div") if "aria-label" in node.attributes]
    assert len(labels) == len(set(labels))
    for row in root.all("table"):
        assert all("scope" in head.attributes for head in row.all("th"))


# parts


def test_bars_keep_to_scale() -> None:
    rows = (
        Row(Said("甲", "a"), (Bar((Piece(-50, 0, "lose"), Piece(0, 100, "gain")), "100 / 50"),)),
        Row(Said("长" * 40, "too long"), (Bar((Piece(0, 25, "gain"),), "25"), Bar((), "0"))),
    )
    svg = Chart("c", Said("图", "chart"), Said("说明", "about"), (), rows).draw()
    drawn = [(float(rect.get("x", "")), float(rect.get("width", ""))) for rect in svg.iter("rect")]
    (lost, gained, little) = drawn
    assert lost[0] == 0
    assert lost[1] * 2 == pytest.approx(gained[1], abs=0.2)
    assert gained[0] == pytest.approx(lost[1], abs=0.11)
    assert little[1] * 4 == pytest.approx(gained[1], abs=0.5)
    labels = [node.text for node in svg.iter("text") if node.get("class") == "label"]
    assert labels[1] is not None
    assert labels[1].endswith("…")


def test_amounts_are_said_in_fitting_units() -> None:
    assert Unit.of(99_999).text(12_345) == "123.45"
    assert Unit.of(100_000_000).text(123_456_789) == "123.46"
    assert Unit.of(10_000_000_000_000).text(1_234_567_890_123) == "123.46"
    assert amount(-123_456_789) == "−1,234,567.89"
    assert (percent(123_456), percent(-5_000), percent(None)) == ("12.35%", "−0.50%", "—")
    assert yuan_text(0) == amount(0)


# in a browser

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--no-first-run"]


@pytest.mark.browser
def test_in_a_browser_it_fits_phone_and_desk(tmp_path: Path) -> None:
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import sync_playwright

    path = os.environ.get("YIDI_BROWSER") or next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.skip("no Chromium: set YIDI_BROWSER, or run through bin/test, which sees to it")
    batch = made_up(2, 300, people=60)
    tally = Tally(Vocabulary(), Vocabulary())
    visits, results = batch.arrays(0, len(batch))
    tally.add(visits, *results)
    write(tally, tmp_path, ABOUT)
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=path, args=FLAGS)
        for width in (360, 1280):
            context = chromium.new_context(viewport={"width": width, "height": 800}, offline=True)
            shown = context.new_page()
            asked: list[str] = []
            shown.on("request", lambda request, asked=asked: asked.append(request.url))
            shown.on("console", lambda message, asked=asked: asked.append(message.text))
            shown.goto((tmp_path / "report.html").as_uri())
            assert shown.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
            assert len(asked) == 1
            found = Axe().run(shown).response["violations"] if width == 360 else []
            assert [item["id"] for item in found if item["impact"] in ("serious", "critical")] == []
        chromium.close()
