"""The running totals of a person on which a decision depends and which it moves."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from yidi.policy.rules import BenefitRule, Ceiling, Deductible, Layer, Share
from yidi.values.periods import Per, period_key


class Counter(NamedTuple):
    """The name of one running total of a person: what is counted, of which benefit, in which period."""

    scope: str
    """A benefit or fund, or one disease of it: `chronic-disease:M03900`."""
    measure: str
    """`deductible`, `fund` or `cost` in fen; `stays`, how many there were."""
    period: str


def counter(scope: str, measure: str, per: Per, on: date) -> Counter:
    """The counter of the period in which a day falls."""
    return Counter(scope, measure, period_key(per, on))


def counters_of_year(
    rule: BenefitRule, on: date, deductible: int = 0, fund: int = 0, cost: int = 0, stays: int = 0
) -> dict[Counter, int]:
    """The counters of a person of whom only the year's totals of this benefit are known: in fen, and stays.

    The payments are taken to count towards every ceiling that the rule has.
    """
    benefit = str(rule.benefit)
    known = {"deductible": deductible, "fund": fund, "cost": cost, "stays": stays}
    found = {counter(benefit, measure, "year", on): amount for measure, amount in known.items()}
    limits = {limited(ceiling, on): known[ceiling.on] for ceiling in rule.ceilings}
    return {name: amount for name, amount in (found | limits).items() if name.period}


def counters_read(rule: BenefitRule, on: date) -> frozenset[Counter]:
    """The counters that a decision by this rule on this day depends on."""
    read = set(_read(rule, str(rule.benefit), on))
    for layer in rule.layers:
        read.update(_read(layer, str(layer.fund), on))
    if len(rule.deductible.amounts) > 1:
        read.add(counter(str(rule.benefit), "stays", "year", on))
    return frozenset(read)


def _read(of: BenefitRule | Layer, scope: str, on: date) -> Iterator[Counter]:
    yield from (limited(ceiling, on) for ceiling in of.ceilings if ceiling.per != "visit")
    if _remembers(of.deductible, of.share):
        yield counter(scope, "deductible", "year", on)
    if of.share.per == "year" and len(of.share.bands) > 1:
        yield counter(scope, "cost", "year", on)


def _remembers(deductible: Deductible, share: Share) -> bool:
    """Whether what was deducted before matters: to a deductible of the year, or to bands that count it."""
    of_year = deductible.per == "year" or deductible.top is not None
    return of_year or (share.per == "year" and share.with_deductible and len(share.bands) > 1)


def limited(ceiling: Ceiling, on: date) -> Counter:
    """The counter that a ceiling limits."""
    return counter(ceiling.scope, ceiling.on, ceiling.per, on)
