"""The counter's pages: from the identity number to the slip, and back."""

import re
import threading
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from tests.accounts.factories import a_clerk
from tests.desk.reading import Page, client_of, controls_without_label, staff_client
from tests.documents.reading import text_of
from tests.people.factories import a_coverage, an_identity
from tests.settlement.factories import HYPERTENSION, PLAIN, World, a_hospital, a_world
from yidi.accounts.models import Session
from yidi.accounts.terms import Role
from yidi.audit.models import Event, Look
from yidi.settlement.models import Settlement, Visit
from yidi.values.terms import Benefit

pytestmark = pytest.mark.django_db
BASE = "/desk/counter/"
REGISTRATION = {"number": "MZ001", "doctor_name": "医师甲", "doctor_code": "", "department": "内科"}
PURPOSE = {"purpose": "general-outpatient", "diagnosis_code": "I10.x00", "diagnosis_name": "高血压病"}
LINE = {"q": PLAIN, "serial": "1", "item": PLAIN, "quantity": "2", "price": "500"}


@pytest.fixture
def world() -> World:
    return a_world()


@pytest.fixture
def cashier(world: World) -> Client:
    return a_cashier(world)


def a_cashier(world: World, username: str = "shoufei") -> Client:
    return staff_client(
        Role.CASHIER, username=username, region="310000", provider_code=world.provider.code or ""
    )


def hidden(page: Page) -> dict[str, str]:
    return {
        item["name"]: item["value"]
        for item in page.all("input")
        if item.get("type") == "hidden" and item["name"] != "csrfmiddlewaretoken"
    }


def find(client: Client, identity: str = "") -> Page:
    return Page(client.post(f"{BASE}find/", {"identity": identity or an_identity(1)}))


def register(client: Client, **different: str) -> Any:
    page = find(client)
    coverage = next(item["value"] for item in page.all("input") if item.get("name") == "coverage")
    return client.post(
        f"{BASE}register/", {**REGISTRATION, "coverage": coverage, **hidden(page), **different}
    )


def a_visit(client: Client, *, lines: int = 1, **purpose: str) -> str:
    """The address of a visit that is described and has its lines."""
    address = register(client)["Location"]
    assert client.post(f"{address}describe/", PURPOSE | purpose).status_code == 302
    for serial in range(1, lines + 1):
        assert client.post(f"{address}lines/", LINE | {"serial": str(serial)}).status_code == 302
    return str(address)


def settle(client: Client, address: str, **different: str) -> Any:
    shown = hidden(Page(client.get(f"{address}presettle/")))
    return client.post(f"{address}settle/", {**shown, "invoice": "", **different})


def test_from_the_card_to_the_slip_and_back(cashier: Client, world: World) -> None:
    address = a_visit(cashier)
    page = Page(cashier.get(f"{address}presettle/"))
    assert "医疗费总额 1,000.00 元 基金支付 420.00 元 个人应付 580.00 元" in page.text
    assert not Settlement.objects.exists()
    answer = settle(cashier, address, invoice="04410001")
    settlement = Settlement.objects.get()
    assert answer["Location"] == f"{BASE}settlements/{settlement.number}/"
    assert settlement.invoice == "04410001"
    shown = Page(cashier.get(answer["Location"]))
    assert "已结算" in shown.text
    assert "基金支付 420.00 元 个人应付 580.00 元" in shown.text
    slip = cashier.get(f"{answer['Location']}slip.pdf")
    assert slip.headers["Content-Type"] == "application/pdf"
    assert "420.00" in text_of(slip.content)
    cancelled = cashier.post(f"{answer['Location']}cancel/", hidden(shown), follow=True)
    assert "这笔结算已于" in Page(cancelled).text
    assert settle(cashier, address).status_code == 302
    assert Settlement.objects.filter(kind="settle").count() == 2
    actors = Event.objects.filter(action__startswith="settlement:").values_list("actor", flat=True)
    assert set(actors) == {"shoufei"}


class TestThePerson:
    def test_is_shown_masked(self, cashier: Client) -> None:
        page = find(cashier)
        content = page.text
        assert "测**" in content
        assert "测试甲" not in content
        assert an_identity(1) not in content
        assert "有： 高血压" in content
        assert "异地长期居住备案" in content
        assert Look.objects.get().what == "counter"

    @pytest.mark.parametrize(
        ("identity", "said"),
        [
            ("", "请输入身份证号"),
            (an_identity(9), "没有身份证号"),
            ("x" * 200, "40"),
            ("0 OR 1=1", "没有身份证号"),
        ],
    )
    def test_is_not_found(self, cashier: Client, identity: str, said: str) -> None:
        assert said in Page(cashier.post(f"{BASE}find/", {"identity": identity})).text

    def test_stands_in_no_address(self, cashier: Client) -> None:
        assert cashier.get(f"{BASE}find/", {"identity": an_identity(1)})["Location"] == BASE
        assert not Look.objects.exists()

    def test_is_registered_by_whoever_found_them_alone(self, cashier: Client, world: World) -> None:
        page = find(cashier)
        coverage = next(item["value"] for item in page.all("input") if item.get("name") == "coverage")
        given = {**REGISTRATION, "coverage": coverage, **hidden(page)}
        for client, sent in (
            (a_cashier(world, "bieren"), given),
            (cashier, given | {"seal": given["seal"] + "x"}),
            (cashier, given | {"seal": ""}),
        ):
            assert client.post(f"{BASE}register/", sent)["Location"] == BASE
        assert not Visit.objects.exists()

    def test_is_not_registered_under_somebody_elses_insurance(self, cashier: Client) -> None:
        other = a_coverage(2)
        answer = register(cashier, coverage=str(other.pk))
        assert "没有这个选项" in Page(answer).text
        assert not Visit.objects.exists()


class TestRegistering:
    def test_twice_is_once(self, cashier: Client) -> None:
        assert register(cashier)["Location"] == register(cashier)["Location"]
        assert Visit.objects.count() == 1

    def test_what_is_missing_is_said_and_what_was_typed_stays(self, cashier: Client) -> None:
        page = Page(register(cashier, department="", doctor_name="医师乙"))
        assert "请填写这一项" in page.text
        assert any(item.get("value") == "医师乙" for item in page.all("input"))

    def test_a_number_of_another_persons_visit(self, cashier: Client) -> None:
        register(cashier)
        a_coverage(2)
        page = find(cashier, an_identity(2))
        coverage = next(item["value"] for item in page.all("input") if item.get("name") == "coverage")
        answer = cashier.post(f"{BASE}register/", {**REGISTRATION, "coverage": coverage, **hidden(page)})
        assert "已有挂号" in Page(answer).text

    def test_is_withdrawn(self, cashier: Client) -> None:
        address = a_visit(cashier)
        answer = cashier.post(f"{address}withdraw/", follow=True)
        assert "已撤销挂号" in Page(answer).text
        assert "已经撤销挂号" in Page(cashier.get(address)).text
        assert cashier.post(f"{address}lines/", LINE | {"serial": "2"}).status_code == 200
        assert Visit.objects.get().lines.count() == 1


class TestTheVisit:
    def test_is_for_an_approved_disease(self, cashier: Client) -> None:
        a_visit(cashier, purpose=f"chronic-disease:{HYPERTENSION}")
        visit = Visit.objects.get()
        assert (visit.benefit, visit.disease) == (str(Benefit.CHRONIC_DISEASE), HYPERTENSION)

    def test_a_disease_that_is_not_approved_is_no_choice(self, cashier: Client) -> None:
        address = register(cashier)["Location"]
        answer = cashier.post(f"{address}describe/", PURPOSE | {"purpose": "chronic-disease:M01600"})
        assert "没有这个选项" in Page(answer).text

    def test_its_purpose_stands_once_there_are_lines(self, cashier: Client) -> None:
        address = a_visit(cashier)
        other = PURPOSE | {"purpose": f"chronic-disease:{HYPERTENSION}"}
        assert "请先撤销明细" in Page(cashier.post(f"{address}describe/", other)).text

    def test_items_are_found_in_the_catalogue_of_the_place(self, cashier: Client) -> None:
        address = a_visit(cashier, lines=0)
        page = Page(cashier.get(address, {"q": "药品"}))
        found = [item["value"] for item in page.all("input") if item.get("name") == "item"]
        assert set(found) == {"A1", "A2", "A3", "A4", "B1", "C1", "目录外"}
        assert "先行自付 10%" in page.text
        assert "限价 20.00 元" in page.text
        assert "目录里没有找到" in Page(cashier.get(address, {"q": "没有的药"})).text

    @pytest.mark.parametrize(
        ("different", "said"),
        [
            ({"quantity": ""}, "请填写数量"),
            ({"quantity": "0"}, "数量应大于 0"),
            ({"quantity": "-1"}, "这个数不对"),
            ({"quantity": "一盒"}, "请只填数字"),
            ({"quantity": "99999999999999999999"}, "请只填数字"),
            ({"quantity": "100001"}, "这个数不对"),
            ({"price": "1e9"}, "这个数不对"),
            ({"quantity": "100000", "price": "9999999"}, "金额过大"),
            ({"price": "0.1234567"}, "请只填数字"),
            ({"item": ""}, "请选择一项"),
            ({"item": "Z9"}, "没有这个选项"),
            ({"item": "目录外"}, "目录外的项目须写名称"),
            ({"serial": "x"}, ""),
        ],
    )
    def test_a_line_that_cannot_be(self, cashier: Client, different: dict[str, str], said: str) -> None:
        address = a_visit(cashier, lines=0)
        answer = cashier.post(f"{address}lines/", LINE | different)
        assert answer.status_code == 200
        assert said in Page(answer).text
        assert not Visit.objects.get().lines.exists()

    def test_a_line_sent_twice_is_one(self, cashier: Client) -> None:
        address = a_visit(cashier)
        assert cashier.post(f"{address}lines/", LINE).status_code == 302
        assert "已经录入了" in Page(cashier.post(f"{address}lines/", LINE | {"price": "501"})).text
        assert Visit.objects.get().lines.count() == 1

    def test_a_line_is_removed(self, cashier: Client) -> None:
        address = a_visit(cashier, lines=2)
        for said in ("", "已经删去"):
            answer = cashier.post(f"{address}lines/remove/", {"serial": "1"}, follow=True)
            assert said in Page(answer).text
        assert [line.serial for line in Visit.objects.get().lines.all()] == ["2"]

    def test_a_restricted_drug_counts_once_it_is_approved(self, cashier: Client) -> None:
        address = a_visit(cashier, lines=0)
        for serial, more in (("1", {}), ("2", {"approved": "on"})):
            cashier.post(f"{address}lines/", LINE | {"q": "A4", "item": "A4", "serial": serial} | more)
        one, two = Visit.objects.get().lines.order_by("serial")
        assert (one.in_scope, two.in_scope) == (0, 100_000)


class TestSettling:
    def test_a_double_click_settles_once(self, cashier: Client) -> None:
        address = a_visit(cashier)
        shown = hidden(Page(cashier.get(f"{address}presettle/")))
        one, two = (cashier.post(f"{address}settle/", shown) for _ in range(2))
        assert one["Location"] == two["Location"]
        assert Settlement.objects.count() == 1

    def test_an_old_page_settles_nothing_again(self, cashier: Client) -> None:
        address = a_visit(cashier)
        old = hidden(Page(cashier.get(f"{address}presettle/")))
        settle(cashier, address)
        answer = cashier.post(f"{address}settle/", old, follow=True)
        assert "没有重复结算" in Page(answer).text
        assert Settlement.objects.count() == 1

    @pytest.mark.parametrize(
        "different", [{"token": "x"}, {"token": ""}, {"total": "-1"}, {"total": "abc"}, {"funds": "1" * 30}]
    )
    def test_a_forged_form_settles_nothing(self, cashier: Client, different: dict[str, str]) -> None:
        address = a_visit(cashier)
        assert settle(cashier, address, **different).status_code == 200
        assert not Settlement.objects.exists()

    def test_other_amounts_are_said_anew(self, cashier: Client) -> None:
        address = a_visit(cashier)
        page = Page(settle(cashier, address, funds="1", invoice="0441"))
        assert "金额有变动，没有结算" in page.text
        assert "基金支付 420.00 元" in page.text
        assert any(item.get("value") == "0441" for item in page.all("input"))

    def test_an_invoice_that_was_used(self, cashier: Client) -> None:
        address = a_visit(cashier)
        settle(cashier, address, invoice="0441")
        other = register(cashier, number="MZ002")["Location"]
        cashier.post(f"{other}describe/", PURPOSE)
        cashier.post(f"{other}lines/", LINE)
        assert "0441" in Page(settle(cashier, other, invoice="0441")).text
        assert Settlement.objects.count() == 1

    def test_what_cannot_be_settled_is_said_with_its_reason(self, cashier: Client) -> None:
        page = Page(cashier.get(f"{a_visit(cashier, lines=0)}presettle/"))
        assert "SETL-NO-LINES" in page.text
        assert not any(item.get("name") == "token" for item in page.all("input"))

    def test_a_forged_cancellation_cancels_nothing(self, cashier: Client) -> None:
        answer = settle(cashier, a_visit(cashier))
        said = Page(cashier.post(f"{answer['Location']}cancel/", {"token": ""}, follow=True))
        assert "没有撤销" in said.text
        assert not Settlement.objects.get().is_cancelled

    def test_a_double_click_cancels_once(self, cashier: Client) -> None:
        answer = settle(cashier, a_visit(cashier))
        shown = hidden(Page(cashier.get(answer["Location"])))
        for _ in range(2):
            assert cashier.post(f"{answer['Location']}cancel/", shown).status_code == 302
        late = Page(cashier.post(f"{answer['Location']}cancel/", {"token": "0" * 32}, follow=True))
        assert "不能再次撤销" in late.text
        assert Settlement.objects.count() == 2


class TestTheDoor:
    def test_another_provider_sees_nothing_of_it(self, cashier: Client) -> None:
        address = a_visit(cashier)
        settled_at = settle(cashier, address)["Location"]
        other = a_hospital(2)
        stranger = staff_client(
            Role.CASHIER, username="bieren", region="310000", provider_code=other.code or ""
        )
        for path in (address, f"{address}presettle/", settled_at, f"{settled_at}slip.pdf"):
            assert stranger.get(path).status_code == 404
        for path in (f"{address}settle/", f"{address}lines/", f"{address}withdraw/", f"{settled_at}cancel/"):
            assert stranger.post(path, {"token": "0" * 32}).status_code == 404
        assert "MZ001" not in stranger.get(BASE).content.decode()

    @pytest.mark.parametrize("number", ["0", "999999999999", "abc", "１２", "-1", "9" * 40])
    def test_what_there_is_not(self, cashier: Client, number: str) -> None:
        assert cashier.get(f"{BASE}visits/{number}/").status_code == 404
        assert cashier.get(f"{BASE}settlements/{number}/").status_code == 404

    def test_a_cashier_whose_provider_is_gone(self) -> None:
        client = staff_client(Role.CASHIER, region="310000", provider_code="H00000000000")
        assert client.get(BASE).status_code == 409

    def test_what_was_typed_comes_back_after_signing_in_anew(self, world: World) -> None:
        user = a_clerk("shoufei", Role.CASHIER, region="310000", provider_code=world.provider.code or "")
        client = client_of(user)
        address = register(client)["Location"]
        Session.objects.update(expire_date=timezone.now())
        sent = client.post(f"{address}describe/", PURPOSE | {"diagnosis_name": "高血压病三级"})
        assert sent["Location"].startswith("/desk/sign-in/")
        kept = client.session
        again = client_of(user)
        session = again.session
        session["kept-input"] = kept["kept-input"]
        session.save()
        page = Page(again.get(f"{address}describe/"))
        assert any(item.get("value") == "高血压病三级" for item in page.all("input"))
        assert not Visit.objects.get().benefit
        assert again.get(f"{address}describe/")["Location"] == address


def test_in_english_with_every_control_named(cashier: Client) -> None:
    address = a_visit(cashier)
    pages = [
        cashier.get(BASE, {"lang": "en"}),
        cashier.post(f"{BASE}find/?lang=en", {"identity": an_identity(1)}),
        cashier.get(address, {"q": "药品", "lang": "en"}),
        cashier.get(f"{address}presettle/", {"lang": "en"}),
    ]
    done = settle(cashier, address)["Location"]
    pages.append(cashier.get(done, {"lang": "en"}))
    for answer in pages:
        page = Page(answer)
        assert page.left_over() == []
        assert controls_without_label(page) == []
        assert len(page.all("h1")) == 1
        assert "no-store" in answer["Cache-Control"]
        assert not re.search(r"\son\w+=|<script|style=", answer.content.decode())


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_windows_settle_at_the_same_moment() -> None:
    world = a_world()
    user = a_clerk("shoufei", Role.CASHIER, region="310000", provider_code=world.provider.code or "")
    clients = [client_of(user)]
    address = a_visit(clients[0])
    shown = hidden(Page(clients[0].get(f"{address}presettle/")))
    key = clients[0].cookies["sessionid"].value
    for _ in range(3):
        other = Client()
        other.cookies["sessionid"] = key
        clients.append(other)
    together, found = threading.Barrier(4), list[str]()

    def click(client: Client) -> None:
        try:
            together.wait(30)
            found.append(client.post(f"{address}settle/", shown)["Location"])
        finally:
            connection.close()

    threads = [threading.Thread(target=click, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    settlement = Settlement.objects.get()
    assert found == [f"{BASE}settlements/{settlement.number}/"] * 4
