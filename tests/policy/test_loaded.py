"""The parts of documents: every check asks for them, so they are found once, and never taken for another's."""

import yaml

from tests.policy.factories import HEAD, RULE
from yidi.policy.book import book
from yidi.policy.forms import CeilingDoc, SourceDoc
from yidi.policy.loaded import docs, parts, sources_of
from yidi.policy.pack import Pack
from yidi.values.money import FEN


def rule_of(text: str) -> object:
    return Pack.model_validate(yaml.safe_load(HEAD + text)).rules[0]


def test_the_parts_of_a_rule_are_found_once() -> None:
    rule = rule_of(RULE)
    assert parts(rule) is parts(rule)


def test_a_rule_that_says_the_same_has_parts_of_its_own() -> None:
    one, other = rule_of(RULE), rule_of(RULE)
    assert one == other
    assert parts(one) == parts(other)
    assert parts(one)[0][1] is one
    assert parts(other)[0][1] is other


def test_every_part_stands_at_its_place() -> None:
    rule = rule_of(
        RULE.replace("on: fund}", "on: fund, source: {id: NEWS, clause: x, grade: B, checked: 2026-01-01}}")
    )
    found = dict(parts(rule))
    ceiling = found["ceiling",]
    assert isinstance(ceiling, CeilingDoc)
    assert ceiling.yuan == 2000 * FEN
    assert [place for place, _ in sources_of(rule)] == [("source",), ("ceiling", "source")]
    assert list(dict(sources_of(ceiling))) == [("source",)], "places count from what was asked"


def test_a_shipped_rule_is_walked_once_for_all_checks() -> None:
    for loaded, place, part in docs(book().packs.values(), SourceDoc):
        rule = loaded.pack.rules[int(place[1])]
        assert dict(parts(rule))[place[2:]] is part
