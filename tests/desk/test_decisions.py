"""Deciding on the page of a case: what is typed, what is refused, and a page that is no longer how things are."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.accounts.factories import CLERK, a_clerk
from tests.desk.reading import Page, client_of, staff_client
from tests.desk.test_case_page import at, back_in, offered, page, send
from tests.filing.factories import a_filing
from tests.people.factories import a_coverage
from tests.qualification.factories import a_qualification
from tests.settlement.factories import a_hospital
from yidi.accounts import sessions
from yidi.accounts.terms import Role
from yidi.audit.models import Event
from yidi.casework.models import Vote
from yidi.filing.models import Filing
from yidi.filing.states import State as FilingState
from yidi.operations.handling import version_of
from yidi.qualification import services as qualifications
from yidi.qualification.models import Qualification
from yidi.qualification.states import State

pytestmark = pytest.mark.django_db


@pytest.fixture
def case() -> Qualification:
    return a_qualification(State.UNDER_REVIEW, assigned_to="ban")


def state_of(case: Any) -> str:
    case.refresh_from_db()
    return str(case.state)


class TestQualifications:
    def test_approved_from_today_by_the_rule(self, case: Qualification) -> None:
        client = staff_client(Role.REVIEWER, username="ban")
        found = page(client, case)
        [starts] = [box["value"] for box in found.all("input") if box.get("name") == "starts"]
        assert starts == str(timezone.localdate())
        answer = send(client, case, "approve", starts=starts)
        assert answer["Location"] == at(case)
        assert "已同意" in Page(client.get(at(case))).text
        assert state_of(case) == State.APPROVED
        assert (case.starts, case.ends, case.decided_by) == (timezone.localdate(), None, "ban")

    def test_what_follows_begins_after_what_is_held(self, case: Qualification) -> None:
        last = timezone.localdate() + timedelta(days=40)
        a_qualification(State.APPROVED, case.coverage, ends=last)
        client = staff_client(Role.REVIEWER)
        [starts] = [box["value"] for box in page(client, case).all("input") if box.get("name") == "starts"]
        assert starts == str(last + timedelta(days=1))
        assert "只能有一份有效" in Page(send(client, case, "approve", starts=str(last))).text
        send(client, case, "approve", starts=starts)
        assert state_of(case) == State.APPROVED

    def test_from_to_and_only_there(self, case: Qualification) -> None:
        one = a_hospital(1, "360100", name="南昌某医院")
        a_hospital(2, "360100", name="南昌某医院东院")
        client = staff_client(Role.REVIEWER)
        typed = {"starts": "2026-01-01", "ends": "2026-12-31"}
        for providers, told in (
            ("火星医院", "没有“火星医院”"),
            ("南昌", "有好几家"),
            ("\n".join(f"H3601000{n:04d}" for n in range(11)), "最多写 10 家"),
        ):
            answer = send(client, case, "approve", providers=providers, **typed)
            assert told in Page(answer).text
            assert providers.splitlines()[0] in answer.content.decode()
        assert state_of(case) == State.UNDER_REVIEW
        send(client, case, "approve", providers=f" 南昌某医院 \n{one.code}\n", **typed)
        assert state_of(case) == State.APPROVED
        assert (case.starts, case.ends) == (date(2026, 1, 1), date(2026, 12, 31))
        assert case.providers == [one.code]

    @pytest.mark.parametrize(
        ("typed", "told"),
        [
            ({"starts": ""}, "请填写日期"),
            ({"starts": "morgen"}, "日期没有看懂"),
            ({"starts": "2026-02-01", "ends": "2026-01-01"}, "早于开始日期"),
        ],
    )
    def test_what_is_wrong_is_said_and_what_was_typed_stays(
        self, case: Qualification, typed: dict[str, str], told: str
    ) -> None:
        found = Page(send(staff_client(Role.REVIEWER), case, "approve", **typed))
        assert told in found.text
        [box] = [box for box in found.all("input") if box.get("name") == "starts"]
        assert box.get("value", "") == typed["starts"]
        assert state_of(case) == State.UNDER_REVIEW

    def test_refused_for_a_reason_of_the_list(self, case: Qualification) -> None:
        client = staff_client(Role.REVIEWER)
        for typed, told in (
            ({}, "请选择一项"),
            ({"reason": "other"}, "须写明理由"),
            ({"reason": "x"}, "没有这个选项"),
        ):
            assert told in Page(send(client, case, "reject", **typed)).text
        assert state_of(case) == State.UNDER_REVIEW
        send(client, case, "reject", reason="criteria-not-met", text="血压未达标")
        assert state_of(case) == State.REJECTED
        assert "未达到该病种的认定标准：血压未达标" in page(client, case).text

    def test_more_is_asked_for_once(self, case: Qualification) -> None:
        client = staff_client(Role.REVIEWER)
        assert "请写明" in Page(send(client, case, "ask", reason=" ")).text
        send(client, case, "ask", reason="请补近三个月病历")
        assert state_of(case) == State.MORE_EVIDENCE
        assert "正在等申请人补充" in page(client, case).text
        Qualification.objects.filter(pk=case.pk).update(state="under-review", paused_on=None)
        again = page(client, case)
        assert "ask" not in offered(again)
        assert "已经要求过一次补充材料" in again.text
        assert send(client, case, "ask", reason="还要").status_code == 409

    def test_ended_early_by_a_supervisor(self) -> None:
        case = a_qualification(State.APPROVED)
        why = {"last_day": "2026-06-30", "reason": "已转往外省参保"}
        assert send(staff_client(Role.REVIEWER), case, "end", **why).status_code == 403
        boss = staff_client(Role.SUPERVISOR, username="boss")
        assert "请写明" in Page(send(boss, case, "end", last_day="2026-06-30")).text
        assert state_of(case) == State.APPROVED, "not without a reason"
        send(boss, case, "end", **why)
        assert state_of(case) == State.EXPIRED
        assert case.ends == date(2026, 6, 30)
        assert "已转往外省参保" in page(boss, case).text

    def test_an_appeal_is_not_for_who_decided(self) -> None:
        case = a_qualification(State.UNDER_REVIEW, appeals=1, decided_by="ban")
        own = page(staff_client(Role.REVIEWER, username="ban"), case)
        assert "须由另一位经办人办理" in own.text
        assert not offered(own) & {"approve", "reject"}
        assert "approve" in offered(page(staff_client(Role.REVIEWER, username="two"), case))


@pytest.fixture
def two_must_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a pool that wants two pairs of eyes."""
    asked = qualifications.requirements

    def with_two(*where: Any) -> Any:
        return replace(asked(*where), reviewers=2)

    monkeypatch.setattr(qualifications, "requirements", with_two)


class TestVotes:
    @pytest.mark.usefixtures("two_must_agree")
    def test_the_second_vote_decides(self, case: Qualification) -> None:
        one, two = (staff_client(Role.REVIEWER, username=name) for name in ("one", "two"))
        assert "须 2 位经办人意见一致" in page(one, case).text
        send(one, case, "approve", starts="2026-01-01")
        told = page(one, case)
        assert "还需要其他经办人表决" in told.text
        assert "已经表决，不能更改" in told.text
        assert not offered(told) & {"approve", "reject"}
        assert state_of(case) == State.UNDER_REVIEW
        assert "同意" in page(two, case).text
        assert "已经表决" in Page(send(one, case, "approve", starts="2026-01-01")).text
        assert "与现在的" in Page(send(two, case, "approve", starts="2026-02-01")).text
        send(two, case, "approve", starts="2026-01-01")
        assert state_of(case) == State.APPROVED
        assert Vote.objects.count() == 2

    @pytest.mark.usefixtures("two_must_agree")
    def test_a_vote_meanwhile_has_to_be_seen_first(self, case: Qualification) -> None:
        seen = version_of(case.number)
        send(staff_client(Role.REVIEWER, username="one"), case, "approve", starts="2026-01-01")
        two = staff_client(Role.REVIEWER, username="two")
        late = send(two, case, "approve", seen, starts="2026-01-01")
        assert late.status_code == 409
        assert "有了变动" in Page(late).text
        assert Vote.objects.count() == 1


class TestAPageThatIsNoLongerHowThingsAre:
    def test_two_decide_and_the_other_is_told_on_the_page(self, case: Qualification) -> None:
        seen = version_of(case.number)
        one, two = (staff_client(Role.REVIEWER, username=name) for name in ("one", "two"))
        assert send(one, case, "approve", seen, starts="2026-01-01").status_code == 302
        late = send(two, case, "reject", seen, reason="criteria-not-met")
        assert late.status_code == 409
        found = Page(late)
        assert "现为“已认定”" in found.text
        assert "CASE-CHANGED" in found.text
        assert offered(found) == set()
        assert state_of(case) == State.APPROVED

    def test_sent_twice_it_is_done_once(self, case: Qualification) -> None:
        seen, client = version_of(case.number), staff_client(Role.REVIEWER)
        send(client, case, "ask", seen, reason="请补病历")
        assert send(client, case, "ask", seen, reason="请补病历").status_code == 409
        assert Event.objects.filter(action="qualification:more-evidence").count() == 1

    @pytest.mark.parametrize("seen", ["", "x", "-1", "9" * 30])
    def test_a_forged_version_does_nothing(self, case: Qualification, seen: str) -> None:
        client = staff_client(Role.REVIEWER)
        Event.objects.create(action="qualification:save", subject=case.number, actor="p", actor_kind="person")
        answer = client.post(f"{at(case)}do/approve/", {"seen": seen, "starts": "2026-01-01"})
        assert answer.status_code == 409
        assert state_of(case) == State.UNDER_REVIEW

    def test_what_was_typed_stays_where_it_can_still_be_done(self, case: Qualification) -> None:
        seen = version_of(case.number)
        Event.objects.create(action="evidence:hand-in", subject=case.number, actor="p", actor_kind="person")
        late = send(staff_client(Role.REVIEWER), case, "reject", seen, reason="other", text="前后不一")
        found = Page(late)
        assert late.status_code == 409
        assert "前后不一" in found.text
        [fresh, *_] = [box["value"] for box in found.all("input") if box.get("name") == "seen"]
        assert int(fresh) == version_of(case.number) > seen

    def test_what_was_sent_after_the_session_ended_is_shown_again_and_not_done(
        self, case: Qualification
    ) -> None:
        clerk = a_clerk("late", Role.REVIEWER)
        client = client_of(clerk)
        page(client, case)
        sessions.end_everywhere(clerk)
        late = send(client, case, "ask", reason="请补近三个月的病历")
        assert late["Location"].startswith("/desk/sign-in/?next=")
        back_in(client, "late")
        found = Page(client.get(f"{at(case)}do/ask/"))
        assert "请补近三个月的病历" in found.text
        assert state_of(case) == State.UNDER_REVIEW
        assert client.get(f"{at(case)}do/ask/")["Location"] == at(case)

    def test_unknown_deeds_are_not_found(self, case: Qualification) -> None:
        client = staff_client(*Role)
        for deed in ("assess", "pay", "correct", "explode"):
            assert client.post(f"{at(case)}do/{deed}/", {"seen": 0}).status_code == 404
        assert client.get(f"{at(case)}do/approve/")["Location"] == at(case)


class TestFilings:
    @pytest.fixture
    def filing(self) -> Filing:
        return a_filing(FilingState.SUBMITTED)

    def test_approved_refused_cancelled(self, filing: Filing) -> None:
        client = staff_client(Role.SUPERVISOR)
        assert "规则怎么说" in page(client, filing).text
        send(client, filing, "approve")
        assert state_of(filing) == FilingState.ACTIVE
        send(client, filing, "end", last_day="2026-06-30", reason="已迁回南昌")
        assert state_of(filing) == FilingState.CANCELLED
        other = a_filing(FilingState.SUBMITTED, a_coverage(2))
        send(client, other, "reject", reason="other-kind")
        assert state_of(other) == FilingState.REJECTED

    def test_its_person_is_masked_too(self, filing: Filing) -> None:
        Filing.objects.filter(pk=filing.pk).update(
            address="上海市黄浦区某路 1 号 202 室", phone="13800138000"
        )
        before = staff_client(Role.REVIEWER).get(at(filing)).content.decode()
        assert "某路" not in before
        assert "138****8000" in before


def test_taking_on_and_assigning(case: Qualification) -> None:
    a_clerk("reviewer", Role.REVIEWER)
    new = a_qualification(State.SUBMITTED, a_coverage(2))
    boss = client_of(a_clerk("boss", Role.SUPERVISOR))
    send(boss, new, "take-on")
    assert (state_of(new), new.assigned_to) == (State.UNDER_REVIEW, "boss")
    send(boss, new, "assign", clerk="reviewer")
    new.refresh_from_db()
    assert new.assigned_to == "reviewer"
    taken = send(staff_client(Role.REVIEWER, username="two"), new, "take-on")
    assert taken.status_code == 409
    assert "已由“reviewer”领取" in Page(taken).text


def test_only_what_the_office_allows(case: Qualification) -> None:
    for role in (Role.WINDOW, Role.AUDITOR, Role.CLEARING):
        client = staff_client(role, username=str(role))
        for deed, typed in (
            ("approve", {"starts": "2026-01-01"}),
            ("ask", {"reason": "x"}),
            ("assign", {"clerk": ""}),
        ):
            assert send(client, case, deed, **typed).status_code == 403
    assert CLERK.name not in Event.objects.values_list("actor", flat=True)
    assert state_of(case) == State.UNDER_REVIEW
