"""From a rule book to an answer, with what the other readings would give."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.policy.factories import book_of, pack
from yidi.benefit.adjudicate import Balances, Decision, adjudicate
from yidi.benefit.assess import YearSoFar, assess
from yidi.benefit.errors import CeilingNotKnown
from yidi.benefit.split import whole_split
from yidi.policy.errors import MissingParameter
from yidi.policy.rules import Question, restore
from yidi.values.terms import Benefit, FeeCategory, Level, Scheme, Situation, Standing

ADOPTED = "contests: [E-99]\ndeductible: {yuan: 300, per: year}\nshare: 60%\nceiling: {yuan: 2000, per: year, on: fund}"
GENEROUS = "reading: generous\nadopted: false\nshare: 80%"
VAGUE = "reading: vague\nadopted: false\nceiling: {between: [100, 900], per: year, on: fund}"
ECHO = "reading: echo\nadopted: false\nshare: 60%"
ASKED = Question(
    "360100", Scheme.EMPLOYEE, Standing.ACTIVE, Benefit.GENERAL_OUTPATIENT, Level.TERTIARY, Situation.LOCAL,
    date(2025, 6, 2),
)  # fmt: skip
BILL = whole_split(100_000)


def test_an_answer_comes_with_its_explanation_and_the_other_readings(tmp_path: Path) -> None:
    told = assess(book_of(tmp_path, city=pack(ADOPTED, GENEROUS, VAGUE, ECHO)), ASKED, BILL)
    assert told.decision.fund == 42_000
    assert told.explanation.adds_up()
    assert sorted(told.others) == ["generous", "vague"], "a reading that says the same is not another one"
    generous, vague = told.others["generous"], told.others["vague"]
    assert isinstance(generous, Decision)
    assert generous.fund == 56_000
    assert isinstance(vague, CeilingNotKnown)


def test_the_year_so_far_is_taken_into_account(tmp_path: Path) -> None:
    told = assess(book_of(tmp_path, city=pack(ADOPTED)), ASKED, BILL, YearSoFar(deductible=30_000))
    assert (told.decision.fund, told.decision.cash) == (60_000, 40_000)


def test_a_reading_called_by_name_stands_alone(tmp_path: Path) -> None:
    told = assess(book_of(tmp_path, city=pack(ADOPTED, GENEROUS)), ASKED, BILL, reading="generous")
    assert (told.decision.fund, told.others) == (56_000, {})


def test_an_uncontested_rule_has_no_other_readings(tmp_path: Path) -> None:
    calm = ADOPTED.removeprefix("contests: [E-99]\n")
    assert assess(book_of(tmp_path, city=pack(calm, GENEROUS)), ASKED, BILL).others == {}


def test_an_answer_names_everything_that_it_rests_on(tmp_path: Path) -> None:
    book = book_of(tmp_path, province=pack(ADOPTED, pool="360000"), city=pack("share: 60%", GENEROUS))
    told = assess(book, ASKED, BILL)
    assert told.book_digest == book.digest
    assert restore(told.decision.rule.canonical()).digest == told.rule_digest
    assert [(origin.layer, origin.reading) for origin in told.origins] == [
        ("360000", "law"),
        ("360100", "law"),
        ("360000", "law"),
    ]
    assert told.readings == ("law",)
    assert {name: item.en for name, item in told.conflicts.items()} == {"E-99": "Two sources differ."}
    assert not told.unverified


def test_further_runs_are_made_once_and_only_when_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book, runs = book_of(tmp_path, city=pack(ADOPTED, GENEROUS)), []

    def counted(*args: Any, **more: Any) -> Any:
        runs.append(args)
        return adjudicate(*args, **more)

    monkeypatch.setattr("yidi.benefit.counterfactual.adjudicate", counted)
    told = assess(book, ASKED, BILL)
    assert len(runs) == 1
    assert [item.kind for item in told.why_not_more] == ["share", "deductible"]
    assert told.changes is told.changes
    assert told.others is told.others
    assert told.why_not_more is told.why_not_more
    assert "book" not in repr(told.case), "an answer does not print a whole rule book"


def test_an_estimate_may_rest_on_an_unverified_reading_where_there_is_nothing_better(tmp_path: Path) -> None:
    bare = ADOPTED.replace("share: 60%\n", "")
    rumour = 'reading: rumour\nadopted: false\nsource: {id: NEWS, clause: "1", grade: C, checked: 2026-01-01}\nshare: 70%'
    book = book_of(tmp_path, city=pack(bare, rumour))
    with pytest.raises(MissingParameter):
        assess(book, ASKED, BILL)
    told = assess(book, ASKED, BILL, unverified=True)
    assert (told.decision.fund, told.unverified) == (49_000, True)
    lines = [*told.explanation.steps, *told.why_not_more, *told.changes]
    assert all(line.zh.startswith("〔未核实〕") and line.en.startswith("[unverified] ") for line in lines)
    better = assess(book_of(tmp_path, city=pack(ADOPTED, rumour)), ASKED, BILL, unverified=True)
    assert (better.decision.fund, better.unverified) == (42_000, False)


def test_fees_and_balances_reach_every_run(tmp_path: Path) -> None:
    limited = """\
        contests: [E-99]
        deductible: none
        share: 60%
        ceiling: {yuan: 20, per: visit, on: fund, category: drugs}"""
    account = pack("own: {pays: [in-scope]}", benefit="account")
    told = assess(
        book_of(tmp_path, city=pack(limited, GENEROUS), account=account),
        ASKED,
        BILL,
        YearSoFar(stays=2),
        fees={FeeCategory.DRUGS: 10_000},
        balances=Balances(own=5_000),
    )
    assert told.decision.account == 5_000
    generous = told.others["generous"]
    assert isinstance(generous, Decision)
    assert (generous.account, generous.fees) == (5_000, {FeeCategory.DRUGS: 10_000})


def test_what_is_missing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MissingParameter):
        assess(book_of(tmp_path, city=pack(ADOPTED)), replace(ASKED, home="310000"), BILL)
