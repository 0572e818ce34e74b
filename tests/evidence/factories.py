"""Files as people would hand them in, made in memory, and papers of cases."""

import io
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any
from unittest import mock

import pypdfium2 as pdfium
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pillow_heif import from_pillow

from tests.people.factories import a_person
from yidi.accounts.actors import Actor, ActorKind
from yidi.evidence import remaking
from yidi.evidence.decoding.__main__ import carried_out
from yidi.evidence.models import Paper
from yidi.evidence.remaking import Remade
from yidi.evidence.services import hand_in
from yidi.evidence.terms import MediaType
from yidi.people.models import Person
from yidi.values.terms import Material


@contextmanager
def without_a_process() -> Iterator[None]:
    """Pictures and tables opened by the child's program, but here: for tests that open many.

    Not for PDFs: their library is set up anew for each, under the feet of those that are open in this process.
    """

    def run(order: dict[str, Any], content: bytes) -> tuple[int, bytes, bytes]:
        header, fresh = carried_out(order, content)
        return 0, json.dumps(header).encode() + b"\n" + fresh, b""

    with mock.patch.object(remaking, "_run", run):
        yield


CASE = "Q0000000001"
GPS = 34853
"""The tag of EXIF under which a place is written."""
PLACE = {1: "N", 2: (28.0, 40.0, 59.0), 3: "E", 4: (115.0, 51.0, 29.0)}


def a_picture(size: tuple[int, int] = (60, 40), mode: str = "RGB") -> Image.Image:
    """Left half dark, right half light, so that turning it shows."""
    image = Image.new("L", size, 40)
    image.paste(220, (size[0] // 2, 0, size[0], size[1]))
    return image.convert(mode)


def a_photo(size: tuple[int, int] = (60, 40), orientation: int = 1, comment: bytes = b"") -> bytes:
    """A JPEG with all that a phone writes into it, the place included."""
    exif = Image.Exif()
    exif[271], exif[274], exif[GPS] = "Phone of 测试甲", orientation, PLACE
    written = io.BytesIO()
    a_picture(size).save(written, "JPEG", exif=exif, comment=comment)
    return written.getvalue()


def a_png(size: tuple[int, int] = (60, 40), mode: str = "RGB") -> bytes:
    written = io.BytesIO()
    a_picture(size, mode).save(written, "PNG")
    return written.getvalue()


@cache
def a_heic() -> bytes:
    """What an iPhone sends."""
    exif = Image.Exif()
    exif[271], exif[GPS] = "Phone of 测试甲", PLACE
    written = io.BytesIO()
    from_pillow(a_picture((64, 48))).save(written, quality=50, exif=exif.tobytes())
    return written.getvalue()


def a_pdf(pages: int = 1, size: tuple[float, float] = (200, 300)) -> bytes:
    document, written = pdfium.PdfDocument.new(), io.BytesIO()
    for _ in range(pages):
        document.new_page(*size)
    document.save(written)
    document.close()
    return written.getvalue()


def an_upload(content: bytes, name: str = "诊断书.jpg", said: str = "image/jpeg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, said)


def a_remade(text: str = "甲", name: str = "诊断书.jpg") -> Remade:
    """A file that has passed, without the time that it takes: its content is the text itself."""
    content = text.encode()
    return Remade(name, MediaType.JPEG, 1, content, content.hex().ljust(64, "0")[:64])


def somebody(name: str = "360100000001") -> Actor:
    return Actor(ActorKind.PERSON, name)


def a_paper(
    person: Person | None = None, material: Material = Material.DIAGNOSIS, text: str = "甲", case: str = CASE
) -> Paper:
    return hand_in(case, person or a_person(), material, a_remade(text), "诊断书.jpg", somebody())


def papers_shown(subject: str, person: Person, materials: Iterable[Material]) -> None:
    """Papers that a case shows without a file, as a window notes them."""
    Paper.objects.bulk_create(
        Paper(
            subject=subject,
            person=person,
            material=str(material),
            description="门诊病历",
            handed_in_by="测试窗口",
        )
        for material in materials
    )
