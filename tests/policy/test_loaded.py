"""The parts of documents: every check asks for them, so they are found once, and never taken for another's."""

from pathlib import Path

from tests.policy.factories import HEAD, RULE, book_of
from yidi.policy.book import book
from yidi.policy.forms import CeilingDoc, Rule, SourceDoc
from yidi.policy.loaded import docs, parts, sources_of
from yidi.values.money import FEN


def rule_of(folder: Path, text: str = RULE) -> Rule:
    (rule,) = book_of(folder, city=HEAD + text).packs["360100", "employee", "general-outpatient"].pack.rules
    return rule


def test_the_parts_of_a_rule_are_found_once(tmp_path: Path) -> None:
    rule = rule_of(tmp_path)
    assert parts(rule) is parts(rule)


def test_a_rule_that_says_the_same_has_parts_of_its_own(tmp_path: Path) -> None:
    one, other = rule_of(tmp_path), rule_of(tmp_path)
    assert one == other
    assert parts(one) == parts(other)
    assert parts(one)[0][1] is one
    assert parts(other)[0][1] is other


def test_every_part_stands_at_its_place(tmp_path: Path) -> None:
    rule = rule_of(
        tmp_path,
        RULE.replace("on: fund}", "on: fund, source: {id: NEWS, clause: x, grade: B, checked: 2026-01-01}}"),
    )
    found = dict(parts(rule))
    ceiling = found["ceiling",]
    assert isinstance(ceiling, CeilingDoc)
    assert ceiling.yuan == 2000 * FEN
    assert [place for place, _ in sources_of(rule)] == [("ceiling", "source"), ("source",)]
    assert list(dict(sources_of(ceiling))) == [("source",)], "places count from what was asked"


def test_a_shipped_rule_is_walked_once_for_all_checks() -> None:
    for loaded, place, part in docs(book().packs.values(), SourceDoc):
        rule = loaded.pack.rules[int(place[1])]
        assert dict(parts(rule))[place[2:]] is part
