"""The rule book: all packs of a folder, read once and checked as a whole."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from yidi.policy import yaml_lines
from yidi.policy.errors import PackProblem
from yidi.policy.faults import problems
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
from yidi.resources import data_path
from yidi.values.terms import Scheme

AnyPack = Pack | FilingPack
Entry = TypeVar("Entry", DocumentDoc, ConflictDoc)
NATION = "CN"
GUIDE = "policies/README.md"
"""Where the language of packs is described."""


@dataclass(frozen=True, slots=True)
class LoadedPack:
    """A pack with the file it came from."""

    pack: AnyPack
    document: yaml_lines.Document

    @property
    def key(self) -> tuple[str, str, str]:
        """(pool, scheme, benefit): at most one file each."""
        return self.pack.pool, str(self.pack.scheme), str(self.pack.benefit)


@dataclass(frozen=True)
class RuleBook:
    """All packs of a folder, with the registers of sources and conflicts that they cite."""

    packs: dict[tuple[str, str, str], LoadedPack]
    sources: dict[str, DocumentDoc]
    conflicts: dict[str, ConflictDoc]
    digest: str
    """SHA-256 over every file of the folder, names included."""

    def statements(self, pool: str, scheme: Scheme, benefit: str) -> Iterator[tuple[str, Any]]:
        """Every statement that may speak for a pool, most specific layer first, as (layer, statement)."""
        for layer in reversed(regions.layers_of(pool)):
            for spelling in (str(scheme), "all"):
                loaded = self.packs.get((layer, spelling, benefit))
                if loaded:
                    for rule in loaded.pack.rules:
                        yield layer, rule

    def pools(self) -> list[str]:
        """Codes of the regions, nation excluded, that have packs of their own."""
        return sorted({pool for pool, _, _ in self.packs if pool != NATION})


@lru_cache(maxsize=1)
def book() -> RuleBook:
    """The shipped rule book. Raises PackProblem for the first pack that is not in order."""
    return load(data_path("policies"))


def load(folder: Path) -> RuleBook:
    """Read and check every pack below `folder`. Raises PackProblem for the first fault."""
    faults: list[PackProblem] = []
    loaded = read_all(folder, faults)
    if faults:
        raise faults[0]
    return loaded


def read_all(folder: Path, faults: list[PackProblem]) -> RuleBook:
    """Read every pack below `folder`, collecting the faults instead of raising them."""
    sources = _register(folder / "sources.yaml", TypeAdapter(dict[str, DocumentDoc]), faults)
    conflicts = _register(folder / "conflicts.yaml", TypeAdapter(dict[str, ConflictDoc]), faults)
    packs: dict[tuple[str, str, str], LoadedPack] = {}
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.yaml")):
        digest.update(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes())
        if path.parent == folder:
            continue
        loaded = _read_pack(path, faults)
        if loaded is None:
            continue
        if loaded.key in packs:
            first = packs[loaded.key].document.path
            faults.append(_problem(loaded, (), f"与 {first} 是同一统筹区、险种与待遇", "合并成一个文件"))
        packs[loaded.key] = loaded
        faults.extend(_check(loaded, sources, conflicts))
    return RuleBook(packs, sources, conflicts, digest.hexdigest())


def _register(
    path: Path, adapter: TypeAdapter[dict[str, Entry]], faults: list[PackProblem]
) -> dict[str, Entry]:
    document = yaml_lines.read(path)
    try:
        return adapter.validate_python(document.data)
    except ValidationError as error:
        faults.extend(problems(document, error, GUIDE))
        return {}


def _read_pack(path: Path, faults: list[PackProblem]) -> LoadedPack | None:
    try:
        document = yaml_lines.read(path)
        benefit = document.data.get("benefit") if isinstance(document.data, dict) else None
        model: type[Pack] | type[FilingPack] = FilingPack if benefit == "filing" else Pack
        return LoadedPack(model.model_validate(document.data), document)
    except ValidationError as error:
        faults.extend(problems(document, error, GUIDE))
    except PackProblem as problem:
        faults.append(problem)
    return None


def _problem(loaded: LoadedPack, place: yaml_lines.Place, what: str, remedy: str) -> PackProblem:
    return PackProblem(file=loaded.document.path, line=loaded.document.line(place), what=what, remedy=remedy)


def _check(
    loaded: LoadedPack, sources: dict[str, DocumentDoc], conflicts: dict[str, ConflictDoc]
) -> Iterator[PackProblem]:
    """What one pack must hold beyond its shape: known regions, diseases, sources, conflicts; dates in order."""
    if loaded.pack.pool != NATION and not regions.is_known(loaded.pack.pool):
        yield _problem(loaded, ("pool",), f"区划代码 {loaded.pack.pool} 不存在", "核对医保区划代码")
    names: set[str] = set()
    for index, rule in enumerate(loaded.pack.rules):
        if rule.id in names:
            yield _problem(loaded, ("rules", index, "id"), f"规则编号 {rule.id} 重复", "改成唯一的编号")
        names.add(rule.id)
        for source in _sources_of(rule):
            if source.id not in sources:
                yield _problem(
                    loaded,
                    ("rules", index),
                    f"来源 {source.id} 未登记",
                    "在 policies/sources.yaml 中登记该文件",
                )
        for conflict in rule.contests:
            if conflict not in conflicts:
                yield _problem(
                    loaded,
                    ("rules", index, "contests"),
                    f"冲突 {conflict} 未登记",
                    "在 policies/conflicts.yaml 中登记",
                )
        yield from _check_diseases(loaded, index, rule)
        if rule.adopted:
            yield from _check_adopted_sources(loaded, index, rule)
    yield from _check_dates(loaded)


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
            yield _problem(
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
            yield _problem(
                loaded,
                ("rules", index, *place),
                f"病种代码 {code} 不存在",
                "核对 reference/chronic_diseases.csv",
            )
    for code, disease in rule.diseases.items():
        if disease.class_ not in rule.classes:
            yield _problem(
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


def _check_dates(loaded: LoadedPack) -> Iterator[PackProblem]:
    """No two adopted rules may state one component on one day, nor leave a hole between two versions of it."""
    spans: dict[str, list[tuple[InForce, int]]] = {}
    for index, rule in enumerate(loaded.pack.rules):
        if rule.adopted:
            for name in components_of(rule):
                spans.setdefault(name, []).append((rule.in_force, index))
    for name, versions in sorted(spans.items()):
        ordered = sorted(versions, key=lambda version: version[0].first_day)
        for (earlier, _), (later, index) in pairwise(ordered):
            place = ("rules", index, "in_force")
            if earlier.until is None or later.first_day <= earlier.until:
                yield _problem(
                    loaded, place, f"“{name}”有两条已采用的规则日期重叠", "只采用一条，或写明 until"
                )
            elif later.first_day > earlier.until + timedelta(days=1):
                hole = f"{earlier.until + timedelta(days=1)} 至 {later.first_day - timedelta(days=1)}"
                yield _problem(
                    loaded, place, f"“{name}”在 {hole} 没有规则", "补上这段日期的规则，或核对起止日期"
                )


def in_force(rule: Any, day: date) -> bool:
    """Whether a statement answers for a day of service."""
    covers: bool = rule.in_force.covers(day)
    return covers
