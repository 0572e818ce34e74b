"""What people are told of their claims: once per move, with the amount that stands."""

import pytest

from tests.accounts.factories import CLERK
from tests.claims.factories import a_claim, approved_at_nothing
from tests.claims.test_moves import MOVES, TABLE, TOLD
from tests.matrix import cells
from tests.settlement.factories import PLAIN, a_line
from yidi.claims import services
from yidi.claims.states import TO, State
from yidi.claims.terms import Move
from yidi.notices.models import Message
from yidi.values.money import yuan_text

pytestmark = pytest.mark.django_db

SAYS = {
    "submitted": "已经收到，正在等待核定",
    "appeal": "申诉已经收到，由另一位经办人重新办理",
    "more-evidence": "需要补充材料：请补费用清单。",
    "assessed": "已经核定，基金支付 ",
    "approved": "已经批准，将支付 ",
    "paid": "已经支付 ",
    "rejected": "理由：票据无效或查验不符。如果不同意",
    "withdrawn": "已经撤回",
}
"""Of a correction people are told by the assessment that follows it."""


@pytest.mark.parametrize(("state", "name"), [(state, name) for state, name, may in cells(TABLE) if may])
def test_each_move(state: str, name: str) -> None:
    claim = a_claim(State(state))
    before = set(Message.objects.values_list("pk", flat=True))
    act, actor = MOVES[Move(name)]
    act(claim, actor)
    made = TOLD.get(Move(name), f"claims:{TO[Move(name)]}").removeprefix("claims:")
    told = [message for message in Message.objects.all() if message.pk not in before]
    if made not in SAYS or (state, name) == ("assessed", "assess"):
        assert told == []
        return
    (message,) = told
    assert (message.person, message.subject, message.template) == (
        claim.coverage.person,
        claim.number,
        f"claims:{made}",
    )
    assert SAYS[made] in message.text().text


def test_the_amount_told_is_that_which_is_booked() -> None:
    claim = a_claim(State.PAID)
    paid = yuan_text(sum(claim.assessments.get().funds.values()))
    assert paid not in ("", "0.00")
    for template in ("claims:assessed", "claims:approved", "claims:paid"):
        assert f"{paid} 元" in Message.objects.get(template=template).text().text


def test_of_nothing_nobody_is_told_that_it_will_be_paid() -> None:
    claim = approved_at_nothing()
    message = Message.objects.latest("pk")
    assert (message.subject, message.template) == (claim.number, "claims:approved-nothing")
    assert "没有款项付给您" in message.text().text


def test_an_assessment_is_told_again_where_it_comes_to_something_else() -> None:
    claim = a_claim(State.ASSESSED)
    first = claim.assessments.get().fund
    assessed = Message.objects.filter(template="claims:assessed")
    services.assess(claim, CLERK)
    assert assessed.count() == 1
    line = a_line(PLAIN, "2000.00")
    services.correct_lines(claim, [line], "清单为两千元", CLERK, line.amount)
    assert assessed.count() == 1
    second = services.assess(claim, CLERK).fund
    assert first != second
    assert [message.details["amount"] for message in assessed] == [second, first]
