"""Files given out: papers that people handed in, and documents made here. Nothing in them runs, nothing is kept."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from yidi.evidence.models import Paper
from yidi.evidence.services import content
from yidi.evidence.terms import MediaType

SEALED_OFF = "sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"
"""For files that came from outside: browsers write the style of their own picture page into it."""
PDF = "application/pdf"
CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def serve_paper(paper: Paper) -> HttpResponse:
    """What is kept of a paper, opened: a picture in the browser, a PDF as a download. Raises NoFile, ContentLost.

    Who may see it is for the view to check.
    """
    as_download = paper.media_type != MediaType.JPEG
    return _served(content(paper), paper.media_type, paper.file_name, as_download)


def serve_document(pdf: bytes, name: str) -> HttpResponse:
    """A PDF made here, as a download."""
    return _served(pdf, PDF, f"{name}.pdf", as_download=True)


def serve_sheet(xlsx: bytes, name: str) -> HttpResponse:
    """A spreadsheet made here, as a download."""
    return _served(xlsx, XLSX, f"{name}.xlsx", as_download=True)


def serve_csv(text: bytes, name: str) -> HttpResponse:
    """A text with commas made here, as a download."""
    return _served(text, CSV, f"{name}.csv", as_download=True)


def _served(content: bytes, media_type: str, name: str, as_download: bool) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    response.headers["Content-Disposition"] = content_disposition_header(as_download, name) or "attachment"
    response.headers["Content-Security-Policy"] = SEALED_OFF
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store, private"
    return response
