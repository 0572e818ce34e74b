"""Which letters there are, what each must know, and what it says in both languages."""

import dataclasses
import re
import string
from typing import Any

import pytest

from tests.documents.factories import CLAIM, FILING, QUALIFICATION, a_letter
from tests.documents.reading import squeezed, text_of
from yidi.documents.errors import LetterIncomplete, LetterNotKnown
from yidi.documents.letters import _LETTERS, letter_text
from yidi.documents.services import render
from yidi.documents.terms import Outcome
from yidi.values.terms import CaseKind

CASES: dict[CaseKind, Any] = {
    CaseKind.QUALIFICATION: QUALIFICATION,
    CaseKind.FILING: FILING,
    CaseKind.CLAIM: CLAIM,
}
APPROVED, REJECTED, MORE, PAID = Outcome.APPROVED, Outcome.REJECTED, Outcome.MORE_EVIDENCE, Outcome.PAID

TABLE = [
    # case, outcome, what it must know, what it says
    (
        "qualification",
        APPROVED,
        ["starts"],
        "予以认定。您可以从2026年3月5日起到2028年3月4日止享受这一病种的门诊待遇。",
    ),
    ("qualification", REJECTED, ["reasons"], "经审核不符合规定，不予认定。"),
    ("qualification", MORE, ["reasons", "asked_for"], "需要补充材料后才能继续办理。"),
    ("qualification", PAID, None, ""),
    (
        "filing",
        APPROVED,
        ["starts"],
        "（异地长期居住，就医地上海市），已经生效，从2026年3月5日起到2028年3月4日止有效。",
    ),
    ("filing", REJECTED, ["reasons"], "经审核不符合规定，不予备案。"),
    ("filing", MORE, ["reasons", "asked_for"], "需要补充材料后才能继续办理。"),
    ("filing", PAID, None, ""),
    ("claim", APPROVED, ["explanation"], "医疗费总额1294.56元，经核定报销803.39元，其余491.17元由个人负担。"),
    ("claim", REJECTED, ["reasons"], "医疗费总额1234.56元，经审核不符合规定，不予报销。"),
    ("claim", MORE, ["reasons", "asked_for"], "需要补充材料后才能继续办理。"),
    (
        "claim",
        PAID,
        ["explanation", "paid_on"],
        "报销款803.39元已于2026年3月4日支付到社会保障卡账户（尾号0029），",
    ),
]
KNOWN = [row for row in TABLE if row[2] is not None]


def test_the_table_holds_every_case_and_outcome() -> None:
    assert {(CaseKind(case), outcome) for case, outcome, _, _ in TABLE} == {
        (case, outcome) for case in CASES for outcome in Outcome
    }
    assert {(CaseKind(case), outcome) for case, outcome, _, _ in KNOWN} == set(_LETTERS)


@pytest.mark.parametrize(("case", "outcome", "needed", "sentence"), KNOWN)
def test_a_letter_says_what_was_decided(
    case: str, outcome: Outcome, needed: list[str], sentence: str
) -> None:
    text = text_of(render(a_letter(CASES[CaseKind(case)], outcome)))
    assert sentence in text


@pytest.mark.parametrize(
    ("case", "outcome", "field"),
    [(case, outcome, name) for case, outcome, needed, _ in KNOWN for name in needed or ()],
)
def test_a_letter_is_not_printed_without_what_the_person_must_be_told(
    case: str, outcome: Outcome, field: str
) -> None:
    whole = a_letter(CASES[CaseKind(case)], outcome)
    empty = () if isinstance(getattr(whole, field), tuple) else None
    with pytest.raises(LetterIncomplete) as caught:
        render(dataclasses.replace(whole, **{field: empty}))
    assert caught.value.details["case"] == CaseKind(case)
    assert caught.value.details["missing_en"]


@pytest.mark.parametrize(("case", "outcome"), [(row[0], row[1]) for row in TABLE if row[2] is None])
def test_some_outcomes_have_no_letter(case: str, outcome: Outcome) -> None:
    with pytest.raises(LetterNotKnown):
        render(a_letter(CASES[CaseKind(case)], outcome))


@pytest.mark.parametrize(("case", "outcome"), [(row[0], row[1]) for row in KNOWN])
def test_both_languages_say_the_same_of_the_same(case: str, outcome: Outcome) -> None:
    letter = _LETTERS[CaseKind(case), outcome]
    for zh, en in (letter.result, *letter.next_steps):
        names = [{name for _, name, _, _ in string.Formatter().parse(text) if name} for text in (zh, en)]
        assert names[0] == names[1]
        assert not re.search("[一-鿿]", en)
    whole = a_letter(CASES[CaseKind(case)], outcome)
    for language in ("zh", "en"):
        said = letter_text(whole, language)
        assert "{" not in said["result"]
        shown = text_of(render(whole, language=language))
        assert squeezed(said["result"]) in shown
        assert all(squeezed(step) in shown for step in said["next_steps"])


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_a_rejection_gives_its_reasons_and_the_way_to_appeal(case: Any) -> None:
    letter = a_letter(case, REJECTED)
    text = text_of(render(letter))
    for words in (*letter.reasons, "即为申诉", "由另一名经办人员重新审核", "行政复议", letter.agency_phone):
        assert words in text
    english = text_of(render(letter, language="en"))
    assert squeezed("that is an appeal. Another clerk will decide it afresh.") in english


def test_a_rejection_names_a_last_day_only_where_one_is_given() -> None:
    assert "2026年5月4日前" not in text_of(render(a_letter(QUALIFICATION, REJECTED)))
    dated = a_letter(QUALIFICATION, REJECTED, appeal_by=a_letter().on.replace(month=5, day=4))
    assert "2026年5月4日前" in text_of(render(dated))


def test_a_request_for_papers_names_each_and_its_term_with_the_source() -> None:
    letter = a_letter(QUALIFICATION, MORE, answer_by_source="JX-299（R 级，未采用）")
    text = text_of(render(letter))
    for words in (
        *letter.asked_for,
        *letter.reasons,
        "请在2026年3月26日前（含当日）提交。",
        "期限依据：JX-299（R级，未采用）",
    ):
        assert words in text


def test_a_letter_without_a_code_does_not_send_people_to_one() -> None:
    assert "二维码" in text_of(render(a_letter()))
    assert "二维码" not in text_of(render(a_letter(case_url="")))


def test_a_period_without_a_last_day_says_from_when() -> None:
    assert "从2026年3月5日起享受这一病种" in text_of(render(a_letter(ends=None)))
