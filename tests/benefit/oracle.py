"""The same bills by an arithmetic that shares nothing with the engine: Decimal yuan, rounding by the library.

Written from the words of the rules, visit by visit, without tables or cells: what the engine comes to must be this.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from yidi.policy.rules import BenefitRule, Ceiling, Deductible, Layer, Share
from yidi.values.terms import FeeCategory

CENT = Decimal("0.01")
NOTHING = Decimal(0)
Name = tuple[str, str, str]


def yuan(fen: int) -> Decimal:
    return Decimal(fen).scaleb(-2)


def ratio(ppm: int) -> Decimal:
    return Decimal(ppm).scaleb(-6)


def rounded(value: Decimal) -> Decimal:
    return value.quantize(CENT, ROUND_HALF_UP)


def period(per: str, day: date) -> str:
    names = {"year": f"{day:%Y}", "quarter": f"{day:%Y}Q{(day.month - 1) // 3 + 1}", "month": f"{day:%Y-%m}"}
    return names[per]


@dataclass
class Paid:
    """What one fund did to one visit, in yuan."""

    base: Decimal = NOTHING
    at_home: Decimal = NOTHING
    away: Decimal = NOTHING
    deductible: Decimal = NOTHING
    over_cost: Decimal = NOTHING
    eligible: Decimal = NOTHING
    gross: Decimal = NOTHING
    fund: Decimal = NOTHING

    def add(self, other: "Paid") -> None:
        for name in vars(self):
            setattr(self, name, getattr(self, name) + getattr(other, name))


@dataclass
class Oracle:
    """One person's year: pays one visit after another by a rule and counts."""

    rule: BenefitRule
    counted: dict[Name, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    stays: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def visit(self, in_scope: int, day: date, fees: dict[FeeCategory, int]) -> list[Paid]:
        """What the basic fund and each layer did to a visit."""
        funds = [Paid() for _ in (self.rule, *self.rule.layers)]
        limited = [item for item in FeeCategory if any(c.category == item for c in self.rule.ceilings)]
        parts: list[tuple[int, FeeCategory | None]] = [(fees[item], item) for item in limited]
        parts.append((in_scope - sum(amount for amount, _ in parts), None))
        due = [self._due(payer.deductible, scope, day, benefit) for payer, scope, benefit in self._payers()]
        for amount, category in parts:
            self._part(yuan(amount), category, day, funds, due)
        if self.rule.counts_stays:
            self.stays[period("year", day)] += 1
        return funds

    def _payers(self) -> list[tuple[BenefitRule | Layer, str, bool]]:
        above = [(layer, str(layer.fund), False) for layer in self.rule.layers]
        return [(self.rule, str(self.rule.benefit), True), *above]

    def _due(self, rule: Deductible, scope: str, day: date, benefit: bool) -> Decimal:
        """What is left of the deductible before a visit."""
        paid = self.counted[scope, "deductible", period("year", day)]
        if rule.per == "year":
            return max(yuan(rule.amounts[0]) - paid, NOTHING)
        amount = rule.amounts[0]
        if benefit and self.rule.counts_stays:
            before = self.stays[period("year", day)]
            amount = rule.amounts[min(before, len(rule.amounts) - 1)]
            for _ in range(before - len(rule.amounts) + 1):
                amount = max(amount - rule.less, rule.floor)
        left = yuan(amount)
        return left if rule.top is None else min(left, max(yuan(rule.top) - paid, NOTHING))

    def _part(
        self, amount: Decimal, category: FeeCategory | None, day: date, funds: list[Paid], due: list[Decimal]
    ) -> None:
        """Pay a part of a visit; `funds` holds what the parts before it came to."""
        paid = upfront = beyond = NOTHING
        for place, (payer, scope, _) in enumerate(self._payers()):
            if isinstance(payer, BenefitRule):
                base = amount
            else:
                base = {
                    "person": max(amount - paid - upfront, NOTHING),
                    "person-and-upfront": amount - paid,
                    "beyond-ceiling": min(beyond, max(amount - paid - upfront, NOTHING)),
                }[payer.base]
            ceilings = [item for item in payer.ceilings if item.category in (None, category)]
            start = self._start(payer.share, scope, day, funds[place])
            told = self._pay(
                payer, ceilings, base, day, start, due[place] - funds[place].deductible, funds[place]
            )
            if isinstance(payer, BenefitRule):
                upfront = told.at_home + told.away
                beyond = told.over_cost
                if told.fund < told.gross:
                    start += told.deductible if payer.share.with_deductible else NOTHING
                    whole = base - upfront - told.deductible - told.over_cost
                    beyond += whole - self._cost_of(payer.share, start, whole, told.fund)
            elif payer.base == "beyond-ceiling":
                beyond -= told.fund
            self._count(scope, ceilings, day, told)
            funds[place].add(told)
            paid += told.fund

    def _start(self, share: Share, scope: str, day: date, before: Paid) -> Decimal:
        """Where in the bands a part begins, before its own deductible."""
        if share.per == "year":
            year = period("year", day)
            deducted = self.counted[scope, "deductible", year] if share.with_deductible else NOTHING
            return self.counted[scope, "cost", year] + deducted
        return before.eligible + (before.deductible if share.with_deductible else NOTHING)

    def _pay(
        self,
        payer: BenefitRule | Layer,
        ceilings: list[Ceiling],
        base: Decimal,
        day: date,
        start: Decimal,
        due: Decimal,
        before: Paid,
    ) -> Paid:
        told = Paid(base=base)
        away, first = NOTHING, True
        if isinstance(payer, BenefitRule):
            told.at_home = rounded(base * ratio(payer.upfront.ppm)) if payer.upfront else NOTHING
            away = ratio(payer.adjustment.ppm) if payer.adjustment.mode == "upfront" else NOTHING
            first = payer.adjustment.upfront_first
        left = base - told.at_home
        for step in ("away", "deductible") if first else ("deductible", "away"):
            told_now = rounded(left * away) if step == "away" else min(left, due)
            setattr(told, step, told_now)
            left -= told_now
        rooms = [(item.on, self._room(item, day, before)) for item in ceilings if item.amount is not None]
        told.eligible = min([left, *(room for on, room in rooms if on == "cost")])
        told.over_cost = left - told.eligible
        at = start + (told.deductible if payer.share.with_deductible else NOTHING)
        told.gross = rounded(self._up_to(payer.share, at + told.eligible) - self._up_to(payer.share, at))
        told.fund = min([told.gross, *(room for on, room in rooms if on == "fund")])
        return told

    def _room(self, ceiling: Ceiling, day: date, before: Paid) -> Decimal:
        if ceiling.per != "visit":
            had = self.counted[ceiling.scope, ceiling.on, period(ceiling.per, day)]
        elif ceiling.category is None:
            had = before.fund if ceiling.on == "fund" else before.eligible
        else:
            had = NOTHING
        return max(yuan(ceiling.amount or 0) - had, NOTHING)

    def _up_to(self, share: Share, amount: Decimal) -> Decimal:
        """What the share comes to on everything from nothing up to an amount."""
        total = lower = NOTHING
        for band in share.bands:
            upper = amount if band.upto is None else min(amount, yuan(band.upto))
            total += max(upper - lower, NOTHING) * self._adjusted(share, band.ppm)
            lower = max(upper, lower)
        return total

    def _adjusted(self, share: Share, ppm: int) -> Decimal:
        away = self.rule.adjustment
        if share is not self.rule.share or away.mode not in ("points", "factor"):
            return ratio(ppm)
        return (
            max(ratio(ppm) - ratio(away.ppm), NOTHING)
            if away.mode == "points"
            else ratio(ppm) * ratio(away.ppm)
        )

    def _cost_of(self, share: Share, start: Decimal, whole: Decimal, fund: Decimal) -> Decimal:
        """The least cost, in whole cents, on which the share comes to what the fund paid: found by halving."""
        least, most = 0, int(whole / CENT)
        while least < most:
            middle = (least + most) // 2
            if self._up_to(share, start + middle * CENT) - self._up_to(share, start) >= fund:
                most = middle
            else:
                least = middle + 1
        return least * CENT

    def _count(self, scope: str, ceilings: list[Ceiling], day: date, told: Paid) -> None:
        year = period("year", day)
        names = {(scope, "deductible", year), (scope, "cost", year), (scope, "fund", year)}
        names |= {(c.scope, c.on, period(c.per, day)) for c in ceilings if c.per != "visit"}
        amounts = {"deductible": told.deductible, "cost": told.eligible, "fund": told.fund}
        for name in names:
            self.counted[name] += amounts[name[1]]
