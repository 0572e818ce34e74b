"""Lists in spreadsheets: what goes out comes in again unchanged, and a list is taken over as a whole or not at all."""

import csv
import io
import threading
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as effort
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from tests.accounts.factories import CLERK, FOREIGN_CLERK, PROVINCE_CLERK, SUPERVISOR
from tests.casework.factories import REVIEWER
from tests.filing.factories import SHANGHAI, a_filing
from tests.people.factories import a_coverage, a_person, an_identity
from tests.qualification.factories import HYPERTENSION, a_qualification
from tests.settlement.factories import a_hospital
from yidi.accounts.errors import NotAllowed, OutsideRegion
from yidi.audit.errors import ReasonMissing
from yidi.audit.models import Event, Look
from yidi.evidence.errors import CellsBad, ColumnsMissing, SheetTooLarge
from yidi.filing.models import Filing
from yidi.filing.states import State as FilingState
from yidi.operations import lists
from yidi.operations.errors import NoRows, NoSuchPart, TooManyRows
from yidi.operations.lists import Report, Wanted, export_list, import_list, template
from yidi.operations.terms import ListKind
from yidi.people.models import Person
from yidi.qualification.models import Qualification
from yidi.qualification.states import State
from yidi.values.terms import FilingKind

pytestmark = pytest.mark.django_db
QUALIFICATIONS, FILINGS = ListKind.QUALIFICATIONS, ListKind.FILINGS
GOOD = {
    "身份证号": an_identity(1),
    "姓名": "测试甲",
    "参保地": "360100 江西省南昌市",
    "险种": "职工医保",
    "病种": "M03900 高血压",
    "开始日期": date(2025, 3, 1),
    "截止日期": date(2099, 12, 31),
}
FILED = {
    **{key: GOOD[key] for key in ("身份证号", "参保地", "险种", "开始日期")},
    "备案类型": "异地长期居住",
    "就医地": "310000 上海市",
    "办理日期": "2025-02-20",
}


def sheet(rows: Sequence[Mapping[str, Any]], heads: Sequence[str] = ()) -> bytes:
    """A spreadsheet as an agency would send it."""
    book = Workbook()
    page: Any = book.active
    named = list(heads or dict.fromkeys(key for row in rows for key in row))
    page.append(named)
    for row in rows:
        page.append([row.get(name) for name in named])
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def text(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """The same as a file with commas, which is read at once: spreadsheets are opened in a process of their own."""
    named = list(dict.fromkeys(key for row in rows for key in row))
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow(named)
    table.writerows([row.get(name) for name in named] for row in rows)
    return written.getvalue().encode()


def cells(content: bytes) -> list[tuple[Any, ...]]:
    return list(load_workbook(io.BytesIO(content)).worksheets[0].iter_rows(values_only=True))


def run(rows: Sequence[Mapping[str, Any]], kind: ListKind = QUALIFICATIONS, **options: Any) -> Report:
    content = (sheet if options.pop("spreadsheet", False) else text)(rows)
    return import_list(kind, content, options.pop("actor", SUPERVISOR), keep=options.pop("keep", True))


def faults(report: Report) -> list[tuple[int, str, str]]:
    return [
        (fault.row, fault.column.zh if fault.column else "", fault.refusal.code) for fault in report.faults
    ]


class TestIn:
    def test_a_list_is_taken_over(self) -> None:
        a_coverage(1)
        a_coverage(2)
        report = run([GOOD, GOOD | {"身份证号": an_identity(2), "截止日期": None}], spreadsheet=True)
        assert (report.rows, report.new, report.unchanged, report.faults) == (2, 2, 0, [])
        assert set(Qualification.objects.values_list("disease", "starts", "ends", "state")) == {
            (HYPERTENSION, date(2025, 3, 1), date(2099, 12, 31), "approved"),
            (HYPERTENSION, date(2025, 3, 1), None, "approved"),
        }
        reasons = Event.objects.filter(action="qualification:taken-over").values_list("reason", flat=True)
        assert list(reasons) == [f"待遇资格名单 {report.digest[:8]} 第 {row} 行" for row in (2, 3)]
        whole = Event.objects.get(action="lists:import")
        assert (whole.actor, whole.reason) == (SUPERVISOR.name, "新增 2，不变 0")

    def test_filings_too(self) -> None:
        a_coverage(1)
        report = run([FILED], FILINGS)
        assert (report.new, report.faults) == (1, [])
        filing = Filing.objects.get()
        assert (filing.kind, filing.care_region, filing.filed_on) == (
            "long-term-resident",
            SHANGHAI,
            date(2025, 2, 20),
        )

    def test_again_it_changes_nothing(self) -> None:
        a_coverage(1)
        run([GOOD])
        events = Event.objects.exclude(action="lists:import").count()
        report = run([GOOD, GOOD])
        assert (report.new, report.unchanged) == (0, 2)
        assert Qualification.objects.count() == 1
        assert Event.objects.exclude(action="lists:import").count() == events

    def test_a_row_that_stands_twice_is_taken_once(self) -> None:
        a_coverage(1)
        report = run([GOOD, GOOD])
        assert (report.new, report.unchanged, report.faults) == (1, 1, [])

    def test_a_check_leaves_nothing_behind(self) -> None:
        a_coverage(1)
        report = run([GOOD], keep=False)
        assert (report.new, report.faults) == (1, [])
        assert not Qualification.objects.exists()
        assert not Event.objects.exists()

    def test_one_bad_row_and_nothing_is_taken_over(self) -> None:
        a_coverage(1)
        report = run([GOOD, GOOD | {"身份证号": an_identity(7)}])
        assert faults(report) == [(3, "身份证号", "LIST-PERSON")]
        assert not Qualification.objects.exists()
        assert not Event.objects.exists()

    def test_names_of_things_do_as_well_as_their_codes(self) -> None:
        a_coverage(1)
        spelt = {
            "参保地": "江西省南昌市",
            "病种": "高血压",
            "险种": "employee scheme",
            "开始日期": "2025年3月1日",
            "姓名": None,
        }
        assert run([GOOD | spelt]).new == 1
        assert run([GOOD | {"参保地": "360121", "开始日期": "20250301"}]).unchanged == 1

    @pytest.mark.parametrize(
        ("different", "fault"),
        [
            ({"身份证号": None}, ("身份证号", "LIST-EMPTY")),
            ({"身份证号": "36010219580315001X"}, ("身份证号", "LIST-CELL")),
            ({"身份证号": "'; DROP TABLE people_person; --"}, ("身份证号", "LIST-CELL")),
            ({"身份证号": an_identity(9)}, ("身份证号", "LIST-PERSON")),
            ({"姓名": "测试乙"}, ("姓名", "LIST-NAME")),
            ({"参保地": "南昌"}, ("参保地", "LIST-CELL")),
            ({"参保地": "360100 江西省赣州市"}, ("参保地", "LIST-CODE")),
            ({"参保地": "310000 上海市"}, ("参保地", "ACTOR-REGION")),
            ({"险种": "社保"}, ("险种", "LIST-CELL")),
            ({"险种": "居民医保"}, ("身份证号", "LIST-PERSON")),
            ({"病种": "M99999"}, ("病种", "LIST-CELL")),
            ({"病种": "M03900 糖尿病"}, ("病种", "LIST-CODE")),
            ({"病种": "M00105"}, ("", "POLICY-LIST-PART")),
            ({"开始日期": "去年"}, ("开始日期", "LIST-CELL")),
            ({"开始日期": "2025-02-30"}, ("开始日期", "LIST-CELL")),
            ({"开始日期": "1925-03-01"}, ("开始日期", "LIST-DAY")),
            ({"开始日期": "2225-03-01"}, ("开始日期", "LIST-DAY")),
            ({"开始日期": 45717}, ("开始日期", "LIST-CELL")),
            ({"截止日期": date(2025, 2, 28)}, ("", "QUAL-DATES")),
            ({"限定医疗机构": "H00000000000"}, ("", "PROVIDER-UNKNOWN")),
        ],
    )
    def test_what_is_wrong_is_named_by_row_and_column(
        self, different: dict[str, Any], fault: tuple[str, str]
    ) -> None:
        a_coverage(1)
        report = run([GOOD | different])
        assert [(column, code) for _, column, code in faults(report)] == [fault]
        (found,) = report.faults
        assert found.refusal.message.endswith("。")

    def test_every_bad_cell_of_a_row_is_named(self) -> None:
        report = run([dict.fromkeys(GOOD, "？")])
        columns = [column for _, column, _ in faults(report)]
        assert sorted(columns) == sorted({"身份证号", "参保地", "险种", "病种", "开始日期", "截止日期"})

    def test_no_fault_repeats_an_identity_number(self) -> None:
        for number in ("36010219580315001X", an_identity(9)):
            report = run([GOOD | {"身份证号": number}])
            assert number not in "".join(fault.refusal.message for fault in report.faults)

    def test_two_rows_that_cannot_both_hold(self) -> None:
        a_coverage(1)
        report = run([GOOD, GOOD | {"截止日期": date(2098, 1, 1)}])
        assert faults(report) == [(3, "", "LIST-CLASH")]
        assert "第 2 行" in report.faults[0].refusal.message

    def test_with_many_faults_the_rest_is_not_looked_at(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(lists, "MOST_FAULTS", 3)
        report = run([dict.fromkeys(GOOD, "？")] * 9)
        assert report.cut_short
        assert len(report.faults) < 12
        assert report.rows == 9

    def test_somebody_insured_elsewhere_is_as_unknown_as_nobody(self) -> None:
        a_coverage(1, pool="310000")
        elsewhere = run([GOOD])
        nobody = run([GOOD | {"身份证号": an_identity(9)}])
        assert elsewhere.faults[0].refusal.message == nobody.faults[0].refusal.message

    def test_a_province_imports_for_its_pools(self) -> None:
        a_coverage(1)
        a_coverage(2, "360700")
        row = GOOD | {"身份证号": an_identity(2), "参保地": "360700 江西省赣州市"}
        assert run([GOOD, row], actor=PROVINCE_CLERK).new == 2

    @pytest.mark.parametrize("actor", [REVIEWER])
    def test_who_may_not(self, actor: Any) -> None:
        with pytest.raises(NotAllowed):
            run([GOOD], actor=actor)

    def test_another_agency_takes_over_nothing_of_ours(self) -> None:
        a_coverage(1)
        assert faults(run([GOOD], actor=FOREIGN_CLERK)) == [(2, "参保地", "ACTOR-REGION")]


class TestFiles:
    def test_a_row_too_many(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(lists, "MOST_ROWS", 2)
        with pytest.raises(TooManyRows, match="最多导入 2 行，这份名单有 3 行"):
            run([GOOD] * 3)

    def test_a_hundred_thousand_rows(self) -> None:
        lines = ["身份证号,参保地,险种,病种,开始日期"] + ["1,2,3,4,5"] * 100_000
        with pytest.raises(SheetTooLarge):
            import_list(QUALIFICATIONS, "\n".join(lines).encode(), SUPERVISOR, keep=False)

    def test_a_list_without_rows(self) -> None:
        with pytest.raises(NoRows):
            import_list(QUALIFICATIONS, template(QUALIFICATIONS), SUPERVISOR, keep=False)

    def test_a_list_of_another_kind(self) -> None:
        with pytest.raises(ColumnsMissing, match="备案类型"):
            run([GOOD], FILINGS)

    def test_an_identity_number_that_the_spreadsheet_has_spoilt(self) -> None:
        with pytest.raises(CellsBad, match="第 2 行“身份证号”超过 15 位的数字"):
            run([GOOD | {"身份证号": 360102195803150000}], spreadsheet=True)

    @pytest.mark.parametrize("kind", list(ListKind))
    @pytest.mark.parametrize("language", ["zh", "en"])
    def test_a_filled_in_template_is_taken(self, kind: ListKind, language: str) -> None:
        a_coverage(1)
        filled = load_workbook(io.BytesIO(template(kind, language)))
        notes = filled.worksheets[1]
        rows = list(notes.iter_rows(min_row=2, values_only=True))
        heads = [cell.value for cell in filled.worksheets[0][1]]
        assert [row[0] for row in rows] == heads, "every column is explained"
        examples = {row[0]: row[2] for row in rows}
        own = dict(zip(heads, (an_identity(1), "测试甲"), strict=False))
        providers = {"限定医疗机构": None, "Limited to providers": None}
        report = import_list(kind, sheet([examples | own | providers]), SUPERVISOR, keep=True)
        assert (report.new, report.faults) == (1, [])


class TestOut:
    def test_what_holds_goes_out(self) -> None:
        hospital = a_hospital()
        a_qualification(State.APPROVED, a_coverage(1), providers=[hospital.code])
        a_qualification(State.EXPIRED, a_coverage(2), ends=date(2025, 6, 30))
        a_qualification(State.SUBMITTED, a_coverage(3))
        a_qualification(State.APPROVED, a_coverage(4, "310000"))
        head, *rows = cells(export_list(Wanted(QUALIFICATIONS), 1, SUPERVISOR, "年度核对"))
        assert head == ("身份证号", "姓名", "参保地", "险种", "病种", "开始日期", "截止日期", "限定医疗机构")
        assert [row[0] for row in rows] == [an_identity(1)]
        assert rows[0][1:5] == ("测试甲", "360100 江西省南昌市", "职工医保", "M03900 高血压")
        assert rows[0][7] == hospital.code
        both = cells(export_list(Wanted(QUALIFICATIONS, with_past=True), 1, SUPERVISOR, "年度核对"))
        assert [row[0] for row in both[1:]] == [an_identity(1), an_identity(2)]

    def test_everybody_on_it_was_looked_at_and_the_reason_stays(self) -> None:
        for number in (1, 2):
            a_qualification(State.APPROVED, a_coverage(number))
        export_list(Wanted(QUALIFICATIONS), 1, SUPERVISOR, " 年度核对 ")
        looks = Look.objects.values_list("actor", "person", "what", "reason")
        assert set(looks) == {
            (SUPERVISOR.name, a_person(number).number, "lists:qualifications", "年度核对")
            for number in (1, 2)
        }
        event = Event.objects.get(action="lists:export")
        assert event.reason == "2 行：年度核对"

    def test_without_a_reason_nothing_goes_out(self) -> None:
        a_qualification(State.APPROVED)
        with pytest.raises(ReasonMissing):
            export_list(Wanted(QUALIFICATIONS), 1, SUPERVISOR, " ")

    def test_a_long_list_comes_in_parts_that_make_the_whole(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(lists, "MOST_ROWS", 2)
        for number in range(5):
            a_qualification(State.APPROVED, a_coverage(number + 1))
        wanted = Wanted(QUALIFICATIONS)
        assert wanted.parts(SUPERVISOR) == 3
        found = [
            row[0] for part in (1, 2, 3) for row in cells(export_list(wanted, part, SUPERVISOR, "核对"))[1:]
        ]
        assert found == [an_identity(number + 1) for number in range(5)]
        for part in (0, 4):
            with pytest.raises(NoSuchPart):
                export_list(wanted, part, SUPERVISOR, "核对")

    @pytest.mark.parametrize(
        ("actor", "pool", "refusal"),
        [
            (REVIEWER, "", NotAllowed),
            (SUPERVISOR, "360700", OutsideRegion),
            (SUPERVISOR, "310000", OutsideRegion),
        ],
    )
    def test_who_may_not(self, actor: Any, pool: str, refusal: type[Exception]) -> None:
        with pytest.raises(refusal):
            export_list(Wanted(QUALIFICATIONS, pool), 1, actor, "核对")

    @pytest.mark.parametrize("risky", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x")'])
    def test_no_name_becomes_a_formula(self, risky: str) -> None:
        a_qualification(State.APPROVED, a_coverage(1))
        person = Person.objects.get()
        person.name = risky
        person.save()
        content = export_list(Wanted(QUALIFICATIONS), 1, SUPERVISOR, "核对")
        cell = load_workbook(io.BytesIO(content)).worksheets[0]["B2"]
        assert (cell.value, cell.data_type) == (risky, "s")


DAYS = st.dates(date(2021, 1, 1), timezone.localdate() + timedelta(366))


@given(
    rows=st.lists(
        st.tuples(st.integers(1, 4), st.sampled_from([HYPERTENSION, "M01600"]), DAYS, st.none() | DAYS),
        max_size=6,
    ),
    places=st.lists(
        st.tuples(st.integers(1, 4), st.sampled_from([SHANGHAI, "110000"]), DAYS, st.none() | DAYS),
        max_size=6,
    ),
)
@effort(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_what_was_exported_and_is_imported_again_changes_nothing(
    rows: list[tuple[int, str, date, date | None]], places: list[tuple[int, str, date, date | None]]
) -> None:
    """Whatever holds, or held: each person has at most one of a matter, with any days."""
    Qualification.objects.all().delete()
    Filing.objects.all().delete()
    today = timezone.localdate()
    for number, disease, starts, ends in {(row[0], row[1]): row for row in rows}.values():
        last = max(starts, ends) if ends else None
        state = State.EXPIRED if last and last < today else State.APPROVED
        a_qualification(state, a_coverage(number), disease, starts, last)
    for number, care, starts, ends in {(row[0], row[1]): row for row in places}.values():
        last = max(starts, ends) if ends else None
        state = FilingState.EXPIRED if last and last < today else FilingState.ACTIVE
        filed = min(starts, today)
        a_filing(state, a_coverage(number), FilingKind.POSTED_WORKER, care, starts, last, filed)
    for kind, model in ((QUALIFICATIONS, Qualification), (FILINGS, Filing)):
        before = list(model.objects.order_by("pk").values())
        if not before:
            continue
        content = export_list(Wanted(kind, with_past=True), 1, SUPERVISOR, "核对")
        report = import_list(kind, content, CLERK, keep=True)
        assert (faults(report), report.new, report.unchanged) == ([], 0, len(before))
        assert list(model.objects.order_by("pk").values()) == before


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_imports_at_the_same_moment_take_each_row_over_once() -> None:
    """One list, and the same upside down: whoever comes second finds every row there."""
    for number in range(12):
        a_coverage(number + 1)
    rows = [GOOD | {"身份证号": an_identity(number + 1)} for number in range(12)]
    contents = [text(rows), text(rows[::-1])] * 2
    together, reports = threading.Barrier(len(contents)), list[Report]()

    def take(content: bytes) -> None:
        try:
            together.wait(30)
            reports.append(import_list(QUALIFICATIONS, content, SUPERVISOR, keep=True))
        finally:
            connection.close()

    threads = [threading.Thread(target=take, args=(content,)) for content in contents]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert [report.faults for report in reports] == [[]] * len(contents)
    assert sum(report.new for report in reports) == Qualification.objects.count() == 12


def test_a_long_list_is_taken_over_in_reasonable_time(django_assert_max_num_queries: Any) -> None:
    """A fixed number of questions to the database for each row."""
    for number in range(10):
        a_coverage(number + 1)
    rows = [GOOD | {"身份证号": an_identity(number + 1)} for number in range(10)]
    with django_assert_max_num_queries(10 * 10 + 5):
        assert run(rows, keep=True).new == 10


def test_a_first_day_may_lie_a_year_ahead_and_no_further() -> None:
    a_coverage(1)
    soon, later = timezone.localdate() + timedelta(366), timezone.localdate() + timedelta(367)
    assert run([GOOD | {"开始日期": later}], keep=False).faults
    assert run([GOOD | {"开始日期": soon}], keep=False).new == 1
