"""Bars as SVG: rows of one bar each, in pieces that lie side by side and differ by pattern as well as by colour.

Labels and figures are text of the page, beside the drawing: they wrap, grow with large type and are read out. Widths
are attributes in percent, so that a strict content policy and a narrow screen are both served.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from yidi.values.money import decimal_text

PATTERNS = ("solid", "hatch", "dots", "lines")
"""Names of the patterns of `pages/_chart.html`, in the order in which series take them."""
_FINE = 1000


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of a drawn bar; widths as percent texts."""

    name: str
    figure: str
    pattern: str
    start: str
    width: str


@dataclass(frozen=True, slots=True)
class Row:
    """A label, the sizes of the pieces of its bar (not negative), and the figures that say them."""

    label: str
    sizes: tuple[int, ...]
    figures: tuple[str, ...]
    is_name: bool = False
    """Whether the label is a name, which stays Chinese on an English page."""


@dataclass(frozen=True, slots=True)
class Chart:
    """Rows of bars on one scale that begins at nothing."""

    title: str
    series: tuple[str, ...]
    """What the pieces are; at most as many as there are patterns."""
    rows: tuple[Row, ...]

    @property
    def legend(self) -> list[tuple[str, str]]:
        """Pattern and name of each series."""
        return list(zip(PATTERNS, self.series, strict=False))

    @property
    def drawn(self) -> list[tuple[Row, list[Piece]]]:
        """Each row with the pieces of its bar; a piece of nothing has no width."""
        most = max((sum(row.sizes) for row in self.rows), default=0)
        return [(row, self._pieces(row, most)) for row in self.rows]

    def _pieces(self, row: Row, most: int) -> list[Piece]:
        pieces, start = [], 0
        for (pattern, name), size, figure in zip(self.legend, row.sizes, row.figures, strict=True):
            pieces.append(Piece(name, figure, pattern, _percent(start, most), _percent(size, most)))
            start += size
        return pieces


def _percent(part: int, whole: int) -> str:
    return decimal_text(part * 100 * _FINE // whole, _FINE) + "%" if whole else "0%"


def chart(title: str, series: Sequence[str], rows: Sequence[Row]) -> Chart | None:
    """A chart; None where there is nothing to draw."""
    drawn = tuple(rows)
    return Chart(title, tuple(series), drawn) if any(any(row.sizes) for row in drawn) else None
