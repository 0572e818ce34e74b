"""What packs may be about besides benefits and filing: cover, contributions, prefunds, the order of the catalogue."""

import re
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from yidi.policy.forms import Code, Doc, Percent, Rule, SourceDoc, Yuan
from yidi.values.periods import last_day_of_term
from yidi.values.terms import Insurance, Payer, Scheme

ANY_COMMON_YEAR = 2001
_MONTH_DAY = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])")


def _month_day(value: Any) -> str:
    if isinstance(value, str) and _MONTH_DAY.fullmatch(value):
        month, day = (int(part) for part in value.split("-"))
        if day <= last_day_of_term(date(ANY_COMMON_YEAR, month, 1), 1).day:
            return value
    raise ValueError("不是每年都有的月日，应写成 '09-15' 这样")


MonthDay = Annotated[str, BeforeValidator(_month_day, json_schema_input_type=str)]
Months = Annotated[int, Field(ge=0, le=120)]


class WaitingDoc(Doc):
    """等待期 of those who enrol late or let their cover lapse, in months from the day of paying (G-21)."""

    fixed: Months
    per_lapsed_year: Months = 0
    """For each year without cover (facts D-104)."""
    less_per_extra_year: Months = 0
    """For each year's contribution paid besides: takes off what the lapsed years added."""
    source: SourceDoc | None = None
    note: str = ""


class EnrolmentDoc(Doc):
    """集中参保期: from a day of the year before to a day of that year or of the year of cover itself."""

    opens: MonthDay
    closes: MonthDay
    source: SourceDoc | None = None
    note: str = ""


class NewbornDoc(Doc):
    """新生儿: covered from birth where enrolled in time, from the next day where enrolled somewhat later."""

    from_birth_within_days: Annotated[int, Field(gt=0)]
    next_day_within_days: Annotated[int, Field(gt=0)]
    source: SourceDoc | None = None
    note: str = ""


class InterruptionDoc(Doc):
    """An employee's gap between two jobs: how long it may be without waiting, and the longest waiting beyond."""

    free_months: Months
    waiting_at_most: Months
    source: SourceDoc | None = None
    note: str = ""


class CoverStatement(Rule):
    """What one source says about when cover starts."""

    waiting: WaitingDoc | None = None
    enrolment: EnrolmentDoc | None = None
    newborn: NewbornDoc | None = None
    interruption: InterruptionDoc | None = None


class BaseDoc(Doc):
    """缴费基数: the average wage of a year and the least and most parts of a month's of it that count (G-24)."""

    yearly_wage: Yuan
    floor: Percent
    top: Annotated[int, Field(gt=0)]
    """How many times the month's average wage."""
    rounding: Literal["half-up-to-fen", "down-to-yuan"] = "half-up-to-fen"
    source: SourceDoc | None = None
    note: str = ""


class RateDoc(Doc):
    """The rate of one insurance that one party pays."""

    insurance: Insurance
    payer: Payer
    rate: Percent
    source: SourceDoc | None = None
    note: str = ""


class ContributionStatement(Rule):
    """What one source says about contributions."""

    base: BaseDoc | None = None
    rates: tuple[RateDoc, ...] = ()
    yearly: dict[Payer, Yuan] = {}
    """Of residents: the year's amount by who pays it."""


class PrefundDoc(Doc):
    """预付金: so many times the month's average of last year's fourth quarter (G-22)."""

    times: Annotated[int, Field(gt=0)]
    source: SourceDoc | None = None
    note: str = ""


class AlertsDoc(Doc):
    """From which part of the prefund used in a month the alerts show."""

    yellow: Percent
    red: Percent
    source: SourceDoc | None = None
    note: str = ""

    @model_validator(mode="after")
    def _in_order(self) -> "AlertsDoc":
        if not self.yellow < self.red:
            raise ValueError("黄色预警须低于红色预警")
        return self


class InquiryDoc(Doc):
    """费用协查: above which cost one inpatient stay away from home is looked into."""

    stay_above: Yuan
    source: SourceDoc | None = None
    note: str = ""


class PrefundStatement(Rule):
    """What one source says about money paid ahead between regions."""

    prefund: PrefundDoc | None = None
    alerts: AlertsDoc | None = None
    inquiry: InquiryDoc | None = None


class CatalogueStatement(Rule):
    """What one source says about the order in which the catalogue's parts come off a line (G-14)."""

    upfront_on: Literal["within-limit", "whole-amount"] | None = None
    """What the upfront share of class B is taken of: what lies within the price limit, or the whole amount."""


class CoverPack(Doc):
    """One file under policies/ about when cover starts."""

    pool: Code
    scheme: Scheme
    benefit: Literal["cover"]
    rules: Annotated[tuple[CoverStatement, ...], Field(min_length=1)]
    examples: tuple[()] = ()


class ContributionPack(Doc):
    """One file under policies/ about contributions."""

    pool: Code
    scheme: Scheme
    benefit: Literal["contribution"]
    rules: Annotated[tuple[ContributionStatement, ...], Field(min_length=1)]
    examples: tuple[()] = ()


class PrefundPack(Doc):
    """One file under policies/ about money paid ahead between regions."""

    pool: Code
    scheme: Literal["all"]
    benefit: Literal["prefund"]
    rules: Annotated[tuple[PrefundStatement, ...], Field(min_length=1)]
    examples: tuple[()] = ()


class CataloguePack(Doc):
    """One file under policies/ about the order of the catalogue."""

    pool: Code
    scheme: Literal["all"]
    benefit: Literal["catalogue"]
    rules: Annotated[tuple[CatalogueStatement, ...], Field(min_length=1)]
    examples: tuple[()] = ()
