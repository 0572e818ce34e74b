"""The parameters of a benefit rule as sentences: what holds for this person before any bill is known."""

from collections.abc import Iterator
from dataclasses import replace

from yidi.benefit.explain import UNVERIFIED
from yidi.guide import texts
from yidi.guide.plan import Said
from yidi.guide.texts import speak
from yidi.policy.book import RuleBook
from yidi.policy.rules import Adjustment, BenefitRule, Ceiling, Deductible, Share
from yidi.values.money import percent_text, yuan_text
from yidi.values.terms import AdjustmentMode, Limited, Period

_COUNTED = {
    False: ("起付线以上的费用累计", "of the cost above the deductible"),
    True: ("费用累计（含起付线）", "of the cost with the deductible"),
}


def parameters(book: RuleBook, rule: BenefitRule) -> tuple[Said, ...]:
    """Deductible, share, ceilings and away-from-home adjustment, each with its source; marked where unverified."""
    found = tuple(_parameters(book, rule))
    if not rule.unverified:
        return found
    return tuple(replace(said, zh=UNVERIFIED[0] + said.zh, en=UNVERIFIED[1] + said.en) for said in found)


def _parameters(book: RuleBook, rule: BenefitRule) -> Iterator[Said]:
    yield _deductible(book, rule.deductible)
    yield speak(
        book,
        texts.SHARE,
        (rule.share.origin,),
        share=_share(rule.share)[0],
        share_en=_share(rule.share)[1],
        standing=rule.standing.zh,
        standing_en=rule.standing.en,
        level=rule.level.zh,
        level_en=rule.level.en,
    )
    for ceiling in rule.ceilings:
        yield _ceiling(book, ceiling)
    if rule.adjustment.origin is not None:
        yield _adjustment(book, rule.adjustment)


def _share(share: Share) -> tuple[str, str]:
    """The share, band by band where the amount decides."""
    if len(share.bands) == 1:
        percent = percent_text(share.ppm)
        return percent, percent
    zh, en, begins = [], [], "0"
    for band in share.bands:
        percent = percent_text(band.ppm)
        ends = None if band.upto is None else yuan_text(band.upto)
        zh.append(f"{begins} 元以上 {percent}" if ends is None else f"{begins}–{ends} 元 {percent}")
        en.append(f"{percent} above {begins} yuan" if ends is None else f"{percent} of {begins}–{ends} yuan")
        begins = ends or begins
    over, (of, of_en) = Period(share.per), _COUNTED[share.with_deductible]
    return f"{over.zh}{of}：{'，'.join(zh)}", f"{over.en}, {of_en}: {', '.join(en)}"


def _deductible(book: RuleBook, deductible: Deductible) -> Said:
    if deductible.none:
        return speak(book, texts.NO_DEDUCTIBLE, (deductible.origin,))
    per = Period(deductible.per)
    amount = yuan_text(deductible.amounts[0])
    return speak(book, texts.DEDUCTIBLE, (deductible.origin,), amount=amount, per=per.zh, per_en=per.en)


def _ceiling(book: RuleBook, ceiling: Ceiling) -> Said:
    if ceiling.amount is None:
        return speak(book, texts.NO_CEILING, (ceiling.origin,))
    per, on = Period(ceiling.per), Limited(ceiling.on)
    high = yuan_text(ceiling.amount)
    if ceiling.certain_to is None:
        gaps = {"amount": high}
        line = texts.CEILING
    else:
        gaps = {"low": yuan_text(ceiling.certain_to), "high": high}
        line = texts.CEILING_RANGE
    return speak(book, line, (ceiling.origin,), per=per.zh, per_en=per.en, on=on.zh, on_en=on.en, **gaps)


def _adjustment(book: RuleBook, adjustment: Adjustment) -> Said:
    if adjustment.mode == "none":
        return speak(book, texts.NO_REDUCTION, (adjustment.origin,))
    mode = AdjustmentMode(adjustment.mode)
    return speak(
        book,
        texts.REDUCTION,
        (adjustment.origin,),
        situation=adjustment.situation.zh,
        situation_en=adjustment.situation.en,
        mode=mode.zh,
        mode_en=mode.en,
        ratio=percent_text(adjustment.ppm),
    )
