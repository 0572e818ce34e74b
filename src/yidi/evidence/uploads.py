"""Uploads at the door: bounded while they are read, checked in the form, refused beside the field.

A view gives its form `received(request)` instead of `request.FILES`, and puts file inputs last in the form: a body that
is too large as a whole is read no further than to its first file, and the fields before that are kept.
"""

from io import BytesIO
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import InMemoryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from yidi.evidence.checks import MOST_PER_MATERIAL, megabytes
from yidi.evidence.errors import FileRefused, FileTooLarge, RequestTooLarge, TooManyAtOnce
from yidi.evidence.names import display_name
from yidi.evidence.remaking import Remade, remake

MOST_AT_ONCE = 40
"""Files of one form."""
_KEY = "yidi.refused_uploads"


class RefusedUpload(UploadedFile):
    """Stands in a form for a file that was not read to its end; the form's field says why."""

    def __init__(self, name: str, refusal: FileRefused) -> None:
        super().__init__(file=BytesIO(), name=name, size=0)
        self.refusal = refusal


class BoundedUpload(FileUploadHandler):
    """Keeps files in memory and off the disk, up to `EVIDENCE_MAX_FILE` each and `EVIDENCE_MAX_REQUEST` together.

    A file over its limit is read on but not kept, so that the fields after it arrive. A body over its limit, as
    announced or as counted, is read no further.
    """

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.announced = self.total = self.files = 0
        self.kept = BytesIO()
        self.refusal: FileRefused | None = None

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: Any = None
    ) -> None:
        """Note the length of the body that was announced."""
        self.announced = content_length

    def new_file(self, *parts: Any, **named: Any) -> None:
        """Begin with a file; with none at all where the body is too large."""
        super().new_file(*parts, **named)
        self.files += 1
        self.kept, self.refusal, self.size = BytesIO(), None, 0
        if self.announced > settings.EVIDENCE_MAX_REQUEST:
            self._stop(self.announced)
        if self.files > MOST_AT_ONCE:
            self.refusal = TooManyAtOnce(name=self._shown(), limit=MOST_AT_ONCE)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep a piece of the file, as long as its limits allow."""
        self.size += len(raw_data)
        self.total += len(raw_data)
        if self.total > settings.EVIDENCE_MAX_REQUEST:
            self._stop(self.total)
        if self.refusal is None and self.size <= settings.EVIDENCE_MAX_FILE:
            self.kept.write(raw_data)
        else:
            self.kept = BytesIO()

    def file_complete(self, file_size: int) -> UploadedFile:
        """The file, or what stands for one that was refused."""
        name = self.file_name or ""
        if self.refusal is None and self.size > settings.EVIDENCE_MAX_FILE:
            limit = megabytes(settings.EVIDENCE_MAX_FILE)
            self.refusal = FileTooLarge(name=self._shown(), size=megabytes(self.size), limit=limit)
        if self.refusal is not None:
            return RefusedUpload(name, self.refusal)
        self.kept.seek(0)
        return InMemoryUploadedFile(
            self.kept,
            self.field_name,
            name,
            self.content_type,
            self.size,
            self.charset,
            self.content_type_extra,
        )

    def _shown(self) -> str:
        return display_name(self.file_name or "")

    def _stop(self, size: int) -> None:
        """Note the refusal where `received` finds it, and read no further."""
        limit = megabytes(settings.EVIDENCE_MAX_REQUEST)
        refusal = RequestTooLarge(name=self._shown(), size=megabytes(size), limit=limit)
        if self.request is not None:
            refused = self.request.META.setdefault(_KEY, [])
            refused.append((self.field_name, RefusedUpload(self.file_name or "", refusal)))
        raise StopUpload(connection_reset=True)


def received(request: HttpRequest) -> MultiValueDict[str, UploadedFile]:
    """The files of a request, with what stands for the one at which reading stopped."""
    files = MultiValueDict(dict(request.FILES.lists()))
    for field, refused in request.META.get(_KEY, []):
        files.appendlist(field, refused)
    return files


def said(refusal: FileRefused) -> str:
    """A refusal in the page's language."""
    return refusal.english if (get_language() or "").startswith("en") else refusal.message


class PaperInput(forms.FileInput):
    """A file input that a phone answers with its camera, its photos or its files."""

    allow_multiple_selected = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"accept": "image/*,application/pdf", "class": "form-control", **(attrs or {})})


class PaperField(forms.FileField):
    """Files that somebody hands in. The cleaned value is a list of `Remade`, empty where none was given.

    `services.hand_in` takes each of them as it is. Every file that is refused is named in an error of its own.
    """

    widget = PaperInput
    default_error_messages = {
        "required": _("请选择要上传的照片或 PDF 文件。"),
        "single": _("这里只能上传一个文件。请只选一个。"),
        "many": _("一次最多选 %(limit)d 个文件。请分几次上传，或合成一个 PDF。"),
    }

    def __init__(self, *, multiple: bool = True, **options: Any) -> None:
        super().__init__(**options)
        self.multiple = multiple
        self.widget.attrs["multiple"] = multiple

    def clean(self, data: Any, initial: Any = None) -> list[Remade]:
        """The files made anew. Raises ValidationError with one error for each file that is refused."""
        uploads = list(data or [])
        if not uploads and self.required:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        if len(uploads) > 1 and not self.multiple:
            raise forms.ValidationError(self.error_messages["single"], code="single")
        if len(uploads) > MOST_PER_MATERIAL:
            many, limit = self.error_messages["many"], {"limit": MOST_PER_MATERIAL}
            raise forms.ValidationError(many, code="many", params=limit)
        taken, refusals = [], []
        for upload in uploads:
            try:
                taken.append(remake(upload, upload.name or ""))
            except FileRefused as refusal:
                refusals.append(forms.ValidationError(said(refusal), code=refusal.code))
        if refusals:
            raise forms.ValidationError(refusals)
        return taken

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether any file was given."""
        return bool(data)
