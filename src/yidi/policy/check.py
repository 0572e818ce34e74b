"""What packs must hold beyond their shape: known regions, diseases, sources and conflicts; dates in order."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise, product
from typing import Any

from yidi.policy import yaml_lines
from yidi.policy.errors import PackProblem
from yidi.policy.pack import (
    BenefitStatement,
    Components,
    ConflictDoc,
    DocumentDoc,
    FilingPack,
    FilingStatement,
    InForce,
    Pack,
    SourceDoc,
)
from yidi.reference import diseases, regions
from yidi.values.terms import Scheme


@dataclass(frozen=True, slots=True)
class LoadedPack:
    """A pack with the file it came from."""

    pack: Pack | FilingPack
    document: yaml_lines.Document

    @property
    def key(self) -> tuple[str, str, str]:
        """(pool, scheme, benefit): at most one file each."""
        return self.pack.pool, str(self.pack.scheme), str(self.pack.benefit)


Version = tuple[InForce, LoadedPack, int]
"""When a rule is in force, the pack it stands in, and its place there."""


def problem(loaded: LoadedPack, place: yaml_lines.Place, what: str, remedy: str) -> PackProblem:
    return PackProblem(file=loaded.document.path, line=loaded.document.line(place), what=what, remedy=remedy)


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
        for source in _sources_of(rule):
            if source.id not in sources:
                yield problem(
                    loaded,
                    ("rules", index),
                    f"来源 {source.id} 未登记",
                    "在 policies/sources.yaml 中登记该文件",
                )
        for conflict in rule.contests:
            if conflict not in conflicts:
                yield problem(
                    loaded,
                    ("rules", index, "contests"),
                    f"冲突 {conflict} 未登记",
                    "在 policies/conflicts.yaml 中登记",
                )
        yield from _check_diseases(loaded, index, rule)
        if rule.adopted:
            yield from _check_adopted_sources(loaded, index, rule)


def _sources_of(rule: Any) -> Iterator[SourceDoc]:
    """The rule's source and those of its components, wherever they stand."""
    pending: list[Any] = [rule]
    while pending:
        item = pending.pop()
        if isinstance(item, SourceDoc):
            yield item
        elif isinstance(item, dict):
            pending.extend(item.values())
        elif isinstance(item, list | tuple):
            pending.extend(item)
        elif hasattr(type(item), "model_fields"):
            pending.extend(getattr(item, name) for name in type(item).model_fields)


def _check_adopted_sources(loaded: LoadedPack, index: int, rule: Any) -> Iterator[PackProblem]:
    for source in _sources_of(rule):
        if source.grade in ("C", "R"):
            yield problem(
                loaded,
                ("rules", index),
                f"已采用的规则 {rule.id} 引用了 {source.grade} 级来源 {source.id}",
                "把该值移到单独的、未采用的口径中",
            )


def _check_diseases(loaded: LoadedPack, index: int, rule: Any) -> Iterator[PackProblem]:
    if not isinstance(rule, BenefitStatement):
        return
    listed: list[tuple[yaml_lines.Place, str]] = [(("diseases", code), code) for code in rule.diseases]
    listed += [(("settled_nationally", place), code) for place, code in enumerate(rule.settled_nationally)]
    for place, code in listed:
        if diseases.find_disease(code) is None:
            yield problem(
                loaded,
                ("rules", index, *place),
                f"病种代码 {code} 不存在",
                "核对 reference/chronic_diseases.csv",
            )
    for code, disease in rule.diseases.items():
        if disease.class_ not in rule.classes:
            yield problem(
                loaded,
                ("rules", index, "diseases", code),
                f"类别 {disease.class_} 未在 classes 中定义",
                "补上该类别",
            )


def components_of(rule: Any) -> set[str]:
    """The components that a statement states, as dotted names; two adopted rules must not share one on one day."""
    if isinstance(rule, FilingStatement):
        stated = {f"kinds.{kind}.{name}" for kind, doc in rule.kinds.items() for name in _stated(doc)}
        stated |= {f"adjustment.{situation}" for situation in rule.adjustment}
        return stated | {name for name in ("unfiled", "exempt", "claim_materials") if getattr(rule, name)}
    stated = _stated(rule)
    for group in ("classes", "diseases"):
        for key, doc in getattr(rule, group).items():
            stated |= {f"{group}.{key}.{name}" for name in (_stated(doc) or {"listed"})}
    asked = _stated(rule.qualification) - {"note"} if rule.qualification else set()
    return stated | {f"qualification.{name}" for name in asked}


def _stated(doc: Any) -> set[str]:
    names = Components.model_fields if isinstance(doc, Components) else type(doc).model_fields
    return {name for name in names if name != "source" and getattr(doc, name) is not None}


def check_dates(packs: Iterable[LoadedPack]) -> Iterator[PackProblem]:
    """No two adopted rules of a layer may state one component on one day, nor leave a hole between two versions of it.

    What a layer states for all schemes counts as stated for each.
    """
    spans: dict[tuple[str, str, str, str], list[Version]] = {}
    for loaded in packs:
        schemes = (
            [str(scheme) for scheme in Scheme] if loaded.pack.scheme == "all" else [str(loaded.pack.scheme)]
        )
        for index, rule in enumerate(loaded.pack.rules):
            for scheme, name in product(schemes, components_of(rule) if rule.adopted else ()):
                key = (loaded.pack.pool, scheme, str(loaded.pack.benefit), name)
                spans.setdefault(key, []).append((rule.in_force, loaded, index))
    found = (fault for key, versions in sorted(spans.items()) for fault in _check_versions(key[3], versions))
    yield from {str(fault): fault for fault in found}.values()


def _check_versions(name: str, versions: list[Version]) -> Iterator[PackProblem]:
    ordered = sorted(versions, key=lambda version: version[0].first_day)
    for (earlier, _, _), (later, loaded, index) in pairwise(ordered):
        place = ("rules", index, "in_force")
        if earlier.until is None or later.first_day <= earlier.until:
            yield problem(loaded, place, f"“{name}”有两条已采用的规则日期重叠", "只采用一条，或写明 until")
        elif later.first_day > earlier.until + timedelta(days=1):
            hole = f"{earlier.until + timedelta(days=1)} 至 {later.first_day - timedelta(days=1)}"
            yield problem(loaded, place, f"“{name}”在 {hole} 没有规则", "补上这段日期的规则，或核对起止日期")
