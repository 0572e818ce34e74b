"""What packs must hold together: each may be in order by itself and still contradict another."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations, product
from typing import Any

from yidi.policy.errors import PackProblem
from yidi.policy.forms import (
    AdjustmentDoc,
    CeilingDoc,
    DeductibleDoc,
    RatioTable,
    ShareDoc,
    ShareWhere,
    StackingDoc,
)
from yidi.policy.loaded import LoadedPack, parts, problem
from yidi.policy.pack import BenefitStatement, Components, FilingPack, FilingStatement, LayerPack, Pack
from yidi.reference import regions
from yidi.values.money import PPM, part_of, percent_text
from yidi.values.terms import CLASS_OF_SITUATION, Situation


def check_together(packs: Iterable[LoadedPack]) -> Iterator[PackProblem]:
    """A problem for every statement that cannot stand beside another pack's."""
    found = list(packs)
    for check in CHECKS:
        yield from check(found)


def _reductions(packs: Sequence[LoadedPack]) -> Iterator[PackProblem]:
    """No reduction by points may go beyond what the national pack lets a pool take off."""
    filing = [(loaded, loaded.pack) for loaded in packs if isinstance(loaded.pack, FilingPack)]
    limits = {
        situation: ppm
        for _, pack in filing
        if pack.pool == regions.NATION
        for rule in pack.rules
        for situation, ppm in rule.reduction_limits.items()
    }
    for loaded, pack in filing:
        for (index, rule), situation in product(enumerate(pack.rules), limits):
            yield from _reduction(loaded, index, rule, situation, limits[situation])


def _reduction(
    loaded: LoadedPack, index: int, rule: FilingStatement, situation: Situation, limit: int
) -> Iterator[PackProblem]:
    keys = (situation, CLASS_OF_SITUATION.get(situation))
    key = next((key for key in keys if key in rule.adjustment), None)
    if key is None or rule.adjustment[key].mode != "points" or rule.adjustment[key].ratio <= limit:
        return
    ratio = percent_text(rule.adjustment[key].ratio)
    yield problem(
        loaded,
        ("rules", index, "adjustment", str(key)),
        f"“{situation.zh}”减 {ratio}，超过全国规定的降幅上限 {percent_text(limit)}",
        "核对来源与写法；上限由全国层的 reduction_limits 规定",
    )


def _factors(packs: Sequence[LoadedPack]) -> Iterator[PackProblem]:
    """Every share times every factor that may meet it is a whole number of parts per million."""
    for loaded in packs:
        if not isinstance(loaded.pack, FilingPack):
            continue
        beside = [other for other in packs if isinstance(other.pack, Pack) and loaded.speaks_with(other)]
        for index, rule in enumerate(loaded.pack.rules):
            for key, doc in rule.adjustment.items():
                inexact = _inexact(doc, beside) if doc.mode == "factor" else None
                if inexact:
                    yield problem(
                        loaded,
                        ("rules", index, "adjustment", str(key)),
                        f"系数 {percent_text(doc.ratio)} 乘规则 {inexact[1]} 的比例 {percent_text(inexact[0])} "
                        "不能精确到百万分之一",
                        "核对系数与比例；确属如此的，把乘积写成比例",
                    )


def _inexact(doc: AdjustmentDoc, packs: Iterable[LoadedPack]) -> tuple[int, str] | None:
    for loaded in packs:
        for rule in loaded.pack.rules:
            for ppm in sorted(shares_in(rule)):
                if ppm * doc.ratio % PPM:
                    return ppm, rule.id
    return None


def shares_in(rule: Any) -> set[int]:
    """Every share in ppm that a statement may come to, exceptions for some included."""
    found: set[int] = set()
    for _, part in parts(rule):
        if isinstance(part, Components) and part.share is not None:
            found |= {part.share} if isinstance(part.share, int) else _shares(part.share)
    return found


def _shares(doc: ShareDoc) -> set[int]:
    possible = {
        value
        for _, table in parts(doc)
        if isinstance(table, RatioTable)
        for name in RatioTable.model_fields
        if isinstance(value := getattr(table, name), int)
    }
    possible |= {band.share for band in doc.bands or () if isinstance(band.share, int)}
    for item in doc.where:
        possible |= {_changed(ppm, item) for ppm in possible}
    return possible


def _changed(ppm: int, item: ShareWhere) -> int:
    """A share as one exception changes it: the arithmetic of `amounts`, which stands above this module."""
    if item.to is not None:
        return item.to
    if item.person_times is not None:
        return PPM - part_of(PPM - ppm, item.person_times)
    return min(max(ppm + (item.plus or 0) - (item.minus or 0), 0), PPM)


def _references(packs: Sequence[LoadedPack]) -> Iterator[PackProblem]:
    """A share by reference leads to a share that is stated."""
    for loaded, place, doc in _docs(packs, ShareDoc):
        if doc.as_ is None or doc.as_ == loaded.pack.benefit:
            continue
        on = [
            rule.id
            for other in packs
            if other.pack.benefit == doc.as_ and loaded.speaks_with(other)
            for rule in other.pack.rules
            if isinstance(rule, BenefitStatement) and isinstance(rule.share, ShareDoc) and rule.share.as_
        ]
        if on:
            what = f"比例引用{doc.as_.zh}，而规则 {on[0]} 的比例又引用别处"
            yield problem(loaded, (*place, "as"), what, "在其中一处写明比例")


def _stacking(packs: Sequence[LoadedPack]) -> Iterator[PackProblem]:
    """There are ceilings of single diseases to stack."""
    for loaded, place, _ in _docs(packs, StackingDoc):
        ceilings = (
            doc
            for other, _, doc in _docs(packs, CeilingDoc)
            if other.pack.benefit == loaded.pack.benefit and loaded.speaks_with(other)
        )
        if not any(doc.scope == "disease" for doc in ceilings):
            yield problem(
                loaded,
                place,
                "叠加（stacking）的是单病种限额，而没有一条封顶线写明 scope: disease",
                "在封顶线写明 scope: disease，或删去 stacking",
            )


def _categories(packs: Sequence[LoadedPack]) -> Iterator[PackProblem]:
    """Fees limited apart cannot share a deductible: no source says from which of them it comes off first."""
    for loaded, place, doc in _docs(packs, CeilingDoc):
        if doc.category is None:
            continue
        for other, _, deductible in _docs(packs, DeductibleDoc):
            same = other.pack.benefit == loaded.pack.benefit and loaded.speaks_with(other)
            if same and any(leaf.fen for leaf in deductible.leaves()):
                yield problem(
                    loaded,
                    (*place, "category"),
                    "按费用类别限额的待遇另有起付线，先从哪一类费用扣没有写明",
                    "只在不设起付线（deductible: none）的待遇写 category",
                )
                break


def _classes_of_layers(packs: Sequence[LoadedPack]) -> Iterator[PackProblem]:
    """A layer over one class of a benefit names a class that some pack defines."""
    for loaded in packs:
        if not isinstance(loaded.pack, LayerPack):
            continue
        for index, rule in enumerate(loaded.pack.rules):
            for number, name in enumerate(rule.layer.over if rule.layer else ()):
                benefit, colon, klass = name.partition(":")
                if colon and klass not in _classes(packs, loaded, benefit):
                    yield problem(
                        loaded,
                        ("rules", index, "layer", "over", number),
                        f"“{name}”的类别没有规则包定义",
                        f"核对 {benefit} 规则包中的 classes",
                    )


def _classes(packs: Sequence[LoadedPack], loaded: LoadedPack, benefit: str) -> set[str]:
    return {
        klass
        for other in packs
        if str(other.pack.benefit) == benefit and loaded.speaks_with(other)
        for rule in other.pack.rules
        if isinstance(rule, BenefitStatement)
        for klass in rule.classes
    }


def _one_class_each(packs: Sequence[LoadedPack]) -> Iterator[PackProblem]:
    """No two adopted rules of a pack list one disease under two classes on one day."""
    for loaded in packs:
        rules = [
            (index, rule)
            for index, rule in enumerate(loaded.pack.rules)
            if isinstance(rule, BenefitStatement) and rule.adopted
        ]
        for (_, one), (index, other) in combinations(rules, 2):
            if not (one.covers(other.first_day) or other.covers(one.first_day)):
                continue
            for code, disease in other.diseases.items():
                if code in one.diseases and one.diseases[code].class_ != disease.class_:
                    yield problem(
                        loaded,
                        ("rules", index, "diseases", code),
                        f"规则 {one.id} 与 {other.id} 把 {code} 列入不同的类别",
                        "只采用一条，或写成同一类别",
                    )


def _docs(
    packs: Iterable[LoadedPack], kind: type[Any]
) -> Iterator[tuple[LoadedPack, tuple[int | str, ...], Any]]:
    """Every document of a kind, with the pack and the place where it stands."""
    for loaded in packs:
        for index, rule in enumerate(loaded.pack.rules):
            for place, part in parts(rule):
                if isinstance(part, kind):
                    yield loaded, ("rules", index, *place), part


CHECKS: tuple[Callable[[Sequence[LoadedPack]], Iterator[PackProblem]], ...] = (
    _reductions,
    _factors,
    _references,
    _stacking,
    _categories,
    _classes_of_layers,
    _one_class_each,
)
