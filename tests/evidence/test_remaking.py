"""Files made anew: what comes out, what is refused and in which words, and what a hostile file can and cannot do."""

import ast
import io
import json
import struct
import subprocess
import sys
import time
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pytest_django import Settings

from tests.evidence.factories import a_heic, a_pdf, a_photo, a_png, without_a_process
from yidi.evidence import checks, remaking
from yidi.evidence.errors import (
    Busy,
    CannotDecode,
    FileDamaged,
    FileEmpty,
    FileTooLarge,
    PdfEncrypted,
    TooHeavy,
    TooManyPages,
    TooManyPixels,
    TypeUnknown,
)
from yidi.evidence.names import MOST, UNNAMED, display_name, with_ending
from yidi.evidence.remaking import LIMITS, Limits, Remade, remake
from yidi.evidence.terms import Taken


def made(content: bytes, name: str = "诊断书.jpg", limits: Limits = LIMITS) -> Remade:
    """As it is done in earnest: by the child process."""
    return remake(io.BytesIO(content), name, limits)


def made_here(content: bytes, name: str = "诊断书.jpg", limits: Limits = LIMITS) -> Remade:
    """Without a process of its own, for tests of pictures that would start many."""
    with without_a_process():
        return made(content, name, limits)


def picture(remade: Remade) -> Image.Image:
    image = Image.open(io.BytesIO(remade.content), formats=["JPEG"])
    image.load()
    return image


def is_dark(image: Image.Image, x: int, y: int) -> bool:
    value: Any = image.convert("L").getpixel((x, y))
    return bool(value < 128)


# what comes out

TRACES = (b"Exif", b"GPS", b"Phone", "测试".encode(), b"secret", b"<html", b"ICC", b"xmp", b"ftyp")


MARKERS = {0xE0, 0xDB, 0xC0, 0xC4, 0xDA}
"""What a plain JPEG consists of: JFIF, tables, the frame, the scan."""


def markers(jpeg: bytes) -> set[int]:
    """The kinds of segments up to the scan."""
    at, found = 2, set[int]()
    while 0xDA not in found:
        found.add(jpeg[at + 1])
        at += 2 + int.from_bytes(jpeg[at + 2 : at + 4])
    return found


def test_no_stretch_of_the_original_bytes_is_kept() -> None:
    written = io.BytesIO()
    Image.effect_noise((100, 100), 80).save(written, "JPEG", quality=90)
    original = written.getvalue()
    scan = original[original.index(b"\xff\xda") + 20 :]
    kept = made_here(original).content
    assert not any(scan[at : at + 12] in kept for at in range(0, len(scan) - 12, 12))


@pytest.mark.parametrize(
    "original",
    [a_photo(comment=b"secret"), a_heic(), a_photo() + b"<html><script>alert(1)</script></html>"],
    ids=["jpeg", "heic", "jpeg and html"],
)
def test_of_a_photo_only_the_pixels_are_kept(original: bytes) -> None:
    remade = made(original)
    image = picture(remade)
    assert not any(trace in remade.content for trace in TRACES)
    assert dict(image.getexif()) == {}
    assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert remade.content.endswith(b"\xff\xd9")
    assert markers(remade.content) <= MARKERS
    assert is_dark(image, 5, 5)
    assert not is_dark(image, image.width - 5, image.height - 5)


@pytest.mark.parametrize(
    ("orientation", "size", "dark"),
    [(1, (60, 40), (2, 2)), (3, (60, 40), (57, 2)), (6, (40, 60), (2, 2)), (8, (40, 60), (2, 57))],
)
def test_a_photo_is_turned_as_the_phone_was_held(
    orientation: int, size: tuple[int, int], dark: tuple[int, int]
) -> None:
    image = picture(made_here(a_photo(orientation=orientation)))
    assert image.size == size
    assert is_dark(image, *dark)
    assert not is_dark(image, size[0] - 1 - dark[0], size[1] - 1 - dark[1])


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_png_becomes_a_jpeg(mode: str) -> None:
    if mode == "I;16":
        written = io.BytesIO()
        deep = Image.new(mode, (60, 40), 40 * 257)
        deep.paste(220 * 257, (30, 0, 60, 40))
        deep.save(written, "PNG")
        content = written.getvalue()
    else:
        content = a_png(mode=mode)
    image = picture(made_here(content))
    assert (image.size, image.mode) == ((60, 40), "L" if mode in ("1", "L", "I;16") else "RGB")
    assert is_dark(image, 5, 20)
    assert not is_dark(image, 55, 20)


def test_what_is_transparent_shows_white() -> None:
    written = io.BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(written, "PNG")
    assert not is_dark(picture(made_here(written.getvalue())), 10, 10)


def test_a_large_picture_is_made_smaller() -> None:
    image = picture(made_here(a_photo((400, 200)), limits=replace(LIMITS, edge=100)))
    assert image.size == (100, 50)


@pytest.mark.parametrize("name", ["x.html", "x.pdf", "x", "", "x.exe", "x.png\0.jpg"])
def test_neither_the_name_nor_the_sender_says_what_a_file_is(name: str) -> None:
    assert made_here(a_png(), name).media_type == "image/jpeg"
    assert checks.told(a_heic()) is Taken.HEIF


# PDF


def a_written_pdf(*objects: bytes, catalogue: bytes = b"") -> bytes:
    """A PDF of one page from these objects, numbered from 5; the page's content is object 5."""
    head = (
        b"<</Type/Catalog/Pages 2 0 R" + catalogue + b">>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Contents 5 0 R/Annots[7 0 R]"
        b"/Resources<</Font<</F1 6 0 R>>>>>>",
        b"<</Producer(secret)>>",
    )
    written, places = bytearray(b"%PDF-1.7\n"), []
    for number, content in enumerate((*head, *objects), start=1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count, start = len(places) + 1, len(written)
    written += b"xref\n0 %d\n0000000000 65535 f \n%s" % (count, table)
    written += b"trailer<</Size %d/Root 1 0 R/Info 4 0 R>>\nstartxref\n%d\n%%%%EOF" % (count, start)
    return bytes(written)


def a_stream(content: bytes) -> bytes:
    return b"<</Length %d>>stream\n%s\nendstream" % (len(content), content)


CHINESE = "门诊诊断证明".encode("utf-16-be").hex().encode()
UNEMBEDDED = (
    b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[<</Type/Font"
    b"/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>"
    b"/DW 1000/FontDescriptor<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[-25 -254 1000 880]"
    b"/ItalicAngle 0/Ascent 880/Descent -120/CapHeight 880/StemV 93>>>>]>>"
)


def ink(remade: Remade) -> int:
    """Dark dots on the first page."""
    document = pdfium.PdfDocument(remade.content)
    try:
        return sum(document[0].render(scale=1, grayscale=True).to_pil().histogram()[:200])
    finally:
        document.close()


def test_a_pdf_becomes_a_pdf_of_pictures() -> None:
    remade = made(a_pdf(3, (200, 300)))
    document = pdfium.PdfDocument(remade.content)
    assert (remade.media_type, remade.pages, len(document)) == ("application/pdf", 3, 3)
    assert [round(side) for side in document[0].get_size()] == [200, 300]
    assert [found.type for found in document[0].get_objects()] == [raw.FPDF_PAGEOBJ_IMAGE]
    document.close()


def test_nothing_of_a_pdf_acts_any_more() -> None:
    """Scripts, attachments, links, form fields, metadata: nothing is carried over; what is seen is."""
    catalogue = (
        b"/OpenAction<</S/JavaScript/JS(app.alert('secret'))>>"
        b"/Names<</EmbeddedFiles<</Names[(a.exe)<</Type/Filespec/F(a.exe)/EF<</F 5 0 R>>>>]>>>>"
        b"/AcroForm<</Fields[7 0 R]>>"
    )
    link = b"<</Type/Annot/Subtype/Link/Rect[0 0 200 100]/A<</S/URI/URI(http://secret)>>>>"
    text = b"BT /F1 30 Tf 10 40 Td (visible) Tj ET"
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
    remade = made(a_written_pdf(a_stream(text), font, link, catalogue=catalogue) + b"<html>secret</html>")
    for trace in (
        b"secret",
        b"/JavaScript",
        b"/JS",
        b"/URI",
        b"/Annot",
        b"/EmbeddedFile",
        b"/AcroForm",
        b"<html",
        b"/Font",
    ):
        assert trace not in remade.content
    assert ink(remade) > 100


def test_a_filled_in_form_shows_what_was_filled_in() -> None:
    field = b"<</Type/Annot/Subtype/Widget/FT/Tx/T(name)/V(Zhang)/Rect[10 10 190 90]/DA(/Helv 40 Tf 0 g)/F 4/P 3 0 R>>"
    form = b"/AcroForm<</Fields[7 0 R]/DA(/Helv 40 Tf 0 g)/NeedAppearances true>>"
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
    assert ink(made(a_written_pdf(a_stream(b""), font, field, catalogue=form))) > 200


FONTLESS = """
import sys
from yidi.evidence.decoding import pdfs
content = sys.stdin.buffer.read()
def ink():
    document = pdfs.opened(content, {"pages": 9})
    return sum(document[0].render(scale=1, grayscale=True).to_pil().histogram()[:200])
pdfs.SYSTEM_FONTS = ()
print(ink())
pdfs.OWN_FONTS = "nothing_of_that_name"
print(ink())
"""


def test_chinese_text_without_its_font_is_drawn_with_the_font_that_yidi_brings() -> None:
    """On a machine that has no Chinese font, pdfium alone would leave blanks, and nobody would know."""
    content = a_written_pdf(a_stream(b"BT /F1 30 Tf 10 40 Td <" + CHINESE + b"> Tj ET"), UNEMBEDDED)
    done = subprocess.run([sys.executable, "-c", FONTLESS], input=content, capture_output=True, check=True)
    with_own, without = map(int, done.stdout.split())
    assert with_own > 200
    assert without == 0
    assert ink(made(content)) > 200


# refusals


@pytest.mark.parametrize(
    "content",
    [
        b"<html><script>alert(1)</script></html>",
        b"GIF89a" + b"\0" * 50,
        b"BM" + b"\0" * 50,
        b"II*\0" + b"\0" * 50,
        b"RIFF\0\0\0\0WEBPVP8 ",
        b"PK\x03\x04" + b"\0" * 50,
        b"\0\0\0\x1cftypavif" + b"\0" * 50,
        b"\0\0\0\x1cftypmp42" + b"\0" * 50,
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%!PS-Adobe-3.0",
        b" %PDF-1.7",
        b"<html>%PDF-1.7",
        b"MZ\x90\0",
        b"\x7fELF",
        b"\xff\xd8",
        b"\0",
    ],
)
def test_other_types_are_refused_whatever_they_are_called(content: bytes) -> None:
    with pytest.raises(TypeUnknown, match="JPEG、PNG、HEIC"):
        made(content, "诊断书.jpg")


JPEG, PNG, PDF = a_photo(), a_png(), a_pdf()
DAMAGED: dict[str, bytes] = {
    "jpeg, cut off": JPEG[: len(JPEG) * 2 // 3],
    "jpeg, first bytes alone": b"\xff\xd8\xff",
    "png, cut off": PNG[:-30],
    "png, one bit wrong": PNG[:40] + bytes([PNG[40] ^ 1]) + PNG[41:],
    "heic, cut off": a_heic()[:200],
    "heic, cut off late": a_heic()[:-40],
    "pdf, header alone": b"%PDF-1.7\n",
    "pdf, noise": b"%PDF-1.7\n" + bytes(range(256)) * 20,
    "pdf without pages": PDF.replace(b"/Count 1", b"/Count 0").replace(b"[ 4 0 R ]", b"[       ]"),
    "gif called png": b"\x89PNG\r\n\x1a\n" + b"GIF89a" * 20,
}


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED)
def test_what_does_not_open_is_refused_as_damaged(content: bytes) -> None:
    make = made if content.startswith(b"%PDF") else made_here
    with pytest.raises(FileDamaged, match="诊断书") as refused:
        make(content)
    assert refused.value.details["kind"] is checks.told(content)


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(FileEmpty, match="0 字节"):
        made(b"")


def test_a_large_file_is_refused_with_limit_and_size(settings: Settings) -> None:
    settings.EVIDENCE_MAX_FILE = 2 * checks.MEGABYTE
    with pytest.raises(FileTooLarge) as refused:
        made(b"\xff\xd8\xff" + b"\0" * (3 * checks.MEGABYTE))
    assert "最多 2 MB" in refused.value.message
    assert "2.1 MB" in refused.value.message, "no more is read than is needed to know"


def test_a_pdf_with_a_password_is_refused() -> None:
    locked = (
        b"/Encrypt<</Filter/Standard/V 2/R 3/Length 128/P -4/O<" + b"41" * 32 + b">/U<" + b"42" * 32 + b">>>"
    )
    trailer = b"/ID[<" + b"43" * 16 + b"><" + b"43" * 16 + b">]"
    content = a_written_pdf(a_stream(b""), b"null", b"null").replace(
        b"trailer<<", b"trailer<<" + locked + trailer
    )
    with pytest.raises(PdfEncrypted):
        made(content)


# bombs


def a_png_header(width: int, height: int) -> bytes:
    """A PNG that announces a size and holds a few bytes."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


def a_jpeg_header(width: int, height: int) -> bytes:
    """A JPEG whose frame announces another size than it has."""
    at = JPEG.index(b"\xff\xc0") + 5
    return JPEG[:at] + struct.pack(">HH", height, width) + JPEG[at + 4 :]


# the child process

BOMBS: dict[str, tuple[bytes, type[Exception]]] = {
    "60000 × 60000": (a_png_header(60_000, 60_000), TooManyPixels),
    "jpeg, 65500 × 65500": (a_jpeg_header(65_500, 65_500), TooManyPixels),
    "a hundred thousand pages": (a_pdf().replace(b"/Count 1", b"/Count 100000"), TooManyPages),
    "one page too many": (a_pdf(LIMITS.pages + 1), TooManyPages),
}


@pytest.mark.parametrize(("content", "refusal"), BOMBS.values(), ids=BOMBS)
def test_bombs_are_refused(content: bytes, refusal: type[Exception]) -> None:
    started = time.process_time()
    with pytest.raises(refusal, match="诊断书"):
        made(content)
    assert time.process_time() - started < 1, "and it was not this process that opened it"


def test_a_pdf_that_really_has_a_hundred_thousand_pages_is_refused() -> None:
    kids = b" ".join([b"3 0 R"] * 100_000)
    content = a_written_pdf(a_stream(b""), b"null", b"null")
    content = content.replace(b"/Kids[3 0 R]/Count 1", b"/Kids[" + kids + b"]/Count 100000")
    with pytest.raises(TooManyPages, match="100000 页"):
        made(content)


def test_a_page_as_large_as_a_field_is_drawn_within_bounds() -> None:
    remade = made(a_pdf(1, (14_000, 7_000)), limits=replace(LIMITS, edge=300))
    (held,) = pdfium.PdfDocument(remade.content)[0].get_objects()
    assert held.get_px_size() == (300, 150)


@pytest.mark.parametrize(
    ("limits", "content"),
    [
        ({"memory": 250 * checks.MEGABYTE}, a_png_header(8_000, 8_000)),
        ({"wall_s": 0.05}, a_photo()),
        ({"output": 200}, a_photo()),
        ({"output": 1000}, a_pdf()),
    ],
    ids=["memory", "time", "picture too long", "pages too long"],
)
def test_a_child_that_passes_a_limit_is_a_refusal(limits: dict[str, Any], content: bytes) -> None:
    with pytest.raises(TooHeavy, match="没有收下"):
        made(content, limits=replace(LIMITS, **limits))


def a_decoder(folder: Path, body: str) -> Path:
    """Another program in the decoder's place, bound by the same limits."""
    real = remaking.DECODER
    path = folder / "decoder.py"
    path.write_text(
        "import json, os, signal, sys\n"
        f"sys.path.insert(0, {str(real.parent)!r})\n"
        "from importlib.machinery import SourceFileLoader\n"
        f"SourceFileLoader('limits', {str(real)!r}).load_module().bind(json.loads(sys.argv[1]))\n" + body
    )
    return path


ENDINGS: dict[str, tuple[str, type[Exception]]] = {
    "loops": ("while True: pass", TooHeavy),
    "is killed": ("os.kill(os.getpid(), signal.SIGKILL)", TooHeavy),
    "crashes": ("os.kill(os.getpid(), signal.SIGSEGV)", FileDamaged),
    "gives up": ("os.abort()", FileDamaged),
    "does not start": ("import nothing_of_that_name", CannotDecode),
    "writes without end": ("while True: os.write(1, b'x' * 100_000)", CannotDecode),
}


@pytest.mark.parametrize(("body", "refusal"), ENDINGS.values(), ids=ENDINGS)
def test_however_the_child_ends_it_is_a_refusal(
    body: str, refusal: type[Exception], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remaking, "DECODER", a_decoder(tmp_path, body))
    with pytest.raises(refusal):
        made(a_photo(), limits=replace(LIMITS, cpu_s=1, output=1_000_000))


PEEK = """
import resource, socket
seen = {"env": dict(os.environ), "argv": sys.argv, "path": sys.flags.isolated, "open": os.listdir("/proc/self/fd")}
try:
    open("left-behind", "w").write("x" * 2_000_000)
except OSError as error:
    seen["file"] = type(error).__name__
os.unlink("left-behind") if os.path.exists("left-behind") else None
sys.stdout.write(json.dumps({"refused": "damaged"}) + "\\n")
sys.stderr.write("")
open(os.environ.get("nowhere", "/dev/null"), "w")
os.write(2, json.dumps(seen).encode())
sys.exit(3)
"""


def test_the_child_knows_nothing_of_the_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, settings: Settings
) -> None:
    monkeypatch.setenv("YIDI_DATA_KEY", "00" * 32)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(remaking, "DECODER", a_decoder(tmp_path, PEEK))
    with pytest.raises(CannotDecode):
        made(a_photo(), limits=replace(LIMITS, output=1_000_000))
    (line,) = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    seen = json.loads(line[line.index("{") :])
    assert set(seen["env"]) <= {"MALLOC_ARENA_MAX", "LC_CTYPE"}
    assert settings.DATA_KEY.hex() not in line
    assert seen["path"] == 1
    assert seen["file"] == "OSError"
    assert set(seen["open"]) <= {"0", "1", "2", "3"}


def test_who_finds_no_place_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    class Full:
        def acquire(self, timeout: int) -> bool:
            return False

    monkeypatch.setattr(remaking, "_TOGETHER", Full())
    with pytest.raises(Busy):
        made(a_photo())


DECODERS = {"PIL", "pillow_heif", "pypdfium2", "zxingcpp", "openpyxl"}


def test_the_server_itself_loads_no_decoder() -> None:
    room = remaking.DECODER.parent.parent
    for path in room.glob("*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            names = (
                [alias.name for alias in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
            )
            module = node.module or "" if isinstance(node, ast.ImportFrom) else ""
            assert not DECODERS & {name.split(".")[0] for name in [module, *names]}, path.name
            assert "decoding" not in module, path.name


# names


@given(st.text(max_size=400))
def test_a_name_is_harmless_to_show(given_name: str) -> None:
    name = display_name(given_name)
    assert 1 <= len(name) <= MOST
    assert "/" not in name
    assert "\\" not in name
    assert name == name.strip()
    assert not name.startswith(".")
    assert all(char.isprintable() for char in name)
    assert display_name(name) == name
    assert with_ending(name, ".jpg").endswith(".jpg")


@pytest.mark.parametrize(
    ("given_name", "shown"),
    [
        ("../../x", "x"),
        ("C:\\Users\\甲\\诊断书.jpg", "诊断书.jpg"),
        ("a\0b.jpg", "ab.jpg"),
        ("诊断\u202egpj.exe", "诊断gpj.exe"),
        ("\u2066甲\u2069\u200b.pdf", "甲.pdf"),
        ("a\r\nSet-Cookie: x.jpg", "a Set-Cookie: x.jpg"),
        ("甲" * 300 + ".jpeg", "甲" * (MOST - 6) + "….jpeg"),
        ("a" * 300, "a" * (MOST - 1) + "…"),
        ("", UNNAMED),
        ("...", UNNAMED),
        ("..", UNNAMED),
        ("/", UNNAMED),
        ("\u202e\u200f", UNNAMED),
        (".htaccess", "htaccess"),
        ("<script>.png", "<script>.png"),
    ],
)
def test_tricks_with_names(given_name: str, shown: str) -> None:
    assert display_name(given_name) == shown


@given(st.binary(max_size=60))
def test_what_is_told_is_told_by_the_first_bytes(content: bytes) -> None:
    starts: dict[Taken, Callable[[bytes], bytes]] = {
        Taken.JPEG: lambda rest: b"\xff\xd8\xff" + rest,
        Taken.PNG: lambda rest: b"\x89PNG\r\n\x1a\n" + rest,
        Taken.PDF: lambda rest: b"%PDF-" + rest,
        Taken.HEIF: lambda rest: rest[:4].ljust(4) + b"ftypheic" + rest,
    }
    for kind, start in starts.items():
        if kind is not Taken.HEIF or not content[:4].startswith((b"%PDF", b"\xff\xd8\xff", b"\x89PNG")):
            assert checks.told(start(content)) is kind
