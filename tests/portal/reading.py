"""Reading a page: its elements, what is labelled, and what is left in the wrong language."""

import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

from babel.messages.pofile import read_po

import yidi
from yidi.values.terms import Term

CATALOGUE = Path(yidi.__file__).parent / "site" / "locale" / "en" / "LC_MESSAGES" / "django.po"

HAN = re.compile(r"[\u3400-\u9fff]+")
VOID = {"input", "meta", "link", "br", "img"}


@cache
def chinese_texts() -> frozenset[str]:
    """What an English page must not show as it stands: the pages' own texts, and the words of closed lists."""
    with CATALOGUE.open("rb") as stream:
        ids = [message.id for message in read_po(stream, locale="en") if message.id]
    texts = {text for found in ids for text in ([found] if isinstance(found, str) else found)}
    return frozenset(text for text in texts | set(_words(Term)) if HAN.search(text))


def _words(kind: type[Term]) -> Iterator[str]:
    for below in kind.__subclasses__():
        yield from (word.zh for word in below)
        yield from _words(below)


class Page(HTMLParser):
    """A page's elements with their attributes, and the text outside elements marked as Chinese and outside options."""

    def __init__(self, content: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.foreign_text: list[str] = []
        self._open: list[tuple[str, str | None]] = []
        self.feed(content)
        assert self._open == [], "every element is closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.elements.append((tag, found))
        if tag not in VOID:
            self._open.append((tag, found.get("lang")))

    def handle_endtag(self, tag: str) -> None:
        assert self._open[-1][0] == tag
        self._open.pop()

    def handle_data(self, data: str) -> None:
        language = next((lang for _tag, lang in reversed(self._open) if lang), None)
        if language == "en" and self._open[-1][0] != "option":
            self.foreign_text.append(data)

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attrs for name, attrs in self.elements if name == tag]

    def faults(self) -> list[str]:
        """What every page must have or must not have."""
        ids = [attrs["id"] for _tag, attrs in self.elements if "id" in attrs]
        labelled = {attrs.get("for") for attrs in self.all("label")}
        controls = [
            attrs
            for tag in ("input", "select", "textarea")
            for attrs in self.all(tag)
            if attrs.get("type") != "hidden"
        ]
        described = [
            name for _tag, attrs in self.elements for name in attrs.get("aria-describedby", "").split()
        ]
        named = [attrs["aria-labelledby"] for _tag, attrs in self.elements if "aria-labelledby" in attrs]
        inside = [
            attrs["href"][1:]
            for attrs in self.all("a")
            if attrs.get("href", "").startswith("#") and len(attrs["href"]) > 1
        ]
        found = {
            "id twice": sorted({name for name in ids if ids.count(name) > 1}),
            "without label": [str(attrs) for attrs in controls if attrs.get("id") not in labelled],
            "described by nothing": sorted({*described, *named} - set(ids)),
            "leads nowhere": sorted(set(inside) - set(ids)),
            "inline": [tag for tag, attrs in self.elements if tag in ("script", "style") or "style" in attrs],
            "headings of the first order": [] if len(self.all("h1")) == 1 else ["not one"],
            "not translated": [text.strip() for text in self.foreign_text if text.strip() in chinese_texts()],
        }
        return [f"{name}: {items}" for name, items in found.items() if items]
