"""A book as far as it could be known on a day: later sources are left out, and nothing is made up for them."""

from datetime import date
from pathlib import Path

import pytest

from tests.policy.factories import book_of, faults_of, pack, write
from yidi.policy.book import RuleBook, book, load
from yidi.policy.errors import MissingParameter
from yidi.policy.forms import SourceDoc
from yidi.policy.loaded import sources_of
from yidi.policy.resolve import benefit_rule
from yidi.policy.rules import Question
from yidi.policy.survey import contested, rules_named, stale
from yidi.values.terms import Benefit, Level, Scheme, Situation, Standing

CHECKED = date(2026, 1, 1)
ASKED = Question(
    "360100",
    Scheme.EMPLOYEE,
    Standing.ACTIVE,
    Benefit.GENERAL_OUTPATIENT,
    Level.TERTIARY,
    Situation.LOCAL,
    date(2026, 6, 2),
)
OLD = "id: old\nin_force: {from: 2024-01-01, until: 2025-12-31}\ndeductible: none\nshare: 50%\nceiling: none"
NEW = (
    "id: new\nin_force: {from: 2026-01-01}\ncontests: [E-99]\n"
    'source: {id: LAW, clause: "2", grade: A, checked: 2026-01-01, known: 2025-11-20}\n'
    "deductible: {yuan: 100, per: year, source: {id: NEWS, clause: x, grade: B, checked: 2025-12-24}}\n"
    "share: 60%\nceiling: none"
)


def source(text: str = "", **fields: object) -> SourceDoc:
    return SourceDoc.model_validate(
        {"id": text or "LAW", "clause": "1", "grade": "A", "checked": CHECKED, **fields}
    )


@pytest.mark.parametrize(
    ("register", "fields", "since"),
    [
        ("{title: x}", {}, CHECKED),
        ("{title: x, issued: 2023-12-01}", {}, date(2023, 12, 1)),
        ("{title: x, issued: 2023-11}", {}, date(2023, 11, 30)),
        ("{title: x, issued: 2024-02}", {}, date(2024, 2, 29)),
        ("{title: x, issued: 2023}", {}, date(2023, 12, 31)),
        ("{title: x, issued: 2026-05-01}", {}, CHECKED),
        ("{title: x, known: 2024-08-01}", {}, date(2024, 8, 1)),
        ("{title: x, issued: 2025, known: 2024-08-01}", {}, date(2024, 8, 1)),
        ("{title: x, issued: 2023-12-01}", {"known": date(2025, 5, 5)}, date(2025, 5, 5)),
    ],
)
def test_the_earliest_recorded_day(
    register: str, fields: dict[str, object], since: date, tmp_path: Path
) -> None:
    folder = write(tmp_path)
    (folder / "sources.yaml").write_text(f"LAW: {register}\n", encoding="utf-8")
    assert load(folder).known_since(source(**fields)) == since


def test_nothing_is_known_after_it_was_checked(tmp_path: Path) -> None:
    late = 'source: {id: LAW, clause: "1", grade: A, checked: 2026-01-01, known: 2026-01-02}\nshare: 60%'
    (fault,) = faults_of(tmp_path, city=pack(late))
    assert "known 晚于 checked" in fault.details["what"]


@pytest.fixture
def two(tmp_path: Path) -> RuleBook:
    return book_of(tmp_path, city=pack(OLD, NEW))


def test_a_day_before_anything_was_known(two: RuleBook) -> None:
    nothing = two.as_known_on(date(2023, 11, 30))
    assert nothing.packs == {}
    with pytest.raises(MissingParameter):
        benefit_rule(nothing, ASKED)


def test_a_rule_that_was_not_known_yet_does_not_answer(two: RuleBook) -> None:
    before = two.as_known_on(date(2025, 11, 19))
    with pytest.raises(MissingParameter):
        benefit_rule(before, ASKED)
    assert rules_named(before, "new") == []
    assert [place.line for place, _ in rules_named(before, "old")] == [
        place.line for place, _ in rules_named(two, "old")
    ]


def test_a_value_comes_when_its_own_source_does(two: RuleBook) -> None:
    between = two.as_known_on(date(2025, 12, 23))
    with pytest.raises(MissingParameter, match="起付线"):
        benefit_rule(between, ASKED)
    known = two.as_known_on(date(2025, 12, 24))
    assert known is two, "nothing was left out"
    assert benefit_rule(known, ASKED).deductible.amounts == (10_000,)


def test_places_lead_to_the_lines_of_the_file(tmp_path: Path) -> None:
    """Where the first rule is left out the others move up, and still stand where they stand."""
    late = OLD.replace("id: old", "id: old\nsource: {id: NEWS, clause: x, grade: A, checked: 2026-01-01}")
    whole = book_of(tmp_path, city=pack(late, NEW))
    part = whole.as_known_on(date(2025, 12, 30))
    assert [place for place, _ in rules_named(part, "new")] == [
        place for place, _ in rules_named(whole, "new")
    ]
    assert contested(part) == contested(whole)
    assert {item.place.line for item in stale(part, date(2027, 1, 1), 1)} < {
        item.place.line for item in stale(whole, date(2027, 1, 1), 1)
    }


def test_the_digest_tells_the_books_apart(two: RuleBook) -> None:
    days = [date(2025, 11, 19), date(2025, 12, 23), date(2026, 6, 1)]
    digests = [two.as_known_on(day).digest for day in days]
    assert len(set(digests)) == 3
    assert digests[-1] == two.digest
    assert two.as_known_on(days[0]).digest == digests[0]


LISTS = """
classes: {I: {}, II: {ceiling: {yuan: 1, per: year, on: fund, source: {id: NEWS, clause: x, grade: A, checked: 2026-01-01}}}}
diseases: {M01600: {class: I, source: {id: NEWS, clause: x, grade: A, checked: 2026-01-01}}, M03900: {class: II}}
"""
CEILINGS = """
ceiling:
  - {yuan: 1, per: month, on: fund, source: {id: NEWS, clause: x, grade: A, checked: 2026-01-01}}
"""


def test_parts_of_lists_and_tables_come_one_by_one(tmp_path: Path) -> None:
    flat = CEILINGS.strip().replace("\n  - ", " [") + "]"
    rules = book_of(
        tmp_path,
        chronic=pack(LISTS.strip(), benefit="chronic-disease"),
        general=pack(flat),
    ).as_known_on(date(2025, 12, 31))
    (chronic,) = rules.packs["360100", "employee", "chronic-disease"].pack.rules
    assert list(chronic.diseases) == ["M03900"]
    assert chronic.classes["II"].ceiling is None
    (general,) = rules.packs["360100", "employee", "general-outpatient"].pack.rules
    assert general.ceiling is None


def test_no_shipped_statement_is_known_before_its_source_was_seen() -> None:
    """A page that shows a rule in force on a day was there on that day, not before."""
    for loaded in book().packs.values():
        for rule in loaded.pack.rules:
            seen = rule.in_force.seen
            if seen and seen != "checked" and rule.in_force.until is None:
                assert str(book().known_since(rule.source)) >= seen, rule.id


def test_the_shipped_book_grows_with_its_sources() -> None:
    days = [date(2022, 1, 1), date(2023, 1, 1), date(2025, 3, 20), date(2025, 12, 1), date(2026, 11, 21)]
    books = [book().as_known_on(day) for day in days]
    counts = [sum(len(loaded.pack.rules) for loaded in known.packs.values()) for known in books]
    assert counts == sorted(counts)
    assert counts[0] == 0
    assert books[-1] is book()
    sources = {
        part.id
        for loaded in books[2].packs.values()
        for rule in loaded.pack.rules
        for _, part in sources_of(rule)
    }
    assert sources == {"N22", "N22-CN", "N10", "N10-Q", "N19-24", "SEED-004", "SZCU"}
