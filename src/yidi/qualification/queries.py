"""Who is qualified for what."""

from datetime import date

from django.db.models import Q, QuerySet

from yidi.people.models import Coverage
from yidi.qualification.errors import NotQualified
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


def need(coverage: Coverage, disease: str, on: date) -> Qualification:
    """The qualification that a chronic-disease bill of that day stands on. Raises NotQualified, saying why there is none."""
    held = held_on(coverage, on).filter(disease=disease).first()
    if held is not None:
        return held
    why, why_en = "", ""
    past = coverage.qualifications.filter(disease=disease, ends__lt=on).order_by("-ends").first()
    pending = coverage.qualifications.filter(disease=disease).order_by("-created").first()
    if past is not None:
        why, why_en = f"（已于 {past.ends} 到期）", f" (it ended on {past.ends})"
    elif pending is not None:
        state = State(pending.state)
        why, why_en = (
            f"（申请 {pending.number} {state.zh}）",
            f" (application {pending.number} is {state.en})",
        )
    raise NotQualified(on=on, disease=diseases.disease(disease).name, why=why, why_en=why_en)
