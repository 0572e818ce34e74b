"""YAML as packs need it: exact numbers, no doubled keys, and the line on which everything stands.

Decimals stay text (no float comes near a rule) and only `true` and `false` are booleans, so that the key `on` is a word.
"""

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from yidi.policy.errors import PackProblem
from yidi.values.system import reason

Place = tuple[str | int, ...]
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WHOLE = re.compile(r"0|-?[1-9][0-9]{0,17}")
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
    """Parse a file. Raises PackProblem where it is missing, no YAML, holds a key twice, or uses an alias."""
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=_Loader)
        builder = _Builder(path, {}, set())
        return Document(path, builder.build(node, ()) if node else {}, builder.lines)
    except UnicodeDecodeError:
        raise PackProblem(
            file=path, line=1, what="不是有效的 YAML（不是 UTF-8 文本）", remedy="另存为 UTF-8 文本"
        ) from None
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        said = " ".join(str(getattr(error, "problem", None) or error).split())
        raise PackProblem(
            file=path,
            line=mark.line + 1 if mark else 1,
            what=f"不是有效的 YAML（{said}）",
            remedy="检查缩进、冒号后的空格与引号",
        ) from None
    except OSError as error:
        raise PackProblem(
            file=path, line=1, what=f"文件不能读取（{reason(error)}）", remedy="补上该文件，或核对其权限"
        ) from None


@dataclass(frozen=True, slots=True)
class _Builder:
    """Turns the nodes of one file into plain data, noting the line of each place."""

    path: Path
    lines: dict[Place, int]
    seen: set[int]

    def build(self, node: yaml.Node, place: Place) -> Any:
        # An alias is the same node again: it could hold itself, or grow a small file without bound.
        if id(node) in self.seen:
            raise self.problem(node, "用了别名（* 或 &）", "把内容逐处写明")
        self.seen.add(id(node))
        self.lines[place] = node.start_mark.line + 1
        if isinstance(node, yaml.MappingNode):
            return self.mapping(node, place)
        if isinstance(node, yaml.SequenceNode):
            return [self.build(item, (*place, index)) for index, item in enumerate(node.value)]
        return _scalar(node)

    def mapping(self, node: yaml.MappingNode, place: Place) -> dict[str, Any]:
        built: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            if key in built:
                raise self.problem(key_node, f"键“{key}”写了两次", "只保留一处")
            built[key] = self.build(value_node, (*place, key))
            self.lines[(*place, key)] = key_node.start_mark.line + 1
        return built

    def problem(self, node: yaml.Node, what: str, remedy: str) -> PackProblem:
        return PackProblem(file=self.path, line=node.start_mark.line + 1, what=what, remedy=remedy)


def _scalar(node: yaml.Node) -> Any:
    """The value of a scalar: a word, a date, a whole number written plainly; everything else stays text."""
    text = str(node.value)
    if getattr(node, "style", None) in ("'", '"', "|", ">"):
        return text
    if _DATE.fullmatch(text):
        return _date(text)
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    return int(text) if _WHOLE.fullmatch(text) else text


def _date(text: str) -> date | str:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text
