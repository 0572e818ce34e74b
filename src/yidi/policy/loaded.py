"""A pack with the file it came from, and how a fault in it is told."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, TypeVar

from pydantic import BaseModel

from yidi.policy import yaml_lines
from yidi.policy.errors import PackProblem
from yidi.policy.forms import SourceDoc
from yidi.policy.pack import AnyPack
from yidi.reference import regions

Part = TypeVar("Part", bound=BaseModel)
Fault = tuple[yaml_lines.Place, str, str]
"""A place within a rule, what is wrong there, and what to do."""
REMEMBERED = 2048
"""Of how many documents the parts are remembered: of every rule and worked bill of a book of some hundreds of files."""


@dataclass(frozen=True, slots=True)
class LoadedPack:
    """A pack with the file it came from."""

    pack: AnyPack
    document: yaml_lines.Document

    @property
    def key(self) -> tuple[str, str, str]:
        """(pool, scheme, benefit): at most one file each."""
        return self.pack.pool, str(self.pack.scheme), str(self.pack.benefit)

    def speaks_with(self, other: "LoadedPack") -> bool:
        """Whether both may speak for one and the same pool and scheme."""
        mine, theirs = self.pack, other.pack
        schemes = "all" in (mine.scheme, theirs.scheme) or mine.scheme == theirs.scheme
        return schemes and (_above(mine.pool, theirs.pool) or _above(theirs.pool, mine.pool))


def _above(pool: str, of: str) -> bool:
    return pool == of or ((of == regions.NATION or regions.is_known(of)) and pool in regions.layers_of(of))


def problem(loaded: LoadedPack, place: yaml_lines.Place, what: str, remedy: str) -> PackProblem:
    """A fault at a place of a pack's file."""
    return PackProblem(file=loaded.document.path, line=loaded.document.line(place), what=what, remedy=remedy)


class _Itself:
    """A document as a key: it is itself alone, whatever another may say alike."""

    __slots__ = ("document",)

    def __init__(self, document: Any) -> None:
        self.document = document

    def __hash__(self) -> int:
        return id(self.document)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Itself) and self.document is other.document


def parts(item: Any) -> tuple[tuple[yaml_lines.Place, BaseModel], ...]:
    """A document and every document in it, each with its place. Every check asks for them: they are found once."""
    return _parts(_Itself(item))


@lru_cache(maxsize=REMEMBERED)
def _parts(itself: _Itself) -> tuple[tuple[yaml_lines.Place, BaseModel], ...]:
    return tuple(_walk(itself.document, ()))


def _walk(item: Any, place: yaml_lines.Place) -> Iterator[tuple[yaml_lines.Place, BaseModel]]:
    if isinstance(item, BaseModel):
        yield place, item
        for key, name in _keys(type(item)):
            value = getattr(item, name)
            if isinstance(value, BaseModel | dict | tuple):
                yield from _walk(value, (*place, key))
    elif isinstance(item, dict):
        for key, value in item.items():
            yield from _walk(value, (*place, key))
    elif isinstance(item, tuple):
        for number, value in enumerate(item):
            yield from _walk(value, (*place, number))


@cache
def _keys(model: type[BaseModel]) -> tuple[tuple[str, str], ...]:
    """The keys of a model as they are written, with the names of its fields."""
    return tuple((field.alias or name, name) for name, field in model.model_fields.items())


def sources_of(rule: Any) -> Iterator[tuple[yaml_lines.Place, SourceDoc]]:
    """The rule's source and those of its components, wherever they stand, each with its place."""
    return ((place, part) for place, part in parts(rule) if isinstance(part, SourceDoc))


def docs(
    packs: Iterable[LoadedPack], kind: type[Part]
) -> Iterator[tuple[LoadedPack, yaml_lines.Place, Part]]:
    """Every document of a kind, with the pack and the place where it stands."""
    for loaded in packs:
        for index, rule in enumerate(loaded.pack.rules):
            for place, part in parts(rule):
                if isinstance(part, kind):
                    yield loaded, ("rules", index, *place), part
