"""The language of packs in words: every form and shape, read from language.yaml, for the reference page and editors."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel

from yidi.policy import yaml_lines
from yidi.policy.forms import Doc
from yidi.policy.pack import KINDS_OF_PACK, AnyPack, ConflictDoc, DocumentDoc, Pack

FILE = Path(__file__).with_name("language.yaml")


@dataclass(frozen=True, slots=True)
class Form:
    """A form of the language: what it is called and means, and what each of its keys means."""

    model: type[BaseModel]
    zh: str
    en: str
    says: str
    order: str
    """When it is applied."""
    example: str
    """YAML that has the form."""
    test: str
    """Where it is proved, as `file` or `file::function`."""
    keys: Mapping[str, str]
    """The meaning of every key, by the key as it is written."""


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    data: dict[str, Any] = yaml_lines.read(FILE).data
    return data


def forms() -> list[Form]:
    """Every form that may stand in a file under policies/, in the order in which a reader meets them.

    Raises LookupError where a form or a key of the models is not described, or one is described that is not there.
    """
    described, common, models = _data()["forms"], _data()["keys"], grammar()
    strangers = described.keys() ^ models.keys()
    if strangers:
        raise LookupError(f"described or in the models, not both: {sorted(strangers)}")
    return [_form(models[name], words, common) for name, words in described.items()]


def _form(model: type[BaseModel], words: Mapping[str, Any], common: Mapping[str, str]) -> Form:
    own = words.get("keys", {})
    names = [field.alias or name for name, field in model.model_fields.items()]
    silent = [name for name in names if name not in own and name not in common]
    strangers = [name for name in own if name not in names]
    if silent or strangers:
        raise LookupError(
            f"{model.__name__}: keys not described {silent}, described but not there {strangers}"
        )
    return Form(
        model=model,
        zh=words["zh"],
        en=words["en"],
        says=words["says"],
        order=words["order"],
        example=words["example"],
        test=words["test"],
        keys={name: str(own.get(name, common.get(name))) for name in names},
    )


def shapes() -> list[dict[str, Any]]:
    """G-01 … G-25: what the rules of a region may look like, each with packs and worked bills."""
    found: list[dict[str, Any]] = _data()["shapes"]
    return found


def grammar() -> dict[str, type[BaseModel]]:
    """Every model that a file under policies/ may hold, by its name."""
    found: dict[str, type[BaseModel]] = {}
    pending: list[type[BaseModel]] = [Pack, *KINDS_OF_PACK.values(), DocumentDoc, ConflictDoc]
    while pending:
        model = pending.pop()
        if model.__name__ not in found:
            found[model.__name__] = model
            pending += [inner for field in model.model_fields.values() for inner in _models(field.annotation)]
            pending += [inner for field in model.model_fields.values() for inner in _models(field.metadata)]
    return found


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    """The models that an annotation speaks of, however deep."""
    if isinstance(annotation, type) and issubclass(annotation, Doc):
        yield annotation
    for inner in annotation if isinstance(annotation, list | tuple) else get_args(annotation):
        yield from _models(inner)


def kinds_of_pack() -> list[type[AnyPack]]:
    """The kinds of pack, each once."""
    return list(dict.fromkeys((Pack, *KINDS_OF_PACK.values())))


def prose(part: str) -> list[str]:
    """The sentences of a part: `lookup`, `computation` or `refused`."""
    found: list[str] = _data()[part]
    return found
