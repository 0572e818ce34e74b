"""Qualifications, at any point of their way."""

from datetime import date
from typing import Any

from tests.casework.factories import clock
from tests.evidence.factories import papers_shown
from tests.people.factories import a_coverage
from yidi.people.models import Coverage
from yidi.qualification.models import Qualification
from yidi.qualification.states import GRANTED, MACHINE, State
from yidi.values.terms import Material

HYPERTENSION = "M03900"
DAY = date(2025, 6, 2)
EVIDENCE = (Material.ID_CARD, Material.QUALIFICATION_FORM, Material.MEDICAL_RECORDS, Material.DIAGNOSIS)


def a_qualification(
    state: State = State.DRAFT,
    coverage: Coverage | None = None,
    disease: str = HYPERTENSION,
    starts: date | None = None,
    ends: date | None = None,
    **columns: Any,
) -> Qualification:
    """A qualification in a state, with all its evidence; approved and expired ones begin on 1 January 2025."""
    if starts is None and state in GRANTED:
        starts = date(2025, 1, 1)
    qualification = Qualification.objects.create(
        coverage=coverage or a_coverage(),
        disease=disease,
        state=str(state),
        starts=starts,
        ends=ends,
        **(clock(MACHINE, state) | columns),
    )
    papers_shown(qualification.number, qualification.coverage.person, EVIDENCE)
    return qualification
