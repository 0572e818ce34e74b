"""What people are told of their applications: once per move, with the words of the new state."""

from datetime import date

import pytest

from tests.accounts.factories import CLERK
from tests.matrix import cells
from tests.qualification.factories import DAY, a_qualification
from tests.qualification.test_moves import MOVES, TABLE
from yidi.audit.models import Event
from yidi.notices.models import Message
from yidi.qualification import services
from yidi.qualification.states import RejectReason, State
from yidi.values.transitions import IllegalMove

pytestmark = pytest.mark.django_db

SAYS = {
    State.SUBMITTED: "已经收到，正在等待审核",
    "appeal": "申诉已经收到，由另一位经办人重新办理",
    State.MORE_EVIDENCE: "需要补充材料：请补病历。",
    State.APPROVED: "有效期自2025年6月2日至",
    State.REJECTED: "理由：未达到该病种的认定标准。如果不同意",
    State.WITHDRAWN: "已经撤回",
    State.EXPIRED: "已于2025年6月2日到期",
}
"""Of the other moves people are told nothing: nothing is asked of them, and nothing is decided."""


@pytest.mark.parametrize(("state", "name"), [(state, name) for state, name, may in cells(TABLE) if may])
def test_each_move(state: str, name: str) -> None:
    case, move = a_qualification(State(state)), MOVES[name]
    move.act(case, move.actor)
    made = move.verb or move.wanted
    told = list(Message.objects.values_list("person", "subject", "template"))
    if made in SAYS:
        assert told == [(case.coverage.person_id, case.number, f"qualification:{made}")]
        assert SAYS[made] in Message.objects.get().text().text
    else:
        assert told == []


def test_of_a_move_that_is_refused_nothing_is_told() -> None:
    with pytest.raises(IllegalMove):
        services.approve(a_qualification(State.DRAFT), DAY, CLERK)
    assert not Message.objects.exists()


def test_what_is_told_is_what_the_table_holds_and_not_a_stale_copy() -> None:
    case = a_qualification(State.APPROVED, starts=date(2025, 1, 1))
    type(case).objects.filter(pk=case.pk).update(disease="M01600")
    services.expire(case, DAY, CLERK)
    assert Message.objects.get().details["disease"] == "M01600"


def test_of_a_vote_that_does_not_decide_nothing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "_reviewers", lambda case: 2)
    case = a_qualification(State.UNDER_REVIEW)
    assert not services.reject(case, RejectReason.OTHER, CLERK, "缺检查报告")
    assert Event.objects.exists()
    assert not Message.objects.exists()
