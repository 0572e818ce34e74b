"""YAML as packs need it: exact numbers, no doubled keys, and the line on which everything stands.

Decimals stay text (no float comes near a rule) and only `true` and `false` are booleans, so that the key `on` is a word.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from yidi.policy.errors import PackProblem

Place = tuple[str | int, ...]
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed file: its data, and the line of each place in it."""

    path: Path
    data: Any
    lines: dict[Place, int]

    def line(self, place: Place) -> int:
        """The line of a place, or of the nearest place around it."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)


def read(path: Path) -> Document:
    """Parse a file. Raises PackProblem where it is no YAML or holds a key twice."""
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=_Loader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        raise PackProblem(
            file=path,
            line=mark.line + 1 if mark else 1,
            what=f"不是有效的 YAML（{getattr(error, 'problem', None) or error}）",
            remedy="检查缩进、冒号后的空格与引号",
        ) from None
    lines: dict[Place, int] = {}
    return Document(path, _build(path, node, (), lines) if node else {}, lines)


def _build(path: Path, node: yaml.Node, place: Place, lines: dict[Place, int]) -> Any:
    lines[place] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        return _mapping(path, node, place, lines)
    if isinstance(node, yaml.SequenceNode):
        return [_build(path, item, (*place, index), lines) for index, item in enumerate(node.value)]
    return _scalar(node)


def _mapping(path: Path, node: yaml.MappingNode, place: Place, lines: dict[Place, int]) -> dict[str, Any]:
    built: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = str(key_node.value)
        if key in built:
            raise PackProblem(
                file=path, line=key_node.start_mark.line + 1, what=f"键“{key}”写了两次", remedy="只保留一处"
            )
        built[key] = _build(path, value_node, (*place, key), lines)
        lines[(*place, key)] = key_node.start_mark.line + 1
    return built


def _scalar(node: yaml.ScalarNode) -> Any:
    if node.style in ("'", '"', "|", ">"):
        return node.value
    text = str(node.value)
    if node.tag == "tag:yaml.org,2002:timestamp":
        return date.fromisoformat(text)
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    if node.tag == "tag:yaml.org,2002:int" and text.lstrip("-").isdigit():
        return int(text) if str(int(text)) == text else text
    return text
