"""How an institution's client wants its replies where it differs from the national form (interface §1.5, §8, §9).

What can be tolerated for everyone is tolerated for everyone (`nodes`, `fields`, `paths`). Here is only what changes the
shape of a reply, which two clients want in two ways.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from yidi.gateway.errors import BadDialect
from yidi.values.terms import Term


class Names(Term):
    """How the names of nodes and fields in `output` are spelt."""

    PRINTED = "printed", "与规范一致", "as printed"
    CAMEL = "camel", "驼峰", "camel case"
    SNAKE = "snake", "下划线", "snake case"


class Dialect(BaseModel):
    """The form of an institution's replies."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    infcode_text: bool = False
    """`infcode` as the text "0" or "-1": clients compare the raw value with "0"."""
    output_text: bool = False
    """`output` as the JSON text of itself."""
    amounts_text: bool = False
    """Amounts, N(16,2), as text with two decimals."""
    names: Names = Names.PRINTED
    older_results: bool = False
    """`stmt_rslt` of 3201 and 3202 in one digit, as older versions have it."""
    part_am: bool = False
    """`psn_part_am` beside `psn_part_amt`."""
    wrapped: bool = False
    """`code`, `type`, `message` and `data` beside the envelope, also where all went well."""
    nodes: Mapping[str, str] = Field(default_factory=dict)
    """Other names of nodes in `output`, such as `result` for `signinoutb`."""
    both_spellings: Mapping[str, str] = Field(default_factory=dict)
    """A second name for fields in `output`, beside the first."""


NATIONAL = Dialect()
PRESETS: Mapping[str, Dialect] = MappingProxyType(
    {
        "national": NATIONAL,
        "guangzhou": Dialect(
            part_am=True,
            wrapped=True,
            nodes={"signinoutb": "result"},
            both_spellings={"setl_optins": "clr_optins"},
        ),
        "hebei": NATIONAL,
        "jiangsu": Dialect(infcode_text=True),
        "zhongshan": Dialect(names=Names.SNAKE),
        "hunan": Dialect(infcode_text=True),
        "jiangxi": Dialect(output_text=True),
    }
)
"""Dialects by the place whose client showed them (interface §8): G, Hebei of O, T, Z, H, X.

Hebei differs in its addresses alone, which are open to all. `jiangsu`: T reads `infcode` as text. `zhongshan`: Z turns
camel into snake case when it sends and expects it back. `jiangxi`: X sends `input` as text and reads `output` so."""


def preset(name: str) -> Dialect:
    """The dialect of a place. Raises BadDialect."""
    if name not in PRESETS:
        raise _bad(name, "没有这种方言")
    return PRESETS[name]


def changed(base: Dialect, options: Mapping[str, str]) -> Dialect:
    """A dialect with some options set by their texts, such as `infcode_text` = `true`. Raises BadDialect."""
    for name, text in options.items():
        if name not in _SIMPLE:
            raise _bad(f"{name}={text}", "没有这一项")
        try:
            base = base.model_copy(update={name: _SIMPLE[name].validate_python(text)})
        except ValidationError:
            raise _bad(f"{name}={text}", "值无效") from None
    return base


def stored(dialect: Dialect) -> dict[str, Any]:
    """What an institution's column keeps of a dialect."""
    return dialect.model_dump(mode="json", exclude_defaults=True)


def of(column: Mapping[str, Any]) -> Dialect:
    """The dialect that an institution's column keeps."""
    return Dialect.model_validate(column) if column else NATIONAL


_SIMPLE: Mapping[str, TypeAdapter[Any]] = {
    name: TypeAdapter(field.annotation)
    for name, field in Dialect.model_fields.items()
    if field.annotation in (bool, Names)
}


def _bad(given: str, why: str) -> BadDialect:
    return BadDialect(given=given, why=why, presets="、".join(PRESETS), options="、".join(_SIMPLE))
