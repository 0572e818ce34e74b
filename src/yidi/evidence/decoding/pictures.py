"""Pictures: JPEG, PNG, HEIC. Only their pixels survive."""

import io
import json

import zxingcpp
from PIL import Image, ImageOps, JpegImagePlugin, MpoImagePlugin, PngImagePlugin
from pillow_heif import HeifImagePlugin, options

from yidi.evidence.decoding.orders import Answer, Order, Refused

PLUGINS = JpegImagePlugin, MpoImagePlugin, PngImagePlugin, HeifImagePlugin
"""What can be opened; no other format is ever tried."""
FORMATS = {"jpeg": ["JPEG"], "png": ["PNG"], "heif": ["HEIF"]}
QUALITY = 85
"""Of the JPEG written: small print stays readable."""
QR_CODE = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
LONGEST_TEXT = 1000
"""Characters of a code that are read."""
SIXTEEN_BITS = 256
"""By which a sample of 16 bits is divided to have eight."""

Image.MAX_IMAGE_PIXELS = None  # `opened` counts them itself, and says how many there are
options.DECODE_THREADS = 1  # each thread would take address space of its own
options.THUMBNAILS = False


def opened(content: bytes, order: Order, edge: int) -> Image.Image:
    """The picture, upright, grey or coloured, on white, its long edge bounded; nothing of it but its pixels."""
    image: Image.Image = Image.open(io.BytesIO(content), formats=FORMATS[order["kind"]])
    if image.width * image.height > order["pixels"]:
        raise Refused("pixels", width=image.width, height=image.height)
    # Where half its size or less is enough, a JPEG is decoded at that.
    image.draft(image.mode, (edge, edge))
    image.load()
    plain = flattened(image)
    plain.thumbnail((edge, edge), Image.Resampling.LANCZOS)
    upright = ImageOps.exif_transpose(plain)
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
        return image.convert("I").point(lambda value: value * (1 / SIXTEEN_BITS)).convert("L")
    return image if image.mode in ("L", "RGB") else image.convert("L" if image.mode == "1" else "RGB")


def as_jpeg(image: Image.Image) -> bytes:
    """The picture as a plain JPEG: no EXIF, no comment, no colour profile."""
    written = io.BytesIO()
    image.save(written, "JPEG", quality=QUALITY)
    return written.getvalue()


def remake(content: bytes, order: Order) -> Answer:
    """A picture as a new JPEG."""
    return {"media_type": "image/jpeg", "pages": 1}, as_jpeg(opened(content, order, order["edge"]))


def codes(content: bytes, order: Order) -> Answer:
    """The texts of the two-dimensional codes in a picture, as JSON."""
    return {}, json.dumps(texts_in(opened(content, order, order["edge"]))).encode()


def texts_in(image: Image.Image) -> list[str]:
    """The texts of the QR codes in a picture."""
    found = zxingcpp.read_barcodes(image.convert("L"), formats=QR_CODE)
    return [code.text[:LONGEST_TEXT] for code in found]
