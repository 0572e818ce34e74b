"""What changes between two rule sets or two days: for whom, and nothing where only sources changed."""

from datetime import date
from pathlib import Path

import pytest

from tests.policy.factories import book_of, pack
from yidi.policy.book import RuleBook, load
from yidi.policy.differences import Side, adjustment_changes, benefit_changes, statement_changes
from yidi.policy.errors import MissingParameter
from yidi.policy.rules import BenefitRule
from yidi.values.terms import Level, Situation, Standing

DAY = date(2026, 6, 2)
RULE = (
    "deductible: {yuan: 300, per: year}\nshare: {primary: 65%, secondary: 60%, tertiary: 55%}\nceiling: none"
)


def books(folder: Path, before: str, after: str) -> tuple[RuleBook, RuleBook]:
    for name in ("before", "after"):
        (folder / name).mkdir()
    return book_of(folder / "before", city=before), book_of(folder / "after", city=after)


def sides(folder: Path, before: str, after: str) -> tuple[Side, Side]:
    one, other = books(folder, before, after)
    return Side(one, DAY), Side(other, DAY)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("reading: law", "reading: law"),
        ('clause: "1"', 'clause: "2"'),
        ("checked: 2026-01-01", "checked: 2026-02-01"),
        ("in_force: {from: 2024-01-01}", "in_force: {from: 2025-01-01}"),
        ("tertiary: 55%", "tertiary: 55.0%"),
    ],
)
def test_what_changes_no_amount_is_no_change(old: str, new: str, tmp_path: Path) -> None:
    text = pack(RULE)
    assert old in text
    one, other = sides(tmp_path, text, text.replace(old, new))
    assert list(benefit_changes(one, other)) == []


def test_those_concerned_and_nobody_else(tmp_path: Path) -> None:
    one, other = sides(tmp_path, pack(RULE), pack(RULE.replace("tertiary: 55%", "tertiary: 56%")))
    changes = list(benefit_changes(one, other))
    assert [(change.question.standing, change.question.level) for change in changes] == [
        (Standing.ACTIVE, Level.TERTIARY),
        (Standing.RETIRED, Level.TERTIARY),
    ]
    (before, after) = (changes[0].before, changes[0].after)
    assert isinstance(before, BenefitRule)
    assert isinstance(after, BenefitRule)
    assert (before.share.ppm, after.share.ppm) == (550_000, 560_000)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("yuan: 300", "yuan: 400"),
        ("per: year}", "per: visit}"),
        ("ceiling: none", "ceiling: {yuan: 2000, per: year, on: fund}"),
        ("ceiling: none", "ceiling: {yuan: 2000, per: year, on: cost}"),
    ],
)
def test_every_parameter_counts(old: str, new: str, tmp_path: Path) -> None:
    one, other = sides(tmp_path, pack(RULE), pack(RULE.replace(old, new)))
    assert len(list(benefit_changes(one, other))) == 6


def test_an_answer_that_goes_is_a_change(tmp_path: Path) -> None:
    one, other = sides(tmp_path, pack(RULE), pack(RULE.replace("ceiling: none", "note: short")))
    changes = list(benefit_changes(one, other))
    assert len(changes) == 6
    assert all(isinstance(change.after, MissingParameter) for change in changes)
    assert len(list(benefit_changes(other, one))) == 6
    assert list(benefit_changes(other, other)) == []


def test_two_days_of_one_book(tmp_path: Path) -> None:
    later = RULE.replace("55%", "50%")
    book = book_of(
        tmp_path,
        city=pack(
            "in_force: {from: 2024-01-01, until: 2025-12-31}\n" + RULE,
            "in_force: {from: 2026-01-01}\n" + later,
        ),
    )
    one, other = Side(book, date(2025, 12, 31)), Side(book, date(2026, 1, 1))
    assert {change.question.level for change in benefit_changes(one, other)} == {Level.TERTIARY}
    assert list(benefit_changes(one, Side(book, date(2025, 1, 1)))) == []


def test_a_province_changes_its_pools_too(tmp_path: Path) -> None:
    for name, share in (("before", "55%"), ("after", "50%")):
        (tmp_path / name).mkdir()
        book_of(
            tmp_path / name,
            province=pack(RULE.replace("55%", share), pool="360000"),
            city=pack("own: {pays: [in-scope]}", benefit="account"),
        )
    one, other = (Side(load(tmp_path / name), DAY) for name in ("before", "after"))
    assert {change.question.home for change in benefit_changes(one, other)} == {"360000", "360100"}
    assert {change.question.home for change in benefit_changes(one, other, ["360100"])} == {"360100"}


def test_adjustments_change_by_situation(tmp_path: Path) -> None:
    before = "adjustment: {temporary: {mode: upfront, ratio: 10%, order: upfront-first}}"
    after = before.replace("temporary: {", "emergency: {mode: none}, temporary: {")
    one, other = sides(tmp_path, pack(before, benefit="filing"), pack(after, benefit="filing"))
    (change,) = adjustment_changes(one, other)
    assert (change.situation, change.after.mode if change.after else "") == (Situation.EMERGENCY, "none")


def test_other_rules_come_go_and_change(tmp_path: Path) -> None:
    before = pack("id: old\nunfiled: {direct: false}", "id: same\nchannels: [窗口]", benefit="filing")
    after = pack("id: new\nunfiled: {direct: true}", "id: same\nchannels: [窗口, 网站]", benefit="filing")
    one, other = sides(tmp_path, before, after)
    told = [
        (change.rule, change.before is None, change.after is None) for change in statement_changes(one, other)
    ]
    assert told == [("new", True, False), ("old", False, True), ("same", False, False)]
    assert [change.rule for change in statement_changes(one, other, ["110000"])] == []
    assert len(list(statement_changes(one, other, ["360100"]))) == 3


def test_readings_are_compared_when_named(tmp_path: Path) -> None:
    kept = "adopted: false\nreading: hall\nshare: 70%"
    book = book_of(tmp_path, city=pack(RULE, kept))
    assert len(list(benefit_changes(Side(book, DAY), Side(book, DAY, "hall")))) == 6
