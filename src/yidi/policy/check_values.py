"""Values that have their shape and cannot be meant: outside what people, calendars and rules can be."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

from yidi.policy.check_reach import standings_of
from yidi.policy.forms import AmountTable, CeilingDoc, DeductibleDoc, IncentiveDoc
from yidi.policy.loaded import Fault, parts
from yidi.policy.matters import (
    AlertsDoc,
    BaseDoc,
    ContributionStatement,
    EnrolmentDoc,
    InquiryDoc,
    NewbornDoc,
    PrefundDoc,
    WaitingDoc,
)
from yidi.policy.pack import AnyPack, ExampleDoc, FilingStatement, KindDoc, QualificationDoc
from yidi.policy.yaml_lines import Place
from yidi.values.money import FEN, PPM, percent_text, yuan_text
from yidi.values.terms import Insurance, Level, Payer, Scheme


@dataclass(frozen=True, slots=True)
class Range:
    """The values that a key of a form may sensibly have, both ends included."""

    form: type[Any]
    key: str
    least: int
    most: int | None
    unit: str
    scale: int = 1
    """How many of the value make one of the unit."""

    def said(self) -> str:
        """The range in words."""
        least, rest = divmod(self.least, self.scale)
        above = f"大于 0 {self.unit}" if rest else f"不小于 {least} {self.unit}"
        return above if self.most is None else f"{above}、不大于 {self.most // self.scale} {self.unit}"


POSITIVE = 1
RANGES = (
    Range(KindDoc, "valid", 1, 120, "个月"),
    Range(KindDoc, "change_after_months", 0, 120, "个月"),
    Range(QualificationDoc, "valid", 1, 50, "年"),
    Range(QualificationDoc, "decide_within_days", 1, 366, "个工作日"),
    Range(QualificationDoc, "reviewers", 1, 9, "人"),
    Range(FilingStatement, "decide_within_days", 1, 366, "个工作日"),
    Range(FilingStatement, "claim_decide_within_days", 1, 366, "个工作日"),
    Range(IncentiveDoc, "yuan", POSITIVE, None, "元", FEN),
    Range(IncentiveDoc, "after_years", 0, 60, "年"),
    Range(NewbornDoc, "from_birth_within_days", 1, 731, "天"),
    Range(NewbornDoc, "next_day_within_days", 1, 731, "天"),
    Range(BaseDoc, "yearly_wage", POSITIVE, None, "元", FEN),
    Range(BaseDoc, "floor", POSITIVE, PPM, "%", PPM // 100),
    Range(BaseDoc, "top", 1, 10, "倍"),
    Range(PrefundDoc, "times", 1, 12, "倍"),
    Range(AlertsDoc, "yellow", POSITIVE, PPM, "%", PPM // 100),
    Range(InquiryDoc, "stay_above", POSITIVE, None, "元", FEN),
)
"""What a number can be. The forms themselves refuse what is no number of the kind; this refuses what is no sense."""


def ranges(_: AnyPack, item: Any) -> Iterator[Fault]:
    """Every number lies where a number of its kind can lie."""
    for place, part in parts(item):
        for allowed in RANGES:
            value = getattr(part, allowed.key) if isinstance(part, allowed.form) else None
            if not isinstance(value, int):
                continue
            if value < allowed.least or (allowed.most is not None and value > allowed.most):
                yield (
                    (*place, allowed.key),
                    f"{allowed.key} 的值不可能：应为{allowed.said()}",
                    "核对来源与写法",
                )


def deductibles(pack: AnyPack, rule: Any) -> Iterator[Fault]:
    """A deductible's floor and yearly top agree with the deductible itself."""
    for place, part in parts(rule):
        if not isinstance(part, DeductibleDoc):
            continue
        if part.repeat is not None and part.repeat.floor is not None:
            yield from _floor(pack, place, part, part.repeat.floor)
        if part.repeat is not None and part.repeat.less == 0:
            yield (*place, "repeat", "less"), "less 为 0：再次住院并不递减", "删去 repeat，或写明每次减多少"
        least = min((leaf.fen or 0 for leaf in part.leaves()), default=0)
        if part.top is not None and part.top < least:
            yield (
                (*place, "top"),
                f"全年合计最多 {yuan_text(part.top)} 元，低于单次起付线 {yuan_text(least)} 元",
                "核对两个金额：全年合计不会低于一次的",
            )


def _floor(pack: AnyPack, place: Place, doc: DeductibleDoc, floor: AmountTable) -> Iterator[Fault]:
    """Whoever has a first amount has a floor, and not above it."""
    where: Place = (*place, "repeat", "floor")
    for standing, level in product(standings_of(pack), Level):
        first, lowest = doc.pick(standing, level), floor.pick(standing, level)
        if first is None:
            continue
        if lowest is None:
            yield where, f"再次住院的最低额缺少{standing.zh}、{level.zh}的金额", "补上，或写成一个 yuan"
            return
        if (lowest.fen or 0) > (first.fen or 0):
            high, low = yuan_text(lowest.fen or 0), yuan_text(first.fen or 0)
            what = f"再次住院的最低额 {high} 元高于首次起付线 {low} 元"
            yield where, what, "核对两个金额：递减的最低额不会高于首次"
            return


def cover(_: AnyPack, rule: Any) -> Iterator[Fault]:
    """What is said about the start of cover says something."""
    for place, part in parts(rule):
        if isinstance(part, WaitingDoc) and part.less_per_extra_year and not part.per_lapsed_year:
            yield (
                (*place, "less_per_extra_year"),
                "每多缴一年减几个月，而断保并不加等待期（per_lapsed_year），无从减起",
                "补上 per_lapsed_year，或删去 less_per_extra_year",
            )
        if isinstance(part, EnrolmentDoc) and part.opens == part.closes:
            yield place, "集中参保期的起止是同一天", "核对 opens 与 closes"


RESIDENT_PAYERS = (Payer.PERSON, Payer.STATE)


def contributions(pack: AnyPack, rule: Any) -> Iterator[Fault]:
    """Bases and rates are of employees, and the rates of one insurance together below the whole base."""
    if not isinstance(rule, ContributionStatement):
        return
    resident = pack.scheme == Scheme.RESIDENT
    for key in ("base", "rates") if resident else ():
        if getattr(rule, key):
            yield (key,), f"居民医保的缴费不写 {key}", "移到职工的缴费规则包，或核对 scheme"
    for payer in rule.yearly:
        if resident and payer not in RESIDENT_PAYERS:
            yield ("yearly", str(payer)), f"居民缴费没有“{payer.zh}”", f"改成 {'、'.join(RESIDENT_PAYERS)}"
    for insurance in Insurance:
        paid = [
            rate.rate for rate in rule.rates if rate.insurance is insurance and rate.payer != Payer.FLEXIBLE
        ]
        if sum(paid) >= PPM:
            yield (
                ("rates",),
                f"{insurance.zh}的费率合计 {percent_text(sum(paid))}，不低于全部基数",
                "核对费率",
            )


def incentives(_: AnyPack, rule: Any) -> Iterator[Fault]:
    """An incentive that may add something adds to a ceiling that there is."""
    for place, part in parts(rule):
        if isinstance(part, CeilingDoc) and part.incentive is not None and not part.incentive.at_most:
            yield (
                (*place, "incentive", "at_most"),
                "at_most 为 0%：激励什么也加不上",
                "核对来源，或删去 incentive",
            )


def example(item: ExampleDoc) -> Iterator[Fault]:
    """A worked bill proves something: it expects an amount, and counts whole stays."""
    if not item.expect:
        yield ("expect",), "算例没有写应得的金额（expect），什么也不证明", "至少写一项，例如 fund"
    if item.used.get("stays", 0) % FEN:
        yield ("used", "stays"), "住院次数不是整数", "写成 0、1、2……"
