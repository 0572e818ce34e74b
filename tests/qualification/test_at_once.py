"""Two at once, on connections of their own: one works, the other is told how the case stands."""

from datetime import date

import pytest

from tests.accounts.factories import PERSON, SUPERVISOR
from tests.casework.at_once import Act, at_once
from tests.casework.factories import REVIEWER, at_the_window
from tests.people.factories import a_coverage
from tests.qualification.factories import DAY, HYPERTENSION, a_qualification
from yidi.accounts.actors import Actor
from yidi.audit.models import Event
from yidi.casework.errors import TakenAlready
from yidi.casework.models import Vote
from yidi.evidence.queries import papers_of
from yidi.qualification import queries, services
from yidi.qualification.errors import AlreadyOpen, ClosedToChanges
from yidi.qualification.models import Qualification
from yidi.qualification.states import RejectReason, State
from yidi.values.terms import Material
from yidi.values.transitions import IllegalMove

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def a_copy(case: Qualification) -> Qualification:
    """The case as another clerk has it on the screen."""
    return Qualification.objects.get(pk=case.pk)


def test_two_clerks_decide_one_case() -> None:
    case = a_qualification(State.UNDER_REVIEW)
    one, other = a_copy(case), a_copy(case)
    (refusal,) = at_once(
        lambda: services.approve(one, DAY, REVIEWER),
        lambda: services.reject(other, RejectReason.CRITERIA_NOT_MET, SUPERVISOR),
    )
    kept = a_copy(case)
    assert isinstance(refusal, IllegalMove)
    assert f"{case.number} 现为“{State(kept.state).zh}”" in refusal.message
    won = REVIEWER if kept.state == State.APPROVED else SUPERVISOR
    assert kept.decided_by == won.name
    assert list(Event.objects.values_list("action", "actor")) == [(f"qualification:{kept.state}", won.name)]


def test_eight_clerks_take_up_one_case() -> None:
    case = a_qualification(State.SUBMITTED)
    clerks = [Actor(REVIEWER.kind, f"reviewer-{n}", REVIEWER.region, REVIEWER.roles) for n in range(8)]
    copies = [a_copy(case) for _ in clerks]

    def takes(copy: Qualification, clerk: Actor) -> Act:
        return lambda: services.take_up(copy, clerk)

    refused = at_once(*map(takes, copies, clerks))
    assert len(refused) == 7
    event = Event.objects.get()
    assert a_copy(case).assigned_to == event.actor
    assert {type(refusal) for refusal in refused} == {TakenAlready}
    assert all(event.actor in refusal.message for refusal in refused), "told who has it"


def test_the_last_vote_is_cast_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "_reviewers", lambda case: 2)
    case = a_qualification(State.UNDER_REVIEW)
    clerks = [Actor(REVIEWER.kind, f"reviewer-{n}", REVIEWER.region, REVIEWER.roles) for n in range(4)]
    copies = [a_copy(case) for _ in clerks]

    def approves(copy: Qualification, clerk: Actor) -> Act:
        return lambda: services.approve(copy, DAY, clerk)

    refused = at_once(*map(approves, copies, clerks))
    assert [type(refusal) for refusal in refused] == [IllegalMove, IllegalMove]
    assert (a_copy(case).state, Vote.objects.count()) == (State.APPROVED, 2)


def test_one_application_at_a_time() -> None:
    coverage = a_coverage()
    refused = at_once(*[lambda: services.apply(coverage, HYPERTENSION, DAY, PERSON)] * 4)
    assert [type(refusal) for refusal in refused] == [AlreadyOpen] * 3
    assert Qualification.objects.count() == 1


def test_two_jobs_end_what_is_over() -> None:
    for number in range(1, 6):
        a_qualification(State.APPROVED, a_coverage(number), ends=DAY)
    ended: list[int] = []
    refused = at_once(*[lambda: ended.append(services.expire_due(date(2026, 1, 1)))] * 2)
    assert (refused, sum(ended), Event.objects.count()) == ([], 5, 5)


@pytest.mark.parametrize("turn", range(4))
def test_uploads_and_the_handing_in_stand_in_nobodys_way(turn: int) -> None:
    """Each locks the person and the case; none may wait for another that waits for it."""
    case = a_qualification()
    papers_of(case.number).filter(material=str(queries.MADE_HERE)).delete()
    window = at_the_window(case.coverage)
    refused = at_once(
        lambda: services.submit(a_copy(case), PERSON),
        lambda: services.show_evidence(a_copy(case), Material.DIAGNOSIS, "诊断书", window),
        lambda: services.save(a_copy(case), PERSON, note="加急"),
        lambda: services.take_up(a_copy(case), REVIEWER),
    )
    assert {type(refusal) for refusal in refused} <= {ClosedToChanges, IllegalMove}
    assert a_copy(case).state in (State.SUBMITTED, State.UNDER_REVIEW)
