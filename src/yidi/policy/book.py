"""The rule book: all packs of a folder, read once and checked as a whole."""

import hashlib
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from yidi.policy import yaml_lines
from yidi.policy.check import check_dates, check_pack
from yidi.policy.check_together import check_together
from yidi.policy.errors import PackProblem
from yidi.policy.faults import problems
from yidi.policy.loaded import LoadedPack, problem
from yidi.policy.pack import ConflictDoc, DocumentDoc, kind_of_pack
from yidi.reference import regions
from yidi.resources import data_path
from yidi.values.terms import Scheme

Entry = TypeVar("Entry", DocumentDoc, ConflictDoc)
NATION = regions.NATION
GUIDE = "docs/policy-language.md"
"""Where the language of packs is described."""


@dataclass(frozen=True)
class RuleBook:
    """All packs of a folder, with the registers of sources and conflicts that they cite."""

    packs: dict[tuple[str, str, str], LoadedPack]
    sources: dict[str, DocumentDoc]
    conflicts: dict[str, ConflictDoc]
    digest: str
    """SHA-256 over every file of the folder, names included."""
    asked: dict[Hashable, list[tuple[str, Any]]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    """What lookups remember: the statements that may be used, by what was asked. Of no meaning to anybody else."""

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
            faults.append(problem(loaded, (), f"与 {first} 是同一统筹区、险种与待遇", "合并成一个文件"))
        packs[loaded.key] = loaded
        faults.extend(check_pack(loaded, sources, conflicts))
    faults.extend(check_dates(packs.values()))
    faults.extend(check_together(packs.values()))
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
        return LoadedPack(kind_of_pack(document.data).model_validate(document.data), document)
    except ValidationError as error:
        faults.extend(problems(document, error, GUIDE))
    except PackProblem as fault:
        faults.append(fault)
    return None
