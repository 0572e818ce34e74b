"""Two at once, on connections of their own: one works, the other is told how the filing stands, and none is stuck."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from tests.accounts.factories import CLERK, PERSON, SUPERVISOR
from tests.casework.at_once import at_once
from tests.casework.factories import at_the_window
from tests.filing.factories import DAY, PAPERS, SHANGHAI, a_filing, filed
from tests.people.factories import a_coverage
from yidi.filing import services
from yidi.filing.errors import AlreadyFiled, NothingToChange
from yidi.filing.models import Filing
from yidi.filing.states import IN_EFFECT, RejectReason, State
from yidi.values.terms import FilingKind, Material
from yidi.values.transitions import IllegalMove

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

RESIDENT, TEMPORARY = FilingKind.LONG_TERM_RESIDENT, FilingKind.OTHER_TEMPORARY
LONG_AFTER = date(2090, 1, 1)


def a_copy(case: Filing) -> Filing:
    """The filing as somebody else has it on the screen."""
    return Filing.objects.get(pk=case.pk)


def test_two_clerks_decide_one_filing() -> None:
    case = a_filing(State.SUBMITTED)
    (refusal,) = at_once(
        lambda: services.approve(a_copy(case), CLERK),
        lambda: services.reject(a_copy(case), RejectReason.PROOF_TOO_THIN, SUPERVISOR),
    )
    kept = a_copy(case)
    assert isinstance(refusal, IllegalMove)
    assert f"{case.number} 现为“{State(kept.state).zh}”" in refusal.message
    assert kept.decided_by == (CLERK.name if kept.state == State.ACTIVE else SUPERVISOR.name)


def test_one_filing_at_a_time_for_a_place() -> None:
    coverage = a_coverage()
    file = [lambda: filed(coverage, RESIDENT, SHANGHAI, DAY, PAPERS[RESIDENT])] * 4
    refused = at_once(*file)
    assert [type(refusal) for refusal in refused] == [AlreadyFiled] * 3
    assert Filing.objects.get().state == State.ACTIVE


@pytest.mark.parametrize("turn", range(4))
def test_a_change_meets_the_cancelling_of_what_it_changes(turn: int) -> None:
    """Whoever comes first: the old one ends once, and the two never hold on one day."""
    old = a_filing()
    new = services.change(old, PERSON, DAY)
    refused = at_once(
        lambda: services.submit(a_copy(new), PERSON),
        lambda: services.cancel(a_copy(old), DAY - timedelta(days=9), SUPERVISOR),
        lambda: services.change(a_copy(old), PERSON, DAY, care_region="440300"),
    )
    old.refresh_from_db()
    assert {type(refusal) for refusal in refused} <= {IllegalMove, NothingToChange}
    assert old.state in (State.REPLACED, State.CANCELLED)
    assert old.ends is not None
    assert old.ends < DAY
    assert a_copy(new).state == State.ACTIVE


@pytest.mark.parametrize("turn", range(4))
def test_what_lapsed_is_ended_by_whoever_meets_it_first(turn: int) -> None:
    old = a_filing(kind=TEMPORARY, ends=DAY)
    refused = at_once(
        lambda: services.renew(a_copy(old), PERSON, LONG_AFTER),
        lambda: services.draft(old.coverage, RESIDENT, SHANGHAI, DAY, PERSON),
        lambda: services.expire_due(timezone.localdate()),
    )
    assert [type(refusal) for refusal in refused] == [AlreadyFiled]
    assert a_copy(old).state == State.EXPIRED
    assert old.coverage.filings.exclude(state__in=IN_EFFECT).count() == 1


def test_a_promised_paper_meets_the_change() -> None:
    papers = (Material.ID_CARD, Material.JIANGXI_FILING_FORM, Material.COMMITMENT)
    old = filed(a_coverage(), RESIDENT, SHANGHAI, DAY, papers)
    new = services.change(old, PERSON, DAY + timedelta(days=30))
    window = at_the_window(old.coverage)
    refused = at_once(
        lambda: services.submit(a_copy(new), PERSON),
        lambda: services.show(a_copy(old), Material.RESIDENCE_PROOF, "居住证原件", window),
    )
    assert a_copy(old).state == State.REPLACED
    assert len(refused) <= 1, "a paper for what has been replaced is refused"
