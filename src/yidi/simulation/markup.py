"""HTML and SVG as elements: well-formed and escaped by construction, so that a page needs no template language."""

from xml.etree.ElementTree import Element, tostring

Child = Element | str | None
BLOCKS = frozenset(
    {"head", "body", "style", "header", "main", "footer", "section", "figure", "div", "dl", "ul", "li", "p"}
    | {"h1", "h2", "h3", "table", "tr", "svg", "g"}
)
"""Elements that end a line of the text."""


def tag(name: str, /, *children: Child, **attributes: object) -> Element:
    """An element. Names of attributes are written with `_` for `-`, one at the end is left out; None = not there."""
    element = Element(name)
    for key, value in attributes.items():
        if value is not None:
            element.set(key.rstrip("_").replace("_", "-"), str(value))
    last: Element | None = None
    for child in children:
        if isinstance(child, str):
            if last is None:
                element.text = (element.text or "") + child
            else:
                last.tail = (last.tail or "") + child
        elif child is not None:
            element.append(child)
            last = child
    if name in BLOCKS:
        element.tail = "\n"
    return element


def both(zh: str, en: str) -> tuple[Element, Element]:
    """A text in Chinese and, after it, in English."""
    first = tag("span", zh, lang="zh-CN")
    first.tail = " "
    return first, tag("span", en, lang="en", class_="en")


def document(root: Element) -> str:
    """The text of a page."""
    return "<!DOCTYPE html>\n" + tostring(root, encoding="unicode", method="html") + "\n"
