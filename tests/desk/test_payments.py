"""The pages of payments: who sees them, what is chosen is paid once, and what is said of each."""

from typing import Any

import pytest
from django.test import Client

from tests.claims.factories import a_claim
from tests.desk.reading import Page, controls_without_label, staff_client
from tests.operations.test_payments import approved
from yidi.accounts.terms import Role
from yidi.audit.models import Look
from yidi.claims.models import Claim
from yidi.claims.states import State

pytestmark = pytest.mark.django_db
BASE = "/desk/payments/"


@pytest.fixture
def clearing() -> Client:
    return staff_client(Role.CLEARING, username="qingsuan")


def pay(client: Client, *numbers: str, **different: str) -> Page:
    page = Page(client.get(BASE))
    shown = {
        item["name"]: item["value"] for item in page.all("input") if item.get("name", "").startswith("seen-")
    }
    return Page(client.post(f"{BASE}pay/", {"number": numbers, **shown, **different}, follow=True))


def test_what_is_due_is_shown_masked_with_its_sum(clearing: Client) -> None:
    one, two = approved(2)
    page = Page(clearing.get(BASE))
    assert "手工报销 2 件" in page.text
    assert one.number in page.text
    assert two.number in page.text
    assert "测**" in page.text
    assert "测试甲" not in page.text


def test_chosen_ones_are_paid_and_the_others_wait(clearing: Client) -> None:
    one, two = approved(2)
    page = pay(clearing, two.number)
    assert f"已记为支付 1 件：{two.number}" in page.text
    assert [Claim.objects.get(pk=claim.pk).state for claim in (one, two)] == ["approved", "paid"]
    history = Page(clearing.get(f"{BASE}paid/"))
    assert two.number in history.text
    assert one.number not in history.text
    assert "经办qingsuan" in history.text


def test_a_second_click_pays_nothing_again(clearing: Client) -> None:
    (claim,) = approved()
    page = Page(clearing.get(BASE))
    shown = {
        item["name"]: item["value"] for item in page.all("input") if item.get("name", "").startswith("seen-")
    }
    sent: dict[str, Any] = {"number": [claim.number], **shown}
    clearing.post(f"{BASE}pay/", sent)
    answer = Page(clearing.post(f"{BASE}pay/", sent, follow=True))
    assert f"{claim.number}：" in answer.text
    assert "已记为支付" not in answer.text.replace("已记为支付 1 件", "", 1)


@pytest.mark.parametrize("seen", ["", "x", "-1", "9" * 30, "٣"])
def test_a_forged_version_pays_nothing(clearing: Client, seen: str) -> None:
    (claim,) = approved()
    page = pay(clearing, claim.number, **{f"seen-{claim.number}": seen})
    assert "已记为支付" not in page.text
    assert Claim.objects.get().state == State.APPROVED


def test_nothing_chosen(clearing: Client) -> None:
    approved()
    assert "没有选中办件" in pay(clearing).text


def test_nothing_due(clearing: Client) -> None:
    a_claim(State.SUBMITTED)
    page = Page(clearing.get(BASE))
    assert "没有等待支付的" in page.text
    assert "导出支付名单" not in page.text
    assert "还没有支付过" in Page(clearing.get(f"{BASE}paid/")).text


def test_the_list_is_exported_by_a_button_and_looked_at(clearing: Client) -> None:
    approved()
    answer = clearing.post(f"{BASE}list.xlsx")
    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]
    assert Look.objects.filter(what="payments").count() == 1
    assert clearing.get(f"{BASE}list.xlsx")["Location"] == BASE


def test_another_region_sees_nothing_of_it() -> None:
    (claim,) = approved()
    client = staff_client(Role.CLEARING, username="sh", region="310000")
    assert claim.number not in client.get(BASE).content.decode()
    answer = client.post(f"{BASE}pay/", {"number": [claim.number], f"seen-{claim.number}": "1"}, follow=True)
    assert "没有编号为" in Page(answer).text
    assert Claim.objects.get().state == State.APPROVED


def test_in_english_with_every_control_named(clearing: Client) -> None:
    (claim,) = approved()
    pages = [clearing.get(BASE, {"lang": "en"})]
    pay(clearing, claim.number)
    pages.append(clearing.get(f"{BASE}paid/", {"lang": "en"}))
    for answer in pages:
        page = Page(answer)
        assert page.left_over() == []
        assert controls_without_label(page) == []
        assert len(page.all("h1")) == 1
