"""The pages of roles and of staff: who sees whom, who may do what to whom, and that refusals are said in place."""

import re
from typing import Any

import pytest
from django.test import Client

from tests.accounts.factories import PASSWORD, a_clerk, sign_in
from tests.desk.reading import Page, client_of, controls_without_label, staff_client
from tests.settlement.factories import a_hospital
from yidi.accounts.models import Appointment, SecondFactor, Session, User
from yidi.accounts.terms import MATRIX, Action, Role, StaffAct
from yidi.audit.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> Client:
    return staff_client(Role.ADMINISTRATOR, username="admin")


def send(client: Client, user: User, act: str, **data: str) -> Any:
    return client.post(f"/desk/staff/{user.pk}/{act}/", data)


class TestRoles:
    def test_the_table_is_the_matrix(self) -> None:
        page = Page(staff_client().get("/desk/roles/"))
        assert (
            page.text.count("✓") == sum(len(holders) for holders in MATRIX.values()) + 1
        )  # and the caption's
        for word in (*Action, *Role):
            assert word.zh in page.text

    def test_staff_without_an_office_may_read_it(self) -> None:
        assert "您还没有岗位" in Page(staff_client().get("/desk/roles/")).text

    def test_strangers_are_sent_to_sign_in(self, client: Client) -> None:
        answer = client.get("/desk/roles/")
        assert answer.status_code == 302
        assert answer["Location"].startswith("/desk/sign-in/")

    def test_in_english(self) -> None:
        page = Page(staff_client(Role.EDITOR).get("/desk/roles/?lang=en"))
        assert page.left_over() == []


class TestTheList:
    def test_only_the_own_region_and_those_below_it(self) -> None:
        for name, region in (("nc", "360100"), ("gz", "360700"), ("sh", "310000"), ("jx", "360000")):
            a_clerk(name, Role.REVIEWER, region=region)
        city = Page(staff_client(Role.ADMINISTRATOR, username="a-nc").get("/desk/staff/")).text
        province = Page(
            staff_client(Role.ADMINISTRATOR, username="a-jx", region="360000").get("/desk/staff/")
        ).text
        assert "经办nc" in city
        assert not any(name in city for name in ("经办gz", "经办sh", "经办jx"))
        assert all(name in province for name in ("经办nc", "经办gz", "经办jx"))
        assert "经办sh" not in province

    @pytest.mark.parametrize(
        ("query", "seen"),
        [
            ({"text": "LI"}, {"li", "lily"}),
            ({"role": "auditor"}, {"lily"}),
            ({"active": "no"}, {"wang"}),
            ({"text": "经办wang", "active": "yes"}, set()),
            ({"role": "king", "active": "perhaps"}, {"admin", "li", "lily", "wang"}),
        ],
    )
    def test_filters(self, admin: Client, query: dict[str, str], seen: set[str]) -> None:
        a_clerk("li", Role.REVIEWER)
        a_clerk("lily", Role.AUDITOR, Role.CLEARING)
        User.objects.filter(pk=a_clerk("wang").pk).update(is_active=False)
        text = Page(admin.get("/desk/staff/", query)).text
        assert {name for name in ("admin", "li", "lily", "wang") if f" {name} 经办{name} " in text} == seen

    def test_the_number_of_queries_does_not_grow(
        self, admin: Client, django_assert_max_num_queries: Any
    ) -> None:
        for number in range(12):
            a_clerk(f"c{number}", Role.REVIEWER, Role.WINDOW)
        with django_assert_max_num_queries(9):
            admin.get("/desk/staff/")

    @pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
    def test_nobody_else_enters(self, role: Role) -> None:
        client = staff_client(role, provider_code="H31010600001" if role is Role.CASHIER else "")
        other = a_clerk("other")
        assert client.get("/desk/staff/").status_code == 403
        assert client.get("/desk/staff/new/").status_code == 403
        assert send(client, other, "appoint", role="auditor").status_code == 403
        assert not other.appointments.exists()


class TestANewAccount:
    NEW = {"username": "zhang3", "name": "张三", "region": "360100", "provider_code": ""}

    def test_is_made_with_a_password_shown_once(self, admin: Client) -> None:
        answer = admin.post("/desk/staff/new/", self.NEW, follow=True)
        user = User.objects.get(username="zhang3")
        (password,) = re.findall(r"\b[a-z2-9]{4}(?:-[a-z2-9]{4}){3}\b", Page(answer).text)
        assert user.check_password(password)
        assert user.must_change_password
        assert password not in admin.get(f"/desk/staff/{user.pk}/").content.decode()
        assert Event.objects.get(action="accounts:create").subject == "zhang3"

    @pytest.mark.parametrize(
        ("different", "said"),
        [
            ({"username": "admin"}, "已有人使用"),
            ({"username": "a b"}, "不含空格"),
            ({"username": ""}, "请填写这一项"),
            ({"region": "310000"}, "没有这个选项"),
            ({"region": "360000"}, "没有这个选项"),
            ({"provider_code": "H99999999999"}, "H99999999999"),
        ],
    )
    def test_what_is_refused_is_said_and_what_was_typed_stays(
        self, admin: Client, different: dict[str, str], said: str
    ) -> None:
        answer = admin.post("/desk/staff/new/", self.NEW | different)
        assert answer.status_code == 200
        page = Page(answer)
        assert said in page.text
        assert "张三" in answer.content.decode()
        assert User.objects.count() == 1

    def test_a_cashier_belongs_to_a_provider_of_the_region(self, admin: Client) -> None:
        ours, theirs = a_hospital(1, "360102"), a_hospital(2, "310106")
        refused = admin.post("/desk/staff/new/", self.NEW | {"provider_code": theirs.code})
        assert "不能办理上海市静安区的业务" in Page(refused).text
        admin.post("/desk/staff/new/", self.NEW | {"provider_code": ours.code})
        user = User.objects.get(username="zhang3")
        assert "其他岗位不写" in Page(send(admin, user, "appoint", role="auditor")).text
        send(admin, user, "appoint", role="cashier")
        assert [row.role for row in user.appointments.all()] == ["cashier"]


class TestOneMember:
    def test_offices_are_given_and_taken_once(self, admin: Client) -> None:
        user = a_clerk("li")
        for _ in range(2):
            assert send(admin, user, "appoint", role="reviewer").status_code == 302
        assert [(row.role, row.given_by) for row in Appointment.objects.filter(user=user)] == [
            ("reviewer", "admin")
        ]
        for _ in range(2):
            assert send(admin, user, "revoke", role="reviewer").status_code == 302
        assert not user.appointments.exists()
        assert list(Event.objects.filter(subject="li").values_list("action", flat=True)) == [
            "accounts:appoint",
            "accounts:revoke",
        ]

    def test_an_office_that_needs_a_provider(self, admin: Client) -> None:
        user = a_clerk("li")
        page = Page(send(admin, user, "appoint", role="cashier"))
        assert "机构收费员须写明所在定点医药机构" in page.text
        assert not user.appointments.exists()

    def test_an_account_is_closed_and_opened_again(self, admin: Client) -> None:
        user = a_clerk("li", Role.REVIEWER)
        browser = client_of(user)
        assert browser.get("/desk/roles/").status_code == 200
        assert send(admin, user, "deactivate", reason="已调离").status_code == 302
        assert browser.get("/desk/roles/").status_code == 302
        user.refresh_from_db()
        assert not user.is_active
        assert "恢复账户" in Page(admin.get(f"/desk/staff/{user.pk}/")).text
        assert send(admin, user, "reactivate", reason="调回").status_code == 302
        user.refresh_from_db()
        assert user.is_active
        assert list(Event.objects.filter(subject="li").values_list("action", "reason"))[-2:] == [
            ("accounts:deactivate", "已调离"),
            ("accounts:reactivate", "调回"),
        ]

    def test_a_lost_phone_and_a_forgotten_password(self, admin: Client) -> None:
        user = a_clerk("li", Role.REVIEWER)
        send(admin, user, "reset-second-factor", reason="手机丢失")
        assert not SecondFactor.objects.filter(user=user).exists()
        page = Page(admin.post(f"/desk/staff/{user.pk}/reset-password/", {"reason": "忘记"}, follow=True))
        (password,) = re.findall(r"\b[a-z2-9]{4}(?:-[a-z2-9]{4}){3}\b", page.text)
        user.refresh_from_db()
        assert user.check_password(password)
        assert not user.check_password(PASSWORD)

    def test_sessions_are_ended(self, admin: Client) -> None:
        user = a_clerk("li", Role.REVIEWER)
        browser = client_of(user)
        assert "1 个会话" in Page(admin.get(f"/desk/staff/{user.pk}/")).text
        send(admin, user, "end-sessions", reason="电脑没有退出")
        assert not Session.objects.filter(user=user).exists()
        assert browser.get("/desk/roles/").status_code == 302

    def test_a_locked_name_is_unlocked(self, admin: Client, client: Client) -> None:
        user = a_clerk("li", Role.REVIEWER)
        for _ in range(5):
            client.post("/desk/sign-in/", {"username": "li", "password": "wrong-wrong-wrong"})
        assert "5 次" in Page(admin.get(f"/desk/staff/{user.pk}/")).text
        send(admin, user, "unlock", reason="本人来电核实")
        answer = client.post("/desk/sign-in/", {"username": "li", "password": PASSWORD})
        assert answer.status_code == 302

    @pytest.mark.parametrize(
        "act", [act for act in StaffAct if act not in (StaffAct.APPOINT, StaffAct.REVOKE)]
    )
    def test_a_reason_is_asked_for(self, admin: Client, act: StaffAct) -> None:
        user = a_clerk("li")
        answer = send(admin, user, str(act), reason=" ")
        assert answer.status_code == 200
        assert "请填写这一项" in Page(answer).text
        assert not Event.objects.filter(subject="li").exists()

    @pytest.mark.parametrize("act", list(StaffAct))
    def test_nobody_manages_themself(self, act: StaffAct) -> None:
        user = a_clerk("admin", Role.ADMINISTRATOR)
        client = client_of(user)
        answer = send(client, user, str(act), reason="试试", role="auditor")
        assert answer.status_code == 200
        assert "不能管理自己的账户" in Page(answer).text
        assert [row.role for row in user.appointments.all()] == ["administrator"]

    @pytest.mark.parametrize("act", list(StaffAct))
    def test_staff_of_another_region_are_not_there(self, admin: Client, act: StaffAct) -> None:
        other = a_clerk("sh", Role.REVIEWER, region="310000")
        assert admin.get(f"/desk/staff/{other.pk}/").status_code == 404
        assert send(admin, other, str(act), reason="试试", role="reviewer").status_code == 404
        other.refresh_from_db()
        assert other.is_active
        assert [row.role for row in other.appointments.all()] == ["reviewer"]

    def test_what_there_is_not(self, admin: Client) -> None:
        user = a_clerk("li")
        assert send(admin, user, "promote", reason="x").status_code == 404
        assert admin.get("/desk/staff/999999/").status_code == 404
        assert admin.get(f"/desk/staff/{user.pk}/deactivate/")["Location"] == f"/desk/staff/{user.pk}/"

    def test_the_pages_speak_english_and_name_every_control(self, admin: Client) -> None:
        user = a_clerk("li", Role.REVIEWER)
        for path in ("/desk/staff/", "/desk/staff/new/", f"/desk/staff/{user.pk}/"):
            page = Page(admin.get(path, {"lang": "en"}))
            assert page.left_over() == []
            assert controls_without_label(page) == []
            assert len(page.all("h1")) == 1


def test_a_person_is_no_member_of_staff(client: Client) -> None:
    from tests.accounts.factories import a_user
    from tests.people.factories import a_person

    sign_in(client, a_user(a_person()))
    assert client.get("/desk/staff/").status_code == 302
