"""Rules of one layer that may be used together: what one says must not meet what the other says otherwise."""

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import TypeVar

from yidi.policy.errors import PackProblem
from yidi.policy.forms import Rule
from yidi.policy.loaded import LoadedPack, problem
from yidi.policy.pack import BenefitStatement, FilingStatement
from yidi.values.terms import CLASS_OF_SITUATION, FilingClass, Situation

Kind = TypeVar("Kind", bound=Rule)
Statement = tuple[LoadedPack, int, Kind]
"""A pack, the place of a rule in it, and the rule."""


def layers(packs: Sequence[LoadedPack]) -> Iterator[list[LoadedPack]]:
    """The packs that make one layer of one matter: those of one pool for one scheme and for both."""
    by_key = {loaded.key: loaded for loaded in packs}
    for loaded in packs:
        pool, scheme, benefit = loaded.key
        both = by_key.get((pool, "all", benefit)) if scheme != "all" else None
        yield [loaded, both] if both else [loaded]


def together(
    group: Sequence[LoadedPack], kind: type[Kind]
) -> Iterator[tuple[Statement[Kind], Statement[Kind]]]:
    """Every two rules of a kind that may be used together on some day: both adopted, or both of one reading."""
    rules: list[Statement[Kind]] = [
        (loaded, index, rule)
        for loaded in group
        for index, rule in enumerate(loaded.pack.rules)
        if isinstance(rule, kind)
    ]
    for one, other in combinations(rules, 2):
        alike = (one[2].adopted and other[2].adopted) or one[2].reading == other[2].reading
        if alike and (one[2].covers(other[2].first_day) or other[2].covers(one[2].first_day)):
            yield one, other


def one_adjustment_each(packs: Sequence[LoadedPack]) -> Iterator[PackProblem]:
    """No two rules of a layer in force together speak of one kind of filing, one by its class, one by itself.

    Within one rule the kind goes before its class; between two nothing goes before anything.
    """
    for group in layers(packs):
        for (_, _, one), (loaded, index, other) in together(group, FilingStatement):
            for situation in CLASS_OF_SITUATION:
                mine, theirs = _key(one, situation), _key(other, situation)
                if mine is None or theirs is None or mine == theirs:
                    continue
                yield problem(
                    loaded,
                    ("rules", index, "adjustment", str(theirs)),
                    f"“{situation.zh}”的待遇调整：规则 {one.id}（{mine}）与 {other.id}（{theirs}）"
                    "同时作了规定，日期重叠",
                    "只在其中一条写明，或写在同一条规则里（备案种类先于类别）",
                )


def _key(rule: FilingStatement, situation: Situation) -> Situation | FilingClass | None:
    """The key under which a rule answers for a situation; None where it does not."""
    keys = (situation, CLASS_OF_SITUATION[situation])
    return next((key for key in keys if key in rule.adjustment), None)


def whole_or_part(packs: Sequence[LoadedPack]) -> Iterator[PackProblem]:
    """No two adopted rules of a layer in force together say, one that its list is the whole, one that it is a part."""
    for group in layers(packs):
        for (_, _, one), (loaded, index, other) in together(group, BenefitStatement):
            both_list = one.diseases and other.diseases and one.adopted and other.adopted
            if both_list and one.list_ != other.list_:
                place = "list" if other.list_ == "part" else "diseases"
                yield problem(
                    loaded,
                    ("rules", index, place),
                    f"规则 {one.id}（list: {one.list_}）与 {other.id}（list: {other.list_}）"
                    "对病种目录是否完整说法不一，日期重叠",
                    "核对来源：只列出一部分的，两条都写 list: part",
                )
