"""Opens the files of strangers: a program of its own that `remaking` runs, with limits that it sets upon itself first.

It imports nothing of yidi, knows no setting and no secret, opens no file and no connection. The order is one JSON
argument; the file comes by standard input; out go one line of JSON and then the new content.
"""

import io
import json
import resource
import sys
import warnings
from collections.abc import Callable
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_raw
from PIL import Image, ImageOps, JpegImagePlugin, MpoImagePlugin, PngImagePlugin
from pillow_heif import HeifImagePlugin, options, register_heif_opener

Order = dict[str, Any]
Answer = tuple[dict[str, Any], bytes]

PLUGINS = JpegImagePlugin, MpoImagePlugin, PngImagePlugin, HeifImagePlugin
"""Imported before the limits are set. No other format is ever tried."""
FORMATS = {"jpeg": ["JPEG"], "png": ["PNG"], "heif": ["HEIF"]}
QUALITY = 85
"""Of the JPEG written: small print stays readable."""
POINTS_PER_INCH = 72


class Refused(Exception):
    """The file is not taken; the arguments say why and how much of what."""


def bind(order: Order) -> None:
    """Set the limits that nothing below can lift: address space, processor time, size of what is written."""
    cpu = order["cpu_s"]
    for limit, soft, hard in (
        (resource.RLIMIT_AS, order["memory"], order["memory"]),
        (resource.RLIMIT_CPU, cpu, cpu + 1),
        (resource.RLIMIT_FSIZE, order["output"], order["output"]),
        (resource.RLIMIT_CORE, 0, 0),
    ):
        resource.setrlimit(limit, (soft, hard))


def opened(content: bytes, order: Order) -> Image.Image:
    """The picture, upright, grey or coloured, on white, its long edge within the bound; nothing of it but its pixels."""
    image: Image.Image = Image.open(io.BytesIO(content), formats=FORMATS[order["kind"]])
    if image.width * image.height > order["pixels"]:
        raise Refused("pixels", {"width": image.width, "height": image.height})
    edge = order["edge"]
    image.draft(image.mode, (edge, edge))
    image.load()
    upright = ImageOps.exif_transpose(flattened(image))
    upright.thumbnail((edge, edge), Image.Resampling.LANCZOS)
    upright.info = {}
    return upright


def flattened(image: Image.Image) -> Image.Image:
    """The picture as grey or RGB: what is transparent shows white, what has 16 bits keeps the upper eight."""
    if image.has_transparency_data:
        colours = image.convert("RGBA")
        ground = Image.new("RGB", image.size, "white")
        ground.paste(colours, mask=colours.getchannel("A"))
        ground.info = image.info
        return ground
    if image.mode.startswith("I"):
        return image.convert("I").point(lambda value: value / 256).convert("L")
    return image if image.mode in ("L", "RGB") else image.convert("L" if image.mode == "1" else "RGB")


def as_jpeg(image: Image.Image) -> bytes:
    """The picture as a plain JPEG: no EXIF, no comment, no colour profile."""
    written = io.BytesIO()
    image.save(written, "JPEG", quality=QUALITY)
    return written.getvalue()


def remade_picture(content: bytes, order: Order) -> Answer:
    """A picture as a new JPEG."""
    return {"media_type": "image/jpeg", "pages": 1}, as_jpeg(opened(content, order))


def pdf_pages(content: bytes, order: Order) -> "pdfium.PdfDocument":
    """The PDF, with its form fields drawn as filled in. It has no scripts: this pdfium is built without them."""
    try:
        document = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        if error.err_code == pdfium_raw.FPDF_ERR_PASSWORD:
            raise Refused("password", {}) from None
        raise
    document.init_forms()
    if len(document) > order["pages"]:
        raise Refused("pages", {"pages": len(document)})
    return document


def page_picture(page: "pdfium.PdfPage", order: Order, dots_per_inch: int) -> Image.Image:
    """One page as a picture, its long edge within the bound."""
    scale = min(dots_per_inch / POINTS_PER_INCH, order["edge"] / max(page.get_size()))
    return page.render(scale=scale, rev_byteorder=True, limit_image_cache=True).to_pil()


def remade_pdf(content: bytes, order: Order) -> Answer:
    """A PDF as a new one that holds one picture a page, and nothing else."""
    source, result = pdf_pages(content, order), pdfium.PdfDocument.new()
    size = 0
    for page in source:
        width, height = page.get_size()
        picture = as_jpeg(page_picture(page, order, order["dots_per_inch"]))
        size += len(picture)
        if size > order["output"]:
            raise Refused("heavy", {})
        held = pdfium.PdfImage.new(result)
        held.load_jpeg(io.BytesIO(picture), inline=True)
        held.set_matrix(pdfium.PdfMatrix().scale(width, height))
        fresh = result.new_page(width, height)
        fresh.insert_obj(held)
        fresh.gen_content()
        page.close()
    written = io.BytesIO()
    result.save(written)
    return {"media_type": "application/pdf", "pages": len(result)}, written.getvalue()


def remade(content: bytes, order: Order) -> Answer:
    """The file made anew."""
    return (remade_pdf if order["kind"] == "pdf" else remade_picture)(content, order)


TASKS: dict[str, Callable[[bytes, Order], Answer]] = {"remake": remade}


def main() -> None:
    """Carry out the order given as the first argument."""
    order = json.loads(sys.argv[1])
    Image.MAX_IMAGE_PIXELS = None  # `opened` counts them itself, and says how many there are
    options.DECODE_THREADS = 1  # each thread would take address space of its own
    warnings.simplefilter("ignore")
    register_heif_opener(thumbnails=False)
    bind(order)
    try:
        header, content = TASKS[order["task"]](sys.stdin.buffer.read(), order)
        if len(content) > order["output"] // 2:
            raise Refused("heavy", {})
    except Refused as refused:
        why, how_much = refused.args
        header, content = {"refused": why, **how_much}, b""
    except MemoryError:
        header, content = {"refused": "heavy"}, b""
    except (
        Exception
    ) as error:  # what a library raises at a damaged file is its own affair: SyntaxError, OSError, …
        header, content = {"refused": "damaged", "error": type(error).__name__}, b""
    sys.stdout.buffer.write(json.dumps(header).encode() + b"\n" + content)


if __name__ == "__main__":
    main()
