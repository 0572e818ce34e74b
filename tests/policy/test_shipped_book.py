"""The rules that ship: they load, their worked bills come out, and Jiangxi is answered for."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tests.policy.factories import other_rules
from yidi.benefit.examples import check_examples
from yidi.policy.book import NATION, book, load
from yidi.policy.cases import filing_kind, filing_rules, qualification_rule
from yidi.policy.errors import MissingParameter
from yidi.policy.resolve import benefit_rule, covered_diseases, nationally_settled, readings
from yidi.policy.rules import Question
from yidi.reference import diseases, regions
from yidi.resources import data_path
from yidi.values.terms import STANDINGS_OF, Benefit, FilingKind, Level, Scheme, Situation, Standing

DAY = date(2026, 11, 22)
JIANGXI = "360000"
POOLS = [pool.code for province, pools in regions.cities() if province.code == JIANGXI for pool in pools]
BENEFIT_LEVELS = (Level.PRIMARY, Level.SECONDARY, Level.TERTIARY)
TEN = ["M00200", "M00500", "M01600", "M03900", "M04600", "M05300", "M06900", "M07200", "M07801", "M08300"]


REGIONS_WITH_NUMBERS = {
    # Jiangxi, Henan, Shaanxi, Guangdong
    "360000", "360100", "410000", "410100", "410200", "410300", "410400", "410800",
    "610000", "610100", "610300", "610400", "610500", "610600", "610900", "611000",
    "440100", "440300", "440900", "441300",
    # Hunan, Hubei, the four municipalities
    "430100", "430900", "420100", "110000", "310000", "120000", "500000",
    # Zhejiang, Jiangsu, Anhui, Sichuan, Liaoning, Shandong and others
    "330100", "330800", "320100", "320500", "341800", "340100", "510100", "511300", "211400", "210700",
    "370100", "370200", "450200", "450300", "450400", "350500", "140100", "220100", "231000", "150100",
    "131000", "620100",
}  # fmt: skip
"""Every region for which the register of policy facts gives figures of benefits."""


def test_the_shipped_book_loads_and_its_worked_bills_come_out() -> None:
    assert list(check_examples(book())) == []
    assert set(book().pools()) >= REGIONS_WITH_NUMBERS
    assert sum(len(loaded.pack.examples) for loaded in book().packs.values()) >= 60


def test_the_digest_names_the_folder_as_it_is(tmp_path: Path) -> None:
    for path in data_path("policies").rglob("*.yaml"):
        copy = tmp_path / path.relative_to(data_path("policies"))
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    assert load(tmp_path).digest == book().digest
    changed = tmp_path / "conflicts.yaml"
    changed.write_text(changed.read_text(encoding="utf-8") + "# one more line\n", encoding="utf-8")
    assert load(tmp_path).digest != book().digest


@pytest.mark.parametrize("pool", POOLS)
@pytest.mark.parametrize("standing", STANDINGS_OF[Scheme.EMPLOYEE])
@pytest.mark.parametrize("level", BENEFIT_LEVELS)
def test_every_pool_of_jiangxi_answers_for_its_employees(pool: str, standing: Standing, level: Level) -> None:
    retired = standing is Standing.RETIRED
    shares = {Level.PRIMARY: 650_000, Level.SECONDARY: 600_000, Level.TERTIARY: 550_000}
    for situation in Situation:
        question = Question(
            pool, Scheme.EMPLOYEE, standing, Benefit.GENERAL_OUTPATIENT, level, situation, DAY
        )
        rule = benefit_rule(book(), question)
        assert rule.deductible.amounts == (30_000,)
        assert rule.share.ppm == shares[level] + (50_000 if retired else 0)
        assert [ceiling.amount for ceiling in rule.ceilings] == [300_000 if retired else 200_000]
        assert {origin.layer for origin in rule.origins} == {JIANGXI}


def test_a_level_that_no_source_speaks_of_is_missing() -> None:
    question = Question(
        "360100",
        Scheme.RESIDENT,
        Standing.ADULT,
        Benefit.GENERAL_OUTPATIENT,
        Level.SECONDARY,
        Situation.LOCAL,
        DAY,
    )
    with pytest.raises(MissingParameter, match="“报销比例”"):
        benefit_rule(book(), question)


@pytest.mark.parametrize("disease", TEN)
@pytest.mark.parametrize(("standing", "ppm"), [(Standing.ACTIVE, 800_000), (Standing.RETIRED, 850_000)])
def test_the_ten_diseases_in_nanchang(disease: str, standing: Standing, ppm: int) -> None:
    question = Question(
        "360100", Scheme.EMPLOYEE, standing, Benefit.CHRONIC_DISEASE, Level.TERTIARY,
        Situation.LONG_TERM_RESIDENT, DAY, disease,
    )  # fmt: skip
    rule = benefit_rule(book(), question)
    assert (rule.share.ppm, rule.deductible.amounts, rule.adjustment.mode) == (ppm, (0,), "none")
    assert {origin.reading for origin in (rule.share.origin, rule.deductible.origin)} == {"seed-004"}
    assert "E-01" in rule.contests


def test_the_national_list_is_the_ten() -> None:
    assert sorted(nationally_settled(book(), DAY)) == TEN
    assert sorted(disease.code for disease in diseases.diseases() if disease.settled_nationally) == TEN
    of_class_1 = {"M00500", "M07801", "M08300", "M01102", "M01103", "M01200", "M02400", "M03200", "M07101"}
    for scheme in Scheme:
        assert set(covered_diseases(book(), "360100", scheme, DAY)) == {*TEN, *of_class_1}


def test_shanghai_as_a_home_is_not_answered_for() -> None:
    general = Question(
        "310000",
        Scheme.EMPLOYEE,
        Standing.ACTIVE,
        Benefit.GENERAL_OUTPATIENT,
        Level.TERTIARY,
        Situation.LOCAL,
        DAY,
    )
    with pytest.raises(MissingParameter, match="上海市"):
        benefit_rule(book(), general)
    with pytest.raises(MissingParameter, match="病种目录"):
        qualification_rule(book(), "310000", Scheme.EMPLOYEE, "M03900", DAY)


@pytest.mark.parametrize("scheme", list(Scheme))
@pytest.mark.parametrize("pool", POOLS)
def test_every_pool_of_jiangxi_answers_for_filing(pool: str, scheme: Scheme) -> None:
    rules = filing_rules(book(), pool, scheme, DAY)
    assert not rules.unfiled_settles_directly
    assert rules.exempt_within_province is not None
    kinds = {kind: filing_kind(book(), pool, scheme, kind, DAY) for kind in FilingKind}
    assert kinds[FilingKind.EMERGENCY].effect == "deemed"
    instant = {kind for kind, rule in kinds.items() if rule.effect == "instant"}
    assert instant == set(FilingKind) - {FilingKind.EMERGENCY}
    assert {kind for kind, rule in kinds.items() if rule.needs_end_date} == {
        FilingKind.REFERRAL,
        FilingKind.OTHER_TEMPORARY,
    }


FACT = re.compile(
    r"(N|JX|HA|SN|GD|HN|HB|BJ|SH|TJ|CQ|ZJ|JS|AH|SC|LN|SD|GX|FJ|SX|JL|HL|NM|HE|GS|D)-[0-9]{2,4}|E-[0-9]{2}"
)


def test_every_fact_id_looks_like_one() -> None:
    cited = {
        fact
        for loaded in book().packs.values()
        for rule in loaded.pack.rules
        for fact in _facts(loaded.document.data["rules"])
    }
    assert cited
    assert [fact for fact in sorted(cited) if not FACT.fullmatch(fact)] == []


def _facts(data: object) -> set[str]:
    if isinstance(data, dict):
        own = set(data.get("facts", ())) | {
            name for name in data.get("contests", ()) if name != "UPFRONT-ORDER"
        }
        return own.union(*(_facts(value) for value in data.values()))
    return set().union(*(_facts(item) for item in data)) if isinstance(data, list) else set()


def test_every_conflict_is_told_in_both_languages() -> None:
    contests = {
        name for loaded in book().packs.values() for rule in loaded.pack.rules for name in rule.contests
    }
    assert contests <= set(book().conflicts)
    assert set(book().conflicts) == {f"E-{number:02d}" for number in range(1, 29)} | {"UPFRONT-ORDER"}
    for conflict in book().conflicts.values():
        assert conflict.zh.endswith("。")
        assert conflict.en.isascii() or "Ⅱ" in conflict.en or "“" in conflict.en


def test_a_contested_rule_has_another_reading_to_show() -> None:
    known = readings(book(), "360100", Scheme.EMPLOYEE)
    assert {"seed-004", "nc", "nc-stacked", "jx-card", "deductible-first"} <= known
    assert {"nc-stacked", "cmi"} <= readings(book(), "360100", Scheme.RESIDENT)


def _hypertension(scheme: Scheme, standing: Standing, situation: Situation) -> Question:
    return Question(
        "360100", scheme, standing, Benefit.CHRONIC_DISEASE, Level.TERTIARY, situation, DAY, "M03900"
    )  # fmt: skip


@pytest.mark.parametrize("standing", [Standing.ACTIVE, Standing.SENIOR])
def test_the_stacked_ceiling_of_nanchang_is_kept_beside_the_adopted_one(standing: Standing) -> None:
    scheme = Scheme.EMPLOYEE if standing is Standing.ACTIVE else Scheme.RESIDENT
    question = _hypertension(scheme, standing, Situation.LONG_TERM_RESIDENT)
    question = replace(question, diseases=("M01600", "M03900"))
    adopted, others = benefit_rule(book(), question), other_rules(book(), question)
    assert [(one.amount, one.certain_to) for one in adopted.ceilings] == [(1_000_000, 400_000)]
    assert "E-07" in adopted.contests
    assert "E-07" in adopted.ceilings[0].origin.note
    assert [(one.amount, one.scope) for one in others["nc-stacked"].ceilings] == [
        (700_000, "chronic-disease:stacked"),
    ]
    assert ("cmi" in others) == (scheme is Scheme.RESIDENT)


def test_a_conflict_is_listed_only_where_it_touches_the_bill() -> None:
    listed = {
        situation: benefit_rule(book(), _hypertension(Scheme.EMPLOYEE, Standing.ACTIVE, situation)).contests
        for situation in Situation
    }
    both = ("E-01", "E-07")
    reduced = ("E-01", "E-07", "E-18", "E-25", "UPFRONT-ORDER")
    assert listed[Situation.LONG_TERM_RESIDENT] == listed[Situation.LOCAL] == listed[Situation.EXEMPT] == both
    assert listed[Situation.REFERRAL] == listed[Situation.RETURNING] == reduced
    assert listed[Situation.UNFILED] == tuple(sorted({*reduced, "E-04"}))


def test_long_term_residents_back_in_jiangxi_pay_a_tenth_first() -> None:
    question = _hypertension(Scheme.EMPLOYEE, Standing.ACTIVE, Situation.RETURNING)
    adjustment = benefit_rule(book(), question).adjustment
    assert (adjustment.mode, adjustment.ppm) == ("upfront", 100_000)


def test_no_layer_lies_outside_the_regions() -> None:
    assert all(pool == NATION or regions.is_insurance_region(pool) for pool, _, _ in book().packs)
