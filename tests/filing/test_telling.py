"""What people are told of their filings: once per move, and once of what takes effect at once."""

from datetime import date
from pathlib import Path

import pytest

from tests.accounts.factories import CLERK, PERSON
from tests.evidence.factories import papers_shown
from tests.filing.factories import DAY, PAPERS, SHANGHAI, a_filing, filed
from tests.filing.test_moves import MOVES, TABLE, a_pool_where
from tests.matrix import cells
from tests.people.factories import a_coverage
from yidi.filing import services
from yidi.filing.states import State
from yidi.notices.models import Message
from yidi.values.terms import FilingKind

pytestmark = pytest.mark.django_db

SAYS = {
    State.SUBMITTED: "您去上海市的异地长期居住备案",
    "appeal": "申诉已经收到，由另一位经办人重新办理",
    State.MORE_EVIDENCE: "需要补充材料：请补居住证。",
    State.ACTIVE: "有效期自2025年1月1日至2025年6月2日",
    State.REJECTED: "理由：材料不足以证明异地居住、工作或转诊。",
    State.WITHDRAWN: "已经撤回",
    State.CANCELLED: "最后一天是2025年6月2日",
    State.EXPIRED: "已于2025年6月2日到期",
}


def templates() -> list[str]:
    return list(Message.objects.order_by("pk").values_list("template", flat=True))


@pytest.mark.parametrize(("state", "name"), [(state, name) for state, name, may in cells(TABLE) if may])
def test_each_move(state: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    a_pool_where(tmp_path, monkeypatch, effect="reviewed", months="0")
    case, move = a_filing(State(state), ends=DAY), MOVES[name]
    move.act(case, move.actor)
    (message,) = Message.objects.all()
    assert (message.person, message.subject) == (case.coverage.person, case.number)
    assert message.template == f"filing:{move.verb or move.wanted}"
    assert SAYS[move.verb or move.wanted] in message.text().text


def test_what_takes_effect_at_once_is_told_once() -> None:
    papers = PAPERS[FilingKind.LONG_TERM_RESIDENT]
    filed(a_coverage(), FilingKind.LONG_TERM_RESIDENT, SHANGHAI, DAY, papers)
    assert templates() == ["filing:active"]
    assert "自2025年6月2日至长期" in Message.objects.get().text().text


def test_an_appeal_waits_for_a_clerk_and_its_arrival_is_told() -> None:
    case = a_filing(State.REJECTED)
    services.appeal(case, "居住证已补办", PERSON)
    assert templates() == ["filing:appeal"]


@pytest.mark.parametrize(("care_region", "template"), [("", "filing:renewed"), ("110000", "filing:changed")])
def test_what_takes_the_place_of_another_is_told_as_that(
    care_region: str, template: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_pool_where(tmp_path, monkeypatch, effect="reviewed", months="0")
    old = a_filing(ends=date(2099, 1, 1))
    new = services.change(old, PERSON, DAY, care_region=care_region)
    papers_shown(new.number, new.coverage.person, PAPERS[FilingKind.LONG_TERM_RESIDENT])
    services.submit(new, PERSON)
    services.approve(new, CLERK)
    assert templates() == ["filing:submitted", template]
    assert Message.objects.get(template=template).subject == new.number
