"""What is wrong with a YAML document that does not have its model's shape, said so that it can be mended."""

import re
from collections.abc import Iterator

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from yidi.policy.errors import PackProblem
from yidi.policy.yaml_lines import Document, Place
from yidi.values.errors import BadValue

_REMEDIES = {
    "extra_forbidden": ("不认识的键", "删去它，或改成 {guide} 中的写法"),
    "missing": ("缺少必需的键", "补上它"),
    "enum": ("取值不在规定范围", "改成允许的取值：{allowed}"),
    "literal_error": ("取值不在规定范围", "改成允许的取值：{allowed}"),
    "string_type": ("应为文字", "写成一个词或一句话，必要时加引号"),
    "bool_parsing": ("应为是或否", "写成 true 或 false"),
    "bool_type": ("应为是或否", "写成 true 或 false"),
    "string_pattern_mismatch": ("不能为空，前后也不能有空格", "写一个词或一句话"),
    "too_short": ("内容太少", "至少写一项"),
    "too_long": ("内容太多", "删去多余的项"),
    "greater_than": ("数字太小", "写成正数"),
    "greater_than_equal": ("数字太小", "写成零或正数"),
    "less_than": ("数字太大", "改小，或核对写法"),
    "less_than_equal": ("数字太大", "改小，或核对写法"),
    "int_parsing": ("应为整数", "写成整数"),
    "int_type": ("应为整数", "写成整数"),
    "int_from_float": ("应为整数", "写成整数"),
    "tuple_type": ("应为列表", "用 [ ] 或逐行的 - 列出"),
    "dict_type": ("应为成组的键与值", "写成 键: 值"),
    "model_type": ("应为成组的键与值", "写成 键: 值"),
    "union_tag_invalid": ("写法不在允许之列", "改成 {guide} 中的写法"),
}
"""What to say about a pydantic error type, and what to do about it."""


def problems(document: Document, error: ValidationError, guide: str) -> Iterator[PackProblem]:
    """One problem for each place at fault, from the top of the file down; `guide` names where the shape is described.

    The members of a union report the same place once each: they are one problem. A list is told to be too short where
    none of its items is what it should be, too: then the items are the problem.
    """
    faults: dict[Place, list[ErrorDetails]] = {}
    told = error.errors()
    for item in told:
        if item["type"] == "too_short" and any(_within(other["loc"], item["loc"]) for other in told):
            continue
        place = _place(document, item["loc"])
        named = (*place, item["loc"][-1]) if item["type"] == "missing" else place
        faults.setdefault(named, []).append(item)
    for named, items in sorted(faults.items(), key=lambda fault: document.line(fault[0])):
        what, remedy = _said(items, guide)
        yield PackProblem(
            file=document.path,
            line=document.line(named),
            place=named,
            what=f"{'.'.join(map(str, named)) or '整个文件'}：{what}",
            remedy=remedy,
        )


def _within(inner: tuple[int | str, ...], outer: tuple[int | str, ...]) -> bool:
    return len(inner) > len(outer) and inner[: len(outer)] == outer


def _said(items: list[ErrorDetails], guide: str) -> tuple[str, str]:
    """What is wrong with a place, and what to do about it."""
    own = items[0].get("ctx", {}).get("error")
    said = items[0]["msg"].removeprefix("Value error, ")
    if isinstance(own, BadValue):
        said = "“{text}”不是有效的{what}（{why}）".format(**own.details)
    known = [_REMEDIES.get(item["type"], (said, "按提示改正")) for item in items]
    expected = " ".join(item.get("ctx", {}).get("expected", "") for item in items)
    allowed = "、".join(re.findall("'([^']*)'", expected))
    remedies = dict.fromkeys(remedy.format(allowed=allowed, guide=guide) for _, remedy in known)
    return known[0][0], "，或".join(remedies)


def _place(document: Document, loc: tuple[int | str, ...]) -> Place:
    """The part of a pydantic location that exists in the file: the names of union members are not in it."""
    place: Place = ()
    for part in loc:
        if (*place, part) in document.lines:
            place = (*place, part)
    return place
