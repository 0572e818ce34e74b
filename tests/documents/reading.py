"""Reading a PDF back."""

import re
from collections.abc import Iterator

import pypdfium2
import pypdfium2.raw as pdfium


def lines_of(pdf: bytes) -> str:
    """All text as it stands, page by page."""
    with pypdfium2.PdfDocument(pdf) as document:
        pages = [page.get_textpage().get_text_bounded() for page in document]
    return "\n\f".join(page.replace("\r\n", "\n") for page in pages) + "\n"


def text_of(pdf: bytes) -> str:
    """All text without the spaces and line ends that setting it made."""
    return squeezed(lines_of(pdf))


def squeezed(text: str) -> str:
    """A text as `text_of` would give it; U+FFFE is how the reader marks a word broken at a line end."""
    return re.sub(r"[\s\u200b\ufffe]", "", text)


def pages_of(pdf: bytes) -> int:
    with pypdfium2.PdfDocument(pdf) as document:
        return len(document)


def fonts_of(pdf: bytes) -> Iterator[tuple[str, bool]]:
    """Every font that some text is set in, and whether it is embedded."""
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            for item in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT]):
                font = pdfium.FPDFTextObj_GetFont(item)
                name = (pdfium.c_char * 80)()
                pdfium.FPDFFont_GetBaseFontName(font, name, 80)
                yield name.value.decode(), pdfium.FPDFFont_GetIsEmbedded(font) == 1
