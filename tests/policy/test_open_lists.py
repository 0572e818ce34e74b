"""Lists of diseases of which a source names only some: what is not named is not known, rather than not covered."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tests.policy.factories import book_of, faults_of, pack
from yidi.policy.book import RuleBook, book
from yidi.policy.cases import lists_in_part, qualification_rule
from yidi.policy.errors import DiseaseNotCovered, ListKnownInPart, MissingParameter
from yidi.policy.resolve import benefit_rule, covered_diseases
from yidi.policy.rules import Question
from yidi.values.terms import STANDINGS_OF, Benefit, Level, Scheme, Situation, Standing

DAY = date(2026, 11, 22)
PARKINSON = "M02300"
SEVEN = ("M00200", "M01600", "M03900", "M04600", "M05300", "M06900", "M07200")
"""Settled directly between provinces and not of Jiangxi's class I: that they are of class II is inferred."""
NAMED = "classes: {I: {}}\ndiseases: {M01600: {class: I}}"
WHOLE = f"deductible: none\nshare: 60%\nceiling: none\n{NAMED}"
PART = f"{WHOLE}\nlist: part"


def chronic(*rules: str, pool: str = "360100") -> str:
    return pack(*rules, pool=pool, benefit="chronic-disease")


def asked(disease: str, pool: str = "360100", scheme: Scheme = Scheme.EMPLOYEE) -> Question:
    return Question(
        pool, scheme, STANDINGS_OF[scheme][-1], Benefit.CHRONIC_DISEASE, Level.TERTIARY, Situation.LOCAL,
        DAY, disease, age=66,
    )  # fmt: skip


def refusals(rules: RuleBook, question: Question) -> list[ListKnownInPart]:
    """How benefit and qualification are refused, which must be alike."""
    found = []
    with pytest.raises(ListKnownInPart) as refused:
        benefit_rule(rules, question)
    found.append(refused.value)
    with pytest.raises(ListKnownInPart) as refused:
        qualification_rule(rules, question.home, question.scheme, question.disease, question.on)
    return [*found, refused.value]


@pytest.mark.parametrize("scheme", list(Scheme))
@pytest.mark.parametrize("pool", ["360100", "360700", "369900"])
def test_what_no_source_names_for_jiangxi_is_not_known(pool: str, scheme: Scheme) -> None:
    for refusal in refusals(book(), asked(PARKINSON, pool, scheme)):
        assert refusal.code == "POLICY-LIST-PART"
        assert "帕金森" in refusal.message
        assert "12393" in refusal.message
        assert "不能据此判断" in refusal.message
        assert "not known" in refusal.english
    assert lists_in_part(book(), pool, scheme, DAY)


def test_maoming_names_four_examples_only() -> None:
    with pytest.raises(ListKnownInPart, match=r"茂名.*高血压"):
        benefit_rule(book(), asked("M03900", "440900", Scheme.RESIDENT))


def test_a_whole_list_refuses_what_it_does_not_name(tmp_path: Path) -> None:
    rules = book_of(tmp_path, city=chronic(WHOLE))
    with pytest.raises(DiseaseNotCovered):
        benefit_rule(rules, asked(PARKINSON))
    assert not lists_in_part(rules, "360100", Scheme.EMPLOYEE, DAY)
    assert not lists_in_part(rules, "440100", Scheme.EMPLOYEE, DAY)


def test_one_part_leaves_the_list_open(tmp_path: Path) -> None:
    """A province that names some and a city that lists others do not make a whole."""
    rules = book_of(
        tmp_path,
        city=chronic("classes: {II: {}}\ndiseases: {M03900: {class: II}}"),
        province=chronic(PART, pool="360000"),
    )
    assert covered_diseases(rules, "360100", Scheme.EMPLOYEE, DAY) == ("M01600", "M03900")
    for refusal in refusals(rules, asked(PARKINSON)):
        assert isinstance(refusal, MissingParameter), "who knows what is missing treats it like any other gap"


def test_what_is_named_is_answered_and_what_is_no_disease_is_refused(tmp_path: Path) -> None:
    rules = book_of(tmp_path, city=chronic(PART))
    assert benefit_rule(rules, asked("M01600")).share.ppm == 600_000
    for code in ("M99999", ""):
        with pytest.raises(DiseaseNotCovered):
            benefit_rule(rules, asked(code))


def test_a_part_of_nothing_is_refused(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path, city=chronic("share: 60%\nlist: part"))
    assert "list: part 只与 diseases 一起写" in fault.details["what"]


@pytest.mark.parametrize("disease", SEVEN)
@pytest.mark.parametrize(
    ("scheme", "standing"), [(Scheme.EMPLOYEE, Standing.RETIRED), (Scheme.RESIDENT, Standing.SENIOR)]
)
def test_the_reader_is_told_that_class_2_was_inferred(
    disease: str, scheme: Scheme, standing: Standing
) -> None:
    notes = qualification_rule(book(), "360100", scheme, disease, DAY).notes
    assert any(note.startswith("归Ⅱ类是推断") for note in notes)
    question = replace(asked(disease, scheme=scheme), standing=standing)
    (ceiling,) = benefit_rule(book(), question).ceilings
    assert "归Ⅱ类是推断" in ceiling.origin.note


def test_class_1_was_not_inferred() -> None:
    notes = qualification_rule(book(), "360100", Scheme.EMPLOYEE, "M07801", DAY).notes
    assert not any("推断" in note for note in notes)
