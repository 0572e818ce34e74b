"""What the rules of a pool say about cases: filings, claims and qualifications. Plain data, made by `policy.cases`."""

from dataclasses import dataclass, field
from typing import Literal

from yidi.policy.rules import Origin
from yidi.values.terms import FilingClass, FilingKind, Scheme


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
    exempt_pools: tuple[tuple[str, ...], ...]
    """Groups of pools between which no filing is needed."""
    returning_reduced: bool
    """Whether those filed elsewhere for long are paid less when they come back."""
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
