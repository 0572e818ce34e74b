"""What packs must hold together: each may be in order by itself and still contradict another."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import product

from yidi.policy import check_layers, check_listed, check_shares, check_stacking
from yidi.policy.errors import PackProblem
from yidi.policy.forms import CeilingDoc, DeductibleDoc, StackingDoc
from yidi.policy.loaded import LoadedPack, docs, problem
from yidi.policy.pack import BenefitStatement, FilingPack, FilingStatement, LayerPack
from yidi.reference import regions
from yidi.values.money import percent_text
from yidi.values.terms import CLASS_OF_SITUATION, Situation


def check_together(packs: Iterable[LoadedPack]) -> Iterator[PackProblem]:
    """A problem for every statement that cannot stand beside another pack's."""
    loaded = list(packs)
    found = (fault for check in CHECKS for fault in check(loaded))
    yield from {str(fault): fault for fault in found}.values()


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


def _stacking(packs: Sequence[LoadedPack]) -> Iterator[PackProblem]:
    """There are ceilings of single diseases to stack."""
    for loaded, place, _ in docs(packs, StackingDoc):
        ceilings = docs(_of_its_benefit(packs, loaded), CeilingDoc)
        if not any(doc.scope == "disease" for _, _, doc in ceilings):
            yield problem(
                loaded,
                place,
                "叠加（stacking）的是单病种限额，而没有一条封顶线写明 scope: disease",
                "在封顶线写明 scope: disease，或删去 stacking",
            )


def _categories(packs: Sequence[LoadedPack]) -> Iterator[PackProblem]:
    """Fees limited apart cannot share a deductible: no source says from which of them it comes off first."""
    for loaded, place, doc in docs(packs, CeilingDoc):
        if doc.category is None:
            continue
        deductibles = docs(_of_its_benefit(packs, loaded), DeductibleDoc)
        if any(_takes_something(deductible) for _, _, deductible in deductibles):
            yield problem(
                loaded,
                (*place, "category"),
                "按费用类别限额的待遇另有起付线，先从哪一类费用扣没有写明",
                "只在不设起付线（deductible: none）的待遇写 category",
            )


def _takes_something(doc: DeductibleDoc) -> bool:
    """Whether anybody has a deductible by it, be it by an exception alone: `to` sets one where the table has none."""
    return any(leaf.fen for leaf in doc.leaves()) or any(item.to for item in doc.where)


def _of_its_benefit(packs: Sequence[LoadedPack], loaded: LoadedPack) -> list[LoadedPack]:
    """The packs about the benefit of one that may speak for the same pool and scheme, itself included."""
    return [
        other for other in packs if other.pack.benefit == loaded.pack.benefit and loaded.speaks_with(other)
    ]


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


CHECKS: tuple[Callable[[Sequence[LoadedPack]], Iterator[PackProblem]], ...] = (
    _reductions,
    check_shares.factors,
    check_shares.exceptions,
    check_shares.references,
    _stacking,
    _categories,
    _classes_of_layers,
    check_listed.one_class_each,
    check_listed.one_statement_each,
    check_layers.one_adjustment_each,
    check_layers.whole_or_part,
    check_stacking.one_kind_each,
)
