"""What clerks do with a case of any kind: hand it out, ask once, look at an appeal with fresh eyes. On qualifications."""

from dataclasses import replace
from datetime import date

import pytest
from django.utils import timezone

from tests.accounts.factories import CLERK, FOREIGN_CLERK, PERSON, PROVINCE_CLERK, SUPERVISOR, a_clerk
from tests.casework.factories import HANDED_IN, REVIEWER
from tests.matrix import cells
from tests.people.factories import a_coverage
from tests.qualification.factories import DAY, a_qualification
from yidi.accounts.actors import Actor
from yidi.accounts.errors import NotAllowed, OutsideRegion
from yidi.accounts.models import User
from yidi.accounts.terms import Role
from yidi.audit.models import Event
from yidi.casework import queries
from yidi.casework import services as casework
from yidi.casework.errors import (
    AskedAlready,
    NoSuchColleague,
    NotInHand,
    ReasonNeeded,
    SameClerk,
    TakenAlready,
    VotedAlready,
    VotesDiffer,
)
from yidi.casework.models import Vote
from yidi.policy.cases import TERM_READING
from yidi.qualification import services
from yidi.qualification.models import Qualification
from yidi.qualification.states import MACHINE, RejectReason, State
from yidi.reference.working_days import after_working_days
from yidi.values.transitions import IllegalMove

pytestmark = pytest.mark.django_db

WORDS = "病历已补全"
NOT_MET = RejectReason.CRITERIA_NOT_MET


def appealed(case: Qualification, decider: Actor = REVIEWER) -> None:
    """The case was refused by that clerk, and the person appeals."""
    services.reject(case, NOT_MET, decider)
    services.appeal(case, WORDS, PERSON)


# handing out


@pytest.mark.parametrize(
    ("state", "waits"), [(str(state), MACHINE.clock[state] != "stopped") for state in State]
)
def test_only_what_is_in_hand_is_handed_out(state: str, waits: bool) -> None:
    case = a_qualification(State(state))
    a_clerk("reviewer-1", Role.REVIEWER)
    if waits:
        services.assign(case, "reviewer-1", SUPERVISOR)
        assert Qualification.objects.get(pk=case.pk).assigned_to == "reviewer-1"
        event = Event.objects.get()
        assert (event.action, event.reason) == ("qualification:assign", "reviewer-1")
        services.assign(case, "", SUPERVISOR)
        assert Qualification.objects.get(pk=case.pk).assigned_to == ""
        casework.take_on(case, MACHINE, REVIEWER)
        assert Qualification.objects.get(pk=case.pk).assigned_to == REVIEWER.name
        return
    for hand_out in (
        lambda: services.assign(case, "reviewer-1", SUPERVISOR),
        lambda: casework.take_on(case, MACHINE, REVIEWER),
    ):
        with pytest.raises(NotInHand, match=f"{case.number} 现为“{State(state).zh}”"):
            hand_out()
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    ("role", "region", "active", "may"),
    [
        (Role.REVIEWER, "360100", True, True),
        (Role.SUPERVISOR, "360000", True, True),
        (Role.WINDOW, "360100", True, False),
        (Role.REVIEWER, "310000", True, False),
        (Role.REVIEWER, "360700", True, False),
        (Role.REVIEWER, "360100", False, False),
    ],
)
def test_a_case_goes_to_colleagues_who_may_take_it_up(
    role: Role, region: str, active: bool, may: bool
) -> None:
    case = a_qualification(State.SUBMITTED)
    a_clerk("colleague", role, region=region)
    User.objects.update(is_active=active)
    if may:
        services.assign(case, "colleague", SUPERVISOR)
        assert case.assigned_to == "colleague"
        return
    with pytest.raises(NoSuchColleague, match="“colleague”不是能办理江西省南昌市业务的经办人"):
        services.assign(case, "colleague", SUPERVISOR)
    assert Qualification.objects.get(pk=case.pk).assigned_to == ""


def test_a_name_that_nobody_has_is_refused() -> None:
    with pytest.raises(NoSuchColleague):
        services.assign(a_qualification(State.SUBMITTED), "nobody", SUPERVISOR)


WHO = """
              assign  take-on
REVIEWER         .       +
SUPERVISOR       +       +
PROVINCE_CLERK   +       +
FOREIGN_CLERK    .       .
PERSON           .       .
"""
BY_NAME = {
    "REVIEWER": REVIEWER,
    "SUPERVISOR": SUPERVISOR,
    "PROVINCE_CLERK": PROVINCE_CLERK,
    "FOREIGN_CLERK": FOREIGN_CLERK,
    "PERSON": PERSON,
}


def test_what_a_colleague_has_is_not_taken_from_them_and_what_one_has_already_stays() -> None:
    other = replace(REVIEWER, name="南昌经办子")
    for state, take in ((State.SUBMITTED, services.take_up), (State.MORE_EVIDENCE, _take_on)):
        case = a_qualification(state, a_coverage(2 if state is State.SUBMITTED else 3))
        _take_on(case, REVIEWER)
        events = Event.objects.count()
        _take_on(case, REVIEWER)
        assert Event.objects.count() == events
        for wrongly in (_take_on, take):
            with pytest.raises(TakenAlready, match=f"{case.number} 已由“{REVIEWER.name}”领取"):
                wrongly(case, other)
        assert Qualification.objects.get(pk=case.pk).assigned_to == REVIEWER.name


def _take_on(case: Qualification, clerk: Actor) -> None:
    casework.take_on(case, MACHINE, clerk)


@pytest.mark.parametrize(("name", "move", "may"), list(cells(WHO)))
def test_who_hands_out(name: str, move: str, may: bool) -> None:
    case = a_qualification(State.SUBMITTED)
    a_clerk("colleague", Role.REVIEWER)

    def act() -> None:
        if move == "assign":
            services.assign(case, "colleague", BY_NAME[name])
        else:
            casework.take_on(case, MACHINE, BY_NAME[name])

    if may:
        act()
        assert case.assigned_to == ("colleague" if move == "assign" else BY_NAME[name].name)
        return
    with pytest.raises((NotAllowed, OutsideRegion)):
        act()
    assert Qualification.objects.get(pk=case.pk).assigned_to == ""


def test_whoever_takes_a_case_up_works_on_it() -> None:
    case = a_qualification(State.SUBMITTED)
    services.take_up(case, REVIEWER)
    assert Qualification.objects.get(pk=case.pk).assigned_to == REVIEWER.name


# asking once


def test_more_evidence_is_asked_for_once_per_round() -> None:
    case = a_qualification(State.UNDER_REVIEW)
    services.ask_for_more(case, "请补近三个月血压记录", REVIEWER)
    services.submit(case, PERSON)
    with pytest.raises(AskedAlready, match=f"{case.number} 已经要求过一次"):
        services.ask_for_more(case, "还要别的", REVIEWER)
    services.take_up(case, REVIEWER)
    with pytest.raises(AskedAlready):
        services.ask_for_more(case, "还要别的", SUPERVISOR)
    appealed(case)
    assert not case.asked
    services.ask_for_more(case, "请补诊断书", SUPERVISOR)
    assert Qualification.objects.get(pk=case.pk).state == State.MORE_EVIDENCE


@pytest.mark.parametrize("words", ["", "  \n"])
def test_what_needs_a_reason_is_refused_without(words: str) -> None:
    case = a_qualification(State.UNDER_REVIEW)
    rejected = a_qualification(State.REJECTED, disease="M01600", coverage=case.coverage)
    for act in (
        lambda: services.ask_for_more(case, words, REVIEWER),
        lambda: services.reject(case, RejectReason.OTHER, REVIEWER, words),
        lambda: services.appeal(rejected, words, PERSON),
    ):
        with pytest.raises(ReasonNeeded):
            act()
    assert set(Qualification.objects.values_list("state", flat=True)) == {"under-review", "rejected"}
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    ("reason", "text", "told"),
    [
        (NOT_MET, "", "未达到该病种的认定标准"),
        (NOT_MET, " 血压记录不足三个月 ", "未达到该病种的认定标准：血压记录不足三个月"),
        (RejectReason.OTHER, "已在外省认定", "其他原因：已在外省认定"),
    ],
)
def test_a_rejection_says_why(reason: RejectReason, text: str, told: str) -> None:
    case = a_qualification(State.UNDER_REVIEW)
    services.reject(case, reason, REVIEWER, text)
    kept = Qualification.objects.get(pk=case.pk)
    assert (kept.reason, kept.rejected_for, kept.decided_by) == (told, reason, REVIEWER.name)
    assert Event.objects.get().reason == told


# appeals


def test_an_appeal_starts_afresh_with_another_clerk() -> None:
    case = a_qualification(State.UNDER_REVIEW, assigned_to=REVIEWER.name)
    appealed(case)
    kept = Qualification.objects.get(pk=case.pk)
    today = timezone.localdate()
    assert (kept.state, kept.appeals, kept.assigned_to) == (State.SUBMITTED, 1, "")
    assert (kept.submitted_on, kept.decided_on, kept.paused_on) == (today, None, None)
    assert (kept.due_on, kept.due_by) == (after_working_days(today, 20), TERM_READING)
    event = Event.objects.latest("pk")
    assert (event.action, event.reason) == ("qualification:appeal", WORDS)


def test_whoever_decided_has_no_part_in_the_appeal() -> None:
    case = a_qualification(State.UNDER_REVIEW)
    appealed(case)
    a_clerk(REVIEWER.name, Role.REVIEWER)
    for act in (
        lambda: services.take_up(case, REVIEWER),
        lambda: services.assign(case, REVIEWER.name, SUPERVISOR),
        lambda: casework.take_on(case, MACHINE, REVIEWER),
    ):
        with pytest.raises(SameClerk, match=f"“{REVIEWER.name}”已经作出过被申诉的决定"):
            act()
    services.take_up(case, SUPERVISOR)
    for act in (
        lambda: services.approve(case, DAY, REVIEWER),
        lambda: services.reject(case, NOT_MET, REVIEWER),
    ):
        with pytest.raises(SameClerk):
            act()
    services.reject(case, NOT_MET, SUPERVISOR)
    services.appeal(case, WORDS, PERSON)
    with pytest.raises(SameClerk):
        services.take_up(case, SUPERVISOR)
    services.take_up(case, CLERK)
    services.approve(case, DAY, CLERK)
    assert (case.state, case.appeals) == (State.APPROVED, 2)


# several pairs of eyes


def cast(case: Qualification, clerk: Actor, verdict: str, ends: date | None = None) -> bool:
    if verdict == "+":
        return services.approve(case, DAY, clerk, ends)
    return services.reject(case, NOT_MET, clerk, clerk.name)


CLERKS = [Actor(REVIEWER.kind, f"reviewer-{number}", REVIEWER.region, REVIEWER.roles) for number in range(5)]


@pytest.mark.parametrize(
    ("reviewers", "votes", "state"),
    [
        (1, "+", "approved"),
        (1, "-", "rejected"),
        (2, "+", "under-review"),
        (2, "-", "under-review"),
        (2, "++", "approved"),
        (2, "--", "rejected"),
        (2, "+-", "under-review"),
        (2, "-+", "under-review"),
        (2, "+-+", "approved"),
        (2, "+--", "rejected"),
        (3, "++", "under-review"),
        (3, "+-+-", "under-review"),
        (3, "+-+-+", "approved"),
        (3, "--+-", "rejected"),
    ],
)
def test_the_side_that_first_has_enough_votes_decides(
    reviewers: int, votes: str, state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "_reviewers", lambda case: reviewers)
    case = a_qualification(State.UNDER_REVIEW)
    outcomes = [cast(case, clerk, verdict) for clerk, verdict in zip(CLERKS, votes, strict=False)]
    kept = Qualification.objects.get(pk=case.pk)
    assert kept.state == state
    decided = state != "under-review"
    assert outcomes == [False] * (len(votes) - 1) + [decided]
    assert kept.decided_by == (CLERKS[len(votes) - 1].name if decided else "")
    assert Vote.objects.count() == (len(votes) if reviewers > 1 else 0)
    assert Event.objects.filter(action="qualification:vote").count() == Vote.objects.count()
    if state == "approved":
        assert (kept.starts, kept.reason) == (DAY, "")
    elif state == "rejected":
        assert kept.reason.endswith(kept.decided_by), "the last vote's words"
    else:
        assert (kept.starts, kept.reason, kept.decided_on) == (None, "", None)


@pytest.fixture
def _two_must_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "_reviewers", lambda case: 2)


@pytest.mark.usefixtures("_two_must_agree")
@pytest.mark.parametrize("again", ["+", "-"])
def test_nobody_votes_twice(again: str) -> None:
    case = a_qualification(State.UNDER_REVIEW)
    cast(case, REVIEWER, "+")
    with pytest.raises(VotedAlready, match=REVIEWER.name):
        cast(case, REVIEWER, again)
    assert Vote.objects.count() == 1


@pytest.mark.usefixtures("_two_must_agree")
def test_approvals_are_for_the_same() -> None:
    case = a_qualification(State.UNDER_REVIEW)
    cast(case, REVIEWER, "+", date(2026, 6, 1))
    with pytest.raises(VotesDiffer, match="至 2026-06-01”，与现在的“2025-06-02 起，长期有效”不同"):
        cast(case, SUPERVISOR, "+")
    assert cast(case, SUPERVISOR, "+", date(2026, 6, 1))
    assert Qualification.objects.get(pk=case.pk).ends == date(2026, 6, 1)


@pytest.mark.usefixtures("_two_must_agree")
def test_every_appeal_is_voted_on_afresh_by_others() -> None:
    case = a_qualification(State.UNDER_REVIEW)
    first, second, third, fourth, _ = CLERKS
    cast(case, first, "-")
    cast(case, second, "-")
    services.appeal(case, WORDS, PERSON)
    for voted in (first, second):
        with pytest.raises(SameClerk):
            services.take_up(case, voted)
    services.take_up(case, third)
    for voted in (first, second):
        with pytest.raises(SameClerk):
            cast(case, voted, "+")
    assert not cast(case, third, "+")
    assert cast(case, fourth, "+")
    assert list(Vote.objects.order_by("pk").values_list("round", "verdict")) == [
        (0, "reject"),
        (0, "reject"),
        (1, "approve"),
        (1, "approve"),
    ]


@pytest.mark.usefixtures("_two_must_agree")
@pytest.mark.parametrize("state", [state for state in State if state is not State.UNDER_REVIEW])
def test_there_is_no_vote_on_what_is_not_under_review(state: State) -> None:
    case = a_qualification(state)
    for verdict in "+-":
        with pytest.raises(IllegalMove):
            cast(case, REVIEWER, verdict)
    assert not Vote.objects.exists()


# the work list


def test_the_work_list_of_a_region_by_deadline() -> None:
    late, soon, never = (date(2025, 7, day) for day in (3, 1, 2))
    rows = {
        "last": a_qualification(State.SUBMITTED, a_coverage(1)),
        "second": a_qualification(State.UNDER_REVIEW, a_coverage(2), due_on=late, due_by="x"),
        "first": a_qualification(State.SUBMITTED, a_coverage(3, pool="360700"), due_on=soon, due_by="x"),
        "elsewhere": a_qualification(State.SUBMITTED, a_coverage(4, pool="410100"), due_on=never, due_by="x"),
        "waits": a_qualification(State.MORE_EVIDENCE, a_coverage(5)),
        "done": a_qualification(State.APPROVED, a_coverage(6)),
    }

    def names(region: str) -> list[str]:
        numbers = {row.pk: name for name, row in rows.items()}
        listed = queries.in_hand(queries.within(Qualification.objects.all(), region), MACHINE)
        return [numbers[row.pk] for row in listed]

    assert names("360000") == ["first", "second", "last"]
    assert names("360100") == ["second", "last"]
    assert names("360700") == ["first"]
    assert names("410000") == ["elsewhere"]
    assert names("310000") == []
    assert names("CN") == ["first", "elsewhere", "second", "last"]
    assert list(queries.waiting(Qualification.objects.all(), MACHINE)) == [rows["waits"]]


# ends


def test_ending_is_done_once() -> None:
    ended = a_qualification(State.APPROVED, ends=HANDED_IN)
    lasting = a_qualification(State.APPROVED, a_coverage(2), ends=date(2025, 6, 3))
    today = date(2025, 6, 3)
    assert services.expire_due(today) == 1
    assert Qualification.objects.get(pk=ended.pk).state == State.EXPIRED
    assert Qualification.objects.get(pk=lasting.pk).state == State.APPROVED
    assert services.expire_due(today) == 0
    assert Event.objects.count() == 1
