"""When a person's cover starts: enrolment in time, the waiting period of those who are late, newborns (G-21)."""

from dataclasses import dataclass
from datetime import date, timedelta

from yidi.calculators.errors import NewbornTooLate, NotYetOpen
from yidi.policy.book import RuleBook
from yidi.policy.lookup import COVER, Found, Lookup, Parameter
from yidi.policy.matters import EnrolmentDoc, NewbornDoc, WaitingDoc
from yidi.policy.rules import Origin
from yidi.values.periods import last_day_of_term
from yidi.values.terms import Scheme


@dataclass(frozen=True, slots=True)
class CoverStart:
    """The first day of cover, the months waited, and the rule that says so."""

    first_day: date
    waiting_months: int
    origin: Origin
    zh: str
    en: str


def resident_cover(
    book: RuleBook, pool: str, paid_on: date, year: int, lapsed_years: int = 0, extra_years: int = 0
) -> CoverStart:
    """When a resident's cover for a year starts who pays on a day.

    `lapsed_years` are the years without cover before this one, `extra_years` the years' contributions paid besides to
    shorten the waiting. Raises MissingParameter, NotYetOpen. Source: facts N-1004, D-104, D-201, JX-416.
    """
    where = Lookup(book, pool, Scheme.RESIDENT, COVER, paid_on)
    enrolment = where.need(Parameter.ENROLMENT, lambda rule: rule.enrolment)
    opens, closes = _window(enrolment.value, year)
    if paid_on < opens:
        raise NotYetOpen(year=year, opens=opens)
    first_of_year = date(year, 1, 1)
    if paid_on <= closes and not lapsed_years:
        return CoverStart(
            max(first_of_year, paid_on),
            0,
            _origin(enrolment),
            f"在集中参保期内缴费，{max(first_of_year, paid_on)} 起享受 {year} 年度待遇，没有等待期。",
            f"Paid within the enrolment period: covered for {year} from {max(first_of_year, paid_on)}, no waiting.",
        )
    waiting = where.need(Parameter.WAITING, lambda rule: rule.waiting)
    months = waiting_months(waiting.value, lapsed_years, extra_years)
    first = max(last_day_of_term(paid_on, months) + timedelta(days=1), first_of_year)
    return CoverStart(
        first,
        months,
        _origin(waiting),
        f"未在集中参保期参保或曾断保，等待期 {months} 个月，{first} 起享受待遇。",
        f"Late or lapsed: a waiting period of {months} months, covered from {first}.",
    )


def waiting_months(doc: WaitingDoc, lapsed_years: int, extra_years: int) -> int:
    """The months of waiting: the fixed part, and the part that grows with lapsed years and shrinks with extra ones."""
    variable = doc.per_lapsed_year * lapsed_years - doc.less_per_extra_year * extra_years
    return doc.fixed + max(variable, 0)


def newborn_cover(book: RuleBook, pool: str, born: date, enrolled_on: date) -> CoverStart:
    """When a newborn's cover starts. Raises MissingParameter, NewbornTooLate. Source: facts JX-416."""
    where = Lookup(book, pool, Scheme.RESIDENT, COVER, enrolled_on)
    found = where.need(Parameter.NEWBORN, lambda rule: rule.newborn)
    doc: NewbornDoc = found.value
    age = (enrolled_on - born).days
    if age <= doc.from_birth_within_days:
        zh, en = "出生后按时参保，自出生之日起享受待遇。", "Enrolled in time: covered from birth."
        return CoverStart(born, 0, _origin(found), zh, en)
    if age <= doc.next_day_within_days:
        first = enrolled_on + timedelta(days=1)
        zh, en = f"参保次日（{first}）起享受待遇。", f"Covered from the day after enrolment, {first}."
        return CoverStart(first, 0, _origin(found), zh, en)
    raise NewbornTooLate(days=doc.next_day_within_days)


def _window(doc: EnrolmentDoc, year: int) -> tuple[date, date]:
    closing_year = year if doc.closes < doc.opens else year - 1
    return date.fromisoformat(f"{year - 1}-{doc.opens}"), date.fromisoformat(f"{closing_year}-{doc.closes}")


def _origin(found: Found) -> Origin:
    return found.origin(found.value.source, found.value.note)
