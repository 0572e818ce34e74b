"""Every move of a qualification: one function, one transaction, one audit event."""

from datetime import date, timedelta

from django.db import transaction

from yidi.accounts.actors import Actor
from yidi.audit.services import record
from yidi.people.models import Coverage
from yidi.policy.book import book
from yidi.policy.resolve import qualification_rule
from yidi.policy.rules import QualificationRule
from yidi.qualification.errors import AlreadyOpen, EndsBeforeStart, EvidenceMissing
from yidi.qualification.models import Evidence, Qualification
from yidi.qualification.states import TRANSITIONS, State
from yidi.reference import diseases
from yidi.values.terms import Material, Scheme


@transaction.atomic
def apply(coverage: Coverage, disease: str, on: date, actor: Actor) -> Qualification:
    """Start an application. Raises DiseaseNotCovered where the pool does not know the disease, AlreadyOpen."""
    requirements(coverage, disease, on)
    held = coverage.qualifications.exclude(
        state__in=[str(State.WITHDRAWN), str(State.EXPIRED), str(State.REJECTED)]
    ).filter(disease=disease)
    for other in held:
        raise AlreadyOpen(
            disease=diseases.disease(disease).name, number=other.number, state=State(other.state).zh
        )
    qualification = Qualification.objects.create(coverage=coverage, disease=disease)
    record(actor, "qualification:apply", qualification.number)
    return qualification


def requirements(coverage: Coverage, disease: str, on: date) -> QualificationRule:
    """What the home pool asks for. Raises DiseaseNotCovered, MissingParameter."""
    return qualification_rule(book(), coverage.pool, Scheme(coverage.scheme), disease, on)


@transaction.atomic
def add_evidence(
    qualification: Qualification, material: Material, description: str, actor: Actor
) -> Evidence:
    """Note a paper that was shown; the same paper shown again replaces the note."""
    evidence, _ = Evidence.objects.update_or_create(
        qualification=qualification, material=str(material), defaults={"description": description}
    )
    record(actor, "qualification:evidence", qualification.number, material.zh)
    return evidence


@transaction.atomic
def submit(qualification: Qualification, on: date, actor: Actor) -> None:
    """Hand the application in (or, after a rejection, appeal). Raises EvidenceMissing, IllegalMove."""
    rule = requirements(qualification.coverage, qualification.disease, on)
    shown = set(qualification.evidence.values_list("material", flat=True))
    missing = [group for group in rule.evidence if not shown & set(group)]
    if missing:
        names = "；".join("或".join(Material(name).zh for name in group) for group in missing)
        raise EvidenceMissing(disease=diseases.disease(qualification.disease).name, missing=names)
    _move(qualification, State.SUBMITTED, actor)


@transaction.atomic
def take_up(qualification: Qualification, clerk: Actor) -> None:
    """Begin the review. Raises IllegalMove, NotAllowed, OutsideRegion."""
    clerk.must_be_clerk_of(qualification.coverage.pool, "审核待遇资格")
    _move(qualification, State.UNDER_REVIEW, clerk)


@transaction.atomic
def ask_for_more(qualification: Qualification, reason: str, clerk: Actor) -> None:
    """Send the application back for more evidence, saying what is wanted."""
    clerk.must_be_clerk_of(qualification.coverage.pool, "要求补充材料")
    qualification.reason = reason
    _move(qualification, State.MORE_EVIDENCE, clerk, reason)


@transaction.atomic
def approve(qualification: Qualification, starts: date, clerk: Actor, ends: date | None = None) -> None:
    """Grant the benefit from `starts`; `ends` overrides the pool's own term.

    Raises IllegalMove, EndsBeforeStart and the clerk's faults.
    """
    clerk.must_be_clerk_of(qualification.coverage.pool, "批准待遇资格")
    years = requirements(qualification.coverage, qualification.disease, starts).years_valid
    qualification.starts = starts
    qualification.ends = ends or (_years_later(starts, years) if years else None)
    _check_dates(qualification)
    qualification.reason = ""
    _move(qualification, State.APPROVED, clerk)


def _check_dates(qualification: Qualification) -> None:
    starts, ends = qualification.starts, qualification.ends
    if starts is not None and ends is not None and ends < starts:
        raise EndsBeforeStart(starts=starts, ends=ends)


def _years_later(day: date, years: int) -> date:
    """The last day of a term of whole years that begins on `day`."""
    return _anniversary(day, years) - timedelta(days=1)


def _anniversary(day: date, years: int) -> date:
    """The same day `years` later; 1 March where that year has no 29 February."""
    leap_day = (day.month, day.day) == (2, 29)
    return date(day.year + years, 3, 1) if leap_day else day.replace(year=day.year + years)


@transaction.atomic
def reject(qualification: Qualification, reason: str, clerk: Actor) -> None:
    """Refuse the application with a reason; the person may appeal by submitting again."""
    clerk.must_be_clerk_of(qualification.coverage.pool, "驳回待遇资格")
    qualification.reason = reason
    _move(qualification, State.REJECTED, clerk, reason)


@transaction.atomic
def withdraw(qualification: Qualification, actor: Actor) -> None:
    """Take the application back before it is decided."""
    _move(qualification, State.WITHDRAWN, actor)


@transaction.atomic
def expire(qualification: Qualification, last_day: date, actor: Actor) -> None:
    """End an approved qualification after `last_day`. Raises IllegalMove, EndsBeforeStart."""
    qualification.ends = last_day
    _check_dates(qualification)
    _move(qualification, State.EXPIRED, actor)


def _move(qualification: Qualification, wanted: State, actor: Actor, reason: str = "") -> None:
    now = Qualification.objects.select_for_update(of=("self",)).get(pk=qualification.pk).state
    TRANSITIONS.check(f"待遇资格认定 {qualification.number}", State(now), wanted)
    qualification.state = str(wanted)
    qualification.save()
    record(actor, f"qualification:{wanted}", qualification.number, reason)
