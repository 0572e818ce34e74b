"""What files are taken: told by their content, never by their name or by what the sender calls them.

| taken | first bytes | then |
|---|---|---|
| JPEG | FF D8 FF | decoded and made anew |
| PNG | 89 "PNG" … | decoded, made a JPEG |
| HEIC, HEIF | a box `ftyp` of a HEIF brand | decoded, made a JPEG |
| PDF | `%PDF-`, as the very first bytes | each page made a picture |

A file that is two things at once is kept as what its first bytes say and nothing else: whatever lies behind the end of
a picture or inside a PDF is not carried over when it is made anew. A PDF whose header does not come first is refused.
"""

from typing import BinaryIO, Protocol

from django.conf import settings

from yidi.evidence.errors import FileEmpty, FileTooLarge, TypeUnknown
from yidi.evidence.names import display_name
from yidi.evidence.terms import Taken

MOST_PER_MATERIAL = 20
"""Files of one material in a case: a long stay's fee list, photographed page by page."""
MOST_PER_CASE = 60
MEGABYTE = 1024 * 1024

_MAGIC = {
    Taken.JPEG: (b"\xff\xd8\xff",),
    Taken.PNG: (b"\x89PNG\r\n\x1a\n",),
    Taken.PDF: (b"%PDF-",),
}
_HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}


class Readable(Protocol):
    """What can be read: an upload of Django, an open file, a stream in memory."""

    def read(self, size: int, /) -> bytes: ...


def told(content: bytes) -> Taken | None:
    """What the first bytes say; None where they say nothing that is taken.

    >>> told(b"%PDF-1.7"), told(b" %PDF-1.7")
    (<Taken.PDF: 'pdf'>, None)
    """
    if content[4:8] == b"ftyp" and content[8:12] in _HEIF_BRANDS:
        return Taken.HEIF
    return next((kind for kind, starts in _MAGIC.items() if content.startswith(starts)), None)


def megabytes(size: int) -> str:
    """A number of bytes as people read it, to a tenth, rounded up so that no excess shows as the limit itself.

    >>> megabytes(10 * 1024 * 1024), megabytes(10 * 1024 * 1024 + 1)
    ('10 MB', '10.1 MB')
    """
    tenths = -(-size * 10 // MEGABYTE)
    return f"{tenths // 10}.{tenths % 10} MB" if tenths % 10 else f"{tenths // 10} MB"


def read_bounded(upload: "Readable | BinaryIO", name: str) -> bytes:
    """The bytes of an upload. Raises FileEmpty, FileTooLarge, and the refusal that the upload already carries."""
    refusal = getattr(upload, "refusal", None)
    if refusal is not None:
        raise refusal
    limit = settings.EVIDENCE_MAX_FILE
    content = upload.read(limit + 1)
    if len(content) > limit:
        size = max(getattr(upload, "size", None) or 0, len(content))
        raise FileTooLarge(name=display_name(name), size=megabytes(size), limit=megabytes(limit))
    if not content:
        raise FileEmpty(name=display_name(name))
    return content


def must_be_taken(content: bytes, name: str) -> Taken:
    """What the content is by its first bytes. Raises TypeUnknown."""
    kind = told(content)
    if kind is None:
        raise TypeUnknown(name=display_name(name))
    return kind
