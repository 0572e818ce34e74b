"""What is paid in: employees by a base between its floor and top (G-24), residents by a yearly amount."""

from dataclasses import dataclass
from datetime import date

from yidi.calculators.errors import OutsideBase
from yidi.policy.book import NATION, RuleBook
from yidi.policy.lookup import CONTRIBUTION, Found, Lookup, Parameter
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


@dataclass(frozen=True, slots=True)
class Yearly:
    """What one party pays for a resident's year of cover, in fen."""

    amount: int
    at_least: bool
    """Whether the amount is only the least that the nation asks for, the pool's own not being on record."""
    national_least: int | None
    """The least that the nation asks for in that year, in fen; None where no source on record says."""
    origin: Origin

    @property
    def below_least(self) -> bool:
        """Whether the pool's own amount contradicts the nation's: one of the two sources is out of date."""
        return self.national_least is not None and self.amount < self.national_least


def yearly(book: RuleBook, pool: str, payer: Payer, year: int, reading: str = "") -> Yearly:
    """What one party pays for a resident's year of cover: the pool's own amount, else the least the nation asks for.

    Raises MissingParameter. Source: facts N-1001, N-1002, N-1003, JX-416, SN-14, AH-01.
    """
    found = _of_residents(book, pool, year, reading).need(
        Parameter.YEARLY, lambda rule: rule.yearly.get(payer)
    )
    least = _of_nation(book, payer, year)
    return Yearly(
        amount=found.value,
        at_least=found.layer == NATION,
        national_least=least.value if least else None,
        origin=found.origin(),
    )


def _of_nation(book: RuleBook, payer: Payer, year: int) -> Found | None:
    where = _of_residents(book, NATION, year)
    return where.find(Parameter.YEARLY, lambda rule: rule.yearly.get(payer))


def _of_residents(book: RuleBook, pool: str, year: int, reading: str = "") -> Lookup:
    return Lookup(book, pool, Scheme.RESIDENT, CONTRIBUTION, date(year, 1, 1), reading)


def _lookup(book: RuleBook, pool: str, on: date, reading: str) -> Lookup:
    return Lookup(book, pool, Scheme.EMPLOYEE, CONTRIBUTION, on, reading)
