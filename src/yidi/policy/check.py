"""What packs must hold beyond their shape: known regions, diseases, sources and conflicts; dates in order."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import pairwise, product
from typing import Any

from yidi.policy.check_forms import check_forms
from yidi.policy.errors import PackProblem
from yidi.policy.forms import Rule
from yidi.policy.loaded import LoadedPack as LoadedPack
from yidi.policy.loaded import problem, sources_of
from yidi.policy.pack import (
    BenefitStatement,
    Components,
    ConflictDoc,
    DocumentDoc,
    FilingStatement,
    LayerStatement,
)
from yidi.policy.rules import ADOPTABLE
from yidi.reference import regions
from yidi.values.terms import Scheme

Version = tuple[Rule, LoadedPack, int]
"""A rule, the pack it stands in, and its place there."""


def check_pack(
    loaded: LoadedPack, sources: dict[str, DocumentDoc], conflicts: dict[str, ConflictDoc]
) -> Iterator[PackProblem]:
    """What one pack must hold beyond its shape: known regions, diseases, sources, conflicts; dates in order."""
    if loaded.pack.pool != regions.NATION and not regions.is_known(loaded.pack.pool):
        yield problem(loaded, ("pool",), f"区划代码 {loaded.pack.pool} 不存在", "核对医保区划代码")
    names: set[str] = set()
    for index, rule in enumerate(loaded.pack.rules):
        if rule.id in names:
            yield problem(loaded, ("rules", index, "id"), f"规则编号 {rule.id} 重复", "改成唯一的编号")
        names.add(rule.id)
        if not components_of(rule):
            what = f"规则 {rule.id} 什么也没有规定"
            yield problem(loaded, ("rules", index), what, "写明它规定的参数，或删去这条规则")
        yield from _check_citations(loaded, index, rule, sources, conflicts)
        if rule.adopted:
            yield from _check_adopted_sources(loaded, index, rule)
    yield from check_forms(loaded)


def _check_citations(
    loaded: LoadedPack,
    index: int,
    rule: Any,
    sources: dict[str, DocumentDoc],
    conflicts: dict[str, ConflictDoc],
) -> Iterator[PackProblem]:
    """What a rule cites is registered."""
    for place, source in sources_of(rule):
        if source.id not in sources:
            remedy = "在 policies/sources.yaml 中登记该文件"
            yield problem(loaded, ("rules", index, *place), f"来源 {source.id} 未登记", remedy)
    for conflict in rule.contests:
        if conflict not in conflicts:
            remedy = "在 policies/conflicts.yaml 中登记"
            yield problem(loaded, ("rules", index, "contests"), f"冲突 {conflict} 未登记", remedy)


def _check_adopted_sources(loaded: LoadedPack, index: int, rule: Any) -> Iterator[PackProblem]:
    for place, source in sources_of(rule):
        if source.grade not in ADOPTABLE:
            yield problem(
                loaded,
                ("rules", index, *place),
                f"已采用的规则 {rule.id} 引用了 {source.grade} 级来源 {source.id}",
                "把该值移到单独的、未采用的口径中",
            )


def check_looked_at(packs: Iterable[LoadedPack], today: date) -> Iterator[PackProblem]:
    """No source was looked at on a day that is still to come."""
    for loaded in packs:
        for index, rule in enumerate(loaded.pack.rules):
            for place, source in sources_of(rule):
                if source.checked > today:
                    yield problem(
                        loaded,
                        ("rules", index, *place, "checked"),
                        f"核对日 checked（{source.checked}）晚于今天（{today}）",
                        "写实际核对来源的那一天",
                    )


def components_of(rule: Any) -> set[str]:
    """The components that a statement states, as dotted names; two adopted rules must not share one on one day."""
    if isinstance(rule, FilingStatement):
        stated = {f"kinds.{kind}.{name}" for kind, doc in rule.kinds.items() for name in _stated(doc)}
        stated |= {f"adjustment.{situation}" for situation in rule.adjustment}
        stated |= {f"reduction_limits.{situation}" for situation in rule.reduction_limits}
        whole = type(rule).model_fields.keys() - Rule.model_fields.keys()
        whole -= {"kinds", "adjustment", "reduction_limits"}
        return stated | {name for name in whole if getattr(rule, name)}
    if not isinstance(rule, BenefitStatement | LayerStatement):
        own = type(rule).model_fields.keys() - Rule.model_fields.keys()
        return {name for name in own if getattr(rule, name)}
    if isinstance(rule, LayerStatement):
        return _stated(rule) | ({"layer"} if rule.layer else set())
    stated = _stated(rule) | ({"settled_nationally"} if rule.settled_nationally else set())
    stated |= {f"classes.{key}.{name}" for key, doc in rule.classes.items() for name in _stated(doc)}
    for key, doc in rule.diseases.items():
        stated |= {f"diseases.{key}.{name}" for name in (_stated(doc) or {"listed"})}
    asked = _stated(rule.qualification) - {"note"} if rule.qualification else set()
    return stated | {f"qualification.{name}" for name in asked}


def _stated(doc: Any) -> set[str]:
    names = Components.model_fields if isinstance(doc, Components) else type(doc).model_fields
    return {name for name in names if name != "source" and getattr(doc, name) is not None}


def check_dates(packs: Iterable[LoadedPack]) -> Iterator[PackProblem]:
    """No two adopted rules of a layer, nor two of one reading, may state one component on one day; nor may two
    adopted versions of it leave a hole.

    What a layer states for all schemes counts as stated for each.
    """
    adopted: dict[tuple[str, ...], list[Version]] = {}
    by_reading: dict[tuple[str, ...], list[Version]] = {}
    for loaded in packs:
        schemes = (
            [str(scheme) for scheme in Scheme] if loaded.pack.scheme == "all" else [str(loaded.pack.scheme)]
        )
        for index, rule in enumerate(loaded.pack.rules):
            for scheme, name in product(schemes, components_of(rule)):
                key = (loaded.pack.pool, scheme, str(loaded.pack.benefit), name)
                by_reading.setdefault((*key, rule.reading), []).append((rule, loaded, index))
                if rule.adopted:
                    adopted.setdefault(key, []).append((rule, loaded, index))
    found = [
        fault for key, versions in sorted(adopted.items()) for fault in _check_versions(key[3], versions)
    ]
    found += [
        fault for key, versions in sorted(by_reading.items()) for fault in _check_reading(key[3], versions)
    ]
    yield from {str(fault): fault for fault in found}.values()


def _in_order(versions: list[Version]) -> Iterator[tuple[Version, Version]]:
    return pairwise(sorted(versions, key=lambda version: version[0].first_day))


def _overlap(earlier: Rule, later: Rule) -> bool:
    return earlier.in_force.until is None or later.first_day <= earlier.in_force.until


def _check_versions(name: str, versions: list[Version]) -> Iterator[PackProblem]:
    for (earlier, _, _), (later, loaded, index) in _in_order(versions):
        place, until = ("rules", index, "in_force"), earlier.in_force.until
        if until is None or _overlap(earlier, later):
            what = f"“{name}”有两条已采用的规则（{earlier.id}、{later.id}），日期重叠"
            yield problem(loaded, place, what, "只采用一条，或写明 until")
        elif later.first_day > until + timedelta(days=1):
            hole = f"{until + timedelta(days=1)} 至 {later.first_day - timedelta(days=1)}"
            what = f"“{name}”在 {hole} 没有规则（前后两条为 {earlier.id}、{later.id}）"
            yield problem(loaded, place, what, "补上这段日期的规则，或核对起止日期")


def _check_reading(name: str, versions: list[Version]) -> Iterator[PackProblem]:
    """A reading called by name must give one answer; two adopted rules are `_check_versions`' business."""
    for (earlier, _, _), (later, loaded, index) in _in_order(versions):
        if not (earlier.adopted and later.adopted) and _overlap(earlier, later):
            yield problem(
                loaded,
                ("rules", index, "in_force"),
                f"口径“{later.reading}”有两条规则（{earlier.id}、{later.id}）都规定“{name}”，日期重叠",
                "给其中一条另取口径名，或写明 until",
            )
