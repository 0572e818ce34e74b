"""Who is qualified for what."""

from datetime import date

from django.db.models import Q, QuerySet

from yidi.people.models import Coverage
from yidi.qualification.errors import NotQualified, QualificationEnded, QualificationPending
from yidi.qualification.models import Qualification
from yidi.qualification.states import State
from yidi.reference import diseases


def held_on(coverage: Coverage, on: date) -> QuerySet[Qualification]:
    """The approved qualifications of a coverage that hold on a day, in disease order."""
    return coverage.qualifications.filter(
        Q(ends__isnull=True) | Q(ends__gte=on),
        state__in=[str(State.APPROVED), str(State.EXPIRED)],
        starts__lte=on,
    ).order_by("disease")


def diseases_held(coverage: Coverage, on: date) -> tuple[str, ...]:
    """M-codes of the diseases that a coverage is approved for on a day, in code order."""
    return tuple(held_on(coverage, on).values_list("disease", flat=True))


def need(coverage: Coverage, disease: str, on: date) -> Qualification:
    """The qualification that a chronic-disease bill of that day stands on.

    Raises NotQualified; QualificationEnded or QualificationPending where there once was, or may come to be one.
    """
    held = held_on(coverage, on).filter(disease=disease).first()
    if held is not None:
        return held
    name = diseases.disease(disease).name
    applications = coverage.qualifications.filter(disease=disease)
    past = applications.filter(ends__lt=on).order_by("-ends").first()
    if past is not None:
        raise QualificationEnded(on=on, disease=name, ends=past.ends)
    pending = applications.order_by("-created").first()
    if pending is not None:
        raise QualificationPending(on=on, disease=name, number=pending.number, state=State(pending.state))
    raise NotQualified(on=on, disease=name)
