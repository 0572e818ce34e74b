"""Money paid ahead between regions: how much, when its use raises an alert (G-22), what is looked into."""

from collections.abc import Sequence
from datetime import date

from yidi.policy.book import NATION, RuleBook
from yidi.policy.lookup import PREFUND, Lookup, Parameter
from yidi.policy.matters import AlertsDoc, InquiryDoc, PrefundDoc
from yidi.values.money import PPM, half_up
from yidi.values.terms import Alert, Scheme


def prefund(book: RuleBook, quarter: Sequence[int], on: date, reading: str = "") -> int:
    """The prefund of a year from the clearing of each month of the quarter before it, in fen.

    Raises MissingParameter. Source: facts N-602.
    """
    found = _lookup(book, on, reading).need(Parameter.PREFUND, lambda rule: rule.prefund)
    doc: PrefundDoc = found.value
    return half_up(sum(quarter) * doc.times, len(quarter))


def alert(book: RuleBook, month: int, prefund_fen: int, on: date, reading: str = "") -> Alert:
    """What a month's clearing says about the prefund, both in fen. Raises MissingParameter. Source: facts N-603."""
    found = _lookup(book, on, reading).need(Parameter.ALERTS, lambda rule: rule.alerts)
    doc: AlertsDoc = found.value
    used = month * PPM
    if used >= prefund_fen * doc.red:
        return Alert.RED
    return Alert.YELLOW if used >= prefund_fen * doc.yellow else Alert.NONE


def looked_into(book: RuleBook, stay: int, on: date, reading: str = "") -> bool:
    """Whether one inpatient stay outside the home province costs so much, in fen, that its cost is looked into.

    Raises MissingParameter. Source: facts N-610.
    """
    found = _lookup(book, on, reading).need(Parameter.INQUIRY, lambda rule: rule.inquiry)
    doc: InquiryDoc = found.value
    return stay > doc.stay_above


def _lookup(book: RuleBook, on: date, reading: str) -> Lookup:
    return Lookup(book, NATION, Scheme.EMPLOYEE, PREFUND, on, reading)
