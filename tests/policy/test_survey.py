"""A rule book seen as a whole: how far it answers, what is contested, what nobody has looked at for long."""

from datetime import date
from pathlib import Path

import pytest

from tests.policy.factories import book_of, pack
from yidi.policy.book import RuleBook, book
from yidi.policy.lookup import Matter
from yidi.policy.survey import (
    MATTERS,
    Coverage,
    State,
    contested,
    coverage,
    levels_of,
    questions,
    rules_named,
    stale,
)
from yidi.values.terms import LAYERS, Benefit, Level, Scheme

DAY = date(2026, 6, 2)
WHOLE = "deductible: none\nshare: 60%\nceiling: none"
OF_GRADE_C = "adopted: false\nreading: data\nsource: {id: NEWS, clause: x, grade: C, checked: 2026-01-01}\n"


def of(book: RuleBook, matter: str, scheme: Scheme = Scheme.EMPLOYEE, pool: str = "360100") -> Coverage:
    found = [
        item
        for item in coverage(book, DAY)
        if (item.pool, item.scheme, item.matter) == (pool, scheme, matter)
    ]
    assert len(found) == 1
    return found[0]


STATES: list[tuple[str, list[str], State]] = [
    ("everything adopted", [WHOLE], "adopted"),
    ("one level only", ["deductible: none\nshare: {primary: 60%}\nceiling: none"], "partly"),
    ("grade C alone", [OF_GRADE_C + WHOLE], "unverified"),
    ("a reading that is kept", ["adopted: false\nreading: hall\n" + WHOLE], "named"),
    ("a parameter short", ["deductible: none\nshare: 60%"], "missing"),
    ("grade C, and a parameter short", [OF_GRADE_C + "share: 60%"], "missing"),
    ("not yet in force", ["in_force: {from: 2026-06-03}\n" + WHOLE], "missing"),
]


@pytest.mark.parametrize(("name", "rules", "state"), STATES, ids=[name for name, _, _ in STATES])
def test_how_far_a_benefit_is_answered(name: str, rules: list[str], state: State, tmp_path: Path) -> None:
    assert of(book_of(tmp_path, city=pack(*rules)), "general-outpatient").state == state


def test_nothing_is_said_of_what_no_pack_speaks_of(tmp_path: Path) -> None:
    book = book_of(tmp_path, city=pack(WHOLE))
    assert of(book, "inpatient").state == "none"
    assert of(book, "general-outpatient", Scheme.RESIDENT).state == "none"
    assert {item.matter for item in coverage(book, DAY)} == set(MATTERS)


def test_what_is_missing_has_a_name(tmp_path: Path) -> None:
    found = of(book_of(tmp_path, city=pack("deductible: none\nshare: {primary: 60%}")), "general-outpatient")
    assert set(found.missing) == {"普通门诊统筹的封顶线", "普通门诊统筹的报销比例"}
    assert (found.asked, found.adopted) == (6, 0)


def test_grades_are_those_of_the_answers(tmp_path: Path) -> None:
    rules = (
        "deductible: none\nshare: 60%",
        "source: {id: NEWS, clause: x, grade: S, checked: 2026-01-01}\nceiling: none",
    )
    assert of(book_of(tmp_path, city=pack(*rules)), "general-outpatient").grades == ("A", "S")


def test_a_province_answers_for_its_pools(tmp_path: Path) -> None:
    book = book_of(
        tmp_path,
        province=pack(WHOLE, pool="360000"),
        city=pack("share: 70%", pool="360100", benefit="inpatient"),
    )
    assert of(book, "general-outpatient").state == "adopted"


def test_layers_stand_by_themselves(tmp_path: Path) -> None:
    above = "layer: {base: person, over: [inpatient]}\n"
    book = book_of(tmp_path, city=pack(above + WHOLE, benefit="large-sum"))
    assert of(book, "large-sum").state == "adopted"
    short = book_of(tmp_path, city=pack(above + "share: 60%\nceiling: none", benefit="large-sum"))
    assert of(short, "large-sum").missing == ("职工大额医疗费用补助的起付线",)


def test_filing_is_asked_situation_by_situation(tmp_path: Path) -> None:
    book = book_of(tmp_path, city=pack("adjustment: {temporary: {mode: none}}", benefit="filing"))
    found = of(book, "filing")
    assert (found.asked, found.adopted, found.state) == (14, 3, "partly")


@pytest.mark.parametrize(
    ("benefit", "rule"),
    [
        ("account", "own: {pays: [in-scope]}"),
        ("cover", "interruption: {free_months: 3, waiting_at_most: 6}"),
        ("contribution", "base: {yearly_wage: 91180, floor: 60%, top: 3}\nyearly: {person: 400}"),
    ],
)
def test_matters_are_asked_parameter_by_parameter(benefit: str, rule: str, tmp_path: Path) -> None:
    found = of(book_of(tmp_path, city=pack(rule, benefit=benefit)), benefit)
    assert (found.asked, found.state) == (len(rule.splitlines()), "adopted")


def test_levels_are_asked_where_a_rule_names_them(tmp_path: Path) -> None:
    rule = "deductible: none\nshare: {tertiary: 60%, pharmacy: 70%}\nceiling: none"
    book = book_of(tmp_path, city=pack(rule))
    levels = levels_of(book, "360100", Scheme.EMPLOYEE, "general-outpatient")
    assert levels == (Level.PRIMARY, Level.SECONDARY, Level.TERTIARY, Level.PHARMACY)
    asked = list(questions(book, "360100", Scheme.EMPLOYEE, Benefit.GENERAL_OUTPATIENT, DAY))
    assert len(asked) == 2 * len(levels)


def test_diseases_are_asked_each(tmp_path: Path) -> None:
    rule = "classes: {I: {}}\ndiseases: {M03900: {class: I}, M01600: {class: I}}\n" + WHOLE
    book = book_of(tmp_path, city=pack(rule, benefit="chronic-disease"))
    assert of(book, "chronic-disease").asked == 2 * 2 * 3


def test_contested_rules_stand_under_their_conflict(tmp_path: Path) -> None:
    text = pack("contests: [E-99]\n" + WHOLE)
    book = book_of(tmp_path, city=text)
    (place,) = contested(book)["E-99"]
    assert (place.rule, place.adopted, place.file.name) == ("360100-0", True, "city.yaml")
    assert place.line == text.splitlines().index("  - contests: [E-99]") + 1


def test_a_conflict_without_rules_is_listed_too(tmp_path: Path) -> None:
    assert contested(book_of(tmp_path, city=pack(WHOLE))) == {"E-99": []}


def test_rules_are_found_by_their_id(tmp_path: Path) -> None:
    book = book_of(tmp_path, one=pack(WHOLE), two=pack(WHOLE, benefit="inpatient"))
    assert [place.matter for place, _ in rules_named(book, "360100-0")] == ["general-outpatient", "inpatient"]
    assert rules_named(book, "nothing") == []


@pytest.mark.parametrize(("days", "found"), [(151, ["LAW"]), (152, []), (0, ["LAW", "NEWS"])])
def test_sources_that_nobody_looked_at_for_long(days: int, found: list[str], tmp_path: Path) -> None:
    """The oldest first; a source looked at exactly so many days ago is not yet stale."""
    newer = "ceiling: {yuan: 1, per: year, on: fund, source: {id: NEWS, clause: x, grade: A, checked: 2026-06-01}}"
    text = pack("deductible: none\nshare: 60%\n" + newer)
    late = stale(book_of(tmp_path, city=text), DAY, days)
    assert [item.source for item in late] == found
    assert all(item.days == (DAY - item.checked).days for item in late)
    lines = {item.source: text.splitlines()[item.place.line - 1] for item in late}
    assert all(f"id: {name}" in line for name, line in lines.items())


def test_the_shipped_book_is_surveyed_whole() -> None:
    found = coverage(book(), date(2026, 11, 22), ("360100", "110000"))
    assert len(found) == 2 * len(Scheme) * (len(Benefit) + len(LAYERS) + len(Matter))
    assert {
        item.state for item in found if item.matter == "general-outpatient" and item.pool == "360100"
    } <= {
        "adopted",
        "partly",
    }
    assert all(item.adopted + item.unverified + item.named <= item.asked for item in found)
