"""Who is qualified for what, who has applied, and what is wanted of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import BigIntegerField, DateField, Exists, Max, OuterRef, Q, QuerySet

from yidi.casework.queries import in_hand, within
from yidi.evidence.queries import materials_of
from yidi.people.models import Coverage, Person
from yidi.policy.book import book
from yidi.policy.cases import qualification_rule
from yidi.providers.models import Provider
from yidi.providers.queries import by_code
from yidi.qualification.errors import NotAtProvider, NotQualified, QualificationEnded, QualificationPending
from yidi.qualification.models import Qualification
from yidi.qualification.states import GRANTED, MACHINE, ON_ITS_WAY, State
from yidi.reference import diseases, regions
from yidi.statements import Query, Slot
from yidi.values import materials
from yidi.values.terms import CaseField, Material, Scheme

REAPPLY_DAYS = 90
"""Days before the last day from which on one may apply for what follows: a choice of this system, no rule sets it."""
MADE_HERE = Material.QUALIFICATION_FORM
"""The paper that applicants need not bring: it is made of what they filled in when the application is handed in."""


def held_on(coverage: Coverage, on: date) -> QuerySet[Qualification]:
    """The approved qualifications of a coverage that hold on a day, in disease order."""
    return _held_on(on).filter(coverage=coverage)


def _held_on(on: Any) -> QuerySet[Qualification]:
    return Qualification.objects.filter(
        Q(ends__isnull=True) | Q(ends__gte=on),
        state__in=GRANTED,
        starts__lte=on,
    ).order_by("disease")


_HELD = Query(
    lambda: _held_on(Slot("on", DateField())).filter(coverage_id=Slot("coverage", BigIntegerField()))
)


def diseases_held(coverage: Coverage, on: date) -> tuple[str, ...]:
    """M-codes of the diseases that a coverage is approved for on a day, in code order."""
    return tuple(held.disease for held in _HELD.all(coverage=coverage.pk, on=on))


def diseases_ever_held(person: Person) -> tuple[str, ...]:
    """M-codes of the diseases for which a person was ever approved, in code order."""
    rows = of_person(person).filter(state__in=GRANTED)
    return tuple(sorted(set(rows.values_list("disease", flat=True))))


def need(coverage: Coverage, disease: str, on: date, provider: Provider | None = None) -> Qualification:
    """The qualification that a chronic-disease bill of that day, from that provider, stands on.

    Raises NotQualified; QualificationEnded or QualificationPending where there once was, or may come to be one;
    NotAtProvider where the approval names others of the home pool.
    """
    found = _HELD.all(coverage=coverage.pk, on=on)
    held = next((item for item in found if item.disease == disease), None)
    name = diseases.disease(disease).name
    if held is not None:
        held.coverage = coverage
        if provider is not None and not covers(held, provider):
            raise NotAtProvider(disease=name, provider=provider.name, named=names_of(held.providers))
        return held
    applications = coverage.qualifications.filter(disease=disease)
    past = applications.filter(ends__lt=on).order_by("-ends").first()
    if past is not None:
        raise QualificationEnded(on=on, disease=name, ends=past.ends)
    pending = applications.order_by("-created").first()
    if pending is not None:
        raise QualificationPending(on=on, disease=name, number=pending.number, state=State(pending.state))
    raise NotQualified(on=on, disease=name)


def of_same_insurance(coverage: Coverage, disease: str) -> QuerySet[Qualification]:
    """Every application for a disease that the person has in the same pool and scheme, as whatever standing."""
    return Qualification.objects.filter(
        coverage__person=coverage.person,
        coverage__pool=coverage.pool,
        coverage__scheme=coverage.scheme,
        disease=disease,
    ).order_by("pk")


def granted_in(pools: Sequence[str]) -> QuerySet[Qualification]:
    """The qualifications that hold or held, in some pools, in the order in which they came."""
    rows = Qualification.objects.filter(coverage__pool__in=pools, state__in=GRANTED)
    return rows.select_related("coverage__person").order_by("pk")


def covers(held: Qualification, provider: Provider) -> bool:
    """Whether a bill of the provider may stand on it. Away from home nobody is bound to a hospital (fact N-207)."""
    away = regions.pool_of(provider.region) != regions.pool_of(held.coverage.pool)
    return not held.providers or away or provider.code in held.providers


def names_of(codes: Iterable[str]) -> str:
    """The names of providers, by their national codes. Raises UnknownProvider."""
    return "、".join(by_code(code).name for code in codes)


def of_person(person: Person) -> QuerySet[Qualification]:
    """Every application of a person, the newest first."""
    return Qualification.objects.filter(coverage__person=person).order_by("-created", "-pk")


def lapsed(today: date) -> QuerySet[Qualification]:
    """The approved qualifications whose last day has passed."""
    return Qualification.objects.filter(state=str(State.APPROVED), ends__lt=today)


def expiring_within(days: int, today: date) -> QuerySet[Qualification]:
    """The approved qualifications whose last day is today or one of the next `days`, the nearest first."""
    last = today + timedelta(days=days)
    return Qualification.objects.filter(state=str(State.APPROVED), ends__gte=today, ends__lte=last).order_by(
        "ends", "pk"
    )


def renewable_from(ends: date) -> date:
    """The first day on which one may apply for what follows a qualification with that last day."""
    return ends - timedelta(days=REAPPLY_DAYS)


def barring(coverage: Coverage, disease: str, today: date) -> QuerySet[Qualification]:
    """The cases that bar another application for the disease: one on its way, or held and not near its last day."""
    held = Q(state=str(State.APPROVED)) & (
        Q(ends__isnull=True) | Q(ends__gt=today + timedelta(days=REAPPLY_DAYS))
    )
    return coverage.qualifications.filter(Q(state__in=ON_ITS_WAY) | held, disease=disease).order_by("pk")


def granted_beside(case: Qualification) -> QuerySet[Qualification]:
    """What else was granted to the person for the same disease, whatever became of it, in order of the days."""
    rows = case.coverage.qualifications.filter(state__in=GRANTED, disease=case.disease)
    return rows.exclude(pk=case.pk).order_by("starts")


def first_free_day(case: Qualification, today: date) -> date:
    """The first day from today on that comes after the last day of all else that was granted for the disease."""
    last = granted_beside(case).aggregate(last=Max("ends"))["last"]
    return max(today, last + timedelta(days=1)) if last else today


def not_renewed(rows: QuerySet[Qualification]) -> QuerySet[Qualification]:
    """Those of the qualifications for which nothing that follows them is handed in or approved."""
    others = Qualification.objects.filter(coverage=OuterRef("coverage"), disease=OuterRef("disease"))
    handed_in = Q(state__in=[x for x in ON_ITS_WAY if x is not State.DRAFT])
    follows = Q(state=str(State.APPROVED), starts__gt=OuterRef("ends"))
    return rows.exclude(Exists(others.filter(handed_in | follows)))


@dataclass(frozen=True, slots=True)
class Asked:
    """What an application still wants of its applicant before it can be handed in."""

    materials: tuple[materials.Group, ...]
    """Groups of papers of which one is wanted."""
    fields: tuple[CaseField, ...]

    def __bool__(self) -> bool:
        return bool(self.materials or self.fields)


def asked_of(case: Qualification, on: date) -> Asked:
    """What the application still lacks by the rules of a day. Raises what `qualification_rule` raises."""
    coverage = case.coverage
    rule = qualification_rule(book(), coverage.pool, Scheme(coverage.scheme), case.disease, on)
    fields = tuple(field for field in rule.fields if not case.field(field))
    return Asked(materials.missing(rule.evidence, {*materials_of(case.number), MADE_HERE}), fields)


def open_for(region: str) -> QuerySet[Qualification]:
    """The work list of a region's agency: applications that wait for it, the nearest deadline first."""
    return in_hand(within(Qualification.objects.select_related("coverage__person"), region), MACHINE)
