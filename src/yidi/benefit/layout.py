"""From a rule to the rows that the kernel reads, and from counters to its cells."""

from collections.abc import Callable

from yidi.benefit import kernel
from yidi.benefit.counters import Counter
from yidi.benefit.errors import InexactShare
from yidi.policy.rules import Adjustment, Band, BenefitRule, Ceiling, Deductible, Layer, Share
from yidi.values.money import PPM, percent_text
from yidi.values.periods import Per
from yidi.values.terms import FeeCategory

CellOf = Callable[[str, str, Per], int]
"""The cell that a counter has: scope, measure, and how often it starts anew."""

BASES = {
    "in-scope": kernel.IN_SCOPE,
    "person": kernel.PERSON,
    "person-and-upfront": kernel.PERSON_AND_UPFRONT,
    "beyond-ceiling": kernel.BEYOND_CEILING,
}
STAYS = "stays"


def rows(
    rule: BenefitRule, cell_of: CellOf, start: int = 0, category: FeeCategory | None = None
) -> list[int]:
    """The row of a rule and those of its layers, one after another, as they stand in a table from `start` on.

    Of ceilings per category of fees only those on `category` are written. Raises InexactShare.
    """
    found = _row(rule, str(rule.benefit), category, cell_of)
    adjustment = rule.adjustment
    found[kernel.UPFRONT_AT_HOME] = rule.upfront.ppm if rule.upfront else 0
    found[kernel.UPFRONT_AWAY] = adjustment.ppm if adjustment.mode == "upfront" else 0
    found[kernel.UPFRONT_LAST] = int(not adjustment.upfront_first)
    if rule.counts_stays:
        found[kernel.STAYS] = cell_of(str(rule.benefit), STAYS, "year")
    _write_bands(
        found, Share(effective_bands(rule), rule.share.origin, rule.share.per, rule.share.with_deductible)
    )
    for layer in rule.layers:
        found[len(found) - kernel.WIDTH + kernel.NEXT] = start + len(found)
        above = _row(layer, str(layer.fund), None, cell_of)
        above[kernel.BASE] = BASES[layer.base]
        _write_bands(above, layer.share)
        found += above
    found[kernel.PLAIN] = int(_is_plain(found))
    return found


def _is_plain(found: list[int]) -> bool:
    """Whether the row is one of those that the kernel has a short way for."""
    _, cell, on_cost, _ = found[kernel.CEILING : kernel.CEILING + kernel.CEILING_WIDTH]
    zero = (kernel.UPFRONT_AT_HOME, kernel.UPFRONT_AWAY, kernel.PER_VISIT)
    return (
        len(found) == kernel.WIDTH
        and found[kernel.BANDS] == found[kernel.CEILINGS] == 1
        and cell >= 0
        and not on_cost
        and found[kernel.STAYS] < 0
        and not any(found[field] for field in zero)
    )


def _row(of: BenefitRule | Layer, scope: str, category: FeeCategory | None, cell_of: CellOf) -> list[int]:
    row = [0] * kernel.WIDTH
    _write_deductible(row, of.deductible)
    ceilings = [item for item in of.ceilings if item.category in (None, category)]
    row[kernel.CEILINGS] = len(ceilings)
    plain = {measure: cell_of(scope, measure, "year") for measure in ("deductible", "cost", "fund")}
    for place, ceiling in enumerate(ceilings):
        at = kernel.CEILING + place * kernel.CEILING_WIDTH
        row[at : at + kernel.CEILING_WIDTH] = _ceiling(ceiling, ceilings[:place], plain[ceiling.on], cell_of)
    row[kernel.USED_DEDUCTIBLE] = plain["deductible"]
    row[kernel.USED_COST], row[kernel.USED_FUND] = plain["cost"], plain["fund"]
    row[kernel.STAYS] = row[kernel.NEXT] = kernel.NOWHERE
    return row


def _write_deductible(row: list[int], deductible: Deductible) -> None:
    again = [deductible.of_stay(number) for number in range(2, kernel.STAYS_NAMED + 1)]
    row[kernel.DEDUCTIBLE] = deductible.of_stay(1)
    row[kernel.DEDUCTIBLE_AGAIN : kernel.DEDUCTIBLE_AGAIN + len(again)] = again
    row[kernel.DEDUCTIBLE_LESS], row[kernel.DEDUCTIBLE_FLOOR] = deductible.less, deductible.floor
    row[kernel.DEDUCTIBLE_TOP] = kernel.NO_LIMIT if deductible.top is None else deductible.top
    row[kernel.PER_VISIT] = int(deductible.per == "visit")


def _write_bands(row: list[int], share: Share) -> None:
    *before, last = share.bands
    row[kernel.BANDS], row[kernel.SHARE] = len(share.bands), last.ppm
    for place, band in enumerate(before):
        row[kernel.BAND_UPTO + place], row[kernel.BAND_PPM + place] = band.upto or 0, band.ppm
    row[kernel.BAND_YEARLY] = int(share.per == "year")
    row[kernel.BAND_WITH_DEDUCTIBLE] = int(share.with_deductible)


def _ceiling(
    ceiling: Ceiling, before: list[Ceiling], plain: int, cell_of: CellOf
) -> tuple[int, int, int, int]:
    """Amount, cell, whether on cost, and whether the visit must move the cell for this ceiling's sake."""
    amount = kernel.NO_LIMIT if ceiling.amount is None else ceiling.amount
    if ceiling.per == "visit":
        return amount, kernel.NOWHERE, int(ceiling.on == "cost"), 0
    cell = cell_of(ceiling.scope, ceiling.on, ceiling.per)
    moved = {plain, *(cell_of(item.scope, item.on, item.per) for item in before if item.per != "visit")}
    return amount, cell, int(ceiling.on == "cost"), int(cell not in moved)


def effective_bands(rule: BenefitRule) -> tuple[Band, ...]:
    """The share after an away-from-home adjustment by points or factor. Raises InexactShare."""
    return tuple(Band(band.upto, _adjusted(band.ppm, rule.adjustment)) for band in rule.share.bands)


def _adjusted(ppm: int, adjustment: Adjustment) -> int:
    if adjustment.mode == "points":
        return max(ppm - adjustment.ppm, 0)
    if adjustment.mode != "factor":
        return ppm
    product, rest = divmod(ppm * adjustment.ppm, PPM)
    if rest:
        raise InexactShare(share=percent_text(ppm), factor=percent_text(adjustment.ppm))
    return product


class Cells:
    """The cells of one visit by their counters: those that the visit reads and moves."""

    def __init__(self, name: Callable[[str, str, Per], Counter]) -> None:
        self._name = name
        self.names: dict[Counter, int] = {}

    def __call__(self, scope: str, measure: str, per: Per) -> int:
        return self.names.setdefault(self._name(scope, measure, per), len(self.names))
