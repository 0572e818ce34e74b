"""What a person has used this year: the deductibles and ceilings of their pool's rules beside the ledger's counters."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from yidi.benefit.counters import Counter, counter, limited
from yidi.benefit.explain import marked
from yidi.ledger.services import used_counters
from yidi.people.models import Coverage
from yidi.people.queries import traits_of
from yidi.policy.book import book
from yidi.policy.resolve import benefit_rule
from yidi.policy.rules import ADOPTABLE, BenefitRule, Ceiling, Deductible, Layer, Origin, Question
from yidi.qualification.queries import diseases_held
from yidi.reference import diseases, regions
from yidi.values.errors import Refusal
from yidi.values.identity import age_on
from yidi.values.money import yuan_text
from yidi.values.terms import Benefit, Fund, Level, Period, Scheme, Situation, Standing

LEVELS = (Level.PRIMARY, Level.SECONDARY, Level.TERTIARY)
"""The levels of provider for which rules are looked up; where they differ, each is shown."""


@dataclass(frozen=True, slots=True)
class Meter:
    """One running total beside what limits it; amounts in fen."""

    what: Literal["deductible", "ceiling"]
    counter: Counter
    used: int
    limit: int
    certain_to: int | None
    """Set where the source gives a range only: what is left is counted up to its lower end."""
    fund: Fund
    on: str
    """What a ceiling limits: `fund` or `cost`."""
    period: Period
    origin: Origin
    care: tuple[str, ...]
    """What it is about: names of diseases; empty = general outpatient care."""
    levels: tuple[Level, ...]
    """For which levels of provider it holds; empty = for all."""
    contests: tuple[str, ...]
    """Ids of the conflicts between sources behind it."""

    @property
    def unverified(self) -> bool:
        """Whether it comes from a source that may not be adopted."""
        return self.origin.grade not in ADOPTABLE

    @property
    def left(self) -> int:
        """What is left of it, in fen; never below 0."""
        return max((self.limit if self.certain_to is None else self.certain_to) - self.used, 0)

    def about(self, language: str = "zh") -> str:
        """What kind of care, and where: the meter's heading."""
        english = language == "en"
        names = [*self.care] or [Benefit.GENERAL_OUTPATIENT.label(language)]
        parts = [(", " if english else "、").join(names)]
        parts += [self.fund.label(language)] if self.fund is not Fund.BASIC else []
        parts += [(", " if english else "、").join(level.label(language) for level in self.levels)]
        return (" · ").join(part for part in parts if part)

    def text(self, language: str = "zh") -> str:
        """The meter as one sentence, in `zh` or `en`."""
        said = marked(self._deductible() if self.what == "deductible" else self._ceiling(), self.unverified)
        return said[1] if language == "en" else said[0]

    def _deductible(self) -> tuple[str, str]:
        limit, used, left = (yuan_text(fen) for fen in (self.limit, self.used, self.left))
        zh, en = _NOW[self.period]
        if not self.left:
            return (
                f"{zh}的起付线 {limit} 元已经付满，以后的费用按比例报销。",
                f"The deductible of {limit} yuan for {en} is paid: from now on the share is reimbursed.",
            )
        return (
            f"{zh}的起付线是 {limit} 元，已付 {used} 元，再付 {left} 元就开始按比例报销。",
            f"The deductible for {en} is {limit} yuan: {used} yuan are paid, {left} yuan to go before reimbursement begins.",
        )

    def _ceiling(self) -> tuple[str, str]:
        limit, used, left = (yuan_text(fen) for fen in (self.limit, self.used, self.left))
        now, now_en = _NOW[self.period]
        least, least_en = ("", "")
        if self.certain_to is not None:
            limit, least, least_en = f"{yuan_text(self.certain_to)}–{limit}", "至少", "at least "
        zh, en = (text.format(limit=limit) for text in _LIMITS[self.on])
        rest, rest_en = (f"{least}还剩 {left} 元", f"{least_en}{left} yuan are left")
        if not self.left:
            rest, rest_en = "已经用完", "nothing is left"
        return (
            f"{now}{zh}，已用 {used} 元，{rest}。",
            f"For {now_en} {en}: {used} yuan are used, {rest_en}.",
        )


_NOW = {
    Period.YEAR: ("今年", "this year"),
    Period.QUARTER: ("本季度", "this quarter"),
    Period.MONTH: ("本月", "this month"),
}
_LIMITS = {
    "fund": ("基金最多支付 {limit} 元", "the fund pays {limit} yuan at most"),
    "cost": ("最多有 {limit} 元费用可以报销", "{limit} yuan of cost count at most"),
}


@dataclass(frozen=True, slots=True)
class Year:
    """The meters of one coverage on a day; `refusals` where the rules do not reach."""

    coverage: Coverage
    on: date
    meters: tuple[Meter, ...]
    refusals: tuple[Refusal, ...]

    @property
    def scheme(self) -> Scheme:
        """The coverage's scheme."""
        return Scheme(self.coverage.scheme)

    @property
    def standing(self) -> Standing:
        """The person's standing in it."""
        return Standing(self.coverage.standing)


def year_of(coverage: Coverage, on: date) -> Year:
    """What a person has used of general outpatient care and of each disease that they are approved for on that day.

    Estimates may use unadopted rules; each such meter says so. Nothing is written.
    """
    used = used_counters(coverage)
    held = diseases_held(coverage, on)
    found: dict[tuple[str, Counter, int, Fund], Meter] = {}
    refusals: dict[str, Refusal] = {}
    for disease in ("", *held):
        for level in LEVELS:
            try:
                rule = benefit_rule(book(), _question(coverage, disease, held, level, on), unverified=True)
            except Refusal as refusal:
                refusals.setdefault(refusal.message, refusal)
                continue
            for meter in _meters(rule, used, on):
                key = (meter.what, meter.counter, meter.limit, meter.fund)
                found[key] = _joined(found.get(key), replace(meter, care=_care(disease), levels=(level,)))
    meters = tuple(_of_all_levels(meter) for meter in found.values())
    return Year(coverage, on, meters, tuple(refusals.values()))


def _care(disease: str) -> tuple[str, ...]:
    return (diseases.disease(disease).name,) if disease else ()


def _question(coverage: Coverage, disease: str, held: tuple[str, ...], level: Level, on: date) -> Question:
    known, perhaps = traits_of(coverage)
    return Question(
        home=regions.pool_of(coverage.pool),
        scheme=Scheme(coverage.scheme),
        standing=Standing(coverage.standing),
        benefit=Benefit.CHRONIC_DISEASE if disease else Benefit.GENERAL_OUTPATIENT,
        level=level,
        situation=Situation.LOCAL,
        on=on,
        disease=disease,
        age=age_on(coverage.person.born, on),
        diseases=held if disease else (),
        traits=known,
        unknown_traits=perhaps,
    )


def _meters(rule: BenefitRule, used: Mapping[Counter, int], on: date) -> Iterator[Meter]:
    yield from _meters_of(rule, str(rule.benefit), Fund.BASIC, rule.contests, used, on)
    for layer in rule.layers:
        yield from _meters_of(layer, str(layer.fund), layer.fund, rule.contests, used, on)


def _meters_of(
    payer: BenefitRule | Layer,
    scope: str,
    fund: Fund,
    contests: tuple[str, ...],
    used: Mapping[Counter, int],
    on: date,
) -> Iterator[Meter]:
    limit = _of_year(payer.deductible)
    if limit:
        name = counter(scope, "deductible", "year", on)
        yield _meter("deductible", name, limit, payer.deductible, fund, contests, used)
    for ceiling in payer.ceilings:
        if ceiling.amount is not None and ceiling.per != "visit":
            yield _meter("ceiling", limited(ceiling, on), ceiling.amount, ceiling, fund, contests, used)


def _of_year(deductible: Deductible) -> int | None:
    """The most that the year's visits pay as deductible, in fen; None where each visit pays its own."""
    return deductible.amounts[0] if deductible.per == "year" else deductible.top


def _meter(
    what: Literal["deductible", "ceiling"],
    name: Counter,
    limit: int,
    part: Deductible | Ceiling,
    fund: Fund,
    contests: tuple[str, ...],
    used: Mapping[Counter, int],
) -> Meter:
    ceiling = part if isinstance(part, Ceiling) else None
    return Meter(
        what=what,
        counter=name,
        used=used.get(name, 0),
        limit=limit,
        certain_to=ceiling.certain_to if ceiling else None,
        fund=fund,
        on=ceiling.on if ceiling else "",
        period=Period(ceiling.per if ceiling else "year"),
        origin=part.origin,
        care=(),
        levels=(),
        contests=contests,
    )


def _joined(before: Meter | None, meter: Meter) -> Meter:
    """One meter for what several diseases and levels share."""
    if before is None:
        return meter
    return replace(
        before,
        care=tuple(dict.fromkeys((*before.care, *meter.care))),
        levels=tuple(dict.fromkeys((*before.levels, *meter.levels))),
        contests=tuple(dict.fromkeys((*before.contests, *meter.contests))),
    )


def _of_all_levels(meter: Meter) -> Meter:
    return replace(meter, levels=() if len(meter.levels) == len(LEVELS) else meter.levels)
