"""From data to a PDF. Data goes in as one JSON text and never becomes markup."""

import json
import threading
from datetime import UTC, date, datetime, time
from importlib.resources import files
from pathlib import Path
from typing import Any

import typst

from yidi.documents.fonts import fonts
from yidi.documents.terms import Document

_FOLDER = Path(str(files("yidi.documents"))) / "typ"
_of_thread = threading.local()
"""A compiler serves one thread at a time: a second call while it works is an error ("Already borrowed"). So each thread has its own;
they share the font and the cache of what was set before, and one more costs about 3 MB."""


def typeset(document: Document, data: dict[str, Any], on: date) -> bytes:
    """The PDF of a template filled with data. The same data and day give the same bytes.

    It is PDF/A-2a, which asks for all that 2b asks for and tags besides, and PDF/UA-1, which screen readers need.
    """
    pdf = _compiler().compile(
        input=_FOLDER / f"{document.value}.typ",
        format="pdf",
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_standards=["a-2a", "ua-1"],
        timestamp=datetime.combine(on, time(), UTC),
    )
    if not isinstance(pdf, bytes):
        raise TypeError(f"a PDF is one file, not {type(pdf).__name__}")
    return pdf


def _compiler() -> typst.Compiler:
    found: typst.Compiler | None = getattr(_of_thread, "compiler", None)
    if found is None:
        found = typst.Compiler(root=_FOLDER, font_paths=fonts(), ignore_system_fonts=True)
        _of_thread.compiler = found
    return found
