"""Every fact that gives numbers of a region or says what a case needs is held by a pack, or left out for a reason that is written down."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from yidi.policy.book import RuleBook, book
from yidi.policy.cases import claim_papers, filing_rules
from yidi.policy.errors import MissingParameter
from yidi.policy.loaded import sources_of
from yidi.policy.lookup import FILING, Lookup, Parameter
from yidi.policy.resolve import benefit_rule, readings
from yidi.policy.rules import Question
from yidi.values.terms import Benefit, Level, Scheme, Situation, Standing

REGISTER: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("facts.yaml").read_text(encoding="utf-8"))
DAY = date(2026, 11, 22)
CITIES = (
    "360100",
    "360200",
    "360300",
    "360400",
    "360500",
    "360600",
    "360700",
    "360800",
    "360900",
    "361000",
    "361100",
)


def facts() -> list[str]:
    numbers = {
        prefix: [number for first, last in runs for number in range(first, last + 1)]
        for prefix, runs in REGISTER["regions"].items()
    }
    of_regions = [f"{prefix}-{number:02d}" for prefix, found in numbers.items() for number in found]
    return [*of_regions, *REGISTER["contributions"], *REGISTER["cases"]]


def cited(rules: RuleBook) -> set[str]:
    return {
        fact
        for loaded in rules.packs.values()
        for rule in loaded.pack.rules
        for _, source in sources_of(rule)
        for fact in source.facts
    }


def test_every_fact_is_held_or_left_out_for_a_reason() -> None:
    held, left_out = cited(book()), REGISTER["left_out"]
    assert len(facts()) == len(set(facts())) == 143
    assert sorted(set(facts()) - held) == sorted(left_out)
    assert all(reason for reason in (*left_out.values(), *REGISTER["held_in_part"].values()))
    assert set(REGISTER["held_in_part"]) <= held & set(facts())


def stay(pool: str) -> Question:
    return Question(
        pool,
        Scheme.EMPLOYEE,
        Standing.ACTIVE,
        Benefit.INPATIENT,
        Level.SECONDARY,
        Situation.LOCAL,
        DAY,
        age=40,
    )


def test_what_is_said_of_the_cities_does_not_hold_for_the_provinces_own_pool() -> None:
    """Facts JX-203 speak of the cities of Jiangxi alone."""
    assert "cmi" not in readings(book(), "369900", Scheme.EMPLOYEE)
    with pytest.raises(MissingParameter, match="封顶线"):
        benefit_rule(book(), stay("369900"), unverified=True)
    for pool in CITIES:
        rule = benefit_rule(book(), stay(pool), reading="cmi")
        assert rule.deductible.amounts[0] == 50_000
        assert rule.ceilings[0].amount == (10_000_000 if pool == "360700" else 15_000_000)


@pytest.mark.parametrize(
    ("pool", "matter", "reading"),
    [
        ("320500", FILING, "szcu"),
        ("341800", "general-outpatient", "hfut-on-fund"),
        ("341800", "serious-illness", "hfut"),
        ("341800", "contribution", "hfut"),
    ],
)
def test_what_is_said_of_students_alone_is_not_adopted_for_all_residents(
    pool: str, matter: str, reading: str
) -> None:
    found = [rule for layer, rule in book().statements(pool, Scheme.RESIDENT, matter) if layer == pool]
    assert found
    assert not any(rule.adopted for rule in found)
    assert reading in {rule.reading for rule in found}


@pytest.mark.parametrize(
    ("on", "said"),
    [
        (date(2023, 12, 31), None),
        (date(2024, 3, 31), "wuhan-employee-outpatient-old-deductible"),
        (date(2024, 4, 1), "wuhan-employee-outpatient-no-deductible"),
    ],
)
def test_wuhans_old_deductible_ends_where_the_source_says(on: date, said: str | None) -> None:
    """Facts HB-01: none from 2024-04-01, which shows the old one in force until the day before."""
    where = Lookup(book(), "420100", Scheme.EMPLOYEE, "general-outpatient", on, reading="cmi")
    found = where.find(Parameter.DEDUCTIBLE, lambda rule: rule.deductible)
    assert (found.rule.id if found else None) == said


def test_suzhous_factor_is_called_by_name() -> None:
    def stated(rule: Any) -> Any:
        return rule.adjustment.get(Situation.OTHER_TEMPORARY)

    where = Lookup(book(), "320500", Scheme.RESIDENT, FILING, DAY)
    assert where.find(Parameter.ADJUSTMENT, stated) is None
    named = Lookup(book(), "320500", Scheme.RESIDENT, FILING, DAY, reading="szcu")
    assert named.need(Parameter.ADJUSTMENT, stated).value.ratio == 800_000


def test_the_papers_of_a_claim_for_a_stay() -> None:
    """Facts N-802; Jiangxi's own list (N-803) is for outpatient care, so that the nation's holds there too."""
    for pool in ("360100", "440100"):
        papers = claim_papers(book(), pool, Scheme.EMPLOYEE, DAY, Benefit.INPATIENT)
        assert papers.origin.layer == "CN"
        assert papers.materials == (
            ("id-card", "e-voucher"),
            ("invoice",),
            ("stay-fee-list",),
            ("diagnosis-or-discharge",),
        )
    outpatient = claim_papers(book(), "360100", Scheme.EMPLOYEE, DAY)
    assert outpatient.origin.layer == "360000"
    assert claim_papers(book(), "360100", Scheme.EMPLOYEE, DAY, Benefit.CHRONIC_DISEASE) == outpatient
    assert filing_rules(book(), "360100", Scheme.EMPLOYEE, DAY).channels
