"""Rules as the engine uses them: one value per parameter, each with the place it came from. Plain data."""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Literal

from yidi.values.money import PPM
from yidi.values.periods import Per
from yidi.values.terms import Benefit, FilingClass, FilingKind, Level, Scheme, Situation, Standing


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
class Deductible:
    """起付线. `amount` in fen; 0 = the source says there is none."""

    amount: int
    per: Per
    origin: Origin


@dataclass(frozen=True, slots=True)
class Share:
    """报销比例 in ppm."""

    ppm: int
    origin: Origin


@dataclass(frozen=True, slots=True)
class Ceiling:
    """封顶线: the most that `on` may reach per period within one counter `scope`.

    `amount` in fen; None = the source says there is none. `certain_to` (fen) is set where a source gives only a
    range: up to it the answer is known, beyond it nothing is.
    """

    amount: int | None
    per: Per
    on: Literal["fund", "cost"]
    scope: str
    origin: Origin
    certain_to: int | None = None


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
    """M-code of the chronic disease; empty for other benefits."""


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
    contests: tuple[str, ...] = ()
    """Ids of the conflicts between sources (policies/conflicts.yaml) that touch this rule."""

    @property
    def digest(self) -> str:
        """SHA-256 over the whole rule, origins included: the name under which a decision can be replayed."""
        return hashlib.sha256(self.canonical().encode()).hexdigest()

    def canonical(self) -> str:
        """The rule as JSON in one fixed spelling."""
        parts = asdict(self, dict_factory=_written)
        return json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @property
    def origins(self) -> tuple[Origin, ...]:
        """The origins of all parameters, in the order in which they are applied."""
        found = [self.adjustment.origin, self.deductible.origin, self.share.origin]
        found += [ceiling.origin for ceiling in self.ceilings]
        return tuple(origin for origin in found if origin is not None)


def _written(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """`undated` only where it is so: rules stored before there was such a mark keep their digest."""
    return {key: value for key, value in pairs if key != "undated" or value}


def restore(canonical: str) -> BenefitRule:
    """The rule that `BenefitRule.canonical` wrote."""
    data = json.loads(canonical)
    return BenefitRule(
        pool=data["pool"],
        scheme=Scheme(data["scheme"]),
        benefit=Benefit(data["benefit"]),
        standing=Standing(data["standing"]),
        level=Level(data["level"]),
        deductible=Deductible(**{**data["deductible"], "origin": _origin(data["deductible"]["origin"])}),
        share=Share(data["share"]["ppm"], _origin(data["share"]["origin"])),
        ceilings=tuple(Ceiling(**{**item, "origin": _origin(item["origin"])}) for item in data["ceilings"]),
        adjustment=_adjustment(data["adjustment"]),
        disease=data["disease"],
        contests=tuple(data["contests"]),
    )


def _origin(data: dict) -> Origin:  # type: ignore[type-arg]
    return Origin(**{**data, "facts": tuple(data["facts"])})


def _adjustment(data: dict) -> Adjustment:  # type: ignore[type-arg]
    origin = _origin(data["origin"]) if data["origin"] else None
    return Adjustment(**{**data, "situation": Situation(data["situation"]), "origin": origin})


@dataclass(frozen=True, slots=True)
class KindOfFiling:
    """What one kind of filing asks for and gives."""

    kind: FilingKind
    klass: FilingClass
    materials: tuple[tuple[str, ...], ...]
    """All of the outer, any one of each inner: names of `Material`."""
    effect: Literal["instant", "reviewed", "deemed"]
    months_valid: int | None
    """Months until it lapses; None = it has no fixed length."""
    needs_end_date: bool
    """Whether each filing must carry an end date of its own, since it lapses and no source says when."""
    change_after_months: int | None
    """Months during which the filing may be neither changed nor cancelled; None = the pool sets no limit."""
    origin: Origin


@dataclass(frozen=True, slots=True)
class FilingRules:
    """What one pool and scheme say about filing on one day, whatever the kind."""

    pool: str
    scheme: Scheme
    exempt_within_province: Origin | None
    unfiled_settles_directly: bool
    unfiled_origin: Origin
    channels: tuple[str, ...]
    contests: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ClaimPapers:
    """The papers that a claim needs: all of the outer, any one of each inner (names of `Material`)."""

    materials: tuple[tuple[str, ...], ...]
    origin: Origin


@dataclass(frozen=True, slots=True)
class QualificationRule:
    """What a pool asks for before it approves a chronic disease."""

    pool: str
    scheme: Scheme
    disease: str
    evidence: tuple[tuple[str, ...], ...]
    years_valid: int | None
    """Years until re-examination; None = none is asked for."""
    decide_within_days: int | None
    """Working days for the decision; None where no adopted source states any."""
    origin: Origin
    contests: tuple[str, ...] = ()
    notes: tuple[str, ...] = field(default=())
