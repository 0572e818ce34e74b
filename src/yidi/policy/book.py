"""The rule book: all packs of a folder, read once and checked as a whole."""

import hashlib
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from yidi.policy import yaml_lines
from yidi.policy.check import check_dates, check_pack
from yidi.policy.check_together import check_together
from yidi.policy.errors import PackProblem
from yidi.policy.faults import problems
from yidi.policy.forms import SourceDoc
from yidi.policy.loaded import LoadedPack, problem, sources_of
from yidi.policy.pack import ConflictDoc, DocumentDoc, kind_of_pack
from yidi.reference import regions
from yidi.resources import data_path
from yidi.values.periods import last_day_of_term
from yidi.values.terms import Scheme

Entry = TypeVar("Entry", DocumentDoc, ConflictDoc)
NATION = regions.NATION
GUIDE = "docs/policy-language.md"
"""Where the language of packs is described."""


@dataclass(frozen=True, eq=False)
class RuleBook:
    """All packs of a folder, with the registers of sources and conflicts that they cite. One is only ever itself."""

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

    def known_since(self, source: SourceDoc) -> date:
        """The first recorded day on which a statement could be known.

        What the statement itself says; else the earliest of the day on which its document was issued (the last day of
        the month or year, where no more is written), a day on which the document is shown to have been there, and the
        day on which it was checked. `in_force` says nothing about it: a rule may be known before or after it holds.
        """
        document = self.sources.get(source.id)
        issued = _last_day(document.issued) if document and document.issued else None
        recorded = (issued, document.known if document else None, source.checked)
        return source.known or min(day for day in recorded if day is not None)

    def first_known(self) -> date | None:
        """The first day on which any statement of the book could be known; None of an empty book."""
        sources = (
            source
            for loaded in self.packs.values()
            for rule in loaded.pack.rules
            for _, source in sources_of(rule)
        )
        return min(map(self.known_since, sources), default=None)

    def as_known_on(self, day: date) -> "RuleBook":
        """The book as far as it could be known on a day: without rules and values whose source came to be known later.

        Ask the new book about any day of service: what a decision of `day` could have rested on. A value with a source
        of its own goes and comes by that source; a rule whose source was not known yet goes whole. What is missing is
        refused by name, as ever. Worked bills are left out, since they prove the whole. The digest is another one; a
        book of which everything was known is the book itself. To replay a decision that was made, take the rule set by
        the digest that it names instead: that is what the engine held, this is what could be known.
        """

        def known(source: SourceDoc) -> bool:
            return self.known_since(source) <= day

        packs = {key: _as_known(loaded, known) for key, loaded in self.packs.items()}
        if all(packs[key] is loaded for key, loaded in self.packs.items()):
            return self
        left = {key: _without_examples(loaded) for key, loaded in packs.items() if loaded.pack.rules}
        digest = hashlib.sha256(f"{self.digest} as known on {day}".encode())
        return RuleBook(left, self.sources, self.conflicts, digest.hexdigest())


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


def _last_day(written: str) -> date:
    """The last day that a written day, month or year may mean."""
    year, month, day = (*map(int, written.split("-")), 0, 0)[:3]
    if day:
        return date(year, month, day)
    return last_day_of_term(date(year, month or 1, 1), 1 if month else 12)


Known = Callable[[SourceDoc], bool]


def _as_known(loaded: LoadedPack, known: Known) -> LoadedPack:
    """A pack without what was not known; the pack itself where everything was."""
    left = {index: _known_part(rule, known) for index, rule in enumerate(loaded.pack.rules)}
    kept = {index: rule for index, rule in left.items() if rule is not None}
    if len(kept) == len(left) and all(kept[index] is rule for index, rule in enumerate(loaded.pack.rules)):
        return loaded
    pack = loaded.pack.model_copy(update={"rules": tuple(kept.values())})
    return LoadedPack(pack, _document_of(loaded.document, tuple(kept)))


def _known_part(item: Any, known: Known) -> Any:
    """A part of a pack without what has a source that was not known; None where that is its own."""
    if isinstance(item, dict):
        inner = {key: _known_part(value, known) for key, value in item.items()}
        same = all(inner[key] is value for key, value in item.items())
        return item if same else {key: value for key, value in inner.items() if value is not None}
    if isinstance(item, tuple):
        parts = tuple(_known_part(value, known) for value in item)
        same = all(new is old for new, old in zip(parts, item, strict=True))
        return item if same else tuple(part for part in parts if part is not None)
    if not isinstance(item, BaseModel):
        return item
    source = getattr(item, "source", None)
    if isinstance(source, SourceDoc) and not known(source):
        return None
    changed = {}
    for name, stated in type(item).model_fields.items():
        value = getattr(item, name)
        part = _known_part(value, known)
        if part is not value:
            changed[name] = part or stated.get_default()
    return item.model_copy(update=changed) if changed else item


def _without_examples(loaded: LoadedPack) -> LoadedPack:
    return LoadedPack(loaded.pack.model_copy(update={"examples": ()}), loaded.document)


def _document_of(document: yaml_lines.Document, kept: tuple[int, ...]) -> yaml_lines.Document:
    """A pack's file with some of its rules only: places count these, lines stay those of the file."""
    numbers = {old: new for new, old in enumerate(kept)}
    lines: dict[yaml_lines.Place, int] = {}
    for place, line in document.lines.items():
        if place[:1] != ("rules",) or len(place) == 1:
            lines[place] = line
        elif place[1] in numbers:
            lines["rules", numbers[place[1]], *place[2:]] = line
    rules = [document.data["rules"][index] for index in kept]
    return yaml_lines.Document(document.path, {**document.data, "rules": rules}, lines)
