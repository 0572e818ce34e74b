"""Compare the Chinese texts in the source with their English translations.

Message ids are the Chinese source texts themselves. Every id found in templates and Python files must have
a translation that is neither empty nor fuzzy and keeps the id's placeholders; no entry may be left over; and
the compiled catalogue must say what the source catalogue says.

    python bin/check_translations.py           check; exit status 1 when anything is amiss
    python bin/check_translations.py --write   add missing entries, drop left-over ones, compile; then check
"""

import argparse
import io
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "yidi"
PO_FILE = SOURCE / "site" / "locale" / "en" / "LC_MESSAGES" / "django.po"
MO_FILE = PO_FILE.with_suffix(".mo")
TEMPLATE_SUFFIXES = {".html", ".txt", ".xml"}

PLAIN, PLURAL, CONTEXT, CONTEXT_PLURAL = None, (1, 2), ((1, "c"), 2), ((1, "c"), 2, 3)
KEYWORDS = {
    "_": PLAIN,
    "gettext": PLAIN,
    "gettext_lazy": PLAIN,
    "gettext_noop": PLAIN,
    "ngettext": PLURAL,
    "ngettext_lazy": PLURAL,
    "pgettext": CONTEXT,
    "pgettext_lazy": CONTEXT,
    "npgettext": CONTEXT_PLURAL,
    "npgettext_lazy": CONTEXT_PLURAL,
}
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}")
# Lines of the header that say nothing, or change with the clock or the tool.
UNSTABLE_HEADER = re.compile(
    rb'^"(?:Project-Id-Version|Report-Msgid-Bugs-To|POT-Creation-Date|PO-Revision-Date|Last-Translator'
    rb'|Language-Team|Generated-By):.*\\n"\n',
    re.MULTILINE,
)
NO_DATE = datetime(2000, 1, 1, tzinfo=UTC)
HEADER_COMMENT = "# English translations of yidi. Message ids are the Chinese source texts."

Key = tuple[str, str | None]


def source_files() -> Iterator[Path]:
    """Python files and templates, in a stable order."""
    for path in sorted(SOURCE.rglob("*")):
        if path.suffix == ".py" or (path.suffix in TEMPLATE_SUFFIXES and "templates" in path.parts):
            yield path


def python_text(path: Path) -> str:
    """The text of one file as something a Python tokenizer can read.

    A template becomes lines of calls to gettext; its indentation means nothing and is taken away.
    """
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return text
    lines = templatize(text, origin=str(path)).splitlines()
    return "\n".join(line.strip() for line in lines) + "\n"


def extracted() -> Catalog:
    """A catalogue of every message in the source, with the files it comes from."""
    catalog = Catalog(locale="en", project="yidi", fuzzy=False, header_comment=HEADER_COMMENT)
    for path in source_files():
        stream = io.BytesIO(python_text(path).encode())
        place = path.relative_to(ROOT).as_posix()
        for line, message_id, comments, context in extract(
            "python", stream, KEYWORDS, ["Translators:"], {"encoding": "utf-8"}
        ):
            catalog.add(message_id, locations=[(place, line)], auto_comments=comments, context=context)
    return catalog


def singular(message: Message) -> str:
    """The id by which people know the message."""
    return message.id if isinstance(message.id, str) else message.id[0]


def key(message: Message) -> Key:
    """What makes a message itself: its id and its context."""
    return singular(message), message.context


def messages(catalog: Catalog) -> dict[Key, Message]:
    """The messages without the header, which every catalogue keeps under the empty id."""
    return {key(message): message for message in catalog if message.id}


def translations(message: Message) -> list[str]:
    """Every form of the translation; an absent one is an empty text."""
    forms = [message.string] if isinstance(message.string, str) else list(message.string)
    return [form or "" for form in forms]


def read_translations() -> Catalog:
    """The source catalogue, or an empty one when there is none yet."""
    if not PO_FILE.exists():
        return Catalog(locale="en")
    with PO_FILE.open("rb") as stream:
        return read_po(stream, locale="en")


def entry_problems(message: Message) -> Iterator[str]:
    """What is wrong with one entry, as sentences."""
    name = singular(message)
    if message.fuzzy:
        yield f"存疑（fuzzy），请核对后去掉标记 / fuzzy: {name!r}"
    if not all(translations(message)):
        yield f"没有译文 / not translated: {name!r}"
        return
    ids = [message.id] if isinstance(message.id, str) else list(message.id)
    wanted = {mark for text in ids for mark in PLACEHOLDER.findall(text)}
    given = {mark for text in translations(message) for mark in PLACEHOLDER.findall(text)}
    if wanted != given:
        yield f"占位符不一致 / placeholders differ: {name!r}: {sorted(wanted)} ≠ {sorted(given)}"


def compiled(catalog: Catalog) -> bytes:
    """The compiled form; the same catalogue always gives the same bytes."""
    catalog.creation_date = catalog.revision_date = NO_DATE
    stream = io.BytesIO()
    write_mo(stream, catalog)
    return stream.getvalue()


def compiled_problems(catalog: Catalog) -> Iterator[str]:
    """Where the compiled catalogue departs from the source catalogue."""
    if not MO_FILE.exists():
        yield f"缺少编译后的 / missing: {MO_FILE.relative_to(ROOT)}"
    elif MO_FILE.read_bytes() != compiled(catalog):
        yield f"与 .po 不一致，请加 --write 重新编译 / differs from the .po file, use --write: {MO_FILE.name}"


def problems(found: Catalog) -> list[str]:
    """Everything amiss between the source, the catalogue and its compiled form."""
    if not PO_FILE.exists():
        count = len(messages(found))
        return [f"缺少 / missing: {PO_FILE.relative_to(ROOT)} ({count})"] if count else []
    catalog = read_translations()
    wanted, present = messages(found), messages(catalog)
    missing, unused = wanted.keys() - present.keys(), present.keys() - wanted.keys()
    result = [f"不在译文表中 / not in the catalogue: {name!r}" for name, _ in missing]
    result += [f"源码中已不用 / no longer in the source: {name!r}" for name, _ in unused]
    result += [f"已废弃 / obsolete: {singular(message)!r}" for message in catalog.obsolete.values()]
    for message in present.values():
        result += entry_problems(message)
    result += compiled_problems(catalog)
    return sorted(result)


def write(found: Catalog) -> None:
    """Bring both catalogue files up to the source; what was translated stays as it is."""
    present = messages(read_translations())
    for name, message in messages(found).items():
        known = present.get(name)
        if known is None or isinstance(known.id, str) != isinstance(message.id, str):
            continue
        message.string = known.string
        message.user_comments = known.user_comments
        message.flags |= known.flags & {"fuzzy"}
    PO_FILE.parent.mkdir(parents=True, exist_ok=True)
    text = io.BytesIO()
    write_po(text, found, width=110, sort_output=True, include_lineno=False)
    PO_FILE.write_bytes(UNSTABLE_HEADER.sub(b"", text.getvalue()))
    MO_FILE.write_bytes(compiled(read_translations()))


def main() -> int:
    """Check, after writing if asked to; returns the exit status."""
    parser = argparse.ArgumentParser(description="Compare the Chinese texts with their English translations.")
    parser.add_argument("--write", action="store_true", help="bring the catalogue up to the source first")
    arguments = parser.parse_args()
    found = extracted()
    if arguments.write:
        write(found)
    amiss = problems(found)
    for line in amiss:
        print(line, file=sys.stderr)
    count = len(messages(found))
    print(f"{count} 条文字，{len(amiss)} 个问题 / texts: {count}, problems: {len(amiss)}")
    return 1 if amiss else 0


if __name__ == "__main__":
    sys.exit(main())
