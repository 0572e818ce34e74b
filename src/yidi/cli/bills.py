"""Bills as people write them: YAML or JSON, amounts in yuan."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

from yidi.benefit.adjudicate import Balances
from yidi.benefit.assess import YearSoFar
from yidi.benefit.split import ANY_DISEASE, CatalogueEntry, FeeLine
from yidi.cli.errors import BadBill
from yidi.policy import yaml_lines
from yidi.policy.errors import PackProblem
from yidi.policy.faults import problems
from yidi.policy.forms import Age, Day, Yuan
from yidi.policy.pack import LISTED
from yidi.reference import diseases
from yidi.values.errors import BadValue
from yidi.values.money import PPM, line_amount, parse_percent, parse_price, parse_quantity
from yidi.values.terms import (
    STANDINGS_OF,
    Benefit,
    CatalogueClass,
    FeeCategory,
    Level,
    Scheme,
    Situation,
    Standing,
    Trait,
)

EXAMPLE = """\
home: 360100                  # 参保地
care: 310000                  # 就医地
scheme: employee              # employee 职工 / resident 居民
standing: retired             # active retired / minor adult senior
benefit: chronic-disease      # general-outpatient chronic-disease inpatient two-diseases dual-channel
disease: M03900               # 病种代码；双通道药品写 A 或 B
level: tertiary               # village township primary secondary tertiary provincial pharmacy
situation: long-term-resident # 备案情况：long-term-resident referral emergency other-temporary unfiled exempt …
on: 2026-11-22                # 就医日期
used: {deductible: 0, fund: 0}   # 本年度此前已付起付线、已报销（元）；另有 cost、stays（住院次数），可省略
# age: 70                     # 周岁；规则取决于年龄时才需要
# traits: [family-doctor]     # family-doctor hardship civil-servant student psychiatric …
# diseases: [M03900, M01600]  # 已取得资格的全部病种，限额叠加时才需要
# fees: {drugs: 30}           # 按类别的政策范围内金额，按次限额分类别时才需要
# accounts: {own: 100, family: 50} # 个人账户与家庭共济账户余额（元）
total: 1000                   # 总费用；其中 excluded 全自费、over_limit 超限价、upfront 先行自付
excluded: 50
# 或者逐行写明细（代替 total）：
# lines:
#   - {code: XC08CAA187A001020101187, name: 苯磺酸氨氯地平片, quantity: 4, price: 24.01, class: A, upfront: 0%}
"""


def _at_least(parse: Callable[[Any], int], least: int, why: str) -> BeforeValidator:
    def read(value: Any) -> int:
        number = parse(value)
        if number < least:
            raise BadValue(text=value, what="数字", why=why)
        return number

    return BeforeValidator(read)


Count = Annotated[int, _at_least(parse_quantity, 1, "须大于零")]
Price = Annotated[int, _at_least(parse_price, 0, "不能为负")]


class Doc(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Line(Doc):
    """One line; class, upfront and price_limit may be left out where the database holds the region's catalogue."""

    code: str = ""
    name: str = ""
    quantity: Count
    price: Price
    amount: Yuan | None = None
    class_: CatalogueClass | None = Field(default=None, alias="class")
    upfront: Annotated[int, BeforeValidator(parse_percent)] | None = None
    price_limit: Price | None = None
    chronic_groups: tuple[str, ...] = (ANY_DISEASE,)

    @field_validator("chronic_groups")
    @classmethod
    def _known_groups(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        known = {*diseases.groups(), ANY_DISEASE}
        for name in given:
            if name not in known:
                raise ValueError(f"没有病种组“{name}”，应为 {'、'.join(sorted(known))}")
        return given

    def fee_line(self, serial: int) -> FeeLine:
        """The line as the engine wants it; an amount left out is count × price."""
        amount = self.amount if self.amount is not None else line_amount(self.quantity, self.price)
        return FeeLine(str(serial), self.code, self.name, self.quantity, self.price, amount)

    def entry(self) -> CatalogueEntry | None:
        """The catalogue entry that the line itself states; None where it states none."""
        if self.class_ is None:
            return None
        upfront = PPM if self.class_ is CatalogueClass.C else self.upfront
        if upfront is None:
            return None
        groups = frozenset(self.chronic_groups)
        return CatalogueEntry(
            self.code, self.name, self.class_, upfront, self.price_limit, groups, source="bill"
        )


def _code(value: object) -> object:
    return str(value) if isinstance(value, int) else value


class UsedDoc(Doc):
    """What the person has used of this benefit in its year before the bill."""

    deductible: Yuan = 0
    fund: Yuan = 0
    cost: Yuan = 0
    stays: Annotated[int, Field(ge=0)] = 0

    def year(self) -> YearSoFar:
        """As the engine wants it."""
        return YearSoFar(self.deductible, self.fund, self.cost, self.stays)


class AccountsDoc(Doc):
    """What the accounts hold."""

    own: Yuan = 0
    family: Yuan = 0

    def balances(self) -> Balances:
        """As the engine wants it."""
        return Balances(self.own, self.family)


class BillDoc(Doc):
    home: Annotated[str, BeforeValidator(_code)]
    care: Annotated[str, BeforeValidator(_code)]
    scheme: Scheme
    standing: Standing
    benefit: Benefit
    disease: str = ""
    level: Level
    situation: Situation
    on: Day
    used: UsedDoc = UsedDoc()
    age: Age | None = None
    traits: tuple[Trait, ...] = ()
    diseases: tuple[str, ...] = ()
    years_insured: Annotated[int, Field(ge=0)] | None = None
    years_unclaimed: Annotated[int, Field(ge=0)] | None = None
    fees: dict[FeeCategory, Yuan] = {}
    accounts: AccountsDoc = AccountsDoc()
    total: Yuan | None = None
    excluded: Yuan = 0
    over_limit: Yuan = 0
    upfront: Yuan = 0
    lines: tuple[Line, ...] = ()

    @field_validator("standing")
    @classmethod
    def _standing_of_scheme(cls, given: Standing, info: ValidationInfo) -> Standing:
        scheme = info.data.get("scheme")
        if scheme is not None and given not in STANDINGS_OF[scheme]:
            allowed = "、".join(f"{item}（{item.zh}）" for item in STANDINGS_OF[scheme])
            raise ValueError(f"“{given}”不是{scheme.zh}的人员类别，应为 {allowed}")
        return given

    @model_validator(mode="after")
    def _keys_fit_together(self) -> "BillDoc":
        for _, what in between_keys(self.model_dump(exclude_defaults=True, by_alias=True)):
            raise ValueError(what)
        return self


def between_keys(given: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """What is wrong between the keys of a bill, whatever their values: the key at fault, and what is wrong."""
    lines = given.get("lines")
    if (given.get("total") is None) == (not lines):
        yield "lines" if lines else "total", "total 与 lines 须写且只写一个"
    for key in ("excluded", "over_limit", "upfront") if lines else ():
        if given.get(key):
            yield key, "写了 lines 就不再写 excluded、over_limit、upfront"
    benefit = given.get("benefit")
    if benefit in Benefit.spellings() and (benefit in LISTED) != bool(given.get("disease")):
        yield "disease", "chronic-disease、two-diseases、dual-channel 须写 disease，其余待遇不写"


def read_bill(path: Path) -> BillDoc:
    """Read a bill. Raises BadBill with every fault of its shape, each with its line."""
    try:
        document = yaml_lines.read(path)
        return BillDoc.model_validate(document.data)
    except PackProblem as fault:
        raise _bad(path, [fault]) from None
    except ValidationError as error:
        raise _bad(path, _faults(document, error)) from None


def _faults(document: yaml_lines.Document, error: ValidationError) -> list[PackProblem]:
    """The faults of single values, and those between keys: the model looks for these only where the others are none."""
    data = document.data if isinstance(document.data, dict) else {}
    single = [
        fault for fault in problems(document, error, guide="yidi estimate --help") if fault.details["place"]
    ]
    between = [
        PackProblem(file=document.path, line=document.line((key,)), what=what, remedy="按提示改正")
        for key, what in (between_keys(data) if data else ())
    ]
    found = single + between or list(problems(document, error, guide="yidi estimate --help"))
    return sorted(found, key=lambda fault: fault.details["line"])


def _bad(path: Path, faults: list[PackProblem]) -> BadBill:
    said = ("第 {line} 行有误：{what}，{remedy}".format(**fault.details) for fault in faults)
    return BadBill(file=path, what="；".join(said))
