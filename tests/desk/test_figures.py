"""The page of figures: who sees it, what it says, what it draws, what it exports."""

import io
from datetime import date
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.desk.reading import Page, controls_without_label, staff_client
from tests.filing.factories import a_filing
from tests.people.factories import a_coverage
from tests.qualification.factories import a_qualification
from tests.settlement.factories import World, a_catalogue, a_hospital, a_world, settled
from yidi.accounts.terms import MATRIX, Action, Role
from yidi.desk.figures import FIGURES
from yidi.pages.charts import PATTERNS, Row, chart
from yidi.qualification.states import RejectReason, State

pytestmark = pytest.mark.django_db
PERIOD = {"first": "2025-01-01", "last": "2025-12-31", "pool": ""}


def cases() -> None:
    for number, state in enumerate((State.APPROVED, State.REJECTED, State.SUBMITTED)):
        reason = str(RejectReason.OTHER) if state is State.REJECTED else ""
        a_qualification(state, a_coverage(number + 1), rejected_for=reason)


@pytest.mark.parametrize("role", list(Role))
def test_who_enters(role: Role) -> None:
    client = staff_client(role, provider_code="H31010600001" if role is Role.CASHIER else "")
    wanted = 200 if role in MATRIX[Action.SEE_FIGURES] else 403
    assert client.get("/desk/figures/").status_code == wanted
    assert client.get("/desk/figures/volumes.xlsx").status_code == wanted


def test_an_empty_region_has_a_page_too() -> None:
    page = Page(staff_client(Role.SUPERVISOR).get("/desk/figures/"))
    assert page.text.count("这段时间没有。") == 2
    assert controls_without_label(page) == []


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_tables_and_charts_say_the_same(language: str) -> None:
    cases()
    settled(a_world(9), "1000.00")
    page = Page(staff_client(Role.SUPERVISOR).get("/desk/figures/", PERIOD | {"lang": language}))
    assert page.left_over() == []
    assert "2025-06" in page.text
    drawn = [svg["aria-label"] for svg in page.all("svg") if svg.get("role") == "img"]
    said = {
        "zh-hans": "2025-06：待遇资格认定 4，备案 0，手工报销 0",
        "en": "2025-06: qualification 4, filing 0, claim 0",
    }
    assert said[language] in drawn
    fills = {rect.get("fill") for rect in page.all("rect") if rect.get("class") == "chart-piece"}
    assert {f"url(#pattern-{name})" for name in PATTERNS[:3]} <= fills
    ids = {pattern["id"] for pattern in page.all("pattern")}
    assert {fill.removeprefix("url(#").removesuffix(")") for fill in fills if fill} <= ids


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"first": "2025-06-03", "last": "2025-06-02"}, "截止日期早于开始日期"),
        ({"first": "2010-01-01"}, "一次最多看五年"),
        ({"first": "昨天"}, "日期没有看懂"),
        ({"pool": "310000"}, "没有这个选项"),
        ({"pool": "' OR 1=1"}, "没有这个选项"),
    ],
)
def test_what_is_not_understood_is_said_and_the_usual_is_shown(query: dict[str, str], said: str) -> None:
    answer = staff_client(Role.SUPERVISOR).get("/desk/figures/", query)
    assert answer.status_code == 200
    assert said in Page(answer).text


def test_a_province_chooses_among_its_pools() -> None:
    a_qualification(State.SUBMITTED, a_coverage(1, "360700"))
    a_qualification(State.SUBMITTED, a_coverage(2, "310000"))
    client = staff_client(Role.AUDITOR, region="360000")
    for pool, seen in (("", 1), ("360700", 1), ("360100", 0)):
        book = _sheet(client.get("/desk/figures/volumes.xlsx", PERIOD | {"pool": pool}))
        assert sum(row[1] for row in book[1:]) == seen


def test_few_people_are_shown_to_those_who_see_records_alone() -> None:
    settled(a_world(1), "1000.00")
    seen = Page(staff_client(Role.AUDITOR, username="shen").get("/desk/figures/", PERIOD)).text
    hidden = staff_client(Role.CLEARING, username="qing").get("/desk/figures/", PERIOD)
    assert "1,000.00" in seen
    assert "请勿转给他们" in seen
    assert "1,000.00" not in hidden.content.decode()
    assert "为保护隐私，少于 5 人的病种" in Page(hidden).text
    exported = _sheet(staff_client(Role.CLEARING, username="suan").get("/desk/figures/money.xlsx", PERIOD))
    assert exported[1] == ("人数少的病种（合并）", None, None, None, None, None, None)


@pytest.mark.parametrize("name", list(FIGURES))
def test_every_table_is_exported(name: str) -> None:
    cases()
    answer = staff_client(Role.SUPERVISOR).get(f"/desk/figures/{name}.xlsx", PERIOD)
    assert answer.headers["Cache-Control"] == "no-store, private"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert len(_sheet(answer)[0]) >= 3


def test_numbers_are_numbers_in_the_spreadsheet() -> None:
    a_catalogue()
    hospital = a_hospital()
    for number in range(5):
        coverage = a_coverage(number + 1)
        a_filing(coverage=coverage)
        settled(World(coverage, hospital), "1000.10")
    rows = _sheet(staff_client(Role.CLEARING).get("/desk/figures/money.xlsx", PERIOD))
    assert rows[0][4] == "费用总额（元）"
    assert rows[1][2:5] == (5, 0, 5000.5)


def test_a_table_that_there_is_not() -> None:
    assert staff_client(Role.SUPERVISOR).get("/desk/figures/secrets.xlsx").status_code == 404


class TestDrawing:
    def test_pieces_lie_side_by_side_and_fill_the_longest_row(self) -> None:
        drawn = chart("图", ["甲", "乙"], [Row("一", (1, 3), ("1", "3")), Row("二", (2, 0), ("2", "0"))])
        assert drawn is not None
        (_, (one, two)), (_, (three, four)) = drawn.drawn
        assert (one.start, one.width, two.start, two.width) == ("0%", "25%", "25%", "75%")
        assert (three.width, four.width) == ("50%", "0%")
        assert one.pattern != two.pattern

    def test_nothing_is_not_drawn(self) -> None:
        assert chart("图", ["甲"], []) is None
        assert chart("图", ["甲"], [Row("一", (0,), ("0",))]) is None

    def test_a_bar_for_every_piece(self) -> None:
        drawn = chart("图", ["甲", "乙"], [Row("一", (1,), ("1",))])
        assert drawn is not None
        with pytest.raises(ValueError, match="shorter"):
            list(drawn.drawn)


def _sheet(answer: Any) -> list[tuple[Any, ...]]:
    assert answer.status_code == 200
    book = load_workbook(io.BytesIO(answer.content))
    return list(book.active.iter_rows(values_only=True))


def test_the_usual_period_is_a_year_of_months() -> None:
    rows = _sheet(staff_client(Role.SUPERVISOR).get("/desk/figures/volumes.xlsx"))
    assert len(rows) == 13
    assert rows[-1][0] == f"{date.today():%Y-%m}"  # noqa: DTZ011 - the machine's own day is the site's
