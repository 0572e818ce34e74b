"""The file itself: its fonts, its standards, its code, and that threads do not mix documents up."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import zxingcpp

from tests.documents.factories import a_claim_form, a_filing_form, a_letter, a_qualification_form, a_slip
from tests.documents.reading import fonts_of, lines_of, pages_of, text_of
from yidi.documents.services import render
from yidi.documents.terms import Document

GOLDEN = Path(__file__).parent / "golden"
ALL: dict[str, Any] = {
    "qualification-form": a_qualification_form,
    "filing-form": lambda **changes: a_filing_form(commitment=("居住认定材料",), **changes),
    "claim-form": a_claim_form,
    "decision": a_letter,
    "slip": a_slip,
}
EVERY = pytest.mark.parametrize("make", ALL.values(), ids=list(ALL))


def test_every_document_is_here_and_has_its_template_in_the_package() -> None:
    assert list(ALL) == Document.spellings()
    for name in ALL:
        assert (files("yidi.documents") / "typ" / f"{name}.typ").is_file()


@EVERY
def test_all_fonts_are_embedded(make: Any) -> None:
    found = set(fonts_of(render(make())))
    assert found
    assert all(embedded and "NotoSansCJK" in name for name, embedded in found)


@EVERY
def test_the_file_says_which_standards_it_keeps(make: Any) -> None:
    pdf = render(make())
    for claim in (b"<pdfaid:part>2<", b"<pdfaid:conformance>A<", b"<pdfuaid:part>1<"):
        assert claim in pdf
    with pypdfium2.PdfDocument(pdf) as document:
        assert document.is_tagged()
        assert document.get_metadata_value("CreationDate").startswith("D:20260305")


@pytest.mark.parametrize(
    ("form", "language", "title", "spoken"),
    [
        (a_qualification_form(), "zh", "门诊慢特病病种待遇认定申请表", b"zh"),
        (a_qualification_form(), "en", "门诊慢特病病种待遇认定申请表", b"zh"),
        (a_filing_form(), "zh", "江西省医疗保险异地就医自助备案表", b"zh"),
        (a_slip(), "zh", "医疗费用结算单", b"zh"),
        (a_slip(), "en", "Settlement slip", b"en"),
        (a_letter(), "en", "Decision on a chronic-disease qualification", b"en"),
    ],
)
def test_title_and_language_are_those_of_the_page(
    form: Any, language: str, title: str, spoken: bytes
) -> None:
    pdf = render(form, language=language)
    with pypdfium2.PdfDocument(pdf) as document:
        assert document.get_metadata_value("Title") == title
    assert b"/Lang(" + spoken in pdf.replace(b"/Lang (", b"/Lang(")


def codes_on(pdf: bytes) -> list[str]:
    with pypdfium2.PdfDocument(pdf) as document:
        return [code.text for code in zxingcpp.read_barcodes(document[0].render(scale=3).to_pil())]


@EVERY
def test_the_code_opens_the_case(make: Any) -> None:
    form = make()
    assert codes_on(render(form)) == [form.case_url]
    assert codes_on(render(make(case_url=""))) == []


@EVERY
@pytest.mark.parametrize(("language", "words"), [("zh", "合成演示数据"), ("en", "SYNTHETICDEMO")])
def test_an_invented_person_s_document_says_so_on_every_page(make: Any, language: str, words: str) -> None:
    pdf = render(make(synthetic=True), language=language)
    text = text_of(pdf)
    words = "合成演示数据" if "申请表" in text or "备案表" in text else words
    assert text.count(words) >= pages_of(pdf)
    assert words not in text_of(render(make(), language=language))


def test_another_day_is_another_file() -> None:
    assert render(a_slip()) != render(a_slip(on=date(2026, 3, 6)))


def test_threads_each_get_their_own_document() -> None:
    forms = [a_qualification_form(record_number=f"线程-{number}") for number in range(12)]
    with ThreadPoolExecutor(max_workers=4) as pool:
        printed = list(pool.map(render, forms))
    for form, pdf in zip(forms, printed, strict=True):
        assert form.record_number in text_of(pdf)
        assert pdf == render(form)


@EVERY
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_text_is_the_golden_one(make: Any, language: str, golden: Any) -> None:
    form = make()
    golden(GOLDEN / f"{form.document}.{language}.txt", lines_of(render(form, language=language)))
