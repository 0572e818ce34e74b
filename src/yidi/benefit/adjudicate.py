"""The second question of a bill: who pays the part in scope. The home region's benefit rule answers it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from yidi.benefit.errors import CeilingNotKnown
from yidi.benefit.kernel import NO_LIMIT, pay
from yidi.benefit.split import Split
from yidi.policy.rules import BenefitRule, Ceiling
from yidi.values.money import PPM, yuan_text
from yidi.values.periods import period_key


class Counter(NamedTuple):
    """The name of one running total of a person: what is counted, of which benefit, in which period."""

    scope: str
    """A benefit, or `chronic-disease:M03900`."""
    measure: str
    """`deductible`, `fund` or `cost`."""
    period: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What a bill comes to, in fen. `moves` is what it adds to the person's counters.

    total = excluded + over_limit + upfront + in_scope
    in_scope = away_upfront + deductible + over_cost + shared + cut + fund
    total = fund + account + cash
    """

    split: Split
    rule: BenefitRule
    on: date
    deductible_before: int
    away_upfront: int
    deductible: int
    over_cost: int
    shared: int
    """The person's part by the share."""
    cut: int
    """What a ceiling on the fund cuts off the fund's part."""
    fund: int
    account: int
    cash: int
    share_ppm: int
    """The share after an away-from-home adjustment by points or factor, for display."""
    rooms: tuple[int | None, ...]
    """What was left under each ceiling before the visit; None = no ceiling."""
    moves: Mapping[Counter, int]

    @property
    def eligible(self) -> int:
        """What the share applies to: in scope, after upfront payment, deductible and ceilings on cost."""
        return self.split.in_scope - self.away_upfront - self.deductible - self.over_cost

    @property
    def person(self) -> int:
        """All that the person pays, from account or purse."""
        return self.account + self.cash


def adjudicate(
    split: Split, rule: BenefitRule, used: Mapping[Counter, int], on: date, account_balance: int = 0
) -> Decision:
    """Pay one visit by one rule.

    `used` holds the person's counters before the visit (missing = 0), `on` is the day of service, `account_balance`
    what the personal account may pay of the person's part in scope, in fen. Raises CeilingNotKnown.
    """
    deductible_before = used.get(_deductible_counter(rule, on), 0) if rule.deductible.per != "visit" else 0
    rooms = tuple(_room(ceiling, used, on) for ceiling in rule.ceilings)
    adjustment = rule.adjustment
    points = adjustment.ppm if adjustment.mode == "points" else 0
    factor = adjustment.ppm if adjustment.mode == "factor" else PPM
    share = max(rule.share.ppm - points, 0)
    away_upfront, deductible, over_cost, gross, fund = pay(
        in_scope=split.in_scope,
        upfront_ppm=adjustment.ppm if adjustment.mode == "upfront" else 0,
        upfront_first=adjustment.upfront_first,
        deductible_left=max(rule.deductible.amount - deductible_before, 0),
        cost_room=_least(rule, rooms, "cost"),
        share_ppm=share,
        factor_ppm=factor,
        fund_room=_least(rule, rooms, "fund"),
    )
    eligible = split.in_scope - away_upfront - deductible - over_cost
    account = min(account_balance, split.in_scope - fund)
    decision = Decision(
        split=split,
        rule=rule,
        on=on,
        deductible_before=deductible_before,
        away_upfront=away_upfront,
        deductible=deductible,
        over_cost=over_cost,
        shared=eligible - gross,
        cut=gross - fund,
        fund=fund,
        account=account,
        cash=split.total - fund - account,
        share_ppm=share * factor // PPM,
        rooms=rooms,
        moves=_moves(rule, on, deductible, fund, eligible),
    )
    _refuse_beyond_certainty(decision, used)
    return decision


def counters_of_year(rule: BenefitRule, on: date, deductible: int, fund: int) -> dict[Counter, int]:
    """The counters of a person of whom only the year's deductible and fund payments of this benefit are known, in fen.

    The payments are taken to count towards every ceiling on the fund that the rule has.
    """
    counters = {_deductible_counter(rule, on): deductible}
    return counters | {
        _limited_counter(ceiling, on): fund for ceiling in rule.ceilings if ceiling.on == "fund"
    }


def counters_read(rule: BenefitRule, on: date) -> frozenset[Counter]:
    """The counters that a decision by this rule on this day depends on."""
    read = {_limited_counter(ceiling, on) for ceiling in rule.ceilings if ceiling.per != "visit"}
    if rule.deductible.per != "visit":
        read.add(_deductible_counter(rule, on))
    return frozenset(read)


def _deductible_counter(rule: BenefitRule, on: date) -> Counter:
    return Counter(str(rule.benefit), "deductible", period_key(rule.deductible.per, on))


def _limited_counter(ceiling: Ceiling, on: date) -> Counter:
    return Counter(ceiling.scope, ceiling.on, period_key(ceiling.per, on))


def _room(ceiling: Ceiling, used: Mapping[Counter, int], on: date) -> int | None:
    if ceiling.amount is None:
        return None
    before = used.get(_limited_counter(ceiling, on), 0) if ceiling.per != "visit" else 0
    return max(ceiling.amount - before, 0)


def _least(rule: BenefitRule, rooms: tuple[int | None, ...], on: str) -> int:
    limits = [
        room
        for ceiling, room in zip(rule.ceilings, rooms, strict=True)
        if room is not None and ceiling.on == on
    ]
    return min(limits, default=NO_LIMIT)


def _moves(rule: BenefitRule, on: date, deductible: int, fund: int, cost: int) -> dict[Counter, int]:
    """What the visit adds to every counter that a rule may ask for later; nothing for periods of one visit."""
    amounts = {"deductible": deductible, "fund": fund, "cost": cost}
    counters = {Counter(str(rule.benefit), measure, period_key("year", on)) for measure in amounts}
    counters |= {_limited_counter(ceiling, on) for ceiling in rule.ceilings if ceiling.per != "visit"}
    return {counter: amounts[counter.measure] for counter in sorted(counters)}


def _refuse_beyond_certainty(decision: Decision, used: Mapping[Counter, int]) -> None:
    for ceiling in decision.rule.ceilings:
        if ceiling.certain_to is None or ceiling.amount is None:
            continue
        before = used.get(_limited_counter(ceiling, decision.on), 0) if ceiling.per != "visit" else 0
        reached = before + (decision.fund if ceiling.on == "fund" else decision.eligible)
        if reached > ceiling.certain_to:
            raise CeilingNotKnown(
                scope=decision.rule.benefit,
                reached=yuan_text(reached),
                certain=yuan_text(ceiling.certain_to),
                upper=yuan_text(ceiling.amount),
            )
