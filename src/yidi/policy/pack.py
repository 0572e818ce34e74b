"""Packs as documents: what may stand in a YAML file under policies/, key by key.

One file is one region × scheme × benefit. A rule is one source's statement; it states one or more components
(deductible, share, ceiling, …). A component may carry a source of its own where the rule's source does not state it.
Amounts and shares are graded: one value, or one per standing, per level, or per standing and level.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag, model_validator

from yidi.values.errors import BadValue
from yidi.values.money import parse_percent, parse_yuan
from yidi.values.periods import Per
from yidi.values.terms import Benefit, FilingClass, FilingKind, Level, Material, Scheme, Situation, Standing

ADOPTABLE = ("A", "B", "S")
"""Grades whose readings may be adopted; C and R are loadable by name only (design §5)."""
CHECKED = "checked"
"""Written for `seen` where the source bears no date: it was seen in force on the day on which it was checked."""


class Doc(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


def _text(value: Any) -> Any:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _amount(value: Any) -> int:
    fen = parse_yuan(value)
    if fen < 0:
        raise BadValue(text=value, what="金额", why="不能为负")
    return fen


def _day(value: Any) -> Any:
    """A date as it stands; pydantic would also take a number, as seconds since 1970."""
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise ValueError("不是日期，应写成 2025-03-20 这样") from None


def _day_or_unknown(value: Any) -> Any:
    return value if value == "unknown" else _day(value)


_MONTH_OR_YEAR = re.compile(r"(19|20)\d\d(-(0[1-9]|1[0-2]))?")


def _written_date(value: Any) -> str:
    """A day, a month or a year, as far as the source writes it."""
    if _MONTH_OR_YEAR.fullmatch(str(value)):
        return str(value)
    try:
        return str(_day(value))
    except ValueError:
        raise ValueError("不是日期，应写成 2025-03-20；来源只写到月或年的，写成 2025-03 或 2025") from None


def _written_date_or_checked(value: Any) -> str:
    return CHECKED if value == CHECKED else _written_date(value)


Percent = Annotated[int, BeforeValidator(parse_percent, json_schema_input_type=str)]
"""Written `65%`, held as ppm."""
Yuan = Annotated[int, BeforeValidator(_amount, json_schema_input_type=str | int)]
"""Written in yuan, not negative, held as fen."""
Day = Annotated[date, BeforeValidator(_day, json_schema_input_type=str)]
WrittenDate = Annotated[str, BeforeValidator(_written_date, json_schema_input_type=str | int)]
"""`2025-03-20`, `2025-03` or `2025`: no more of a date than its source gives."""
Seen = Annotated[str, BeforeValidator(_written_date_or_checked, json_schema_input_type=str | int)]
"""A written date, or `checked`."""


def _shape(value: Any) -> str:
    """Which form a value is written in, so that a fault is reported for that form alone."""
    if isinstance(value, dict | BaseModel):
        return "table"
    return "list" if isinstance(value, list | tuple) else "plain"


OneForm = Discriminator(_shape)
Code = Annotated[str, BeforeValidator(_text, json_schema_input_type=str | int)]


class SourceDoc(Doc):
    """Where a statement stands: document, clause, quotation or fact id, grade, and when it was last looked at."""

    id: str
    clause: str = ""
    quote: str = ""
    grade: Literal["A", "B", "C", "R", "S"]
    facts: tuple[str, ...] = ()
    checked: Day
    reading: str = ""
    """Of a component's own source: whose reading its value is; empty = the rule's."""
    seen: Seen | None = None
    """Of a component's own source: when it shows the value in force; empty = on the day on which it was checked."""

    @model_validator(mode="after")
    def _has_a_place(self) -> "SourceDoc":
        if not (self.clause or self.quote or self.facts):
            raise ValueError("来源须写明条款、摘录或事实编号之一（clause / quote / facts）")
        return self


class InForce(Doc):
    """Dates as the source gives them; `from: unknown` is a value and needs the date on which it was seen in force."""

    from_: Annotated[date | Literal["unknown"], BeforeValidator(_day_or_unknown)] = Field(alias="from")
    seen: Seen | None = None
    until: Day | None = None

    @model_validator(mode="after")
    def _makes_sense(self) -> "InForce":
        if self.from_ == "unknown" and self.seen is None:
            raise ValueError("from: unknown 须同时写 seen（来源显示其有效的日期；来源没有日期的写 checked）")
        if self.until is not None and self.until < self.first_day(date.min):
            raise ValueError("until 早于开始日期")
        return self

    def first_day(self, checked: date) -> date:
        """The first day answered for: of a rule without a start, the first of the benefit year in which it was seen.

        `checked` is the day on which the source was looked at: it counts where the source bears no date.
        """
        if isinstance(self.from_, date):
            return self.from_
        year = int(self.seen[:4]) if self.seen and self.seen != CHECKED else checked.year
        return date(year, 1, 1)


class AmountTable(Doc):
    """An amount in yuan, or one per standing and/or level; `between` where a source gives a range only."""

    yuan: Yuan | None = None
    between: tuple[Yuan, Yuan] | None = None
    active: "AmountTable | None" = None
    retired: "AmountTable | None" = None
    minor: "AmountTable | None" = None
    adult: "AmountTable | None" = None
    senior: "AmountTable | None" = None
    village: "AmountTable | None" = None
    township: "AmountTable | None" = None
    primary: "AmountTable | None" = None
    secondary: "AmountTable | None" = None
    tertiary: "AmountTable | None" = None
    pharmacy: "AmountTable | None" = None

    @model_validator(mode="after")
    def _says_one_thing(self) -> "AmountTable":
        branches = [key for key in (*Standing, *Level) if getattr(self, key) is not None]
        if (self.yuan is not None) + (self.between is not None) + bool(branches) != 1:
            raise ValueError("金额须写成一个 yuan、一个 between，或按人员类别／机构级别分列，三者只取其一")
        if self.between is not None and self.between[0] >= self.between[1]:
            raise ValueError("between 的下限须小于上限")
        return self

    def leaves(self) -> "Iterator[AmountTable]":
        """Every amount of the table, in no matter which branch."""
        branches: list[AmountTable | None] = [getattr(self, key) for key in (*Standing, *Level)]
        stated = [branch for branch in branches if branch is not None]
        if not stated:
            yield self
        for branch in stated:
            yield from branch.leaves()

    def pick(self, standing: Standing, level: Level) -> "AmountTable | None":
        """The leaf for this standing and level; None where the table has none."""
        if self.yuan is not None or self.between is not None:
            return self
        for key in (standing, *level.with_broader):
            branch: AmountTable | None = getattr(self, key)
            if branch is not None:
                return branch.pick(standing, level)
        return None


class RatioTable(Doc):
    """A share per standing and/or level."""

    active: "PercentOrTable | None" = None
    retired: "PercentOrTable | None" = None
    minor: "PercentOrTable | None" = None
    adult: "PercentOrTable | None" = None
    senior: "PercentOrTable | None" = None
    village: "PercentOrTable | None" = None
    township: "PercentOrTable | None" = None
    primary: "PercentOrTable | None" = None
    secondary: "PercentOrTable | None" = None
    tertiary: "PercentOrTable | None" = None
    pharmacy: "PercentOrTable | None" = None

    @model_validator(mode="after")
    def _says_something(self) -> "RatioTable":
        if all(getattr(self, key) is None for key in (*Standing, *Level)):
            raise ValueError("比例表不能为空")
        return self

    def pick(self, standing: Standing, level: Level) -> int | None:
        """The share in ppm for this standing and level; None where the table has none."""
        for key in (standing, *level.with_broader):
            branch: int | RatioTable | None = getattr(self, key)
            if branch is not None:
                return branch if isinstance(branch, int) else branch.pick(standing, level)
        return None


PercentOrTable = Annotated[Annotated[Percent, Tag("plain")] | Annotated[RatioTable, Tag("table")], OneForm]


class DeductibleDoc(AmountTable):
    per: Literal["year", "visit"]
    source: SourceDoc | None = None
    note: str = ""

    @model_validator(mode="after")
    def _is_exact(self) -> "DeductibleDoc":
        if any(leaf.between is not None for leaf in self.leaves()):
            raise ValueError("起付线不能写成区间 between，须是确定的 yuan")
        return self


class ShareDoc(RatioTable):
    source: SourceDoc | None = None
    note: str = ""


class CeilingDoc(AmountTable):
    per: Per
    on: Literal["fund", "cost"]
    scope: Literal["benefit", "disease", "inpatient"] = "benefit"
    """Which counter it limits: the whole benefit, this disease alone, or the inpatient ceiling it is merged into."""
    source: SourceDoc | None = None
    note: str = ""


class AdjustmentDoc(Doc):
    """One away-from-home adjustment; the mode is always named."""

    mode: Literal["none", "points", "factor", "upfront"]
    ratio: Percent = 0
    order: Literal["upfront-first", "deductible-first"] | None = None
    source: SourceDoc | None = None
    note: str = ""

    @model_validator(mode="after")
    def _names_its_order(self) -> "AdjustmentDoc":
        if (self.mode == "none") != (self.ratio == 0):
            raise ValueError("mode: none 不带 ratio；其余方式须写 ratio")
        if (self.mode == "upfront") != (self.order is not None):
            raise ValueError("mode: upfront 须写明与起付线的先后 order，其余方式不写")
        return self


AnyOf = Annotated[tuple[Material, ...], Field(min_length=1)]


def _one_as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Materials = tuple[
    Annotated[AnyOf, BeforeValidator(_one_as_list, json_schema_input_type=str | list[str])], ...
]
"""All of the outer list; of an inner list any one will do."""


class KindDoc(Doc):
    """One kind of filing. A city's or province's pack states only what it changes."""

    class_: FilingClass | None = Field(default=None, alias="class")
    materials: Materials | None = None
    effect: Literal["instant", "reviewed", "deemed"] | None = None
    valid: Literal["until-cancelled", "per-filing"] | Annotated[int, Field(gt=0)] | None = None
    """Months, `until-cancelled`, or `per-filing`: filings lapse, no source says when, so each carries its own end."""
    change_after_months: Annotated[int, Field(ge=0)] | None = None
    source: SourceDoc | None = None


class ExemptDoc(Doc):
    """A pair of regions between which no filing is needed."""

    between: Literal["same-province"]
    source: SourceDoc | None = None


class UnfiledDoc(Doc):
    """Whether a person without a filing may settle directly, or must claim afterwards."""

    direct: bool
    source: SourceDoc | None = None


class QualificationDoc(Doc):
    evidence: Materials | None = None
    valid: Literal["until-cancelled"] | Annotated[int, Field(gt=0)] | None = None
    """Years, or `until-cancelled`."""
    decide_within_days: Annotated[int, Field(gt=0)] | None = None
    source: SourceDoc | None = None
    note: str = ""


class Components(Doc):
    """The benefit parameters that a rule, a class of diseases, or one disease may state."""

    deductible: (
        Annotated[Annotated[Literal["none"], Tag("plain")] | Annotated[DeductibleDoc, Tag("table")], OneForm]
        | None
    ) = None
    share: Annotated[Annotated[Percent, Tag("plain")] | Annotated[ShareDoc, Tag("table")], OneForm] | None = (
        None
    )
    ceiling: (
        Annotated[
            Annotated[Literal["none"], Tag("plain")]
            | Annotated[CeilingDoc, Tag("table")]
            | Annotated[tuple[CeilingDoc, ...], Field(min_length=1), Tag("list")],
            OneForm,
        ]
        | None
    ) = None


class DiseaseDoc(Components):
    """A disease that the pool covers."""

    class_: str = Field(alias="class")
    source: SourceDoc | None = None


class Rule(Doc):
    """One source's statement."""

    id: str
    reading: str
    adopted: bool = False
    contests: tuple[str, ...] = ()
    in_force: InForce
    source: SourceDoc
    note: str = ""
    """For the editor; what the reader of a decision must know stands as the note of a component."""

    @property
    def first_day(self) -> date:
        """The first day of service that the rule answers for."""
        return self.in_force.first_day(self.source.checked)

    def covers(self, day: date) -> bool:
        """Whether the rule answers for this day of service."""
        until = self.in_force.until
        return self.first_day <= day and (until is None or day <= until)

    @model_validator(mode="after")
    def _may_be_adopted(self) -> "Rule":
        if self.adopted and self.source.grade not in ADOPTABLE:
            raise ValueError(f"{self.source.grade} 级来源不得采用（adopted）；只能按口径名调用")
        return self


class BenefitStatement(Rule, Components):
    """What one source says about a benefit."""

    classes: dict[str, Components] = {}
    diseases: dict[str, DiseaseDoc] = {}
    qualification: QualificationDoc | None = None
    settled_nationally: tuple[str, ...] = ()
    """M-codes that may be settled directly between provinces (the national pack alone states them)."""


class FilingStatement(Rule):
    """What one source says about filing and about care elsewhere."""

    kinds: dict[FilingKind, KindDoc] = {}
    adjustment: dict[Situation | FilingClass, AdjustmentDoc] = {}
    unfiled: UnfiledDoc | None = None
    exempt: tuple[ExemptDoc, ...] = ()
    channels: tuple[str, ...] = ()
    claim_materials: Materials | None = None
    """The papers of a claim after paying in full."""
    reduction_limits: dict[Situation, Percent] = {}
    """The most points that a pool may take off (the national pack alone states them); packs are checked by it."""


class ExampleDoc(Doc):
    """A worked bill: runs as a test of the pack that carries it."""

    id: str
    on: Day
    standing: Standing
    level: Level
    situation: Situation
    disease: str = ""
    reading: str = ""
    in_scope: Yuan
    used: dict[Literal["deductible", "fund"], Yuan] = {}
    """What the person's counters of this benefit hold before the visit."""
    expect: dict[Literal["deductible", "away_upfront", "fund", "person"], Yuan]


class Pack(Doc):
    """One file under policies/."""

    pool: Code
    scheme: Scheme | Literal["all"]
    benefit: Literal[Benefit.GENERAL_OUTPATIENT, Benefit.CHRONIC_DISEASE, Benefit.INPATIENT]
    rules: tuple[BenefitStatement, ...]
    examples: tuple[ExampleDoc, ...] = ()


class FilingPack(Doc):
    """One file under policies/ about filing."""

    pool: Code
    scheme: Scheme | Literal["all"]
    benefit: Literal["filing"]
    rules: tuple[FilingStatement, ...]
    examples: tuple[ExampleDoc, ...] = ()


class DocumentDoc(Doc):
    """An entry of policies/sources.yaml."""

    title: str
    issued: WrittenDate | None = None
    number: str = ""
    url: str = ""


class ConflictDoc(Doc):
    """An entry of policies/conflicts.yaml: where sources disagree, and what was done about it."""

    zh: str
    en: str
