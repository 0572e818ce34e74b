"""Bars as SVG: stacked, side by side, floating, to both sides. Widths are given for a phone; a page may draw them larger.

No chart library: those that are light fix the size in pixels and have no text for readers of the page by ear, the
others bring a hundred megabytes. What the report needs is one form, rows of bars with a label above each.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from yidi.simulation.markup import tag
from yidi.values.money import decimal_text, half_up

WIDTH, TEXT = 310, 80
"""Width of a chart, and of what is kept for the figures at the right, in units of the drawing."""
BAR, LABEL, GAP, LEGEND = 11, 17, 9, 18
"""Heights."""
WIDE, NARROW = 12, 6
"""About how wide a Chinese character and a Latin one are in a label."""
FINE = 10
"""Places are given to a tenth of a unit."""


@dataclass(frozen=True, slots=True)
class Said:
    """A text in both languages."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a bar, from one value to another, in the colour of a class of the style sheet."""

    start: int
    end: int
    colour: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar, and the figure that stands at its end."""

    pieces: tuple[Piece, ...]
    figure: str


@dataclass(frozen=True, slots=True)
class Row:
    """A label and its bars."""

    label: Said
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """Rows of bars on one scale, which begins at nothing unless some bar goes below."""

    name: str
    """Unlike that of any other chart of the page."""
    title: Said
    about: Said
    """What the chart shows, in words."""
    colours: tuple[tuple[str, Said], ...]
    rows: tuple[Row, ...]
    figures_apart: bool = False
    """Whether the figures stand in a column of their own at the right."""

    def draw(self) -> Element:
        """The chart as an element of a page."""
        values = [
            value
            for row in self.rows
            for bar in row.bars
            for piece in bar.pieces
            for value in (piece.start, piece.end)
        ]
        scale = Scale(min(0, *values), max(1, *values)) if values else Scale(0, 1)
        y = LEGEND * len(self.colours)
        drawn = list(_legend(self.colours))
        for row in self.rows:
            drawn += _row(row, scale, y, self.figures_apart)
            y += _height(row)
        return tag(
            "svg",
            tag("title", f"{self.title.zh} {self.title.en}", id=f"{self.name}-title"),
            tag("desc", f"{self.about.zh} {self.about.en}", id=f"{self.name}-about"),
            *drawn,
            viewBox=f"0 0 {WIDTH} {y}",
            role="img",
            aria_labelledby=f"{self.name}-title",
            aria_describedby=f"{self.name}-about",
        )


@dataclass(frozen=True, slots=True)
class Scale:
    """From values to places."""

    least: int
    most: int

    def at(self, value: int) -> str:
        """Where a value stands."""
        return decimal_text(self._tenths(value), FINE)

    def length(self, start: int, end: int) -> str:
        return decimal_text(self._tenths(end) - self._tenths(start), FINE)

    def _tenths(self, value: int) -> int:
        return half_up((value - self.least) * (WIDTH - TEXT) * FINE, self.most - self.least)


def _height(row: Row) -> int:
    return LABEL + BAR * len(row.bars) + GAP


def _legend(colours: Sequence[tuple[str, Said]]) -> list[Element]:
    drawn = []
    for place, (colour, said) in enumerate(colours):
        y = LEGEND * place
        drawn.append(tag("rect", x=0, y=y + 2, width=11, height=11, class_=colour))
        drawn.append(
            tag("text", said.zh, tag("tspan", f" {said.en}", class_="en"), x=17, y=y + 12, class_="legend")
        )
    return drawn


def _row(row: Row, scale: Scale, y: int, figures_apart: bool) -> list[Element]:
    drawn = [_label(row.label, y + LABEL - 4)]
    for place, bar in enumerate(row.bars):
        top = y + LABEL + BAR * place
        ends = [max(piece.start, piece.end) for piece in bar.pieces]
        for piece in bar.pieces:
            first, last = min(piece.start, piece.end), max(piece.start, piece.end)
            if first < last:
                width = scale.length(first, last)
                drawn.append(
                    tag("rect", x=scale.at(first), y=top, width=width, height=BAR - 1, class_=piece.colour)
                )
        end = scale.most if figures_apart else max(ends, default=0)
        drawn.append(tag("text", bar.figure, x=scale.at(end), dx=4, y=top + BAR - 2, class_="figure"))
    zero, bottom = scale.at(0), y + LABEL + BAR * len(row.bars)
    drawn.append(tag("line", x1=zero, x2=zero, y1=y + LABEL - 1, y2=bottom, class_="axis"))
    return drawn


def _label(label: Said, y: int) -> Element:
    """A label, cut to the width; the English only where there is room for all of it."""
    zh, room = _cut(label.zh, WIDTH)
    en = f" {label.en}" if _width(label.en) + NARROW <= room else ""
    return tag("text", zh, tag("tspan", en, class_="en") if en else None, x=0, y=y, class_="label")


def _width(text: str) -> int:
    return sum(NARROW if letter.isascii() else WIDE for letter in text)


def _cut(text: str, room: int) -> tuple[str, int]:
    """As much of a text as there is room for, and the room left."""
    if _width(text) <= room:
        return text, room - _width(text)
    while text and _width(text) + WIDE > room:
        text = text[:-1]
    return f"{text}…", 0
