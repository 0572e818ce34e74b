"""From a question to a rule: layers, readings, dates, and what is missing."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.policy.factories import book_of, other_rules, pack, write
from yidi.policy.book import RuleBook, read_all
from yidi.policy.cases import filing_kind, filing_rules, qualification_rule, unfiled_settles
from yidi.policy.errors import (
    AmbiguousRules,
    DiseaseNotCovered,
    MissingParameter,
    MixedStacking,
    PackProblem,
    UnknownReading,
)
from yidi.policy.resolve import benefit_rule, covered_diseases, readings
from yidi.policy.rules import Question
from yidi.values.terms import Benefit, FilingKind, Level, Scheme, Situation, Standing, Trait

ALL = "deductible: {yuan: 300, per: year}\nshare: 60%\nceiling: {yuan: 2000, per: year, on: fund}"
ASKED = Question(
    home="360100",
    scheme=Scheme.EMPLOYEE,
    standing=Standing.ACTIVE,
    benefit=Benefit.GENERAL_OUTPATIENT,
    level=Level.TERTIARY,
    situation=Situation.LOCAL,
    on=date(2025, 6, 2),
)
CHRONIC = replace(ASKED, benefit=Benefit.CHRONIC_DISEASE, disease="M03900")


def chronic(*rules: str) -> str:
    return pack(*rules, benefit="chronic-disease")


def filing(*rules: str, **where: str) -> str:
    return pack(*rules, benefit="filing", **where)


# layers


def test_each_parameter_comes_from_the_most_specific_layer_that_states_it(tmp_path: Path) -> None:
    book = book_of(
        tmp_path,
        nation=pack(ALL, pool="CN", scheme="all"),
        province=pack("share: 70%\nceiling: {yuan: 5000, per: year, on: fund}", pool="360000"),
        city=pack("ceiling: none"),
    )
    rule = benefit_rule(book, ASKED)
    assert (rule.deductible.amounts, rule.deductible.origin.layer) == ((30000,), "CN")
    assert (rule.share.ppm, rule.share.origin.layer) == (700_000, "360000")
    assert [(ceiling.amount, ceiling.origin.layer) for ceiling in rule.ceilings] == [(None, "360100")]
    elsewhere = benefit_rule(book, replace(ASKED, home="360700"))
    assert [(ceiling.amount, ceiling.origin.layer) for ceiling in elsewhere.ceilings] == [(500_000, "360000")]
    nation = benefit_rule(book, replace(ASKED, home="310000"))
    assert (nation.share.ppm, nation.share.origin.layer) == (600_000, "CN")


def test_a_layer_that_does_not_answer_for_a_level_leaves_it_to_the_next(tmp_path: Path) -> None:
    book = book_of(
        tmp_path,
        province=pack(ALL, pool="360000"),
        city=pack("share: {active: {primary: 90%}, retired: 95%}"),
    )
    shares = {
        (standing, level): benefit_rule(book, replace(ASKED, standing=standing, level=level)).share.ppm
        for standing in (Standing.ACTIVE, Standing.RETIRED)
        for level in (Level.PRIMARY, Level.TERTIARY)
    }
    assert shares == {
        (Standing.ACTIVE, Level.PRIMARY): 900_000,
        (Standing.ACTIVE, Level.TERTIARY): 600_000,
        (Standing.RETIRED, Level.PRIMARY): 950_000,
        (Standing.RETIRED, Level.TERTIARY): 950_000,
    }


@pytest.mark.parametrize(
    ("level", "ppm"), [(Level.VILLAGE, 910_000), (Level.TOWNSHIP, 900_000), (Level.PRIMARY, 900_000)]
)
def test_a_lower_level_without_a_row_of_its_own_is_paid_as_the_broader_one(
    level: Level, ppm: int, tmp_path: Path
) -> None:
    book = book_of(
        tmp_path,
        city=pack(
            "deductible: none\nceiling: none\nshare: {village: 91%, primary: {active: 90%}, tertiary: 50%}"
        ),
    )
    assert benefit_rule(book, replace(ASKED, level=level)).share.ppm == ppm
    for other in (Level.SECONDARY, Level.PHARMACY):
        with pytest.raises(MissingParameter, match="“报销比例”"):
            benefit_rule(book, replace(ASKED, level=other))


def test_one_of_several_ceilings_that_does_not_answer_is_a_missing_parameter(tmp_path: Path) -> None:
    both = "[{yuan: 900, per: month, on: fund}, {retired: {yuan: 2000}, per: year, on: fund}]"
    book = book_of(tmp_path, city=pack(f"deductible: none\nshare: 60%\nceiling: {both}"))
    assert len(benefit_rule(book, replace(ASKED, standing=Standing.RETIRED)).ceilings) == 2
    with pytest.raises(MissingParameter, match="“封顶线”"):
        benefit_rule(book, ASKED)


def test_the_disease_goes_before_its_class_and_the_class_before_the_statement(tmp_path: Path) -> None:
    stated = "diseases: {M03900: {class: I, share: 91%}, M01600: {class: I}, M00500: {class: II}}"
    book = book_of(tmp_path, city=chronic(f"{ALL}\nclasses: {{I: {{share: 81%}}, II: {{}}}}\n{stated}"))
    shares = {
        disease: benefit_rule(book, replace(CHRONIC, disease=disease)).share.ppm
        for disease in covered_diseases(book, "360100", Scheme.EMPLOYEE, ASKED.on)
    }
    assert shares == {"M03900": 910_000, "M01600": 810_000, "M00500": 600_000}


def test_a_ceiling_counts_within_its_scope(tmp_path: Path) -> None:
    scopes = ["benefit", "disease", "inpatient"]
    ceilings = ", ".join(f"{{yuan: 10, per: year, on: fund, scope: {scope}}}" for scope in scopes)
    stated = "classes: {I: {}}\ndiseases: {M03900: {class: I}}"
    book = book_of(tmp_path, city=chronic(f"deductible: none\nshare: 60%\nceiling: [{ceilings}]\n{stated}"))
    assert [ceiling.scope for ceiling in benefit_rule(book, CHRONIC).ceilings] == [
        "chronic-disease",
        "chronic-disease:M03900",
        "inpatient",
    ]


def test_a_component_may_have_a_source_of_its_own(tmp_path: Path) -> None:
    own = "{active: 55%, note: 另见, source: {id: NEWS, clause: 第2版, grade: B, facts: [JX-1], checked: 2026-01-01}}"
    book = book_of(tmp_path, city=pack(f"deductible: none\nceiling: none\nshare: {own}"))
    rule = benefit_rule(book, ASKED)
    share, ceiling = rule.share.origin, rule.ceilings[0].origin
    assert (share.source, share.title, share.clause, share.grade, share.facts, share.note) == (
        "NEWS", "某报报道", "第2版", "B", ("JX-1",), "另见",
    )  # fmt: skip
    assert (ceiling.source, ceiling.title, ceiling.reading, ceiling.rule) == (
        "LAW",
        "某市医保办法",
        "law",
        "360100-0",
    )
    assert rule.origins == (rule.deductible.origin, share, ceiling)


# readings

OTHER = "share: 80%\nreading: news\nadopted: false\ncontests: [E-99]"


def contested(folder: Path) -> RuleBook:
    return book_of(folder, city=pack(f"{ALL}\ncontests: [E-99]", OTHER))


def test_a_reading_is_called_by_name_and_borrows_what_it_does_not_state(tmp_path: Path) -> None:
    book = contested(tmp_path)
    adopted, other = benefit_rule(book, ASKED), benefit_rule(book, ASKED, "news")
    assert (adopted.share.ppm, adopted.share.origin.reading) == (600_000, "law")
    assert (other.share.ppm, other.share.origin.reading) == (800_000, "news")
    assert other.deductible == adopted.deductible
    assert adopted.contests == other.contests == ("E-99",)
    assert other_rules(book, ASKED) == {"news": other}
    assert readings(book, "360100", Scheme.EMPLOYEE) == {"law", "news"}


def test_a_reading_called_by_name_wins_over_a_more_specific_layer(tmp_path: Path) -> None:
    book = book_of(tmp_path, province=pack(ALL, OTHER, pool="360000"), city=pack("share: 90%"))
    assert benefit_rule(book, ASKED).share.ppm == 900_000
    assert benefit_rule(book, ASKED, "news").share.ppm == 800_000


def test_an_unknown_reading_is_refused_with_those_known(tmp_path: Path) -> None:
    with pytest.raises(UnknownReading, match="“rumour”的口径；可用的口径：law、news"):
        benefit_rule(contested(tmp_path), ASKED, "rumour")


def test_a_grade_c_rule_speaks_only_when_it_is_called(tmp_path: Path) -> None:
    guess = "reading: guess\nadopted: false\nsource: {id: NEWS, clause: x, grade: C, checked: 2026-01-01}\nshare: 99%"
    book = book_of(tmp_path, city=pack(ALL, guess))
    assert benefit_rule(book, ASKED).share.ppm == 600_000
    called = benefit_rule(book, ASKED, "guess")
    assert (called.share.ppm, called.share.origin.grade) == (990_000, "C")


def test_two_adopted_rules_of_one_layer_are_named(tmp_path: Path) -> None:
    """Loading refuses such packs, so the question is put to a book that was read without asking."""
    packs = write(tmp_path, city=pack(ALL), everybody=pack("share: 61%\nid: for-all", scheme="all"))
    faults: list[PackProblem] = []
    book = read_all(packs, faults)
    with pytest.raises(AmbiguousRules) as refused:
        benefit_rule(book, ASKED)
    assert "“报销比例”：360100-0 与 for-all" in refused.value.message
    assert ["“share”有两条已采用的规则（360100-0、for-all），日期重叠" in str(fault) for fault in faults] == [
        True
    ]


# dates


def test_a_rule_answers_from_its_first_day_to_its_last(tmp_path: Path) -> None:
    span = "in_force: {from: 2024-07-01, until: 2025-06-02}"
    later = f"in_force: {{from: 2025-06-03}}\n{ALL.replace('60%', '61%')}"
    book = book_of(tmp_path, city=pack(f"{span}\n{ALL}", later))
    assert benefit_rule(book, replace(ASKED, on=date(2024, 7, 1))).share.ppm == 600_000
    assert benefit_rule(book, replace(ASKED, on=date(2025, 6, 2))).share.ppm == 600_000
    assert benefit_rule(book, replace(ASKED, on=date(2025, 6, 3))).share.ppm == 610_000
    with pytest.raises(MissingParameter):
        benefit_rule(book, replace(ASKED, on=date(2024, 6, 30)))


def test_an_unknown_start_answers_from_the_benefit_year_in_which_it_was_seen(tmp_path: Path) -> None:
    book = book_of(tmp_path, city=pack(f"in_force: {{from: unknown, seen: 2025-03-20}}\n{ALL}"))
    rule = benefit_rule(book, replace(ASKED, on=date(2025, 1, 1)))
    assert (rule.share.origin.since, rule.share.origin.seen) == ("unknown", "2025-03-20")
    assert benefit_rule(book, replace(ASKED, on=date(2031, 1, 1))).share == rule.share
    with pytest.raises(MissingParameter, match="2024-12-31"):
        benefit_rule(book, replace(ASKED, on=date(2024, 12, 31)))


@pytest.mark.parametrize(
    ("seen", "shown", "undated"),
    [("2025-03-20", "2025-03-20", False), ("2025-03", "2025-03", False), ("2025", "2025", False), ("checked", "2026-01-01", True)],
)  # fmt: skip
def test_a_date_is_shown_as_far_as_its_source_gives_it(
    seen: str, shown: str, undated: bool, tmp_path: Path
) -> None:
    book = book_of(tmp_path, city=pack(f"in_force: {{from: unknown, seen: {seen}}}\n{ALL}"))
    year = int(shown[:4])
    origin = benefit_rule(book, replace(ASKED, on=date(year, 1, 1))).share.origin
    assert (origin.since, origin.seen, origin.undated) == ("unknown", shown, undated)
    with pytest.raises(MissingParameter):
        benefit_rule(book, replace(ASKED, on=date(year - 1, 12, 31)))


@pytest.mark.parametrize(
    ("own", "told"),
    [
        ("id: NEWS, reading: news, seen: 2025", ("news", "unknown", "2025", False)),
        ("id: NEWS, reading: news", ("news", "unknown", "2026-01-02", True)),
        ("id: NEWS", ("law", "unknown", "2026-01-02", True)),
        ("id: LAW", ("law", "2024-01-01", "", False)),
        ("id: LAW, reading: other, seen: 2024-02", ("other", "unknown", "2024-02", False)),
    ],
)
def test_a_source_of_a_components_own_has_its_own_reading_and_date(
    own: str, told: tuple[str, str, str, bool], tmp_path: Path
) -> None:
    source = f"source: {{{own}, clause: '2', grade: B, checked: 2026-01-02}}"
    book = book_of(tmp_path, city=pack(ALL.replace("on: fund}", f"on: fund, {source}}}")))
    rule = benefit_rule(book, ASKED)
    origin = rule.ceilings[0].origin
    assert (origin.reading, origin.since, origin.seen, origin.undated) == told
    assert (rule.share.origin.reading, rule.share.origin.since) == ("law", "2024-01-01")


# what is missing


@pytest.mark.parametrize(
    ("left_out", "named"),
    [("deductible", "起付线"), ("share", "报销比例"), ("ceiling", "封顶线")],
)
def test_a_missing_parameter_is_named_and_never_zero(left_out: str, named: str, tmp_path: Path) -> None:
    stated = "\n".join(line for line in ALL.splitlines() if not line.startswith(left_out))
    book = book_of(tmp_path, city=pack(stated))
    with pytest.raises(MissingParameter) as refused:
        benefit_rule(book, ASKED)
    assert f"江西省南昌市职工医保普通门诊统筹在 2025-06-02 的“{named}”" in refused.value.message
    assert f"the {left_out} of 江西省南昌市, employee scheme, general outpatient" in refused.value.english


def test_an_adjustment_is_asked_for_only_away_from_home(tmp_path: Path) -> None:
    book = book_of(tmp_path, city=pack(ALL))
    for situation in (Situation.LOCAL, Situation.EXEMPT):
        assert benefit_rule(book, replace(ASKED, situation=situation)).adjustment.mode == "none"
    with pytest.raises(MissingParameter, match="“异地就医待遇调整”"):
        benefit_rule(book, replace(ASKED, situation=Situation.UNFILED))


def test_a_disease_that_the_pool_does_not_cover(tmp_path: Path) -> None:
    book = book_of(tmp_path, city=chronic(f"{ALL}\nclasses: {{I: {{}}}}\ndiseases: {{M01600: {{class: I}}}}"))
    with pytest.raises(DiseaseNotCovered, match="高血压（M03900）"):
        benefit_rule(book, CHRONIC)
    with pytest.raises(DiseaseNotCovered, match="（未填病种）"):
        benefit_rule(book, replace(CHRONIC, disease=""))
    with pytest.raises(DiseaseNotCovered, match="M99999"):
        benefit_rule(book, replace(CHRONIC, disease="M99999"))


# away from home


def test_the_situation_goes_before_its_class(tmp_path: Path) -> None:
    book = book_of(
        tmp_path,
        city=pack(ALL),
        away=filing(
            "adjustment: {long-term: {mode: none}, temporary: {mode: points, ratio: 10%},"
            " emergency: {mode: factor, ratio: 90%}, returning: {mode: points, ratio: 5%},"
            " unfiled: {mode: upfront, ratio: 20%, order: deductible-first}}\n"
            "contests: [E-99]"
        ),
    )
    found = {}
    for situation in Situation:
        rule = benefit_rule(book, replace(ASKED, situation=situation))
        found[situation] = (rule.adjustment.mode, rule.adjustment.ppm, rule.adjustment.upfront_first)
        assert rule.contests == (() if rule.adjustment.mode == "none" else ("E-99",))
        local = situation in (Situation.LOCAL, Situation.EXEMPT)
        assert (rule.adjustment.origin is None) == local
    assert found == {
        Situation.LOCAL: ("none", 0, True),
        Situation.EXEMPT: ("none", 0, True),
        Situation.RESETTLED_RETIREE: ("none", 0, True),
        Situation.LONG_TERM_RESIDENT: ("none", 0, True),
        Situation.POSTED_WORKER: ("none", 0, True),
        Situation.REFERRAL: ("points", 100_000, True),
        Situation.OTHER_TEMPORARY: ("points", 100_000, True),
        Situation.EMERGENCY: ("factor", 900_000, True),
        Situation.UNFILED: ("upfront", 200_000, False),
        Situation.RETURNING: ("points", 50_000, True),
    }


def test_an_exempt_visit_names_its_ground(tmp_path: Path) -> None:
    book = book_of(tmp_path, city=pack(ALL), away=filing("exempt: [{between: same-province}]"))
    origin = benefit_rule(book, replace(ASKED, situation=Situation.EXEMPT)).adjustment.origin
    assert origin is not None
    assert (origin.layer, origin.source) == ("360100", "LAW")


def test_without_a_filing_the_conflict_about_the_way_is_listed_too(tmp_path: Path) -> None:
    away = filing("adjustment: {unfiled: {mode: none}}", "unfiled: {direct: false}\ncontests: [E-99]")
    book = book_of(tmp_path, city=pack(ALL), away=away)
    assert benefit_rule(book, replace(ASKED, situation=Situation.UNFILED)).contests == ("E-99",)


def test_a_kind_of_filing_is_put_together_from_its_layers(tmp_path: Path) -> None:
    book = book_of(
        tmp_path,
        nation=filing(
            "kinds: {referral: {class: temporary, materials: [[id-card, e-voucher], referral-proof], valid: 6}}",
            pool="CN",
            scheme="all",
        ),
        city=filing("kinds: {referral: {effect: instant, change_after_months: 3}}"),
    )
    kind = filing_kind(book, "360100", Scheme.EMPLOYEE, FilingKind.REFERRAL, ASKED.on)
    assert (kind.klass, kind.materials) == ("temporary", (("id-card", "e-voucher"), ("referral-proof",)))
    assert (kind.effect, kind.months_valid, kind.needs_end_date, kind.change_after_months) == (
        "instant",
        6,
        False,
        3,
    )
    assert kind.origin.layer == "CN"
    with pytest.raises(MissingParameter, match="“备案材料”"):
        filing_kind(book, "360100", Scheme.EMPLOYEE, FilingKind.EMERGENCY, ASKED.on)
    with pytest.raises(MissingParameter, match="异地就医备案在 2025-06-02 的“未备案时的结算方式”"):
        unfiled_settles(book, "360100", Scheme.EMPLOYEE, ASKED.on)


def test_filing_rules(tmp_path: Path) -> None:
    stated = "unfiled: {direct: true}\nexempt: [{between: same-province}]\nchannels: [窗口]\ncontests: [E-99]"
    rules = filing_rules(
        book_of(tmp_path, city=filing(stated)), "360100", Scheme.EMPLOYEE, ASKED.on + timedelta(days=1)
    )
    assert rules.unfiled_settles_directly
    assert rules.exempt_within_province is not None
    assert (rules.channels, rules.contests) == (("窗口",), ("E-99",))


def test_a_qualification_rule_is_put_together_from_its_layers(tmp_path: Path) -> None:
    book = book_of(
        tmp_path,
        nation=pack(
            "qualification: {evidence: [[id-card, social-card], qualification-form], valid: until-cancelled}",
            "reading: service-list\nadopted: false\nqualification: {decide_within_days: 20}",
            pool="CN",
            scheme="all",
            benefit="chronic-disease",
        ),
        city=chronic(
            f"{ALL}\nclasses: {{I: {{}}}}\ndiseases: {{M03900: {{class: I}}}}\nqualification: {{valid: 2, note: 两年}}"
        ),
    )
    rule = qualification_rule(book, "360100", Scheme.EMPLOYEE, "M03900", ASKED.on)
    assert (rule.evidence, rule.years_valid) == ((("id-card", "social-card"), ("qualification-form",)), 2)
    assert (rule.valid, rule.reviewers, rule.fields, rule.channels) == (2, 1, (), ())
    assert rule.notes == ("两年",)
    assert rule.listed is not None
    with pytest.raises(DiseaseNotCovered):
        qualification_rule(book, "360100", Scheme.EMPLOYEE, "M01600", ASKED.on)


STACKED = """
deductible: none
share: 80%
stacking: {how: add, yuan: 1200}
classes: {I: {ceiling: {yuan: 100000, per: year, on: fund, scope: inpatient}}, II: {}}
diseases: {M03900: {class: II, ceiling: {CEILING, OWN}}, M01600: {class: II, ceiling: {yuan: 3000, OWN}}, M00500: {class: I}}
"""


@pytest.mark.parametrize(
    ("ceiling", "diseases", "amount", "certain_to"),
    [
        ("yuan: 5000", ("M01600", "M03900"), 620_000, None),
        ("yuan: 5000", ("M00500", "M03900"), 500_000, None),
        ("yuan: 5000", ("M00500", "M01600", "M03900"), 620_000, None),
        ("between: [4000, 10000]", ("M01600", "M03900"), 1_120_000, 520_000),
        ("yuan: 5000", ("M03900",), 500_000, None),
    ],
)
def test_stacked_ceilings(
    ceiling: str, diseases: tuple[str, ...], amount: int, certain_to: int | None, tmp_path: Path
) -> None:
    """A disease merged into another ceiling adds none of its own; what is certain of a range stays so when stacked."""
    rules = book_of(
        tmp_path,
        one=chronic(
            STACKED.replace("CEILING", ceiling).replace("OWN", "per: year, on: fund, scope: disease")
        ),
    )
    (found,) = benefit_rule(rules, replace(CHRONIC, diseases=diseases)).ceilings
    assert (found.amount, found.certain_to) == (amount, certain_to)


@pytest.mark.parametrize(
    ("where", "amount", "certain_to"),
    [("times: 50%", 500_000, 200_000), ("plus: 1000", 1_100_000, 500_000), ("to: 3000", 300_000, None)],
)
def test_both_ends_of_a_range_change_together(
    where: str, amount: int, certain_to: int | None, tmp_path: Path
) -> None:
    limit = "{between: [4000, 10000], per: year, on: fund, where: [{trait: hardship, WHERE}]}"
    rule = f"deductible: none\nshare: 80%\nceiling: {limit.replace('WHERE', where)}"
    asked = replace(ASKED, traits=frozenset({Trait.HARDSHIP}))
    (found,) = benefit_rule(book_of(tmp_path, one=pack(rule)), asked).ceilings
    assert (found.amount, found.certain_to) == (amount, certain_to)


@pytest.mark.parametrize("diseases", [("M00500",), ("M00500", "M01600")])
def test_the_disease_treated_is_always_one_of_the_stacked(diseases: tuple[str, ...], tmp_path: Path) -> None:
    own = STACKED.replace("CEILING", "yuan: 5000").replace("OWN", "per: year, on: fund, scope: disease")
    (found,) = benefit_rule(book_of(tmp_path, one=chronic(own)), replace(CHRONIC, diseases=diseases)).ceilings
    assert found.amount == (500_000 if diseases == ("M00500",) else 620_000)


@pytest.mark.parametrize(
    ("where", "amounts"),
    [
        ("", [1500, 1400, 1300, 1200, 1100, 1000]),
        ("{trait: hardship, times: 50%}", [750, 700, 650, 600, 550, 500]),
        ("{trait: hardship, less: 900}", [600, 500, 400, 300, 200, 100]),
        ("{trait: hardship, to: 300}", [300, 300, 300, 300, 300, 300]),
        ("{trait: hardship, stay_from: 4, to: 0}", [1500, 1400, 1300, 0, 0, 0]),
    ],
)
def test_what_holds_for_some_holds_for_every_later_stay(
    where: str, amounts: list[int], tmp_path: Path
) -> None:
    repeat = "repeat: {less: 100, floor: {yuan: 200}}"
    rule = f"deductible: {{yuan: 1500, per: visit, {repeat}, where: [{where}]}}\nshare: 80%\nceiling: none"
    asked = replace(ASKED, benefit=Benefit.INPATIENT, traits=frozenset({Trait.HARDSHIP}))
    found = benefit_rule(book_of(tmp_path, one=pack(rule, benefit="inpatient")), asked).deductible
    assert [found.of_stay(number) // 100 for number in range(1, 7)] == amounts


def stacked(folder: Path, first: str, second: str, *diseases: str) -> list[tuple[int | None, str, str]]:
    """The ceilings for hypertension of a person with these diseases, listed in two classes that stack."""
    stated = (
        f"deductible: none\nshare: 60%\nclasses: {{I: {{ceiling: {first}}}, II: {{ceiling: {second}}}}}\n"
        "stacking: {how: sum}\ndiseases: {M03900: {class: I}, M01600: {class: II}}"
    )
    read = read_all(write(folder, city=chronic(stated)), [])
    rule = benefit_rule(read, replace(CHRONIC, diseases=diseases))
    return [(ceiling.amount, ceiling.per, ceiling.scope) for ceiling in rule.ceilings]


YEARLY = "{yuan: 1000, per: year, on: fund, scope: disease}"
MONTHLY = "{yuan: 100, per: month, on: fund, scope: disease}"
LIFTED = "{yuan: 100, per: month, on: fund, scope: disease, where: [{standing: active, to: none}]}"
BOTH = f"[{YEARLY}, {MONTHLY}]"


@pytest.mark.parametrize(
    ("first", "second", "diseases", "amounts"),
    [
        (YEARLY, YEARLY, (), [100_000]),
        (YEARLY, YEARLY, ("M01600",), [200_000]),
        (BOTH, BOTH, ("M01600",), [200_000, 20_000]),
        (YEARLY, "none", ("M01600",), [None]),
        (f"[{YEARLY}, {LIFTED}]", f"[{YEARLY}, {LIFTED}]", ("M01600",), [200_000, None]),
        (YEARLY, YEARLY, ("M01600", "M00500"), [200_000]),
    ],
)
def test_each_kind_of_ceiling_is_stacked_by_itself(
    first: str, second: str, diseases: tuple[str, ...], amounts: list[int | None], tmp_path: Path
) -> None:
    found = stacked(tmp_path, first, second, *diseases)
    assert [amount for amount, _, _ in found] == amounts
    assert {scope for _, _, scope in found} == {"chronic-disease:stacked"}


@pytest.mark.parametrize("second", [MONTHLY, YEARLY.replace("fund", "cost"), f"[{YEARLY}, {YEARLY}]"])
def test_ceilings_that_cannot_be_added_up_are_not_stacked(second: str, tmp_path: Path) -> None:
    """Loading refuses such packs, so the question is put to a book that was read without asking."""
    with pytest.raises(MixedStacking, match=r"M01600、M03900"):
        stacked(tmp_path, YEARLY, second, "M01600")


WHOLE = YEARLY.replace(", scope: disease", "")
OF_SOME = YEARLY.replace("yuan: 1000", "retired: {yuan: 1000}")
LIFTED = MONTHLY.replace("disease}", "disease, where: [{trait: hardship, to: none}]}")
STACKABLE = [
    "none",
    WHOLE,
    YEARLY,
    MONTHLY,
    OF_SOME,
    BOTH,
    f"[{WHOLE}, {YEARLY}]",
    f"[{YEARLY}, {YEARLY}]",
    LIFTED,
]


@pytest.mark.parametrize("second", STACKABLE)
@pytest.mark.parametrize("first", STACKABLE)
def test_what_cannot_be_stacked_is_refused_when_packs_are_read(
    first: str, second: str, tmp_path: Path
) -> None:
    """The check of packs finds what the engine would refuse, and nothing else."""
    stated = (
        f"deductible: none\nshare: 60%\nclasses: {{I: {{ceiling: {first}}}, II: {{ceiling: {second}}}}}\n"
        "stacking: {how: sum}\ndiseases: {M03900: {class: I}, M01600: {class: II}}"
    )
    other = "ceiling: {yuan: 1, per: quarter, on: cost, scope: disease}"
    faults: list[PackProblem] = []
    rules = read_all(
        write(tmp_path, city=chronic(stated), province=pack(other, pool="360000", benefit="chronic-disease")),
        faults,
    )
    assert bool(faults) == any(
        refused_to_stack(rules, standing, *codes)
        for standing in (Standing.ACTIVE, Standing.RETIRED)
        for codes in (("M03900", "M01600"), ("M01600", "M03900"))
    )


def refused_to_stack(rules: RuleBook, standing: Standing, disease: str, other: str) -> bool:
    asked = replace(CHRONIC, standing=standing, disease=disease, diseases=(other,))
    try:
        benefit_rule(rules, asked)
    except MixedStacking:
        return True
    return False
