"""Printing a document."""

import io
from collections.abc import Callable
from typing import Any

import segno

from yidi.documents import contents
from yidi.documents.errors import DocumentTooLong
from yidi.documents.fonts import FAMILY
from yidi.documents.forms import AnyDocument, ClaimForm, DecisionLetter, FilingForm, QualificationForm, Slip
from yidi.documents.glyphs import needs_codes, printable
from yidi.documents.typesetting import typeset

MOST_CHARACTERS = 200_000
"""Of all data of one document together: some hundreds of fee lines with their reasons."""

_CONTENTS: dict[type, Callable[[Any, str], dict[str, Any]]] = {
    QualificationForm: contents.of_qualification_form,
    FilingForm: contents.of_filing_form,
    ClaimForm: contents.of_claim_form,
    DecisionLetter: contents.of_letter,
    Slip: contents.of_slip,
}


def render(form: AnyDocument, *, language: str = "zh") -> bytes:
    """The document as a PDF (PDF/A-2a and PDF/UA-1) with its font inside.

    `language` is that of letters and slips; forms bear Chinese with English below, whatever it is. The same data give
    the same bytes. Characters that the font cannot show are printed as their codes, see `glyphs`.
    Raises DocumentTooLong, LetterNotKnown, LetterIncomplete.
    """
    spoken = "zh" if form.BILINGUAL else language
    raw = {**contents.of_all(form, spoken), **_CONTENTS[type(form)](form, spoken)}
    texts = list(_texts(raw))
    length = sum(map(len, texts))
    if length > MOST_CHARACTERS:
        raise DocumentTooLong(length=length, most=MOST_CHARACTERS)
    data = _each_text(raw)
    data |= {"has_codes": any(map(needs_codes, texts)), "qr": _qr(form.case_url), "font": FAMILY}
    return typeset(form.document, data, form.on)


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for part in parts for text in _texts(part)]


def _each_text(value: Any) -> Any:
    """The data with every text as it is printed."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {name: _each_text(part) for name, part in value.items()}
    return [_each_text(part) for part in value] if isinstance(value, list) else value


def _qr(url: str) -> str:
    """A QR code as SVG; empty without an address."""
    if not url:
        return ""
    picture = io.BytesIO()
    segno.make(url, micro=False, error="m").save(picture, kind="svg", border=2, xmldecl=False, light="white")
    return picture.getvalue().decode()
