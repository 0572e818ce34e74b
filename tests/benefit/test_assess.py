"""From a rule book to an answer, with what the other readings would give."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tests.policy.factories import book_of, pack
from yidi.benefit.adjudicate import Decision
from yidi.benefit.assess import YearSoFar, assess
from yidi.benefit.errors import CeilingNotKnown
from yidi.benefit.split import whole_split
from yidi.policy.errors import MissingParameter
from yidi.policy.rules import Question
from yidi.values.terms import Benefit, Level, Scheme, Situation, Standing

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


def test_what_is_missing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MissingParameter):
        assess(book_of(tmp_path, city=pack(ADOPTED)), replace(ASKED, home="310000"), BILL)
