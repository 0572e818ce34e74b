"""The work list as a clerk uses it: sorting out, taking on, handing out."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.accounts.factories import a_clerk
from tests.claims.factories import a_claim
from tests.desk.reading import Page, client_of, controls_without_label, staff_client
from tests.filing.factories import a_filing
from tests.operations.test_worklist import due
from tests.people.factories import a_coverage
from tests.qualification.factories import a_qualification
from yidi.accounts.terms import Role
from yidi.audit.models import Event
from yidi.claims.states import State as ClaimState
from yidi.filing.states import State as FilingState
from yidi.qualification.models import Qualification
from yidi.qualification.states import State

pytestmark = pytest.mark.django_db
HAND_OUT = "/desk/hand-out/"


def page(client: Client, address: str = "/desk/") -> Page:
    answer = client.get(address)
    assert answer.status_code == 200
    return Page(answer)


def submitted(rank: int, **columns: Any) -> Qualification:
    return a_qualification(State.SUBMITTED, a_coverage(rank), **columns)


def test_it_lists_every_kind_with_its_clock_and_masks_names() -> None:
    late = due(submitted(1), date(2025, 6, 9))
    filing, claim = a_filing(FilingState.SUBMITTED, a_coverage(2)), a_claim(ClaimState.SUBMITTED)
    text = page(staff_client(Role.REVIEWER)).text
    for number in (late.number, filing.number, claim.number):
        assert number in text
    assert "已超期" in text
    assert "期限未核实" in text
    assert "测*" in text
    assert "测试甲" not in text


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", "QF"),
        ("?kind=filing", "F"),
        ("?kind=nonsense&whose=nobody&matter=1&page=x", "QF"),
        ("?state=submitted", "QF"),
        ("?state=under-review", ""),
        ("?disease=M03900", "Q"),
        ("?disease=%27%22%3E", ""),
        ("?whose=mine", ""),
        ("?whose=nobodys&kind=qualification", "Q"),
        ("?matter=appeal", ""),
        ("?page=99", "QF"),
    ],
)
def test_it_is_sorted_out_by_its_address(query: str, shown: str) -> None:
    submitted(1)
    a_filing(FilingState.SUBMITTED, a_coverage(2))
    found = page(staff_client(Role.REVIEWER), f"/desk/{query}")
    listed = [box["value"][0] for box in found.all("input") if box.get("name") == "number" and "value" in box]
    assert sorted(listed) == sorted(shown)


def test_a_number_leads_to_its_case_and_an_unknown_one_is_said_beside_the_field() -> None:
    case, client = submitted(1), staff_client(Role.REVIEWER)
    assert client.get(f"/desk/?number={case.number.lower()}")["Location"] == f"/desk/cases/{case.number}/"
    other = staff_client(Role.REVIEWER, username="other", region="310000")
    for asker, number in ((client, "Q9999999999"), (other, case.number)):
        answer = asker.get(f"/desk/?number={number}")
        assert answer.status_code == 200
        assert f"没有编号为“{number}”" in answer.content.decode()


def test_those_without_cases_land_on_their_own_first_page() -> None:
    assert staff_client(Role.ADMINISTRATOR).get("/desk/")["Location"] == "/desk/staff/"


class TestHandingOut:
    def test_each_case_is_answered_for_by_name_and_none_half_done(self) -> None:
        free, taken, done = submitted(1), submitted(2), a_qualification(State.APPROVED, a_coverage(3))
        foreign = a_qualification(State.SUBMITTED, a_coverage(4, pool="360700"))
        type(taken).objects.filter(pk=taken.pk).update(assigned_to="同事")
        client = staff_client(Role.REVIEWER, username="ban")
        chosen = [free.number, taken.number, done.number, foreign.number, "Q77", "x" * 300]
        told = Page(
            client.post(
                HAND_OUT, {"number": chosen, "do": "take-on", "back": "kind=qualification"}, follow=True
            )
        )
        assert f"已办理 1 件：{free.number}。" in told.text
        assert f"{taken.number}：办件 {taken.number} 已由“同事”领取" in told.text
        assert "不在办理中" in told.text
        assert f"没有编号为“{foreign.number}”" in told.text
        assert "没有编号为“Q77”" in told.text
        holders = dict(Qualification.objects.values_list("pk", "assigned_to"))
        assert holders == {free.pk: "ban", taken.pk: "同事", done.pk: "", foreign.pk: ""}
        free.refresh_from_db()
        assert free.state == State.UNDER_REVIEW

    def test_sent_twice_it_is_done_once(self) -> None:
        case, filing = submitted(1), a_filing(FilingState.SUBMITTED, a_coverage(2))
        client = staff_client(Role.REVIEWER, username="ban")
        sent = {"number": [case.number, filing.number, case.number], "do": "take-on"}
        client.post(HAND_OUT, sent)
        events = Event.objects.count()
        again = Page(client.post(HAND_OUT, sent, follow=True))
        assert "已办理 2 件" in again.text
        assert Event.objects.count() == events

    def test_a_supervisor_assigns_and_puts_back(self) -> None:
        a_clerk("reviewer", Role.REVIEWER)
        case, claim = submitted(1), a_claim(ClaimState.SUBMITTED)
        boss = staff_client(Role.SUPERVISOR, username="boss")
        assert "经办reviewer" in page(boss).text
        sent = {"number": [case.number, claim.number], "do": "assign", "clerk": "reviewer"}
        assert boss.post(HAND_OUT, sent)["Location"] == "/desk/?"
        for row in (case, claim):
            row.refresh_from_db()
            assert row.assigned_to == "reviewer"
        boss.post(HAND_OUT, sent | {"clerk": ""})
        claim.refresh_from_db()
        assert claim.assigned_to == ""

    @pytest.mark.parametrize("clerk", ["cashier", "nobody", "far"])
    def test_only_those_who_take_up_cases_here_can_be_chosen(self, clerk: str) -> None:
        a_clerk("far", Role.REVIEWER, region="310000")
        a_clerk("cashier", Role.CASHIER, provider_code="H36010000001")
        case, boss = submitted(1), staff_client(Role.SUPERVISOR, username="boss")
        told = Page(
            boss.post(HAND_OUT, {"number": [case.number], "do": "assign", "clerk": clerk}, follow=True)
        )
        assert "没有这个选项" in told.text
        case.refresh_from_db()
        assert case.assigned_to == ""

    def test_a_reviewer_takes_on_but_does_not_assign(self) -> None:
        a_clerk("friend", Role.REVIEWER)
        case, client = submitted(1), staff_client(Role.REVIEWER)
        assert "分派选中的" not in page(client).text
        sent = {"number": [case.number], "do": "assign", "clerk": "friend"}
        assert "不能进行" in Page(client.post(HAND_OUT, sent, follow=True)).text
        case.refresh_from_db()
        assert case.assigned_to == ""

    def test_a_window_clerk_sees_the_list_without_buttons(self) -> None:
        submitted(1)
        found = page(staff_client(Role.WINDOW))
        assert "领取选中的" not in found.text
        assert [box for box in found.all("input") if box.get("type") == "checkbox"] == []

    def test_nothing_chosen_and_too_much_chosen(self) -> None:
        client = staff_client(Role.REVIEWER)
        assert "没有选中办件" in Page(client.post(HAND_OUT, {"do": "take-on"}, follow=True)).text
        many = [f"Q{number:010d}" for number in range(101)]
        assert "最多 100 件" in Page(client.post(HAND_OUT, {"number": many}, follow=True)).text


def test_a_longer_list_asks_the_database_no_more_often() -> None:
    client = client_of(a_clerk("ban", Role.SUPERVISOR))
    for rank in range(1, 3):
        submitted(rank, assigned_to=f"c{rank}")
        a_filing(FilingState.SUBMITTED, a_coverage(rank))
    a_claim(ClaimState.SUBMITTED)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            page(client)
        return len(queries)

    asked()
    few = asked()
    for rank in range(3, 30):
        submitted(rank, assigned_to=f"c{rank}")
        a_filing(FilingState.SUBMITTED, a_coverage(rank))
    assert asked() <= few


def test_in_english_and_every_control_has_its_name() -> None:
    due(submitted(1, assigned_to="ban"), date(2099, 1, 1))
    a_filing(FilingState.MORE_EVIDENCE, a_coverage(2))
    a_claim(ClaimState.SUBMITTED)
    found = page(staff_client(Role.SUPERVISOR), "/desk/?lang=en")
    assert found.left_over() == []
    assert controls_without_label(found) == []
