"""Files that institutions send and fetch (interface §4.36, §5): kept sealed, for a while, for whom they belong to."""

import io
import secrets
import struct
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from yidi.accounts.actors import Actor
from yidi.audit.services import record
from yidi.evidence.names import display_name
from yidi.gateway.errors import BadZip, FileExpired, FileTooLarge, UnknownFile, WrongFileName
from yidi.gateway.models import Institution, StoredFile
from yidi.people.encryption import seal, unseal

ENDING = ".zip"
CATALOGUE_NAME = "plc"
"""As the name of a catalogue's file when it is fetched: clients send it whatever the file is called."""
NOTHING = "null"
"""How a missing value is written in a file."""

_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1
_BROKEN = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, RuntimeError, OSError, ValueError)
"""What reading a ZIP that somebody tampered with may raise."""
_UNFIT = str.maketrans("\t\r\n", "   ")


def keep(institution: Institution, name: str, content: bytes, actor: Actor) -> StoredFile:
    """Keep a ZIP for an institution. Raises FileTooLarge, BadZip for what is no ZIP at all."""
    if len(content) > settings.GATEWAY_MAX_FILE:
        raise FileTooLarge(size=len(content), limit=settings.GATEWAY_MAX_FILE)
    if not zipfile.is_zipfile(io.BytesIO(content)):
        raise BadZip(why="内容不是 ZIP 压缩文件")
    kept = _store(name, content, institution=institution)
    record(actor, "gateway:file-keep", kept.number)
    return kept


def keep_catalogue(catalogue: str, name: str, rows: Iterable[Sequence[str | None]]) -> StoredFile:
    """Keep the file of a catalogue, which every institution may fetch.

    The text in it is called as the file is without its ending: that is where clients look for it.
    """
    content, count = zipped(name.removesuffix(ENDING), rows)
    return _store(name, content, catalogue=catalogue, rows=count)


def of_catalogue(catalogue: str) -> StoredFile | None:
    """The file of that catalogue that can still be fetched for the whole of its time, if it was made today."""
    return StoredFile.objects.filter(catalogue=catalogue, expires__gte=_last_moment()).first()


def find(institution: Institution, number: str) -> StoredFile:
    """A file that the institution may fetch. Raises UnknownFile, also for another institution's, and FileExpired."""
    theirs = Q(institution=institution) | Q(institution__isnull=True)
    found = StoredFile.objects.filter(theirs, number=number).first()
    if found is None:
        raise UnknownFile(number=number)
    if found.sealed is None or found.expires <= timezone.now():
        raise FileExpired(number=number, at=f"{timezone.localtime(found.expires):%Y-%m-%d %H:%M:%S}")
    return found


def open(institution: Institution, number: str, actor: Actor) -> bytes:
    """The content of a file that the institution may fetch. Raises UnknownFile, FileExpired."""
    return _opened(find(institution, number), actor)


def fetch(institution: Institution, number: str, name: str, actor: Actor) -> bytes:
    """The content of a file asked for by number and name. Raises UnknownFile, FileExpired, WrongFileName."""
    found = find(institution, number)
    if name != found.name and not (found.catalogue and name == CATALOGUE_NAME):
        raise WrongFileName(number=number, given=name, known=found.name)
    return _opened(found, actor)


def _opened(found: StoredFile, actor: Actor) -> bytes:
    if found.institution_id is not None:
        record(actor, "gateway:file-open", found.number)
    return unseal(bytes(found.sealed or b""), found.number.encode())


def _store(name: str, content: bytes, **whose: object) -> StoredFile:
    _sweep()
    number = secrets.token_hex(15)
    shown = display_name(name)
    return StoredFile.objects.create(
        number=number,
        name=shown if shown.lower().endswith(ENDING) else shown + ENDING,
        sealed=seal(content, number.encode()),
        expires=_last_moment(),
        **whose,
    )


def _last_moment() -> datetime:
    """The end of the last day on which a file kept today may be fetched."""
    last = timezone.localtime() + timedelta(days=settings.GATEWAY_FILE_DAYS)
    return last.replace(hour=23, minute=59, second=59, microsecond=0)


def _sweep() -> None:
    """Take the contents of expired files away; their rows stay, so that they are refused as expired."""
    expired = StoredFile.objects.filter(expires__lte=timezone.now(), sealed__isnull=False)
    # What another message is sweeping at this moment is left to it.
    swept = list(expired.select_for_update(skip_locked=True).values_list("pk", flat=True))
    StoredFile.objects.filter(pk__in=swept).update(sealed=None)


def zipped(name: str, rows: Iterable[Sequence[str | None]]) -> tuple[bytes, int]:
    """A ZIP with one text file of rows, TAB between columns, no header; and how many rows they were.

    Rows are written as they come, so that only the packed text is ever held.
    """
    packed, count = io.BytesIO(), 0
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive, archive.open(name, "w") as file:
        text = io.TextIOWrapper(file, encoding="utf-8", newline="\n")
        for count, row in enumerate(rows, start=1):  # noqa: B007 - counted for the reply
            text.write(_line(row))
        text.detach()
    return packed.getvalue(), count


def _line(row: Sequence[str | None]) -> str:
    """A row as one line. Cells are looked at one by one only where one of them would break it: rows are long."""
    line = "\t".join([cell or NOTHING for cell in row])
    if line.count("\t") != len(row) - 1 or "\n" in line or "\r" in line:
        line = "\t".join((cell or NOTHING).translate(_UNFIT) for cell in row)
    return line + "\n"


def text_of(content: bytes) -> str:
    """The text of a ZIP that holds one text file in UTF-8. Raises BadZip for anything else, trusting nothing it says."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _decoded(_unpacked(archive))
    except _BROKEN as wrong:
        raise BadZip(why="压缩文件已损坏或格式不符") from wrong


def _unpacked(archive: zipfile.ZipFile) -> bytes:
    entries = archive.infolist()
    if len(entries) != 1:
        raise BadZip(why=f"应只含一个文本文件，实有 {len(entries)} 项")
    entry, limit = entries[0], settings.GATEWAY_MAX_TEXT
    if entry.is_dir() or entry.filename != display_name(entry.filename):
        raise BadZip(why="其中的文件名带有目录或不可见字符")
    if entry.flag_bits & _ENCRYPTED or entry.compress_type not in _METHODS:
        raise BadZip(why="加了密码，或压缩方法不是 deflate")
    # One byte more is asked for than is allowed: what the entry says of its own size may be untrue.
    with archive.open(entry) as file:
        raw = file.read(limit + 1)
    if len(raw) > limit:
        raise BadZip(why=f"解压后超过 {limit} 字节")
    return raw


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadZip(why="其中的文本不是 UTF-8 编码") from None
