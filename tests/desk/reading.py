"""Reading pages as a visitor does."""

import re
from html.parser import HTMLParser
from typing import Any

from django.test import Client

from tests.accounts.factories import a_clerk, sign_in
from yidi.accounts.models import User
from yidi.accounts.terms import Role

HAN = re.compile(r"[\u3400-\u9fff]+")
VOID = {"input", "meta", "link", "br", "img", "hr"}


class Page(HTMLParser):
    """A page's elements with their attributes, its text, and the text outside elements marked as Chinese."""

    def __init__(self, answer: Any) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: list[str] = []
        self.foreign_text: list[str] = []
        self._open: list[tuple[str, str | None]] = []
        self.feed(answer.content.decode())
        assert self._open == [], "every element is closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.elements.append((tag, found))
        if tag not in VOID:
            self._open.append((tag, found.get("lang")))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self._open[-1][0] == tag
        self._open.pop()

    def handle_data(self, data: str) -> None:
        self.texts.append(data)
        language = next((lang for _tag, lang in reversed(self._open) if lang), None)
        if language == "en" and self._open[-1][0] != "option":
            self.foreign_text.append(data)

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attrs for name, attrs in self.elements if name == tag]

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())

    def left_over(self) -> list[str]:
        """Chinese on an English page that is not marked as such."""
        return [text.strip() for text in self.foreign_text if HAN.search(text)]


def staff_client(
    *roles: Role, username: str = "ban", region: str = "360100", provider_code: str = ""
) -> Client:
    """A browser in which a new member of staff with these offices has signed in."""
    client = Client()
    sign_in(client, a_clerk(username, *roles, region=region, provider_code=provider_code))
    return client


def client_of(user: User) -> Client:
    client = Client()
    sign_in(client, user)
    return client


def controls_without_label(page: Page) -> list[dict[str, str]]:
    """Controls of forms that nothing names."""
    named = {label.get("for") for label in page.all("label")}
    controls = [
        attrs
        for tag in ("input", "select", "textarea")
        for attrs in page.all(tag)
        if attrs.get("type") not in ("hidden", "submit")
    ]
    return [item for item in controls if item.get("id") not in named and "aria-label" not in item]
