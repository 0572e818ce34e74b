"""The small named forms in which packs write values: dates, sources, amounts, shares, ceilings, adjustments.

Amounts and shares are graded: one value, or one per standing, per level, or per standing and level. What holds for
some persons or visits only stands in a `where` list beside them.
"""

import re
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag, model_validator

from yidi.policy.rules import ADOPTABLE
from yidi.values.errors import BadValue
from yidi.values.money import parse_percent, parse_yuan, part_of
from yidi.values.periods import Per
from yidi.values.terms import Benefit, FeeCategory, Level, Standing, Trait

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


FIRST_YEAR, LAST_YEAR = 1900, 2099
"""Years that a file may speak of: others are slips of the pen."""


def _day(value: Any) -> Any:
    """A date as it stands; pydantic would also take a number, as seconds since 1970."""
    try:
        day = value if isinstance(value, date) else date.fromisoformat(value)
    except (TypeError, ValueError):
        raise ValueError("不是日期，应写成 2025-03-20 这样") from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(f"年份不在 {FIRST_YEAR} 至 {LAST_YEAR} 之间，核对日期")
    return day


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


PercentText = Annotated[str, Field(pattern=r"^(100(\.0+)?|[0-9]{1,2}(\.[0-9]{1,4})?)%$")]
YuanText = Annotated[int, Field(ge=0)] | Annotated[str, Field(pattern=r"^[0-9]+(\.[0-9]{1,2})?$")]
DayText = Annotated[str, Field(pattern=r"^(19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}$")]
WrittenDateText = (
    Annotated[int, Field(ge=1900, le=2099)]
    | Annotated[str, Field(pattern=r"^(19|20)[0-9]{2}(-[0-9]{2}(-[0-9]{2})?)?$")]
)
CodeText = (
    Annotated[int, Field(ge=110000, le=999999)] | Annotated[str, Field(pattern=r"^(CN|[1-9][0-9]{5})$")]
)
"""How values are spelt in a file, for the schema that editors complete and validate by."""

Percent = Annotated[int, BeforeValidator(parse_percent, json_schema_input_type=PercentText)]
"""Written `65%`, held as ppm."""
Yuan = Annotated[int, BeforeValidator(_amount, json_schema_input_type=YuanText)]
"""Written in yuan, not negative, held as fen."""
Day = Annotated[date, BeforeValidator(_day, json_schema_input_type=DayText)]
WrittenDate = Annotated[str, BeforeValidator(_written_date, json_schema_input_type=WrittenDateText)]
"""`2025-03-20`, `2025-03` or `2025`: no more of a date than its source gives."""
Seen = Annotated[
    str,
    BeforeValidator(_written_date_or_checked, json_schema_input_type=Literal["checked"] | WrittenDateText),
]
"""A written date, or `checked`."""


def _shape(value: Any) -> str:
    """Which form a value is written in, so that a fault is reported for that form alone."""
    if isinstance(value, dict | BaseModel):
        return "table"
    return "list" if isinstance(value, list | tuple) else "plain"


OneForm = Discriminator(_shape)
Name = Annotated[str, Field(pattern=r"^\S(.*\S)?$")]
"""A name by which something is called: not empty, no spaces around it."""
Age = Annotated[int, Field(ge=0, le=150)]
"""Completed years of a person's life."""
Code = Annotated[str, BeforeValidator(_text, json_schema_input_type=CodeText)]


class SourceDoc(Doc):
    """Where a statement stands: document, clause, quotation or fact id, grade, and when it was last looked at."""

    id: Name
    clause: str = ""
    quote: str = ""
    grade: Literal["A", "B", "C", "R", "S"]
    facts: tuple[str, ...] = ()
    checked: Day
    known: Day | None = None
    """The first day on which the statement was on record, where that is not when its document was issued or checked."""
    reading: str = ""
    """Of a component's own source: whose reading its value is; empty = the rule's."""
    seen: Seen | None = None
    """Of a component's own source: when it shows the value in force; empty = on the day on which it was checked."""

    @model_validator(mode="after")
    def _has_a_place(self) -> "SourceDoc":
        if not (self.clause.strip() or self.quote.strip() or any(fact.strip() for fact in self.facts)):
            raise ValueError("来源须写明条款、摘录或事实编号之一（clause / quote / facts）")
        if self.known is not None and self.known > self.checked:
            raise ValueError("known 晚于 checked：核对过的说法那天已经知道")
        return self


class InForce(Doc):
    """Dates as the source gives them; `from: unknown` is a value and needs the date on which it was seen in force."""

    from_: Annotated[
        date | Literal["unknown"],
        BeforeValidator(_day_or_unknown, json_schema_input_type=Literal["unknown"] | DayText),
    ] = Field(alias="from")
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
    """An amount in yuan, or one per standing and/or level.

    `between` where a source gives a range only; `part` where the amount is a part of another, such as half of last
    year's income: the part of `yuan` is taken, half-up to the fen.
    """

    yuan: Yuan | None = None
    part: Percent | None = None
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
    provincial: "AmountTable | None" = None
    pharmacy: "AmountTable | None" = None

    @model_validator(mode="after")
    def _says_one_thing(self) -> "AmountTable":
        branches = [key for key in (*Standing, *Level) if getattr(self, key) is not None]
        if (self.yuan is not None) + (self.between is not None) + bool(branches) != 1:
            raise ValueError("金额须写成一个 yuan、一个 between，或按人员类别／机构级别分列，三者只取其一")
        if self.between is not None and self.between[0] >= self.between[1]:
            raise ValueError("between 的下限须小于上限")
        if self.part is not None and self.yuan is None:
            raise ValueError("part 是某一金额的几成，须同时写 yuan")
        return self

    @property
    def fen(self) -> int | None:
        """The amount in fen; None of a range or of a table with branches."""
        return self.yuan if self.yuan is None or self.part is None else part_of(self.yuan, self.part)

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
    """A share per standing and/or level. `0%` says that care at that level is not covered."""

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
    provincial: "PercentOrTable | None" = None
    pharmacy: "PercentOrTable | None" = None

    @model_validator(mode="after")
    def _says_something(self) -> "RatioTable":
        if self._rows() == 0:
            raise ValueError("比例表不能为空")
        return self

    def _rows(self) -> int:
        return sum(getattr(self, key) is not None for key in (*Standing, *Level))

    def pick(self, standing: Standing, level: Level) -> int | None:
        """The share in ppm for this standing and level; None where the table has none."""
        for key in (standing, *level.with_broader):
            branch: int | RatioTable | None = getattr(self, key)
            if branch is not None:
                return branch if isinstance(branch, int) else branch.pick(standing, level)
        return None


PercentOrTable = Annotated[Annotated[Percent, Tag("plain")] | Annotated[RatioTable, Tag("table")], OneForm]


class When(Doc):
    """For whom and when an exception holds: everything stated here must be true of the person and the visit."""

    standing: Standing | None = None
    level: Level | None = None
    age_from: Annotated[Age, Field(gt=0)] | None = None
    age_to: Age | None = None
    """Completed years on the day of service, both ends included."""
    trait: Trait | None = None

    @model_validator(mode="after")
    def _says_when(self) -> "When":
        if not any(getattr(self, name) is not None for name in self.conditions()):
            raise ValueError(
                "where 的每一项须写明条件（standing、level、age_from、age_to、stay_from、trait）"
            )
        if self.age_from is not None and self.age_to is not None and self.age_to < self.age_from:
            raise ValueError("age_to 小于 age_from")
        return self

    @classmethod
    def conditions(cls) -> tuple[str, ...]:
        """The names of the keys that state a condition."""
        return ("standing", "level", "age_from", "age_to", "trait")

    def effects(self) -> list[str]:
        """The names of the keys that say what changes."""
        names = type(self).model_fields.keys() - set(self.conditions())
        return sorted(name for name in names if getattr(self, name) is not None)

    def _one_effect(self) -> None:
        if len(self.effects()) != 1:
            raise ValueError("where 的每一项须恰好写一种改动")


class DeductibleWhere(When):
    """The deductible of some: `to` an amount (0 = waived), `less` an amount, or `times` a ratio."""

    stay_from: Annotated[int, Field(ge=2, le=4)] | None = None
    """From which stay of the year on."""
    to: Yuan | None = None
    less: Yuan | None = None
    times: Percent | None = None

    @classmethod
    def conditions(cls) -> tuple[str, ...]:
        return (*super().conditions(), "stay_from")

    @model_validator(mode="after")
    def _changes_one_thing(self) -> "DeductibleWhere":
        self._one_effect()
        return self


class ShareWhere(When):
    """The share of some: `to` a share, `plus` or `minus` points, or `person_times`, a ratio on the person's own part."""

    to: Percent | None = None
    plus: Percent | None = None
    minus: Percent | None = None
    person_times: Percent | None = None

    @model_validator(mode="after")
    def _changes_one_thing(self) -> "ShareWhere":
        self._one_effect()
        return self


class CeilingWhere(When):
    """The ceiling of some: `to` an amount or `none`, `plus` an amount, or `times` a ratio."""

    to: Literal["none"] | Yuan | None = None
    plus: Yuan | None = None
    times: Percent | None = None

    @model_validator(mode="after")
    def _changes_one_thing(self) -> "CeilingWhere":
        self._one_effect()
        return self


class RepeatDoc(Doc):
    """The deductible of the second and later stays of a year, in one of three forms; the last entry goes on.

    `times`: parts of the first stay's. `less`: so much less each time, down to `floor`. `amounts`: in their own right.
    """

    times: Annotated[tuple[Percent, ...], Field(min_length=1, max_length=3)] | None = None
    less: Yuan | None = None
    floor: AmountTable | None = None
    amounts: Annotated[tuple[AmountTable, ...], Field(min_length=1, max_length=3)] | None = None

    @model_validator(mode="after")
    def _says_one_thing(self) -> "RepeatDoc":
        if sum(form is not None for form in (self.times, self.less, self.amounts)) != 1:
            raise ValueError("repeat 须写 times、less、amounts 之一")
        if (self.floor is None) != (self.less is None):
            raise ValueError("less 须写明最低额 floor（来源写“最低为零”的写 0），其余写法不写 floor")
        return self


class DeductibleDoc(AmountTable):
    """起付线: per year, added up over all visits of the benefit, or per visit."""

    per: Literal["year", "visit"]
    top: Yuan | None = None
    """Of a deductible per visit: the most that a year's visits take together."""
    repeat: RepeatDoc | None = None
    where: tuple[DeductibleWhere, ...] = ()
    source: SourceDoc | None = None
    note: str = ""

    @model_validator(mode="after")
    def _is_exact(self) -> "DeductibleDoc":
        if any(leaf.between is not None for leaf in self.leaves()):
            raise ValueError("起付线不能写成区间 between，须是确定的 yuan")
        if self.per == "year" and (self.top is not None or self.repeat is not None):
            raise ValueError("top 与 repeat 只用于按次的起付线（per: visit）")
        if self.per == "year" and any(item.stay_from is not None for item in self.where):
            raise ValueError("stay_from 只用于按次的起付线（per: visit）")
        if self.repeat is not None:
            self._repeats_what_it_states(self.repeat)
        return self

    def _repeats_what_it_states(self, repeat: RepeatDoc) -> None:
        """Later amounts are exact.

        A level that `amounts` leaves out keeps its first amount: the source changes the others only.
        """
        for table in (*(repeat.amounts or ()), *((repeat.floor,) if repeat.floor else ())):
            if any(leaf.between is not None for leaf in table.leaves()):
                raise ValueError("repeat 中的金额不能写成区间 between，须是确定的 yuan")


class BandDoc(Doc):
    """One band of amounts and its share; the last band has no `to`."""

    to: Yuan | None = None
    share: PercentOrTable


def _rises(limits: list[int | None]) -> bool:
    """Whether every limit of bands is above the one before, the first above nothing, and the last alone is open."""
    *closed, last = limits
    return last is None and all(
        one is not None and other is not None and one < other for one, other in pairwise([0, *closed])
    )


class ShareDoc(RatioTable):
    """报销比例: a table by standing and level, bands by amount, or the share of another benefit."""

    bands: Annotated[tuple[BandDoc, ...], Field(min_length=2, max_length=5)] | None = None
    per: Literal["year", "visit"] | None = None
    """Of bands: over what the amount is added up."""
    position: Literal["with-deductible", "after-deductible"] | None = None
    """Of bands: whether what the deductible took counts towards the limits of the bands."""
    as_: Benefit | None = Field(default=None, alias="as")
    where: tuple[ShareWhere, ...] = ()
    source: SourceDoc | None = None
    note: str = ""

    @model_validator(mode="after")
    def _says_something(self) -> "ShareDoc":
        if bool(self._rows()) + (self.bands is not None) + (self.as_ is not None) != 1:
            raise ValueError("比例须写成按人员／级别的表、bands、as 之一")
        if any((self.bands is None) != (item is None) for item in (self.per, self.position)):
            raise ValueError("bands 须写明 per 与 position，其余写法不写")
        if self.bands is not None and not _rises([band.to for band in self.bands]):
            raise ValueError("bands 的上限须由小到大、互不相等，只有最后一档不写 to")
        return self


class IncentiveDoc(Doc):
    """What long, unbroken insurance adds to a ceiling: so much for each year beyond `after_years`."""

    yuan: Yuan
    after_years: Annotated[int, Field(ge=0)]
    unclaimed: Yuan | None = None
    """So much for each year without a claim."""
    at_most: Percent
    """Of the ceiling itself: the most that all of it may add."""


class CeilingDoc(AmountTable):
    """封顶线: the most that fund payments or in-scope cost may reach in a period within one counter."""

    per: Per
    on: Literal["fund", "cost"]
    scope: Literal["benefit", "disease", "inpatient"] = "benefit"
    """Which counter it limits: the whole benefit, this disease alone, or the inpatient ceiling it is merged into."""
    category: FeeCategory | None = None
    """Of a ceiling per visit: the fees that it limits; empty = all."""
    incentive: IncentiveDoc | None = None
    where: tuple[CeilingWhere, ...] = ()
    source: SourceDoc | None = None
    note: str = ""

    @model_validator(mode="after")
    def _limits_something(self) -> "CeilingDoc":
        if self.category is not None and self.per != "visit":
            raise ValueError("category 只用于按次的封顶线（per: visit）")
        return self


class StackingDoc(Doc):
    """The ceiling of a person with several diseases, made from the ceilings of each (叠加).

    add: the highest, and `yuan` for each further disease. sum: all of them together. max: the highest.
    `top`: the most in any case.
    """

    how: Literal["add", "sum", "max"]
    yuan: Yuan | None = None
    top: Yuan | None = None
    source: SourceDoc | None = None
    note: str = ""

    @model_validator(mode="after")
    def _names_its_amount(self) -> "StackingDoc":
        if (self.how == "add") != (self.yuan is not None):
            raise ValueError("how: add 须写 yuan，其余写法不写")
        return self


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


class Rule(Doc):
    """One source's statement."""

    id: Name
    reading: Name
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
