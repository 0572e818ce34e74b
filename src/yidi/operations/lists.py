"""Lists that agencies keep in spreadsheets: exported, and taken over from other systems, as a whole or not at all.

A list is read row by row by the services of the rooms, which check each row as they check a clerk's own work. Checking
a list is importing it and rolling everything back: what the check says is what the import does.
"""

import hashlib
import io
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from yidi.accounts.actors import Actor
from yidi.accounts.errors import OutsideRegion
from yidi.accounts.terms import Action
from yidi.audit.services import looked_each, record
from yidi.casework.queries import pools_of
from yidi.evidence.sheets import Cell, Column, SheetRow, Value, read_sheet, write_sheet
from yidi.filing import services as filings
from yidi.filing.models import Filing
from yidi.filing.queries import effective_in
from yidi.filing.states import State as FilingState
from yidi.operations.errors import (
    CellEmpty,
    CellUnclear,
    CodeAndName,
    NameDiffers,
    NoRows,
    NoSuchPart,
    NotOnRegister,
    OutOfRange,
    RowsClash,
    TooManyRows,
)
from yidi.operations.terms import Expected, ListKind
from yidi.people import queries as people
from yidi.people.errors import UnknownPerson
from yidi.people.models import Coverage, Person
from yidi.qualification import services as qualifications
from yidi.qualification.models import Qualification
from yidi.qualification.queries import granted_in
from yidi.qualification.states import State as QualificationState
from yidi.reference import diseases, regions
from yidi.values.errors import BadValue, Refusal
from yidi.values.identity import mask_identity, parse_identity
from yidi.values.terms import FilingKind, Scheme, Term

MOST_ROWS = 2000
"""Rows of one list, in or out: so many are imported in one transaction."""
MOST_FAULTS = 500
"""After so many faults the rest of a list is not looked at."""
EARLIEST = date(1990, 1, 1)
LATEST = date(2099, 12, 31)
"""Days before or after these are slips; the latest is what other systems write for “without end”."""
STARTS_AHEAD = timedelta(days=366)

PERSON = (
    Column("identity", "身份证号", "Identity number", width=24),
    Column("name", "姓名", "Name", required=False, width=14),
    Column("pool", "参保地", "Pool", width=26),
    Column("scheme", "险种", "Scheme", width=14),
)
STARTS = Column("starts", "开始日期", "First day", Cell.DATE, width=14)
ENDS = Column("ends", "截止日期", "Last day", Cell.DATE, required=False, width=14)
ABOUT: Mapping[str, tuple[str, str, str]] = {
    "identity": (
        "18 位，这一列须设为文本；按参保登记核对",
        "18 characters, as text; matched with the register",
        "360102195803150019",
    ),
    "name": ("可不填；填了就与参保登记核对", "may be left out; if there, compared with the register", "张三"),
    "pool": (
        "六位区划代码，后面可带名称",
        "the six-digit code, with the name if you like",
        "360100 江西省南昌市",
    ),
    "scheme": ("职工医保或居民医保", "employee scheme or resident scheme", "职工医保"),
    "disease": (
        "病种代码，后面可带名称",
        "the code of the disease, with the name if you like",
        "M03900 高血压",
    ),
    "starts": ("第一天，写成 2026-01-31 这样", "first day, written as 2026-01-31", "2026-01-01"),
    "ends": ("最后一天；没有截止日期的留空", "last day; empty where there is none", "2027-12-31"),
    "providers": (
        "可不填；限定医疗机构的，填机构代码，几个用顿号隔开",
        "may be left out; codes of the providers it is limited to, with commas between",
        "H36010200001",
    ),
    "kind": ("备案类型", "the kind of filing", "异地长期居住"),
    "care": (
        "就医地的六位区划代码（市或直辖市），后面可带名称",
        "the six-digit code of the city",
        "310000 上海市",
    ),
    "filed_on": ("办理备案的日期", "the day on which it was filed", "2025-12-20"),
}
"""What the template says of each column, in both languages, with an example."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a list."""

    row: int
    """As the spreadsheet program counts."""
    column: Column | None
    """None where the row as a whole is wrong."""
    refusal: Refusal


@dataclass(slots=True)
class Report:
    """What importing a list comes to, or came to."""

    digest: str
    rows: int = 0
    new: int = 0
    unchanged: int = 0
    faults: list[Fault] = field(default_factory=list)
    cut_short: bool = False
    """Whether there were so many faults that the rest was not looked at."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One kind of list: its columns, how a row is taken over, and how a case is written."""

    kind: ListKind
    columns: tuple[Column, ...]
    read: Callable[["_Row"], dict[str, Any]]
    """What a row says besides whom it is about."""
    take: Callable[..., Any]
    """Takes it over: coverage, actor, origin, and what was read, by name. The new case; None where it stood here."""
    rows: Callable[[Sequence[str]], QuerySet[Any]]
    present: tuple[str, ...]
    """The states of what holds."""
    written: Callable[[Any], Mapping[str, Value]]


class _Row:
    """One row: reads its cells, and notes what is wrong with each of them."""

    def __init__(self, sheet: Sheet, row: SheetRow) -> None:
        self.number, self.cells = row.number, row.cells
        self.columns = {column.key: column for column in sheet.columns}
        self.faults: list[Fault] = []

    def fault(self, key: str, refusal: Refusal) -> None:
        self.faults.append(Fault(self.number, self.columns[key], refusal))

    def read(self, key: str, expected: Expected, understand: Callable[[str], Any]) -> Any:
        """What a cell says; None where it is empty and may be, or is wrong."""
        text = str(self.cells.get(key) or "").strip()
        if not text:
            if self.columns[key].required:
                self.fault(key, CellEmpty(expected=expected))
            return None
        try:
            found = understand(text)
        except BadValue:
            found = None
        except Refusal as refusal:
            self.fault(key, refusal)
            return None
        if found is None:
            shown = mask_identity(text[:40]) if expected is Expected.IDENTITY else text[:40]
            self.fault(key, CellUnclear(text=shown, expected=expected))
        return found


# cells


def _word(terms: type[Term]) -> Callable[[str], Term | None]:
    return lambda text: next((term for term in terms if text in (str(term), term.zh, term.en)), None)


@cache
def _named_regions() -> Mapping[str, str]:
    """Names of cities and provinces in full, to their codes."""
    units = [unit for province, cities in regions.cities() for unit in (province, *cities)]
    return {regions.full_name(unit.code): unit.code for unit in units}


@cache
def _named_diseases() -> Mapping[str, str]:
    return {entry.name: entry.code for entry in diseases.diseases()}


def _coded(
    known: Callable[[str], str | None], named: Callable[[], Mapping[str, str]]
) -> Callable[[str], str | None]:
    """Reads a code, a code with its name, or a name alone. Raises CodeAndName."""

    def understand(text: str) -> str | None:
        code, _, given = text.partition(" ")
        name = known(code)
        if name is None:
            return named().get(text)
        if given.strip() and given.strip() != name:
            raise CodeAndName(code=code, known=name, given=given.strip()[:40])
        return code

    return understand


def _region_name(code: str) -> str | None:
    return regions.full_name(code) if regions.is_known(code) else None


def _disease_name(code: str) -> str | None:
    found = diseases.find_disease(code)
    return found.name if found else None


def _pool(text: str) -> str | None:
    """The pool of the region that a cell names."""
    code = _region(text)
    return regions.pool_of(code) if code else None


_region = _coded(_region_name, _named_regions)
_disease = _coded(_disease_name, _named_diseases)
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{4})(\d{2})(\d{2})", re.ASCII)


def _day(first: date, last: date) -> Callable[[str], date | None]:
    """Reads a day in one of its spellings. Raises OutOfRange."""

    def understand(text: str) -> date | None:
        match = _DAY.fullmatch(text)
        found = None
        if match is not None:
            with suppress(ValueError):
                found = date(*(int(part) for part in match.groups() if part is not None))
        if found is not None and not first <= found <= last:
            raise OutOfRange(day=found, first=first, last=last)
        return found

    return understand


def _codes(text: str) -> list[str]:
    return [code for code in re.split(r"[、,，;；\s]+", text) if code]


def _period(row: _Row) -> tuple[date | None, date | None]:
    starts = row.read("starts", Expected.DAY, _day(EARLIEST, timezone.localdate() + STARTS_AHEAD))
    return starts, row.read("ends", Expected.DAY, _day(EARLIEST, LATEST))


# rows


def _read_qualification(row: _Row) -> dict[str, Any]:
    starts, ends = _period(row)
    return {
        "disease": row.read("disease", Expected.DISEASE, _disease),
        "starts": starts,
        "ends": ends,
        "providers": row.read("providers", Expected.PROVIDERS, _codes) or [],
    }


def _read_filing(row: _Row) -> dict[str, Any]:
    starts, ends = _period(row)
    return {
        "kind": row.read("kind", Expected.KIND, _word(FilingKind)),
        "care_region": row.read("care", Expected.CARE, _region),
        "starts": starts,
        "ends": ends,
        "filed_on": row.read("filed_on", Expected.DAY, _day(EARLIEST, timezone.localdate())),
    }


def _person_cells(coverage: Coverage) -> dict[str, Value]:
    person, scheme = coverage.person, Scheme(coverage.scheme)
    pool = f"{coverage.pool} {regions.full_name(coverage.pool)}"
    return {"identity": person.identity, "name": person.name, "pool": pool, "scheme": scheme.zh}


def _qualification_cells(case: Qualification) -> dict[str, Value]:
    return _person_cells(case.coverage) | {
        "disease": f"{case.disease} {diseases.disease(case.disease).name}",
        "starts": case.starts,
        "ends": case.ends,
        "providers": "、".join(case.providers),
    }


def _filing_cells(case: Filing) -> dict[str, Value]:
    return _person_cells(case.coverage) | {
        "kind": FilingKind(case.kind).zh,
        "care": f"{case.care_region} {regions.full_name(case.care_region)}",
        "starts": case.starts,
        "ends": case.ends,
        "filed_on": case.filed_on,
    }


SHEETS: Mapping[ListKind, Sheet] = {
    sheet.kind: sheet
    for sheet in (
        Sheet(
            ListKind.QUALIFICATIONS,
            (
                *PERSON,
                Column("disease", "病种", "Disease", width=30),
                STARTS,
                ENDS,
                Column("providers", "限定医疗机构", "Limited to providers", required=False, width=30),
            ),
            _read_qualification,
            qualifications.take_over,
            granted_in,
            (str(QualificationState.APPROVED),),
            _qualification_cells,
        ),
        Sheet(
            ListKind.FILINGS,
            (
                *PERSON,
                Column("kind", "备案类型", "Kind of filing", width=20),
                Column("care", "就医地", "Care region", width=26),
                STARTS,
                ENDS,
                Column("filed_on", "办理日期", "Filed on", Cell.DATE, width=14),
            ),
            _read_filing,
            filings.take_over,
            effective_in,
            (str(FilingState.ACTIVE),),
            _filing_cells,
        ),
    )
}


# in


def import_list(kind: ListKind, content: bytes, actor: Actor, *, keep: bool) -> Report:
    """Take a list over, all of it or, where anything is wrong with it, nothing; without `keep` only try.

    Rows that stand here the same change nothing, so that a list may be imported again. People are held in the order of
    their numbers, so that no two imports wait for each other. Raises NotAllowed, NoRows, TooManyRows and what
    `evidence.sheets.read_sheet` raises.
    """
    actor.must_do(Action.IMPORT_LISTS, actor.region)
    sheet, digest = SHEETS[kind], digest_of(content)
    report = Report(digest)
    rows = rows_of(kind, content)
    report.rows = len(rows)
    taken: dict[str, int] = {}
    with transaction.atomic():
        for given in sorted(rows, key=lambda row: (str(row.cells.get("identity")), row.number)):
            if len(report.faults) >= MOST_FAULTS:
                report.cut_short = True
                break
            row = _Row(sheet, given)
            _take(sheet, row, actor, f"{kind.zh} {digest[:8]} 第 {row.number} 行", report, taken)
        report.faults.sort(key=lambda fault: fault.row)
        if report.faults or not keep:
            transaction.set_rollback(True)
        else:
            counts = f"新增 {report.new}，不变 {report.unchanged}"
            record(actor, "lists:import", f"{kind}:{digest[:16]}", counts)
    return report


def digest_of(content: bytes) -> str:
    """By which a file is known to be the same."""
    return hashlib.sha256(content).hexdigest()


def rows_of(kind: ListKind, content: bytes) -> list[SheetRow]:
    """The rows of a list as texts, whatever is in their cells. Raises NoRows, TooManyRows, and what `read_sheet` raises."""
    as_texts = [replace(column, holds=Cell.TEXT, gaps=True) for column in SHEETS[kind].columns]
    rows = read_sheet(io.BytesIO(content), as_texts)
    if not rows:
        raise NoRows()
    if len(rows) > MOST_ROWS:
        raise TooManyRows(most=MOST_ROWS, rows=len(rows))
    return rows


def _take(sheet: Sheet, row: _Row, actor: Actor, origin: str, report: Report, taken: dict[str, int]) -> None:
    """Take one row over, or note what is wrong with it. `taken` maps numbers of new cases to their rows."""
    told = sheet.read(row)
    coverage = _coverage(row, actor, told["starts"], told["ends"])
    if row.faults or coverage is None:
        report.faults += row.faults
        return
    try:
        with transaction.atomic():
            case = sheet.take(coverage=coverage, actor=actor, origin=origin, **told)
    except Refusal as refusal:
        clash = taken.get(str(refusal.details.get("number", "")))
        report.faults.append(Fault(row.number, None, RowsClash(row=clash) if clash else refusal))
        return
    if case is None:
        report.unchanged += 1
        return
    taken[case.number] = row.number
    report.new += 1


def _coverage(row: _Row, actor: Actor, starts: date | None, ends: date | None) -> Coverage | None:
    """How the person of a row is insured; None where that is not to be told, which is noted."""
    identity = row.read("identity", Expected.IDENTITY, parse_identity)
    pool = row.read("pool", Expected.POOL, _pool)
    scheme = row.read("scheme", Expected.SCHEME, _word(Scheme))
    try:
        actor.must_do(Action.IMPORT_LISTS, pool or actor.region)
    except OutsideRegion as refusal:
        row.fault("pool", refusal)
        return None
    if None in (identity, pool, scheme) or starts is None:
        return None
    person = _person(identity)
    coverage = people.coverage_during(person, pool, scheme, starts, ends) if person else None
    if coverage is None:
        row.fault("identity", NotOnRegister(pool=regions.full_name(pool), scheme=scheme))
        return None
    name = str(row.cells.get("name") or "").strip()
    if name and name != coverage.person.name:
        row.fault("name", NameDiffers())
        return None
    return coverage


def _person(identity: str) -> Person | None:
    try:
        return people.by_identity(identity)
    except UnknownPerson:
        return None


# out


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be exported."""

    kind: ListKind
    pool: str = ""
    """Empty = all pools of the region."""
    with_past: bool = False
    """With what is over."""

    def cases(self, actor: Actor) -> QuerySet[Any]:
        """The cases, in the order in which they came. Raises NotAllowed, OutsideRegion."""
        actor.must_do(Action.EXPORT_LISTS, self.pool or actor.region)
        sheet = SHEETS[self.kind]
        found = sheet.rows([self.pool] if self.pool else pools_of(actor.region))
        return found if self.with_past else found.filter(state__in=sheet.present)

    def parts(self, actor: Actor) -> int:
        """In how many files they fit, each as long as an import may be."""
        return -(-self.cases(actor).count() // MOST_ROWS)


def export_list(wanted: Wanted, part: int, actor: Actor, reason: str, language: str = "zh") -> bytes:
    """One part of a list as .xlsx, in the columns of its template; every person on it is noted as looked at.

    Raises NotAllowed, OutsideRegion, NoSuchPart, ReasonMissing.
    """
    sheet, parts = SHEETS[wanted.kind], wanted.parts(actor)
    if not 1 <= part <= parts:
        raise NoSuchPart(part=part, parts=parts)
    with transaction.atomic():
        cases = list(wanted.cases(actor)[(part - 1) * MOST_ROWS : part * MOST_ROWS])
        seen = dict.fromkeys(case.coverage.person.number for case in cases)
        looked_each(actor, seen, f"lists:{wanted.kind}", reason)
        record(actor, "lists:export", str(wanted.kind), f"{len(cases)} 行：{reason.strip()}")
    return write_sheet(_title(wanted.kind, language), sheet.columns, map(sheet.written, cases), language)


def template(kind: ListKind, language: str = "zh") -> bytes:
    """The empty list, with a second sheet that says what to fill in where."""
    sheet, place = SHEETS[kind], 1 if language == "en" else 0
    notes = [("列", "怎样填写", "示例"), ("Column", "What to fill in", "Example")]
    told = [
        ((column.zh, column.en)[place], ABOUT[column.key][place], ABOUT[column.key][2])
        for column in sheet.columns
    ]
    return write_sheet(_title(kind, language), sheet.columns, [], language, [notes[place], *told])


def _title(kind: ListKind, language: str) -> str:
    return kind.label(language)
