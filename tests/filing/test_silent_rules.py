"""Where no source says what becomes of a visit without a filing: how it stands is known, and settling is refused by name."""

import pytest

from tests.filing.factories import DAY, SHANGHAI, a_filing
from tests.people.factories import a_coverage
from yidi.filing.queries import check_settles_directly, situation
from yidi.policy.errors import MissingParameter
from yidi.values.terms import FilingKind, Situation

pytestmark = pytest.mark.django_db
ZHENGZHOU, LUOYANG = "410100", "410300"


@pytest.mark.parametrize("care", [SHANGHAI, LUOYANG])
def test_an_unfiled_visit_is_refused_for_want_of_the_rule(care: str) -> None:
    coverage = a_coverage(pool=ZHENGZHOU)
    where = situation(coverage, care, DAY, DAY)
    assert where is Situation.UNFILED
    with pytest.raises(MissingParameter, match=r"河南省郑州市.*“未备案时的结算方式”"):
        check_settles_directly(coverage, care, where, DAY)


def test_what_does_not_turn_on_the_rule_goes_on() -> None:
    coverage = a_coverage(pool=ZHENGZHOU)
    a_filing(coverage=coverage, kind=FilingKind.LONG_TERM_RESIDENT)
    filed = situation(coverage, SHANGHAI, DAY, DAY)
    emergency = situation(coverage, LUOYANG, DAY, DAY, emergency=True)
    local = situation(coverage, "410102", DAY, DAY)
    assert (filed, emergency, local) == (
        Situation.LONG_TERM_RESIDENT,
        Situation.EMERGENCY,
        Situation.LOCAL,
    )
    for where in (filed, emergency, local):
        check_settles_directly(coverage, SHANGHAI, where, DAY)
