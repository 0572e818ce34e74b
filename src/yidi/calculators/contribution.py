"""What is paid in: the base between its floor and top, and each insurance's share of it (G-24)."""

from dataclasses import dataclass
from datetime import date

from yidi.calculators.errors import OutsideBase
from yidi.policy.book import RuleBook
from yidi.policy.lookup import CONTRIBUTION, Lookup, Parameter
from yidi.policy.matters import BaseDoc, RateDoc
from yidi.policy.rules import Origin
from yidi.values.money import FEN, PPM, half_up, part_of
from yidi.values.terms import Insurance, Payer, Scheme

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Bounds:
    """The month's average wage, and the least and the most that may be the base of a month, in fen."""

    average: int
    floor: int
    top: int
    origin: Origin

    def base(self, wage: int) -> int:
        """The base of a month's wage, in fen."""
        return min(max(wage, self.floor), self.top)


def bounds(book: RuleBook, pool: str, on: date, reading: str = "") -> Bounds:
    """The bounds of the contribution base in force on a day. Raises MissingParameter. Source: facts SN-11, SN-12."""
    found = _lookup(book, pool, on, reading).need(Parameter.BASE, lambda rule: rule.base)
    doc: BaseDoc = found.value
    return Bounds(
        average=half_up(doc.yearly_wage, MONTHS),
        floor=_rounded(doc.yearly_wage * doc.floor, MONTHS * PPM, doc),
        top=_rounded(doc.yearly_wage * doc.top, MONTHS, doc),
        origin=found.origin(doc.source, doc.note),
    )


def _rounded(numerator: int, denominator: int, doc: BaseDoc) -> int:
    if doc.rounding == "down-to-yuan":
        return numerator // (denominator * FEN) * FEN
    return half_up(numerator, denominator)


def contribution(
    book: RuleBook, pool: str, insurance: Insurance, payer: Payer, base: int, on: date, reading: str = ""
) -> int:
    """What one party pays for one insurance in a month on a base, in fen. Raises MissingParameter, OutsideBase."""
    found = _lookup(book, pool, on, reading).need(Parameter.RATES, lambda rule: rule.rates or None)
    rates: tuple[RateDoc, ...] = found.value
    for rate in rates:
        if (rate.insurance, rate.payer) == (insurance, payer):
            return part_of(base, rate.rate)
    raise OutsideBase(insurance=insurance, payer=payer)


def _lookup(book: RuleBook, pool: str, on: date, reading: str) -> Lookup:
    return Lookup(book, pool, Scheme.EMPLOYEE, CONTRIBUTION, on, reading)
