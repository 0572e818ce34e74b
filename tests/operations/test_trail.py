"""The trail of a region: what an auditor sees, by whose consent somebody acted, and files of it."""

import csv
import io
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

import yidi
from tests.accounts.factories import CLERK, FOREIGN_CLERK, PERSON, WINDOW
from tests.casework.factories import RELATIVE, consent_at_window, consent_to_relative
from tests.filing.factories import a_filing
from tests.people.factories import a_coverage, a_person
from tests.qualification.factories import a_qualification
from yidi.accounts.actors import SYSTEM, Actor, ActorKind
from yidi.accounts.errors import NotAllowed
from yidi.accounts.terms import Role
from yidi.audit.models import Event, Look
from yidi.audit.services import looked, record
from yidi.filing.models import Filing
from yidi.operations.errors import NotHere, TrailTooLong, UnknownCase
from yidi.operations.terms import OtherDeed, TrailFile, TrailKind
from yidi.operations.trail import Asked, export, lines, must_be_here, rows
from yidi.people.models import Coverage
from yidi.qualification.states import State

pytestmark = pytest.mark.django_db
AUDITOR = Actor(ActorKind.CLERK, "sheng", "360100", frozenset({Role.AUDITOR}))
FAR = Actor(ActorKind.CLERK, "far", "310000", frozenset({Role.AUDITOR}))
LOOKS = TrailKind.LOOKS


def told(auditor: Actor = AUDITOR, **asked: object) -> list[str]:
    return [f"{row.actor} {row.action} {row.subject}" for row in rows(Asked(**asked), auditor)]  # type: ignore[arg-type]


@pytest.fixture
def coverage() -> Coverage:
    return a_coverage()


class TestWhatAnAuditorSees:
    def test_acts_of_the_regions_clerks_and_on_the_regions_cases_and_of_its_people(
        self, coverage: Coverage
    ) -> None:
        case = a_qualification(State.UNDER_REVIEW, coverage)
        record(SYSTEM, "qualification:expired", case.number)
        record(CLERK, "accounts:sign-in", CLERK.name)
        record(PERSON, "notices:contact", PERSON.name)
        record(RELATIVE, "consents:accepted", "consent-1")
        record(Actor(ActorKind.INSTITUTION, "H1"), "gateway:look-1101", PERSON.name)
        assert len(told()) == 5
        assert told(FAR) == []

    def test_nothing_of_another_region(self, coverage: Coverage) -> None:
        far = a_coverage(2, pool="310000")
        theirs = a_qualification(State.UNDER_REVIEW, far)
        record(CLERK, "qualification:approved", theirs.number)
        record(FOREIGN_CLERK, "accounts:sign-in", FOREIGN_CLERK.name)
        record(Actor(ActorKind.PERSON, far.person.number), "notices:contact", far.person.number)
        looked(FOREIGN_CLERK, far.person.number, theirs.number, "办理")
        assert told() == []
        assert list(rows(Asked(kind=LOOKS), AUDITOR)) == []
        assert len(told(FAR)) == 3

    def test_what_a_person_of_ours_does_elsewhere_stays_there(self, coverage: Coverage) -> None:
        far = coverage.person.coverages.create(
            pool="310000", scheme="resident", standing="senior", starts=date(2024, 1, 1)
        )
        theirs = a_filing(coverage=far, care_region="360100")
        record(PERSON, "filing:submitted", theirs.number)
        assert told() == told(person=PERSON.name) == []
        assert len(told(FAR)) == 1

    def test_what_was_never_handed_in_is_nobodys_business(self, coverage: Coverage) -> None:
        draft = a_qualification(State.DRAFT, coverage)
        record(PERSON, "qualification:apply", draft.number)
        assert told() == []

    def test_only_auditors(self) -> None:
        for actor in (PERSON, WINDOW, SYSTEM):
            with pytest.raises(NotAllowed):
                rows(Asked(), actor)


@pytest.fixture
def busy(coverage: Coverage) -> str:
    """Two cases of two people, worked on by two clerks; the number of the first."""
    case, other = a_qualification(State.UNDER_REVIEW, coverage), a_filing(coverage=a_coverage(2))
    record(PERSON, "qualification:submitted", case.number)
    record(CLERK, "qualification:under-review", case.number)
    record(Actor(ActorKind.CLERK, "另一位", "360100"), "filing:active", other.number)
    looked(CLERK, coverage.person.number, case.number, f"办理 {case.number}")
    looked(CLERK, other.coverage.person.number, "record", "答复本人咨询")
    return case.number


class TestFilters:
    def test_by_person_case_actor_and_day(self, busy: str) -> None:
        today = timezone.localdate()
        assert len(told()) == 3
        assert len(told(person=PERSON.name)) == 2
        assert len(told(case=busy)) == len(told(case=busy.lower())) == 2
        other = Filing.objects.get().number
        assert told(actor="另一位") == [f"另一位 filing:active {other}"]
        assert told(actor=CLERK.name, case=other) == []
        assert len(told(first=today, last=today)) == 3
        assert told(first=today + timedelta(days=1)) == told(last=today - timedelta(days=1)) == []

    def test_looks(self, busy: str) -> None:
        assert len(rows(Asked(kind=LOOKS), AUDITOR)) == 2
        [one] = rows(Asked(kind=LOOKS, case=busy), AUDITOR)
        [other] = rows(Asked(kind=LOOKS, person="36010000000000000002"), AUDITOR)
        assert (one.what, other.what) == (busy, "record")
        assert len(rows(Asked(kind=LOOKS, actor=CLERK.name), AUDITOR)) == 2

    def test_reading_about_a_person_is_a_look_itself(self, busy: str) -> None:
        before = Look.objects.count()
        must_be_here(Asked(case=busy), AUDITOR)
        assert Look.objects.count() == before
        must_be_here(Asked(person=PERSON.name), AUDITOR)
        look = Look.objects.latest("pk")
        assert (look.actor, look.person, look.what) == ("sheng", PERSON.name, "trail")

    def test_who_and_what_is_elsewhere_is_not_found(self, busy: str) -> None:
        a_person(3)
        for asked, auditor, refusal in (
            (Asked(person=PERSON.name), FAR, NotHere),
            (Asked(person="36010000000000000003"), AUDITOR, NotHere),
            (Asked(person="nobody"), AUDITOR, NotHere),
            (Asked(case=busy), FAR, UnknownCase),
            (Asked(case="Q0000099999"), AUDITOR, UnknownCase),
        ):
            with pytest.raises(refusal):
                must_be_here(asked, auditor)


class TestByWhoseConsent:
    def test_a_relative_and_the_window_each_by_their_own(self, coverage: Coverage) -> None:
        case = a_qualification(State.UNDER_REVIEW, coverage)
        relative, window = consent_to_relative(coverage.person), consent_at_window(coverage.person)
        for actor in (PERSON, RELATIVE, WINDOW):
            record(actor, "qualification:submitted", case.number)
        by = {line.row.actor: line.consent for line in lines(rows(Asked(), AUDITOR))}
        assert by == {PERSON.name: None, RELATIVE.name: relative, WINDOW.name: window}

    def test_not_by_one_of_another_day_or_taken_back(self, coverage: Coverage) -> None:
        case = a_qualification(State.UNDER_REVIEW, coverage)
        consent = consent_at_window(coverage.person)
        yesterday = timezone.localdate() - timedelta(days=1)
        type(consent).objects.update(starts=yesterday, ends=yesterday)
        back = consent_to_relative(coverage.person)
        type(back).objects.filter(pk=back.pk).update(revoked_at=timezone.now() - timedelta(hours=1))
        for actor in (RELATIVE, WINDOW):
            record(actor, "qualification:submitted", case.number)
        assert [line.consent for line in lines(rows(Asked(), AUDITOR))] == [None, None]


def test_a_longer_page_asks_the_database_no_more_often(coverage: Coverage) -> None:
    case = a_qualification(State.UNDER_REVIEW, coverage)

    def asked(count: int) -> int:
        for _ in range(count):
            record(WINDOW, "qualification:save", case.number)
        with CaptureQueriesContext(connection) as queries:
            lines(rows(Asked(), AUDITOR)[:50])
        return len(queries)

    assert asked(1) == asked(30) == 2


class TestFiles:
    def test_both_hold_the_same_lines_and_no_formula(self, coverage: Coverage) -> None:
        case = a_qualification(State.UNDER_REVIEW, coverage)
        record(CLERK, "qualification:more-evidence", case.number, '=HYPERLINK("http://x")')
        record(RELATIVE, "consents:accepted", "consent-1", "@SUM(1)")
        text = export(Asked(), TrailFile.CSV, AUDITOR, "zh").decode("utf-8-sig")
        table = list(csv.reader(io.StringIO(text)))
        book = load_workbook(io.BytesIO(export(Asked(), TrailFile.XLSX, AUDITOR, "en")))
        sheet = book.worksheets[0]
        assert table[0][:3] == ["时间", "身份", "谁"]
        assert [cell.value for cell in sheet[1]][:3] == ["Time", "Kind", "Who"]
        assert table[2][8] == '\'=HYPERLINK("http://x")'
        assert table[1][8] == "'@SUM(1)"
        reasons = [sheet.cell(row, 9) for row in (3, 4)]
        assert {cell.data_type for cell in reasons} == {"s"}
        assert table[1][4] == PERSON.name

    def test_that_it_was_made_stands_in_the_trail(self, busy: str) -> None:
        export(Asked(case=busy), TrailFile.CSV, AUDITOR, "zh")
        event = Event.objects.get(action="trail:export")
        assert event.actor == "sheng"
        assert busy in event.reason

    def test_looks_too_and_none_too_long(self, busy: str, monkeypatch: pytest.MonkeyPatch) -> None:
        text = export(Asked(kind=LOOKS), TrailFile.CSV, AUDITOR, "zh").decode("utf-8-sig")
        assert len(text.strip().splitlines()) == 3
        monkeypatch.setattr("yidi.operations.trail.MOST_EXPORTED", 1)
        with pytest.raises(TrailTooLong):
            export(Asked(kind=LOOKS), TrailFile.CSV, AUDITOR, "zh")

    def test_not_for_whoever_may_not_export(self) -> None:
        with pytest.raises(NotAllowed):
            export(Asked(), TrailFile.CSV, WINDOW, "zh")


def test_every_action_besides_cases_has_a_word() -> None:
    found = set()
    for path in Path(yidi.__file__).parent.rglob("*.py"):
        if path.name != "terms.py":
            text = path.read_text(encoding="utf-8")
            found |= set(
                re.findall(r'"((?:accounts|consents|notices|lists|trail|settlement|gateway):[a-z-]+)', text)
            )
    known = OtherDeed.spellings()
    assert len(found) > 25
    assert {action for action in found if action.rstrip("-") not in known} == set()
