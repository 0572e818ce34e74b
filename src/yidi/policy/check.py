"""What packs must hold beyond their shape: known regions, diseases, sources and conflicts; dates in order."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise, product
from typing import Any

from yidi.policy import yaml_lines
from yidi.policy.errors import PackProblem
from yidi.policy.forms import AmountTable, RatioTable, SourceDoc
from yidi.policy.pack import (
    AnyPack,
    BenefitStatement,
    Components,
    ConflictDoc,
    DocumentDoc,
    FilingPack,
    FilingStatement,
    Rule,
)
from yidi.reference import diseases, regions
from yidi.values.money import percent_text
from yidi.values.terms import CLASS_OF_SITUATION, STANDINGS_OF, Scheme, Situation, Standing


@dataclass(frozen=True, slots=True)
class LoadedPack:
    """A pack with the file it came from."""

    pack: AnyPack
    document: yaml_lines.Document

    @property
    def key(self) -> tuple[str, str, str]:
        """(pool, scheme, benefit): at most one file each."""
        return self.pack.pool, str(self.pack.scheme), str(self.pack.benefit)


Version = tuple[Rule, LoadedPack, int]
"""A rule, the pack it stands in, and its place there."""


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
        yield from _check_standings(loaded, index, rule)
        if rule.adopted:
            yield from _check_adopted_sources(loaded, index, rule)
    for index, example in enumerate(loaded.pack.examples):
        yield from _check_standing(loaded, ("examples", index, "standing"), example.standing)


def _parts(item: Any, place: yaml_lines.Place = ()) -> Iterator[tuple[yaml_lines.Place, Any]]:
    """A document and everything in it, each with its place."""
    yield place, item
    inner: Iterable[tuple[int | str, Any]] = ()
    if isinstance(item, dict):
        inner = item.items()
    elif isinstance(item, list | tuple):
        inner = enumerate(item)
    elif hasattr(type(item), "model_fields"):
        fields = type(item).model_fields
        inner = ((field.alias or name, getattr(item, name)) for name, field in fields.items())
    for key, value in inner:
        yield from _parts(value, (*place, key))


def _sources_of(rule: Any) -> Iterator[SourceDoc]:
    """The rule's source and those of its components, wherever they stand."""
    return (part for _, part in _parts(rule) if isinstance(part, SourceDoc))


def _check_standings(loaded: LoadedPack, index: int, rule: Any) -> Iterator[PackProblem]:
    """Tables by standing speak of the standings of the pack's scheme alone."""
    for place, table in _parts(rule):
        if isinstance(table, AmountTable | RatioTable):
            for standing in Standing:
                if getattr(table, standing) is not None:
                    yield from _check_standing(loaded, ("rules", index, *place, str(standing)), standing)


def _check_standing(loaded: LoadedPack, place: yaml_lines.Place, standing: Standing) -> Iterator[PackProblem]:
    scheme = loaded.pack.scheme
    if scheme != "all" and standing not in STANDINGS_OF[scheme]:
        what = f"{scheme.zh}没有“{standing.zh}”（{standing}）这类人员"
        yield problem(loaded, place, what, f"改成 {'、'.join(STANDINGS_OF[scheme])}")


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
        stated |= {f"reduction_limits.{situation}" for situation in rule.reduction_limits}
        whole = ("unfiled", "exempt", "channels", "claim_materials")
        return stated | {name for name in whole if getattr(rule, name)}
    stated = _stated(rule) | ({"settled_nationally"} if rule.settled_nationally else set())
    for group in ("classes", "diseases"):
        for key, doc in getattr(rule, group).items():
            stated |= {f"{group}.{key}.{name}" for name in (_stated(doc) or {"listed"})}
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
            yield problem(loaded, place, f"“{name}”有两条已采用的规则日期重叠", "只采用一条，或写明 until")
        elif later.first_day > until + timedelta(days=1):
            hole = f"{until + timedelta(days=1)} 至 {later.first_day - timedelta(days=1)}"
            yield problem(loaded, place, f"“{name}”在 {hole} 没有规则", "补上这段日期的规则，或核对起止日期")


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


def check_reductions(packs: Iterable[LoadedPack]) -> Iterator[PackProblem]:
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
            yield from _check_reduction(loaded, index, rule, situation, limits[situation])


def _check_reduction(
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
