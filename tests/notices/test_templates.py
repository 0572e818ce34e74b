"""Every message in both languages: complete, with known placeholders, and silent outside about what is private."""

import re
from datetime import date

import pytest

from yidi.notices.templates import FORMS, OUTSIDE, WORDS, placeholders, said, wanted
from yidi.notices.terms import Language, Template
from yidi.values.terms import FilingKind

DETAILS = {
    "reason": "缺少检查报告",
    "starts": "2026-03-02",
    "ends": "2027-03-01",
    "days": 30,
    "amount": 123_456,
    "care": "310000",
    "disease": "M03900",
    "kind": str(FilingKind.LONG_TERM_RESIDENT),
}
HAN = re.compile("[一-鿿]")
WRITTEN = {
    "reason": ("缺少检查报告", "缺少检查报告"),
    "starts": ("2026年3月2日", "2 March 2026"),
    "ends": ("2027年3月1日", "1 March 2027"),
    "days": ("30", "30"),
    "amount": ("1234.56", "1234.56"),
    "care": ("上海市", "上海市"),
    "disease": ("高血压", "高血压"),
    "kind": ("异地长期居住", "long-term resident"),
}


def test_every_template_is_there_in_every_language() -> None:
    assert set(WORDS) == set(Template)
    assert all(set(words) == set(Language) for words in WORDS.values())


def test_every_form_is_tried_here() -> None:
    assert set(FORMS) == set(DETAILS) | {"number"}


@pytest.mark.parametrize("template", Template)
def test_languages_say_the_same_with_known_placeholders(template: Template) -> None:
    chinese, english = WORDS[template]["zh"], WORDS[template]["en"]
    assert placeholders(chinese) == placeholders(english)
    assert placeholders(chinese) <= set(FORMS)
    assert "{number}" in chinese.text
    assert "{number}" in english.text
    assert not HAN.search(english.text + english.short + template.en)
    assert HAN.search(template.zh)
    assert chinese.text.endswith("。")
    assert english.text.endswith(".")


@pytest.mark.parametrize("template", Template)
@pytest.mark.parametrize(("place", "language"), [(0, "zh"), (1, "en")])
def test_each_can_be_said(template: Template, place: int, language: str) -> None:
    text = said(template, "Q0000000012", DETAILS, language)
    assert text.title == template.label(language)
    assert "Q0000000012" in text.text
    assert "{" not in text.text + text.short
    for name in wanted(template):
        assert WRITTEN[name][place] in text.text


@pytest.mark.parametrize("template", Template)
def test_what_leaves_the_house_is_no_secret(template: Template) -> None:
    for words in WORDS[template].values():
        assert set(re.findall(r"{(\w+)}", words.short)) <= OUTSIDE
        for private in ("病", "药", "元", "disease", "drug", "yuan"):
            assert private not in words.short


@pytest.mark.parametrize("template", Template)
@pytest.mark.parametrize("language", Language)
def test_a_short_text_fits_one_text_message(template: Template, language: Language) -> None:
    """70 characters where one of them is Chinese, 160 otherwise."""
    short = said(template, "Q0000000012", DETAILS, language).short
    assert len(short) <= (70 if language == "zh" else 160)


def test_no_last_day_is_said_in_words() -> None:
    details = {**DETAILS, "ends": None}
    assert "自2026年3月2日至长期" in said(Template.FILING_ACTIVE, "F1", details).text
    assert "from 2 March 2026 until further notice" in said(Template.FILING_ACTIVE, "F1", details, "en").text


def test_another_language_is_answered_in_chinese() -> None:
    assert said(Template.CLAIM_PAID, "C1", DETAILS, "fr") == said(Template.CLAIM_PAID, "C1", DETAILS, "zh")


def test_a_day_in_english_is_that_day() -> None:
    assert FORMS["starts"](date(2026, 12, 1).isoformat(), "en") == "1 December 2026"
