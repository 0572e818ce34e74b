"""The first question of a bill: which part of each line is payable at all. The care region's catalogue answers it.

Of every line, amount = excluded + over_limit + upfront + in_scope (interface §7: I7, I8, I9).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from yidi.benefit.errors import AmountMismatch, BadParts
from yidi.values.money import PPM, line_amount, part_of, yuan_text
from yidi.values.terms import CatalogueClass

ANY_DISEASE = "any"

Reason = Literal["payable", "class-c", "not-of-disease", "not-approved"]


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """One item of a care region's catalogue."""

    code: str
    name: str
    klass: CatalogueClass
    upfront_ppm: int
    price_limit_micro: int | None
    """Highest payable price of one unit, in micro-yuan; None = no limit."""
    chronic_groups: frozenset[str] = frozenset({ANY_DISEASE})
    """Groups of chronic diseases that the item may treat; `any` = not tied to a disease."""
    restricted: bool = False
    """Whether the item is payable only where the hospital has approved its use."""
    source: str = ""


@dataclass(frozen=True, slots=True)
class FeeLine:
    """One line of a bill: quantity in ten-thousandths, price in micro-yuan, amount in fen."""

    serial: str
    code: str
    name: str
    quantity: int
    price_micro: int
    amount: int
    approved: bool | None = None
    """Hospital approval of a restricted item: True, False, or None where nobody was asked."""


@dataclass(frozen=True, slots=True)
class LineSplit:
    """The four parts of a line in fen, with the reason for what was excluded."""

    line: FeeLine
    entry: CatalogueEntry
    excluded: int
    over_limit: int
    upfront: int
    in_scope: int
    reason: Reason


@dataclass(frozen=True, slots=True)
class Split:
    """The four parts of a whole bill in fen, and its lines where they are known."""

    total: int
    excluded: int
    over_limit: int
    upfront: int
    in_scope: int
    lines: tuple[LineSplit, ...] = ()


def check_amount(line: FeeLine) -> None:
    """Raises AmountMismatch where the amount is not count × price, half-up to the fen (I6)."""
    expected = line_amount(line.quantity, line.price_micro)
    if line.amount != expected:
        raise AmountMismatch(
            serial=line.serial, name=line.name, amount=yuan_text(line.amount), expected=yuan_text(expected)
        )


def split_line(
    line: FeeLine, entry: CatalogueEntry, chronic_group: str | None = None, upfront_on_whole: bool = False
) -> LineSplit:
    """Split one line. `chronic_group` is the group of the disease treated; None for general care.

    Class C, items that do not belong to the disease (专病专治) and restricted items without approval are excluded
    whole. Else what lies above the price limit comes off first, then the upfront share of the rest, or, with
    `upfront_on_whole`, of the whole amount as far as the rest reaches (G-14). Raises AmountMismatch.
    """
    check_amount(line)
    reason = _reason(line, entry, chronic_group)
    if reason != "payable":
        return LineSplit(line, entry, line.amount, 0, 0, 0, reason)
    over_limit = _over_limit(line, entry)
    within = line.amount - over_limit
    upfront = min(part_of(line.amount if upfront_on_whole else within, entry.upfront_ppm), within)
    return LineSplit(line, entry, 0, over_limit, upfront, within - upfront, reason)


def _reason(line: FeeLine, entry: CatalogueEntry, chronic_group: str | None) -> Reason:
    if entry.klass == CatalogueClass.C or entry.upfront_ppm == PPM:
        return "class-c"
    if line.approved is False or (entry.restricted and not line.approved):
        return "not-approved"
    if chronic_group is not None and not entry.chronic_groups & {chronic_group, ANY_DISEASE}:
        return "not-of-disease"
    return "payable"


def _over_limit(line: FeeLine, entry: CatalogueEntry) -> int:
    if entry.price_limit_micro is None or line.price_micro <= entry.price_limit_micro:
        return 0
    return min(line.amount, line_amount(line.quantity, line.price_micro - entry.price_limit_micro))


def split_bill(lines: Iterable[LineSplit]) -> Split:
    """The sums over all lines."""
    rows = tuple(lines)
    return Split(
        total=sum(row.line.amount for row in rows),
        excluded=sum(row.excluded for row in rows),
        over_limit=sum(row.over_limit for row in rows),
        upfront=sum(row.upfront for row in rows),
        in_scope=sum(row.in_scope for row in rows),
        lines=rows,
    )


def whole_split(total: int, excluded: int = 0, over_limit: int = 0, upfront: int = 0) -> Split:
    """The split of a bill of which only the parts are known, all in fen. Raises BadParts where they exceed the total."""
    in_scope = total - excluded - over_limit - upfront
    if min(total, excluded, over_limit, upfront, in_scope) < 0:
        raise BadParts(total=yuan_text(total), sum=yuan_text(excluded + over_limit + upfront))
    return Split(total, excluded, over_limit, upfront, in_scope)
