"""What the rules of a pool say about cases: filings, claims and qualifications. Plain data, made by `policy.cases`."""

from dataclasses import dataclass
from typing import Literal

from yidi.policy.rules import Origin
from yidi.values.terms import CaseField, FilingClass, FilingKind, Scheme


@dataclass(frozen=True, slots=True)
class KindOfFiling:
    """What one kind of filing asks for and gives."""

    kind: FilingKind
    klass: FilingClass
    materials: tuple[tuple[str, ...], ...]
    """All of the outer, any one of each inner: names of `Material`."""
    effect: Literal["instant", "reviewed", "deemed"]
    effect_origin: Origin | None
    """What says so; None = no source does, and nothing takes effect without a clerk."""
    months_valid: int | None
    """Months until it lapses; None = it has no fixed length."""
    needs_end_date: bool
    """Whether each filing must carry an end date of its own, since no source says how long it holds."""
    valid_origin: Origin | None
    """What says how long it holds, or that each says so itself; None = no source does."""
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
    unfiled_settles_directly: bool | None
    """None = not on record: whoever must know asks `cases.unfiled_settles`, which refuses by name."""
    unfiled_origin: Origin | None
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
    listed: Origin | None
    """What lists the disease; None = the pool's list is not on record, and whether it is covered the agency decides."""
    evidence: tuple[tuple[str, ...], ...]
    fields: tuple[CaseField, ...]
    """What the application asks the person to write; all of it is required."""
    channels: tuple[str, ...]
    """Where to apply, besides here; empty where no source says."""
    valid: int | Literal["until-cancelled"] | None
    """Years until re-examination; None = not on record: the clerk who approves states the last day, or none."""
    reviewers: int
    """How many clerks must agree before the disease is approved."""
    origin: Origin
    contests: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def years_valid(self) -> int | None:
        """Years until re-examination; None where none is asked for, or nothing is on record (`valid` tells which)."""
        return self.valid if isinstance(self.valid, int) else None


@dataclass(frozen=True, slots=True)
class DecisionTerm:
    """The time that an agency has for a decision."""

    days: int
    """Working days."""
    unverified: bool
    """Whether no adopted rule states it, so that it stands on a reading called by name: every page says so."""
    origin: Origin

    @property
    def reading(self) -> str:
        """The reading that states it."""
        return self.origin.reading

    @property
    def grade(self) -> str:
        """The grade of its source."""
        return self.origin.grade
