"""What goes into the guide and what comes out: plain frozen data, every sentence in both languages."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from yidi.benefit.adjudicate import Decision
from yidi.benefit.assess import Assessment
from yidi.guide.errors import DiseaseMissing, SituationNotStated, StandingOfOtherScheme
from yidi.guide.terms import STATED, Standpoint, StepState, Verdict
from yidi.reference.hotlines import Hotline
from yidi.values.errors import Refusal
from yidi.values.terms import (
    STANDINGS_OF,
    Benefit,
    FilingClass,
    FilingKind,
    Level,
    Material,
    Scheme,
    Situation,
    Standing,
    Trait,
)

Materials = tuple[tuple[Material, ...], ...]
"""All of the outer, any one of each inner."""


@dataclass(frozen=True, slots=True)
class Bill:
    """A bill in fen. A part that is None is not known and is taken as 0, which the estimate says."""

    total: int
    excluded: int | None = None
    over_limit: int | None = None
    upfront: int | None = None

    @property
    def parts_known(self) -> bool:
        """Whether any part was given."""
        return any(part is not None for part in (self.excluded, self.over_limit, self.upfront))


@dataclass(frozen=True, slots=True)
class Used:
    """What the person has already used of this benefit in the benefit year, in fen; None = not known, taken as 0."""

    deductible: int | None = None
    fund: int | None = None


@dataclass(frozen=True, slots=True)
class PlanRequest:
    """One person's question. `today` is the day on which it is asked: it tells whether the visit lies ahead.

    Raises StandingOfOtherScheme, DiseaseMissing, SituationNotStated.
    """

    home: str
    """Code of the home pool."""
    care: str
    """Code of the care region."""
    scheme: Scheme
    standing: Standing
    benefit: Benefit
    level: Level
    filed: Situation
    """What the person says about their filing: one of `terms.STATED`."""
    on: date
    """Day of service."""
    today: date
    disease: str = ""
    """M-code; empty for general outpatient care."""
    bill: Bill | None = None
    used: Used = Used()
    age: int | None = None
    """Completed years on the day of service; None = not known."""
    traits: frozenset[Trait] = frozenset()
    """What is known to hold besides; whether anything else holds is not known."""

    def __post_init__(self) -> None:
        allowed = STANDINGS_OF[self.scheme]
        if self.standing not in allowed:
            raise StandingOfOtherScheme(
                standing=self.standing.zh,
                standing_en=self.standing.en,
                scheme=self.scheme.zh,
                scheme_en=self.scheme.en,
                allowed="、".join(item.zh for item in allowed),
                allowed_en=", ".join(item.en for item in allowed),
            )
        if (self.benefit == Benefit.CHRONIC_DISEASE) != bool(self.disease):
            raise DiseaseMissing()
        if self.filed not in STATED:
            raise SituationNotStated(situation=self.filed.zh, situation_en=self.filed.en)


@dataclass(frozen=True, slots=True)
class Citation:
    """A place in a source. The last four fields are filled where the place is a rule of a pack."""

    source: str
    title: str
    clause: str
    grade: str
    facts: tuple[str, ...]
    url: str = ""
    layer: str = ""
    reading: str = ""
    since: str = ""
    seen: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence in both languages, with where it comes from."""

    zh: str
    en: str
    citations: tuple[Citation, ...] = ()

    def text(self, language: str = "zh") -> str:
        """The sentence in `zh` or `en`."""
        return self.en if language == "en" else self.zh


ConditionName = Literal["region", "coverage", "nationwide", "filing", "qualification", "provider", "amount"]
StepName = Literal["ask", "qualify", "file", "choose", "visit", "pay", "claim"]


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of direct settlement and how it stands."""

    name: ConditionName
    standpoint: Standpoint
    said: Said


@dataclass(frozen=True, slots=True)
class FilingChoice:
    """One kind of filing the person may choose."""

    kind: FilingKind
    klass: FilingClass
    rule: str
    """Id of the rule that lists the papers."""
    materials: Materials
    effect: Said
    validity: Said
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class PlanStep:
    """One thing to do. `channels` are names of places and applications, as their owners spell them."""

    name: StepName
    state: StepState
    title: Said
    sentences: tuple[Said, ...]
    materials: Materials = ()
    materials_from: tuple[Citation, ...] = ()
    channels: tuple[str, ...] = ()
    choices: tuple[FilingChoice, ...] = ()


@dataclass(frozen=True, slots=True)
class Alternative:
    """What the same bill would come to in other filing situations: a run of the engine, never a guess.

    `difference` is the fund's part less that of the estimate, in fen; None where the outcome is a refusal.
    """

    situations: tuple[Situation, ...]
    outcome: Decision | Refusal
    difference: int | None


@dataclass(frozen=True, slots=True)
class OtherReading:
    """What another reading of a contested rule would give."""

    reading: str
    citations: tuple[Citation, ...]
    outcome: Decision | Refusal
    difference: int | None


@dataclass(frozen=True, slots=True)
class Estimate:
    """What the bill comes to, on which assumptions, and what would change it."""

    assessment: Assessment
    assumptions: tuple[Said, ...]
    alternatives: tuple[Alternative, ...]
    other_readings: tuple[OtherReading, ...]

    @property
    def decision(self) -> Decision:
        """The decision that the estimate shows."""
        return self.assessment.decision

    @property
    def best(self) -> Alternative | None:
        """The alternative that pays most, where any pays more than the estimate."""
        better = [
            other for other in self.alternatives if other.difference is not None and other.difference > 0
        ]
        return max(better, key=lambda other: other.difference or 0, default=None)


@dataclass(frozen=True, slots=True)
class Contest:
    """A disagreement between sources that touches this plan."""

    id: str
    said: Said


@dataclass(frozen=True, slots=True)
class Plan:
    """The answer: whether, how, with what, and how much."""

    request: PlanRequest
    situation: Situation
    """As the rules see it: care at home and exemption included."""
    disease: str
    """The disease's name; empty for general outpatient care."""
    verdict: Verdict
    conditions: tuple[Condition, ...]
    steps: tuple[PlanStep, ...]
    hotline: Hotline
    parameters: tuple[Said, ...]
    """The benefit's parameters for this person; empty where no rule gives them."""
    estimate: Estimate | Refusal | None
    """None where no bill was given and nothing stands in the way of an estimate."""
    contests: tuple[Contest, ...]
    refusals: tuple[Refusal, ...]
    """Where the rules do not reach, besides the estimate."""
    notices: tuple[Said, ...]

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Every place that conditions, steps and parameters rest on, once each, in order of first use."""
        return tuple(dict.fromkeys(_citations(self)))


def _citations(plan: Plan) -> Iterator[Citation]:
    for condition in plan.conditions:
        yield from condition.said.citations
    for step in plan.steps:
        for said in (step.title, *step.sentences):
            yield from said.citations
        for choice in step.choices:
            yield from (*choice.citations, *choice.effect.citations, *choice.validity.citations)
        yield from step.materials_from
    for said in plan.parameters:
        yield from said.citations
