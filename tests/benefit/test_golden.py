"""Whole answers in words: the steps with their sources, why not more, and what would change it.

Most cases are of the shipped rules; those under `packs` are shapes that no shipped rule answers by itself yet.
`pytest --update-golden` writes the files anew.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from pathlib import Path

import pytest

from yidi.benefit.adjudicate import Balances
from yidi.benefit.assess import Assessment, YearSoFar, assess
from yidi.benefit.counterfactual import Counterfactual
from yidi.benefit.explain import UNVERIFIED, origin_text
from yidi.benefit.split import Split, whole_split
from yidi.policy.book import RuleBook, book, load
from yidi.policy.rules import Question
from yidi.reference import regions
from yidi.values.money import parse_yuan, yuan_text
from yidi.values.terms import Benefit, FeeCategory, Level, Scheme, Situation, Standing, Trait

HERE = Path(__file__).parent
GOLDEN = HERE / "golden"
NANCHANG = Question(
    "360100", Scheme.EMPLOYEE, Standing.ACTIVE, Benefit.GENERAL_OUTPATIENT, Level.TERTIARY,
    Situation.LONG_TERM_RESIDENT, date(2025, 6, 2),
)  # fmt: skip
INPATIENT = replace(NANCHANG, benefit=Benefit.INPATIENT, situation=Situation.LOCAL)
TWO_DISEASES = ("M03900", "M01600")


@lru_cache(maxsize=1)
def of_tests() -> RuleBook:
    return load(HERE / "packs")


@dataclass(frozen=True)
class Case:
    """A bill of so many yuan with the question asked about it, and what it comes to."""

    question: Question
    split: Split
    funds: str
    year: YearSoFar = field(default_factory=YearSoFar)
    rules: Callable[[], RuleBook] = book
    reading: str = ""
    unverified: bool = False
    fees: Mapping[FeeCategory, int] | None = None
    balances: Balances | None = None

    def answer(self) -> Assessment:
        return assess(
            self.rules(),
            self.question,
            self.split,
            self.year,
            self.reading,
            self.unverified,
            self.fees,
            self.balances,
        )


def bill(total: str, excluded: str = "0", over_limit: str = "0", upfront: str = "0") -> Split:
    return whole_split(*map(parse_yuan, (total, excluded, over_limit, upfront)))


CASES = {
    "long-term": Case(NANCHANG, bill("1200", "80", "20", "100"), "385.00"),
    "ceiling-reached": Case(
        replace(NANCHANG, standing=Standing.RETIRED),
        bill("1000"),
        "200.00",
        YearSoFar(deductible=30_000, fund=280_000),
    ),
    "chronic-class-1": Case(
        replace(NANCHANG, benefit=Benefit.CHRONIC_DISEASE, disease="M07801"),
        bill("5000"),
        "4000.00",
    ),
    "unfiled": Case(replace(NANCHANG, situation=Situation.UNFILED), bill("1000"), "275.00"),
    "referral": Case(replace(INPATIENT, situation=Situation.REFERRAL), bill("20000"), "14620.00"),
    "per-visit-deductible": Case(replace(INPATIENT, level=Level.SECONDARY), bill("10000"), "8550.00"),
    "repeat-stay": Case(
        replace(INPATIENT, standing=Standing.RETIRED, traits=frozenset({Trait.CANCER_THERAPY})),
        bill("10000"),
        "8500.00",
        YearSoFar(deductible=80_000, fund=782_000, cost=920_000, stays=1),
    ),
    "bands": Case(
        replace(INPATIENT, home="110000", standing=Standing.RETIRED),
        bill("97372.18"),
        "91759.51",
        YearSoFar(stays=1),
        of_tests,
    ),
    "serious-illness": Case(INPATIENT, bill("250800"), "145720.00"),
    "two-diseases": Case(
        replace(
            INPATIENT,
            scheme=Scheme.RESIDENT,
            standing=Standing.ADULT,
            benefit=Benefit.TWO_DISEASES,
            level=Level.SECONDARY,
            disease="M03900",
            diseases=TWO_DISEASES,
        ),
        bill("1000"),
        "400.00",
        YearSoFar(fund=50_000, cost=100_000),
        of_tests,
    ),
    "unverified": Case(
        replace(INPATIENT, home="420100", standing=Standing.RETIRED, on=date(2026, 6, 2)),
        bill("10000"),
        "8640.00",
        YearSoFar(deductible=80_000, fund=828_000, cost=920_000, stays=1),
        unverified=True,
    ),
    "dual-channel": Case(
        replace(INPATIENT, benefit=Benefit.DUAL_CHANNEL, disease="B"),
        bill("10000"),
        "6300.00",
        rules=of_tests,
    ),
    "limits-on-fees": Case(
        replace(
            INPATIENT,
            home="440900",
            scheme=Scheme.RESIDENT,
            standing=Standing.ADULT,
            benefit=Benefit.GENERAL_OUTPATIENT,
            level=Level.VILLAGE,
        ),
        bill("150"),
        "68.00",
        rules=of_tests,
        fees={FeeCategory.DRUGS: 3_000, FeeCategory.TESTS_AND_SURGERY: 10_000},
    ),
}


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", CASES)
def test_the_words(name: str, language: str, golden: Callable[[Path, str], None]) -> None:
    golden(GOLDEN / f"{name}.{language}.txt", written(CASES[name].answer(), language))


@pytest.mark.parametrize("name", CASES)
def test_the_sum(name: str) -> None:
    told = CASES[name].answer()
    assert told.explanation.adds_up()
    assert yuan_text(told.decision.funds) == CASES[name].funds


def test_every_line_of_an_unverified_answer_says_so() -> None:
    told = CASES["unverified"].answer()
    assert told.unverified
    lines = [*told.explanation.steps, *told.why_not_more, *told.changes]
    for language, mark in zip(("zh", "en"), UNVERIFIED, strict=True):
        assert all(line.text(language).startswith(mark) for line in lines)


def written(told: Assessment, language: str) -> str:
    """An answer as a text: each step with its amounts and its source, then the runs with one thing different."""
    lines = []
    for step in told.explanation.steps:
        amounts = f"{yuan_text(step.taken):>10} {yuan_text(step.left):>10}"
        lines.append(f"{step.fund}/{step.kind:15} {amounts}  {step.text(language)}")
        source = origin_text(step.origin, regions.full_name, language)
        if source:
            lines.append(f"    {source}")
    for title, found in (("why not more", told.why_not_more), ("what would change it", told.changes)):
        lines += ["", f"# {title}", *(changed(item, language) for item in found)]
    lines += ["", f"# readings: {', '.join(told.readings)}"]
    lines += [
        f"# {name}: {item.en if language == 'en' else item.zh}" for name, item in told.conflicts.items()
    ]
    return "\n".join(lines) + "\n"


def changed(item: Counterfactual, language: str) -> str:
    difference = "?" if item.difference is None else yuan_text(item.difference)
    return f"{item.kind:15} {difference:>10}  {item.text(language)}"
