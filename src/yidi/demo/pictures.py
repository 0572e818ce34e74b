"""Invented papers as pictures, so that the demo's cases have something to look at."""

from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from yidi.documents.fonts import FAMILY, fonts

SIZE = (900, 1200)
PAPER, INK, MARK = "#fdfcf7", "#1c2624", "#b9c4c1"


def paper(title: str, *lines: str) -> BytesIO:
    """A page with a title and some lines, marked as invented, as a JPEG."""
    page = Image.new("RGB", SIZE, PAPER)
    draw = ImageDraw.Draw(page)
    draw.rectangle((40, 40, SIZE[0] - 40, SIZE[1] - 40), outline=INK, width=2)
    draw.text((SIZE[0] / 2, 120), title, INK, _font(44), anchor="mm")
    for number, line in enumerate(lines):
        draw.text((90, 220 + number * 64), line, INK, _font(28))
    draw.text((SIZE[0] / 2, SIZE[1] - 120), "合成单据，仅供演示", MARK, _font(40), anchor="mm")
    file = BytesIO()
    page.save(file, "JPEG", quality=85)
    file.seek(0)
    return file


def _font(size: int) -> ImageFont.FreeTypeFont:
    face = next(face for face in fonts().fonts() if face.family == FAMILY)
    return ImageFont.truetype(str(face.path), size, index=face.index)
