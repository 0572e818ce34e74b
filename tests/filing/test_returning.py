"""Those who live elsewhere and come back: paid less only where the home pool says so."""

from datetime import date, timedelta

import pytest

from tests.filing.factories import DAY, SHANGHAI, a_filing
from yidi.filing.queries import situation
from yidi.filing.states import State
from yidi.values.terms import FilingKind, Situation

pytestmark = pytest.mark.django_db
NANCHANG, GANZHOU = "360100", "360700"


@pytest.mark.parametrize("care", [NANCHANG, GANZHOU])
@pytest.mark.parametrize("kind", ["resettled-retiree", "long-term-resident", "posted-worker"])
def test_care_in_the_home_province_is_a_return(kind: str, care: str) -> None:
    case = a_filing(kind=FilingKind(kind))
    assert situation(case.coverage, care, DAY, DAY) is Situation.RETURNING
    assert situation(case.coverage, SHANGHAI, DAY, DAY) == kind


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"kind": FilingKind.REFERRAL, "ends": date(2025, 12, 31)}, "temporary filings are no residence"),
        ({"state": State.REJECTED}, "rejected"),
        ({"starts": DAY + timedelta(days=1)}, "not yet begun"),
        ({"ends": DAY - timedelta(days=1)}, "over"),
        ({"care_region": GANZHOU}, "the same province"),
    ],
)
def test_others_are_simply_at_home(changes: dict[str, object], why: str) -> None:
    case = a_filing(**changes)  # type: ignore[arg-type]
    assert situation(case.coverage, NANCHANG, DAY, DAY) is Situation.LOCAL, why
