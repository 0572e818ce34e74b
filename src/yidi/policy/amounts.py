"""From the forms of a pack to the values of a rule: the row for a standing and level, and what holds for this person.

The order is fixed: the table or its repeat form first, then each entry of `where` that applies, from top to bottom.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, TypeVar

from yidi.policy.errors import MissingFact
from yidi.policy.forms import (
    AmountTable,
    CeilingDoc,
    CeilingWhere,
    DeductibleDoc,
    DeductibleWhere,
    RatioTable,
    RepeatDoc,
    ShareDoc,
    ShareWhere,
    When,
)
from yidi.policy.lookup import Found
from yidi.policy.rules import Band, Ceiling, Deductible, Question, Remark, Share
from yidi.values.money import PPM, half_up, part_of, percent_text, yuan_text
from yidi.values.terms import Trait

STAYS = 4
"""How many stays of a year a deductible may name one by one; later ones follow the last."""

Value = TypeVar("Value")
Where = TypeVar("Where", bound=When)


def there(value: Value | None) -> Value:
    """A value that `answers` has found to be there."""
    if value is None:
        raise LookupError("a component was taken that does not answer the question")
    return value


def answers(value: Any, question: Question) -> bool:
    """Whether a component states a value for this standing and level; a list of ceilings only where all of it does."""
    if isinstance(value, tuple):
        return all(answers(item, question) for item in value)
    if isinstance(value, ShareDoc) and (value.as_ or value.bands):
        return all(_percent(band.share, question) is not None for band in value.bands or ())
    pick = getattr(value, "pick", None)
    return pick is None or pick(question.standing, question.level) is not None


def deductible(found: Found, question: Question) -> Deductible:
    """The deductible of this person, for each stay of the year where stays make a difference."""
    doc: DeductibleDoc | str = found.value
    if isinstance(doc, str):
        return Deductible((0,), "year", found.origin())
    first = there(there(doc.pick(question.standing, question.level)).fen)
    floor = _floor(doc.repeat, question)
    where = list(_applying(doc.where, question))
    amounts = tuple(
        _deductible_where(_of_stay(doc, question, first, floor, stay), where, stay)
        for stay in range(1, STAYS + 1)
    )
    less, lowest = _goes_on(doc, floor, where) if amounts[-1] > 0 else (0, 0)
    return Deductible(
        amounts=amounts if len(set(amounts)) > 1 or less else amounts[:1],
        per=doc.per,
        origin=found.origin(doc.source, doc.note),
        less=less,
        floor=lowest,
        top=doc.top,
        remarks=_remarks(doc.where, question, _deductible_remark),
    )


def _goes_on(doc: DeductibleDoc, floor: int, where: Iterable[DeductibleWhere]) -> tuple[int, int]:
    """By how much each stay beyond those named is less, down to what; what holds for some holds for these too."""
    less = (doc.repeat.less if doc.repeat else None) or 0
    for item in where if less else ():
        if item.to is not None:
            less, floor = 0, item.to
        elif item.less is not None:
            floor = max(floor - item.less, 0)
        else:
            less, floor = part_of(less, there(item.times)), part_of(floor, there(item.times))
    return less, floor if less else 0


def _floor(repeat: RepeatDoc | None, question: Question) -> int:
    if repeat is None or repeat.floor is None:
        return 0
    return there(there(repeat.floor.pick(question.standing, question.level)).fen)


def _of_stay(doc: DeductibleDoc, question: Question, first: int, floor: int, stay: int) -> int:
    repeat = doc.repeat
    if repeat is None or stay == 1:
        return first
    if repeat.less is not None:
        return max(first - repeat.less * (stay - 1), floor)
    if repeat.times is not None:
        return part_of(first, repeat.times[min(stay - 2, len(repeat.times) - 1)])
    table: AmountTable = there(repeat.amounts)[min(stay - 2, len(there(repeat.amounts)) - 1)]
    leaf = table.pick(question.standing, question.level)
    return first if leaf is None else there(leaf.fen)


def _deductible_where(amount: int, where: Iterable[DeductibleWhere], stay: int) -> int:
    for item in where:
        if stay < (item.stay_from or 1):
            continue
        if item.to is not None:
            amount = item.to
        elif item.less is not None:
            amount = max(amount - item.less, 0)
        else:
            amount = part_of(amount, there(item.times))
    return amount


def share(found: Found, question: Question) -> Share:
    """The share of this person, in bands where the amount decides."""
    doc: ShareDoc | int = found.value
    if isinstance(doc, int):
        return Share((Band(None, doc),), found.origin())
    where = list(_applying(doc.where, question))
    rows = (
        [(band.to, _percent(band.share, question)) for band in doc.bands]
        if doc.bands
        else [(None, doc.pick(question.standing, question.level))]
    )
    return Share(
        bands=tuple(Band(upto, _share_where(there(ppm), where)) for upto, ppm in rows),
        origin=found.origin(doc.source, doc.note),
        per=doc.per or "visit",
        with_deductible=doc.position == "with-deductible",
        remarks=_remarks(doc.where, question, _share_remark),
    )


def changed_share(of: Share, doc: ShareDoc, question: Question) -> Share:
    """The share of another benefit with what holds for some here (share by reference, G-12)."""
    where = list(_applying(doc.where, question))
    bands = tuple(Band(band.upto, _share_where(band.ppm, where)) for band in of.bands)
    return replace(of, bands=bands, remarks=(*of.remarks, *_remarks(doc.where, question, _share_remark)))


def _percent(value: int | RatioTable, question: Question) -> int | None:
    return value if isinstance(value, int) else value.pick(question.standing, question.level)


def _share_where(ppm: int, where: Iterable[ShareWhere]) -> int:
    for item in where:
        if item.to is not None:
            ppm = item.to
        elif item.plus is not None:
            ppm = min(ppm + item.plus, PPM)
        elif item.minus is not None:
            ppm = max(ppm - item.minus, 0)
        else:
            ppm = PPM - half_up((PPM - ppm) * there(item.person_times), PPM)
    return ppm


def ceilings(found: Found, question: Question, scope: str) -> tuple[Ceiling, ...]:
    """The ceilings of this person; `scope` names the counter of the whole benefit or layer."""
    if isinstance(found.value, str):
        return (Ceiling(None, "year", "fund", scope, found.origin()),)
    docs: tuple[CeilingDoc, ...] = found.value if isinstance(found.value, tuple) else (found.value,)
    return tuple(_ceiling(found, doc, question, scope) for doc in docs)


def _ceiling(found: Found, doc: CeilingDoc, question: Question, scope: str) -> Ceiling:
    scopes = {"benefit": scope, "disease": f"{scope}:{question.disease}"}
    leaf = there(doc.pick(question.standing, question.level))
    where = list(_applying(doc.where, question))
    plain = Ceiling(
        amount=leaf.between[1] if leaf.between else leaf.fen,
        per=doc.per,
        on=doc.on,
        scope=scopes.get(doc.scope, doc.scope),
        origin=found.origin(doc.source, doc.note),
        certain_to=leaf.between[0] if leaf.between else None,
        category=doc.category,
        remarks=_remarks(doc.where, question, _ceiling_remark),
    )
    return _with_incentive(_ceiling_where(plain, where), doc, question)


def _ceiling_where(ceiling: Ceiling, where: Iterable[CeilingWhere]) -> Ceiling:
    for item in where:
        if item.to is not None:
            amount = item.to if isinstance(item.to, int) else None
            ceiling = replace(ceiling, amount=amount, certain_to=None)
        else:
            amount, certain = _changed_limit(ceiling.amount, item), _changed_limit(ceiling.certain_to, item)
            ceiling = replace(ceiling, amount=amount, certain_to=certain)
    return ceiling


def _changed_limit(limit: int | None, item: CeilingWhere) -> int | None:
    """An end of a ceiling, raised by an amount or times a ratio."""
    if limit is None:
        return None
    return limit + item.plus if item.plus is not None else part_of(limit, there(item.times))


def _with_incentive(ceiling: Ceiling, doc: CeilingDoc, question: Question) -> Ceiling:
    """The ceiling with what unbroken insurance adds (facts N-1005); unknown years add nothing and are said to."""
    incentive = doc.incentive
    if incentive is None or ceiling.amount is None:
        return ceiling
    if question.years_insured is None:
        zh, en = (
            "连续参保年数不详，未计激励额度",
            "unbroken years of insurance not known: no incentive counted",
        )
        return replace(ceiling, remarks=(*ceiling.remarks, Remark(zh, en)))
    more = incentive.yuan * max(question.years_insured - incentive.after_years, 0)
    more += (incentive.unclaimed or 0) * (question.years_unclaimed or 0)
    more = min(more, part_of(ceiling.amount, incentive.at_most))
    remark = Remark(
        f"连续参保激励加 {yuan_text(more)} 元", f"{yuan_text(more)} yuan added for unbroken insurance"
    )
    certain = None if ceiling.certain_to is None else ceiling.certain_to + more
    return replace(
        ceiling, amount=ceiling.amount + more, certain_to=certain, remarks=(*ceiling.remarks, remark)
    )


def _applying(where: Iterable[Where], question: Question) -> Iterable[Where]:
    return (item for item in where if _holds(item, question, question.traits))


def _remarks(
    where: Iterable[Where], question: Question, said: Callable[[Where], Remark]
) -> tuple[Remark, ...]:
    """What was done for this person, and what was not because nobody knows whether it should be."""
    perhaps = question.traits | question.unknown_traits
    told = []
    for item in where:
        if _holds(item, question, question.traits):
            told.append(said(item))
        elif item.trait is not None and _holds(item, question, perhaps):
            told.append(not_counted(item.trait, said(item)))
    return tuple(told)


def not_counted(trait: Trait, would: Remark) -> Remark:
    """The remark that something was left out since nobody knows whether a trait holds."""
    zh = f"未计（是否{trait.zh}不详）：{would.zh}"
    return Remark(zh, f"not counted (not known whether {trait.en}): {would.en}", trait)


def _holds(when: When, question: Question, traits: frozenset[Trait]) -> bool:
    """Whether everything stated is true. Raises MissingFact where it turns on an age that is not known."""
    if when.standing is not None and when.standing != question.standing:
        return False
    if when.level is not None and when.level not in question.level.with_broader:
        return False
    if when.trait is not None and when.trait not in traits:
        return False
    if when.age_from is None and when.age_to is None:
        return True
    if question.age is None:
        raise MissingFact(fact="参保人的年龄", fact_en="the person's age", benefit=question.benefit)
    return (when.age_from or 0) <= question.age <= (question.age if when.age_to is None else when.age_to)


def _who(when: When, stay_from: int | None = None) -> tuple[str, str]:
    """The condition in words."""
    zh = [item.zh for item in (when.standing, when.level, when.trait) if item is not None]
    en = [item.en for item in (when.standing, when.level, when.trait) if item is not None]
    if when.age_from is not None:
        zh, en = [*zh, f"满 {when.age_from} 岁"], [*en, f"aged {when.age_from} or more"]
    if when.age_to is not None:
        zh, en = [*zh, f"不超过 {when.age_to} 岁"], [*en, f"aged {when.age_to} or less"]
    if stay_from is not None:
        zh, en = [*zh, f"年内第 {stay_from} 次住院起"], [*en, f"from stay {stay_from} of the year on"]
    return "、".join(zh), ", ".join(en)


def _deductible_remark(item: DeductibleWhere) -> Remark:
    zh, en = _who(item, item.stay_from)
    if item.to is not None:
        amount = yuan_text(item.to)
        what = ("免起付线", "no deductible") if item.to == 0 else (f"起付线 {amount} 元", f"{amount} yuan")
    elif item.less is not None:
        what = (f"起付线减 {yuan_text(item.less)} 元", f"{yuan_text(item.less)} yuan less")
    else:
        percent = percent_text(there(item.times))
        what = (f"起付线按 {percent}", f"{percent} of the deductible")
    return Remark(f"{zh}：{what[0]}", f"{en}: {what[1]}")


def _share_remark(item: ShareWhere) -> Remark:
    zh, en = _who(item)
    if item.to is not None:
        what = (f"比例 {percent_text(item.to)}", f"share {percent_text(item.to)}")
    elif item.plus is not None:
        points = percent_text(item.plus).removesuffix("%")
        what = (f"加 {points} 个百分点", f"{points} percentage points more")
    elif item.minus is not None:
        points = percent_text(item.minus).removesuffix("%")
        what = (f"减 {points} 个百分点", f"{points} percentage points less")
    else:
        percent = percent_text(there(item.person_times))
        what = (f"个人自付部分按 {percent} 计", f"the person's own part times {percent}")
    return Remark(f"{zh}：{what[0]}", f"{en}: {what[1]}")


def _ceiling_remark(item: CeilingWhere) -> Remark:
    zh, en = _who(item)
    if item.to == "none":
        what = ("不设封顶线", "no ceiling")
    elif isinstance(item.to, int):
        what = (f"封顶线 {yuan_text(item.to)} 元", f"ceiling {yuan_text(item.to)} yuan")
    elif item.plus is not None:
        what = (f"封顶线加 {yuan_text(item.plus)} 元", f"{yuan_text(item.plus)} yuan more")
    else:
        percent = percent_text(there(item.times))
        what = (f"封顶线按 {percent}", f"{percent} of the ceiling")
    return Remark(f"{zh}：{what[0]}", f"{en}: {what[1]}")
