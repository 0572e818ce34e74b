"""PDFs: each page becomes a picture; scripts, attachments, forms, links and hidden text stay behind.

Many invoices name fonts that they do not carry. pdfium then takes the machine's, and of a machine without Chinese ones
it would leave blanks: so the folder of the font that yidi installs for its own documents is searched as well.
"""

import ctypes
import io
import json
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as raw
from PIL import Image

from yidi.evidence.decoding.orders import Answer, Order, Refused, must_fit
from yidi.evidence.decoding.pictures import as_jpeg, texts_in

POINTS_PER_INCH = 72
SYSTEM_FONTS = ("/usr/share/fonts", "/usr/local/share/fonts", "/usr/share/X11/fonts")
"""Where pdfium looks by itself on Linux."""
OWN_FONTS = "manimgx_fonts_cjk"
"""The package that holds the font of yidi's documents."""


def font_folders() -> list[str]:
    """Where fonts are looked for that a PDF names and does not carry."""
    package = find_spec(OWN_FONTS)
    own = [str(Path(package.origin).parent)] if package and package.origin else []
    return [*SYSTEM_FONTS, *own]


def use_fonts(folders: list[str]) -> None:
    """Have pdfium look for fonts in these folders and nowhere else."""
    kept = [ctypes.create_string_buffer(folder.encode()) for folder in folders]
    character = ctypes.POINTER(ctypes.c_char)  # one more than there are folders: the list ends with a null
    paths = (character * (len(kept) + 1))(*(ctypes.cast(each, character) for each in kept))
    raw.FPDF_DestroyLibrary()
    raw.FPDF_InitLibraryWithConfig(raw.FPDF_LIBRARY_CONFIG(version=2, m_pUserFontPaths=paths))


def opened(content: bytes, order: Order) -> pdfium.PdfDocument:
    """The PDF, with its form fields drawn as filled in. It runs no scripts: this pdfium is built without them."""
    use_fonts(font_folders())
    try:
        document = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        if error.err_code == raw.FPDF_ERR_PASSWORD:
            raise Refused("password") from None
        raise
    document.init_forms()
    if len(document) > order["pages"]:
        raise Refused("pages", pages=len(document))
    return document


def pictures(document: pdfium.PdfDocument, order: Order, edge: int) -> Iterator[Image.Image]:
    """Each page as a picture, its long edge bounded."""
    for page in document:
        scale = min(order["dots_per_inch"] / POINTS_PER_INCH, edge / max(page.get_size()))
        yield page.render(scale=scale, rev_byteorder=True, limit_image_cache=True).to_pil()
        page.close()


def remake(content: bytes, order: Order) -> Answer:
    """A PDF as a new one that holds one picture a page, and nothing else."""
    result, size = pdfium.PdfDocument.new(), 0
    for picture in pictures(opened(content, order), order, order["edge"]):
        jpeg = as_jpeg(picture)
        size += len(jpeg)
        must_fit(size, order)
        width, height = (side * POINTS_PER_INCH / order["dots_per_inch"] for side in picture.size)
        held = pdfium.PdfImage.new(result)
        held.load_jpeg(io.BytesIO(jpeg), inline=True)
        held.set_matrix(pdfium.PdfMatrix().scale(width, height))
        page = result.new_page(width, height)
        page.insert_obj(held)
        page.gen_content()
        page.close()
    if not len(result):
        raise Refused("damaged")
    written = io.BytesIO()
    result.save(written)
    return {"media_type": "application/pdf", "pages": len(result)}, written.getvalue()


def codes(content: bytes, order: Order) -> Answer:
    """The texts of the two-dimensional codes on the pages, as JSON."""
    pages = pictures(opened(content, order), order, order["edge"])
    return {}, json.dumps([text for page in pages for text in texts_in(page)]).encode()
