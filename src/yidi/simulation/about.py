"""What the numbers of a report rest on: rules, visits, parameters. Nothing about machines or times of day."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from yidi import __version__
from yidi.simulation.charts import Said
from yidi.simulation.parameters import ASSUMED, value_text

BASE, REFORM = Said("现行规则", "rules in force"), Said("比较规则", "rules compared")
GIVEN = Said("就诊数据由使用者提供。", "The visits were given by the user.")
MADE_UP = Said(
    "就诊数据是按下列参数随机生成的合成数据，不对应任何真实的人和就诊；结果只能说明规则如何起作用，不能代替实际基金支出。",
    "The visits are synthetic, drawn at random by the parameters below; they are no real people's. The results show how "
    "the rules work, and do not stand for what the funds really spend.",
)
ASKED = {
    "people": "人数",
    "visits": "就诊次数",
    "year": "年度",
    "seed": "随机数种子",
    "answered_only": "只生成规则库能作答的就诊",
    "unverified": "作答时可用未核实的口径",
    "rules": "生成时所据规则库的摘要",
}
"""What is asked of the generator of visits."""


@dataclass(frozen=True, slots=True)
class RuleSet:
    """One set of rules."""

    digest: str
    """SHA-256 of the rule book."""
    title: Said = BASE
    reading: str = ""
    """A reading called by name instead of the adopted ones."""
    unverified: bool = False
    """Whether values that are not verified answer where nothing better does."""


@dataclass(frozen=True, slots=True)
class Stated:
    """One parameter or fact about the data, as text."""

    name: str
    zh: str
    value: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class VisitFile:
    """A file of visits, with its SHA-256."""

    name: str
    rows: int
    digest: str


@dataclass(frozen=True, slots=True)
class About:
    """What the numbers rest on."""

    base: RuleSet
    reform: RuleSet | None = None
    synthetic: bool = False
    """Whether the visits are made up."""
    data: Said = GIVEN
    """Where the visits come from."""
    parameters: tuple[Stated, ...] = ()
    files: tuple[VisitFile, ...] = ()
    version: str = __version__

    @property
    def rule_sets(self) -> tuple[RuleSet, ...]:
        """The sets of rules, by side."""
        return (self.base,) if self.reform is None else (self.base, self.reform)

    @classmethod
    def of_run(cls, manifest: Mapping[str, Any], visits: Mapping[str, Any]) -> "About":
        """What a run wrote down when it began (`plan.manifest`), and its files of visits of themselves."""
        rules, generator = manifest["rules"], visits.get("generator")
        if not isinstance(generator, dict):  # another's file may say anything
            generator = None
        how = {"reading": rules["reading"], "unverified": rules["unverified"]}
        files = (
            VisitFile(file["name"], file["rows"], file["sha256"]) for file in manifest["visits"]["files"]
        )
        return cls(
            base=RuleSet(rules["base"], BASE, **how),
            reform=RuleSet(rules["reform"], REFORM, **how) if rules["reform"] else None,
            synthetic=generator is not None,
            data=GIVEN if generator is None else MADE_UP,
            parameters=_stated(generator or {}),
            files=tuple(files),
            version=manifest["yidi"],
        )


def _stated(generator: Mapping[str, Any]) -> tuple[Stated, ...]:
    """What the generator's files say it drew by; nothing where another has written there."""
    try:
        return tuple(_parameters(generator))
    except (TypeError, KeyError, AttributeError, ArithmeticError):
        return ()


def _parameters(generator: Mapping[str, Any]) -> Iterator[Stated]:
    for name, zh in ASKED.items():
        if generator.get(name) is not None:
            value = generator[name]
            yield Stated(
                name, zh, {True: "是", False: "否"}[value] if isinstance(value, bool) else str(value)
            )
    for row in generator.get("parameters", ()):
        source = "假定（assumed）" if row["source"] == ASSUMED else row["source"]
        source = "；".join(part for part in (source, row["note"]) if part)
        yield Stated(row["name"], row["zh"], value_text(Decimal(row["value"]), row["unit"]), source)
