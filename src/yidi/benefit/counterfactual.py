"""Why the funds do not pay more, and what would change it: the same bill paid again with one thing different.

No sentence here is a rule of its own: each difference is that of two decisions by the same engine.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import MAXYEAR, date
from typing import Literal, TypeVar

from yidi.benefit.adjudicate import Balances, Decision, adjudicate
from yidi.benefit.counters import Counter
from yidi.benefit.explain import marked
from yidi.benefit.sentences import Said, at_level, ceiling_name, either, of_fund
from yidi.benefit.split import Split
from yidi.policy.book import RuleBook
from yidi.policy.resolve import benefit_rule, numbers, readings
from yidi.policy.rules import Band, BenefitRule, Ceiling, Layer, Question
from yidi.values.errors import Refusal
from yidi.values.money import PPM, percent_text, yuan_text
from yidi.values.periods import benefit_year
from yidi.values.terms import (
    CLASS_OF_SITUATION,
    Benefit,
    FeeCategory,
    FilingKind,
    Fund,
    Level,
    Situation,
    Trait,
)

UsedBy = Callable[[BenefitRule, date], Mapping[Counter, int]]
"""The person's counters before the visit, as a rule asks for them."""
Kind = Literal[
    "excluded", "over_limit", "upfront", "upfront_at_home", "away", "deductible", "share", "ceiling", "ceilings",
    "situation", "level", "trait", "year", "reading",
]  # fmt: skip
Payer = TypeVar("Payer", BenefitRule, Layer)


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """The bill with one thing different: what the funds would pay then, or why nobody can say."""

    kind: Kind
    zh: str
    en: str
    difference: int | None
    """What the funds would pay more, in fen (negative = less); None where the run is refused."""
    outcome: Decision | Refusal
    changed: tuple[str, ...] = ()
    """What stands in the place of what is: situations, levels, the first day of a year, or a reading."""

    def text(self, language: str = "zh") -> str:
        """The sentence in `zh` or `en`."""
        return self.en if language == "en" else self.zh


@dataclass(frozen=True, slots=True)
class Case:
    """A bill with the question asked about it: all that paying it again in other circumstances needs."""

    book: RuleBook = field(repr=False, compare=False)
    question: Question
    split: Split
    used_by: UsedBy
    reading: str = ""
    unverified: bool = False
    balances: Balances | None = None
    fees: Mapping[FeeCategory, int] | None = None

    def rule(self) -> BenefitRule:
        """The rule that answers the question. Raises what `benefit_rule` raises."""
        return benefit_rule(self.book, self.question, self.reading, self.unverified)

    def pay(self, rule: BenefitRule) -> Decision:
        """The bill paid by a rule. Raises what `adjudicate` raises."""
        on = self.question.on
        return adjudicate(self.split, rule, self.used_by(rule, on), on, self.balances, self.fees)

    def outcome(self, rule: BenefitRule | None = None) -> Decision | Refusal:
        """The decision, by its own rule where none is given, or why there is none."""
        try:
            return self.pay(rule or self.rule())
        except Refusal as refusal:
            return refusal


def why_not_more(decision: Decision) -> tuple[Counterfactual, ...]:
    """What kept the funds from paying more: each limiting element lifted by itself, largest first.

    An element that makes no difference by itself is left out; of several ceilings that bind together, so that lifting
    one changes nothing, all are lifted. A run that is refused comes last.
    """
    found = [item for lifts in _lifts(decision) for item in _limiting(decision, lifts)]
    return tuple(sorted(found, key=lambda item: item.difference or 0, reverse=True))


def _limiting(decision: Decision, lifts: Iterable["_Lift"]) -> list[Counterfactual]:
    """Of the elements of one fund, those that make a difference."""
    found = [_lifted(decision, lift) for lift in lifts]
    told = [item for item in found if item.difference is None or item.difference > 0]
    by_itself = any(item.kind == "ceiling" for item in told)
    return [item for item in told if item.kind != "ceilings" or not by_itself]


@dataclass(frozen=True, slots=True)
class _Lift:
    """One element lifted: the bill or the rule without it, and how to say so."""

    kind: Kind
    said: Said
    split: Split
    rule: BenefitRule

    def outcome(self, decision: Decision) -> Decision | Refusal:
        try:
            return adjudicate(self.split, self.rule, decision.before, decision.on, fees=decision.fees)
        except Refusal as refusal:
            return refusal


def _lifted(decision: Decision, lift: _Lift) -> Counterfactual:
    outcome = lift.outcome(decision)
    zh, en = lift.said
    if isinstance(outcome, Refusal):
        difference = None
        told = (
            f"{zh}，结果不能计算：{outcome.message}",
            f"{en} the result cannot be computed: {outcome.english}",
        )
    else:
        difference = outcome.funds - decision.funds
        amount = yuan_text(difference)
        told = f"{zh}，基金会多支付 {amount} 元。", f"{en} the funds would pay {amount} yuan more."
    return Counterfactual(lift.kind, *marked(told, decision.rule.unverified), difference, outcome)


def _lifts(decision: Decision) -> Iterator[Iterable[_Lift]]:
    """Everything that took something off the bill, fund by fund."""
    split, rule = decision.split, decision.rule
    yield (_Lift(kind, said, whole, rule) for kind, said, whole in _in_scope_instead(split))
    yield _lifts_before_the_share(decision)
    basic = _Took(decision.deductible, decision.shared, decision.over_cost + decision.cut)
    yield (_Lift(kind, said, split, lifted) for kind, said, lifted in _without(rule, basic))
    for number in range(len(decision.layers)):
        yield _lifts_of_layer(decision, number)


def _lifts_before_the_share(decision: Decision) -> Iterator[_Lift]:
    split, rule = decision.split, decision.rule
    if rule.upfront and decision.upfront_at_home:
        percent, taken = percent_text(rule.upfront.ppm), yuan_text(decision.upfront_at_home)
        said = (
            f"按参保地规定先行自付 {percent}（{taken} 元）；假如不先行自付",
            f"By the home pool's rule {percent} is paid upfront ({taken} yuan); without that",
        )
        yield _Lift("upfront_at_home", said, split, replace(rule, upfront=None))
    away = rule.adjustment
    if away.mode != "none":
        zh, en = away.situation.zh, away.situation.en.capitalize()
        said = f"{zh}，待遇有异地调整；假如不作调整", f"{en}: the benefit is adjusted; without that"
        yield _Lift("away", said, split, replace(rule, adjustment=replace(away, mode="none", ppm=0)))


def _lifts_of_layer(decision: Decision, number: int) -> Iterator[_Lift]:
    rule, paid = decision.rule, decision.layers[number]
    took = _Took(paid.deductible, paid.shared, paid.over_cost + paid.cut)
    for kind, said, layer in _without(paid.layer, took):
        layers = (*rule.layers[:number], layer, *rule.layers[number + 1 :])
        named = of_fund(paid.layer.fund, said)
        yield _Lift(kind, named, decision.split, replace(rule, layers=layers))


def _in_scope_instead(split: Split) -> Iterator[tuple[Kind, Said, Split]]:
    """The bill with one part that the care region's catalogue takes off counted in scope."""
    excluded, over_limit, upfront = (
        yuan_text(fen) for fen in (split.excluded, split.over_limit, split.upfront)
    )
    whole = replace(split, lines=())
    if split.excluded:
        said = (
            f"全自费 {excluded} 元；假如都在政策范围内",
            f"{excluded} yuan are excluded; were they in scope",
        )
        yield "excluded", said, replace(whole, excluded=0, in_scope=split.in_scope + split.excluded)
    if split.over_limit:
        said = (
            f"超过就医地限价 {over_limit} 元；假如没有限价",
            f"{over_limit} yuan lie above the care region's price limit; without that limit",
        )
        yield "over_limit", said, replace(whole, over_limit=0, in_scope=split.in_scope + split.over_limit)
    if split.upfront:
        said = (
            f"乙类等项目先行自付 {upfront} 元；假如不先行自付",
            f"{upfront} yuan are paid upfront on class B items; without that",
        )
        yield "upfront", said, replace(whole, upfront=0, in_scope=split.in_scope + split.upfront)


@dataclass(frozen=True, slots=True)
class _Took:
    """What the elements of a fund's rule took off, in fen."""

    deductible: int
    shared: int
    above: int
    """Above its ceilings, on cost and on the fund."""


def _without(payer: Payer, took: _Took) -> Iterator[tuple[Kind, Said, Payer]]:
    """A fund's rule without its deductible, at a share of 100 %, without a ceiling: where they took anything."""
    if took.deductible:
        amount = yuan_text(took.deductible)
        said = (
            f"起付线由个人负担 {amount} 元；假如没有起付线",
            f"The deductible takes {amount} yuan; without it",
        )
        free = replace(payer.deductible, amounts=(0,), less=0, floor=0, top=None)
        yield "deductible", said, replace(payer, deductible=free)
    if took.shared:
        amount = yuan_text(took.shared)
        said = f"个人按比例负担 {amount} 元；假如报销 100%", f"The person's share is {amount} yuan; at 100%"
        full = replace(payer.share, bands=(Band(None, PPM),), per="visit", with_deductible=False)
        yield "share", said, replace(payer, share=full)
    if took.above:
        yield from _without_ceilings(payer, took.above)


def _without_ceilings(payer: Payer, above: int) -> Iterator[tuple[Kind, Said, Payer]]:
    amount = yuan_text(above)
    limiting = [place for place, item in enumerate(payer.ceilings) if item.amount is not None]
    for place in limiting:
        zh, en = ceiling_name(payer.ceilings[place])
        said = f"{zh}；假如没有这条封顶线", f"{en}; without it"
        yield "ceiling", said, replace(payer, ceilings=_open(payer.ceilings, [place]))
    if len(limiting) > 1:
        said = (
            f"{len(limiting)} 条封顶线之上共 {amount} 元；假如都没有",
            f"{amount} yuan lie above {len(limiting)} ceilings; without any of them",
        )
        yield "ceilings", said, replace(payer, ceilings=_open(payer.ceilings, limiting))


def _open(ceilings: tuple[Ceiling, ...], places: Iterable[int]) -> tuple[Ceiling, ...]:
    """The ceilings with some of them lifted."""
    lifted = set(places)
    return tuple(
        replace(item, amount=None, certain_to=None) if place in lifted else item
        for place, item in enumerate(ceilings)
    )


def changes(case: Case, decision: Decision) -> tuple[Counterfactual, ...]:
    """What would change the result, by running the bill again: filed otherwise, elsewhere, next year, other readings.

    So does what is not known of the person, if it were known to be so.

    Alternatives with one outcome stand together; those that change nothing are left out. Within each kind the largest
    gain comes first, and what is refused last.
    """
    kinds = (_situations, _levels, _traits, _next_year, _readings)
    return tuple(
        change
        for kind in kinds
        for change in sorted(kind(case, decision), key=lambda item: _rank(item.difference), reverse=True)
    )


def _rank(difference: int | None) -> tuple[bool, int]:
    return difference is not None, difference or 0


def other_readings(case: Case, rule: BenefitRule) -> dict[str, Decision | Refusal]:
    """What each reading kept beside the adopted ones gives, by its name, where it says anything else than `rule`."""
    asked, found = case.question, dict[str, Decision | Refusal]()
    for reading in sorted(readings(case.book, asked.home, asked.scheme)):
        other = replace(case, reading=reading)
        try:
            rule_of_other = other.rule()
        except Refusal as refusal:
            found[reading] = refusal
            continue
        if numbers(rule_of_other) != numbers(rule):
            found[reading] = other.outcome(rule_of_other)
    return found


def _situations(case: Case, decision: Decision) -> Iterator[Counterfactual]:
    asked = case.question
    if asked.situation != Situation.UNFILED and asked.situation not in CLASS_OF_SITUATION:
        return  # at home, exempt or on the way back: no filing would matter
    others = [item for item in (Situation.UNFILED, *CLASS_OF_SITUATION) if item != asked.situation]
    outcomes: dict[Situation, Decision | Refusal] = {
        item: replace(case, question=replace(asked, situation=item)).outcome()
        for item in others
        if item != Situation.EMERGENCY
    }
    for same in _alike(outcomes):
        zh, en = "、".join(item.zh for item in same), either(item.en for item in same)
        said = f"如果改为{zh}", f"If it were {en}"
        if asked.situation == Situation.UNFILED:
            kinds = [FilingKind(item) for item in same]
            zh, en = "、".join(kind.zh for kind in kinds), either(kind.en for kind in kinds)
            said = f"如果在结算前办好备案（{zh}）", f"If filed before settling ({en})"
        yield from _changed("situation", said, outcomes[same[0]], decision, same)


def _levels(case: Case, decision: Decision) -> Iterator[Counterfactual]:
    asked = case.question
    unfit = {asked.level}
    if asked.benefit == Benefit.INPATIENT:
        unfit |= {Level.VILLAGE, Level.PHARMACY}
    outcomes: dict[Level, Decision | Refusal] = {
        item: replace(case, question=replace(asked, level=item)).outcome()
        for item in Level
        if item not in unfit
    }
    for same in _alike(outcomes):
        places = [at_level(item) for item in same]
        said = (
            f"如果在{'、'.join(zh for zh, _ in places)}就医",
            f"At a {either(en for _, en in places)}",
        )
        yield from _changed("level", said, outcomes[same[0]], decision, same)


def if_known(case: Case, rule: BenefitRule) -> Iterator[tuple[Trait, Decision | Refusal]]:
    """What the bill would come to if a trait that the rule turns on and nobody knows were known to hold, one by one."""
    asked = case.question
    for trait in sorted(rule.unknown_traits):
        known = replace(asked, traits=asked.traits | {trait}, unknown_traits=asked.unknown_traits - {trait})
        yield trait, replace(case, question=known).outcome()


def _traits(case: Case, decision: Decision) -> Iterator[Counterfactual]:
    for trait, outcome in if_known(case, decision.rule):
        said = f"如果属于“{trait.zh}”（现在不详）", f"If it were known that the person is or has: {trait.en}"
        yield from _changed("trait", said, outcome, decision, (trait,))


def _next_year(case: Case, decision: Decision) -> Iterator[Counterfactual]:
    if benefit_year(case.question.on) >= MAXYEAR:
        return
    on = date(benefit_year(case.question.on) + 1, 1, 1)
    then = replace(case, question=replace(case.question, on=on), used_by=_nothing_used)
    said = (
        f"如果在下一年度（{on} 起）就医，累计重新计算",
        f"In the next benefit year (from {on}), with every counter anew",
    )
    yield from _changed("year", said, then.outcome(), decision, (str(on),))


def _nothing_used(rule: BenefitRule, on: date) -> Mapping[Counter, int]:
    return {}


def _readings(case: Case, decision: Decision) -> Iterator[Counterfactual]:
    """The other readings of a contested rule, and any that has a fund more, however little contested the rest is."""
    if case.reading:
        return
    for name, outcome in other_readings(case, decision.rule).items():
        more = _funds_more(outcome, decision)
        if not (decision.rule.contests or more):
            continue
        said = f"如果按口径“{name}”", f"By the reading “{name}”"
        if more:
            zh, en = "、".join(fund.zh for fund in more), ", ".join(fund.en for fund in more)
            said = f"{said[0]}（另有{zh}）", f"{said[1]} (with {en})"
        yield from _changed("reading", said, outcome, decision, (name,))


def _funds_more(outcome: Decision | Refusal, decision: Decision) -> list[Fund]:
    """The funds above the basic one that an outcome has and the decision has not."""
    if isinstance(outcome, Refusal):
        return []
    there = {layer.fund for layer in decision.rule.layers}
    return [layer.fund for layer in outcome.rule.layers if layer.fund not in there]


Alternative = TypeVar("Alternative", Situation, Level)


def _alike(outcomes: Mapping[Alternative, Decision | Refusal]) -> Iterable[list[Alternative]]:
    """The alternatives that come to the same, together, in their own order."""
    groups: dict[int | str, list[Alternative]] = {}
    for name, outcome in outcomes.items():
        key: int | str = outcome.message if isinstance(outcome, Refusal) else outcome.funds
        groups.setdefault(key, []).append(name)
    return groups.values()


def _changed(
    kind: Kind, said: Said, outcome: Decision | Refusal, decision: Decision, changed: Iterable[str]
) -> Iterator[Counterfactual]:
    """One change in words; nothing where the funds would pay the same."""
    names = tuple(str(name) for name in changed)
    zh, en = said
    if isinstance(outcome, Refusal):
        told = f"{zh}：不能计算。{outcome.message}", f"{en}: it cannot be computed. {outcome.english}"
        yield Counterfactual(kind, *marked(told, decision.rule.unverified), None, outcome, names)
        return
    difference = outcome.funds - decision.funds
    if difference:
        funds, by = yuan_text(outcome.funds), yuan_text(abs(difference))
        more_zh, more_en = ("多", "more") if difference > 0 else ("少", "less")
        told = (
            f"{zh}：基金支付 {funds} 元，{more_zh} {by} 元。",
            f"{en}: the funds pay {funds} yuan, {by} {more_en}.",
        )
        unverified = decision.rule.unverified or outcome.rule.unverified
        yield Counterfactual(kind, *marked(told, unverified), difference, outcome, names)
