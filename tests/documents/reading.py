"""Reading a PDF back."""

import re

import pypdfium2


def text_of(pdf: bytes) -> str:
    """All text, page by page, without the spaces and line ends that setting it made."""
    with pypdfium2.PdfDocument(pdf) as document:
        pages = [page.get_textpage().get_text_bounded() for page in document]
    return re.sub(r"\s|\u200b|\ufffe", "", "\f".join(pages))


def squeezed(text: str) -> str:
    """A text as `text_of` would give it."""
    return re.sub(r"\s", "", text)


def pages_of(pdf: bytes) -> int:
    with pypdfium2.PdfDocument(pdf) as document:
        return len(document)
