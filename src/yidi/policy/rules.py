"""Rules as the engine uses them: one value per parameter, each with the place it came from. Plain data."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from yidi.values.money import PPM
from yidi.values.periods import Per
from yidi.values.terms import (
    AccountPart,
    Benefit,
    FeeCategory,
    Fund,
    Level,
    Scheme,
    Situation,
    Standing,
    Trait,
)

if TYPE_CHECKING:
    from pydantic import TypeAdapter

ADOPTABLE = ("A", "B", "S")
"""Grades whose readings may be adopted; C and R are loadable by name only (design §5)."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value comes from: the layer that won, the rule, its reading and its source."""

    layer: str
    """Code of the region whose pack stated it: `CN`, a province or a city."""
    rule: str
    reading: str
    source: str
    """Id of the document in policies/sources.yaml."""
    title: str
    clause: str
    grade: str
    facts: tuple[str, ...]
    since: str
    """First day in force as the source gives it, or `unknown`."""
    seen: str = ""
    """The day, month or year in which the source shows the rule in force; empty where `since` is known."""
    note: str = ""
    """What the reader of a decision must know about the value, in Chinese."""
    undated: bool = False
    """Whether the source bears no date, so that `seen` is the day on which it was last looked at."""


@dataclass(frozen=True, slots=True)
class Remark:
    """Why a value differs for this person or visit, or might, in both languages."""

    zh: str
    en: str
    unknown: Trait | None = None
    """Set of what was left out because nobody knows whether this holds."""


@dataclass(frozen=True, slots=True)
class Deductible:
    """起付线, in fen; 0 = the source says there is none.

    `amounts` is that of the first stay of the year, the second, and so on; the last goes on, each further stay `less`
    less, down to `floor`. Where stays make no difference there is one amount. `top` is the most that a year's visits
    take together.
    """

    amounts: tuple[int, ...]
    per: Per
    origin: Origin
    less: int = 0
    floor: int = 0
    top: int | None = None
    remarks: tuple[Remark, ...] = ()

    def of_stay(self, number: int) -> int:
        """The deductible of the year's first, second, … stay, in fen."""
        if number <= len(self.amounts):
            return self.amounts[number - 1]
        return max(self.amounts[-1] - self.less * (number - len(self.amounts)), self.floor)

    @property
    def none(self) -> bool:
        """Whether no visit ever pays one."""
        return not any(self.amounts)


@dataclass(frozen=True, slots=True)
class Band:
    """The share in ppm of amounts up to `upto` fen; None = of all beyond the bands before."""

    upto: int | None
    ppm: int


@dataclass(frozen=True, slots=True)
class Share:
    """报销比例: one band, or several by amount.

    `per` says over what the amount is added up, `with_deductible` whether what the deductible took counts into it.
    """

    bands: tuple[Band, ...]
    origin: Origin
    per: Per = "visit"
    with_deductible: bool = False
    remarks: tuple[Remark, ...] = ()

    @property
    def ppm(self) -> int:
        """The share of the first band: of a flat share, the share."""
        return self.bands[0].ppm


@dataclass(frozen=True, slots=True)
class Ceiling:
    """封顶线: the most that `on` may reach per period within one counter `scope`.

    `amount` in fen; None = the source says there is none. `certain_to` (fen) is set where a source gives only a
    range: up to it the answer is known, beyond it nothing is. `category` is set of a ceiling per visit on some fees.
    """

    amount: int | None
    per: Per
    on: Literal["fund", "cost"]
    scope: str
    origin: Origin
    certain_to: int | None = None
    category: FeeCategory | None = None
    remarks: tuple[Remark, ...] = ()


Base = Literal["in-scope", "person", "person-and-upfront", "beyond-ceiling"]


@dataclass(frozen=True, slots=True)
class Layer:
    """A fund above the basic one: what it pays on, and by which parameters. Its counters go under its own name."""

    fund: Fund
    base: Base
    deductible: Deductible
    share: Share
    ceilings: tuple[Ceiling, ...]
    origin: Origin

    @property
    def parameters(self) -> tuple[Deductible | Share | Ceiling, ...]:
        """Deductible, share and ceilings, in the order in which they are applied."""
        return (self.deductible, self.share, *self.ceilings)

    @property
    def origins(self) -> tuple[Origin, ...]:
        """The origins of all parameters, in the order in which they are applied."""
        return (self.origin, *(part.origin for part in self.parameters))


@dataclass(frozen=True, slots=True)
class UpfrontAtHome:
    """What the home pool has the person pay first of the amount in scope, in ppm (G-15: class B dual-channel drugs)."""

    ppm: int
    origin: Origin


@dataclass(frozen=True, slots=True)
class AccountRule:
    """Which parts of a bill an account may pay."""

    pays: tuple[AccountPart, ...]
    origin: Origin


@dataclass(frozen=True, slots=True)
class Adjustment:
    """Away-from-home adjustment (降待遇). The three modes give different money (facts E-18).

    points: `ppm` is taken off the share. factor: the share is multiplied by `ppm`. upfront: the person first pays
    `ppm` of the in-scope amount, before or after the deductible as `upfront_first` says.
    """

    mode: Literal["none", "points", "factor", "upfront"]
    ppm: int
    situation: Situation
    origin: Origin | None = None
    upfront_first: bool = True

    def __post_init__(self) -> None:
        if not 0 <= self.ppm <= PPM:
            raise ValueError(f"adjustment outside 0..100 %: {self.ppm}")


@dataclass(frozen=True, slots=True)
class Listing:
    """Under which class a pool lists a disease or a drug."""

    name: str
    """Name of the disease in Chinese; empty of a class of drugs."""
    klass: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Question:
    """What a benefit depends on, apart from money."""

    home: str
    scheme: Scheme
    standing: Standing
    benefit: Benefit
    level: Level
    situation: Situation
    on: date
    disease: str = ""
    """M-code of the disease, class of the dual-channel drug; empty for other benefits."""
    age: int | None = None
    """Completed years on the day of service; None = not known."""
    traits: frozenset[Trait] = frozenset()
    unknown_traits: frozenset[Trait] = frozenset()
    """Of the rest, those that may hold: nothing that turns on them counts, and the rule says so. Others do not hold."""
    diseases: tuple[str, ...] = ()
    """All chronic diseases that the person is approved for, where there are several."""
    years_insured: int | None = None
    """Unbroken years of insurance before the benefit year; None = not known."""
    years_unclaimed: int | None = None
    """Years without a claim before the benefit year; None = not known."""


@dataclass(frozen=True, slots=True)
class BenefitRule:
    """Everything the engine needs to answer one question, and nothing else."""

    pool: str
    scheme: Scheme
    benefit: Benefit
    standing: Standing
    level: Level
    deductible: Deductible
    share: Share
    ceilings: tuple[Ceiling, ...]
    adjustment: Adjustment
    disease: str = ""
    listing: Listing | None = None
    """Of a benefit by disease or drug: where it is listed."""
    contests: tuple[str, ...] = ()
    """Ids of the conflicts between sources (policies/conflicts.yaml) that touch this rule."""
    upfront: UpfrontAtHome | None = None
    layers: tuple[Layer, ...] = ()
    """The funds above the basic one, in the order in which they pay."""
    own_account: AccountRule | None = None
    family_account: AccountRule | None = None
    remarks: tuple[Remark, ...] = ()
    """What might hold for this person besides, such as a layer for those who have a trait."""

    @property
    def unknown_traits(self) -> frozenset[Trait]:
        """What the rule would turn on and nobody knows."""
        payers: tuple[BenefitRule | Layer, ...] = (self, *self.layers)
        told = [remark for payer in payers for part in payer.parameters for remark in part.remarks]
        return frozenset(item.unknown for item in (*told, *self.remarks) if item.unknown)

    @property
    def parameters(self) -> tuple[Deductible | Share | Ceiling, ...]:
        """Deductible, share and ceilings, in the order in which they are applied."""
        return (self.deductible, self.share, *self.ceilings)

    @property
    def counts_stays(self) -> bool:
        """Whether a visit is a stay in hospital."""
        return self.benefit == Benefit.INPATIENT

    @property
    def unverified(self) -> bool:
        """Whether any value comes from a source of grade C or R."""
        return any(origin.grade not in ADOPTABLE for origin in self.origins)

    @property
    def readings(self) -> tuple[str, ...]:
        """The readings used, each once, in the order in which they are applied."""
        return tuple(dict.fromkeys(origin.reading for origin in self.origins))

    @property
    def digest(self) -> str:
        """SHA-256 over the whole rule, origins included: the name under which a decision can be replayed."""
        return _digest(self)

    def canonical(self) -> str:
        """The rule as JSON in one fixed spelling."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @property
    def origins(self) -> tuple[Origin, ...]:
        """The origins of all parameters, in the order in which they are applied."""
        found = [self.listing.origin if self.listing else None, self.adjustment.origin]
        found += [self.upfront.origin if self.upfront else None]
        found += [part.origin for part in self.parameters]
        found += [origin for layer in self.layers for origin in layer.origins]
        found += [account.origin for account in (self.own_account, self.family_account) if account]
        return tuple(origin for origin in found if origin is not None)


@lru_cache(maxsize=4096)
def _digest(rule: BenefitRule) -> str:
    return hashlib.sha256(rule.canonical().encode()).hexdigest()


def restore(canonical: str) -> BenefitRule:
    """The rule that `BenefitRule.canonical` wrote. Raises pydantic.ValidationError where it is no such text."""
    return _rule_reader().validate_json(canonical)


@lru_cache(maxsize=1)
def _rule_reader() -> "TypeAdapter[BenefitRule]":
    from pydantic import TypeAdapter  # costly: nothing that only computes needs it

    return TypeAdapter(BenefitRule)
