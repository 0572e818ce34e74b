"""Lines of a bill in a spreadsheet: the form, and everything that people do to it."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from tests.claims.factories import a_draft, person_of
from tests.evidence.factories import without_a_process
from tests.settlement.factories import a_line
from yidi.benefit.split import FeeLine
from yidi.claims import drafting, errors, queries, sheets
from yidi.evidence.errors import ColumnsMissing, SheetUnreadable
from yidi.values.money import line_amount

HEADS = [column.zh for column in sheets.COLUMNS]


def a_sheet(*rows: list[object], heads: list[str] | None = None) -> io.BytesIO:
    book = Workbook()
    for row in ([*(heads or HEADS)], *rows):
        book.active.append(row)
    written = io.BytesIO()
    book.save(written)
    written.seek(0)
    return written


def read(*rows: list[object]) -> list[FeeLine]:
    return sheets.lines_from_sheet(a_sheet(*rows))


def test_rows_become_lines() -> None:
    first, second, third = read(
        ["A1", "药品甲", 2, 15.6, 31.2],
        [None, " 诊查费 ", "１", "¥1,017.00", None],
        ["目录外", "护理垫", "0.5", "3.005", "1.50"],
    )
    assert first == FeeLine("2", "A1", "药品甲", 20_000, 15_600_000, 3_120)
    assert second == FeeLine("3", "", "诊查费", 10_000, 1_017_000_000, 101_700)
    assert (third.serial, third.amount) == ("4", 150)


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (["A1", "药品", None, 1, 1], "第 2 行：数量没有填写"),
        (["A1", None, 1, 1, 1], "第 2 行：项目名称没有填写"),
        (["A1", "药品", 1, None, 1], "第 2 行：单价（元）没有填写"),
        (["A1", "药品", 0, 1, 0], "第 2 行：数量应大于 0"),
        (["A1", "药品", -1, 1, -1], "第 2 行：数量应大于 0"),
        (["A1", "药品", 1, -1, -1], "第 2 行：单价不能为负数"),
        (["A1", "药品", "两盒", 1, 1], "第 2 行：数量不是数字"),
        (["A1", "药品", 1, "1.1234567", 1], "第 2 行：单价最多 6 位小数"),
        (["A1", "药品", 1, 1, "1.001"], "第 2 行：金额最多 2 位小数"),
        (["A1", "药品", 2, 1, 1], "第 2 行：金额应为 2.00 元，写的是 1.00 元"),
        (["A1", "药品", "=1+1", 1, 1], "第 2 行：数量"),
    ],
)
def test_a_wrong_row_is_named_with_its_fault(row: list[object], told: str) -> None:
    with pytest.raises(errors.BadRows, match="有 1 行不能录入") as refused:
        read(row)
    assert told in refused.value.message
    assert "row 2: " in refused.value.english


def test_every_wrong_row_is_named_at_once() -> None:
    rows: list[list[object]] = [["A1", "药品", 1, 1, 1 + (number % 2)] for number in range(60)]
    with pytest.raises(errors.BadRows, match="有 30 行不能录入") as refused:
        read(*rows)
    for number in range(1, 60, 2):
        assert f"第 {number + 2} 行：" in refused.value.message


def test_faults_are_told_one_by_one_in_both_languages() -> None:
    with pytest.raises(errors.BadRows) as refused:
        read(["A1", "药品", "两盒", 1, 1], ["A1", None, 1, 1, 1], ["A1", "药品", 2, 1, 1])
    assert refused.value.details["rows"] == (
        (2, "数量不是数字", "“Count” should be a number with at most 4 decimals"),
        (3, "项目名称没有填写", "“Item” is not filled in"),
        (4, "金额应为 2.00 元，写的是 1.00 元", "the amount should be 2.00 yuan and is 1.00"),
    )


def test_tables_of_something_else() -> None:
    with pytest.raises(ColumnsMissing, match="数量、单价（元）"):
        sheets.lines_from_sheet(a_sheet(["x"], heads=["项目名称"]))
    with pytest.raises(SheetUnreadable):
        sheets.lines_from_sheet(io.BytesIO(b"\x00\x01"))
    with pytest.raises(errors.NoRows):
        read()
    with pytest.raises(errors.TooManyLines, match="最多 500 行费用明细，现有 501 行"):
        read(*([["A1", "药品", 1, 1, 1]] * 501))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_form_is_empty_and_says_how_to_fill_it_in(language: str) -> None:
    content = sheets.template_sheet(language)
    with pytest.raises(errors.NoRows):
        sheets.lines_from_sheet(io.BytesIO(content))
    book = load_workbook(io.BytesIO(content))
    form, notes = book.worksheets
    heads = [cell.value for cell in form[1]]
    assert heads == [column.en if language == "en" else column.zh for column in sheets.COLUMNS]
    texts = [[cell.value for cell in row if cell.value] for row in notes.iter_rows()]
    assert texts[-2] == heads
    assert "500" in str(texts)
    example = dict(zip(heads, texts[-1], strict=True))
    assert len(sheets.lines_from_sheet(a_sheet(list(example.values()), heads=list(example)))) == 1


def test_a_csv_of_a_hospital_is_read_as_well() -> None:
    text = "某医院门诊费用清单\n" + ",".join(HEADS) + "\n,诊查费,1,17.00,17.00\n"
    (line,) = sheets.lines_from_sheet(io.BytesIO(text.encode("gb18030")))
    assert (line.name, line.amount, line.code) == ("诊查费", 1_700, "")


prices = st.integers(0, 10**11)
quantities = st.integers(1, 10**8)


@given(st.lists(st.tuples(quantities, prices), min_size=1, max_size=5))
def test_lines_written_and_read_again_are_the_same(bill: list[tuple[int, int]]) -> None:
    lines = [
        FeeLine(str(serial), "A1", "药品", quantity, price, line_amount(quantity, price))
        for serial, (quantity, price) in enumerate(bill, start=2)
    ]
    with without_a_process():
        assert sheets.lines_from_sheet(io.BytesIO(sheets.sheet_of(lines))) == lines


@pytest.mark.django_db
def test_lines_of_a_sheet_are_numbered_anew_in_the_claim() -> None:
    claim = a_draft()
    drafting.replace_lines(
        claim,
        read(["A1", "药品", 1, 1, 1], ["", "", None, None, None], ["A1", "乙", 1, 2, 2]),
        person_of(claim.coverage),
    )
    drafting.add_lines(claim, [a_line("B1", "3.00")], person_of(claim.coverage))
    assert [(line.serial, line.amount) for line in queries.lines_of(claim)] == [
        ("1", 100),
        ("2", 200),
        ("3", 300),
    ]
