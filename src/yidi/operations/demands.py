"""What the rules of the home pool demand of a case, whatever its kind, each with the source that says so."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from yidi.claims import queries as claims
from yidi.operations.cases import room_of
from yidi.policy.book import book
from yidi.policy.case_rules import KindOfFiling, QualificationRule
from yidi.policy.cases import filing_kind
from yidi.policy.pack import ConflictDoc
from yidi.policy.rules import Origin
from yidi.qualification import services as qualifications
from yidi.values.periods import last_day_of_term
from yidi.values.terms import Benefit, CaseKind, FilingKind, Scheme


@dataclass(frozen=True, slots=True)
class Demand:
    """What a case must have, by the rules on the day on which it was handed in."""

    materials: tuple[tuple[str, ...], ...]
    """All of the outer, any one of each inner: names of `Material`."""
    origin: Origin
    """What asks for the papers."""
    reviewers: int = 1
    """How many clerks must agree."""
    qualification: QualificationRule | None = None
    filing: KindOfFiling | None = None
    contests: tuple[str, ...] = ()
    """Ids of the conflicts between sources that touch it."""
    notes: tuple[str, ...] = ()

    @property
    def conflicts(self) -> Mapping[str, ConflictDoc]:
        """Those conflicts in words."""
        return {name: book().conflicts[name] for name in self.contests}


def demand_of(case: Any) -> Demand:
    """What the rules demand of a case. Raises DiseaseNotCovered, MissingParameter where they do not say."""
    return _DEMANDS[room_of(case).kind](case)


def _of_qualification(case: Any) -> Demand:
    rule = qualifications.requirements(case.coverage, case.disease, case.submitted_on or timezone.localdate())
    return Demand(
        rule.evidence,
        rule.origin,
        rule.reviewers,
        qualification=rule,
        contests=rule.contests,
        notes=rule.notes,
    )


def _of_filing(case: Any) -> Demand:
    coverage, kind = case.coverage, FilingKind(case.kind)
    rule = filing_kind(book(), coverage.pool, Scheme(coverage.scheme), kind, case.starts)
    return Demand(rule.materials, rule.origin, filing=rule)


def _of_claim(case: Any) -> Demand:
    benefit = Benefit(case.benefit or Benefit.GENERAL_OUTPATIENT)
    rule = claims.requirements(case.coverage, case.on or timezone.localdate(), benefit)
    return Demand(rule.materials, rule.origin)


_DEMANDS: Mapping[CaseKind, Callable[[Any], Demand]] = {
    CaseKind.QUALIFICATION: _of_qualification,
    CaseKind.FILING: _of_filing,
    CaseKind.CLAIM: _of_claim,
}


def last_day(rule: QualificationRule, starts: date) -> date | None:
    """The last day of a qualification that begins then, by the pool's rule; None where it sets no term."""
    return last_day_of_term(starts, 12 * rule.years_valid) if rule.years_valid else None
