"""Code lists of the national interface: what a coded field may hold and what it means."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import yaml

from yidi.reference.errors import UnknownCode, UnknownDictionary
from yidi.resources import data_path

EDITION = date(2026, 11, 30)
"""The day on which the dictionaries were last changed."""

# The C loader reads the file some ten times faster; not every build of PyYAML has it.
Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@lru_cache(maxsize=1)
def _dictionaries() -> dict[str, dict[str, Any]]:
    with data_path("reference", "dictionaries.yaml").open(encoding="utf-8") as file:
        return yaml.load(file, Loader)["dictionaries"]  # noqa: S506 - a safe loader, chosen above


def _entry(name: str) -> dict[str, Any]:
    try:
        return _dictionaries()[name]
    except KeyError:
        raise UnknownDictionary(text=name) from None


def names() -> tuple[str, ...]:
    """Every dictionary there is."""
    return tuple(_dictionaries())


def title(name: str) -> str:
    """The Chinese name of a dictionary. Raises UnknownDictionary."""
    return str(_entry(name)["label"])


@lru_cache
def dictionary(name: str, *, unconfirmed: bool = False) -> Mapping[str, str]:
    """The national codes of a dictionary; with `unconfirmed` also those that no source shows.

    Raises UnknownDictionary.
    """
    entry = _entry(name)
    extra = entry.get("unconfirmed", {}) if unconfirmed else {}
    return MappingProxyType({**extra, **entry.get("codes", {})})


@lru_cache
def local_codes(name: str) -> Mapping[str, frozenset[str]]:
    """Codes seen in single regions only, with every meaning seen: they clash. Raises UnknownDictionary."""
    meanings: dict[str, set[str]] = {}
    for codes in _entry(name).get("local", {}).values():
        for code, meaning in codes.items():
            meanings.setdefault(code, set()).add(meaning)
    return MappingProxyType({code: frozenset(found) for code, found in meanings.items()})


def is_code(name: str, code: str, tolerant: bool = True) -> bool:
    """Whether the dictionary has the code; `tolerant` also takes local and unconfirmed ones.

    Raises UnknownDictionary.
    """
    if code in dictionary(name, unconfirmed=tolerant):
        return True
    return tolerant and code in local_codes(name)


def label(name: str, code: str) -> str:
    """What the code means: nationally, else by inference, else locally where all regions agree.

    Raises UnknownDictionary, and UnknownCode where the dictionary has no such code or its meanings clash.
    """
    national = dictionary(name, unconfirmed=True).get(code)
    if national is not None:
        return national
    meanings = local_codes(name).get(code, frozenset())
    if len(meanings) != 1:
        raise UnknownCode(text=code, what=title(name), what_en=name)
    return next(iter(meanings))
