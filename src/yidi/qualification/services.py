"""Every move of a qualification: one function, one transaction, one audit event."""

from datetime import date
from typing import Any

from django.db import transaction

from yidi.accounts.actors import Actor
from yidi.accounts.terms import Action
from yidi.audit.moves import locked, move
from yidi.audit.services import record
from yidi.people.models import Coverage
from yidi.policy.book import book
from yidi.policy.case_rules import QualificationRule
from yidi.policy.cases import qualification_rule
from yidi.qualification.errors import AlreadyOpen, EndsBeforeStart, EvidenceClosed, EvidenceMissing
from yidi.qualification.models import Evidence, Qualification
from yidi.qualification.states import OVER, TAKES_EVIDENCE, TRANSITIONS, State
from yidi.reference import diseases
from yidi.values import materials
from yidi.values.periods import last_day_of_term
from yidi.values.terms import Material, Scheme


@transaction.atomic
def apply(coverage: Coverage, disease: str, on: date, actor: Actor) -> Qualification:
    """Start an application. Raises DiseaseNotCovered where the pool does not know the disease, AlreadyOpen."""
    requirements(coverage, disease, on)
    _refuse_other_open(coverage, disease)
    qualification = Qualification.objects.create(coverage=coverage, disease=disease)
    record(actor, "qualification:apply", qualification.number)
    return qualification


def _refuse_other_open(coverage: Coverage, disease: str, this: int = 0) -> None:
    """Raises AlreadyOpen where another application for the disease is not over yet."""
    held = coverage.qualifications.exclude(state__in=OVER).exclude(pk=this).filter(disease=disease).first()
    if held is not None:
        raise AlreadyOpen(disease=diseases.disease(disease).name, number=held.number, state=State(held.state))


def requirements(coverage: Coverage, disease: str, on: date) -> QualificationRule:
    """What the home pool asks for. Raises DiseaseNotCovered, MissingParameter."""
    return qualification_rule(book(), coverage.pool, Scheme(coverage.scheme), disease, on)


@transaction.atomic
def add_evidence(
    qualification: Qualification, material: Material, description: str, actor: Actor
) -> Evidence:
    """Note a paper that was shown; the same paper shown again replaces the note. Raises EvidenceClosed."""
    state = State(locked(qualification).state)
    if state not in TAKES_EVIDENCE:
        raise EvidenceClosed(number=qualification.number, state=state)
    evidence, _ = Evidence.objects.update_or_create(
        qualification=qualification, material=str(material), defaults={"description": description}
    )
    record(actor, "qualification:evidence", qualification.number, material.zh)
    return evidence


@transaction.atomic
def submit(qualification: Qualification, on: date, actor: Actor) -> None:
    """Hand the application in (or, after a rejection, appeal). Raises EvidenceMissing, AlreadyOpen, IllegalMove."""
    _refuse_other_open(qualification.coverage, qualification.disease, qualification.pk)
    rule = requirements(qualification.coverage, qualification.disease, on)
    missing = materials.missing(rule.evidence, qualification.evidence.values_list("material", flat=True))
    if missing:
        raise EvidenceMissing(
            disease=diseases.disease(qualification.disease).name,
            missing=materials.named(missing),
            missing_en=materials.named(missing, "en"),
        )
    _move(qualification, State.SUBMITTED, actor)


@transaction.atomic
def take_up(qualification: Qualification, clerk: Actor) -> None:
    """Begin the review. Raises IllegalMove, NotAllowed, OutsideRegion."""
    clerk.must_do(Action.TAKE_UP, qualification.coverage.pool)
    _move(qualification, State.UNDER_REVIEW, clerk)


@transaction.atomic
def ask_for_more(qualification: Qualification, reason: str, clerk: Actor) -> None:
    """Send the application back for more evidence, saying what is wanted."""
    clerk.must_do(Action.ASK_FOR_MORE, qualification.coverage.pool)
    _move(qualification, State.MORE_EVIDENCE, clerk, reason, also={"reason": reason})


@transaction.atomic
def approve(qualification: Qualification, starts: date, clerk: Actor, ends: date | None = None) -> None:
    """Grant the benefit from `starts`; `ends` overrides the pool's own term.

    Raises IllegalMove, EndsBeforeStart and the clerk's faults.
    """
    clerk.must_do(Action.DECIDE_QUALIFICATION, qualification.coverage.pool)
    years = requirements(qualification.coverage, qualification.disease, starts).years_valid
    last_day = ends or (last_day_of_term(starts, 12 * years) if years else None)
    _check_dates(starts, last_day)
    _move(qualification, State.APPROVED, clerk, also={"starts": starts, "ends": last_day, "reason": ""})


def _check_dates(starts: date | None, ends: date | None) -> None:
    if starts is not None and ends is not None and ends < starts:
        raise EndsBeforeStart(starts=starts, ends=ends)


@transaction.atomic
def reject(qualification: Qualification, reason: str, clerk: Actor) -> None:
    """Refuse the application with a reason; the person may appeal by submitting again."""
    clerk.must_do(Action.DECIDE_QUALIFICATION, qualification.coverage.pool)
    _move(qualification, State.REJECTED, clerk, reason, also={"reason": reason})


@transaction.atomic
def withdraw(qualification: Qualification, actor: Actor) -> None:
    """Take the application back before it is decided."""
    _move(qualification, State.WITHDRAWN, actor)


@transaction.atomic
def expire(qualification: Qualification, last_day: date, actor: Actor) -> None:
    """End an approved qualification after `last_day`. Raises IllegalMove, EndsBeforeStart and the clerk's faults."""
    actor.must_be_system_or(Action.END_QUALIFICATION, qualification.coverage.pool)
    _check_dates(locked(qualification).starts, last_day)
    _move(qualification, State.EXPIRED, actor, also={"ends": last_day})


def _move(
    case: Qualification, wanted: State, actor: Actor, reason: str = "", also: dict[str, Any] | None = None
) -> None:
    move(case, TRANSITIONS, wanted, actor, f"qualification:{wanted}", reason, also)
