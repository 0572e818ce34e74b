"""Every document comes out as a PDF that says what it was given."""

from typing import Any

import pytest

from tests.documents.factories import (
    CLAIM,
    FILING,
    IDENTITY,
    MASKED,
    QUALIFICATION,
    a_claim_form,
    a_filing_form,
    a_letter,
    a_qualification_form,
    a_slip,
    an_insured,
)
from tests.documents.reading import pages_of, squeezed, text_of
from yidi.documents.forms import AnyDocument, Helper
from yidi.documents.services import render
from yidi.documents.terms import Outcome

OUTCOMES = [
    (case, outcome)
    for case in (QUALIFICATION, FILING, CLAIM)
    for outcome in Outcome
    if case is CLAIM or outcome != Outcome.PAID
]
FORMS = {"qualification": a_qualification_form, "filing": a_filing_form, "claim": a_claim_form}
ALL: list[Any] = [
    *(pytest.param(form(), id=name) for name, form in FORMS.items()),
    *(pytest.param(a_letter(*each), id=f"{each[0].kind}-{each[1]}") for each in OUTCOMES),
    pytest.param(a_slip(), id="slip"),
]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("form", ALL)
def test_every_document_names_its_person_and_case(form: AnyDocument, language: str) -> None:
    text = text_of(render(form, language=language))
    for shown in (form.insured.name, form.number, form.agency, "江西省南昌市"):
        assert squeezed(shown) in text


@pytest.mark.parametrize("form", ALL)
def test_identity_numbers_are_full_on_own_forms_alone(form: AnyDocument) -> None:
    text = text_of(render(form))
    signed = type(form) in {type(make()) for make in FORMS.values()}
    assert (IDENTITY in text, MASKED in text) == (signed, not signed)


@pytest.mark.parametrize("make", FORMS.values(), ids=FORMS)
def test_a_form_is_one_page_also_when_a_relative_applies(make: Any) -> None:
    helper = Helper(name="熊小明", relation="子女", phone="13900000001")
    assert pages_of(render(make())) == 1
    pdf = render(make(helper=helper, synthetic=True))
    assert pages_of(pdf) == 1
    assert "代办人：熊小明与本人关系：子女电话：13900000001" in text_of(pdf)


@pytest.mark.parametrize(
    ("pool", "title"),
    [
        ("360100", "江西省医疗保险异地就医自助备案表"),
        ("369900", "江西省医疗保险异地就医自助备案表"),
        ("410100", "异地就医备案表"),
    ],
)
def test_the_filing_form_bears_the_title_of_its_province(pool: str, title: str) -> None:
    text = text_of(render(a_filing_form(insured=an_insured(pool=pool))))
    assert title in text
    assert ("江西省医疗保险" in text) == ("江西省" in title)


def test_a_commitment_letter_is_the_second_page() -> None:
    pdf = render(a_filing_form(commitment=("居住认定材料", "劳动合同")))
    assert pages_of(pdf) == 2
    second = text_of(pdf).split("第1页，共2页")[1]
    for words in ("个人承诺书", "居住认定材料", "劳动合同", IDENTITY, "承诺人签名"):
        assert words in second


@pytest.mark.parametrize("form", ALL)
def test_the_same_data_give_the_same_bytes(form: AnyDocument) -> None:
    assert render(form) == render(form)
