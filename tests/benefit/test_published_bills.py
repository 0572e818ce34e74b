"""Every worked bill that is public, paid by the rule it rests on, to the fen."""

from pathlib import Path

import pytest

from tests.benefit.worked import Worked, outcomes, read
from yidi.policy.book import book
from yidi.values.money import parse_yuan

FILE = Path(__file__).with_name("published_bills.yaml")
PUBLISHED = read(FILE)
HOW_MANY = 50


def test_none_is_missing() -> None:
    assert len({example.id for example in PUBLISHED}) == len(PUBLISHED) == HOW_MANY


@pytest.mark.parametrize("example", PUBLISHED, ids=str)
def test_a_published_bill_comes_out(example: Worked, tmp_path: Path) -> None:
    told = list(outcomes(example, example.book(tmp_path)))
    assert told
    assert [(item, amiss) for item, amiss in told if amiss] == []


def test_what_may_not_be_adopted_is_called_by_name() -> None:
    assert {example.reading for example in PUBLISHED if example.grade in "CR"} == {"kept"}
    assert {example.reading for example in PUBLISHED if example.grade in "ABS"} == {""}


def test_the_shipped_packs_carry_them_as_they_were_published() -> None:
    """A worked bill in a shipped pack that bears a published id has a published amount in scope."""
    published = {example.id: example for example in PUBLISHED}
    strangers = []
    for loaded in book().packs.values():
        for example in loaded.pack.examples:
            of = published.get(example.id[:6])
            if of is None:
                continue
            scopes = {parse_yuan(bill.get("in_scope", 0)) for bill in (*of.bills, *of.visits)}
            if example.in_scope not in scopes and not any("lines" in bill for bill in of.bills):
                strangers.append((example.id, example.in_scope))
    assert strangers == []
